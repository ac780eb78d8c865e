"""Options that several commands share, and what they lead to."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from npl_report.files.owned import owned_by, take
from npl_report.load.project import Project, find_project
from npl_report.model.errors import InputError, Problem

Where = Annotated[
    Path | None,
    typer.Option("--project", help="The project folder, if not this one or one above it.", show_default=False),
]
WhichEdition = Annotated[
    str | None,
    typer.Option("--edition", "-e", help="Edition id, such as 2020-03; without it the latest.", show_default=False),
]
Published = Annotated[str, typer.Argument(help="Folder in site/, such as 2020-03 or 2020-03-r2.", show_default=False)]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Another as-of date than the edition's.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, max=64, help="Processes to use; without it, one a core, at most four.", show_default=False),
]
Beside = Annotated[
    list[Path] | None,
    typer.Option(
        "--with",
        metavar="FOLDER",
        help="Where restricted files of published editions are kept; may be given more than once.",
        show_default=False,
    ),
]


def project_of(folder: Path | None) -> Project:
    """The project that ``--project`` names, or the nearest one upwards, whose own tables, charts and words are used.

    InputError if there is none.
    """
    start = (folder or Path.cwd()).resolve()
    if not start.is_dir():
        raise InputError([Problem(str(folder), rule="there is no such folder", fix="correct --project")])
    found = find_project(start)
    take(owned_by(found.root))
    return found


def day(value: datetime | None) -> date | None:
    """The day of ``--as-of``."""
    return value.date() if value else None
