"""The tie-out lists what it compares; what has nothing beside it is counted and has no empty row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html

from tests.helpers.markup import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_row_is_empty_and_every_figure_is_counted(built: Path, language: str):
    page = html.parse(built / language / "tie-out.html")
    (listed,) = page.xpath("//table[contains(@class, 'ties')]")
    rows = listed.xpath("./tbody/tr")
    assert rows
    assert all(row.xpath("string(td[4])").strip() for row in rows)
    summary = page.xpath("//table[contains(@class, 'plain')]")[0]
    counted = [int(text) for text in summary.xpath("./tbody/tr/td[2]/text()")]
    told = page.xpath("string(//div[contains(@class, 'scroll')][.//table[contains(@class, 'ties')]]/preceding::p[1])")
    found = re.search(r"\d+", told)
    assert found
    assert len(rows) + int(found[0]) == sum(counted)
