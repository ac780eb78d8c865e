"""``npl-report init``, ``guide``, ``new-table``, ``new-chapter`` and the like: a project, and what is added to it."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from npl_report.cli.console import ProgressLine, echo, shown, tell
from npl_report.cli.options import Json, Where, day, project_of

if TYPE_CHECKING:
    from npl_report.load.additions import Added

Key = Annotated[str, typer.Argument(help="Its key, which names its file and its page.", show_default=False)]
Code = Annotated[str, typer.Argument(help="The code of the language, such as fr.", show_default=False)]
InChapter = Annotated[
    str | None,
    typer.Option("--chapter", help="Where it stands; without it, in the last chapter with tables.", show_default=False),
]
OfEdition = Annotated[str, typer.Argument(metavar="ID", help="Its id, such as 2022-06.", show_default=False)]
OnDay = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help="Its as-of date; without it the last day of the month that its id names.",
        show_default=False,
    ),
]
Chapters = Annotated[str, typer.Option(help="Of which it gets pages of its own, parted by commas.")]
_SHOWN = 8
"""Files that are named one by one."""


def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    sample: Annotated[str | None, typer.Option(help="china, euro, or none for data of your own.")] = None,
    languages: Annotated[str | None, typer.Option(help="Some of the sample's, as in en,zh; without it all.")] = None,
    chapters: Annotated[str | None, typer.Option(help="Some of them, as in recovery,market; without it all.")] = None,
    currency: Annotated[str | None, typer.Option(help="With --sample none: its code, as in EUR.")] = None,
) -> None:
    """Start a project: prose, looks and data from a sample, or empty files for your own data.

    Without options it asks on a terminal; elsewhere it takes the sample china, whole.
    """
    from npl_report.load.starter import APPARATUS, MAIN, NONE, Wanted, offer, samples, start_project
    from npl_report.load.tablefolders import table_keys

    asks = sys.stdin.isatty() and (sample, languages, chapters, currency) == (None,) * 4
    if asks:
        sample = _asked(f"sample ({', '.join(samples())}; none: your own data)", MAIN)
        there = offer(sample, table_keys())
        languages = _asked(f"languages ({', '.join(there.languages)})", ",".join(there.languages))
        chapters = _asked(f"chapters beside {', '.join(APPARATUS)}", ",".join(there.chapters))
        currency = _asked("currency (its code)", "EUR") if sample == NONE else None
    wanted = Wanted(sample or MAIN, _listed(languages), _listed(chapters), currency or "")
    project = start_project(folder, table_keys(), wanted)
    echo(f"{shown(project.root.resolve())}: report/, templates/, data/, _quarto*.yml")
    if chapters and not asks and (kept := [key for key in APPARATUS if key not in _listed(chapters)]):
        echo(f"kept, for the others build on them: {', '.join(kept)}")
    if wanted.sample == NONE:
        echo("next: npl-report check says what to fill in; npl-report guide begin leads to an edition")
    else:
        echo("replace the files in data/ by your own, then: npl-report check, npl-report build; npl-report guide begin")


def _asked(question: str, default: str) -> str:
    return str(typer.prompt(question, default=default)).strip()


def _listed(given: str | None) -> tuple[str, ...]:
    """Names parted by commas."""
    return tuple(dict.fromkeys(name.strip() for name in (given or "").split(",") if name.strip()))


def guide(
    section: Annotated[str | None, typer.Argument(help="A section of it, such as claims.", show_default=False)] = None,
) -> None:
    """Print the user's guide, or one of its sections."""
    from npl_report.load.guide import guide as text

    echo(text(section).rstrip("\n"))


def new_table(*, key: Key, chapter: InChapter = None, as_json: Json = False, project: Where = None) -> None:
    """Begin a table of the project's own, and place it in a chapter."""
    from npl_report.load.additions import add_table

    _told(add_table(project_of(project), key, chapter), as_json=as_json)


def new_chapter(*, key: Key, as_json: Json = False, project: Where = None) -> None:
    """Begin a chapter, in every language of the project."""
    from npl_report.load.additions import add_chapter

    _told(add_chapter(project_of(project), key), as_json=as_json)


def new_language(*, code: Code, as_json: Json = False, project: Where = None) -> None:
    """Begin a language: copies of prose and words, marked as a draft until they are translated."""
    from npl_report.load.additions import add_language

    _told(add_language(project_of(project), code), as_json=as_json)


def new_edition(
    *,
    edition: OfEdition,
    as_of: OnDay = None,
    chapters: Chapters = "index",
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Begin an edition with the settings of the newest, and drafts of pages of its own."""
    from npl_report.build.newedition import add_edition

    keys = [key for key in chapters.replace(" ", "").split(",") if key]
    found = project_of(project)
    with ProgressLine(quiet=as_json) as progress:
        added = add_edition(found, edition, day(as_of), keys, progress)
    _told(added, as_json=as_json)


def _told(added: Added, *, as_json: bool) -> None:
    """What was written, what to do next, and what undoes it."""
    if as_json:
        notices = [notice.as_dict() for notice in added.notices]
        tell(written=added.written, changed=added.changed, next=added.next, undo=added.undo, notices=notices)
        return
    for name in added.written[:_SHOWN]:
        echo(f"wrote {name}")
    if len(added.written) > _SHOWN:
        echo(f"wrote {len(added.written) - _SHOWN} more")
    for name in added.changed:
        echo(f"changed {name}")
    for notice in added.notices:
        echo(f"notice: {notice}")
    echo(f"next: {added.next}")
    echo(f"to undo it: {added.undo}")
