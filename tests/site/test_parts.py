"""Long tables and lists on the site: parts, the way through them, and no link that leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from npl_report.build.assembly import converter
from npl_report.build.job import Options, chosen_edition
from npl_report.build.reading import read
from npl_report.load.project import Project
from npl_report.present import paging, views
from npl_report.present.revisions import revisions
from npl_report.present.revisionviews import EarlierEditions
from npl_report.present.templates import Templates
from npl_report.site.links import dead_links
from npl_report.site.pages import Site
from tests.helpers.running import EDITION
from tests.helpers.tinyproject import tiny_project

OURS = re.compile(r"\.html(#|$)|^#")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The English pages of the tiny publication, with room for two deals on a page and three rows in a chapter."""
    project = Project(tiny_project(tmp_path_factory.mktemp("parts") / "project"))
    reading = read(project, chosen_edition(project, Options(edition=EDITION)), lambda _: None)
    english, templates = reading.by_language["en"], Templates(project.templates)
    earlier = EarlierEditions(revisions(english, reading.edition, None))
    with pytest.MonkeyPatch.context() as short:
        short.setattr(paging, "CELLS", 16)
        short.setattr(views, "LONGEST", 3)
        site = Site(english, templates, {}, {}, reading.by_language, converter(project, english), earlier, note=False)
        return {path: page.html(templates).decode() for path, page in site.pages().items()}


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
