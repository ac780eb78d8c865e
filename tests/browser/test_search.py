"""The search.

It opens by button and key, finds both languages' words, names of deals and banks, ranks names first, and needs neither
network nor mouse.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from seeing import LANGUAGES, Heard

from npl_report.site import search

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route


pytestmark = pytest.mark.browser
TERMS = {
    "zh": [
        "发起机构",
        "对公类不良",
        "个人抵押类不良",
        "个人信用类不良",
        "初始起算日",
        "受托报告",
        "发行说明书",
        "累计回收率",
        "回收率",
        "回收",
        "存续期",
        "统计截点",
        "预测偏差",
        "偏移率",
        "波动率",
        "优先档",
        "次级档",
        "优先档覆盖倍数",
        "兑付完毕",
        "清算",
        "回收分布",
    ],
    "en": [
        "originator",
        "corporate",
        "unsecured",
        "cut-off date",
        "trustee report",
        "offering circular",
        "cumulative recovery",
        "observation window",
        "offset rate",
        "volatility",
        "senior coverage",
        "redeemed",
        "liquidat",
    ],
}
NAMES = {  # what is typed → address of the first result
    "zh": {
        "建鑫2016-1": "deals/jianxin-2016-1.html",
        "和萃2017-2": "deals/hecui-2017-2.html",
        "Jianxin 2016-1": "deals/jianxin-2016-1.html",
        "ｈｅｃｕｉ ２０１７-２": "deals/hecui-2017-2.html",
        "农行": "originators/abc.html",
        "农业银行": "originators/abc.html",
        "Agricultural Bank": "originators/abc.html",
        "统计截点 方法说明": "methodology.html",
    },
    "en": {
        "Jianxin 2016-1": "deals/jianxin-2016-1.html",
        "hecui 2017-2": "deals/hecui-2017-2.html",
        "建鑫2016-1": "deals/jianxin-2016-1.html",
        "农行": "originators/abc.html",
        "agbank": "originators/abc.html",
    },
}


def opened(page: Page, address: str, key: str = "/") -> None:
    page.goto(address)
    page.keyboard.press(key)
    expect(page.locator("dialog.search input")).to_be_focused()


def found(page: Page, query: str) -> list[str]:
    """Addresses of the results, in order."""
    page.locator("dialog.search input").fill(query)
    return [
        str(address)
        for address in page.locator("dialog.search li a").evaluate_all("links => links.map(link => link.href)")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_terms_of_the_field_are_found_and_marked(page: Page, heard: Heard, site: str, language: str):
    opened(page, f"{site}/{language}/market.html")
    for term in TERMS[language]:
        assert found(page, term), term
        marks = {mark.lower() for mark in page.locator("dialog.search mark").all_text_contents()}
        words = term.lower().split()
        assert any(mark.startswith(word) for mark in marks for word in words), (term, marks)
    assert heard.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_come_first(page: Page, site: str, language: str):
    opened(page, f"{site}/{language}/tables/index.html")
    for query, address in NAMES[language].items():
        first = found(page, query)[0]
        assert first.partition("#")[0] == f"{site}/{language}/{address}", query


def test_a_longer_word_is_found_wherever_it_stands(page: Page, site: str):
    """What tokenising misses: every page with 累计回收率 has 回收率, and every one of those has 回收."""
    opened(page, f"{site}/zh/index.html")
    counts = []
    for query in ("回收", "回收率", "累计回收率"):
        page.locator("dialog.search input").fill(query)
        counts.append(int(page.locator("#search-status").inner_text().removesuffix("条结果")))
    assert counts[0] >= counts[1] >= counts[2] > 5


def test_all_words_must_occur(page: Page, site: str):
    opened(page, f"{site}/zh/index.html")
    both = set(found(page, "农业银行 2018"))
    assert both
    assert both < set(found(page, "农业银行"))
    assert found(page, "农业银行 无此词") == []
    assert page.locator("#search-status").inner_text() == "没有找到。请换用较短的词，或减少词数。"


def test_if_no_entry_has_all_words_the_nearest_are_told_as_such(page: Page, site: str):
    opened(page, f"{site}/en/index.html")
    assert found(page, "recovery by originator nosuchword")
    expect(page.locator("#search-status")).to_contain_text("Nothing has all of these words.")
    assert found(page, "nosuchword") == []


def test_a_word_is_found_as_it_is_typed_and_in_other_forms(page: Page, site: str):
    opened(page, f"{site}/en/index.html")
    for query in ("rec", "recov", "recoveries", "recovered"):
        assert f"{site}/en/tables/recovery_by_type.html" in found(page, query), query


def test_results_say_what_they_are(page: Page, site: str):
    opened(page, f"{site}/zh/index.html")
    found(page, "农业银行")
    kinds = page.locator("dialog.search li .kind").all_text_contents()
    assert kinds[0] == "机构"
    assert "项目" in kinds
    found(page, "偏移率")
    assert {"章节", "图表"} <= set(page.locator("dialog.search li .kind").all_text_contents())


def test_a_section_is_reached_at_its_place(page: Page, site: str):
    page.goto(f"{site}/zh/methodology.html")
    heading = page.locator("main h2[id]").nth(1)
    id_, title = heading.get_attribute("id"), heading.inner_text().removesuffix("#").strip()
    opened(page, f"{site}/zh/index.html")
    place = f"{site}/zh/methodology.html#{id_}"
    assert place in found(page, f"{title} 方法说明")
    page.locator(f"dialog.search a[href='{place}']").click()
    page.wait_for_url(place)
    expect(page.locator(":target")).to_be_in_viewport()


def test_the_keyboard_does_everything(page: Page, heard: Heard, site: str):
    page.goto(f"{site}/en/market.html")
    page.locator("button.find").focus()
    page.keyboard.press("Enter")
    field = page.locator("dialog.search input")
    expect(field).to_be_focused()
    field.press_sequentially("recovery")
    page.keyboard.press("ArrowDown")
    expect(page.locator("dialog.search li a").nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("dialog.search li a").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.search")).to_be_hidden()
    expect(page.locator("button.find")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.type("x")  # typing goes on in the field
    expect(field).to_be_focused()
    field.fill("Hecui 2017-2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/en/deals/hecui-2017-2.html")
    assert heard.complaints == []


def test_a_result_on_the_same_page_closes_the_search(page: Page, site: str):
    opened(page, f"{site}/en/index.html")
    page.locator("dialog.search input").fill("main findings key")
    page.keyboard.press("Enter")
    page.wait_for_url("**#findings")
    expect(page.locator("dialog.search")).to_be_hidden()


def test_what_is_typed_is_text(page: Page, heard: Heard, site: str):
    opened(page, f"{site}/en/index.html")
    for query in ("<img src=x onerror=alert(1)>", "</script>", ".*", "[a-z]", "   "):
        assert found(page, query) == []
        assert page.locator("dialog.search img").count() == 0
    assert heard.complaints == []


def test_the_index_is_loaded_once_and_only_when_asked_for(page: Page, heard: Heard, site: str):
    page.goto(f"{site}/zh/index.html")
    page.wait_for_load_state("load")
    assert not [url for url in heard.requests if url.endswith("search-index.js")]
    for _ in range(2):
        page.keyboard.press("/")
        expect(page.locator("dialog.search")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("dialog.search")).to_be_hidden()
    assert [url for url in heard.requests if url.endswith("search-index.js")] == [f"{site}/zh/search-index.js"]


def test_on_a_phone_it_fills_the_screen(page: Page, site: str):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{site}/zh/recovery.html")
    page.locator("button.find").click()
    found(page, "回收率")
    box = page.locator("dialog.search").bounding_box()
    assert box
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 800)
    assert page.locator("dialog.search").evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
    page.locator("dialog.search .head button").click()
    expect(page.locator("dialog.search")).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_the_button_leads_to_all_tables(chromium: Browser, site: str, language: str):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/{language}/deals/hecui-2017-2.html")
        page.locator("a.find").click()
        page.wait_for_url(f"{site}/{language}/tables/index.html")


def test_without_the_index_the_button_leads_to_all_tables(chromium: Browser, served: str):
    with chromium.new_context() as context:
        context.route("**/search-index.js", lambda route: route.abort())
        page = context.new_page()
        page.goto(f"{served}/en/market.html")
        page.locator("button.find").click()
        page.wait_for_url(f"{served}/en/tables/index.html")


class Pieces:
    """The index of the edition with its deals in three files, of which a test says when they come, if at all."""

    def __init__(self, page: Page, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        text = (built / "en" / "search-index.js").read_text(encoding="utf-8")
        whole = json.loads(text.removeprefix("globalThis.nplSearch = ").removesuffix(";\n"))
        deals = [row for row in whole["rows"] if row[0] == search.DEAL]
        monkeypatch.setattr(search, "PIECE", len(json.dumps(deals, ensure_ascii=False).encode()) * 2 // 5)
        rest = [row for row in whole.pop("rows") if row[0] != search.DEAL]
        self.files = search.index_files(whole, rest, deals)
        assert len(self.files) == 4
        self.asked: list[str] = []
        self.held: list[Route] = []
        page.route("**/search-index*.js", self._answer)

    def _answer(self, route: Route) -> None:
        self.asked.append(route.request.url.rpartition("/")[2])
        if len(self.asked) == 1:
            self.come(route)
        else:
            self.held.append(route)

    def come(self, route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        route.fulfill(body=self.files[name], content_type="text/javascript")


@pytest.fixture
def pieces(page: Page, built: Path, monkeypatch: pytest.MonkeyPatch) -> Pieces:
    return Pieces(page, built, monkeypatch)


def test_deals_in_files_of_their_own_come_when_something_is_looked_for(
    page: Page, pieces: Pieces, served: str, built: Path
):
    opened(page, f"{served}/en/index.html")
    assert pieces.asked == ["search-index.js"]
    status = page.locator("#search-status")
    assert found(page, "和萃2017-2") == []  # a name that only the deals have
    expect(status).to_have_text("Searching the deals … 0 found so far.")  # never that there is none
    for number in (2, 3, 4):
        page.wait_for_timeout(100)
        assert pieces.asked[-1] == f"search-index.{number}.js"
        pieces.come(pieces.held.pop())
    expect(status).to_have_text("1 result")
    assert page.locator("dialog.search li a").evaluate("link => link.href") == f"{served}/en/deals/hecui-2017-2.html"
    assert found(page, "nosuchdeal") == []
    expect(status).to_have_text("Nothing found. Try a shorter word, or fewer of them.")
    assert len(pieces.asked) == 4
    in_pieces = {query: found(page, query) for query in ("recovery", "2017", "mortgage icbc", "abc")}
    page.unroute("**/search-index*.js")
    opened(page, f"{served}/en/index.html")
    assert {query: found(page, query) for query in in_pieces} == in_pieces


def test_more_deals_leave_the_reader_where_they_are(page: Page, pieces: Pieces, served: str):
    opened(page, f"{served}/en/index.html")
    found(page, "recovery")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.locator("dialog.search li a").nth(1)
    expect(second).to_be_focused()
    page.wait_for_timeout(100)
    pieces.come(pieces.held.pop())
    page.wait_for_timeout(100)
    assert pieces.asked[-1] == "search-index.3.js"
    expect(second).to_be_focused()


def test_a_file_that_does_not_come_is_told_and_asked_for_again(page: Page, pieces: Pieces, served: str):
    opened(page, f"{served}/en/index.html")
    found(page, "和萃2017-2")
    page.wait_for_timeout(100)
    pieces.held.pop().abort()
    status = page.locator("#search-status")
    expect(status).to_have_text("0 found, but not all deals could be searched: a part of the index did not load.")
    found(page, "和萃2017")
    expect(status).to_have_text("Searching the deals … 0 found so far.")
    page.wait_for_timeout(100)
    assert pieces.asked[1:] == ["search-index.2.js"] * 2
