"""The generated .qmd pages of an edition: a head that Quarto reads, and markdown that pandoc and Quarto read alike."""

from __future__ import annotations

import html
import re
import subprocess
import tomllib
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from npl_report.engines.quarto import pages
from npl_report.typesetting.pandoc import pandoc
from tests.helpers.every import every
from tests.helpers.markup import LANGUAGES
from tests.helpers.running import EDITION, ROOT

TAGS = {"zh": "zh-Hans", "en": "en"}
_RAW = re.compile(r"^(`{3,})\{=html\}\n(.*?)\n\1$", re.MULTILINE | re.DOTALL)


def _built(prepared: Path) -> Path:
    """The edition as the builtin engine made it."""
    return prepared / "build" / EDITION


def _sources(prepared: Path) -> list[str]:
    """The pages that there must be."""
    return [
        path.relative_to(_built(prepared)).with_suffix(".qmd").as_posix()
        for path in sorted(_built(prepared).glob("*/**/*.html"))
    ]


def _keys(prepared: Path) -> list[str]:
    """The chapters of the edition, in their order."""
    series = tomllib.loads((prepared / "report" / "series.toml").read_text(encoding="utf-8"))
    return [chapter["key"] for chapter in series["chapter"] if chapter.get("since", "") <= EDITION]


def _chapters(prepared: Path) -> list[str]:
    return [f"{language}/{key}.qmd" for language in LANGUAGES for key in _keys(prepared)]


def _parts(prepared: Path, page: str) -> tuple[Mapping[str, Any], str]:
    empty, head, body = (prepared / page).read_text(encoding="utf-8").split("---\n", 2)
    assert empty == ""
    return yaml.safe_load(head), body


def _raw(body: str) -> str:
    return "".join(piece for _, piece in _RAW.findall(body))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_source_for_every_page_and_no_other(prepared: Path, language: str):
    assert sorted(path.relative_to(prepared).as_posix() for path in (prepared / language).rglob("*.qmd")) == sorted(
        page for page in _sources(prepared) if page.startswith(f"{language}/")
    )


def test_the_head(prepared: Path):
    @every("page", _sources(prepared))
    def look(page: str) -> None:
        head, body = _parts(prepared, page)
        language, _, name = page.partition("/")
        assert head["lang"] == TAGS[language]
        assert head["title"].strip()
        assert head["pagetitle"].endswith(
            " | " + yaml.safe_load((ROOT / f"_quarto-{language}.yml").read_text(encoding="utf-8"))["website"]["title"]
        )
        assert head["description"].strip()
        assert head["engine"] == "markdown"
        if page in _chapters(prepared):
            assert "sidebar" not in head
            assert head["order"] == _keys(prepared).index(name.removesuffix(".qmd")) + 1
        else:
            assert (head["sidebar"], head["toc"]) == (False, False)
        assert "{{<" not in body
        assert not re.search(r"^`{3,}\{\w", body, re.MULTILINE), "code that an engine would run"

    look()


def test_one_heading_of_the_first_level_and_the_notice(prepared: Path):
    @every("page", _sources(prepared))
    def look(page: str) -> None:
        raw = _raw(_parts(prepared, page)[1])
        assert raw.count("<h1") == 1
        assert "<aside" not in raw, "Quarto would move it into the margin"
        assert 'class="notice"' in raw or 'class="chip"' in raw

    look()


def test_pages_that_are_no_chapters_are_raw_html_alone(prepared: Path):
    @every("page", sorted({*_sources(prepared)} - {*_chapters(prepared)}))
    def look(page: str) -> None:
        body = _parts(prepared, page)[1]
        assert re.fullmatch(r"\n(`{3,})\{=html\}\n.*\n\1\n", body, re.DOTALL)
        assert body.count("{=html}") == 1

    look()


def test_pandoc_reads_a_chapter_without_a_warning(prepared: Path):
    @every("page", _chapters(prepared))
    def look(page: str) -> None:
        language = page.partition("/")[0]
        body = _parts(prepared, page)[1]
        cited = [
            "--citeproc",
            f"--bibliography={ROOT}/report/{language}/references.bib",
            f"--csl={ROOT}/report/{language}/citations.csl",
        ]
        done = subprocess.run(
            [pandoc(), "--from=markdown", "--to=html5", "--mathml", "--section-divs", *cited],
            input=body.encode(),
            capture_output=True,
            check=True,
        )
        assert done.stderr.decode() == ""
        made = done.stdout.decode()
        assert ":::" not in made
        assert "citation-not-found" not in made
        assert ("[^" in body) == ('role="doc-endnotes"' in made)
        assert ("@report1" in body or "@study" in body) == ('id="refs"' in made)

    look()


class _Tags(HTMLParser):
    """Opened and not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"br", "hr", "img", "input", "meta", "link", "col", "wbr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong.append(tag)


def test_each_piece_of_raw_html_closes_what_it_opens(prepared: Path):
    """Quarto puts sections around what stands between headings.

    A piece that closed an element of another would tear them.
    """

    @every("page", _chapters(prepared))
    def look(page: str) -> None:
        for _, piece in _RAW.findall(_parts(prepared, page)[1]):
            tags = _Tags()
            tags.feed(re.sub(r"<(path|line|rect|circle|polygon)\b([^>]*)/>", r"<\1\2></\1>", piece))
            tags.close()
            assert ([tag for tag in tags.open if tag not in ("p", "li", "td", "th", "tr")], tags.wrong) == ([], []), (
                piece[:300]
            )

    look()


def test_the_figures_are_those_of_the_builtin_page(prepared: Path):
    @every("page", _sources(prepared))
    def look(page: str) -> None:
        found = re.findall(
            r'<data value="([^"]*)"(?: data-number="([^"]*)")?', (prepared / page).read_text(encoding="utf-8")
        )
        builtin = re.findall(
            r'<data value="([^"]*)"(?: data-number="([^"]*)")?',
            (_built(prepared) / page.replace(".qmd", ".html")).read_text(encoding="utf-8"),
        )
        assert found == builtin

    look()


@pytest.mark.parametrize("page", ["zh/recovery.qmd", "en/tables/index.qmd"])
def test_the_file_says_where_to_change_it(prepared: Path, page: str):
    second = (prepared / page).read_text(encoding="utf-8").splitlines()[1]
    assert second.startswith("# Made by npl-report prepare")
    assert ("report/zh/recovery.qmd" in second) == (page == "zh/recovery.qmd")


def test_no_setting_of_the_project_is_the_name_of_a_file(prepared: Path):
    """Quarto takes such a value for a path, and makes ``lang: en`` beside the folder en/ the language ../en."""

    def values(node: Any) -> list[str]:
        if isinstance(node, dict):
            return [value for item in node.values() for value in values(item)]
        return (
            [value for item in node for value in values(item)]
            if isinstance(node, list)
            else [node]
            if isinstance(node, str)
            else []
        )

    for path in ROOT.glob("_quarto*.yml"):
        config = {
            key: value
            for key, value in yaml.safe_load(path.read_text(encoding="utf-8")).items()
            if key not in ("project", "website", "profile")
        }
        wanted = ("templates/quarto/", "report/")
        assert [
            value
            for value in values(config)
            if not value.startswith(wanted) and ((prepared / value).exists() or (ROOT / value).exists())
        ] == []
        assert [value for value in values(config) if value.startswith(wanted) and not (ROOT / value).is_file()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_are_those_of_the_menus(prepared: Path, language: str):
    menu = re.search(
        r'<nav class="chapters".*?</nav>',
        (_built(prepared) / language / "index.html").read_text(encoding="utf-8"),
        re.DOTALL,
    )
    assert menu
    listed = [
        html.escape(_parts(prepared, page)[0]["title"])
        for page in _chapters(prepared)
        if page.startswith(f"{language}/")
    ]
    assert re.findall(r">([^<>\n]+)</a>", menu[0])[: len(listed)] == listed


@pytest.mark.parametrize(
    ("html_", "expected"),
    [
        ("<aside>a</aside>", '<div role="complementary">a</div>'),
        ('<aside class="x">a</aside>', '<div role="complementary" class="x">a</div>'),
        ('<aside\nclass="x">a</aside>', '<div role="complementary"\nclass="x">a</div>'),
        ("<asides>", "<asides>"),
    ],
)
def test_asides_stand_where_they_are_written(html_: str, expected: str):
    assert pages._without_asides(html_) == expected
