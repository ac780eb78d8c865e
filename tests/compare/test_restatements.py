"""A revision names every table that it changes, or says why the others move."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from npl_report.compare.changes import Change, Changes, Part, TableChanges
from npl_report.compare.history import History, check_restatements
from npl_report.editions.folder import Published
from npl_report.model import Edition, InputError, Restatement
from tests.helpers import tiny
from tests.helpers.manifests import some_manifest
from tests.helpers.snapshots import assert_told

MOVED = ("issuance_by_type", "issuance_by_year", "recovery_by_type")
WHY = {"zh": "更正", "en": "Corrected"}


def history(moved: tuple[str, ...], edition: str = "tiny") -> History:
    """One number of each table differs from the edition published before; a fourth table is as it was."""
    last = Published(Path("site"), edition, some_manifest(edition=edition), "")
    tables = (*moved, "redemption_status")
    change = {key: (Change(key, "total", "n_deals", 1, 2, (Part("corrected_source", 1.0),)),) for key in moved}
    changes = Changes(tuple(TableChanges(key, 1, change.get(key, ())) for key in tables), (), ())
    return History((last,), ({},), {key: {("total", "n_deals"): 2} for key in tables}, changes)


def revision(*entries: Restatement) -> Edition:
    return replace(tiny.edition(), revision=2, restatements=entries)


def test_all_tables_that_moved_are_named():
    check_restatements(history(MOVED), revision(Restatement(2, MOVED, WHY)))
    check_restatements(
        history(MOVED), revision(Restatement(2, MOVED[:1], WHY), Restatement(2, MOVED[1:], WHY))
    )  # by several entries


def test_or_it_is_said_why_the_others_move():
    check_restatements(history(MOVED), revision(Restatement(2, MOVED[:1], WHY, others=WHY)))


def test_another_edition_restates_nothing():
    check_restatements(history(MOVED, edition="earlier"), revision())


@pytest.mark.parametrize(
    ("case", "moved", "entries"),
    [
        ("restatement-unnamed", MOVED, (Restatement(2, ("recovery_by_type",), WHY),)),
        (
            "restatement-unnamed-one",
            MOVED,
            (Restatement(2, MOVED[:2], WHY), Restatement(1, MOVED[2:], WHY)),
        ),  # named by a former revision alone
        ("restatement-others-of-none", MOVED, (Restatement(2, MOVED, WHY, others=WHY),)),
        ("restatement-of-what-stays", MOVED[:1], (Restatement(2, (*MOVED[:1], "redemption_status"), WHY),)),
    ],
)
def test_what_is_refused(case: str, moved: tuple[str, ...], entries: tuple[Restatement, ...]):
    with pytest.raises(InputError) as raised:
        check_restatements(history(moved), revision(*entries))
    assert_told(case, raised.value.problems)
