"""Citations, absolute addresses, the site map and the preview picture; what BibTeX says is read back by pandoc."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import tomllib
import xml.etree.ElementTree as ET  # our own files
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from npl_report.build.reading import read
from npl_report.exports.citation import address, citation, cite_files
from npl_report.load.project import Project, read_edition
from npl_report.present.localized import LocalizedEdition
from npl_report.present.templates import Templates
from npl_report.site.outline import front
from npl_report.site.preview import _NOTICE_LINES, _NOTICE_WIDTH, _lines, preview, site_map
from npl_report.typesetting.pandoc import pandoc
from tests.helpers.markup import LANGUAGES, ROOT, read_page
from tests.helpers.running import EDITION

SITE = tomllib.loads((ROOT / "report" / "series.toml").read_text(encoding="utf-8"))["address"]
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
TAGS = {"zh": "zh-Hans", "en": "en"}
ONLINE = {
    "zh": (
        "npl_report 研究组. 不良资产证券化深度研究: 实际回收表现与预测准确性: 第2020-03期[R/OL]. (2020-04-15). "
        f"{SITE}/2020-03/zh/index.html."
    ),
    "en": (
        "npl_report research (2020). NPL Securitisation Research: Recoveries and the accuracy of forecasts. "
        f"Edition 2020-03, 15 April 2020. {SITE}/2020-03/en/index.html"
    ),
}
OFFLINE = {
    "zh": "npl_report 研究组. 不良资产证券化深度研究: 实际回收表现与预测准确性: 第2020-03期[R]. 2020.",
    "en": (
        "npl_report research (2020). NPL Securitisation Research: Recoveries and the accuracy of forecasts. "
        "Edition 2020-03, 15 April 2020."
    ),
}


@pytest.fixture(scope="module")
def by_language() -> dict[str, LocalizedEdition]:
    project = Project(ROOT)
    return dict(read(project, read_edition(project, EDITION), lambda _: None).by_language)


@pytest.fixture
def homeless(by_language: dict[str, LocalizedEdition]) -> Iterator[dict[str, LocalizedEdition]]:
    """The same editions in a series without an address."""
    before = {language: localized.series for language, localized in by_language.items()}
    for localized in by_language.values():
        localized.series = replace(localized.series, address="")
    yield by_language
    for language, localized in by_language.items():
        localized.series = before[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_citation_in_the_manner_of_the_language(by_language: dict[str, LocalizedEdition], language: str):
    assert citation(by_language[language]).text == ONLINE[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_an_address_there_is_none_to_cite(homeless: dict[str, LocalizedEdition], language: str):
    cited = citation(homeless[language])
    assert cited.text == OFFLINE[language]
    assert "url" not in cited.bibtex
    assert "URL" not in json.loads(cited.csl)[0]
    assert address(homeless[language], "index.html") == ""
    assert site_map(homeless.values(), Templates(ROOT / "templates"), ["zh/index.html"]) == {}


@pytest.mark.parametrize(
    ("language", "part"),
    [("zh", "第2020-03期[R/OL]. 第2版. (2020-04-15)."), ("en", "Edition 2020-03, revision 2, 15 April 2020.")],
)
def test_a_later_revision_is_named(by_language: dict[str, LocalizedEdition], language: str, part: str):
    localized = by_language[language]
    first = localized.edition
    localized.edition = replace(first, revision=2)
    try:
        assert part in citation(localized).text
        assert json.loads(citation(localized).csl)[0]["version"] == "2"
    finally:
        localized.edition = first


@pytest.mark.parametrize("language", LANGUAGES)
def test_bibtex_and_csl_say_the_same(by_language: dict[str, LocalizedEdition], language: str):
    """Pandoc reads the BibTeX; what it finds is what our own CSL-JSON says."""
    cited = citation(by_language[language])
    read_back = json.loads(
        subprocess.run(
            [pandoc(), "--from=bibtex", "--to=csljson"], input=cited.bibtex.encode(), capture_output=True, check=True
        ).stdout
    )[0]
    own = json.loads(cited.csl)[0]
    assert read_back["id"] == own["id"] == f"npl-securitisation-research-2020-03-{language}"
    assert read_back["author"] == own["author"]
    assert read_back["publisher"] == own["publisher"]
    assert read_back["title"].replace('<span class="nocase">', "").replace("</span>", "") == own["title"]
    assert (read_back["genre"], read_back["number"], read_back["URL"]) == (own["genre"], own["number"], own["URL"])
    assert (read_back["issued"], own["issued"]) == (
        {"date-parts": [[2020, 4]]},
        {"date-parts": [[2020, 4, 15]]},
    )  # BibTeX knows no days


def test_citation_files_are_those_of_the_front_page(built: Path, by_language: dict[str, LocalizedEdition]):
    for localized in by_language.values():
        for path, data in cite_files(localized).items():
            assert (built / path).read_bytes() == data
            assert data.decode().strip() in read_page(built / localized.language / "index.html").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_names_its_address_and_its_other_language(built: Path, language: str):
    for page in (built / language).rglob("*.html"):
        path = page.relative_to(built / language).as_posix()
        head = page.read_text(encoding="utf-8").split("</head>")[0]
        here = f"{SITE}/{EDITION}/{language}/{path}"
        assert head.count('<link rel="canonical"') == 1
        assert f'<link rel="canonical" href="{here}">' in head
        assert f'<meta property="og:url" content="{here}">' in head
        assert f'<meta property="og:image" content="{SITE}/{EDITION}/assets/preview.{language}.png">' in head
        assert head.count("hreflang=") == len(LANGUAGES)
        for other in LANGUAGES:
            assert f'<link rel="alternate" hreflang="{TAGS[other]}" href="{SITE}/{EDITION}/{other}/{path}">' in head


def test_the_site_map_lists_every_page_once(built: Path):
    root = ET.fromstring((built / "sitemap.xml").read_bytes())  # noqa: S314 -- our own file
    places = [entry.findtext(f"{SITEMAP}loc") for entry in root.iter(f"{SITEMAP}url")]
    pages = [path.relative_to(built).as_posix() for path in built.glob("*/**/*.html")]
    assert sorted(filter(None, places)) == sorted(f"{SITE}/{EDITION}/{path}" for path in pages)
    assert {entry.findtext(f"{SITEMAP}lastmod") for entry in root.iter(f"{SITEMAP}url")} == {"2020-04-15"}
    for entry in root.iter(f"{SITEMAP}url"):
        others = {link.get("hreflang"): link.get("href") for link in entry.iter(f"{XHTML}link")}
        assert set(others) == set(TAGS.values())
        assert entry.findtext(f"{SITEMAP}loc") in others.values()
        assert set(others.values()) <= set(places)


def test_robots_names_the_site_map(built: Path):
    assert (built / "robots.txt").read_text(
        encoding="utf-8"
    ) == f"User-agent: *\nAllow: /\nSitemap: {SITE}/{EDITION}/sitemap.xml\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_preview_is_a_png_of_the_usual_size(built: Path, language: str):
    data = (built / "assets" / f"preview.{language}.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (1200, 630)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_preview_says_what_the_front_page_says(
    built: Path, by_language: dict[str, LocalizedEdition], language: str
):
    page = (built / language / "index.html").read_text(encoding="utf-8")
    headline = re.sub("<[^>]+>", "", re.search(r"<h1>(.*?)</h1>", page)[1])  # type: ignore[index]
    said = front(page, headline)
    assert len(said.tiles) >= 3
    drawn = ET.fromstring(preview(by_language[language], Templates(ROOT / "templates"), said))  # noqa: S314 -- our own picture
    texts = [text.text or "" for text in drawn.iter(f"{SVG}text")]
    shown = " ".join(texts)
    for tile in said.tiles[:3]:
        assert {tile.figure, tile.caption, tile.detail} <= {*texts}
    assert headline.replace(" ", "") in "".join(texts).replace(" ", "")
    for word in (by_language[language].series_words["title"], by_language[language].edition.as_of, EDITION):
        assert word in shown
    notice = by_language[language].notice
    assert texts[-2 if language == "zh" else -4].split()[0] in notice
    assert notice.replace(" ", "")[:60] in "".join(texts[-4:]).replace(" ", "")


def _notice_lines(text: str) -> list[str]:
    return _lines(text, _NOTICE_WIDTH, _NOTICE_LINES)


def test_lines_break_where_the_language_breaks():
    assert _notice_lines("一" * 60) == ["一" * 52, "一" * 8]
    assert _notice_lines("一" * 52 + "。二") == ["一" * 51, "一。二"]  # a full stop never begins a line
    assert _notice_lines("一" * 51 + "（二）") == ["一" * 51, "（二）"]  # nor does a bracket end one
    words = _notice_lines("word " * 40)
    assert all(line.split() == ["word"] * len(line.split()) for line in words)
    assert sum(len(line.split()) for line in words) == 40
    assert _notice_lines("short") == ["short"]
    assert _notice_lines("") == []


def test_what_there_is_no_room_for_ends_in_an_ellipsis():
    lines = _notice_lines("一" * 500)
    assert [len(line) for line in lines] == [52] * 4
    assert lines[-1].endswith("一…")
    assert _notice_lines("word " * 200)[-1].endswith(" word…")
