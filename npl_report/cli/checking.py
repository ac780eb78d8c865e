"""``npl-report check``, ``tieout`` and ``doctor``: what is wrong, with the inputs, the figures or the install."""

from __future__ import annotations

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


def tieout(*, edition: WhichEdition = None, as_json: Json = False, project: Where = None) -> None:
    """Compare every published figure of data/published/ with the tables. Exit 1 if an exact one differs."""
    from npl_report.cli.tieout import print_tieout

    print_tieout(project_of(project), edition, as_json=as_json)


def doctor(*, as_json: Json = False, project: Where = None) -> None:
    """Say what is installed, what is missing, and the command to get it."""
    from npl_report.cli.doctor import examine

    examine(project, as_json=as_json)
