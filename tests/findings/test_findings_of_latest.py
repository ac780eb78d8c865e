"""Live deals at their last report: what is said where the sample has no such deals."""

from __future__ import annotations

import pytest

from tests.findings.facts import NOTHING, context, result, said, told

Line = dict[str, float | str | None]
LIVE: Line = {
    "n_deals": 4.0,
    "n_live": 4.0,
    "mean_age": 9.0,
    "ccr_gross": 0.9,
    "mean_offset": -0.1,
    "median_offset": -0.1,
    "n_below_full": 2.0,
    "n_below_nearly": 2.0,
    "n_net": 1.0,
    "ccr_net_low": 0.8,
    "ccr_net_high": 0.9,
}


def _live(total: Line, **classes: Line) -> dict[str, object]:
    rows = {kind: LIVE | line for kind, line in classes.items()} | {"total": LIVE | total}
    return context({"latest_by_type": rows, "latest_by_group": NOTHING}, fewest=2)


def _nothing(*, withheld: bool) -> dict[str, object]:
    tables = dict.fromkeys(("latest_bands", "trigger_status", "closed_claims", "latest_by_group"), NOTHING)
    return context({**tables, "latest_by_type": result({"corporate": LIVE}, withheld=withheld)})


def test_where_nothing_is_reported_it_is_said_once_a_section():
    prose = _nothing(withheld=False)
    names = ("standing", "bands", "triggers", "claims")
    assert [said(f"latest.{name}", prose) for name in names] == [["unreported"], ["none"], ["none"], ["none"]]
    others = ("headline", "offsets", "net", "far", "breaches", "present_values", "profitability")
    assert [said(f"latest.{name}", prose) for name in others] == [[]] * len(others)
    closed = _nothing(withheld=True)
    assert [said(f"latest.{name}", closed) for name in names] == [[]] * len(names)


def test_deals_that_cannot_be_compared():
    assert said("latest.standing", _live({"mean_offset": None})) == ["net_only"]
    bare: Line = {"mean_offset": None, "ccr_net_low": None}
    assert said("latest.standing", _live(bare)) == ["uncompared"]
    assert said("latest.net", _live(bare)) == []
    assert said("latest.offsets", _live(bare, corporate={"mean_offset": 0.1}, mortgage={})) == []


def test_all_of_them_and_one_of_them():
    text = told("latest.standing", _live({}))
    assert "4 deals were live on today, all of which can be" in text
    assert "2 deals were below forecast, all of them by more" in text
    text = told("latest.standing", _live({"n_live": 1.0, "n_below_full": 0.0, "n_below_nearly": 0.0}))
    assert text.startswith("1 deal was live on today, and 4 deals can be")
    assert "0 deals were below forecast, 0 deals by more" in text


def test_broader_groups():
    groups = {"latest_by_type": {"total": LIVE}, "latest_by_group": {"retail": LIVE}}
    assert said("latest.standing", context(groups)) == ["compared", "groups"]


def test_classes_apart():
    apart: dict[str, Line] = {"corporate": {"mean_offset": 0.2, "ccr_gross": 1.2}, "mortgage": {}}
    assert said("latest.offsets", _live({}, **apart)) == ["ends", "ages"]
    thin = _live({}, **apart, unsecured={"n_deals": 1.0, "mean_offset": 0.4})
    assert said("latest.offsets", thin) == ["ends", "unranked", "ages"]
    assert said("latest.ratios", _live({}, **apart)) == ["ends"]
    assert said("latest.ratios", _live({}, corporate={}, mortgage={})) == []


def _bands(corporate: float, mortgage: float, *, fewest: int = 1) -> dict[str, object]:
    lines: dict[str, Line] = {
        kind: {
            "n_deals": 2.0,
            "n_far_below": far,
            "share_far_below": far / 2,
            "issuance_far_below": far,
            "n_below": 1.0,
            "n_above": 0.0,
            "n_far_above": 0.0,
        }
        for kind, far in (("corporate", corporate), ("mortgage", mortgage), ("total", corporate + mortgage))
    }
    return context({"latest_bands": lines}, fewest=fewest)


def test_deals_far_below_the_forecast():
    assert said("latest.bands", _bands(1.0, 0.0)) == ["whole", "size", "far", "deals"]
    assert said("latest.bands", _bands(1.0, 1.0)) == ["whole", "size", "deals"]
    assert said("latest.bands", _bands(0.0, 0.0)) == ["whole", "deals"]


@pytest.mark.parametrize(("far", "fewest", "sentences"), [(1.0, 2, ["some"]), (0.0, 2, ["none"]), (1.0, 3, [])])
def test_the_share_far_below(far: float, fewest: int, sentences: list[str]):
    assert said("latest.far", _bands(far, 0.0, fewest=fewest)) == sentences


def test_triggers():
    line: Line = {"n_deals": 2.0, "n_passed": 1.0, "n_breached": 1.0, "n_unknown": 0.0}
    rows = {"corporate-ccr": line, "total-ccr": line, "total-npv": line | {"n_unknown": 1.0}}
    prose = context({"trigger_status": rows})
    assert said("latest.triggers", prose) == ["tested", "item", "item", "unknown"]
    assert said("latest.breaches", prose) == ["documents"]


def _closed(**total: float | None) -> dict[str, object]:
    line: Line = {
        "n_deals": 2.0,
        "closed_by_number": 0.1,
        "closed_by_balance": 0.1,
        "recovery_closed": 0.5,
        "n_below": 1.0,
        "expected_recovery": 0.4,
        "profitability": 1.2,
        "npv_ratio": 1.1,
    }
    rows = {"corporate": line, "mortgage": line | {"npv_ratio": 0.9}, "total": line | total}
    return context({"closed_claims": rows, "latest_by_type": {"total": LIVE}}, fewest=2)


def test_closed_claims():
    assert said("latest.claims", _closed()) == ["closed", "number"]
    assert said("latest.claims", _closed(closed_by_number=None)) == ["closed"]
    assert said("latest.present_values", _closed()) == ["ends"]
    assert said("latest.profitability", _closed()) == ["ratio"]
    assert said("latest.profitability", _closed(n_deals=1.0)) == []
    assert said("latest.caveats", _closed()) == ["claims"]
    assert said("latest.claims", _closed(npv_ratio=None)) == ["none"]
    assert said("latest.caveats", _closed(npv_ratio=None)) == []
    assert said("latest.present_values", _closed(npv_ratio=None)) == []
