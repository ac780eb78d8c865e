"""Chapters of research read as prose: what must hold is decided by findings, so that few Jinja statements are left."""

from __future__ import annotations

from pathlib import Path

import pytest

from npl_report.findings import CHAPTERS
from tests.helpers.markup import ROOT

WORDS = 80
"""Words of a page, at least, for each of its statements."""
FOLDERS = {"en": ROOT / "report" / "en", "it": ROOT / "samples" / "euro" / "report" / "it"}
PAGES = sorted(
    path.stem for path in FOLDERS["en"].glob("*.qmd") if path.stem in CHAPTERS and path.stem != "methodology"
)


def statements(page: Path) -> int:
    return page.read_text(encoding="utf-8").count("{%")


@pytest.mark.parametrize("page", PAGES)
def test_a_chapter_has_few_statements(page: str):
    for folder in FOLDERS.values():
        path = folder / f"{page}.qmd"
        assert statements(path) <= len(path.read_text(encoding="utf-8").split()) / WORDS, path.parent.name
    assert statements(ROOT / "report" / "zh" / f"{page}.qmd") <= statements(FOLDERS["en"] / f"{page}.qmd")


def test_every_chapter_of_research_is_looked_at():
    assert {"determinants", "index", "market", "recovery", "structure", "vintages"} < {*PAGES}
