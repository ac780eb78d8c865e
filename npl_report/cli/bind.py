"""What ``npl-report bind`` prints and asks: figures typed in prose, and which cell each of them is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from npl_report.cli.console import echo
from npl_report.model.errors import InputError, Problem

if TYPE_CHECKING:
    from npl_report.build.bind import Prose
    from npl_report.present.bindable import Proposal, Typed


def told(prose: Prose, typed: Typed) -> None:
    """A figure with its sentence, and the cells that print so, by number."""
    echo(f"{prose.shown}, row {typed.line}: {typed.value}\n    {typed.sentence}")
    for number, proposal in enumerate(typed.proposals, start=1):
        unit = "" if proposal.whole else "   (its unit is not what is typed beside it)"
        echo(f"  {number}  {proposal.prints}   {proposal.where}{unit}\n     {proposal.binding}")
    if not typed.proposals:
        echo('  no cell prints so: {{ date("…") }} is a date, {{ verbatim("…", why="…") }} anything that is no result')


def asked(prose: Prose) -> list[Proposal]:
    """The cells that the analyst chooses by their numbers; an empty answer leaves a figure as it is."""
    chosen = []
    for typed in prose.typed:
        told(prose, typed)
        if typed.proposals and (one := _answer(typed)):
            chosen.append(one)
    return chosen


def _answer(typed: Typed) -> Proposal | None:
    while True:
        answer = typer.prompt("number, or nothing to leave it", default="", show_default=False).strip()
        if not answer:
            return None
        if answer.isdigit() and 1 <= int(answer) <= len(typed.proposals):
            return typed.proposals[int(answer) - 1]
        echo(f"there is no {answer}")


def picked(prose: Prose, line: int, choice: int, value: str | None) -> list[Proposal]:
    """The cell that the options name; InputError unless they name one."""
    there = [typed for typed in prose.typed if typed.line == line and value in (None, typed.value)]
    if len(there) != 1:
        typed = ", ".join(one.value for one in prose.typed if one.line == line) or "no figure"
        fix = "npl-report bind without --line lists all" if not there else "say which by --figure"
        raise InputError([Problem(prose.shown, line, rule=f"{typed} is typed there", fix=fix)])
    if not 1 <= choice <= len(there[0].proposals):
        rule = f"there is no proposal {choice}"
        raise InputError([Problem(prose.shown, line, value=there[0].value, rule=rule, fix="--dry-run lists them")])
    return [there[0].proposals[choice - 1]]


def report(prose: Prose, chosen: Sequence[Proposal], left: int, *, listed: bool) -> None:
    """What was bound and what is left; ``listed``: with every figure and its proposals."""
    for typed in prose.typed if listed else ():
        told(prose, typed)
    for proposal in chosen:
        echo(f"{proposal.prints} → {proposal.binding}")
    for problem in prose.others if left else ():
        echo(str(problem))
    echo(f"{prose.shown}: {len(chosen)} bound, {left} left typed")


def as_dicts(typed: Sequence[Typed]) -> list[dict[str, object]]:
    """The figures as JSON prints them."""
    return [
        {
            "row": one.line,
            "value": one.value,
            "sentence": one.sentence,
            "proposals": [{"binding": of.binding, "prints": of.prints, "cell": of.where} for of in one.proposals],
        }
        for one in typed
    ]


def interactive() -> bool:
    """Whether somebody sits at a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()
