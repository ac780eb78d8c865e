"""``npl-report tieout``: published against computed, figure by figure."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from npl_report.cli.console import say
from npl_report.load.data import dataset, read_source
from npl_report.load.ledger import read_bindings, read_ledger
from npl_report.load.project import Project, read_edition
from npl_report.reconcile.reconciliation import Tied, bound_tables, counts, in_edition, tie_out
from npl_report.tables import catalogue, compute_tables


def print_tieout(project: Project, edition_id: str | None, *, as_json: bool) -> None:
    """Print the comparison; exit 1 if an exact figure does not come out of its cell."""
    edition = read_edition(project, edition_id)
    ledger = read_ledger(project.data / "published")
    ties = in_edition(edition.id, ledger, read_bindings(project.data / "published"))
    known = [key for key in bound_tables(ties) if key in catalogue()]  # a binding to no table is told below, with all others
    results = compute_tables(known, dataset(read_source(project.data), edition.as_of), edition)
    tied = tie_out(ledger, ties, catalogue(), results)
    summary = counts(tied)
    if as_json:
        say(json.dumps({"edition": edition.id, "rows": [_row(item) for item in tied], "counts": summary}, ensure_ascii=False, indent=1))
    else:
        _print(tied)
        for kind, numbers in summary.items():
            say(f"{kind}: " + ", ".join(f"{count} {verdict}" for verdict, count in numbers.items()))
    if any(item.failed for item in tied):
        sys.exit(1)


def _row(item: Tied) -> dict[str, object]:
    """The figure as JSON; ``elsewhere`` stands only where it says something."""
    fields = asdict(item)
    return fields if item.elsewhere else {name: value for name, value in fields.items() if name != "elsewhere"}


def _print(tied: list[Tied]) -> None:
    for item in tied:
        if item.verdict == "context":
            continue
        computed = f"{item.computed} / {item.other}" if item.other else item.computed
        figures = f"{item.published:>10}  {computed:>10}  {item.difference:>8}"
        say(f"{item.id}  {figures}  {item.verdict:<11}  {item.cell}{'  (' + item.reason + ')' if item.verdict in ('differs', 'unreachable') else ''}")
