"""Forecasts revised, by hand on the tiny data, and what breaks them and projections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import isnan

import pandas as pd
import pytest

from npl_report.load.data import dataset
from npl_report.load.tablefolders import table_folder
from npl_report.model import Ages, Result, Unavailable
from npl_report.tables import compute_tables
from npl_report.tables.forecast_errors import QUANTILES
from npl_report.tables.forecast_revisions import compute as compute_revisions
from npl_report.tables.projection_accuracy import AHEAD
from npl_report.tables.projections import MINIMUM
from npl_report.text.words import table_words
from tests.helpers import tiny
from tests.helpers.market import MARKET

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
