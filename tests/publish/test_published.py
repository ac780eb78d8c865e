"""Real editions in ``site/``, of the tiny project and of the sample.

Published from a project that has built one before, verified, and built again elsewhere from recorded inputs.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from npl_report.files.hashing import digest
from tests.helpers.running import EDITION, LATER_EDITION, Command, run_command

whole = pytest.mark.whole


@pytest.fixture(params=["tiny_archive", pytest.param("sample_archive", marks=whole)])
def published(request: pytest.FixtureRequest) -> Path:
    """A project with both editions in ``site/``."""
    return Path(request.getfixturevalue(request.param))


def _elsewhere(published: Path, root: Path) -> Path:
    """A copy without the cache."""
    for name in ("site", "report", "templates", "data"):
        shutil.copytree(published / name, root / name)
    return root


def test_the_published_pages_are_those_of_the_build_and_know_of_other_editions(published: Path):
    """Everything that is no page and no font is byte for byte what ``build`` makes.

    Pages differ by the way to other editions alone, and with them the style sheet by the characters of the fonts.
    """
    built, site = published / "build" / EDITION, published / "site" / EDITION
    names = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    assert {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()} == names | {"inputs.zip"}
    fonts = {name for name in names if name.endswith(".woff2")}  # cut to the letters of the pages
    different = [name for name in sorted(names - fonts) if (built / name).read_bytes() != (site / name).read_bytes()]
    pages = [name for name in names if name.endswith(".html") and "/" in name]
    assert sorted(different) == sorted([*pages, "assets/site.css", "manifest.json", "SHA256SUMS"])
    for name in pages:
        text = (site / name).read_text(encoding="utf-8")
        assert text.count('class="edition" href="') == 1, name
        assert 'editions.js" defer></script>' in text, name


def test_the_manifest_tells_what_it_was_made_of(published: Path):
    manifest = json.loads((published / "site" / EDITION / "manifest.json").read_bytes())
    assert {
        name: manifest[name] for name in ("edition", "revision", "as_of", "published_on", "languages", "earlier")
    } == {
        "edition": "2020-03",
        "revision": 1,
        "as_of": "2020-03-17",
        "published_on": "2020-04-15",
        "languages": ["zh", "en"],
        "earlier": [],
    }
    assert manifest["inputs"]["data/deals.csv"] == digest((published / "data" / "deals.csv").read_bytes())
    assert "recovery_by_type" in manifest["tables"]


def test_verify_and_refusal(published: Path):
    ran = run_command("verify", cwd=published)
    assert (ran.code, ran.out.startswith("as published: 2 editions")) == (0, True), ran.err
    again = run_command("publish", EDITION, cwd=published)
    assert again.code == 1
    assert "this edition is published" in again.err


@pytest.mark.parametrize("edition", [pytest.param(EDITION, marks=whole), LATER_EDITION])
def test_it_comes_out_of_its_recorded_inputs_byte_for_byte(published: Path, tmp_path: Path, edition: str):
    """In another folder, with another time zone, locale, hash seed and number of processes, and without the cache."""
    elsewhere = _elsewhere(published, tmp_path / "elsewhere")
    ran = run_command(
        "verify",
        edition,
        "--rebuild",
        "--jobs",
        "1",
        cwd=elsewhere,
        TZ="America/New_York",
        LC_ALL="C",
        PYTHONHASHSEED="7",
    )
    assert ran.code == 0, ran.err
    assert "1 rebuilt" in ran.out


def test_a_changed_input_is_told_by_the_rebuild(published: Path, tmp_path: Path, npl_report: Command):
    """Recorded inputs that give something else: every file that differs is named.

    The cheapest way is an edition without its inputs.
    """
    elsewhere = _elsewhere(published, tmp_path / "elsewhere")
    (elsewhere / "site" / EDITION / "inputs.zip").write_bytes(b"nothing")
    ran = npl_report("verify", "--rebuild", cwd=elsewhere)
    assert ran.code == 1
    assert "site/2020-03/inputs.zip: was changed since it was published" in ran.err
