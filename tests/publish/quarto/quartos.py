"""Launchers of stand-ins, and the real Quarto where there is one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from npl_report.model import InputError
from npl_report.publish.pandoc import pandoc
from npl_report.publish.quarto.finding import find_quarto

STANDIN = Path(__file__).with_name("standin.py")
Standin = Callable[..., Path]
"""Makes a launcher: ``standin("hang", pids=…)``."""


def make_standin(folder: Path, mode: str = "render", **settings: object) -> Path:
    """A launcher in ``folder`` whose program does what ``mode`` says."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {"mode": mode, "version": "1.9.38", "pandoc": pandoc(), **settings}
    (folder / "mode.json").write_text(json.dumps(said), encoding="utf-8")
    launcher = folder / "quarto"
    launcher.write_text(f'#!/bin/sh\nSTANDIN="{folder}" "{sys.executable}" "{STANDIN}" "$@"\n', encoding="utf-8")
    launcher.chmod(0o755)
    return launcher


def real_quarto() -> str:
    """The path of a real Quarto; a test that needs it is skipped with the reason where there is none."""
    try:
        return str(find_quarto().path)
    except InputError as error:
        problem = error.problems[0]
        pytest.skip(f"{problem.rule}; to run it: {problem.fix.partition(';')[0]}")


def has_quarto() -> bool:
    """Whether there is a real one."""
    try:
        find_quarto()
    except InputError:
        return False
    return True
