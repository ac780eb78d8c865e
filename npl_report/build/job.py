"""What a build is asked to do, and what it answers. Imports nothing heavy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from npl_report.build.engine import BUILTIN, Engine
from npl_report.load.project import Project, read_edition
from npl_report.load.unfilled import refuse_unfilled
from npl_report.model import Edition, InputError, Problem


@dataclass(frozen=True)
class Options:
    """What the command line can ask for.

    ``as_of`` and ``languages`` override the edition's file; ``beside`` are folders with restricted files of earlier
    editions.
    """

    edition: str | None = None
    as_of: date | None = None
    languages: tuple[str, ...] = ()
    jobs: int = field(default_factory=lambda: min(os.cpu_count() or 1, 4))
    pdf: bool = True
    force: bool = False
    engine: Engine = BUILTIN
    beside: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a build did.

    ``pages`` counts HTML pages; ``bytes`` is 0 for an unchanged build; ``without`` names what the edition has and this
    build was asked to leave out.
    """

    edition: str
    folder: Path
    unchanged: bool
    pages: int
    files: int
    bytes: int
    without: tuple[str, ...] = ()


class Collected:
    """Gathers the problems of many steps, so that a build tells all of them at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    @contextmanager
    def step(self) -> Iterator[None]:
        """Run a step; its InputError is kept for later."""
        try:
            yield
        except InputError as error:
            self.problems.extend(error.problems)

    def done(self) -> None:
        """Raise everything that was collected."""
        if self.problems:
            raise InputError(dict.fromkeys(self.problems))


def chosen_edition(project: Project, options: Options) -> Edition:
    """The edition's file with the command line's overrides."""
    refuse_unfilled(project)
    edition = read_edition(project, options.edition)
    if options.languages:
        strangers = [language for language in options.languages if language not in project.languages]
        if strangers:
            raise InputError(
                [
                    Problem(
                        "--lang",
                        value=", ".join(strangers),
                        rule="there is no such language",
                        fix=f"languages with prose: {', '.join(project.languages)}",
                    )
                ]
            )
        edition = replace(edition, languages=tuple(dict.fromkeys(options.languages)))
    return replace(edition, as_of=options.as_of) if options.as_of else edition
