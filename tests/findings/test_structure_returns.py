"""Yields in scenarios, and the last tranche's return: what is said where the sample has no such deals."""

from __future__ import annotations

import pytest

from tests.findings.facts import NOTHING, context, said, told

Line = dict[str, float | str | None]

STEPS = ("50pc", "60pc", "70pc", "80pc", "90pc", "100pc", "110pc", "120pc", "130pc", "140pc", "150pc")
RISING = (-1.0, -1.0, -0.8, -0.5, -0.2, 0.1, 0.2, 0.3, 0.35, 0.4, 0.45)
SENIOR = (-0.3, -0.1, 0.0, 0.04, 0.04, 0.04, 0.04, 0.04, 0.04, 0.04, 0.04)
NONE = dict.fromkeys(("corporate", "mortgage"), 0.0)


def _scenarios(
    junior: tuple[float, ...] = RISING,
    *,
    late: float = -0.02,
    loss: float = 0.0,
    shorter: bool = True,
    defaults: dict[str, float] = NONE,
) -> dict[str, object]:
    """Two classes; ``defaults`` are those with a delay, ``late`` what the delay does to yields."""
    yields, outcomes = {}, {}
    for kind in ("corporate", "mortgage"):
        for at, step in enumerate(STEPS):
            yields[f"{kind}-{step}"] = {
                "asset_type": kind,
                "n_deals": 2.0,
                "senior_0m": SENIOR[at],
                "senior_12m": SENIOR[at] + late / 10,
                "subordinated_0m": junior[at],
                "subordinated_12m": junior[at] + late,
            }
            for delay in ("0m", "12m"):
                outcomes[f"{kind}-{step}{delay}"] = {
                    "asset_type": kind,
                    "n_deals": 2.0,
                    "n_default": defaults[kind] if delay == "12m" else 0.0,
                    "senior_loss": loss,
                    "senior_life": 2.0 - at / 10 if shorter else 2.0,
                    "subordinated_multiple": 1.0,
                }
    terms = {
        "corporate": {"n_deals": 2.0},
        "mortgage": {"n_deals": 2.0},
        "total": {"reward_share": 0.8, "n_deals": 4.0},
    }
    return context({"yield_scenarios": yields, "scenario_outcomes": outcomes, "structure_by_type": terms})


def test_yields_of_the_first_tranche():
    whole = said("structure_scenarios.upper", _scenarios())
    assert whole == ["least", "of", "of", "stable", "level", "level", "whole", "intact", "intact"]
    assert said("structure_scenarios.upper", _scenarios(loss=0.1)) == whole[:6]
    assert "from corporate-80pc for corporate deals (0.04)" in told("structure_scenarios.upper", _scenarios())


def test_a_life_that_is_not_shorter_is_not_told():
    assert said("structure_scenarios.life", _scenarios()) == ["shorter"]
    assert said("structure_scenarios.life", _scenarios(shorter=False)) == []


def test_a_shortfall_against_a_surplus():
    assert said("structure_scenarios.shortfall", _scenarios()) == ["every", "borne"]
    assert said("structure_scenarios.shortfall", _scenarios(tuple(range(11)))) == ["none"]


def test_a_shortfall_that_weighs_more_in_one_class():
    prose = _scenarios()
    one = prose | {"asset_types": ("corporate",)}
    assert said("structure_scenarios.junior", one) == ["item"]
    value = prose["value"]

    def even(table: str, row: str, column: str) -> object:
        return 0.0 if row.startswith("mortgage") else value(table, row, column)  # type: ignore[operator]

    names = said("structure_scenarios.shortfall", prose | {"value": even})
    assert names == ["some", "kind", "borne"]


@pytest.mark.parametrize(("junior", "sentence"), [(RISING, "every"), (RISING[::-1], "none"), ((-1.0,) * 11, "none")])
def test_whether_the_return_rises_with_recovery(junior: tuple[float, ...], sentence: str):
    assert said("structure_scenarios.study", _scenarios(junior)) == ["found", sentence, "paid"]
    uncited = _scenarios(junior) | {"cites": set().__contains__}
    assert said("structure_scenarios.study", uncited) == [f"{sentence}_own", "paid"]


def test_a_delay():
    changes = ["last", "change", "change"]
    assert said("structure_scenarios.delay", _scenarios()) == [*changes, "first"]
    assert said("structure_scenarios.delay", _scenarios(late=-0.1)) == changes
    assert said("structure_scenarios.delay", _scenarios(late=0.02)) == [*changes, "first", "nearer"]


def test_events_of_default():
    moved = ["multiples", "multiple", "multiple", "lives", "life", "life"]
    assert said("structure_scenarios.outcomes", _scenarios()) == ["quiet", "still", "still", *moved]
    assert said("structure_scenarios.tripped", _scenarios()) == []
    both = _scenarios(defaults={"corporate": 1.0, "mortgage": 0.0})
    assert said("structure_scenarios.outcomes", both) == ["events", "event", "quiet", "still", *moved]
    assert told("structure_scenarios.tripped", both).startswith(
        "A delay alone can trigger an event of default, here in corporate deals:"
    )
    every = _scenarios(defaults={"corporate": 1.0, "mortgage": 1.0})
    assert said("structure_scenarios.outcomes", every) == ["events", "event", "event", *moved]


def test_nothing_is_said_of_no_scenarios():
    prose = context({"yield_scenarios": NOTHING, "structure_by_type": NOTHING})
    names = ("upper", "life", "junior", "shortfall", "study", "delay", "tripped", "outcomes", "drop")
    assert [said(f"structure_scenarios.{name}", prose) for name in names] == [[]] * len(names)


def test_the_class_that_loses_most():
    assert said("structure_scenarios.drop", _scenarios()) == ["most"]
    assert said("structure_scenarios.drop", _scenarios(RISING[::-1])) == []


def _group(realised: float, rate: float, deals: float = 2.0, expected: float | None = 0.1) -> Line:
    return {
        "asset_type": "corporate",
        "year": "2016",
        "n_deals": deals,
        "n_run_off": 2.0,
        "paid_multiple": realised,
        "run_off_multiple": realised,
        "run_off_yield": rate,
        "expected_multiple": 1.0,
        "expected_yield": expected,
    }


def _returns(*groups: Line, notice: str = "") -> dict[str, object]:
    tables = {"subordinated_return": {f"corporate-{at}": group for at, group in enumerate(groups, 2016)}}
    terms = {"corporate": {"n_deals": 1.0}, "mortgage": {"n_deals": 1.0}}
    return context({**tables, "structure_by_type": terms}, notice=notice)


MORE, LESS = _group(1.2, 0.2), _group(0.8, 0.0)


@pytest.mark.parametrize(
    ("groups", "sentences"),
    [
        ((MORE, MORE), ["groups", "group", "group", "better_all", "sooner"]),
        ((MORE, LESS), ["groups", "group", "group", "better", "sooner"]),
        ((LESS, LESS), ["groups", "group", "group", "better_none", "sooner_none"]),
        ((_group(1.2, 0.2, deals=3.0),), []),
    ],
)
def test_groups_liquidated_in_full(groups: tuple[Line, ...], sentences: list[str]):
    assert said("structure_return.realised", _returns(*groups)) == sentences


def test_how_many_groups_were_paid_more():
    assert told("structure_return.better", _returns(LESS, LESS)).startswith(
        "Mean multiples exceed those expected in none of 2"
    )
    assert said("structure_return.better", _returns(MORE)) == []


def test_years_of_issue():
    assert said("structure_return.classes", _returns(MORE)) == ["item", "expected", "paid", "over"]
    later = _group(1.2, 0.2, expected=0.2)
    assert said("structure_return.classes", _returns(MORE, later)) == ["item", "ends", "paid", "over"]
    assert said("structure_return.classes", _returns(_group(1.2, 0.2, expected=None))) == ["item", "paid", "over"]


def test_negative_yields():
    one = _group(1.2, 0.2, expected=-0.1)
    assert said("structure_return.negative", _returns(MORE)) == []
    assert told("structure_return.negative", _returns(one)).startswith(
        "The expected yield is negative in one group: −0.10 for"
    )
    assert said("structure_return.negative", _returns(one, one, notice="made up")) == [
        "groups",
        "group",
        "group",
        "why",
    ]
