"""The commands. Each is short: it reads options, calls the stage that does the work, and prints."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from npl_report import __version__
from npl_report.cli.console import ProgressLine, echo, listed, shown, warn
from npl_report.load.project import Project, find_project
from npl_report.model.errors import InputError, Problem

if TYPE_CHECKING:
    from npl_report.build.engine import Engine

app = typer.Typer(
    name="npl-report",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Compute a research series on NPL securitisations from deal-level data, and publish it as a site and a PDF note.",
    epilog="Commands act on the project folder they stand in: the nearest one upwards with report/series.toml.",
)

Where = Annotated[
    Path | None,
    typer.Option("--project", help="The project folder, if not this one or one above it.", show_default=False),
]
WhichEdition = Annotated[
    str | None,
    typer.Option("--edition", "-e", help="Edition id, such as 2020-03; without it the latest.", show_default=False),
]
OneEdition = Annotated[
    str | None,
    typer.Option(
        "--edition", "-e", help="Edition id; without it, and without --as-of, every edition.", show_default=False
    ),
]
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
Languages = Annotated[
    list[str] | None, typer.Option("--lang", help="A language; may be given more than once.", show_default=False)
]


def _project(folder: Path | None) -> Project:
    start = (folder or Path.cwd()).resolve()
    if not start.is_dir():
        raise InputError([Problem(str(folder), rule="there is no such folder", fix="correct --project")])
    return find_project(start)


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


@app.callback(invoke_without_command=True)
def root(*, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Options of the program itself."""
    if version:
        echo(f"npl-report {__version__}")
        raise typer.Exit


def _engine(name: str, program: str | None) -> Engine:
    """The engine of that name; ``program`` is where Quarto is. InputError if there is none, or no Quarto."""
    from npl_report.build.engine import BUILTIN

    if name not in ("builtin", "quarto"):
        raise InputError(
            [
                Problem(
                    "--engine",
                    value=name,
                    rule="there is no such engine",
                    fix="use builtin, which needs nothing but this install, or quarto",
                )
            ]
        )
    if name == "quarto":
        from npl_report.engines.quarto.engine import QuartoEngine
        from npl_report.engines.quarto.finding import find_quarto

        return QuartoEngine(find_quarto(program))
    if program:
        raise InputError(
            [
                Problem(
                    "--quarto",
                    value=program,
                    rule="is for the engine quarto only",
                    fix="add --engine quarto, or leave it out",
                )
            ]
        )
    return BUILTIN


@app.command(
    epilog="Examples: npl-report build · npl-report build --edition 2020-03 --lang en --no-pdf · npl-report build --engine quarto"
)
def build(
    *,
    edition: WhichEdition = None,
    as_of: AsOf = None,
    engine: Annotated[
        str, typer.Option(help="builtin (needs nothing more), or quarto (needs Quarto 1.5 or newer).")
    ] = "builtin",
    quarto: Annotated[
        str | None,
        typer.Option(
            "--quarto",
            metavar="PATH",
            help="The quarto program, if not that of QUARTO_PATH or on PATH.",
            show_default=False,
        ),
    ] = None,
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
    from npl_report.files.systemlibraries import slower

    found = _project(project)
    options = Options(
        edition,
        _day(as_of),
        tuple(lang or ()),
        jobs=jobs or Options().jobs,
        pdf=pdf,
        force=force,
        engine=_engine(engine, quarto),
        beside=tuple(beside or ()),
    )
    progress = ProgressLine(quiet=as_json)
    try:
        outcome = run(found, options, progress)
    finally:
        progress.stop()
    if as_json:
        facts = {
            "edition": outcome.edition,
            "folder": str(outcome.folder),
            "unchanged": outcome.unchanged,
            "pages": outcome.pages,
            "files": outcome.files,
            "bytes": outcome.bytes,
        }
        echo(json.dumps({"ok": True, **facts}, ensure_ascii=False, indent=1))
        return
    place = shown(outcome.folder)
    if outcome.without:
        echo(f"not in this build, as asked: {', '.join(outcome.without)}")
    if outcome.unchanged:
        echo(f"{place} is up to date ({outcome.pages} pages); --force builds it again")
        return
    echo(f"{outcome.pages} pages, {outcome.files} files, {outcome.bytes / 1e6:.1f} MB in {progress.seconds:.1f} s")
    for path in sorted(outcome.folder.glob("*/index.html")) + sorted(outcome.folder.glob("*/note.pdf")):
        echo(f"  {shown(path)}")
    if pdf:
        warn(slower())


@app.command(
    epilog="Examples: npl-report prepare · npl-report prepare --edition 2020-03 --lang en · NPL_REPORT_EDITION=2020-03 quarto preview --profile zh"
)
def prepare(
    *,
    edition: Annotated[
        str | None,
        typer.Option(
            "--edition",
            "-e",
            envvar="NPL_REPORT_EDITION",
            help="Edition id; without it the latest, and where Quarto calls this, the one prepared last.",
            show_default=False,
        ),
    ] = None,
    lang: Annotated[
        list[str] | None,
        typer.Option(
            "--lang",
            help="A language; may be given more than once. Without it those of QUARTO_PROFILE, or else the edition's.",
            show_default=False,
        ),
    ] = None,
    jobs: Jobs = None,
    pdf: Annotated[
        bool | None,
        typer.Option(
            "--pdf/--no-pdf",
            help="Print the PDF notes, which takes half a minute; without it, not.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Write the pages of an edition as a Quarto project: zh/, en/, assets/, downloads/.

    The pre-render step of _quarto.yml.
    """
    from npl_report.build.job import Options
    from npl_report.engines.quarto.prepare import WAIT, is_hook, profile_languages, recorded
    from npl_report.engines.quarto.prepare import prepare as run
    from npl_report.files.systemlibraries import slower

    found = _project(project)
    languages = tuple(lang or profile_languages(found))
    if is_hook() and not edition and pdf is None:
        edition, pdf = recorded(found, languages)
    options = Options(edition or None, None, languages, jobs=jobs or Options().jobs, pdf=pdf or False)
    progress = ProgressLine(quiet=as_json)
    try:
        outcome = run(found, options, progress, wait=WAIT if is_hook() else 0)
    finally:
        progress.stop()
    if as_json:
        facts = {
            "edition": outcome.edition,
            "folders": list(outcome.folders),
            "pages": outcome.pages,
            "written": outcome.written,
            "removed": outcome.removed,
        }
        echo(json.dumps({"ok": True, **facts}, ensure_ascii=False, indent=1))
        return
    did = (
        f"{outcome.written} {'file' if outcome.written == 1 else 'files'} written, {outcome.removed} removed"
        if outcome.written or outcome.removed
        else "up to date"
    )
    echo(
        f"edition {outcome.edition}: {outcome.pages} pages in {', '.join(f'{name}/' for name in outcome.folders)}: {did}"
    )
    if options.pdf:
        warn(slower())


@app.command(
    epilog="Examples: npl-report publish 2020-03 · npl-report publish 2020-03 --revision · npl-report publish --mend"
)
def publish(
    *,
    edition: Annotated[str, typer.Argument(help="Edition id, such as 2020-03.", show_default=False)] = "",
    revision: Annotated[
        bool,
        typer.Option(
            "--revision", help="An earlier revision is published; this one, with its restatement, comes beside it."
        ),
    ] = False,
    mend: Annotated[
        bool,
        typer.Option(
            "--mend", help="Only put right what a stopped publish left, and write the files at the root again."
        ),
    ] = False,
    beside: Beside = None,
    jobs: Jobs = None,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Build an edition strictly and add it to site/, once: a published edition is never changed."""
    from npl_report.build.job import Options
    from npl_report.files.systemlibraries import slower
    from npl_report.publish.publishing import mend as put_right
    from npl_report.publish.publishing import publish as run

    found = _project(project)
    if mend:
        put_right(found)
        echo(
            f"{shown(found.site)}: a stopped publish has left nothing; npl-report verify checks every file"
            if found.site.is_dir()
            else "nothing is published"
        )
        return
    if not edition:
        raise InputError(
            [
                Problem(
                    "publish",
                    rule="no edition is named",
                    fix=f"name one of {', '.join(found.editions) or 'report/editions'}",
                )
            ]
        )
    progress = ProgressLine(quiet=as_json)
    try:
        outcome = run(
            found,
            Options(edition, jobs=jobs or Options().jobs, beside=tuple(beside or ())),
            progress,
            revision=revision,
        )
    finally:
        progress.stop()
    if as_json:
        facts = {
            "edition": outcome.edition,
            "revision": outcome.revision,
            "folder": str(outcome.folder),
            "pages": outcome.pages,
            "files": outcome.files,
            "bytes": outcome.bytes,
        }
        echo(json.dumps({"ok": True, **facts}, ensure_ascii=False, indent=1))
        return
    echo(
        f"{shown(outcome.folder)}: {outcome.pages} pages, {outcome.files} files, {outcome.bytes / 1e6:.1f} MB in {progress.seconds:.1f} s"
    )
    echo(f"  {shown(found.site / 'index.html')}")
    warn(slower())


@app.command(epilog="Examples: npl-report verify · npl-report verify 2020-03 --rebuild")
def verify(
    *,
    edition: Annotated[
        list[str] | None,
        typer.Argument(help="Folders in site/, such as 2020-03 or 2020-03-r2; all without one.", show_default=False),
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build again from the recorded inputs and compare byte for byte.")
    ] = False,
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

    found = _project(project)
    progress = ProgressLine(quiet=as_json)
    try:
        facts = run(found, edition or [], progress, rebuild=rebuild, jobs=jobs or Options().jobs, beside=beside or ())
    finally:
        progress.stop()
    if as_json:
        echo(json.dumps({"ok": True, **facts}, ensure_ascii=False, indent=1))
    else:
        echo(
            "as published: "
            + ", ".join(f"{count} {name}" for name, count in facts.items() if count and name != "notes")
        )
        for note in facts.get("notes", ()):
            echo(note)


@app.command(
    epilog="Examples: npl-report diff 2020-03 2021-12 · npl-report diff 2020-03 2020-03-r2 --table recovery_by_type"
)
def diff(
    *,
    first: Annotated[
        str,
        typer.Argument(
            metavar="A",
            help="A folder of site/, such as 2020-03 or 2020-03-r2; or an edition that is not published yet.",
            show_default=False,
        ),
    ],
    second: Annotated[
        str,
        typer.Argument(
            metavar="B",
            help="The other one; the earlier is compared with the later, whichever is named first.",
            show_default=False,
        ),
    ],
    table: Annotated[
        list[str] | None,
        typer.Option(
            "--table", help="List the changed numbers of a table; may be given more than once.", show_default=False
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List the changed numbers of all tables.")] = False,
    beside: Beside = None,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Say of every number of two editions whether it changed, and what moved it by how much."""
    from npl_report.cli.diff import print_changes, print_json
    from npl_report.compare.changes import compare
    from npl_report.compare.sides import read_sides

    progress = ProgressLine(quiet=as_json)
    try:
        old, new = read_sides(_project(project), first, second, beside or ())
        changes = compare(old, new, progress, table or ())
    finally:
        progress.stop()
    if as_json:
        print_json(old, new, changes)
    else:
        print_changes(old, new, changes, tables=table or [], every=every)


@app.command(epilog="Examples: npl-report bundle 2020-03 · npl-report bundle 2020-03 --out handover.zip --force")
def bundle(
    edition: Annotated[str, typer.Argument(help="Folder in site/, such as 2020-03 or 2020-03-r2.", show_default=False)],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="The file to write; without it SERIES-EDITION.zip in this folder.", show_default=False
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Pack a published edition into one ZIP: the notes, the tables, the site to open from disk, and hashes to check it."""
    from npl_report.delivery.bundle import bundle as run

    progress = ProgressLine(quiet=as_json)
    try:
        made = run(_project(project), edition, out, progress, force=force)
    finally:
        progress.stop()
    if as_json:
        echo(
            json.dumps(
                {"ok": True, "file": str(made.path), "files": made.files, "bytes": made.bytes, "sha256": made.sha256},
                ensure_ascii=False,
                indent=1,
            )
        )
        return
    echo(f"{shown(made.path)}: {made.files} files, {made.bytes / 1e6:.1f} MB")
    echo(f"  SHA-256 {made.sha256}")


@app.command(
    epilog="Examples: npl-report distribute 2020-03 --to investors.csv · npl-report distribute 2020-03 --to investors.csv --send --watermark"
)
def distribute(
    edition: Annotated[str, typer.Argument(help="Folder in site/, such as 2020-03 or 2020-03-r2.", show_default=False)],
    *,
    to: Annotated[
        Path,
        typer.Option(
            "--to",
            help="The recipients, a CSV file: email, name, language, and organisation if wanted.",
            show_default=False,
        ),
    ],
    send: Annotated[
        bool, typer.Option("--send", help="Send; without it the command only says what it would send.")
    ] = False,
    watermark: Annotated[
        bool, typer.Option("--watermark", help="Print the recipient's name and address at the foot of each page.")
    ] = False,
    lang: Annotated[
        list[str] | None,
        typer.Option(
            "--lang", help="Only recipients of this language; may be given more than once.", show_default=False
        ),
    ] = None,
    resend: Annotated[
        bool, typer.Option("--resend-uncertain", help="Mail those again of whom a stopped run left it open.")
    ] = False,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Mail a published note to each recipient in their language, once.

    The server is set by NPL_SMTP_HOST, NPL_SMTP_FROM and others: see README.md.
    """
    from npl_report.cli.distribute import distribute as run
    from npl_report.delivery.delivery import Order

    run(
        _project(project),
        Order(edition, to, tuple(lang or ()), watermark=watermark, resend=resend),
        send=send,
        as_json=as_json,
    )


@app.command(epilog="Examples: npl-report editions · npl-report editions --json")
def editions(*, as_json: Json = False, project: Where = None) -> None:
    """List the editions, oldest first, so that the last is the latest: by as-of date, and of one day by id."""
    from npl_report.load.project import read_edition

    found = _project(project)
    if not as_json:
        for id_ in found.editions:
            echo(id_)
        return
    from npl_report.editions.folder import folder_of, ledger

    listed = ledger(found.site)
    facts = [
        {
            "edition": edition.id,
            "as_of": edition.as_of.isoformat(),
            "published_on": edition.published_on.isoformat(),
            "revision": edition.revision,
            "languages": edition.languages,
            "published": folder_of(edition.id, edition.revision) in listed,
        }
        for edition in (read_edition(found, id_) for id_ in found.editions)
    ]
    echo(json.dumps({"ok": True, "editions": facts}, ensure_ascii=False, indent=1))


@app.command(epilog="Example: npl-report check --json")
def check(
    *,
    edition: OneEdition = None,
    as_of: AsOf = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Take what is only unusual for a problem, unless data/corrections.toml accepts it."
        ),
    ] = False,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Check data, words and prose, and report every problem at once. Writes nothing."""
    from npl_report.build.check import check as run
    from npl_report.build.job import Options

    found = _project(project)
    progress = ProgressLine(quiet=as_json)
    try:
        checked = run(found, Options(edition, _day(as_of)), progress, strict=strict)
    finally:
        progress.stop()
    if as_json:
        told = {
            name: [item.as_dict() for item in items]
            for name, items in (("warnings", checked.warnings), ("notices", checked.notices))
        }
        echo(json.dumps({"ok": True, **checked.counts, **told}, ensure_ascii=False, indent=1))
        return
    for word, items in (("warning", checked.warnings), ("notice", checked.notices)):
        for line in listed(items, word):
            echo(line)
    echo("no problem found: " + ", ".join(f"{count} {name}" for name, count in checked.counts.items()))


@app.command(epilog="Example: npl-report tieout --edition 2020-03 --json")
def tieout(*, edition: WhichEdition = None, as_json: Json = False, project: Where = None) -> None:
    """Compare every published figure of data/published/ with the tables. Exit 1 if an exact one differs."""
    from npl_report.cli.tieout import print_tieout

    print_tieout(_project(project), edition, as_json=as_json)


@app.command(epilog="Example: npl-report doctor --json")
def doctor(*, as_json: Json = False, project: Where = None) -> None:
    """Say what is installed, what is missing, and the command to get it."""
    from npl_report.cli.doctor import examine

    examine(project, as_json=as_json)


@app.command(epilog="Example: npl-report init my-series && cd my-series && npl-report build")
def init(folder: Annotated[Path, typer.Argument(help="A new or empty folder.")]) -> None:
    """Start a project of your own from the sample: prose, looks and data."""
    from npl_report.load.starter import start_project
    from npl_report.load.tablefolders import table_keys

    project = start_project(folder, table_keys())
    echo(f"{shown(project.root.resolve())}: report/, templates/, data/, _quarto*.yml")
    echo("replace the files in data/ by your own, then: npl-report check, npl-report build")
