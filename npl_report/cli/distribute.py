"""``npl-report distribute``: what would be sent, or what was."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable

from npl_report.cli.console import ProgressLine, echo, tell
from npl_report.delivery.delivery import DUE, Delivery, Order, Plan, Standing, deliver, plan
from npl_report.delivery.mail import Settings, read_settings, subject
from npl_report.load.project import Project
from npl_report.model.errors import InputError, Problem

_OPEN = DUE | {"uncertain", "failed", "not tried"}
"""After a run: there is something left to do."""

_HINTS: dict[frozenset[Standing], str] = {
    frozenset({"failed", "not tried"}): "those who failed or were not tried are mailed by the next run",
    frozenset({"uncertain"}): (
        "uncertain: a run was stopped, or the connection broke, while the message was on its way\n"
        "    → ask the recipient or the mail server; --resend-uncertain mails them again"
    ),
}


def distribute(project: Project, order: Order, *, send: bool, as_json: bool) -> None:
    """Print the plan, or send and print what became of it; exit 1 if somebody who should have the note has it not."""
    with ProgressLine(quiet=as_json) as progress:
        planned = plan(project, order, progress)
        settings, unset = _settings(send=send)
        if not send:
            _tell_plan(planned, unset, as_json=as_json)
            return
        done, stopped = _send(project, planned, settings, progress, as_json=as_json)
    _tell_end(done, stopped, as_json=as_json)
    if stopped or any(item.standing in _OPEN for item in done):
        sys.exit(1)


def _settings(*, send: bool) -> tuple[Settings | None, tuple[Problem, ...]]:
    """The mail server's settings; for a dry run, what is wrong with them is only told."""
    try:
        return read_settings(os.environ), ()
    except InputError as error:
        if send:
            raise
        return None, error.problems


def _send(
    project: Project, planned: Plan, settings: Settings | None, progress: ProgressLine, *, as_json: bool
) -> tuple[list[Delivery], tuple[Problem, ...]]:
    """What became of each recipient, and why the run stopped before its end, if it did."""
    done: list[Delivery] = []
    if settings is None:
        return done, ()
    try:
        for item in deliver(project, planned, settings, progress):
            done.append(item)
            if not as_json:
                echo(_line(item))
    except InputError as error:
        if not done:
            raise
        return done, error.problems
    except KeyboardInterrupt:
        return done, (Problem("distribute", rule="stopped", fix="run it again: it goes on where it stopped"),)
    return done, ()


def _line(item: Delivery) -> str:
    who = f"  {item.standing:<12}  {item.recipient.language}  {item.recipient.email}  {item.recipient.name}"
    return f"{who}: {item.reason}" if item.reason else who


def _tell_plan(planned: Plan, unset: Iterable[Problem], *, as_json: bool) -> None:
    problems = list(unset)
    if as_json:
        _json(planned.deliveries, sent=False, ok=True, problems=problems)
        return
    for language, words in planned.words.items():
        if any(item.recipient.language == language for item in planned.due):
            echo(f"{language}: {subject(planned.published, language, words)}")
    for item in planned.deliveries:
        echo(_line(item))
    if planned.later:
        echo(f"note: a later revision is published, {planned.later}")
    for problem in problems:
        echo(f"needed before --send: {problem}")
    echo(f"{_counts(planned.deliveries)}; nothing was sent: give --send to send")


def _tell_end(done: list[Delivery], stopped: tuple[Problem, ...], *, as_json: bool) -> None:
    if as_json:
        _json(done, sent=True, ok=not stopped and not any(item.standing in _OPEN for item in done), problems=stopped)
        return
    echo(_counts(done))
    for problem in stopped:
        print(problem, file=sys.stderr)  # noqa: T201
    standings = {item.standing for item in done}
    hints = [hint for those, hint in _HINTS.items() if those & standings]
    if hints:
        print("\n".join(hints), file=sys.stderr)  # noqa: T201


def _counts(items: Iterable[Delivery]) -> str:
    return (
        ", ".join(f"{count} {standing}" for standing, count in Counter(item.standing for item in items).items())
        or "nobody to mail"
    )


def _json(items: Iterable[Delivery], *, sent: bool, ok: bool, problems: Iterable[Problem]) -> None:
    told = [
        {
            "email": item.recipient.email,
            "name": item.recipient.name,
            "language": item.recipient.language,
            "standing": item.standing,
            "reason": item.reason,
        }
        for item in items
    ]
    tell(ok=ok, sent=sent, recipients=told, problems=[problem.as_dict() for problem in problems])
