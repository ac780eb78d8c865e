"""Long tables and lists on the site: parts, the way through them, and no link that leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

import pytest

from npl_report.build.job import Options, chosen_edition
from npl_report.build.language import converter
from npl_report.build.reading import read
from npl_report.load.project import Project
from npl_report.model import Result, Unavailable
from npl_report.present import paging, views
from npl_report.present.revisions import revisions
from npl_report.present.revisionviews import EarlierEditions
from npl_report.present.templates import Templates
from npl_report.site.links import dead_links
from npl_report.site.page import BUILTIN_LAYOUT
from npl_report.site.pages import Site
from tests.helpers.running import EDITION
from tests.helpers.tinyproject import tiny_project

PARTS = 40
"""More than the steps of any table, or of deals, are."""
EVIDENCE = re.compile(r'<details class="evidence"(?: id="([^"]*)")?(?: open)?>(.*?)</details>', re.DOTALL)
OURS = re.compile(r"\.html(#|$)|^#")


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], Mapping[str, Result | Unavailable]]:
    """The English pages of the tiny publication, with room for two deals on a page and three rows in a chapter.

    Beside them its results.
    """
    project = Project(tiny_project(tmp_path_factory.mktemp("parts") / "project"))
    with pytest.MonkeyPatch.context() as short:
        short.setattr(paging, "CELLS", 16)
        short.setattr(paging, "EVIDENCE", 40)
        short.setattr(paging, "BEGINNING", 20)
        short.setattr(views, "LONGEST", 3)
        short.setattr(paging, "PAGES_A_STEP", 4)
        short.setattr(paging, "DEALS_A_STEP", 2)
        reading = read(project, chosen_edition(project, Options(edition=EDITION)), lambda _: None)
        english, templates = reading.by_language["en"], Templates(project.templates)
        earlier = EarlierEditions(revisions(english, reading.edition, None))
        pandoc = converter(project, english)
        site = Site(english, templates, {}, lambda _: None, reading.by_language, pandoc, earlier, note=False)
        made = chain(
            *(site.chapter(chapter.key) for chapter in english.series.chapters),
            site.catalogue(),
            *(site.table(key, part) for key in english.series.table_keys for part in range(PARTS)),
            *(site.deals(part) for part in range(PARTS)),
            site.banks(),
        )
        pages = {f"en/{path}": page.rendered(templates, BUILTIN_LAYOUT) for path, page in made}
    return pages, {key: result for key, result in reading.results.items() if key in english.entries}


@pytest.fixture(scope="module")
def made(short: tuple[dict[str, str], object]) -> dict[str, str]:
    return short[0]


def test_every_link_between_them_lands(made: dict[str, str]):
    files = {path: page.encode() for path, page in made.items()}
    here = [problem for problem in dead_links(files) if OURS.search(str(problem.value))]
    known = {"../zh/", "../../zh/", "../../../zh/"}  # the other language is not made here
    assert [problem for problem in here if not str(problem.value).startswith(tuple(known))] == []


def test_each_kind_has_further_pages(made: dict[str, str]):
    further = [path for path in made if path.count(".") > 1]
    assert {path.split("/")[1] for path in further} == {"tables", "deals", "originators"}
    assert "en/deals/index.3.html" in further
    assert "en/originators/east.2.html" in further
    titles = [re.search(r"<title>(.*?)</title>", page)[1] for page in made.values()]  # type: ignore[index]
    assert len(set(titles)) == len(titles)
    for path in further:
        assert '<body class="part">' in made[path]
        labels = re.findall(r'<nav class="pager" aria-label="([^"]*)"', made[path])
        assert labels == ["Pages", "Pages, at the end"]
        assert made[path].count('aria-current="page"') >= 2


def test_long_evidence_goes_on_without_a_gap(short: tuple[dict[str, str], Mapping[str, Result | Unavailable]]):
    made, results = short
    cut = 0
    for key, result in results.items():
        first = f"en/tables/{key}.html"
        further = sorted(
            (path for path in made if path.startswith(f"en/tables/{key}.evidence.")),
            key=lambda path: int(path.split(".")[2]),
        )
        assert further == [f"en/tables/{key}.evidence.{number}.html" for number in range(2, len(further) + 2)]
        groups = EVIDENCE.findall("".join(made[path] for path in (first, *further)))
        rows = [] if isinstance(result, Unavailable) else result.evidence["row"].astype(str).tolist()
        assert sum(body.count("<tr>") - 1 for _, body in groups) == len(rows), key
        assert [id_ for id_, _ in groups if id_] == list(dict.fromkeys(id_ for id_, _ in groups if id_))
        assert {id_.removeprefix("evidence-") for id_, _ in groups if id_} == set(rows)
        if further:
            cut += any(not id_ for id_, _ in groups)
            assert f'href="{key}.evidence.2.html"' in made[first].partition('id="evidence"')[2]
            assert f'href="{key}.html#evidence"' in made[further[0]]
    assert cut, "no group is longer than a page"


def test_a_long_table_stands_on_its_own_pages_only(made: dict[str, str]):
    chapters = {path: page for path, page in made.items() if path.count("/") == 1}
    said = re.findall(
        r"<p>(This table has \d+ rows, which stand on pages of their own:) <a href=\"([^\"]+)\"",
        "".join(chapters.values()),
    )
    assert said
    for _, target in said:
        key = Path(target).stem
        page = "".join(chapters.values()).partition(f'id="tbl-{key}"')[2].partition("</figure>")[0]
        assert "<table" not in page
        assert "not available" not in page
        assert f"en/{target}" in made
