"""Lists and long tables in the browser.

They are sorted by their heads and filtered, and are whole without scripts.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from seeing import LANGUAGES, Heard

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page


pytestmark = pytest.mark.browser
DEALS = "figure#deals_mortgage"
VALUES = (
    "rows => rows.filter(row => row.offsetParent && !row.matches('.group, .summary')).map(row => row.cells[PLACE])"
    ".map(cell => cell.querySelector('abbr') ? '' : "
    "(cell.matches('.number') && cell.querySelector('data')?.value) || cell.textContent.trim())"
)


def column(table: Locator, place: int) -> list[str]:
    """Stored values of a column, otherwise texts; empty for gaps. Rows that are hidden are left out."""
    return list(table.locator("tbody tr").evaluate_all(VALUES.replace("PLACE", str(place))))


def head(table: Locator, place: int) -> Locator:
    return table.locator("thead button").nth(place)


@pytest.mark.parametrize("width", [1280, 390])
def test_numbers_are_sorted_by_their_stored_values(page: Page, heard: Heard, site: str, width: int):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/en/deals/index.html")
    table = page.locator(DEALS)
    own = column(table, 0)
    groups = table.locator("tr.group").count()
    assert groups > 2
    for direction, sign in (("ascending", 1), ("descending", -1)):
        head(table, 3).click()  # issue size: 1,234 comes after 987
        expect(table.locator("th[aria-sort]")).to_have_attribute("aria-sort", direction)
        sizes = [sign * float(value) for value in column(table, 3)]
        assert sizes == sorted(sizes)
        assert set(column(table, 0)) == set(own)
        assert table.locator("tr.group:visible").count() == 0
    head(table, 3).click()
    expect(table.locator("th[aria-sort]")).to_have_count(0)
    assert column(table, 0) == own
    assert table.locator("tr.group:visible").count() == groups
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert heard.complaints == []


def test_gaps_come_last_either_way(page: Page, site: str):
    page.goto(f"{site}/en/tables/deal_summary.html")
    table = page.locator("figure#tbl-deal_summary")
    whole = table.locator("thead button").count()
    places = [place for place in range(whole) if "" in column(table, place)]
    assert places, "no column has a gap"
    gaps = column(table, places[0]).count("")
    for _ in range(2):
        head(table, places[0]).click()
        values = column(table, places[0])
        assert values[-gaps:] == [""] * gaps
        assert "" not in values[:-gaps]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("zh", ["工商银行", "建设银行", "民生银行", "农业银行", "招商银行", "中国银行"]),
        ("en", ["ABC", "BOC", "CCB", "ICBC"]),
    ],
)
def test_names_are_sorted_as_the_language_does(page: Page, site: str, language: str, names: list[str]):
    """By their sounds in Chinese: by the numbers of the signs, 中国 and 农业 would come first."""
    page.goto(f"{site}/{language}/deals/index.html")
    for section in ("mortgage", "unsecured"):
        table = page.locator(f"figure#deals_{section}")
        head(table, 1).click()
        met = list(dict.fromkeys(column(table, 1)))
        known = [name for name in met if name in names]
        assert len(known) > 2
        assert known == [name for name in names if name in known]


def test_numbers_within_names_count(page: Page, site: str):
    page.goto(f"{site}/en/deals/index.html")
    table = page.locator("figure#deals_unsecured")
    head(table, 0).click()
    names = [name for name in column(table, 0) if name.startswith("CCB Unsecured 2018-")]
    numbers = [int(name.rpartition("-")[2].removesuffix("R")) for name in names]
    assert all(before <= after for before, after in pairwise(numbers))


def test_totals_stay_where_they_are(page: Page, site: str):
    page.goto(f"{site}/en/tables/issuance_by_originator.html")
    table = page.locator("figure#tbl-issuance_by_originator")
    rows = table.locator("tbody tr")
    summaries = table.locator("tr.summary").count()
    assert summaries
    buttons = table.locator("thead button").count()
    assert buttons == table.locator("tbody tr").first.locator("> *").count()
    for place in range(buttons):
        head(table, place).click()
        last = rows.evaluate_all("rows => rows.map(row => row.className === 'summary')")
        assert last == [False] * (len(last) - summaries) + [True] * summaries


def test_below_common_heads_each_column_has_its_own(page: Page, site: str):
    """Seven columns under the first of three common heads, then three under each."""
    page.goto(f"{site}/en/tables/forecast_accuracy_by_originator.html")
    table = page.locator("figure.table")
    assert table.locator("th[scope=colgroup]").count() == 3
    whole = table.locator("tbody tr:not(.group)").first.locator("> *").count()
    assert table.locator("thead button").count() == whole == 14
    for place in (2, 8, 11):
        head(table, place).click()
        filled = [float(value) for value in column(table, place) if value]
        assert filled == sorted(filled)
        assert len(set(filled)) > 2


def test_the_keyboard_sorts(page: Page, site: str):
    page.goto(f"{site}/zh/originators/index.html")
    table = page.locator("figure#banks")
    button = head(table, 1)
    expect(button).to_have_accessible_name("项目数量 (单)")
    button.focus()
    page.keyboard.press("Enter")
    expect(table.locator("th[aria-sort=ascending] button")).to_be_focused()
    page.keyboard.press("Space")
    expect(table.locator("th[aria-sort=descending] button")).to_be_focused()
    counts = [float(value) for value in column(table, 1)]
    assert counts == sorted(counts, reverse=True)


def test_the_filter_keeps_rows_with_all_words(page: Page, heard: Heard, site: str):
    page.goto(f"{site}/zh/deals/index.html")
    whole = page.locator("tbody tr:not(.group)").count()
    box = page.get_by_label("筛选")
    box.fill("农业银行　２０１８")
    shown = page.locator("tbody tr:not(.group):visible")
    texts = shown.all_inner_texts()
    assert texts
    assert all("农业银行" in text and "2018" in text for text in texts)
    expect(page.locator(".lists [role=status]")).to_have_text(f"显示{len(texts)}行，共{whole}行")
    assert set(page.locator("tr.group:visible").all_inner_texts()) == {"2018年发行"}
    box.fill("无此项目")
    expect(shown).to_have_count(0)
    expect(page.locator(".lists [role=status]")).to_have_text(f"显示0行，共{whole}行")
    box.fill("")
    expect(shown).to_have_count(whole)
    assert heard.complaints == []


def test_a_filter_leaves_out_totals(page: Page, site: str):
    page.goto(f"{site}/en/tables/issuance_by_originator.html")
    page.get_by_label("Filter the rows").fill("ABC")
    assert page.locator("figure.table tr.summary:visible").count() == 0
    page.get_by_label("Filter the rows").fill("")
    assert page.locator("figure.table tr.summary:visible").count()


@pytest.mark.parametrize("path", ["tables/deal_recovery.html", "tables/deal_recovery.2.html"])
def test_a_part_says_that_it_is_one_and_leads_to_the_search(page: Page, site: str, path: str):
    page.goto(f"{site}/en/{path}")
    expect(page.locator(".lists")).to_contain_text("Sorting and filtering concern this page only.")
    page.get_by_role("button", name="Search the whole edition").click()
    expect(page.locator("dialog.search input")).to_be_focused()


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_every_row_is_there(chromium: Browser, page: Page, site: str, language: str):
    address = f"{site}/{language}/deals/index.html"
    page.goto(address)
    expect(page.locator("tr.waiting")).to_have_count(0)
    rows = page.locator("tbody tr").all_text_contents()
    with chromium.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(address)
        assert plain.locator("tbody tr").all_text_contents() == rows
        assert plain.locator(".lists:visible, .choice:visible, thead button").count() == 0


@pytest.mark.parametrize("path", ["recovery.html", "deals/hecui-2017-2.html", "tables/issuance_by_type.html"])
def test_pages_without_lists_do_not_load_the_script(page: Page, heard: Heard, site: str, path: str):
    page.goto(f"{site}/en/{path}")
    page.wait_for_load_state("load")
    assert [url for url in heard.requests if url.endswith("lists.js")] == []
    assert page.locator("thead button").count() == 0


def test_sorted_rows_have_their_whole_names(page: Page, site: str):
    """In their groups they have the rest of them, below what the group has in common."""
    page.goto(f"{site}/en/tables/recovery_by_originator.html")
    table = page.locator("figure.table")
    name = table.locator("tbody th[scope=row]").first
    expect(name).to_have_text("CCB", use_inner_text=True)
    groups = table.locator("tr.group:visible").count()
    assert groups == 3
    head(table, 1).click()
    assert all(" · " in text for text in table.locator("tbody th[scope=row]").all_inner_texts())
    assert table.locator("tr.group:visible").count() == 0
    head(table, 1).click()
    head(table, 1).click()
    expect(name).to_have_text("CCB", use_inner_text=True)
    assert table.locator("tr.group:visible").count() == groups
