"""A new project, from a sample that comes with the program, or for data of one's own.

The main sample, ``china``, lies beside the program: ``report/``, ``templates/``, ``data/``. Another one is a folder of
``samples/`` that holds what it has of its own; looks, and pages in a language that it shares, are those of the others.
``none`` is one without data: it holds heads of files, and marks what is to be filled in.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import npl_report
from npl_report.files.writing import keep
from npl_report.load.inputs import unread
from npl_report.load.neutral import Choice, fitted
from npl_report.load.project import Project, read_series
from npl_report.model import InputError, Problem, Series, nearest

MAIN = "china"
NONE = "none"
APPARATUS = ("index", "market", "recovery", "annex", "methodology", "data", "revisions")
"""Chapters that every project has: the others build on them."""
_PARTS = ("report", "templates", "data")
_FILES = "_quarto*.yml"
"""For those who use Quarto, a file for each language; the wheel carries them too (pyproject.toml)."""
_UNVERSIONED = "/build/\n/site/\n/_site/\n/.quarto/\n"
"""What the program and Quarto make, for .gitignore. Folders that ``npl-report prepare`` writes keep themselves out."""


@dataclass(frozen=True)
class Offer:
    """What can be chosen of a sample: languages, and chapters beside those that every project has."""

    languages: tuple[str, ...]
    chapters: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """What a project begins with; nothing named is everything. ``currency``: of data of one's own."""

    sample: str = MAIN
    languages: tuple[str, ...] = ()
    chapters: tuple[str, ...] = ()
    currency: str = ""


def samples() -> tuple[str, ...]:
    """Names of the samples, the main one first."""
    return (MAIN, *sorted(path.name for path in (source() / "samples").glob("*") if path.is_dir()))


def offer(sample: str, known_tables: tuple[str, ...]) -> Offer:
    """What a sample has; InputError if there is none of that name."""
    _refuse_strangers("--sample", [sample], samples(), "there is no such sample")
    project = _place(sample)
    chapters = (chapter.key for chapter in read_series(project, known_tables).chapters)
    return Offer(_languages(project), tuple(key for key in chapters if key not in APPARATUS))


def start_project(target: Path, known_tables: tuple[str, ...], wanted: Wanted | None = None) -> Project:
    """Write prose, looks, data and the settings of Quarto into ``target``, which must be new or empty.

    Nothing is copied that only lies beside the sample.
    """
    wanted = wanted or Wanted()
    choice = _choice(target, known_tables, wanted)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(
            [Problem(str(target), rule="the folder is not empty", fix="name a new folder; nothing is overwritten")]
        )
    files = _own(source(), known_tables)
    if wanted.sample != MAIN:
        files = _laid_over(files, source() / "samples" / wanted.sample, known_tables)
    try:
        for name, path in choice.files(files).items():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)
        for name, text in fitted(target, choice).items():
            keep(target / name, text.encode())
        if not (target / ".gitignore").exists():
            keep(target / ".gitignore", _UNVERSIONED.encode())
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


def _choice(target: Path, known_tables: tuple[str, ...], wanted: Wanted) -> Choice:
    """What is chosen, every part of it known."""
    there = offer(wanted.sample, known_tables)
    strange = f"the sample {wanted.sample} has no such"
    _refuse_strangers("--languages", wanted.languages, there.languages, f"{strange} language")
    _refuse_strangers("--chapters", wanted.chapters, (*APPARATUS, *there.chapters), f"{strange} chapter")
    if wanted.currency and (wanted.sample != NONE or not (wanted.currency.isalpha() and len(wanted.currency) == 3)):  # noqa: PLR2004 -- ISO 4217
        rule, fix = "is the code of a currency, for --sample none", "write it as in --currency EUR (ISO 4217)"
        raise InputError([Problem("--currency", value=wanted.currency, rule=rule, fix=fix)])
    kept = {*APPARATUS, *(wanted.chapters or there.chapters)}
    series = read_series(_place(wanted.sample), known_tables)
    return Choice(
        target.resolve().name,
        tuple(of for of in there.languages if of in (wanted.languages or there.languages)),
        tuple(chapter for chapter in series.chapters if chapter.key in kept),
        tuple(dict.fromkeys((*series.without, *(of for of in there.chapters if of not in kept)))),
        wanted.currency.upper(),
    )


def _refuse_strangers(place: str, given: tuple[str, ...] | list[str], known: tuple[str, ...], rule: str) -> None:
    """InputError for every name that is not known, with the nearest, and what there is."""
    listed = f"there are {', '.join(known)}"
    strange = [name for name in given if name not in known]
    if strange:
        near = {name: nearest(name, known) for name in strange}
        raise InputError(
            Problem(
                place, value=name, rule=rule, fix=listed if near[name].startswith("there") else f"{near[name]} {listed}"
            )
            for name in strange
        )


def source() -> Path:
    """The folder of the main sample."""
    package = Path(npl_report.__file__).parent
    return package / "_starter" if (package / "_starter").is_dir() else package.parent


def _place(sample: str) -> Project:
    return Project(source() if sample == MAIN else source() / "samples" / sample)


def _languages(project: Project) -> tuple[str, ...]:
    """Languages in which a sample has the publication's own words."""
    return tuple(sorted(path.parent.name for path in project.report.glob("*/_series.toml")))


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
    """The files of another sample: its own, the looks, and the pages of its languages that others have."""
    project = Project(folder)
    series = read_series(project, known_tables)
    strangers = {folder / name for name in _strangers(project, series)}
    parts = chain.from_iterable((folder / part).rglob("*") for part in ("report", "data"))
    found = (path for path in (*parts, *folder.glob(_FILES)) if path.is_file() and strangers.isdisjoint(_within(path)))
    own = {path.relative_to(folder).as_posix(): path for path in sorted(found)}
    kept = ("templates", *(f"report/{language}" for language in _languages(project)))
    shared = {name: path for name, path in main.items() if name.startswith(tuple(f"{part}/" for part in kept))}
    return _of_others(folder, kept) | shared | own


def _of_others(folder: Path, kept: tuple[str, ...]) -> dict[str, Path]:
    """Pages of languages that only another sample has."""
    found: dict[str, Path] = {}
    for other in sorted(path for path in folder.parent.iterdir() if path.is_dir() and path != folder):
        pages = chain.from_iterable((other / part).glob("*") for part in kept)
        found |= {path.relative_to(other).as_posix(): path for path in pages if path.is_file()}
    return found


def _strangers(project: Project, series: Series) -> list[str]:
    """What lies beside a sample and no edition reads; words of languages whose pages it shares are read."""
    return [name for name in unread(project, series) if not name.endswith(("/_series.toml", "/references.bib"))]
