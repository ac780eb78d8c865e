"""The commands in the order in which ``--help`` prints them, with their examples.

Each is short: it reads options, calls the stage that does the work, and prints.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from npl_report import __version__
from npl_report.cli.archive import diff, editions, publish, verify
from npl_report.cli.building import build, prepare
from npl_report.cli.checking import bind, check, doctor, tieout
from npl_report.cli.console import echo
from npl_report.cli.handing import bundle, distribute
from npl_report.cli.serving import serve
from npl_report.cli.starting import guide, init, new_chapter, new_edition, new_language, new_table

app = typer.Typer(
    name="npl-report",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=(
        "Compute a research series on NPL securitisations from deal-level data, "
        "and publish it as a site and a PDF note."
    ),
    epilog="Commands act on the project folder they stand in: the nearest one upwards with report/series.toml.",
)


@app.callback(invoke_without_command=True)
def root(*, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Options of the program itself."""
    if version:
        echo(f"npl-report {__version__}")
        raise typer.Exit


COMMANDS: dict[Callable[..., None], str] = {
    build: (
        "Examples: npl-report build · npl-report build --edition 2020-03 --lang en --no-pdf · "
        "npl-report build --engine quarto"
    ),
    serve: "Examples: npl-report serve · npl-report serve --edition 2020-03 --lang en --port 8080",
    prepare: (
        "Examples: npl-report prepare · npl-report prepare --edition 2020-03 --lang en · "
        "NPL_REPORT_EDITION=2020-03 quarto preview --profile zh"
    ),
    publish: (
        "Examples: npl-report publish 2020-03 · npl-report publish 2020-03 --revision · npl-report publish --mend"
    ),
    verify: "Examples: npl-report verify · npl-report verify 2020-03 --rebuild",
    diff: "Examples: npl-report diff 2020-03 2021-12 · npl-report diff 2020-03 2020-03-r2 --table recovery_by_type",
    bundle: "Examples: npl-report bundle 2020-03 · npl-report bundle 2020-03 --out handover.zip --force",
    distribute: (
        "Examples: npl-report distribute 2020-03 --to investors.csv · "
        "npl-report distribute 2020-03 --to investors.csv --send --watermark"
    ),
    editions: "Examples: npl-report editions · npl-report editions --json",
    check: "Example: npl-report check --json",
    bind: "Examples: npl-report bind report/en/market.qmd · npl-report bind report/en/market.qmd --line 8 --choose 1",
    tieout: "Example: npl-report tieout --edition 2020-03 --json",
    doctor: "Example: npl-report doctor --json",
    init: (
        "Examples: npl-report init my-series --sample none --languages en · "
        "npl-report init my-series --sample china --chapters recovery,market"
    ),
    guide: "Examples: npl-report guide · npl-report guide claims",
    new_table: "Example: npl-report new-table recovery_by_size --chapter recovery",
    new_chapter: "Example: npl-report new-chapter outlook",
    new_language: "Example: npl-report new-language fr",
    new_edition: (
        "Examples: npl-report new-edition 2022-06 · "
        "npl-report new-edition spring --as-of 2022-04-30 --chapters index,recovery"
    ),
}
"""Command → its examples, which stand under its help."""

for command, examples in COMMANDS.items():
    app.command(command.__name__.replace("_", "-"), epilog=examples)(command)
