"""Rules of an edition: what is said of markets that are not the sample's."""

from __future__ import annotations

import pytest

from tests.findings.facts import NOTHING, context, said, told


def _cites(*sources: str) -> dict[str, object]:
    return {"cites": lambda source: source in sources}


def test_months_of_the_calendar_and_of_thirty_days():
    months = {"calendar": False, "months": "months"}
    assert said("methodology.age", context({}, age=months | {"calendar": True}, **_cites())) == ["age", "calendar"]
    assert said("methodology.age", context({}, age=months, **_cites())) == ["age"]
    assert said("methodology.age", context({}, age=months, **_cites("report1"))) == ["age", "published"]
    assert said("methodology.start", context({}, age=months)) == ["same"]
    assert said("methodology.start", context({}, age=months | {"calendar": True})) == ["calendar"]


def test_a_ladder_of_two_tranches_has_none_between():
    two, three = context({}), context({}, ladder=3)
    assert said("methodology.faces", two) == ["faces"]
    assert said("methodology.faces", three) == ["faces", "between"]
    assert said("methodology.priority", two) == ["before", "interest", "principal", "default"]
    assert said("methodology.priority", three)[-2:] == ["default", "others"]
    assert "senior interest; mezzanine interest; the reserve" in told("methodology.priority", three)


def test_who_makes_forecasts_is_said_where_the_market_has_a_name_for_it():
    assert said("methodology.compared", context({}, term={"circular": "circular", "the_circular": "it"})) == [
        "compared"
    ]
    terms = {"circular": "circular", "the_circular": "it", "forecaster": "agency"}
    assert told("methodology.compared", context({}, term=terms)).endswith("the circular's, which the agency makes.")


def test_windows_of_an_edition_and_of_the_published_report():
    low_and_high = {"low": 10.0, "high": 14.0}
    rows = {kind: {**low_and_high, "chosen_by": by} for kind, by in (("mortgage", "chosen"), ("one_year", "published"))}
    for cited, by in ((("report1",), "published"), ((), "elsewhere")):
        prose = context({"observation_windows": rows}, **_cites(*cited))
        assert said("methodology.windows", prose) == ["window", "ours", "window", by]


def test_what_the_models_leave_out():
    assert said("methodology.sample", context({}, firms="")) == ["imputed"]
    assert said("methodology.sample", context({}, firms="corporate")) == ["firms", "imputed"]
    assert said("methodology.declared", context({})) == ["rules", "before"]
    assert said("methodology.declared", context({}, notice="made up")) == ["rules", "built"]


@pytest.mark.parametrize(("second", "sentences"), [(1.0, ["kept", "between"]), (2.0, ["kept"]), (3.0, ["kept"])])
def test_eigenvalues_between_both_rules(second: float, sentences: list[str]):
    values = {str(place): {"eigenvalue": 3.0 - place / 2} for place in (1, 2, 3)}
    counts = {"included": {"n_factors": 2.0, "n_factors_parallel": second}}
    prose = context({"factor_adequacy": counts, "factor_variance": values})
    assert said("methodology.parallel", prose) == ["parallel", *sentences]
    none = context({"factor_adequacy": NOTHING, "factor_variance": NOTHING})
    assert said("methodology.parallel", none) == ["parallel"]


@pytest.mark.parametrize(("liquidated", "sentence"), [(1.0, "most"), (2.0, "later"), (3.0, "later")])
def test_most_deals_are_not_finished(liquidated: float, sentence: str):
    tables = {
        "redemption_status": {"liquidated": {"n_deals": liquidated}},
        "issuance_by_type": {"total": {"n_deals": 4.0}},
    }
    assert said("methodology.unfinished", context(tables)) == ["unfinished", sentence]
