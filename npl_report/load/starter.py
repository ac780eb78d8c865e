"""A new project from the sample that comes with the program."""

from __future__ import annotations

import shutil
from pathlib import Path

import npl_report
from npl_report.load.inputs import unread
from npl_report.load.project import Project, read_series
from npl_report.model import InputError, Problem

_PARTS = ("report", "templates", "data")
_FILES = "_quarto*.yml"
"""For those who use Quarto, a file for each language; the wheel carries them too (pyproject.toml)."""
_UNVERSIONED = "/build/\n/site/\n/_site/\n/.quarto/\n"
"""What the program and Quarto make, for .gitignore. Folders that ``npl-report prepare`` writes keep themselves out."""


def start_project(target: Path, known_tables: tuple[str, ...]) -> Project:
    """Copy prose, looks, sample data and the settings of Quarto into ``target``, which must be new or empty.

    Nothing is copied that only lies beside them.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(
            [Problem(str(target), rule="the folder is not empty", fix="name a new folder; nothing is overwritten")]
        )
    package = Path(npl_report.__file__).parent
    source = package / "_starter" if (package / "_starter").is_dir() else package.parent
    sample = Project(source)
    strangers = {source / name for name in unread(sample, read_series(sample, known_tables))}
    try:
        for part in _PARTS:
            shutil.copytree(
                source / part,
                target / part,
                ignore=lambda folder, names: [name for name in names if Path(folder) / name in strangers],
            )
        for path in sorted(source.glob(_FILES)):
            shutil.copyfile(path, target / path.name)
        if not (target / ".gitignore").exists():
            (target / ".gitignore").write_text(_UNVERSIONED, encoding="utf-8")
    except OSError as error:
        raise InputError(
            [
                Problem(
                    str(target),
                    rule=f"cannot write: {error.strerror or error}",
                    fix="choose a folder that you may write to",
                )
            ]
        ) from None
    return Project(target)
