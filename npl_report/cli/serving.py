"""``npl-report serve``: an edition in the browser while it is written."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from npl_report.cli.building import Languages
from npl_report.cli.console import ProgressLine, echo
from npl_report.cli.options import AsOf, Beside, Where, WhichEdition, day, project_of

_PORT = 8000


def serve(
    *,
    edition: WhichEdition = None,
    as_of: AsOf = None,
    lang: Languages = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0: any that is free.")] = _PORT,
    pdf: Annotated[bool, typer.Option("--pdf/--no-pdf", help="Print a PDF note when it is asked for.")] = True,
    beside: Beside = None,
    project: Where = None,
) -> None:
    """Show an edition in the browser, and show it again when data, prose or looks change.

    On this machine alone. Nothing is written to build/EDITION: build does that, and checks all links.
    """
    from npl_report.build.job import Options, chosen_edition
    from npl_report.live.edition import LiveEdition
    from npl_report.live.server import listening
    from npl_report.live.server import serve as run

    found = project_of(project)
    options = Options(edition, day(as_of), tuple(lang or ()), pdf=pdf, beside=tuple(beside or ()))
    if edition not in (None, *found.editions) or not {*options.languages} <= {*found.languages}:
        chosen_edition(found, options)  # says what was typed wrong: no file that is saved puts that right
    with listening(port) as place:
        with ProgressLine(quiet=False) as progress:
            live = LiveEdition(found, options, progress)
        for problem in live.problems:
            echo(str(problem))
        echo(f"http://127.0.0.1:{place.getsockname()[1]}/ shows the edition; Ctrl-C ends it")
        with live, suppress(KeyboardInterrupt):
            run(found, live, place, echo)
