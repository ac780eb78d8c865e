"""``npl-report build`` and ``prepare``: an edition's pages, as a site or as a Quarto project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from npl_report.cli.console import ProgressLine, echo, shown, tell, warn
from npl_report.cli.options import AsOf, Beside, Jobs, Json, Where, WhichEdition, day, project_of
from npl_report.model.errors import InputError, Problem

if TYPE_CHECKING:
    from npl_report.build.engine import Engine
    from npl_report.build.job import Outcome
    from npl_report.engines.quarto.prepare import Prepared

EngineName = Annotated[str, typer.Option(help="builtin (needs nothing more), or quarto (needs Quarto 1.5 or newer).")]
QuartoProgram = Annotated[
    str | None,
    typer.Option(
        "--quarto",
        metavar="PATH",
        help="The quarto program, if not that of QUARTO_PATH or on PATH.",
        show_default=False,
    ),
]
Languages = Annotated[
    list[str] | None, typer.Option("--lang", help="A language; may be given more than once.", show_default=False)
]
PreparedEdition = Annotated[
    str | None,
    typer.Option(
        "--edition",
        "-e",
        envvar="NPL_REPORT_EDITION",
        help="Edition id; without it the latest, and where Quarto calls this, the one prepared last.",
        show_default=False,
    ),
]
PreparedLanguages = Annotated[
    list[str] | None,
    typer.Option(
        "--lang",
        help="A language; may be given more than once. Without it those of QUARTO_PROFILE, or else the edition's.",
        show_default=False,
    ),
]
PreparedPdf = Annotated[
    bool | None,
    typer.Option(
        "--pdf/--no-pdf",
        help="Print the PDF notes, which takes half a minute; without it, not.",
        show_default=False,
    ),
]


def build(
    *,
    edition: WhichEdition = None,
    as_of: AsOf = None,
    engine: EngineName = "builtin",
    quarto: QuartoProgram = None,
    lang: Languages = None,
    jobs: Jobs = None,
    pdf: Annotated[bool, typer.Option("--pdf/--no-pdf", help="Print the PDF notes.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Build even if nothing changed.")] = False,
    beside: Beside = None,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Build an edition into build/EDITION/: HTML pages, downloads and PDF notes."""
    from npl_report.build.building import build as run
    from npl_report.build.job import Options

    found = project_of(project)
    options = Options(
        edition,
        day(as_of),
        tuple(lang or ()),
        jobs=jobs or Options().jobs,
        pdf=pdf,
        force=force,
        engine=_engine(engine, quarto),
        beside=tuple(beside or ()),
    )
    with ProgressLine(quiet=as_json) as progress:
        outcome = run(found, options, progress)
    if as_json:
        tell(edition=outcome.edition, folder=str(outcome.folder), unchanged=outcome.unchanged, **_sizes(outcome))
    else:
        _print_built(outcome, progress.seconds, pdf=pdf)


def _engine(name: str, program: str | None) -> Engine:
    """The engine of that name; ``program`` is where Quarto is. InputError if there is none, or no Quarto."""
    from npl_report.build.engine import BUILTIN

    if name not in ("builtin", "quarto"):
        fix = "use builtin, which needs nothing but this install, or quarto"
        raise InputError([Problem("--engine", value=name, rule="there is no such engine", fix=fix)])
    if name == "quarto":
        from npl_report.engines.quarto.engine import QuartoEngine
        from npl_report.engines.quarto.finding import find_quarto

        return QuartoEngine(find_quarto(program))
    if program:
        fix = "add --engine quarto, or leave it out"
        raise InputError([Problem("--quarto", value=program, rule="is for the engine quarto only", fix=fix)])
    return BUILTIN


def _sizes(outcome: Outcome) -> dict[str, int]:
    return {"pages": outcome.pages, "files": outcome.files, "bytes": outcome.bytes}


def _print_built(outcome: Outcome, seconds: float, *, pdf: bool) -> None:
    """What was built, and where to begin reading."""
    from npl_report.files.systemlibraries import slower

    place = shown(outcome.folder)
    if outcome.without:
        echo(f"not in this build, as asked: {', '.join(outcome.without)}")
    if outcome.unchanged:
        echo(f"{place} is up to date ({outcome.pages} pages); --force builds it again")
        return
    echo(f"{outcome.pages} pages, {outcome.files} files, {outcome.bytes / 1e6:.1f} MB in {seconds:.1f} s")
    for path in sorted(outcome.folder.glob("*/index.html")) + sorted(outcome.folder.glob("*/note.pdf")):
        echo(f"  {shown(path)}")
    if pdf:
        warn(slower())


def prepare(
    *,
    edition: PreparedEdition = None,
    lang: PreparedLanguages = None,
    jobs: Jobs = None,
    pdf: PreparedPdf = None,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Write the pages of an edition as a Quarto project: zh/, en/, assets/, downloads/.

    The pre-render step of _quarto.yml.
    """
    from npl_report.build.job import Options
    from npl_report.engines.quarto.prepare import WAIT, is_hook, profile_languages, recorded
    from npl_report.engines.quarto.prepare import prepare as run

    found = project_of(project)
    languages = tuple(lang or profile_languages(found))
    if is_hook() and not edition and pdf is None:
        edition, pdf = recorded(found, languages)
    options = Options(edition or None, None, languages, jobs=jobs or Options().jobs, pdf=pdf or False)
    with ProgressLine(quiet=as_json) as progress:
        outcome = run(found, options, progress, wait=WAIT if is_hook() else 0)
    if as_json:
        tell(
            edition=outcome.edition,
            folders=list(outcome.folders),
            pages=outcome.pages,
            written=outcome.written,
            removed=outcome.removed,
        )
    else:
        _print_prepared(outcome, pdf=options.pdf)


def _print_prepared(outcome: Prepared, *, pdf: bool) -> None:
    """What was written, and in which folders."""
    from npl_report.files.systemlibraries import slower

    did = (
        f"{outcome.written} {'file' if outcome.written == 1 else 'files'} written, {outcome.removed} removed"
        if outcome.written or outcome.removed
        else "up to date"
    )
    folders = ", ".join(f"{name}/" for name in outcome.folders)
    echo(f"edition {outcome.edition}: {outcome.pages} pages in {folders}: {did}")
    if pdf:
        warn(slower())
