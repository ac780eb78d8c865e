"""A publication of three chapters on the tiny data, with a page of every kind: what is built, broken, published and
archived where size is not the point.

Its prose is tests/helpers/tinyreport; looks, works cited, editions and the publication's own words are those of the
repository.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.helpers import tiny
from tests.helpers.running import EDITION, LATER_EDITION, ROOT

REPORT = Path(__file__).with_name("tinyreport")


def tiny_project(root: Path) -> Path:
    """Write the project; its editions are 2020-03 and 2021-12."""
    tiny.write(root)
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copytree(REPORT, root / "report")
    (root / "report" / "editions").mkdir()
    for edition in (EDITION, LATER_EDITION):
        shutil.copyfile(
            ROOT / "report" / "editions" / f"{edition}.toml", root / "report" / "editions" / f"{edition}.toml"
        )
    for language in ("zh", "en"):
        for name in ("_series.toml", "references.bib", "citations.csl"):
            shutil.copyfile(ROOT / "report" / language / name, root / "report" / language / name)
    for path in ROOT.glob("_quarto*.yml"):
        shutil.copyfile(path, root / path.name)
    return root
