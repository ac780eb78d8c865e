"""Figures typed in prose and the cells that print so; what is bound, and that nothing else of the file changes."""

from __future__ import annotations

import pytest

from npl_report.present.bindable import Typed, bindable, bound
from npl_report.present.localized import LocalizedEdition
from npl_report.text.lint import hand_typed, typed_places
from tests.present.test_localized import localized

TOTAL = '{{ n("issuance_by_type", "total", "n_deals") }}'


@pytest.fixture(scope="module", params=["en", "zh"])
def edition(request: pytest.FixtureRequest) -> LocalizedEdition:
    return localized(request.param)


@pytest.fixture(scope="module")
def english() -> LocalizedEdition:
    return localized("en")


def first(found: list[Typed]) -> str:
    return found[0].proposals[0].binding


def test_every_number_of_a_table_is_found_as_it_prints(edition: LocalizedEdition):
    """Typed as ``n`` prints it, with its unit, each is bound to a cell that prints just so, and nothing is left."""
    binding = edition.binding(lambda text, *_: text)
    result = edition.results["issuance_by_type"]
    for row in result.frame.index:  # type: ignore[union-attr]
        for column in ("n_deals", "issuance", "issuance_share", "issuance_to_pool"):
            printed = binding.n("issuance_by_type", str(row), column)
            for text in (f"It is {printed} in all.", f"共{printed}。"):
                found = bindable(edition, "index", text)
                assert [proposal.prints for proposal in found[0].proposals if proposal.whole]
                assert found[0].proposals[0].prints == printed
                after = bound(text, [found[0].proposals[0]])
                assert after.replace(found[0].proposals[0].binding, "") in ("It is  in all.", "共。")


def test_the_words_around_decide_which_cell_comes_first(english: LocalizedEdition):
    found = bindable(
        english, "index", "Of mortgage deals there are 2 deals.\n\nOf corporate deals there are 2 deals.\n"
    )
    assert [one.proposals[0].binding for one in found] == [
        '{{ n("issuance_by_type", "mortgage", "n_deals") }}',
        '{{ n("issuance_by_type", "corporate", "n_deals") }}',
    ]
    assert (found[1].line, found[1].value) == (3, "2")
    assert found[1].sentence == "Of corporate deals there are 2 deals."
    assert found[0].proposals[0].where == "Table 1 Issuance by asset type · Mortgage · Deals"


def test_a_unit_that_is_not_typed_is_said(english: LocalizedEdition):
    (found,) = bindable(english, "index", "There are 6 of them.\n")
    assert not found.proposals[0].whole
    assert bound("There are 6 of them.\n", [found.proposals[0]]) == f"There are {TOTAL} of them.\n"


def test_what_prints_nowhere_has_no_proposal(english: LocalizedEdition):
    assert bindable(english, "index", "It was 12,345.67 once.\n")[0].proposals == ()


def test_only_what_is_typed_is_looked_at():
    source = (
        '---\ntitle: 1\n---\n\n{{ n("t", "r2", "c") }} [3]{.claim that="t/r/c above 4%"} {% if x > 5 %}`6` [7](8.html)'
        '{% endif %}\n{## 9 ##}\n{{ link("p", "10 deals") }}\n'
    )
    assert [source[start:end] for start, end in typed_places(source)] == ["3", "7"]
    assert [problem.value for problem in hand_typed(source, "page.qmd")] == ["3", "7", "10"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_everything_else_stays_byte_for_byte(english: LocalizedEdition, end: str):
    written = f"---{end}title: 6{end}---{end}{end}One  {end}\ttwo: 6 deals, {end}{end}{end}and 6 deals{end}"
    found = bindable(english, "index", written.replace("\r\n", "\n").replace("\r", "\n"))
    after = bound(written, [one.proposals[0] for one in found])
    assert after == written.replace("6 deals", TOTAL)
