"""Every page: its links and anchors, what it may load, its language and the notice that the data are reconstructed."""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.helpers.every import every
from tests.helpers.findings import MOST, findings, too_long
from tests.helpers.markup import LANGUAGES, PAGES, PATHS, read_page

TAGS = {"zh": "zh-Hans", "en": "en"}
SHARED = ("downloads/", "assets/")


def _language(page: str) -> str:
    return page.split("/", maxsplit=1)[0] if "/" in page else LANGUAGES[0]


def _target(page: str, address: str) -> tuple[str, str]:
    """(path in the edition, fragment) of an address as a browser resolves it."""
    parts = urlsplit(address)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path))) if parts.path else page
    return path, unquote(parts.fragment)


@every("page", PAGES)
def test_links_and_assets_resolve(built: Path, page: str):
    broken = []
    for tag, name, address in read_page(built / page).addresses:
        if urlsplit(address).scheme:
            continue
        path, fragment = _target(page, address)
        whole = (built / path).is_file() and not path.startswith("..")
        if not whole or (fragment and path.endswith(".html") and fragment not in read_page(built / path).ids):
            broken.append(f"{tag} {name}={address}")
    assert broken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_of_the_front_page_are_few_and_short(built: Path, built_2021: Path, language: str):
    for folder in (built, built_2021):
        told = findings(folder / language / "index.html")
        assert 1 <= len(told) <= MOST
        assert [finding for finding in told if too_long(finding)] == []


@every("page", PAGES)
def test_nothing_is_loaded_from_elsewhere(built: Path, page: str):
    foreign = [
        item for item in read_page(built / page).addresses if urlsplit(item[2]).scheme or item[2].startswith("//")
    ]
    assert [item for item in foreign if item[0] != "a"] == []
    assert [item for item in foreign if urlsplit(item[2]).scheme != "https"] == []


@every("page", PAGES)
def test_policy_forbids_everything_foreign(built: Path, page: str):
    policy = dict(
        part.strip().split(" ", 1) for part in read_page(built / page).metas["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    allowed = {source for sources in policy.values() for source in sources.split()}
    assert allowed <= {"'none'", "'self'", "data:"}
    assert "data:" not in policy.get("script-src", "")


@every("page", PAGES)
def test_the_policy_is_kept(built: Path, page: str):
    assert read_page(built / page).styles == []


@every("page", PAGES)
def test_language_and_title(built: Path, page: str):
    assert read_page(built / page).lang == TAGS[_language(page)]
    title = re.search(r"<title>([^<]+)</title>", (built / page).read_text(encoding="utf-8"))
    assert title
    assert title[1].strip(" |")


@every("page", PAGES)
def test_notice_of_reconstructed_data(built: Path, page: str):
    notice = json.loads((built.parents[1] / "data" / "datapackage.json").read_text(encoding="utf-8"))["synthetic"][
        "notice"
    ]
    assert notice[_language(page)] in read_page(built / page).text


@every("page", PAGES)
def test_ids_are_unique(built: Path, page: str):
    ids = read_page(built / page).ids
    assert sorted({id_ for id_ in ids if ids.count(id_) > 1}) == []


@every("path", PATHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_language_links_lead_to_the_same_page(built: Path, language: str, path: str):
    page = f"{language}/{path}"
    links = read_page(built / page).languages
    assert {tag: _target(page, address)[0] for tag, address in links.items()} == {
        TAGS[other]: f"{other}/{path}" for other in LANGUAGES if other != language
    }


@every("path", PATHS)
def test_languages_have_the_same_anchors(built: Path, path: str):
    """The language switch keeps the anchor, so the other page must have it."""
    first, *others = [sorted(read_page(built / language / path).ids) for language in LANGUAGES]
    for other in others:
        assert other == first


def test_style_sheet_loads_only_its_fonts(built: Path):
    css = (built / "assets" / "site.css").read_text(encoding="utf-8")
    addresses = re.findall(r"""url\(\s*["']?([^"')]+)""", css)
    assert addresses
    assert [address for address in addresses if not (built / "assets" / address).is_file()] == []
    assert "@import" not in css


def test_scripts_name_no_host_but_in_their_libraries(built: Path):
    for name in ("site.js", "charts.js"):
        assert re.findall(r"https?://", (built / "assets" / name).read_text(encoding="utf-8")) == []


def test_the_door_leads_to_every_language(built: Path):
    door = read_page(built / "index.html")
    assert list(door.languages.values()) == [f"{language}/index.html" for language in LANGUAGES]
    assert door.metas["refresh"].endswith(f"url={LANGUAGES[0]}/index.html")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_reached_from_the_front_page(built: Path, language: str):
    seen, todo = set(), [f"{language}/index.html"]
    while todo:
        page = todo.pop()
        if page in seen or not page.endswith(".html") or page.startswith(SHARED):
            continue
        seen.add(page)
        todo += [
            _target(page, address)[0]
            for tag, _, address in read_page(built / page).addresses
            if tag == "a" and not urlsplit(address).scheme
        ]
    assert set(PAGES) - {"index.html"} <= seen


@pytest.mark.parametrize("path", [path for path in PATHS if "/" not in path])
def test_no_space_parts_chinese_sentences(built: Path, path: str):
    page = (built / "zh" / path).read_text(encoding="utf-8")
    told = [re.sub(r"<[^>]+>", "", part) for part in re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", page, re.DOTALL)]
    assert told
    assert [text for text in told if re.search(r"[。；]\s+[\u4e00-\u9fff]", text.strip())] == []
