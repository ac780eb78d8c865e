"""A chapter's file → the figures typed in it with the cells that print so, and the file with those that are chosen."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from npl_report.build.job import Options, chosen_edition
from npl_report.build.kept import KeptTables
from npl_report.build.reading import read
from npl_report.files.texts import read_text
from npl_report.files.writing import keep
from npl_report.load.project import Project
from npl_report.model import InputError, Problem, nearest
from npl_report.model.progress import Progress
from npl_report.present.bindable import Proposal, Typed, bindable, bound
from npl_report.text.lint import hand_typed


@dataclass(frozen=True)
class Prose:
    """A chapter's file, as messages name it, and the figures typed in it.

    ``others``: what is typed otherwise, in expressions or in words, and is bound by hand.
    """

    path: Path
    shown: str
    typed: tuple[Typed, ...]
    others: tuple[Problem, ...]


def typed_in(project: Project, path: Path, edition: str | None, progress: Progress) -> Prose:
    """The figures typed in a chapter, with proposals from an edition's tables; InputError if it is no chapter of it.

    Without an edition it is the latest that has this page, and not one of its own in its place.
    """
    place, root = path.resolve(), project.report.resolve()
    if not place.is_relative_to(root) or place.suffix != ".qmd":
        fix = "name the file of a chapter, such as report/en/market.qmd"
        raise InputError([Problem(str(path), rule="is no page of this project", fix=fix)])
    language, chapter = place.parent.name, place.stem
    shown = f"report/{place.relative_to(root).as_posix()}"
    source = read_text(place, shown)
    having = (id_ for id_ in reversed(project.editions) if project.page(id_, language, chapter) == shown)
    found = chosen_edition(project, Options(edition or next(having, None), languages=(language,)))
    reading = read(project, found, progress, KeptTables(project.build / ".cache" / "results", only_read=True))
    localized = reading.by_language[language]
    if chapter not in localized.chapters:
        fix = nearest(chapter, localized.chapters, "take an edition that has it (--edition)")
        raise InputError([Problem(shown, rule=f"edition {found.id} has no such chapter", fix=fix)])
    if (page := localized.chapters[chapter].shown) != shown:
        fix = f"name that page, or the edition that has this one (--edition): {', '.join(project.editions)}"
        raise InputError([Problem(shown, rule=f"edition {found.id} has the page {page} in its place", fix=fix)])
    typed = tuple(bindable(localized, chapter, source))
    there = {(one.line, one.value) for one in typed}
    others = (problem for problem in hand_typed(source, shown) if (problem.row, problem.value) not in there)
    return Prose(place, shown, typed, tuple(others))


def write(prose: Prose, chosen: Iterable[Proposal]) -> None:
    """Put the chosen bindings into the file, whole or not at all; everything else stays as it is, byte for byte."""
    data = prose.path.read_bytes()
    mark = BOM_UTF8 if data.startswith(BOM_UTF8) else b""
    text = data.removeprefix(mark).decode("utf-8")
    keep(prose.path, mark + bound(text, chosen).encode("utf-8"))
