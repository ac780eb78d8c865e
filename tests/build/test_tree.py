"""What an edition's folder holds, and that its two lists of hashes tell the truth."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

from npl_report.model import Unit
from npl_report.tables import catalogue
from tests.helpers.market import MARKET
from tests.helpers.markup import CHAPTERS, LANGUAGES, PAGES, TABLES, pictures, read_page, table_pages

OURS = (
    "site.css",
    "charts.css",
    "profiles.css",
    "site.js",
    "compare.js",
    "figures.js",
    "theme.js",
    "search.js",
    "ranking.js",
    "lists.js",
    "charts.js",
    "editions.js",
    "scenario.js",
    "waterfall.js",
    "icon.svg",
)
"""What the templates' folder of assets holds."""


def _expected(built: Path) -> set[str]:
    drawn = [name for key in TABLES if catalogue(MARKET)[key].chart for name in pictures(key)]
    return {
        *PAGES,
        *(path.relative_to(built).as_posix() for path in _further(built)),
        *(f"{language}/note.pdf" for language in LANGUAGES),
        *(f"downloads/tables/{key}.{kind}" for key in TABLES for kind in ("csv", "json")),
        *(
            f"downloads/tables/{key}.{language}.tex"
            for key in TABLES
            for language in LANGUAGES
            if catalogue(MARKET)[key].rows is Unit.REGRESSOR
        ),
        *(f"downloads/evidence/{key}.csv" for key in TABLES),
        *(
            f"downloads/charts/{key}.{language}.{kind}"
            for key in TABLES
            if catalogue(MARKET)[key].chart
            for language in LANGUAGES
            for kind in ("svg", "png")
        ),
        *(f"downloads/charts/{name}.{language}.vl.json" for name in drawn for language in LANGUAGES),
        *(f"assets/charts/{name}.{language}.js" for name in (*drawn, *_curves(built)) for language in LANGUAGES),
        *(page.replace(".html", ".js") for page in PAGES if re.search("/deals/(?!index)", page)),
        *(f"{language}/deals/compare.html" for language in LANGUAGES),
        "downloads/datapackage.json",
        *(f"assets/{name}" for name in (*OURS, "vega.js")),
        *(f"assets/{name}" for name in _fonts(built)),
        *(f"{language}/{name}-index.js" for language in LANGUAGES for name in ("search", "figure")),
        *(f"downloads/tables.{language}.xlsx" for language in LANGUAGES),
        *(f"downloads/cite.{language}.{kind}" for language in LANGUAGES for kind in ("bib", "json")),
        *(f"assets/preview.{language}.png" for language in LANGUAGES),
        "sitemap.xml",
        "robots.txt",
        "manifest.json",
        "SHA256SUMS",
    }


def _fonts(built: Path) -> set[str]:
    """The files that the style sheet names."""
    named = re.findall(r'url\("(npl-[a-z]+-\d+(?:-\d+)?\.woff2)"\)', (built / "assets/site.css").read_text("utf-8"))
    assert {"npl-latin-400.woff2", "npl-sans-400-0.woff2", "npl-serif-600.woff2", "npl-math-400.woff2"} <= set(named)
    return set(named)


def _curves(built: Path) -> list[str]:
    """The pictures of deals that have reported or were forecast."""
    pages = sorted((built / LANGUAGES[0] / "deals").glob("*.html"))
    return [f"deal-{page.stem}" for page in pages if read_page(page).specs]


def _further(built: Path) -> list[Path]:
    """The pages of long tables and of their evidence after the first."""
    tables = [page for language in LANGUAGES for key in TABLES for page in table_pages(built, language, key)[1:]]
    return tables + [page for language in LANGUAGES for page in (built / language / "tables").glob("*.evidence.*.html")]


def _found(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_tree_is_whole_and_holds_nothing_else(built: Path):
    assert _found(built) == _expected(built)


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_tables_come_in_pages_that_are_counted_without_a_gap(built: Path, language: str):
    several = {key: table_pages(built, language, key) for key in TABLES}
    assert len(several["deal_recovery"]) > 2
    for key, pages in several.items():
        assert [page.name for page in pages[1:]] == [f"{key}.{number}.html" for number in range(2, len(pages) + 1)]


@pytest.mark.parametrize("edition", ["built", pytest.param("built_2021", marks=pytest.mark.whole)])
def test_no_page_is_heavy(edition: str, request: pytest.FixtureRequest):
    """Beside the specifications of its charts."""
    folder: Path = request.getfixturevalue(edition)
    heavy = {
        path.relative_to(folder).as_posix(): size
        for path in folder.rglob("*.html")
        if (size := len(re.sub(rb"<script\b.*?</script>", b"", path.read_bytes(), flags=re.DOTALL))) > 500_000
    }
    assert heavy == {}


def test_nothing_is_empty(built: Path):
    assert [path for path in _found(built) if not (built / path).stat().st_size] == []


def test_sums_are_true_and_cover_everything_else(built: Path):
    lines = (built / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    sums = {path: sum_ for sum_, path in (line.split("  ", 1) for line in lines)}
    assert set(sums) == _expected(built) - {"SHA256SUMS"}
    assert {path: hashlib.sha256((built / path).read_bytes()).hexdigest() for path in sums} == sums
    assert [line.split("  ", 1)[1] for line in lines] == sorted(sums)


def test_sha256sum_accepts_the_list(built: Path):
    assert (
        subprocess.run(
            ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=built, capture_output=True, check=False
        ).returncode
        == 0
    )


def test_manifest_is_true(built: Path):
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["edition"], manifest["as_of"], manifest["revision"], manifest["languages"]) == (
        "2020-03",
        "2020-03-17",
        1,
        list(LANGUAGES),
    )
    assert set(manifest["outputs"]) == _expected(built) - {"manifest.json", "SHA256SUMS"}
    assert {path: hashlib.sha256((built / path).read_bytes()).hexdigest() for path in manifest["outputs"]} == manifest[
        "outputs"
    ]


def test_manifest_names_what_was_read(built: Path):
    """Every input that went into the edition, and of the project's other files none."""
    root = built.parents[1]
    inputs = json.loads((built / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    assert inputs == {name: hashlib.sha256((root / name).read_bytes()).hexdigest() for name in inputs}
    files = {
        path.relative_to(root).as_posix()
        for folder in ("data", "report", "templates")
        for path in (root / folder).rglob("*")
        if path.is_file()
    }
    here = {chapter["key"] for chapter in CHAPTERS}
    later = (path for path in files if path.endswith(".qmd") and Path(path).stem not in here)
    others = (
        "data/published/README.md",
        "report/editions/2021-12.toml",
        *later,
        "templates/html/",
        "templates/quarto/",
    )
    assert {name for name in files - inputs.keys() if not name.startswith(others)} == set()
    assert {
        "data/deals.csv",
        "report/editions/2020-03.toml",
        "report/en/index.qmd",
        "templates/html/base.html",
        "templates/print/note.css",
    } <= inputs.keys()


def test_manifest_names_no_place_and_no_time(built: Path):
    text = (built / "manifest.json").read_text(encoding="utf-8")
    assert str(built.parents[1]) not in text
    assert "/home/" not in text
    assert "/tmp/" not in text  # noqa: S108 -- looked for, not used


@pytest.mark.parametrize("name", OURS)
def test_assets_are_those_of_the_templates(built: Path, name: str):
    made = (built / "assets" / name).read_bytes()
    assert made.endswith((built.parents[1] / "templates" / "html" / "assets" / name).read_bytes())
    assert made.startswith(b"@font-face") == (name == "site.css")
