"""``npl-report bundle`` and ``distribute``: a published edition for those who should have it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from npl_report.cli.console import ProgressLine, echo, shown, tell
from npl_report.cli.options import Json, Published, Where, project_of

Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", help="The file to write; without it SERIES-EDITION.zip in this folder.", show_default=False
    ),
]
To = Annotated[
    Path,
    typer.Option(
        "--to",
        help="The recipients, a CSV file: email, name, language, and organisation if wanted.",
        show_default=False,
    ),
]
Send = Annotated[bool, typer.Option("--send", help="Send; without it the command only says what it would send.")]
Watermark = Annotated[
    bool, typer.Option("--watermark", help="Print the recipient's name and address at the foot of each page.")
]
OnlyLanguages = Annotated[
    list[str] | None,
    typer.Option("--lang", help="Only recipients of this language; may be given more than once.", show_default=False),
]
Resend = Annotated[
    bool, typer.Option("--resend-uncertain", help="Mail those again of whom a stopped run left it open.")
]


def bundle(
    edition: Published,
    *,
    out: Out = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Pack a published edition into one ZIP: the notes, the tables, the site to open from disk, and hashes to check it."""  # noqa: E501 -- one line is what --help lists
    from npl_report.delivery.bundle import bundle as run

    with ProgressLine(quiet=as_json) as progress:
        made = run(project_of(project), edition, out, progress, force=force)
    if as_json:
        tell(file=str(made.path), files=made.files, bytes=made.bytes, sha256=made.sha256)
        return
    echo(f"{shown(made.path)}: {made.files} files, {made.bytes / 1e6:.1f} MB")
    echo(f"  SHA-256 {made.sha256}")


def distribute(
    edition: Published,
    *,
    to: To,
    send: Send = False,
    watermark: Watermark = False,
    lang: OnlyLanguages = None,
    resend: Resend = False,
    as_json: Json = False,
    project: Where = None,
) -> None:
    """Mail a published note to each recipient in their language, once.

    The server is set by NPL_SMTP_HOST, NPL_SMTP_FROM and others: see npl-report guide mail.
    """
    from npl_report.cli.distribute import distribute as run
    from npl_report.delivery.delivery import Order

    order = Order(edition, to, tuple(lang or ()), watermark=watermark, resend=resend)
    run(project_of(project), order, send=send, as_json=as_json)
