"""Launchers of stand-ins, the real Quarto where there is one, and an edition of either engine."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tiny_site import tiny_pages

from npl_report.engines.quarto.engine import with_quarto
from npl_report.engines.quarto.finding import find_quarto
from npl_report.load.project import Project
from npl_report.model import InputError, Problem
from npl_report.typesetting.pandoc import pandoc

STANDIN = Path(__file__).with_name("standin.py")
Standin = Callable[..., Path]
"""Makes a launcher: ``standin("hang", pids=…)``."""


@dataclass(frozen=True)
class Both:
    """An edition made by either engine: its folder, and those of its pages that Quarto makes."""

    builtin: Path
    quarto: Path

    @property
    def pages(self) -> list[str]:
        """Paths of the pages of all languages."""
        return sorted(path.relative_to(self.builtin).as_posix() for path in self.builtin.glob("*/**/*.html"))


def make_standin(folder: Path, mode: str = "render", **settings: object) -> Path:
    """A launcher in ``folder`` whose program does what ``mode`` says."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {"mode": mode, "version": "1.9.38", "pandoc": pandoc(), **settings}
    (folder / "mode.json").write_text(json.dumps(said), encoding="utf-8")
    launcher = folder / "quarto"
    launcher.write_text(f'#!/bin/sh\nSTANDIN="{folder}" "{sys.executable}" "{STANDIN}" "$@"\n', encoding="utf-8")
    launcher.chmod(0o755)
    return launcher


def _looked_up() -> tuple[str, str]:
    """(path of the real Quarto, "") or ("", why there is none)."""
    try:
        return str(find_quarto().path), ""
    except InputError as error:
        problem = error.problems[0]
        return "", f"{problem.rule}; to run it: {problem.fix.partition(';')[0]}"


_REAL, _WHY_NOT = _looked_up()
"""Looked up once, when this is imported: tests run without the user's QUARTO_PATH."""


def real_quarto() -> str:
    """The path of a real Quarto; a test that needs it is skipped with the reason where there is none."""
    if not _REAL:
        pytest.skip(_WHY_NOT)
    return _REAL


def has_quarto() -> bool:
    """Whether there is a real one."""
    return bool(_REAL)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def gone(pids: Path) -> bool:
    """Whether all processes that the file names end within ten seconds."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if not any(_alive(int(pid)) for pid in pids.read_text(encoding="ascii").split()):
            return True
        time.sleep(0.05)
    return False


def members(group: int) -> list[int]:
    """Processes of a group that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, its_group = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                found.append(int(path.parent.name))
    return found


Run = Callable[..., dict[str, bytes]]
"""Runs the engine with a stand-in in a mode."""


def engine_on(project: Project, standin: Standin) -> Run:
    """The engine on the small publication in a project."""

    def call(
        mode: str = "render", progress: Callable[[str], None] = lambda _: None, jobs: int = 2, **settings: object
    ) -> dict[str, bytes]:
        files, pages = tiny_pages(project)
        return with_quarto(project, find_quarto(str(standin(mode, **settings))), files, pages, jobs, progress)

    return call


def problems_of(run: Run, mode: str = "render", **settings: object) -> list[Problem]:
    """What the engine is told to have found wrong."""
    with pytest.raises(InputError) as caught:
        run(mode, **settings)
    return list(caught.value.problems)
