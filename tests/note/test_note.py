"""The note before it is printed.

What of the front page goes where, and that every link in it leads somewhere, at any date and with any address.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from npl_report.build.job import Options, chosen_edition
from npl_report.build.language import converter
from npl_report.build.reading import read
from npl_report.load.project import Project
from npl_report.model import InputError
from npl_report.note.html import note_html
from npl_report.present.localized import LocalizedEdition
from npl_report.present.pages import Panel, PlacedChart
from npl_report.present.templates import Templates
from tests.helpers.running import EDITION, copy_project
from tests.helpers.snapshots import assert_told

pytestmark = pytest.mark.filterwarnings(
    "ignore:path is deprecated:DeprecationWarning"
)  # the formula library loads its font in the old way
EARLY, LATE = date(2017, 6, 30), date(2020, 3, 17)
Made = Callable[[date], str]


def localized(project: Project, as_of: date) -> LocalizedEdition:
    """The English edition of that date, made alone."""
    edition = chosen_edition(project, Options(edition=EDITION, as_of=as_of, languages=("en",)))
    return read(project, edition, lambda _: None).by_language["en"]


def note(project: Project, made: LocalizedEdition) -> str:
    """Its note without charts, which no test here looks at."""
    html, _ = note_html(made, Templates(project.templates), converter(project, made, printed=True), {})
    return html


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(copy_project(tmp_path_factory.mktemp("note") / "project"))


@pytest.fixture(scope="module")
def made(project: Project) -> Made:
    return cache(lambda as_of: note(project, localized(project, as_of)))


@pytest.mark.parametrize("as_of", [EARLY, LATE])
def test_every_link_inside_leads_somewhere(made: Made, as_of: date):
    """The charts are left out, so that references to them lead to the site."""
    html = made(as_of)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert len(targets) > 25
    assert targets <= set(ids)
    assert not [target for target in targets if target.startswith("fig-")]
    named = re.findall(r'<a href="([^"]+)">Figure \d+</a>', html)
    assert named
    assert [place for place in named if not re.fullmatch(r"https://.*/tables/\w+\.html", place)] == []


def test_what_is_not_printed_is_on_the_site(made: Made):
    html = made(LATE)
    assert re.search(r'<a href="https://npl-report.example/2020-03/en/recovery.html#by-originator">[^<]+</a>', html)
    assert '<a href="https://npl-report.example/2020-03/en/tables/' in html


def test_without_an_address_no_link_leaves_the_note(project: Project, monkeypatch: pytest.MonkeyPatch):
    bare = localized(project, LATE)
    monkeypatch.setattr(bare, "series", replace(bare.series, address=""))
    html = note(project, bare)
    assert "recovery.html" not in html
    assert "npl-report.example" not in html
    assert re.findall(r'href="(?!#|npl:)[^"]*"', html) == []


def test_the_front_page_is_divided(made: Made):
    """Key figures on the cover; long findings and what remains of the page follow it, then the contents."""
    html = made(LATE)
    marks = [
        'class="cover"',
        'class="tiles"',
        'id="index-findings"',
        'id="index-caveats"',
        'class="toc"',
        'class="lists',
        'id="market"',
    ]
    found = [html.index(mark) for mark in marks]
    assert found == sorted(found)
    assert all(html.count(mark) == 1 for mark in marks)
    assert "<!-- piece" not in html


def test_a_front_page_without_findings_is_printed_whole(project: Project):
    page = project.report / "en" / "index.qmd"
    whole = page.read_text(encoding="utf-8")
    head = whole.split("---")[1]
    page.write_text(f"---{head}---\n\nOne sentence.\n\n## Another heading {{#other}}\n\nMore.\n", encoding="utf-8")
    try:
        html = note(project, localized(project, LATE))
    finally:
        page.write_text(whole, encoding="utf-8")
    assert (
        html.index('class="cover"')
        < html.index("One sentence.")
        < html.index('id="index-other"')
        < html.index("More.")
        < html.index('class="toc"')
        < html.index('id="market"')
    )
    assert "index-findings" not in html


def test_the_figure_of_the_cover_has_its_finding(project: Project):
    """The one under which it stands in its chapter; in print as plain text."""
    late = localized(project, LATE)
    key = next(chapter.cover for chapter in late.series.chapters if chapter.cover)
    figure = PlacedChart(key, "Figure 1", "What is shown", "", (Panel("a.en", ""),), beside=False)
    html, _ = note_html(late, Templates(project.templates), converter(project, late, printed=True), {key: figure})
    found = re.findall(r'<span class="finding">(.*?)</span>', html)
    assert len(found) == 2
    assert found[0] == found[1]
    assert "<" not in found[0]
    assert html.index(found[0]) < html.index('class="toc"')


def test_numbers_have_no_identity_in_print(made: Made):
    assert "<data" not in made(LATE)
    assert "</data" not in made(LATE)


def test_a_series_without_its_front_page_in_the_note(project: Project):
    late = localized(project, LATE)
    late.series = replace(
        late.series,
        chapters=tuple(
            replace(chapter, note=chapter.note and chapter.key != "index") for chapter in late.series.chapters
        ),
    )
    html = note(project, late)
    assert 'class="cover"' in html
    assert "index-findings" not in html
    assert 'href="#index' not in html


@pytest.fixture
def sectioned(project: Project) -> Callable[[str], LocalizedEdition]:
    """The edition with a setting more for the chapter on the market."""

    def changed(line: str) -> LocalizedEdition:
        late = localized(project, LATE)
        key, _, value = line.partition("=")
        late.series = replace(
            late.series,
            chapters=tuple(
                replace(chapter, **{key: value if key != "sections" else tuple(value.split(","))})
                if chapter.key == "market"
                else chapter
                for chapter in late.series.chapters
            ),
        )
        return late

    return changed


def test_sections_that_are_not_named_are_on_the_site(project: Project, sectioned: Callable[[str], LocalizedEdition]):
    """Their tables are not in the lists, and what refers to them leads to the site."""
    html = note(project, sectioned("sections=by-type"))
    assert 'id="market-by-type"' in html
    assert 'id="tbl-issuance_by_type"' in html
    assert 'id="market-redemption"' not in html
    assert 'href="#tbl-redemption_status"' not in html
    assert '<a href="https://npl-report.example/2020-03/en/market.html#redemption">' in html
    assert '<a href="https://npl-report.example/2020-03/en/tables/redemption_status.html">' in html


@pytest.mark.parametrize(
    ("line", "case"),
    [
        ("sections=by-tipe", "note-section-unknown"),
        ("after=recoverie", "note-after-unknown"),
        ("cover=recovery", "note-cover-unknown"),
    ],
)
def test_what_the_note_is_told_to_print_is_there(
    project: Project, sectioned: Callable[[str], LocalizedEdition], line: str, case: str
):
    with pytest.raises(InputError) as caught:
        note(project, sectioned(line))
    assert_told(case, caught.value.problems)


def test_a_chapter_stands_behind_the_one_it_follows(project: Project, sectioned: Callable[[str], LocalizedEdition]):
    html = note(project, sectioned("after=distribution"))
    assert html.index('id="distribution"') < html.index('id="market"') < html.index('id="annex"')


def test_a_long_table_is_on_the_site(project: Project, monkeypatch: pytest.MonkeyPatch):
    """A line with its number and title says where, and nothing lists it."""
    monkeypatch.setattr("npl_report.present.views.PRINTED", 2)
    html = note(project, localized(project, LATE))
    assert 'href="https://npl-report.example/2020-03/en/tables/issuance_by_type.html">' in html
    assert '<a href="#tbl-issuance_by_type"><span class="label">' not in html
    place = html.index('id="tbl-issuance_by_type"')
    assert "<table" not in html[place : html.index("</figure>", place)]
