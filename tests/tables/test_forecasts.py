"""Forecasts revised and recoveries to come, by hand on the tiny data and on small frames, and what breaks them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from math import isnan, sqrt

import numpy as np
import pandas as pd
import pytest

from npl_report.load.data import dataset
from npl_report.load.tablefolders import table_folder
from npl_report.model import Ages, Result, Unavailable
from npl_report.tables import compute_tables
from npl_report.tables.forecast_errors import QUANTILES
from npl_report.tables.forecast_revisions import compute as compute_revisions
from npl_report.tables.projection_accuracy import AHEAD
from npl_report.tables.projection_accuracy import compute as compute_accuracy
from npl_report.tables.projections import MINIMUM, book, models, standing
from npl_report.tables.recoveries_to_come import compute as compute_to_come
from npl_report.text.words import table_words
from tests.helpers import tiny
from tests.helpers.market import ASSET_TYPES, MARKET

CLOSE = 1e-9
KEYS = (
    "forecast_revisions",
    "forecast_errors",
    "chain_ladder",
    "recoveries_to_come",
    "projection_accuracy",
    "projection_accuracy_by_type",
)
Files = dict[str, list[tiny.Row]]


def later(
    deal: str, made: int, *flows: tuple[int, int, float], vintage: str = "update", basis: str = "gross"
) -> list[tiny.Row]:
    """A forecast made so many days after the cut-off date: (first day, last day, amount)."""
    return [
        {
            "deal": deal,
            "vintage": vintage,
            "agency": "someone",
            "basis": basis,
            "made_on": tiny.day(deal, made).isoformat(),
            "period_start": tiny.day(deal, start).isoformat(),
            "period_end": tiny.day(deal, end).isoformat(),
            "amount": str(amount),
        }
        for start, end, amount in flows
    ]


def computed(files: Files, as_of: date = tiny.AS_OF) -> dict[str, Result | Unavailable]:
    found = compute_tables(KEYS, dataset(tiny.read(files), as_of, MARKET), tiny.edition(as_of))
    return {key: found[key] for key in KEYS}


def table(found: dict[str, Result | Unavailable], key: str) -> Result:
    result = found[key]
    assert isinstance(result, Result), result
    return result


def test_without_a_later_forecast():
    assert tiny.results()["forecast_revisions"] == Unavailable("no_revision", needed=1, found=0)
    errors = tiny.result("forecast_errors")
    assert set(errors.frame["later_n"]) == {0}
    assert errors.gaps["6m", "later_median"] == Unavailable("no_outcome", needed=1, found=0)


def test_tiny_errors_of_first_forecasts():
    errors = tiny.result("forecast_errors").evidence
    own = errors.loc[(errors["row"] == "6m") & (errors["deal"] == "c1")].iloc[0]
    # made on day 152; 180 days on, 333 of the 361 days of the first collection period and of the 721 of the forecast's
    assert own["date"] == pd.Timestamp(tiny.day("c1", 152 + 180))
    assert own["error"] == pytest.approx((100 * 333 / 361 - 100 * 333 / 721) / 1000, abs=CLOSE)
    # u1 is known to day 570, made on day 153: 12 months on is day 513, 18 months on is not known
    assert errors.loc[errors["deal"] == "u1", "row"].tolist() == ["6m", "12m"]
    assert "m2" not in set(errors["deal"])  # it has no forecast


def revised() -> Files:
    files = tiny.rows()
    # c1 had collected 200 by day 720; m1 40 by day 360
    files["forecasts"] += later("c1", 750, (721, 1440, 150))
    files["forecasts"] += later("c1", 740, (721, 1440, 500), vintage="update-before")
    files["forecasts"] += later("m1", 400, (361, 1440, 140))
    return files


def test_totals_add_what_had_been_collected():
    result = table(computed(revised()), "forecast_revisions")
    assert list(result.frame.index) == ["2016", "2017", "total"]
    c1 = tiny.cells(result, "2016")
    assert [c1[key] for key in ("n_deals", "n_raised", "n_cut", "n_forecasts")] == [1, 1, 0, 2]
    assert (c1["first_total"], c1["later_total"]) == (340, 350)  # the one made last, not the higher one
    assert c1["change"] == pytest.approx(350 / 340 - 1, abs=CLOSE)
    assert c1["collected_share"] == pytest.approx(200 / 350, abs=CLOSE)
    assert c1["first_life"] == pytest.approx((100 * 24 + 240 * 48) / 340, abs=CLOSE)
    assert c1["later_life"] == pytest.approx((100 * 12 + 100 * 24 + 150 * 48) / 350, abs=CLOSE)
    rate = 1.05
    assert c1["first_value"] == pytest.approx(100 * rate ** (-720 / 365) + 240 * rate ** (-1440 / 365), abs=1e-8)
    total = tiny.cells(result, "total")
    # m1: 200 at issue, 40 + 140 later
    assert (total["n_deals"], total["n_raised"], total["n_cut"]) == (2, 1, 1)
    assert total["change"] == pytest.approx((350 + 180) / (340 + 200) - 1, abs=CLOSE)


def test_later_forecasts_have_errors_of_their_own():
    errors = table(computed(revised()), "forecast_errors")
    own = errors.evidence.loc[(errors.evidence["vintage"] == "update") & (errors.evidence["deal"] == "c1")]
    first = own.loc[own["row"] == "6m"].iloc[0]
    # day 930: collected 200 + 50 × 210 / 270, forecast 200 + 150 × 210 / 720
    assert first["error"] == pytest.approx((50 * 210 / 270 - 150 * 210 / 720) / 1000, abs=CLOSE)
    assert errors.frame.at["6m", "later_n"] == 3


def test_what_compares_with_no_first_is_left_out_and_counted():
    files = revised()
    files["forecasts"] += later("m2", 500, (361, 1440, 30))  # m2 has no first forecast
    files["forecasts"] += later("c2", 300, (361, 1440, 60), vintage="net", basis="net")
    files["forecasts"] += later("u1", 600, (601, 900, 60))  # u1 is known to day 570
    result = table(computed(files), "forecast_revisions")
    assert list(result.frame.index) == ["2016", "2017", "2018", "total"]
    assert result.frame["n_left_out"].tolist() == [0, 2, 1, 3]
    assert result.frame["n_deals"].tolist() == [1, 1, 0, 2]
    assert result.gaps["2018", "change"] == Unavailable("no_comparable_revision", needed=1, found=0)


def test_a_first_forecast_of_nought():
    data = dataset(tiny.read(revised()), tiny.AS_OF, MARKET)
    first = data.forecasts["vintage"] == "offering"
    nought = data.forecasts.assign(amount=data.forecasts["amount"].where(~first, 0.0))
    result = compute_revisions(data.deals, data.collections, nought, tiny.edition(), Ages())
    assert isinstance(result, Result)
    assert result.gaps["total", "change"].reason == "nothing_forecast"
    assert result.gaps["total", "first_life"].reason == "nothing_forecast"
    assert result.frame.at["total", "later_total"] == 350 + 180


# projections, on deals that grow alike


def grown(*deals: tuple[str, list[float], bool], forecast: float = 60.0, step: int = 3) -> tuple[pd.DataFrame, ...]:
    """(id, cumulative level by step, liquidated): deals, collections, forecasts of the first sample's shape."""
    start = pd.Timestamp("2020-01-01")
    days, forecasts, facts = [], [], []
    for deal, levels, gone in deals:
        ends = [start + timedelta(days=30 * step * place) for place in range(1, len(levels) + 1)]
        begins = [start, *(end + timedelta(days=1) for end in ends[:-1])]
        parts = np.diff([0.0, *levels])
        days += [(deal, *period) for period in zip(begins, ends, ends, parts, strict=True)]
        last = start + timedelta(days=360)
        forecasts.append((deal, "offering", "gross", "offering", start, start, last, forecast))
        facts.append((deal, "corporate", start, start, 100.0, ends[-1] if gone else pd.NaT, pd.NaT))
    return (
        pd.DataFrame(
            facts,
            columns=["deal", "asset_type", "cutoff_date", "issue_date", "pool_balance", "liquidated_on", "unread_from"],
        ),
        pd.DataFrame(days, columns=["deal", "period_start", "period_end", "first_reported_on", "collected"]),
        pd.DataFrame(
            forecasts,
            columns=["deal", "vintage", "basis", "agency", "made_on", "period_start", "period_end", "amount"],
        ),
    )


def to_come(
    *deals: tuple[str, list[float], bool], as_of: date = date(2022, 1, 1), **rest: float
) -> Result | Unavailable:
    return compute_to_come(*grown(*deals, **rest), asset_types=ASSET_TYPES, ages=Ages(), edition=tiny.edition(as_of))


WHOLE = [10.0, 20.0, 30.0, 40.0]
OLD = (("a", WHOLE, True), ("b", WHOLE, True), ("c", WHOLE, True))


def test_a_live_deal_is_carried_on():
    result = to_come(*OLD, ("d", WHOLE[:2], False))
    assert isinstance(result, Result)
    cells = tiny.cells(result, "corporate")
    assert (cells["n_deals"], cells["n_left_out"], cells["collected"]) == (1, 0, 20)
    # from 6 to 12 months the others have doubled; of the 60 of the circular 361 days, 181 have passed
    assert cells["chain"] == pytest.approx(20, abs=CLOSE)
    assert cells["chain_error"] == pytest.approx(0, abs=CLOSE)
    assert cells["offering"] == pytest.approx(30, abs=CLOSE)  # linear in age: half of it
    assert cells["difference"] == pytest.approx(20 / 30 - 1, abs=CLOSE)
    assert cells["curve"] == pytest.approx(20, rel=0.05)
    assert cells["curve_limit"] > 0.4
    assert result.frame.at["total", "chain"] == cells["chain"]
    assert result.gaps["total", "curve_limit"] == Unavailable("differs_by_type")


def test_the_error_of_a_sum_is_macks():
    other = [10.0, 25.0, 40.0, 50.0]
    result = to_come(*OLD[:2], ("c", other, True), ("d", WHOLE[:3], False), ("e", WHOLE[:3], False))
    assert isinstance(result, Result)
    # the last step: factors 4/3, 4/3, 5/4, f = 130/100 and σ² = Σ C (F − f)² / 2
    f, volume = 1.3, 100.0
    sigma = (2 * 30 * (4 / 3 - f) ** 2 + 40 * (1.25 - f) ** 2) / 2
    levels = 30 * f
    process = 2 * levels**2 * sigma / f**2 / 30
    common = (2 * levels) ** 2 * sigma / f**2 / volume
    cells = tiny.cells(result, "corporate")
    assert cells["chain"] == pytest.approx(2 * 30 * (f - 1), abs=CLOSE)
    assert cells["chain_error"] == pytest.approx(sqrt(process + common), abs=CLOSE)


def test_no_more_than_the_last_age_that_enough_deals_reach():
    short = [(deal, WHOLE[:3], False) for deal in ("b", "c")]
    of = book(*grown(OLD[0], *short, ("d", WHOLE[:2], False)), Ages())
    known = standing(of, pd.Timestamp("2022-01-01"))
    model = models(of, known)["corporate"]
    assert not isinstance(model, Unavailable)
    assert model.reach == 9.0
    assert model.steps.counts.tolist() == [4, 3]


@pytest.mark.parametrize(
    ("deals", "reason"),
    [
        ((("a", WHOLE, False),), "too_few_deals"),
        ((("a", WHOLE, False), ("b", WHOLE, False)), "too_few_deals"),
        (OLD, "none_outstanding"),
        ((("a", [1.0], False), ("b", [1.0], False)), "too_young"),
        ((*OLD, ("d", [5.0], False)), ""),
        ((*OLD, ("d", WHOLE, False)), "none_to_project"),  # at the end of its forecast
    ],
)
def test_what_cannot_be_projected(deals: tuple[tuple[str, list[float], bool], ...], reason: str):
    result = to_come(*deals)
    assert (result.reason if isinstance(result, Unavailable) else "") == reason


def test_a_circular_that_expects_nothing():
    result = to_come(*OLD, ("d", WHOLE[:2], False), forecast=0.0)
    assert isinstance(result, Result)
    assert result.frame.at["corporate", "offering"] == 0
    assert result.gaps["corporate", "difference"] == Unavailable("nothing_forecast", needed=1, found=0)


def test_corrections_downwards():
    result = to_come(*OLD[:2], ("c", [10.0, 25.0, 22.0, 30.0], True), ("d", [10.0, 8.0], False))
    assert isinstance(result, Result)
    assert np.isfinite(result.frame.at["corporate", "chain"])
    assert result.frame.at["corporate", "chain_error"] > 0


def test_a_liquidated_deal_stays_where_it_was():
    of = book(*grown(*OLD, ("d", WHOLE[:2], True)), Ages())
    known = standing(of, pd.Timestamp("2022-01-01"))
    assert known.loc["d", ["live", "done"]].tolist() == [False, True]
    model = models(of, known)["corporate"]
    assert not isinstance(model, Unavailable)
    assert model.steps.counts.tolist() == [4, 4, 4]
    assert model.steps.factors[1] == pytest.approx((30 * 3 + 20) / 80)
    # before it was liquidated it was live, and what came later was not known
    before = standing(of, pd.Timestamp("2020-05-01"))
    assert before["live"].all()
    assert before["age"].tolist() == [3.0] * 4


def test_predictions_use_what_was_known():
    # a, b, c began a year before d, e, f: on the day of origin these had collected for half a year
    deals, collections, forecasts = grown(
        *((deal, [10.0, 20.0, 30.0, 40.0], False) for deal in "abc"),
        *((deal, [10.0, 30.0, 60.0, 90.0], False) for deal in "def"),
    )
    younger = deals["deal"].isin(["d", "e", "f"])
    year = pd.Timedelta(days=365)
    deals[["cutoff_date", "issue_date"]] = deals[["cutoff_date", "issue_date"]].where(
        ~younger, deals[["cutoff_date", "issue_date"]] + year
    )
    for frame, dates in (
        (collections, ["period_start", "period_end", "first_reported_on"]),
        (forecasts, ["made_on", "period_start", "period_end"]),
    ):
        moved = frame["deal"].isin(["d", "e", "f"])
        frame[dates] = frame[dates].where(~moved, frame[dates] + year)
    result = compute_accuracy(deals, collections, forecasts, Ages(), tiny.edition(date(2022, 7, 15)))
    assert isinstance(result, Result)
    told = result.evidence
    assert set(told["made_on"]) == {pd.Timestamp("2021-07-15")}
    assert set(told["deal"]) == {"d", "e", "f"}  # the others are at the end of their forecasts
    assert set(told["row"]) == {"6m"}
    # of 30 collected at 6 months the others' factor makes 60 at 12, and 90 came: shares of a balance of 100. Factors
    # also know the first step of d, e and f, from 10 to 30, which is over
    assert told["chain"].tolist() == pytest.approx([0.3] * 3, abs=CLOSE)
    assert told["actual"].tolist() == pytest.approx([0.6] * 3, abs=CLOSE)
    assert told["offering"].tolist() == pytest.approx([0.3] * 3, abs=CLOSE)
    assert result.frame.at["6m", "chain_mae"] == pytest.approx(0.3, abs=CLOSE)
    assert result.frame.at["6m", "chain_bias"] == pytest.approx(-0.3, abs=CLOSE)
    assert result.gaps["12m", "chain_mae"] == Unavailable("none_projected")


# what goes wrong in files


def one_deal(files: Files) -> Files:
    return {name: [row for row in rows if row.get("deal", "c1") == "c1"] for name, rows in files.items()}


def no_forecast(files: Files) -> Files:
    return files | {"forecasts": [row for row in files["forecasts"] if row["vintage"] != "offering"]}


def only_net(files: Files) -> Files:
    return files | {"forecasts": [row | {"basis": "net"} for row in files["forecasts"]]}


def a_quarter_missing(files: Files) -> Files:
    """The second report of c1 comes after the third."""
    rows = []
    for row in files["collections"]:
        late = (
            row["deal"] == "c1" and row["collected"] == "100" and row["period_start"] != tiny.day("c1", 0).isoformat()
        )
        rows.append(row | {"reported_on": "2018-12-01"} if late else row)
    return files | {"collections": rows}


def all_live(files: Files) -> Files:
    return files | {"deals": [row | {"liquidated_on": ""} for row in files["deals"]]}


@pytest.mark.parametrize("change", [one_deal, no_forecast, only_net, a_quarter_missing, all_live, dict])
def test_bad_inputs_have_reasons(change: Callable[[Files], Files]):
    """Never a traceback, nor a gap without a reason: ``compute_tables`` refuses the latter."""
    source = tiny.read(change(revised()))
    for as_of in (tiny.AS_OF, date(2016, 7, 1), date(2017, 4, 1), date(2018, 10, 15), date(2030, 1, 1)):
        found = compute_tables(KEYS, dataset(source, as_of, MARKET), tiny.edition(as_of))
        for result in (found[key] for key in KEYS):
            for (row, column), gap in (result.gaps if isinstance(result, Result) else {}).items():
                assert isinstance(result, Result)
                assert isnan(float(result.frame.at[row, column])), (row, column, gap)


def test_rows_in_another_order_give_the_same():
    turned = {
        name: rows[::-1] if name in ("collections", "forecasts", "deals") else rows for name, rows in revised().items()
    }
    others = computed(turned)
    for key, result in computed(revised()).items():
        other = others[key]
        if isinstance(result, Result):
            assert isinstance(other, Result)
            pd.testing.assert_frame_equal(result.frame, other.frame, check_exact=True)
        else:
            assert result == other


def test_the_words_state_the_constants():
    for language in ("en", "zh", "it"):
        words = {key: table_words(table_folder(key), language)["definition"] for key in KEYS}
        assert f"${MINIMUM}$" in words["chain_ladder"]
        assert f"${MINIMUM}$" in words["recoveries_to_come"]
        for months in AHEAD:
            assert f"${months}$" in words["projection_accuracy"]
        for q in QUANTILES.values():
            assert f"{q:g}" in words["forecast_errors"].replace("{,}", ".")
