"""The settings of a small series: what the tests of projects and of their mistakes begin with."""

from __future__ import annotations

import shutil
from pathlib import Path

from npl_report.load.project import Project
from tests.helpers import tiny

SERIES = """id = "tiny"
[[chapter]]
key = "index"
tables = []
[[chapter]]
key = "market"
tables = ["issuance_by_type", "issuance_by_year"]
[[chapter]]
key = "data"
tables = ["redemption_status"]
supporting = ["deal_recovery"]
note = false
"""
EDITION = (tiny.ROOT / "report" / "editions" / "2020-03.toml").read_text(encoding="utf-8").partition(
    "\n# The rules of part III"
)[0] + "\n"
"""Without the section of part III, which the cases write themselves."""
TABLES = ("issuance_by_type", "issuance_by_year", "redemption_status", "deal_recovery")


def small_project(folder: Path) -> Project:
    """The settings above in a folder of their own, with an empty front page in two languages."""
    root = folder / "some-series"
    for language in ("en", "zh"):
        (root / "report" / language).mkdir(parents=True)
        (root / "report" / language / "index.qmd").write_text("", encoding="utf-8")
    (root / "report" / "editions").mkdir()
    (root / "report" / "series.toml").write_text(SERIES, encoding="utf-8")
    (root / "report" / "editions" / "2020-03.toml").write_text(EDITION, encoding="utf-8")
    (root / "data").mkdir()
    shutil.copy(tiny.ROOT / "data" / "market.toml", root / "data")
    return Project(root)
