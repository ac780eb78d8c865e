"""Same inputs, same bytes: whatever the folder, age and order of files, time zone, locale, hash seed and number of
processes. PDFs included."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from tests.helpers.running import EDITION, Command

ODD = "-another..place, 另一处 feature%2Fx %20 100% #1? a=b&c 'd' \"e\" [f]{g} $(h) ~;+@!"
"""A folder's name that programs read otherwise: as an address, an option, a pattern or a command."""


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _copy_backwards(source: Path, to: Path) -> None:
    """The inputs, the last file first, all of them old."""
    for path in sorted(
        (path for folder in ("report", "templates", "data") for path in (source / folder).rglob("*") if path.is_file()),
        reverse=True,
    ):
        place = to / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        os.utime(place, (1, 1))


@pytest.mark.pdf
@pytest.mark.parametrize("former", ["tiny_built", pytest.param("built", marks=pytest.mark.whole)])
def test_two_builds_are_identical(former: str, request: pytest.FixtureRequest, tmp_path: Path, command: Command):
    """The other build: two processes, Shanghai, C.UTF-8, hash seed 1 (see ``built``)."""
    built: Path = request.getfixturevalue(former)
    project = tmp_path / ("a rather long name " * 12) / ODD
    _copy_backwards(built.parents[1], project)
    ran = command(
        "build",
        "--edition",
        EDITION,
        "--jobs",
        "1",
        cwd=project,
        TZ="America/St_Johns",
        LANG="C",
        LC_ALL="C",
        PYTHONHASHSEED="4711",
        SOURCE_DATE_EPOCH="1",
    )
    assert ran.code == 0, ran.err
    first, second = _hashes(built), _hashes(project / "build" / "2020-03")
    differing = sorted(path for path in first.keys() | second.keys() if first.get(path) != second.get(path))
    # the manifest last: it differs with any other, and alone when the program was edited between the builds
    assert [path for path in differing if path not in ("manifest.json", "SHA256SUMS")] == []
    before, after = (
        json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for folder in (built, project / "build" / "2020-03")
    )
    assert before == after
    assert differing == []
