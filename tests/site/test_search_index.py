"""The search index: what it holds, what it leaves out, and that every term of the field which stands on a page is in
it."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from npl_report.site import search
from npl_report.site.outline import Section, contents, sections, tiles
from tests.helpers.markup import CHAPTERS, LANGUAGES, ROOT, read_page

TERMS = {
    "zh": [
        "不良资产证券化项目",
        "发起机构",
        "对公类不良",
        "个人抵押类不良",
        "个人信用类不良",
        "初始起算日",
        "信托设立日",
        "发行日",
        "未偿本息余额",
        "入池不良资产",
        "封包期",
        "受托报告",
        "发行说明书",
        "预测回收",
        "实际回收",
        "累计回收率",
        "存续期",
        "统计截点",
        "预测偏差",
        "偏移率",
        "波动率",
        "优先档",
        "次级档",
        "优先档覆盖倍数",
        "过手型",
        "兑付完毕",
        "清算",
        "回收分布",
        "贷款账龄",
        "加权平均逾期期限",
        "借款人加权平均年龄",
        "加权平均年收入",
        "笔数",
        "户数",
        "流动性储备账户",
        "次级固定资金成本",
        "超额奖励服务费",
        "违约事件",
        "期次",
        "版次",
        "修订",
        "重述",
    ],
    "en": [
        "NPL securitisation",
        "originator",
        "corporate",
        "mortgage",
        "unsecured",
        "cut-off date",
        "closing date",
        "issue date",
        "unpaid principal",
        "pool balance",
        "trustee report",
        "offering circular",
        "forecast",
        "recovery",
        "cumulative recovery rate",
        "age",
        "observation window",
        "deviation",
        "offset rate",
        "volatility",
        "senior",
        "subordinated",
        "senior coverage",
        "pass-through",
        "redeemed",
        "principal repaid",
        "liquidat",
        "loan age",
        "months overdue",
        "borrower age",
        "annual income",
        "number of loans",
        "number of borrowers",
        "liquidity reserve",
        "fixed return",
        "excess reward",
        "event of default",
        "edition",
        "revision",
        "restatement",
    ],
}
"""The glossary's terms."""


def fold(text: str) -> str:
    return normalize("NFKC", text).lower()


@cache
def rows(folder: Path, language: str) -> list[list[str]]:
    """(kind, address, title, where, text, other names …)"""
    found = content((folder / language / "search-index.js").read_bytes())
    assert found["files"] == 1  # the deals of the sample are one piece
    return [[str(cell) for cell in row] for row in found["rows"]]


def content(file: bytes) -> dict[str, Any]:
    text = file.decode()
    assert text.startswith("globalThis.nplSearch = ")
    assert text.endswith(";\n")
    return dict(json.loads(text.removeprefix("globalThis.nplSearch = ").removesuffix(";\n")))


def of_kind(folder: Path, language: str, kind: int) -> list[list[str]]:
    return [row for row in rows(folder, language) if row[0] == str(kind)]


def text_of(page: Path) -> str:
    """What a reader sees in the main part of a page, without navigation."""
    html = re.sub(
        r"<(svg|script|nav|style|annotation)\b.*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    main = re.search(r"<main\b.*</main>", html, re.DOTALL)
    return re.sub(r"<[^>]+>", "", main.group()) if main else ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_on_a_page_is_found(built: Path, language: str):
    pages = [
        *(built / language).glob("*.html"),
        *(path for path in (built / language / "tables").glob("*.html") if path.name != "index.html"),
    ]
    seen = fold(" ".join(text_of(page) for page in pages))
    index = [fold(" ".join(row[2:])) for row in rows(built, language)]
    standing = [term for term in TERMS[language] if fold(term) in seen]
    assert len(standing) > 20
    assert [term for term in standing if not any(fold(term) in entry for entry in index)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_address_leads_to_its_place(built: Path, language: str):
    for row in rows(built, language):
        path, _, anchor = row[1].partition("#")
        assert (built / language / path).is_file(), row[1]
        assert not anchor or anchor in read_page(built / language / path).ids, row[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections_are_hits_of_their_own(built: Path, language: str):
    addresses = [row[1] for row in of_kind(built, language, 0)]
    assert {f"{chapter['key']}.html" for chapter in CHAPTERS} <= set(addresses)
    assert "index.html#findings" in addresses
    section = next(row for row in of_kind(built, language, 0) if row[1] == "index.html#findings")
    front = next(row for row in of_kind(built, language, 0) if row[1] == "index.html")
    assert section[3] == front[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_deals_are_names_bank_type_and_year(built: Path, language: str):
    with (ROOT / "data" / "deals.csv").open(encoding="utf-8", newline="") as file:
        deals = {deal["deal"]: deal for deal in csv.DictReader(file) if deal["issue_date"] <= "2020-03-17"}
    found = {row[1].removeprefix("deals/").removesuffix(".html"): row for row in of_kind(built, language, 3)}
    assert set(found) == set(deals)
    for key, row in found.items():
        assert row[2] == deals[key][f"name_{language}"]
        assert row[5:] == [deals[key][f"name_{other}"] for other in LANGUAGES if other != language]
        assert row[3].endswith(deals[key]["issue_date"][:4])
        assert row[4] == ""


def test_banks_go_by_all_their_names(built: Path):
    zh = next(row for row in of_kind(built, "zh", 2) if row[1] == "originators/abc.html")
    assert zh[2] == "农业银行"
    assert {"中国农业银行", "农行", "Agricultural Bank of China", "ABC", "AgBank"} <= set(zh[5:])
    en = next(row for row in of_kind(built, "en", 2) if row[1] == "originators/abc.html")
    assert {"农行", "农业银行"} <= set(en[5:])


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_are_found_in_the_other_language(built: Path, language: str):
    other = next(item for item in LANGUAGES if item != language)
    here = {row[1]: row for row in rows(built, language)}
    for row in of_kind(built, other, 1):
        assert row[2].split(" ", 2 if other == "en" else 1)[-1] in here[row[1]][5:]  # without "Table 8", "表8"
    for row in of_kind(built, other, 0):
        assert row[2] in [here[row[1]][2], *here[row[1]][5:]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_is_lean(built: Path, language: str):
    """Evidence, numbers of tables and pictures stay out of it."""
    assert (built / language / "search-index.js").stat().st_size < 260_000
    table = next(row for row in of_kind(built, language, 1) if row[1] == "tables/recovery_by_type.html")
    assert "<" not in table[4]
    cells = re.findall(r"[\d.]+%", table[4])
    assert (
        len(cells)
        <= len(re.findall(r"[\d.]+%", read_page(built / language / "tables" / "recovery_by_type.html").text)) / 4
    )


def test_classes_go_by_all_their_names(built: Path):
    """Those of data/market.toml; they lead to the row of their class."""
    classes = {row[1]: row for row in of_kind(built, "zh", search.CLASS)}
    row = classes["tables/recovery_by_type.html#unsecured.mean_recovery"]
    assert row[2] == "个人信用类不良"
    assert {"信用卡", "Unsecured retail"} <= set(row[5:])
    assert ["次级档", "次级", "劣后"] in content((built / "zh" / "search-index.js").read_bytes())["groups"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_downloads_are_hits(built: Path, language: str):
    found = {row[1] for row in of_kind(built, language, search.DOWNLOAD)}
    assert {f"../downloads/tables.{language}.xlsx", "../downloads/datapackage.json", "note.pdf"} <= found
    assert "deals/index.html" in {row[1] for row in of_kind(built, language, search.PAGE)}


DEALS: list[search.Row] = [
    (search.DEAL, f"deals/d{n}.html", f"项目{n}", "银行｜2017", "", f"Deal {n}") for n in range(2500)
]


@pytest.mark.parametrize(("deals", "files"), [(0, 1), (1000, 1), (2500, 3)])
def test_deals_that_are_more_than_a_piece_come_in_files_of_their_own(deals: int, files: int):
    bank: search.Row = (search.BANK, "originators/east.html", "East", "", "")
    made = search.index_files({"words": {"title": "Search"}}, [bank], DEALS[:deals])
    assert list(made) == ["search-index.js", "search-index.2.js", "search-index.3.js"][:files]
    assert all(search.is_index(f"zh/{name}") for name in made)
    assert max(map(len, made.values())) < search.PIECE + 1000
    found = [content(file) for file in made.values()]
    assert (found[0]["files"], found[0]["words"], found[0]["rows"][0]) == (files, {"title": "Search"}, list(bank))
    assert [row for piece in found for row in piece["rows"]][1:] == [list(deal) for deal in DEALS[:deals]]
    assert files == 1 or len(found[0]["rows"]) == 1


PAGE = """
<p>Before <data value="1">1 deal</data>.</p>
<h2 id="one">The <em>first</em></h2><p>Rate<sub>i</sub> is <b>bold</b>.</p>
<figure class="table"><figcaption>Table 1</figcaption>\
<table><tr><th>Bank</th><td class="number">31.41</td><td>ABC</td></tr></table></figure>
<h3 id="deep">Deeper</h3><p>a<br>b</p><nav>elsewhere</nav>\
<svg><text>drawn</text></svg><script>drawn()</script>
<h2>No anchor</h2><details class="evidence"><p>rows</p></details><p>end</p>
"""


def test_sections_of_a_page():
    assert sections(PAGE) == [
        Section(1, "", "", "Before 1 deal."),
        Section(2, "one", "The first", "Ratei is bold. Bank ABC"),
        Section(3, "deep", "Deeper", "a b"),
        Section(2, "", "No anchor", "end"),
    ]
    assert sections(PAGE, without=frozenset({"table"}))[1].text == "Ratei is bold."


def test_contents_are_a_tree():
    found = contents(sections(PAGE))
    assert [(anchor.id, anchor.text, [(under.id, under.text) for under in anchor.under]) for anchor in found] == [
        ("one", "The first", [("deep", "Deeper")])
    ]


def test_key_figures_of_a_page():
    html = (
        '<div class="tile"><div class="figure">\n<a class="num" href="x"><data value="96">96 '
        'deals</data></a></div><div class="caption">issued &amp; rated</div></div>'
    )
    assert [(tile.figure, tile.caption) for tile in tiles(html)] == [("96 deals", "issued & rated")]
