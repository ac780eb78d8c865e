"""``npl-report publish``, ``verify``, ``diff`` and ``editions``: what is published in site/, and what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from npl_report.cli.console import ProgressLine, echo, shown, tell, warn
from npl_report.cli.options import Beside, Jobs, Json, Where, project_of
from npl_report.load.project import Project
from npl_report.model.errors import InputError, Problem

if TYPE_CHECKING:
    from npl_report.publish.publishing import Outcome

NewEdition = Annotated[str, typer.Argument(help="Edition id, such as 2020-03.", show_default=False)]
Revision = Annotated[
    bool,
    typer.Option(
        "--revision", help="An earlier revision is published; this one, with its restatement, comes beside it."
    ),
]
Mend = Annotated[
    bool,
    typer.Option("--mend", help="Only put right what a stopped publish left, and write the files at the root again."),
]
Folders = Annotated[
    list[str] | None,
    typer.Argument(help="Folders in site/, such as 2020-03 or 2020-03-r2; all without one.", show_default=False),
]
OwnCode = Annotated[
    bool,
    typer.Option(
        "--own-code", help="Let a rebuild run tables and charts that an edition recorded and the project has otherwise."
    ),
]
Rebuild = Annotated[
    bool, typer.Option("--rebuild", help="Build again from the recorded inputs and compare byte for byte.")
]
First = Annotated[
    str,
    typer.Argument(
        metavar="A",
        help="A folder of site/, such as 2020-03 or 2020-03-r2; or an edition that is not published yet.",
        show_default=False,
    ),
]
Second = Annotated[
    str,
    typer.Argument(
        metavar="B",
        help="The other one; the earlier is compared with the later, whichever is named first.",
        show_default=False,
    ),
]
Tables = Annotated[
    list[str] | None,
    typer.Option(
        "--table", help="List the changed numbers of a table; may be given more than once.", show_default=False
    ),
]


def publish(
    *,
    edition: NewEdition = "",
    revision: Revision = False,
    mend: Mend = False,
    beside: Beside = None,
    jobs: Jobs = None,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Build an edition strictly and add it to site/, once: a published edition is never changed."""
    from npl_report.build.job import Options
    from npl_report.publish.publishing import publish as run

    found = project_of(project)
    if mend:
        _put_right(found)
        return
    if not edition:
        fix = f"name one of {', '.join(found.editions) or 'report/editions'}"
        raise InputError([Problem("publish", rule="no edition is named", fix=fix)])
    options = Options(edition, jobs=jobs or Options().jobs, beside=tuple(beside or ()))
    with ProgressLine(quiet=as_json) as progress:
        outcome = run(found, options, progress, revision=revision)
    if as_json:
        tell(
            edition=outcome.edition,
            revision=outcome.revision,
            folder=str(outcome.folder),
            pages=outcome.pages,
            files=outcome.files,
            bytes=outcome.bytes,
        )
    else:
        _print_published(found, outcome, progress.seconds)


def _put_right(project: Project) -> None:
    """What a stopped publish left is put right, and that is said."""
    from npl_report.publish.publishing import mend

    mend(project)
    echo(
        f"{shown(project.site)}: a stopped publish has left nothing; npl-report verify checks every file"
        if project.site.is_dir()
        else "nothing is published"
    )


def _print_published(project: Project, outcome: Outcome, seconds: float) -> None:
    """What was published, and where the site begins."""
    from npl_report.files.systemlibraries import slower

    size = f"{outcome.pages} pages, {outcome.files} files, {outcome.bytes / 1e6:.1f} MB"
    echo(f"{shown(outcome.folder)}: {size} in {seconds:.1f} s")
    echo(f"  {shown(project.site / 'index.html')}")
    warn(slower())


def verify(
    *,
    edition: Folders = None,
    rebuild: Rebuild = False,
    own_code: OwnCode = False,
    beside: Beside = None,
    jobs: Jobs = None,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Compare site/ with its hashes; exit 1 and the names of the files if anything differs.

    A rebuild on another processor or with other libraries may give other bytes: if the figures are the same, that is
    said, and no fault.
    """
    from npl_report.build.job import Options
    from npl_report.publish.verify import verify as run

    found = project_of(project)
    with ProgressLine(quiet=as_json) as progress:
        facts = run(
            found,
            edition or [],
            progress,
            rebuild=rebuild,
            jobs=jobs or Options().jobs,
            beside=beside or (),
            own_code=own_code,
        )
    if as_json:
        tell(**facts)
        return
    echo("as published: " + ", ".join(f"{count} {name}" for name, count in facts.items() if count and name != "notes"))
    for note in facts.get("notes", ()):
        echo(note)


def diff(
    *,
    first: First,
    second: Second,
    table: Tables = None,
    every: Annotated[bool, typer.Option("--all", help="List the changed numbers of all tables.")] = False,
    beside: Beside = None,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Say of every number of two editions whether it changed, and what moved it by how much."""
    from npl_report.cli.diff import print_changes, print_json
    from npl_report.compare.changes import compare
    from npl_report.compare.sides import read_sides

    with ProgressLine(quiet=as_json) as progress:
        old, new = read_sides(project_of(project), first, second, beside or ())
        changes = compare(old, new, progress, table or ())
    if as_json:
        print_json(old, new, changes)
    else:
        print_changes(old, new, changes, tables=table or [], every=every)


def editions(*, as_json: Json = False, project: Where = None) -> None:
    """List the editions, oldest first, so that the last is the latest: by as-of date, and of one day by id."""
    from npl_report.load.project import read_edition

    found = project_of(project)
    if not as_json:
        for id_ in found.editions:
            echo(id_)
        return
    from npl_report.editions.folder import folder_of, ledger

    published = ledger(found.site)
    facts = [
        {
            "edition": edition.id,
            "as_of": edition.as_of.isoformat(),
            "published_on": edition.published_on.isoformat(),
            "revision": edition.revision,
            "languages": edition.languages,
            "published": folder_of(edition.id, edition.revision) in published,
        }
        for edition in (read_edition(found, id_) for id_ in found.editions)
    ]
    tell(editions=facts)
