"""``npl-report tieout``: published against computed, figure by figure."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from npl_report.cli.console import echo
from npl_report.load.data import dataset, read_source
from npl_report.load.ledger import read_bindings, read_ledger
from npl_report.load.project import Project, read_edition
from npl_report.reconcile.reconciliation import (
    Reconciled,
    computable_tables,
    counts,
    in_edition,
    on_own_days,
    reconcile,
)
from npl_report.tables import catalogue, compute_tables


def print_tieout(project: Project, edition_id: str | None, *, as_json: bool) -> None:
    """Print the comparison; exit 1 if an exact figure does not come out of its cell."""
    edition = read_edition(project, edition_id)
    ledger = read_ledger(project.data / "published")
    figures = in_edition(edition.id, ledger, read_bindings(project.data / "published"))
    source = read_source(project.data)
    edition = source.reporting(edition)
    results = compute_tables(computable_tables(figures), dataset(source, edition.as_of, edition.market), edition)
    dated = on_own_days(figures, source, edition)
    reconciled = reconcile(ledger, figures, catalogue(edition.market), results, dated)
    summary = counts(reconciled)
    if as_json:
        told = {"edition": edition.id, "rows": [_row(item) for item in reconciled], "counts": summary}
        echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _print(reconciled)
        for kind, numbers in summary.items():
            echo(f"{kind}: " + ", ".join(f"{count} {verdict}" for verdict, count in numbers.items()))
    if any(item.failed for item in reconciled):
        sys.exit(1)


def _row(item: Reconciled) -> dict[str, object]:
    """The figure as JSON; ``elsewhere`` and ``as_of`` stand only where they say something."""
    fields = asdict(item) | {"as_of": item.as_of and item.as_of.isoformat()}
    return {name: value for name, value in fields.items() if value or name not in ("elsewhere", "as_of")}


def _print(reconciled: list[Reconciled]) -> None:
    for item in reconciled:
        if item.verdict == "context":
            continue
        computed = f"{item.computed} / {item.other}" if item.other else item.computed
        figures = f"{item.published:>10}  {computed:>10}  {item.difference:>8}"
        reason = f"  ({item.reason})" if item.verdict in ("differs", "unreachable") else ""
        echo(f"{item.id}  {figures}  {item.verdict:<11}  {item.cell}{reason}")
