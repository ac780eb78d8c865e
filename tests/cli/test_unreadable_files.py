"""A folder, or a link to itself, where a file should be: one clear message; a byte order mark is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.running import EDITION, Command

TEXTS = (
    "data/market.toml",
    "data/datapackage.json",
    f"report/editions/{EDITION}.toml",
    "report/series.toml",
    "report/en/_series.toml",
    "report/en/recovery.qmd",
)


@pytest.mark.parametrize(
    "name", [*(name for name in TEXTS if name != "report/series.toml"), "data/corrections.toml", "data/deals.csv"]
)
def test_a_folder_in_place_of_a_file(npl_report: Command, tiny_project: Path, name: str):
    path = tiny_project / name
    path.unlink(missing_ok=True)
    path.mkdir()
    ran = npl_report("check", "--edition", EDITION, cwd=tiny_project)
    assert ran.code == 1, ran.err
    assert f"{name}: " in ran.err
    assert "Is a directory" in ran.err


def test_a_folder_in_place_of_a_template(npl_report: Command, tiny_project: Path):
    path = tiny_project / "templates" / "html" / "page.html"
    path.unlink()
    path.mkdir()
    ran = npl_report("check", "--edition", EDITION, cwd=tiny_project)
    assert ran.code == 1, ran.err
    assert "templates/html/page.html: cannot be used: Is a directory" in ran.err


@pytest.mark.parametrize("name", ["data/deals.csv", "data/market.toml"])
def test_a_link_to_itself(npl_report: Command, tiny_project: Path, name: str):
    path = tiny_project / name
    path.unlink()
    path.symlink_to(path.name)
    ran = npl_report("check", "--edition", EDITION, cwd=tiny_project)
    assert ran.code == 1, ran.err
    assert f"{name}: " in ran.err
    assert "Too many levels of symbolic links" in ran.err


def test_byte_order_marks(npl_report: Command, tiny_project: Path):
    """Of every text that people write; which edition is the latest is read from the same file."""
    for name in TEXTS:
        path = tiny_project / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert npl_report("editions", cwd=tiny_project).out.split()[-1] != EDITION
    ran = npl_report("check", "--edition", EDITION, cwd=tiny_project)
    assert ran.code == 0, ran.err
