"""A new project from a sample that comes with the program.

The main one lies beside the program: ``report/``, ``templates/``, ``data/``. Another one is a folder of ``samples/``
that holds what it has of its own; looks, and pages in a language that it shares, are those of the main one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import npl_report
from npl_report.load.inputs import unread
from npl_report.load.project import Project, read_series
from npl_report.model import InputError, Problem, nearest

_PARTS = ("report", "templates", "data")
_FILES = "_quarto*.yml"
"""For those who use Quarto, a file for each language; the wheel carries them too (pyproject.toml)."""
_UNVERSIONED = "/build/\n/site/\n/_site/\n/.quarto/\n"
"""What the program and Quarto make, for .gitignore. Folders that ``npl-report prepare`` writes keep themselves out."""


def samples() -> tuple[str, ...]:
    """Names of the samples beside the main one."""
    return tuple(sorted(path.name for path in (source() / "samples").iterdir() if path.is_dir()))


def start_project(target: Path, known_tables: tuple[str, ...], sample: str | None = None) -> Project:
    """Copy prose, looks, sample data and the settings of Quarto into ``target``, which must be new or empty.

    ``sample``: one of ``samples()``, or the main one. Nothing is copied that only lies beside them.
    """
    if sample is not None and sample not in samples():
        rule = f"there is no such sample; there is {', '.join(samples())}"
        raise InputError([Problem("--sample", value=sample, rule=rule, fix=nearest(sample, samples()))])
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(
            [Problem(str(target), rule="the folder is not empty", fix="name a new folder; nothing is overwritten")]
        )
    files = _own(source(), known_tables)
    if sample is not None:
        files = _laid_over(files, source() / "samples" / sample, known_tables)
    try:
        for name, source in files.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, path)
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


def source() -> Path:
    """The folder of the main sample."""
    package = Path(npl_report.__file__).parent
    return package / "_starter" if (package / "_starter").is_dir() else package.parent


def _own(source: Path, known_tables: tuple[str, ...]) -> dict[str, Path]:
    """The files of the main sample, by where they go."""
    main = Project(source)
    strangers = {source / name for name in unread(main, read_series(main, known_tables))}
    parts = chain.from_iterable((source / part).rglob("*") for part in _PARTS)
    found = (path for path in (*parts, *source.glob(_FILES)) if path.is_file())
    return {path.relative_to(source).as_posix(): path for path in sorted(found) if strangers.isdisjoint(_within(path))}


def _within(path: Path) -> Iterator[Path]:
    """A file and the folders that it is in."""
    return chain([path], path.parents)


def _laid_over(main: Mapping[str, Path], folder: Path, known_tables: tuple[str, ...]) -> dict[str, Path]:
    """The files of another sample: its own, the looks, and the pages of its languages that it does not have itself.

    Pages of chapters that it does without are left out.
    """
    project = Project(folder)
    series = read_series(project, known_tables)
    strangers = {folder / name for name in unread(project, series) if not name.endswith("/_series.toml")}
    parts = chain.from_iterable((folder / part).rglob("*") for part in ("report", "data"))
    found = (path for path in (*parts, *folder.glob(_FILES)) if path.is_file() and strangers.isdisjoint(_within(path)))
    own = {path.relative_to(folder).as_posix(): path for path in sorted(found)}
    languages = {path.name for path in (folder / "report").iterdir() if (path / "_series.toml").is_file()}
    kept = ("templates", *(f"report/{language}" for language in sorted(languages)))
    shared = {name: path for name, path in main.items() if name.startswith(tuple(f"{part}/" for part in kept))}
    left_out = {f"{key}.qmd" for key in series.without}
    return {name: path for name, path in (shared | own).items() if path.name not in left_out}
