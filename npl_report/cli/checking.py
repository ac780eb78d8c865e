"""``npl-report check``, ``bind``, ``tieout`` and ``doctor``: what is wrong, with inputs, figures or the install."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from npl_report.cli.console import ProgressLine, echo, listed, tell
from npl_report.cli.options import AsOf, Json, Where, WhichEdition, day, project_of

OneEdition = Annotated[
    str | None,
    typer.Option(
        "--edition", "-e", help="Edition id; without it, and without --as-of, every edition.", show_default=False
    ),
]
Strict = Annotated[
    bool,
    typer.Option("--strict", help="Take what is only unusual for a problem, unless data/corrections.toml accepts it."),
]


def check(
    *,
    edition: OneEdition = None,
    as_of: AsOf = None,
    strict: Strict = False,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Check data, words and prose, and report every problem at once. Writes nothing."""
    from npl_report.build.check import check as run
    from npl_report.build.job import Options

    found = project_of(project)
    with ProgressLine(quiet=as_json) as progress:
        checked = run(found, Options(edition, day(as_of)), progress, strict=strict)
    if as_json:
        warnings, notices = ([item.as_dict() for item in items] for items in (checked.warnings, checked.notices))
        tell(**checked.counts, warnings=warnings, notices=notices)
        return
    for word, items in (("warning", checked.warnings), ("notice", checked.notices)):
        for line in listed(items, word):
            echo(line)
    echo("no problem found: " + ", ".join(f"{count} {name}" for name, count in checked.counts.items()))


def bind(
    *,
    page: Annotated[Path, typer.Argument(help="A chapter's file, such as report/en/market.qmd.", show_default=False)],
    edition: WhichEdition = None,
    line: Annotated[int | None, typer.Option(help="Of which line; with --choose.", show_default=False)] = None,
    figure: Annotated[str | None, typer.Option(help="Which figure of the line, as typed.", show_default=False)] = None,
    choose: Annotated[
        int | None, typer.Option(help="Bind it to the proposal of this number.", show_default=False)
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what there is to choose, and write nothing.")
    ] = False,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Bind figures typed in prose to the cells that print so: you choose, on a terminal or by --line and --choose.

    Exit 1 while a figure is left typed.
    """
    from npl_report.build.bind import typed_in, write
    from npl_report.cli.bind import as_dicts, asked, interactive, picked, report

    found = project_of(project)
    with ProgressLine(quiet=as_json) as progress:
        prose = typed_in(found, page, edition, progress)
    if line is not None and choose is not None:
        chosen = picked(prose, line, choose, figure)
    else:
        chosen = asked(prose) if interactive() and not (dry_run or as_json) else []
    if chosen and not dry_run:
        write(prose, chosen)
    left = len(prose.typed) + len(prose.others) - (0 if dry_run else len(chosen))
    if as_json:
        tell(ok=not left, typed=as_dicts(prose.typed), others=[problem.as_dict() for problem in prose.others])
    else:
        report(prose, chosen, left, listed=not (chosen or interactive()) or dry_run)
    if left:
        raise typer.Exit(1)


def tieout(*, edition: WhichEdition = None, as_json: Json = False, project: Where = None) -> None:
    """Compare every published figure of data/published/ with the tables. Exit 1 if an exact one differs."""
    from npl_report.cli.tieout import print_tieout

    print_tieout(project_of(project), edition, as_json=as_json)


def doctor(*, as_json: Json = False, project: Where = None) -> None:
    """Say what is installed, what is missing, and the command to get it."""
    from npl_report.cli.doctor import examine

    examine(project, as_json=as_json)
