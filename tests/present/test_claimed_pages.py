"""Claims on pages: held against the edition's tables, on the site and in print; what is wrong is told with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from npl_report.build.job import Options, chosen_edition
from npl_report.build.language import converter
from npl_report.build.reading import read
from npl_report.load.project import Project
from npl_report.model import InputError, Withheld
from npl_report.present.pages import Medium, Page, Pages
from npl_report.present.reading import Reading
from npl_report.present.templates import Templates
from tests.build.test_chapters_of_an_edition import HEAD, written
from tests.helpers.snapshots import assert_told
from tests.helpers.tinyproject import tiny_project

TRUE = "issuance_by_type/total/issuance below issuance_by_type/total/pool_balance"
FIGURE = '{{ n("issuance_by_type", "total", "n_deals") }}'
WITHOUT_MARKET = "2020-03"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(written(tiny_project(tmp_path_factory.mktemp("claims") / "project")))


@pytest.fixture(scope="module")
def readings(project: Project) -> Mapping[str, Reading]:
    return {id_: read(project, chosen_edition(project, Options(id_)), lambda _: None) for id_ in project.editions}


@pytest.fixture
def said(project: Project, readings: Mapping[str, Reading]) -> Any:
    """Text → the front page of an edition that says it."""

    def page(text: str, edition: str = "2021-12", medium: Medium = "site", head: str = "Start", **changed: Any) -> Page:
        localized = readings[edition].by_language["en"]
        source = HEAD.format(title=head) + text
        chapter = localized.series.chapters[0]
        shown = SimpleNamespace(**{**vars(localized), **changed})
        copied = object.__new__(type(localized))
        vars(copied).update(vars(shown))
        copied.chapters = {**localized.chapters, "index": replace(localized.chapters["index"], source=source)}
        return Pages(copied, Templates(project.templates), medium, {}).page(chapter)

    return page


@pytest.mark.parametrize("medium", ["site", "print"])
def test_a_claim_that_holds_reaches_the_page(said: Any, project: Project, readings: Any, medium: Medium):
    page = said(f'[Of {FIGURE}, less was issued]{{.claim that="{TRUE}"}}.\n', medium=medium)
    pandoc = converter(project, readings["2021-12"].by_language["en"])
    html = pandoc.html(page.markdown, "page.qmd", source=page.source).html
    assert f'<span class="claim" data-that="{TRUE}">Of <' in html
    assert page.warnings == ()
    assert "line=" not in html


def test_a_headline_may_be_a_claim(said: Any):
    text = f'{{% call headline() %}}\n[Less was issued]{{.claim that="{TRUE}"}} & paid\n{{% endcall %}}\n'
    assert said(text).headline == f'<span class="claim" data-that="{TRUE}">Less was issued</span> &amp; paid'
    assert f'data-that="{TRUE}"' in said(text, medium="print").markdown


def test_a_claim_is_judged_where_it_is_said(said: Any):
    false = TRUE.replace("below", "above")
    assert said(f'{{% if 1 > 2 %}}[More was issued]{{.claim that="{false}"}}{{% endif %}}.\n').warnings == ()
    looped = (
        '{% for kind in asset_types if has("issuance_by_type", kind) %}\n'
        '- [Issued]{.claim that="issuance_by_type/{{ kind }}/issuance above 0"}: '
        '{{ n("issuance_by_type", kind, "issuance") }}\n{% endfor %}\n'
    )
    assert said(looped).markdown.count("data-that") == 3


WRONG = {
    "claim-false": f'[More was issued, {FIGURE}]{{.claim that="{TRUE.replace("below", "above")}"}}.',
    "claim-false-superlative": (
        f'[Retail deals are largest, {FIGURE}]{{.claim that="highest issuance_by_type/issuance is unsecured"}}.'
    ),
    "claim-predicate-unknown": f'[So {FIGURE}]{{.claim that="hihgest issuance_by_type/issuance is corporate"}}.',
    "claim-table-unknown": f'[So {FIGURE}]{{.claim that="highest issuance_by_typ/issuance is corporate"}}.',
    "claim-row-unknown": f'[So {FIGURE}]{{.claim that="highest issuance_by_type/issuance is corporat"}}.',
    "claim-column-unknown": f'[So {FIGURE}]{{.claim that="highest issuance_by_type/issuanc is corporate"}}.',
    "claim-several": f'[A {FIGURE}]{{.claim that="rises x/y"}}.\n\n[B]{{.claim that="nothing"}} [C]{{.claim}}.',
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_with_its_line(said: Any, case: str):
    with pytest.raises(InputError) as raised:
        said(f"One.\n\n{WRONG[case]}\n")
    assert_told(case, raised.value.problems)


def test_a_table_that_the_edition_lacks(said: Any):
    claim = f'[So {FIGURE}]{{.claim that="highest issuance_by_year/issuance is 2017"}}.\n'
    with pytest.raises(InputError) as raised:
        said(claim.replace(FIGURE, ""), edition=WITHOUT_MARKET)
    assert_told("claim-table-of-a-later-edition", raised.value.problems)
    assert said(f'{{% if has_table("issuance_by_year") %}}{claim}{{% endif %}}', edition=WITHOUT_MARKET).warnings == ()


def test_a_table_that_may_not_be_published(said: Any, readings: Mapping[str, Reading]):
    results = dict(readings["2021-12"].by_language["en"].results)
    results["issuance_by_year"] = Withheld(reason="restricted", kinds=results["issuance_by_year"].frame)  # type: ignore[union-attr]
    with pytest.raises(InputError) as raised:
        said(f'[So {FIGURE}]{{.claim that="rises issuance_by_year/issuance"}}.\n', results=results)
    assert_told("claim-restricted", raised.value.problems)


def test_a_claim_without_a_figure_near_it_is_warned_of(said: Any):
    assert_told("claim-without-figure", said(f'One.\n\n[Less was issued]{{.claim that="{TRUE}"}}.\n').warnings)


def test_a_claim_in_the_head_of_a_page_is_refused(said: Any):
    with pytest.raises(InputError, match="stands where it is not judged"):
        said(f"{FIGURE}.\n", head=f'[Start]{{.claim that="{TRUE}"}}')
