"""Data with three tranches: what is right of them, and one clear message for what is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from npl_report.model import InputError, Problem, steps_of
from tests.helpers import ladders, tiny

Files = dict[str, list[tiny.Row]]


def problems(change: Callable[[Files], None], market: str = "") -> list[Problem]:
    files = ladders.rows()
    change(files)
    with pytest.raises(InputError) as caught:
        tiny.read(files, market or ladders.market())
    return list(caught.value.problems)


def step(files: Files, name: str, phase: str = "ordinary") -> tiny.Row:
    """The row of a step in the priority that pays three tranches."""
    rows = files["priorities"]
    return next(row for row in rows if (row["priority"], row["phase"], row["step"]) == ("ladder", phase, name))


def swapped(one: str, other: str, phase: str = "ordinary") -> Callable[[Files], None]:
    """Two steps in each other's place."""

    def change(files: Files) -> None:
        first, second = step(files, one, phase), step(files, other, phase)
        first["step"], second["step"] = second["step"], first["step"]

    return change


def tranche(files: Files, deal: str, name: str) -> tiny.Row:
    return next(row for row in files["tranches"] if (row["deal"], row["tranche"]) == (deal, name))


def test_the_steps_of_a_ladder():
    assert steps_of(ladders.LADDER) == (
        *("taxes", "trust_fees", "servicing", "senior_interest", "mezzanine_interest", "reserve", "excess_fees"),
        *("senior_principal", "mezzanine_principal", "subordinated_principal", "subordinated_return", "residual"),
    )


def test_deals_with_and_without_the_rung_between():
    tranches = ladders.data().tranches
    assert ladders.edition().market.ladder == ladders.LADDER
    assert set(tranches.loc[tranches["tranche"] == "mezzanine", "deal"]) == {"c1", "m1"}


def test_an_edition_whose_deals_lack_a_rung_reports_a_ladder_without_it():
    edition = tiny.read(tiny.rows(), ladders.market()).reporting(ladders.edition())
    assert edition.market.ladder == ("senior", "subordinated")


def test_interest_of_a_tranche_may_come_before_the_principal_of_those_above():
    files = ladders.rows()
    swapped("mezzanine_interest", "senior_principal")(files)  # behind it as well
    assert tiny.read(files, ladders.market()).frames["priorities"]["step"].eq("mezzanine_interest").sum() == 2


@pytest.mark.parametrize(
    ("change", "file", "column", "value", "rule"),
    [
        (
            lambda files: tranche(files, "m1", "mezzanine").update(tranche="mezanine"),
            *("tranches.csv", "tranche", "mezanine", "describes no such tranche"),
        ),
        (
            lambda files: step(files, "mezzanine_interest").update(step="junior_interest"),
            *("priorities.csv", "step", "junior_interest", "must be one of taxes, trust_fees"),
        ),
        (
            lambda files: files["priorities"].remove(step(files, "mezzanine_principal", "default")),
            *("priorities.csv", "step", None, "steps are missing: mezzanine_principal"),
        ),
        (
            swapped("senior_interest", "mezzanine_interest"),
            *("priorities.csv", "step", "senior_interest", "the mezzanine tranche is paid before the senior one"),
        ),
        (
            swapped("senior_principal", "mezzanine_principal"),
            *("priorities.csv", "step", "senior_principal", "the mezzanine tranche is paid before the senior one"),
        ),
        (
            swapped("mezzanine_interest", "subordinated_principal", "default"),
            *("priorities.csv", "step", "mezzanine_interest", "subordinated tranche is paid before the mezzanine one"),
        ),
        (
            lambda files: files["deals"][1].update(priority="ladder"),
            *("deals.csv", "priority", "ladder", "the priority pays the mezzanine tranche, which the deal lacks"),
        ),
        (
            lambda files: files["deals"][0].update(priority="standard"),
            *("deals.csv", "priority", "standard", "does not pay the mezzanine tranche, which the deal has"),
        ),
        (
            lambda files: tranche(files, "c1", "mezzanine").update(coupon=""),
            *("tranches.csv", "coupon", None, "the mezzanine tranche has no coupon"),
        ),
        (
            lambda files: tranche(files, "c1", "subordinated").update(coupon="0.1"),
            *("tranches.csv", "coupon", "0.1", "takes what is left, and has no coupon"),
        ),
        (
            lambda files: tranche(files, "c1", "subordinated").update(coupon="0"),
            *("tranches.csv", "coupon", "0", "takes what is left, and has no coupon"),
        ),
        (
            lambda files: files["deals"][0].update(priority=""),
            *("deals.csv", "priority", "", "must not be empty"),
        ),
    ],
)
def test_what_is_wrong_is_told_once_at_its_place(
    change: Callable[[Files], None], file: str, column: str, value: str | None, rule: str
):
    (told,) = problems(change)
    assert (told.file, told.column, told.value) == (f"data/{file}", column, value)
    assert rule in told.rule
    assert told.row
    assert told.fix


def test_what_is_accepted_is_written_in_millions():
    files = ladders.rows()
    payment = {"deal": "c1", "tranche": "mezzanine", "paid_on": "2018-01-20", "reported_on": "2018-01-25"}
    files["payments"].append({**payment, "principal": "10", "interest": "40"})
    told = next(iter(set(tiny.read(files, ladders.market()).warnings) - set(ladders.source().warnings)))
    assert "add to corrections.toml, in millions, an entry" in told.fix


def test_a_deal_without_the_last_tranche():
    (told,) = problems(lambda files: files["tranches"].remove(tranche(files, "c2", "subordinated")))
    assert (told.column, told.value, told.rule) == ("deal", "c2", "the deal has no subordinated tranche")


def test_a_ladder_that_the_data_do_not_know():
    found = problems(lambda _: None, (tiny.ROOT / "data" / "market.toml").read_text(encoding="utf-8"))
    assert {(item.file, item.value) for item in found} >= {
        ("data/tranches.csv", "mezzanine"),
        ("data/priorities.csv", "mezzanine_interest"),
        ("data/priorities.csv", "mezzanine_principal"),
    }


def test_interest_of_the_rung_between_is_held_against_its_coupon():
    files = ladders.rows()
    payment = {"deal": "c1", "tranche": "mezzanine", "paid_on": "2018-01-20", "reported_on": "2018-01-25"}
    files["payments"].append({**payment, "principal": "10", "interest": "40"})
    told = set(tiny.read(files, ladders.market()).warnings) - set(ladders.source().warnings)
    assert [item.rule.startswith("mezzanine interest in all exceeds") for item in told] == [True]
