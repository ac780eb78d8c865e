"""What rows of a table have in common stands above them once, in the page and in its semantics."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from npl_report.model import Unit
from npl_report.text.names import Names
from tests.helpers.market import names_of, words_of
from tests.helpers.markup import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_class_is_named_once_above_its_rows(built: Path, language: str):
    page = html.parse(built / language / "tables" / "recovery_by_year.html")
    (table,) = page.xpath("//figure[@id='tbl-recovery_by_year']//table")
    heads = table.xpath("./tbody/tr[@class='group']/th")
    assert len(heads) == len(table.xpath("./tbody")) == len({head.text_content() for head in heads}) == 3
    assert {head.get("scope") for head in heads} == {"rowgroup"}
    width = len(table.xpath("./thead/tr[1]/th"))
    assert {head.get("colspan") for head in heads} == {str(width)}
    for body in table.xpath("./tbody"):
        common = body.xpath("string(tr[1]/th)")
        for head in body.xpath("./tr[position() > 1]/th[@scope='row']"):
            seen = "".join(head.xpath("./text() | ./a/text()"))
            assert seen.isdigit()
            assert head.xpath("string(span[@class='of'])").startswith(common)


@pytest.mark.parametrize(
    ("unit", "row", "parts"),
    [
        (Unit.PAIR, "mortgage-2018", ("Mortgage", "2018")),
        (Unit.PAIR, "2018-12m", ("2018", "12 months")),
        (Unit.PAIR, "total-2018", ("Total", "2018")),
        (Unit.PAIR, "total", ("", "Total")),
        (Unit.TERM, "d1@senior", ("Deal One", "Senior")),
        (Unit.TERM, "yes", ("", "Yes")),
    ],
)
def test_parts_of_names(unit: Unit, row: str, parts: tuple[str, str]):
    names = Names({"d1": "Deal One"}, {}, names_of("en"), words_of("en"))
    assert names.parts(unit, row) == parts
