"""Pandoc takes paths for addresses and decodes them.

What it reads is given to it under plain names, wherever the project lies.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from npl_report.typesetting.pandoc import Pandoc
from tests.helpers.running import ROOT

CITING = "Known [@study].\n\n::: {.tiles}\nx\n:::\n"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return converted(tmp_path_factory.mktemp("plain"))


def converted(folder: Path) -> list[str]:
    """A page that cites, for the site and for the note, from a folder that holds what pandoc reads."""
    for path in (
        ROOT / "report/en/references.bib",
        ROOT / "report/en/citations.csl",
        ROOT / "templates/print/note.lua",
    ):
        shutil.copyfile(path, folder / path.name)
    made = (
        Pandoc("en", folder / "references.bib", folder / "citations.csl", folder / "cache", filter_)
        for filter_ in (None, folder / "note.lua")
    )
    return [pandoc.html(CITING, "page.qmd").html for pandoc in made]


@pytest.mark.parametrize(
    "name", ["feature%2Fx", "a%20b", "a b", "100%", "#1?", "-x", "..x", "另一处", "'q' \"r\"", "$(x);&", "long " * 40]
)
def test_a_folder_of_any_name(name: str, plain: list[str], tmp_path: Path):
    folder = tmp_path / name
    folder.mkdir()
    assert converted(folder) == plain
