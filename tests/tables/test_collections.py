"""Deals in quarters of the calendar, worked out by hand: the recovery index, and what was collected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from npl_report.load.data import dataset
from npl_report.model import Edition, Ranking, Result, Unavailable, Unit
from npl_report.tables import compute_tables
from npl_report.tables.collections_by_type import compute as collections_by_type
from npl_report.tables.quarterly_collections import _seasons
from npl_report.tables.quarterly_collections import compute as quarterly_collections
from npl_report.tables.recovery_index import compute as recovery_index
from npl_report.tables.recovery_index_by_type import compute as recovery_index_by_type
from npl_report.text.names import Names
from npl_report.text.words import program_words
from tests.helpers import tiny
from tests.helpers.market import ASSET_TYPES, MARKET

CLOSE = 1e-9
KEYS = ("recovery_index", "recovery_index_by_type", "quarterly_collections", "collections_by_type")
CORPORATE, MORTGAGE, _ = ASSET_TYPES
INDICES = ("share_current", "share_cumulative", "index_current", "index_cumulative")
NONE_BEFORE = Unavailable("no_quarter_before")


def edition(as_of: str, fewest: int = 3) -> Edition:
    return replace(tiny.edition(date.fromisoformat(as_of)), ranking=Ranking(fewest))


def deals(*rows: tuple[str, str, str, str, float, str | None]) -> pd.DataFrame:
    """(deal, type, cut-off, closing, pool balance, liquidated)"""
    columns = ["deal", "asset_type", "cutoff_date", "closing_date", "pool_balance", "liquidated_on"]
    frame = pd.DataFrame(rows, columns=columns).assign(unread_from=None)
    dates = ("cutoff_date", "closing_date", "liquidated_on", "unread_from")
    return frame.assign(**{key: pd.to_datetime(frame[key]) for key in dates})


def flows(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    """(deal, first day, last day, amount)"""
    frame = pd.DataFrame(rows, columns=["deal", "period_start", "period_end", "collected"]).astype({"collected": float})
    return frame.assign(**{key: pd.to_datetime(frame[key]) for key in ("period_start", "period_end")})


def year(deal: str, year: int, *amounts: float) -> list[tuple[str, str, str, float]]:
    """A deal that reports by quarters of the calendar."""
    ends = [("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31")]
    return [
        (deal, f"{year}-{start}", f"{year}-{end}", amount) for (start, end), amount in zip(ends, amounts, strict=False)
    ]


EARLIER = deals(
    ("a", CORPORATE, "2019-12-31", "2020-01-10", 100, "2020-09-01"),
    ("b", CORPORATE, "2019-12-31", "2020-01-10", 300, "2020-09-01"),
    ("c", CORPORATE, "2019-12-31", "2020-01-10", 100, "2020-09-01"),
    ("d", CORPORATE, "2020-12-31", "2021-01-10", 200, None),
    ("m", MORTGAGE, "2020-12-31", "2021-01-10", 100, None),
)
RECOVERED = flows(
    *year("a", 2020, 10, 10),
    *year("b", 2020, 60, 30),
    *year("c", 2020, 60, 10),
    *year("d", 2021, 60, 40),
    *year("m", 2021, 5),
)


def index(as_of: str = "2021-07-20", fewest: int = 3) -> Result:
    found = recovery_index(EARLIER, RECOVERED, ASSET_TYPES, MARKET.ages, edition(as_of, fewest))
    assert isinstance(found, Result)
    return found


def test_a_deal_against_the_history_of_its_age():
    result = index()
    assert list(result.frame.index) == [
        *(f"{CORPORATE}-{quarter}" for quarter in ("2020Q1", "2020Q2", "2020Q3", "2020Q4", "2021Q1", "2021Q2")),
        *(f"{MORTGAGE}-{quarter}" for quarter in ("2021Q1", "2021Q2")),
        *(f"total-{quarter}" for quarter in ("2020Q1", "2020Q2", "2020Q3", "2020Q4", "2021Q1", "2021Q2")),
    ]
    # in their first quarter a, b and c recovered 0.1, 0.2 and 0.6: mean 0.3, by balance 130 / 500; d recovered 0.3
    first = result.frame.loc[f"{CORPORATE}-2021Q1"]
    assert first[[*INDICES]].tolist() == pytest.approx([50, 50, 100 * 0.3 / 0.26, 100 * 0.3 / 0.26], abs=CLOSE)
    assert first[["n_included", "balance", "n_living", "n_reported", "complete", "enough"]].tolist() == [
        1,
        200,
        1,
        1,
        "yes",
        "no",
    ]
    # in the second 0.1 each, cumulative 0.2, 0.3 and 0.7: mean 0.4, by balance 180 / 500; d 0.2 and 0.5
    second = result.frame.loc[f"{CORPORATE}-2021Q2"]
    assert second[[*INDICES]].tolist() == pytest.approx([100, 100, 200, 100 * 0.5 / 0.36], abs=CLOSE)
    # all classes: d alone has a history; m has not reported the second quarter
    total = result.frame.loc["total-2021Q2"]
    assert total[[*INDICES]].tolist() == second[[*INDICES]].tolist()
    assert total[["n_living", "n_reported", "complete"]].tolist() == [2, 1, "no"]
    # the rows behind it are those of all deals observed; the sample has three or more before it
    behind = result.evidence.loc[result.evidence["n_history"] >= 3]
    assert behind["row"].tolist() == [f"{CORPORATE}-2021Q1", f"{CORPORATE}-2021Q2"]
    assert len(result.evidence) == 9


def test_why_there_is_no_index():
    gaps = index().gaps
    assert gaps[f"{CORPORATE}-2020Q1", "share_current"] == Unavailable("no_history", needed=3)  # of the same quarter
    assert gaps[f"{CORPORATE}-2020Q3", "index_current"] == Unavailable("none_living", needed=1, found=0)
    assert gaps[f"{MORTGAGE}-2021Q1", "share_current"] == Unavailable("no_history", needed=3)
    assert gaps[f"{MORTGAGE}-2021Q2", "share_current"] == Unavailable("no_report_of_quarter", needed=1, found=0)
    assert index(fewest=4).gaps[f"{CORPORATE}-2021Q1", "share_current"] == Unavailable("no_history", needed=4)


def test_a_history_of_nought_has_no_ratio():
    nothing = RECOVERED.assign(collected=RECOVERED["collected"].where(~RECOVERED["deal"].isin(["a", "b", "c"]), 0.0))
    found = recovery_index(EARLIER, nothing, ASSET_TYPES, MARKET.ages, edition("2021-07-20"))
    assert isinstance(found, Result)
    row = f"{CORPORATE}-2021Q1"
    assert found.gaps[row, "index_current"] == Unavailable("nothing_recovered_before")
    assert found.frame.at[row, "share_current"] == 100


def test_the_last_part_of_a_quarter_of_a_liquidated_deal_is_collected_but_not_measured():
    """a ends on the last of May: what it collected counts, in the history of d's second quarter are b and c alone."""
    short = RECOVERED.assign(
        period_end=RECOVERED["period_end"].mask(
            (RECOVERED["deal"] == "a") & (RECOVERED["period_start"] == "2020-04-01"), pd.Timestamp("2020-05-31")
        )
    )
    found = recovery_index(EARLIER, short, ASSET_TYPES, MARKET.ages, edition("2021-07-20", 2))
    assert isinstance(found, Result)
    second = f"{CORPORATE}-2020Q2"
    assert found.evidence.loc[found.evidence["row"] == second, "deal"].tolist() == ["b", "c"]
    assert found.frame.loc[second, ["n_living", "n_reported", "complete"]].tolist() == [3, 3, "yes"]
    # 0.1 each, b and c; to date 0.3 and 0.7, by balance 160 / 400
    later = found.frame.loc[f"{CORPORATE}-2021Q2"]
    assert later[["n_included", "index_current"]].tolist() == pytest.approx([1, 200], abs=CLOSE)
    assert later["index_cumulative"] == pytest.approx(100 * 0.5 / 0.4, abs=CLOSE)
    summed = quarterly_collections(EARLIER, short, ASSET_TYPES, MARKET.ages, edition("2021-07-20"))
    assert isinstance(summed, Result)
    assert summed.frame.loc[second, ["collected", "complete"]].tolist() == [50, "yes"]


def test_a_silent_deal_ends_with_its_last_whole_quarter():
    """d has told nothing since May 2021: of its second quarter nothing is left, nor is it awaited."""
    two = deals(
        ("d", CORPORATE, "2020-12-31", "2021-01-10", 200, None),
        ("m", CORPORATE, "2020-12-31", "2021-01-10", 100, None),
    )
    told = (*year("d", 2021, 60), ("d", "2021-04-01", "2021-05-31", 40.0), *year("m", 2021, 5, 6, 7, 8))
    result = collected(*told, *year("m", 2022, 9, 10), as_of="2022-07-20", of=two)
    second = result.frame.loc[f"{CORPORATE}-2021Q2"]
    assert second[["n_living", "n_reported", "complete", "collected"]].tolist() == [1, 1, "yes", 6]
    assert result.frame.at[f"{CORPORATE}-2021Q1", "collected"] == 65


def test_a_quarter_that_is_not_over_is_provisional():
    # on the last day but one of June: d has reported the first quarter, nobody the second
    early = RECOVERED.loc[RECOVERED["period_end"] < "2021-06-29"]
    found = recovery_index(EARLIER, early, ASSET_TYPES, MARKET.ages, edition("2021-06-29"))
    assert isinstance(found, Result)
    assert found.frame.index[-1] == "total-2021Q1"
    part = flows(*(tuple(of) for of in early.itertuples(index=False)), ("d", "2021-04-01", "2021-05-31", 9.0))
    found = recovery_index(EARLIER, part, ASSET_TYPES, MARKET.ages, edition("2021-06-29"))
    assert isinstance(found, Result)
    assert found.frame.loc["total-2021Q2", ["n_living", "n_reported", "complete"]].tolist() == [2, 0, "no"]


def test_the_last_quarter_that_half_of_the_deals_have_reported():
    found = recovery_index_by_type(index(), ASSET_TYPES)
    assert isinstance(found, Result)
    assert found.frame["quarter"].tolist() == ["2021Q2"] * 4  # d of d and m
    assert found.frame["n_included"].tolist() == [1, 0, 0, 1]
    assert found.frame.at[CORPORATE, "index_current"] == pytest.approx(200, abs=CLOSE)
    assert found.gaps[CORPORATE, "index_before"] == Unavailable("no_history", needed=3)
    assert found.gaps[ASSET_TYPES[2], "complete"] == Unavailable("none_living", needed=1, found=0)
    assert found.evidence["row"].tolist() == [CORPORATE]


ONE = deals(("a", CORPORATE, "2019-11-30", "2020-02-10", 100, None))


def collected(*rows: tuple[str, str, str, float], as_of: str = "2024-07-20", of: pd.DataFrame = ONE) -> Result:
    found = quarterly_collections(of, flows(*rows), ASSET_TYPES, MARKET.ages, edition(as_of))
    assert isinstance(found, Result)
    return found


def test_a_quarter_against_those_before():
    result = collected(
        ("a", "2019-11-30", "2020-03-31", 123.0),  # 123 days, of which 91 in the quarter of the closing
        *year("a", 2020, 0, 10, 20, 30)[1:],
        *year("a", 2021, 41, 30, 30, 0),
        *year("a", 2022, 42, 50, 0, 60),
        *year("a", 2023, 99, 60, 10, 90),
        ("a", "2024-01-01", "2024-05-01", 91.0 + 31.0),  # 91 days, and 31 of the second quarter
    )
    frame = result.frame.loc[result.frame["asset_type"] == CORPORATE].set_index("quarter")
    assert frame.index[0] == "2020Q1"
    assert frame.index[-1] == "2024Q2"
    assert frame["collected"].tolist()[:2] == pytest.approx([91, 10], abs=CLOSE)
    assert frame["collected"].tolist()[-2:] == pytest.approx([91, 31], abs=CLOSE)
    assert frame["complete"].tolist() == [*["yes"] * 17, "no"]
    assert frame.at["2022Q4", "year_ago"] == 0
    assert frame.at["2023Q4", "change"] == pytest.approx(0.5, abs=CLOSE)  # 90 over 60
    assert frame.at["2023Q4", "mean_three"] == pytest.approx(30, abs=CLOSE)  # of 60, 0 and 30
    assert frame.at["2023Q4", "against_mean"] == pytest.approx(2, abs=CLOSE)
    gaps = result.gaps
    assert gaps[f"{CORPORATE}-2022Q4", "change"] == Unavailable("nothing_collected_before")
    assert gaps[f"{CORPORATE}-2020Q4", "year_ago"] == NONE_BEFORE
    assert gaps[f"{CORPORATE}-2022Q4", "mean_three"] == NONE_BEFORE
    assert gaps[f"{CORPORATE}-2024Q2", "change"] == Unavailable("reports_missing", needed=1, found=0)
    assert frame.at["2024Q2", "year_ago"] == 60
    # 17 complete quarters are enough for seasons, but where the season is larger than what came
    missing = frame.index[frame["adjusted"].isna()].tolist()
    assert missing == ["2021Q4", "2022Q3", "2023Q3", "2024Q2"]  # of 0, 0 and 10, and the quarter that is not over
    assert {gaps[f"{CORPORATE}-{of}", "adjusted"] for of in missing[:3]} == {Unavailable("season_larger")}
    step = frame.at["2024Q1", "adjusted"] / frame.at["2023Q4", "adjusted"] - 1
    assert frame.at["2024Q1", "adjusted_change"] == pytest.approx(step, abs=CLOSE)
    assert gaps[f"{CORPORATE}-2020Q1", "adjusted_change"] == NONE_BEFORE
    totals = result.frame.loc[result.frame["asset_type"] == "total", "collected"]
    assert totals.tolist() == frame["collected"].tolist()


def test_too_few_quarters_and_a_gap():
    short = collected(*year("a", 2020, 1, 2, 3, 4), as_of="2021-01-20")
    assert short.gaps[f"{CORPORATE}-2020Q3", "adjusted"] == Unavailable("too_few_quarters", needed=16, found=4)
    two = deals(
        ("a", CORPORATE, "2019-12-31", "2020-02-10", 100, "2020-12-01"),
        ("b", CORPORATE, "2021-12-31", "2022-02-10", 100, None),
    )
    parted = collected(*year("a", 2020, 1, 2), *year("b", 2022, 3, 4), as_of="2022-07-20", of=two)
    rows = [f"{CORPORATE}-{quarter}" for quarter in ("2020Q1", "2020Q2", "2020Q3", "2022Q1")]
    assert [parted.gaps[row, "adjusted"] for row in rows] == [
        Unavailable("parted_by_gap"),
        Unavailable("parted_by_gap"),
        Unavailable("none_living", needed=1, found=0),
        Unavailable("too_few_quarters", needed=16, found=2),
    ]
    assert parted.gaps[rows[2], "collected"] == Unavailable("none_living", needed=1, found=0)
    assert parted.frame.at[rows[2], "n_living"] == 0


def test_an_amount_below_nought_is_no_collection():
    """The first quarter of every year collects, until it does not: its season is then larger than what came."""
    known = [*[40.0, 1.0, 1.0, 1.0] * 4, *[0.0] * 4]
    found = _seasons(known, long=False)
    assert found[16] == Unavailable("season_larger")
    assert all(value >= 0 for value in found if not isinstance(value, Unavailable))


def test_quarters_of_half_years_have_no_seasons():
    first = [("a", f"{of}-01-01", f"{of}-06-30", 10.0) for of in range(2020, 2025)]
    second = [("a", f"{of}-07-01", f"{of}-12-31", 10.0) for of in range(2020, 2025)]
    result = collected(*first, *second, as_of="2025-01-20")
    row = f"{CORPORATE}-2024Q4"
    assert result.gaps[row, "adjusted"] == Unavailable("periods_too_long")
    assert result.frame.at[row, "collected"] == pytest.approx(5, abs=CLOSE)


def test_the_last_quarter_that_all_have_reported():
    two = deals(
        ("a", CORPORATE, "2019-12-31", "2020-02-10", 100, None),
        ("m", MORTGAGE, "2019-12-31", "2020-02-10", 100, None),
    )
    quarters = collected(*year("a", 2020, 1, 2, 3), *year("m", 2020, 5, 6), as_of="2020-10-20", of=two)
    found = collections_by_type(quarters, ASSET_TYPES)
    assert isinstance(found, Result)
    assert found.frame["quarter"].tolist() == ["2020Q2"] * 4
    assert found.frame["collected"].tolist()[:2] == [2, 6]
    assert found.frame.at["total", "collected"] == 8
    assert found.gaps[ASSET_TYPES[2], "collected"] == Unavailable("none_living", needed=1, found=0)
    never = collected(*year("a", 2020, 1), of=two, as_of="2020-04-20")
    assert collections_by_type(never, ASSET_TYPES) == Unavailable("no_complete_quarter", needed=1, found=0)


def test_nothing_reported():
    nothing = flows()
    for compute in (recovery_index, quarterly_collections):
        found = compute(ONE, nothing, ASSET_TYPES, MARKET.ages, edition("2020-04-01"))
        assert found == Unavailable("no_reports", needed=1, found=0)
    # collected before the closing alone: the deal lives in no quarter yet
    before = flows(("a", "2019-11-30", "2019-12-31", 5.0))
    for compute in (recovery_index, quarterly_collections):
        found = compute(ONE, before, ASSET_TYPES, MARKET.ages, edition("2020-04-01"))
        assert found == Unavailable("no_reports", needed=1, found=0)


@pytest.mark.parametrize("day", ["2016-06-01", "2017-02-01", "2018-12-31", "2020-03-17", "2021-06-01", "2030-01-01"])
def test_tiny_on_any_day(day: str):
    as_of = date.fromisoformat(day)
    found = compute_tables(KEYS, tiny.data(as_of), tiny.edition(as_of))  # every gap has its reason, or this raises
    assert all(isinstance(found[key], Result | Unavailable) for key in KEYS)


def test_one_deal_alone():
    files = tiny.rows()
    kept = {name: [row for row in rows if row.get("deal", "c1") == "c1"] for name, rows in files.items()}
    found = compute_tables(KEYS, dataset(tiny.read(kept), tiny.AS_OF, MARKET), tiny.edition())
    assert isinstance(found["quarterly_collections"], Result)
    assert isinstance(found["recovery_index"], Result)
    # c1 is liquidated; its own collections from the quarter of its closing on, split by days
    quarters = found["quarterly_collections"].frame
    closing = pd.Timestamp(next(row["closing_date"] for row in files["deals"] if row["deal"] == "c1"))
    assert quarters.at[f"{CORPORATE}-{closing.year}Q{closing.quarter}", "n_living"] == 1


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Q3 2025"), ("zh", "2025年第三季度"), ("it", "3° trimestre 2025")],
)
def test_quarters_have_names(language: str, name: str):
    names = Names({}, {}, {Unit.ASSET_TYPE: {}, Unit.TRANCHE: {}}, program_words(language))
    assert names.name(Unit.TERM, "2025Q3") == name
    assert names.name(Unit.PAIR, "total-2025Q3") == name  # of all classes
    assert names.name(Unit.TERM, "2025Q5") == "2025Q5"
