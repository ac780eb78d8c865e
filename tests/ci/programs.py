"""Programs of .ci as modules, and stand-ins for programs of the system."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from tests.helpers.running import ROOT


def program(name: str) -> ModuleType:
    """A program of .ci as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def standin(folder: Path, name: str, *, status: int = 0, line: str = "") -> Path:
    """A program that notes its arguments in ``<folder>/called``, runs a line of shell, and ends with this status."""
    folder.mkdir(exist_ok=True)
    place = folder / name
    place.write_text(f'#!/bin/sh\necho "{name} $@" >>{folder}/called\n{line}\nexit {status}\n', encoding="utf-8")
    place.chmod(0o755)
    return place


def called(folder: Path) -> list[str]:
    """What was called in a folder of stand-ins."""
    place = folder / "called"
    return place.read_text(encoding="utf-8").splitlines() if place.exists() else []
