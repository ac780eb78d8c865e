"""Copies of the project, and the command line in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EDITION = "2020-03"
"""The edition of report I, which most tests build."""
LATER_EDITION = "2021-12"
"""The edition with part II."""
EDITIONS = tuple(sorted(path.stem for path in (ROOT / "report" / "editions").glob("*.toml")))
"""All editions, oldest first."""


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code and what it printed."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]


def copy_project(to: Path) -> Path:
    """The inputs of a build."""
    for folder in ("report", "templates", "data"):
        shutil.copytree(ROOT / folder, to / folder)
    for path in ROOT.glob("_quarto*.yml"):
        shutil.copyfile(path, to / path.name)
    return to


def run_command(*arguments: str, cwd: Path, **environment: str) -> Ran:
    """``npl-report`` in a process of its own."""
    command = [sys.executable, "-m", "npl_report", *arguments]
    done = subprocess.run(command, cwd=cwd, env=os.environ | environment, capture_output=True, check=False, timeout=300)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
