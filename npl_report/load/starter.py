"""A new project from the sample that comes with the program."""

from __future__ import annotations

import shutil
from pathlib import Path

import npl_report
from npl_report.load.project import Project
from npl_report.model import InputError, Problem

_PARTS = ("report", "templates", "data")
_FILES = ("_quarto.yml", "_quarto-zh.yml", "_quarto-en.yml")
"""For those who use Quarto; the wheel carries them too (pyproject.toml)."""
_UNVERSIONED = "/build/\n/site/\n/_site/\n/.quarto/\n"
"""What the program and Quarto make, for .gitignore. Folders that ``npl-report prepare`` writes keep themselves out."""


def start_project(target: Path) -> Project:
    """Copy prose, looks, sample data and the settings of Quarto into ``target``, which must be new or empty."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError([Problem(str(target), rule="the folder is not empty", fix="name a new folder; nothing is overwritten")])
    package = Path(npl_report.__file__).parent
    source = package / "_starter" if (package / "_starter").is_dir() else package.parent
    try:
        for part in _PARTS:
            shutil.copytree(source / part, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        for name in _FILES:
            shutil.copyfile(source / name, target / name)
        if not (target / ".gitignore").exists():
            (target / ".gitignore").write_text(_UNVERSIONED, encoding="utf-8")
    except OSError as error:
        raise InputError([Problem(str(target), rule=f"cannot write: {error.strerror or error}", fix="choose a folder that you may write to")]) from None
    return Project(target)
