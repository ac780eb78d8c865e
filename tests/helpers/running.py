"""Copies of the project, the command line in a process of its own, and what it makes once for all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[2]
EDITION = "2020-03"
"""The edition of report I, which most tests build."""
LATER_EDITION = "2021-12"
"""The edition with part II."""
EDITIONS = (EDITION, LATER_EDITION)
"""The editions of the tests' copies of the project, oldest first."""
MARKET_EDITION = "2025-12"
"""The edition with the whole market, which takes several times as long."""


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code and what it printed."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]


def copy_project(to: Path, editions: Collection[str] = EDITIONS) -> Path:
    """The inputs of a build, with these editions."""
    for folder in ("report", "templates", "data"):
        shutil.copytree(ROOT / folder, to / folder)
    for path in (to / "report" / "editions").iterdir():
        if path.stem not in editions:
            path.unlink()
    for path in ROOT.glob("_quarto*.yml"):
        shutil.copyfile(path, to / path.name)
    return to


def run_command(*arguments: str, cwd: Path, **environment: str) -> Ran:
    """``npl-report`` in a process of its own."""
    command = [sys.executable, "-m", "npl_report", *arguments]
    done = subprocess.run(command, cwd=cwd, env=os.environ | environment, capture_output=True, check=False, timeout=900)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


Make = Callable[[Path], list[Ran]]


def made_once(factory: pytest.TempPathFactory, name: str, make: Make, *wanted: str) -> Path:
    """A project that commands have made something in, once for all workers of pytest-xdist.

    ``wanted`` are folders that must be there afterwards.
    """
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    place = shared / name
    with FileLock(shared / f"{name}.lock"):
        if not place.is_dir():
            ran = make(place)
            (place / "stderr.txt").write_text("".join(item.err for item in ran), encoding="utf-8")
    if not all((place / folder).is_dir() for folder in wanted):
        pytest.fail(f"{name} cannot be made:\n{(place / 'stderr.txt').read_text(encoding='utf-8')}", pytrace=False)
    return place
