"""Tranches and scenarios on the page of a deal, where the ladder has two and where it has three."""

from __future__ import annotations

import json
from functools import cache

import pytest

from npl_report.present.profiles import DealPage
from npl_report.present.profiles.scenario import Scenario
from tests.present.profiled import deals_of, ladder_of_three
from tests.present.seen_profiles import deals, texts


@cache
def three() -> dict[str, DealPage]:
    """The pages of deals where the ladder has three tranches."""
    return deals_of(ladder_of_three())


def test_tranches():
    assert texts(deals()["c1"].tranches) == [
        ["Senior", "300", "75.00%", "4.00%", "2019-12-11", "2021-11-30", "30.00%", "300", "100.00%", "2018-01-20"],
        ["Subordinated", "100", "25.00%", "—", "2019-12-11", "2021-11-30", "40.00%", "60", "60.00%", "—"],
    ]
    assert deals()["c1"].tranches.reasons == ("no coupon", "principal not fully repaid")


def scenario_of(page: DealPage) -> Scenario:
    assert page.scenario
    return page.scenario


def test_tranches_of_a_ladder_of_three():
    """Those that the deal has, by rank; the first is what the key figures are about."""
    assert texts(three()["c1"].tranches) == [
        ["Senior", "240", "60.00%", "4.00%", "2019-12-11", "2021-11-30", "24.00%", "240", "100.00%", "2018-01-20"],
        ["Mezzanine", "60", "15.00%", "8.00%", "2019-12-11", "2021-11-30", "30.00%", "0", "0.00%", "—"],
        ["Subordinated", "100", "25.00%", "—", "2019-12-11", "2021-11-30", "40.00%", "60", "60.00%", "—"],
    ]
    assert three()["c1"].tranches.reasons == ("principal not fully repaid", "no coupon")
    assert three()["c1"].tiles[2].value.number == "deal_tranches/c1@senior/paid"
    assert [row[0] for row in texts(three()["c2"].tranches)] == ["Senior", "Subordinated"]


@pytest.mark.parametrize(
    ("page", "own", "parts"),
    [
        (
            "c1",
            {"senior": "Senior", "mezzanine": "Mezzanine", "subordinated": "Subordinated"},
            {
                "fees": ("fees", "Taxes, fees and costs"),
                "senior_interest": ("interest-1", "Senior interest"),
                "senior_principal": ("principal-1", "Senior principal"),
                "mezzanine_interest": ("interest-2", "Mezzanine interest"),
                "mezzanine_principal": ("principal-2", "Mezzanine principal"),
                "subordinated_principal": ("last-principal", "Subordinated principal"),
                "subordinated_return": ("last-return", "Subordinated fixed return"),
                "subordinated_residual": ("last-residual", "Subordinated residual"),
                "reward": ("reward", "Servicer’s excess reward"),
            },
        ),
        (
            "c2",
            {"senior": "Senior", "subordinated": "Subordinated"},
            {
                "fees": ("fees", "Taxes, fees and costs"),
                "senior_interest": ("interest-1", "Senior interest"),
                "senior_principal": ("principal-1", "Senior principal"),
                "subordinated_principal": ("last-principal", "Subordinated principal"),
                "subordinated_return": ("last-return", "Subordinated fixed return"),
                "subordinated_residual": ("last-residual", "Subordinated residual"),
                "reward": ("reward", "Servicer’s excess reward"),
            },
        ),
    ],
)
def test_scenarios_are_of_the_tranches_of_the_deal(page: str, own: dict[str, str], parts: dict[str, tuple[str, str]]):
    scenario = scenario_of(three()[page])
    assert scenario.tranches == own
    assert {part.key: (part.look, part.name) for part in scenario.split} == parts
    given = json.loads(scenario.data)
    assert (given["ladder"], len(given["face"]), len(given["coupon"])) == (list(own), len(own), len(own) - 1)
    heads = [*(f"{name} yield" for name in own.values()), "Subordinated, 12 months late"]
    assert [head.label for head in scenario.table.heads] == heads
    assert scenario.table.reasons == ()
    assert {len(row) for row in texts(scenario.table)} == {1 + len(heads)}


def test_the_last_tranche_looks_the_same_in_every_ladder():
    """A deal that lacks a tranche looks as it does where the ladder has none."""
    assert scenario_of(three()["c2"]).split == scenario_of(deals()["c2"]).split
    assert texts(scenario_of(three()["c2"]).table) == texts(scenario_of(deals()["c2"]).table)
