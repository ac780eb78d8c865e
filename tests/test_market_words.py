"""The market stands in the data: code, templates, and words of the program name no class, tranche or currency of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from npl_report import model
from npl_report.load.market import read_market
from npl_report.load.tablefolders import table_folder, table_keys
from npl_report.text.words import market_words, program_words, table_words
from tests.helpers.running import ROOT

MARKET = tomllib.loads((ROOT / "data" / "market.toml").read_text(encoding="utf-8"))
ENTRIES = [*MARKET["class"], *MARKET["tranche"]]
NAMES = [name for of in ENTRIES for kind in ("name", "short") for name in of.get(kind, {}).values()]
KEYS = [of["key"] for of in ENTRIES]
TRANCHES = "|".join(of["key"] for of in MARKET["tranche"])
PUBLISHED = frozenset(
    {
        *("senior_payoff", "senior_redemptions", "subordinated_return"),  # tables
        *("senior_share", "mean_senior_term", "senior_term"),  # variables and columns
        *("senior_has_coupon", "senior_before_subordinated"),  # rules of the description
        *("senior_paid", "#senior", "#subordinated"),  # addresses on pages
    }
)
"""Keys and addresses that are published, and stay although they name a tranche."""
NO_NAME = frozenset({"consumer", "vehicle", "mortgage"})
"""Words of any market, where they are no key in quotes."""
CODE = [*(ROOT / "npl_report").rglob("*.py"), *(ROOT / "npl_report").rglob("*.js")]
LOOKS = [path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".js", ".css", ".svg", ".scss")]
WORDS = [*(ROOT / "npl_report").rglob("*.toml")]
PROSE = [
    path
    for path in [*(ROOT / "report").rglob("*.qmd"), *(ROOT / "samples").rglob("*.qmd")]
    if path.stem not in ("tie-out", "methodology")  # they speak of the published report, which has its own classes
]


MONEY = re.compile(r"\bCNY|cny_|\byuan\b|人民币|[万亿千]元|每一元")
"""The sample's currency, where it is not a part of another word."""


def said(path: Path) -> list[str]:
    """The classes and tranches that a file names: a key in quotes, or as a whole word, and names.

    Of tranches as a part of a word as well, but for those that are ``PUBLISHED``.
    """
    text = path.read_text(encoding="utf-8")
    parts = {
        found[0] for found in re.finditer(rf"[\w#]*(?:{TRANCHES}|优先级|劣后)[\w]*", text, re.IGNORECASE)
    } - PUBLISHED
    money = set(MONEY.findall(text))
    quoted = [key for key in KEYS if re.search(rf"""["'`]{key}["'`-]""", text)]
    plain = [
        key
        for key in KEYS
        if key not in NO_NAME and key not in TRANCHES.split("|") and re.search(rf"(?<![\w-]){key}(?![\w-])", text)
    ]
    named = [name for name in NAMES if re.search(rf"(?<![\w-]){name}(?!\w)" if name.isascii() else name, text)]
    return sorted({*quoted, *plain, *named, *parts, *money})


MARKETS = [
    MARKET,
    *(
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in (ROOT / "samples").glob("*/data/market.toml")
        if "none" not in path.parts
    ),
]
"""Those of the samples with data; what a project without a sample begins with are words of any market."""
TERMS = sorted(
    {text for market in MARKETS for key in model.TERMS for text in market["terms"][key].values()}, key=len, reverse=True
)
SPOKEN = "|".join(text for text in TERMS if text.isascii())
PARTIES = re.compile(
    rf"(?<!\w)(?:{SPOKEN}|banks?|offering)(?!\w)|银行|{'|'.join(text for text in TERMS if not text.isascii())}",
    re.IGNORECASE,
)
"""Documents and parties of the sample's market, in texts."""
ALLOWED = re.compile(
    r"banks['’] (?:NPL balance|non-performing loans)|non-performing loans (?:of|that) banks|商业银行|银行不良贷款"
    r"|银行业|银行间市场156单|What offering documents leave open"
)
"""What securitised pools are set beside, the loans of banks whoever originates; the study's own name; any documents."""
LEFT = re.compile(
    r"\{(?:term\.|[A-Za-z]*(?:first|last|tranche|upper|lower|middle)s?\b|currency|code\}|CODE\})", re.IGNORECASE
)
"""Placeholders of the market."""
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{[\w.#-]+\}", re.DOTALL)


def parties(path: Path) -> list[str]:
    """What a file of texts calls documents and parties without asking the market."""
    text = path.read_text(encoding="utf-8")
    texts = [value for _, value in _texts(tomllib.loads(text))] if path.suffix == ".toml" else [text]
    plain = ALLOWED.sub("", EXPRESSION.sub("", "\n".join(texts)))
    return sorted({found.group() for found in PARTIES.finditer(plain)})


def _texts(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Each text with its key."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _texts(value, f"{prefix}{key}.")
        elif isinstance(value, str):
            yield prefix + key, value


def test_what_is_looked_for_is_found(tmp_path: Path):
    path = tmp_path / "x"
    path.write_text('kind = "mortgage"\nthe unsecured deals\n对公类项目', encoding="utf-8")
    assert said(path) == ["mortgage", "unsecured", "对公类"]
    path.write_text("对公类项目，Credit card deals, senior_unsecured_x", encoding="utf-8")
    assert said(path) == ["Credit card", "senior_unsecured_x", "对公类"]
    path.write_text('frame["senior_at"], senior_payoff, 次级档本金, Sub. principal', encoding="utf-8")
    assert said(path) == ["Sub.", "senior_at", "次级档"]
    path.write_text("CNY 5 mn, every yuan, 5亿元, 一元回归", encoding="utf-8")
    assert said(path) == ["CNY", "yuan", "亿元"]


@pytest.mark.parametrize("paths", [CODE, LOOKS, WORDS, PROSE], ids=["code", "templates", "words", "prose"])
def test_no_class_no_tranche_and_no_currency_is_named(paths: list[Path]):
    assert len(paths) > 10
    assert {path.relative_to(ROOT).as_posix(): found for path in paths if (found := said(path))} == {}


def test_what_the_market_calls_its_documents_is_found(tmp_path: Path):
    path = tmp_path / "x.toml"
    path.write_text('bank = "{term.originator} of banks\' NPL balance"', encoding="utf-8")
    assert parties(path) == []
    path.write_text('a = "The trustee report of the bank"\nb = "发起机构"', encoding="utf-8")
    assert parties(path) == ["bank", "trustee report", "发起机构"]
    path = tmp_path / "x.qmd"
    path.write_text("{{ banks | length }} Banks and their offering circulars", encoding="utf-8")
    assert parties(path) == ["Banks", "offering circulars"]


@pytest.mark.parametrize("paths", [WORDS, PROSE], ids=["words", "prose"])
def test_no_document_and_no_party_of_the_market_is_named(paths: list[Path]):
    assert {path.relative_to(ROOT).as_posix(): found for path in paths if (found := parties(path))} == {}


@pytest.mark.parametrize("market", [ROOT, *(path for path in (ROOT / "samples").iterdir())], ids=lambda path: path.name)
def test_every_term_that_words_ask_for_is_there(market: Path):
    """In each language that names its currency, no placeholder of the market is left in the words."""
    described = read_market(market / "data")
    for language in described.currency.names:
        plain = program_words(language)
        trees = [plain, *(table_words(table_folder(key), language) for key in table_keys())]
        for tree in (market_words(words, language, described, plain) for words in trees):
            left = [(tree.source_file, path) for path in tree.leaves() if LEFT.search(f"{path} {tree[path]}")]
            assert left == []
