"""``npl-report init``: a project of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from npl_report.cli.console import echo, shown


def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    sample: Annotated[str | None, typer.Option(help="Another sample than the main one: euro.")] = None,
) -> None:
    """Start a project of your own from a sample: prose, looks and data."""
    from npl_report.load.starter import start_project
    from npl_report.load.tablefolders import table_keys

    project = start_project(folder, table_keys(), sample)
    echo(f"{shown(project.root.resolve())}: report/, templates/, data/, _quarto*.yml")
    echo("replace the files in data/ by your own, then: npl-report check, npl-report build")
