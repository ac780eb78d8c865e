"""The way from a published page to other editions, with a later edition that the list names."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from seeing import LANGUAGES, Heard

from tests.helpers.running import EDITION, LATER_EDITION

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
START = "globalThis.nplEditions = "


def listed(site: Path) -> list[dict[str, Any]]:
    return json.loads((site / "editions.js").read_text(encoding="utf-8").removeprefix(START).removesuffix(";\n"))


@pytest.fixture(scope="module")
def two(tiny_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``site/`` whose list says that the later edition has only some of the pages."""
    later, own = listed(tiny_archive / "site")
    return _with_list(
        tiny_archive, tmp_path_factory.mktemp("two"), [later | {"pages": ["index.html", "recovery.html"]}, own]
    )


def _with_list(sample_archive: Path, folder: Path, editions: list[dict[str, Any]]) -> Path:
    site = Path(shutil.copytree(sample_archive / "site", folder / "site"))
    (site / "editions.js").write_text(f"{START}{json.dumps(editions)};\n", encoding="utf-8")
    return site


def test_the_list_is_that_of_the_published_pages(tiny_archive: Path):
    later, own = listed(tiny_archive / "site")
    assert (own["folder"], own["names"]) == (EDITION, {"en": "Edition 2020-03", "zh": "第2020-03期"})
    assert later["folder"] == LATER_EDITION
    for item in (later, own):
        folder = tiny_archive / "site" / item["folder"] / "en"
        assert set(item["pages"]) == {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("recovery.html", "recovery.html"),
        ("revisions.html", "index.html"),
        ("tables/recovery_by_type.html", "index.html"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_page_of_the_other_edition_or_its_front(
    page: Page, heard: Heard, two: Path, language: str, path: str, there: str
):
    page.goto(f"{two.as_uri()}/{EDITION}/{language}/{path}")
    choice = page.locator("select.edition")
    assert choice.locator("option").count() == 2
    assert (
        choice.evaluate("select => select.selectedOptions[0].textContent")
        == {"en": "Edition 2020-03", "zh": "第2020-03期"}[language]
    )
    link = page.locator(".later a")
    assert link.evaluate("link => link.href") == f"{two.as_uri()}/2021-12/{language}/{there}"
    assert (
        page.locator(".later")
        .inner_text()
        .startswith({"en": "A newer edition has been published", "zh": "已有更新一期"}[language])
    )
    assert heard.complaints == []


def test_an_only_edition_has_no_choice_and_no_notice(page: Page, heard: Heard, tiny_archive: Path, tmp_path: Path):
    site = _with_list(tiny_archive, tmp_path, listed(tiny_archive / "site")[1:])
    page.goto(f"{site.as_uri()}/{EDITION}/en/index.html")
    assert page.locator("a.edition").count() == 1
    assert page.locator("select.edition, .later").count() == 0
    assert heard.complaints == []


def test_without_scripts_the_name_leads_to_all_editions(chromium: Browser, two: Path):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{two.as_uri()}/{EDITION}/en/tables/index.html")
        page.locator("a.edition").click()
        page.wait_for_url(f"{two.as_uri()}/index.html")
        assert page.get_by_role("link", name="Edition 2020-03").count() == 1


@pytest.mark.parametrize("width", [390, 1280])
def test_the_list_of_editions_fits(page: Page, heard: Heard, tiny_archive: Path, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{(tiny_archive / 'site').as_uri()}/index.html")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert heard.complaints == []
