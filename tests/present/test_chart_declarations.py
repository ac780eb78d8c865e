"""A chart that its table cannot feed is refused, with what the kind wants."""

from __future__ import annotations

import pytest

from npl_report.model import Chart, Column, DefinitionError, ResearchTable, Unit
from npl_report.present.charts.registry import KINDS, chart, kind_of
from npl_report.tables import catalogue
from tests.helpers.market import ASSET_TYPES, MARKET

FAN = ("late_n", "late_low", "late_low_quartile", "late_median", "late_high_quartile", "late_high")
COLUMNS = (
    *(Column(kind, Unit.MONEY) for kind in ASSET_TYPES),
    *(Column(key, Unit.RATE) for key in ("mean", "other", "offset", "by_6", "by_12")),
    Column("n", Unit.DEALS),
    *(Column(key, Unit.POINTS) for key in FAN),
    Column("distance", Unit.MONTHS),
)
EVIDENCE = (Column("deal", Unit.DEAL), Column("rate", Unit.RATE))


def table(
    chart: Chart,
    rows: Unit = Unit.ASSET_TYPE,
    columns: tuple[Column, ...] = COLUMNS,
    evidence: tuple[Column, ...] = EVIDENCE,
) -> ResearchTable:
    return ResearchTable("small", rows, columns, evidence, lambda: None, ("method",), chart)  # type: ignore[arg-type, return-value]


def test_every_table_that_is_drawn_can_be():
    drawn = {key: table for key, table in catalogue(MARKET).items() if table.chart}
    assert len(drawn) > 20
    for table in drawn.values():
        assert table.chart is not None
        kind_of(table, table.chart)


def test_every_kind_is_drawn_by_a_table():
    assert {table.chart.kind for table in catalogue(MARKET).values() if table.chart} == set(KINDS)


def test_a_kind_is_registered_once():
    with pytest.raises(DefinitionError, match="two functions draw charts of bars"):
        chart("bars", "the measure", fewest=1)(lambda _: {})


@pytest.mark.parametrize(
    ("chart", "rows"),
    [
        (Chart("bars", ("mean", "other", "n"), sort=True), Unit.YEAR),
        (Chart("columns", ("mean", "other")), Unit.YEAR),
        (Chart("dumbbell", ("mean", "other")), Unit.ASSET_TYPE),
        (Chart("dumbbell", ("mean", "other", "offset"), sort=True), Unit.PAIR),
        (Chart("strip", ("mean",), points="rate"), Unit.PAIR),
        (Chart("years", ("mean", "other", "n")), Unit.PAIR),
        (Chart("offsets", ("n", "n", "mean"), points="rate"), Unit.ASSET_TYPE),
        (Chart("paths", ("by_6", "by_12")), Unit.PAIR),
        (Chart("coefficients", ("mean", "by_6", "by_12"), sort=True), Unit.REGRESSOR),
        (Chart("scree", ("mean", "other", "offset")), Unit.TERM),
        (Chart("heatmap", ("mean", "other")), Unit.REGRESSOR),
        (Chart("fans", FAN), Unit.TERM),
        (Chart("ratios", ("mean", "by_6", "by_12")), Unit.ASSET_TYPE),
    ],
)
def test_what_can_be_drawn_is_accepted(chart: Chart, rows: Unit):
    assert kind_of(table(chart, rows), chart) is KINDS[chart.kind]


@pytest.mark.parametrize(
    ("chart", "rows", "message"),
    [
        (Chart("pie", ("mean",)), Unit.ASSET_TYPE, "there is no chart 'pie'; there are band, bars, "),
        (Chart("bars", ("mean", "size")), Unit.ASSET_TYPE, "the chart draws undeclared columns size"),
        (
            Chart("bars", ()),
            Unit.ASSET_TYPE,
            "a chart of bars takes the measure, then what the tooltip adds; it has 0 columns: ",
        ),
        (
            Chart("bars", ("mean",), points="rate"),
            Unit.ASSET_TYPE,
            "a chart of bars draws no evidence: leave out points",
        ),
        (
            Chart("ratios", ("mean", "other")),
            Unit.ASSET_TYPE,
            "a chart of ratios takes the ratio, and the lower and the upper end of the one beside it; it has 2",
        ),
        (
            Chart("parted", ("mean", "other", "by_6", "by_12")),
            Unit.ASSET_TYPE,
            "a chart of parted needs the columns n_deals, which the table does not declare",
        ),
        (
            Chart("stacked_bars", ASSET_TYPES),
            Unit.YEAR,
            "a chart of stacked_bars needs the columns issuance, which the table does not declare",
        ),
        (
            Chart("dumbbell", ("mean", "other")),
            Unit.PAIR,
            "a chart of dumbbell takes .* their relative difference; it has 2 columns: mean, other",
        ),
        (Chart("dumbbell", ("mean", "other", "offset")), Unit.ASSET_TYPE, "it has 3 columns: mean, other, offset"),
        (
            Chart("dumbbell", ("mean", "other")),
            Unit.YEAR,
            "a chart of dumbbell draws rows of asset_type or pair; the table's are of year",
        ),
        (Chart("strip", ("mean",)), Unit.ASSET_TYPE, "a chart of strip draws the evidence: name its column as points"),
        (Chart("strip", ("mean",), points="age"), Unit.ASSET_TYPE, "the chart draws undeclared evidence age"),
        (
            Chart("years", ("mean", "other", "n")),
            Unit.ASSET_TYPE,
            "a chart of years draws rows of pair; the table's are of asset_type",
        ),
        (
            Chart("offsets", ("n", "n", "mean")),
            Unit.ASSET_TYPE,
            "a chart of offsets draws the evidence: name its column as points",
        ),
        (
            Chart("scenarios", ("mean", "other")),
            Unit.PAIR,
            "a chart of scenarios needs the columns multiplier, which the table does not declare",
        ),
        (
            Chart("paths", ("by_6", "mean")),
            Unit.PAIR,
            "a chart of paths takes cumulative shares named <word>_<age>; it has 2 columns: by_6, mean",
        ),
        (
            Chart("curves", ("mean", "other")),
            Unit.TERM,
            "a chart of curves needs the columns deal, asset_type, which the table does not declare",
        ),
        (
            Chart("vintages", ("mean", "other", "n")),
            Unit.PAIR,
            "a chart of vintages needs the columns year, age, which the table does not declare",
        ),
        (
            Chart("shift", ("mean", "other")),
            Unit.PAIR,
            "a chart of shift takes the share before, the share after and the p value; it has 2 columns: mean, other",
        ),
        (
            Chart("band", ("mean", "by_6", "by_12", "n")),
            Unit.PAIR,
            "a chart of band needs the columns asset_type, age, enough",
        ),
        (
            Chart("band", ("mean", "n")),
            Unit.PAIR,
            (
                "a chart of band takes the mean, the lower and the upper quartile and the number of deals; "
                "it has 2 columns: mean, n"
            ),
        ),
        (
            Chart("index", ("mean", "other")),
            Unit.PAIR,
            "a chart of index needs the columns quarter, complete, enough, which the table does not declare",
        ),
        (
            Chart("quarters", ("mean",)),
            Unit.PAIR,
            "a chart of quarters takes the amount of a quarter and the same without seasons; it has 1 columns: mean",
        ),
        (
            Chart("coefficients", ("mean",)),
            Unit.REGRESSOR,
            (
                "a chart of coefficients takes the estimate, the lower and the upper end of its interval; it "
                "has 1 columns: mean"
            ),
        ),
        (
            Chart("scree", ("mean", "other")),
            Unit.TERM,
            (
                "a chart of scree takes the eigenvalue, that of random data and the limit above which "
                "factors are kept; it has 2 columns"
            ),
        ),
        (
            Chart("heatmap", ("mean",)),
            Unit.REGRESSOR,
            "a chart of heatmap takes the columns of the matrix, each between -1 and 1; it has 1 columns: mean",
        ),
        (
            Chart("fans", (*FAN[:3], "mean", *FAN[4:])),
            Unit.TERM,
            "a chart of fans takes of each kind <kind>_n, _low, .* and _high; it has 6 columns",
        ),
        (Chart("fans", FAN), Unit.PAIR, "a chart of fans draws rows of term; the table's are of pair"),
        (
            Chart("survival", ("mean", "n", "other")),
            Unit.PAIR,
            (
                "a chart of survival takes the share outstanding and the number at risk of the first tranche, "
                "perhaps those of the last; it has 3 columns: mean, n, other"
            ),
        ),
        (Chart("survival", ("mean", "n")), Unit.PAIR, "a chart of survival needs the columns year, age, enough"),
        (
            Chart("periods", ("mean", "n")),
            Unit.PAIR,
            "a chart of periods needs the columns asset_type, which the",
        ),
        (
            Chart("multiples", ("mean", "other")),
            Unit.YEAR,
            "a chart of multiples draws rows of deal; the table's are of year",
        ),
        (Chart("multiples", ("mean", "other")), Unit.DEAL, "a chart of multiples needs the columns asset_type, live"),
        (
            Chart("fit", ("mean", "other", "offset", "by_6", "by_12", "n")),
            Unit.YEAR,
            "a chart of fit draws rows of deal; the table's are of year",
        ),
        (
            Chart("fit", ("mean", "other", "offset", "by_6", "by_12", "n")),
            Unit.DEAL,
            "a chart of fit needs the columns asset_type, which the table does not declare",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(chart: Chart, rows: Unit, message: str):
    with pytest.raises(DefinitionError, match=f"table small: .*{message}|table small: {message}"):
        kind_of(table(chart, rows), chart)


def test_a_strip_names_the_deals_of_its_dots():
    declared = Chart("strip", ("mean",), points="rate")
    with pytest.raises(
        DefinitionError, match="table small: a chart of strip names the deals of the evidence, which has no column deal"
    ):
        kind_of(table(declared, evidence=(Column("rate", Unit.RATE),)), declared)
