"""A project with nothing in it but what its settings are read from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from npl_report.load.project import Project
from tests.helpers import tiny


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    """Two languages with a front page, and no edition yet."""
    for language in ("en", "zh"):
        (tmp_path / "report" / language).mkdir(parents=True)
        (tmp_path / "report" / language / "index.qmd").write_text("", encoding="utf-8")
    for folder in ("report/editions", "templates", "data/published"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(tiny.ROOT / "data" / "market.toml", tmp_path / "data")
    return Project(tmp_path)
