"""What the charts draw, by hand arithmetic on the tiny data.

Order, positions, labels, scales, and words where a value is missing.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
import vl_convert

from npl_report.model import TOTAL, Column, Result, Unavailable, Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts import KINDS, specifications
from npl_report.present.charts.ages import _stretches
from npl_report.present.charts.swarms import lifted
from npl_report.tables import catalogue
from tests.helpers.market import ASSET_TYPES, MARKET, table_words_of
from tests.present import small
from tests.present.drawings import (
    DRAWN,
    LANGUAGES,
    domain,
    drawn,
    labels,
    layers,
    localized,
    panels,
    records,
    sample_localized,
)

# every table that declares a chart, whoever adds it


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", DRAWN)
def test_it_is_drawn_from_its_own_table(table: str, language: str):
    """The engine takes the specification.

    Every panel is an asset type or named by the chart's own words, or there is one picture.
    """
    chart = catalogue(MARKET)[table].chart
    assert chart
    specs = drawn(table, language)
    own = [
        path.removeprefix("chart.panels.")
        for path in table_words_of(table, language).leaves()
        if path.startswith("chart.panels.")
    ]
    named = [kind for kind in (TOTAL, *ASSET_TYPES) if kind in specs and kind not in own]
    assert list(specs) == ([*own, *named] or [""])
    for name, spec in specs.items():
        assert ("title" in spec["usermeta"]) == bool(name)
        assert spec["width"] == (theme.PANEL_WIDTH if KINDS[chart.kind].beside else theme.WIDTH)
        assert spec["description"] == "What the chart shows."
        svg = vl_convert.vegalite_to_svg(json.loads(json.dumps(spec)), allowed_base_urls=[])
        assert "NaN" not in svg
        assert "undefined" not in svg
        assert svg.count("<text") > 2


@pytest.mark.parametrize("as_of", [date(2016, 6, 1), date(2017, 4, 1), date(2018, 6, 30)])
@pytest.mark.parametrize("table", DRAWN)
def test_it_is_drawn_early(table: str, as_of: date):
    source = localized("zh", as_of).chart_source(table)
    result = localized("zh", as_of).results[table]
    assert (source is None) == isinstance(result, Unavailable)
    for spec in specifications(source, "x").values() if source else ():
        assert "NaN" not in vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])


def test_every_kind_has_its_drawing():
    assert {chart.kind for table in catalogue(MARKET).values() if (chart := table.chart)} == set(KINDS)


@pytest.mark.parametrize("table", DRAWN)
def test_nothing_is_read_as_text_at_runtime(table: str):
    """Vega's readers of CSV and TSV make functions from text, which the pages' policy forbids."""
    assert '"format"' not in json.dumps(drawn(table))


# strips and dumbbells of pairs: at the window c1 has 300 of 1000, c2 100 of 500, m1 160 of 400, u1 150 of 1000


def test_banks_are_sorted_by_their_mean():
    drawn = panels("recovery_by_originator")
    assert list(drawn) == list(ASSET_TYPES)
    means = records(drawn["corporate"], "tick")
    assert [(record["row"], record["text"], record["at"]) for record in means] == [
        ("East", "30.00%", 30.0),
        ("West", "20.00%", 20.0),
    ]
    assert labels(drawn["corporate"]) == ["East", "West"]
    assert [(record["deal"], record["text"]) for record in records(drawn["mortgage"], "point", stroke=theme.PAPER)] == [
        ("Tiny M1", "40.00%")
    ]


def pictures(source: ChartSource) -> dict:
    return specifications(source, "x")["corporate"]


def test_rows_of_few_deals_share_a_place_below_the_ranked():
    """Of five pairs of one type two have three deals: they are sorted, the others are drawn pale in one row."""
    columns = (
        Column("n", Unit.DEALS),
        Column("mean", Unit.RATE),
        Column("other", Unit.RATE),
        Column("offset", Unit.RATE),
    )
    pairs = {"north": (3, 0.2, 0.1), "south": (4, 0.4, 0.3), "east": (1, 0.9, 0.1), "west": (2, 0.5, 0.1)}
    rows = {f"corporate-{key}": (n, mean, other, mean / other - 1) for key, (n, mean, other) in pairs.items()}
    drawn = small.source("dumbbell", Unit.PAIR, columns, rows, values=("mean", "other", "offset"), sort=True, fewest=3)
    spec = pictures(drawn)
    assert labels(spec) == ["north", "south", "Others (2), not ranked"]
    assert {record["at"] for record in records(spec, "point", color=theme.MUTED)} == {90.0, 50.0}
    one = small.source(
        "dumbbell",
        Unit.PAIR,
        columns,
        dict(list(rows.items())[:3]),
        values=("mean", "other", "offset"),
        sort=True,
        fewest=3,
    )
    assert labels(pictures(one)) == ["north", "south", "east"]
    none = small.source("dumbbell", Unit.PAIR, columns, rows, values=("mean", "other", "offset"), sort=True, fewest=9)
    assert len(labels(pictures(none))) == len(rows)


@pytest.mark.parametrize("table", ["recovery_by_originator", "forecast_accuracy_by_originator"])
def test_panels_of_banks_share_their_edges_and_have_scales_of_their_own(table: str):
    """Left: the same room for names.

    Right: the same invisible mark. Each scale begins at zero and holds its own panel, for types differ by more than
    banks do; every axis has its title.
    """
    drawn = list(panels(table).values())
    assert {domain(spec)[0] for spec in drawn} == {0}
    assert len({domain(spec)[1] for spec in drawn}) > 1
    extents = {
        layer["encoding"]["y"]["axis"]["minExtent"]
        for spec in drawn
        for layer in layers(spec)
        if layer.get("encoding", {}).get("y", {}).get("axis")
    }
    assert len(extents) == 1
    spacers = {json.dumps(layer["mark"]) for spec in drawn for layer in layers(spec) if layer["mark"].get("size") == 1}
    assert len(spacers) == 1
    for spec in drawn:
        titles = [layer["encoding"]["x"].get("title") for layer in layers(spec) if "x" in layer.get("encoding", {})]
        assert any(titles)


def test_the_number_of_deals_stands_beside_each_bank():
    drawn = panels("forecast_accuracy_by_originator")
    beside = records(drawn["corporate"], "text", x=-4)
    assert [(record["row"], record["text"]) for record in beside] == [("East", "1"), ("West", "1")]


def test_banks_are_sorted_by_their_offset_and_coloured_by_its_sign():
    """Against the forecast on the same date: c1 +20 % of 250, c2 −20 % of 125, u1 exactly on its 150."""
    drawn = panels("forecast_accuracy_by_originator")
    actual = records(drawn["corporate"], "point", filled=True)
    assert labels(drawn["corporate"]) == ["East", "West"]
    assert [
        (
            record["row"],
            record["sign"],
            record["mean_offset"],
            record["mean_recovery"],
            record["mean_forecast_recovery"],
        )
        for record in actual
    ] == [
        ("East", "above", "20.00%", "30.00%", "25.00%"),
        ("West", "below", "−20.00%", "20.00%", "25.00%"),
    ]
    assert [record["sign"] for record in records(drawn["unsecured"], "point", filled=True)] == ["equal"]
    assert [record["at"] for record in records(drawn["corporate"], "point", fill=theme.PAPER)] == [25.0, 25.0]


def test_years_of_issue_against_their_forecast():
    """At one year c1 (2016) has 100 of 1000 against 50, c2 (2017) 20 of 500 against 25."""
    spec = panels("forecast_accuracy_by_year")["corporate"]
    actual, forecast = records(spec, "line", strokeWidth=1.8), records(spec, "line", strokeWidth=1.2)
    assert [(record["year"], record["at"]) for record in actual] == [(2016, 10.0), (2017, 4.0)]
    assert [record["year"] for record in forecast] == [2016, 2017]
    assert [record["at"] for record in forecast] == pytest.approx([5, 5], abs=0.01)  # split by days
    (foot,) = (
        list(spec["datasets"][layer["data"]["name"]])
        for layer in layers(spec)
        if layer["mark"].get("y") == 164.0 and "x" not in layer["mark"]
    )
    assert [(record["year"], record["text"]) for record in foot] == [(2016, "1"), (2017, "1")]


def test_a_break_of_level_stands_between_its_years():
    source = localized("en").chart_source("forecast_accuracy_by_year")
    assert source
    assert source.breaks == {}, "three deals show none"
    known = replace(source, breaks={"corporate": (2016, 2017)})
    marked, plain = specifications(known, "x"), specifications(source, "x")
    (line,) = records(marked["corporate"], "rule")
    assert (line["year"], line["text"]) == (2016.5, "Level break")
    assert marked["mortgage"] == plain["mortgage"]


def test_breaks_of_the_edition_that_hold_are_marked():
    """The sample's last edition has the chapter of vintages; the one before it has not."""
    table = "forecast_accuracy_by_year"
    later = sample_localized("en", "2025-12").chart_source(table)
    assert later
    breaks = later.breaks
    result = sample_localized("en", "2025-12").results["level_breaks"]
    assert isinstance(result, Result)
    held = result.frame[result.frame["holds"] == "yes"]
    assert set(breaks) == set(held["asset_type"])
    assert all(last < first for last, first in breaks.values())


def test_every_deal_stands_about_zero():
    """Of the corporate deals c1 is 20 % above its forecast of 250, c2 20 % below its 125; u1 is exactly on it."""
    (spec,) = panels("forecast_accuracy_by_type").values()
    dots = records(spec, "point", filled=True, strokeWidth=0.8)
    assert {(record["deal"], record["side"], record["at"]) for record in dots} >= {
        ("Tiny C1", "above", 20.0),
        ("Tiny C2", "below", -20.0),
        ("Tiny U1", "equal", 0.0),
    }
    told = {record["row"]: record["text"] for record in records(spec, "text", x="width", fontWeight="bold")}
    assert told["Corporate"] == "1 of 2"
    low, high = domain(spec)
    assert low < -20.0 < 20.0 < high


def test_only_a_row_with_a_crowd_of_its_own_has_bars():
    """In the sample's last edition some types have few deals with a forecast, others more than dots could show."""
    source = sample_localized("en", "2025-12").chart_source("forecast_accuracy_by_type")
    assert source
    (spec,) = specifications(source, "x").values()
    dots, bars = records(spec, "point", strokeWidth=0.8), records(spec, "rect")
    deals = Counter(record["row"] for record in source.points("offset", source.rows()))
    many = {row for row, count in deals.items() if count > 70}
    assert {record["row"] for record in bars} == many
    assert {record["row"] for record in dots} == set(deals) - many
    assert 0 < len(many) < len(deals)


def test_a_yield_is_a_line_over_what_is_recovered():
    """A line for each delay of the last tranche alone; the first and the last are named, with room between."""
    for spec in panels("yield_scenarios").values():
        lines = records(spec, "line")
        assert {record["key"] for record in lines} == {f"subordinated_{months}m" for months in (0, 3, 6, 12)}
        assert min(record["x"] for record in lines) < 100 < max(record["x"] for record in lines)
        named = [layer["mark"]["dy"] for layer in layers(spec) if layer["mark"].get("fontWeight") == "bold"]
        assert max(named) - min(named) > 12


def test_the_lesser_figure_stands_at_the_left():
    """c1 recovers half of 340, 170, between ages 12 (100) and 24 (200).

    The forecast is read on the collection dates.
    """
    (spec,) = panels("time_to_half").values()
    left, right = records(spec, "text", align="right"), records(spec, "text", align="left", dx=11)
    beside = {record["row"]: record["at"] for record in right}
    assert left
    assert all(record["at"] <= beside[record["row"]] for record in left)


def test_a_row_without_a_value_says_why():
    """On that day only deals of one type have been in their window or none.

    The table's own reason stands in the row.
    """
    source = localized("en", date(2019, 1, 1)).chart_source("recovery_by_type")
    assert source
    missing = source.blanks(("mean_recovery",), source.rows())
    assert missing
    assert {record["text"] for record in missing} == {str(source.reason(Unavailable("no_deal_in_window")))}
    (spec,) = specifications(source, "x").values()
    assert {record["row"] for record in records(spec, "text", x=4)} == {record["row"] for record in missing}


def test_dots_of_a_swarm_do_not_cover_each_other():
    deals = [{"row": "a", "deal": str(number), "at": 10 + number % 3 / 10} for number in range(12)]

    def moved(some: list[dict]) -> list[dict]:
        return lifted(some, lambda deal: deal["at"] / 40, area=43.6, highest=21.0)

    placed = moved(deals)
    spots = [(record["at"] / 40 * 400, record["lift"]) for record in placed]
    near = [
        ((x - other) ** 2 + (y - lift) ** 2) ** 0.5
        for place, (x, y) in enumerate(spots)
        for other, lift in spots[:place]
    ]
    assert min(near) > 2.9  # twelve dots of one pixel's width of positions, in the 42 pixels that they may be moved
    assert [record["deal"] for record in placed] == [record["deal"] for record in moved(deals[::-1])]
    assert len({record["lift"] for record in moved(deals[:1])}) == 1


# lines


def test_paths_begin_at_nothing_and_mark_one_half():
    drawn = panels("recovery_distribution")
    for kind in ASSET_TYPES:
        (half,) = records(drawn[kind], "rule")
        assert (half["at"], half["text"]) == (50.0, "Half")
    line = [record for record in records(drawn["corporate"], "line") if record["row"] == "Actual"]
    assert [record["age"] for record in line] == [0, 6, 12, 18, 24, 30, 36]
    assert line[0]["at"] == 0


def test_the_curves_are_the_deals():
    """c1 collects 100, 100, 50, 50, 40 of a pool of 1000 at ages 12, 24, 33, 39, 45.

    C2 20 and 80 of 500 at 12 and 36.
    """
    drawn = panels("deal_recovery")
    curves = {
        record["deal"]: (record["age"], record["at"]) for record in records(drawn["corporate"], "line", strokeWidth=1)
    }
    assert curves == {"Tiny C1": ([12, 24, 33, 39, 45], [10, 20, 25, 30, 34]), "Tiny C2": ([12, 36], [4, 20])}
    ends = [(record["age"], record["at"]) for record in records(drawn["corporate"], "point", size=9)]
    assert ends == [(45, 34), (36, 20)]


def test_the_window_of_the_edition_is_shaded():
    for kind, low, high in (("corporate", 33, 39), ("mortgage", 24, 30), ("unsecured", 13, 19)):
        (window,) = records(panels("deal_recovery")[kind], "rect")
        assert (window["age"], window["to"], window["months"]) == (low, high, f"{low}–{high} months")


def test_a_window_beyond_the_data_is_not_drawn():
    """On that day the oldest reading is c1's at 12 months."""
    for spec in panels("deal_recovery", as_of=date(2017, 4, 1)).values():
        assert records(spec, "rect") == []


def test_a_band_is_dashed_where_deals_are_too_few():
    points = [
        {"age": age, "mean": age, "enough": enough}
        for age, enough in ((3, True), (6, True), (9, False), (12, True), (15, True))
    ]
    stretches: dict[int, list[tuple[int, bool]]] = {}
    for point in _stretches(points, "mean"):
        stretches.setdefault(point["stretch"], []).append((point["age"], point["enough"]))
    assert stretches == {
        0: [(3, True), (6, True)],
        1: [(6, False), (9, False), (12, False)],
        2: [(12, True), (15, True)],
    }


def test_a_band_without_enough_deals_has_no_quartiles():
    """No type of the tiny data has three deals."""
    for spec in panels("recovery_curve_by_type").values():
        assert records(spec, "area") == []
        assert {record["enough"] for record in records(spec, "line", strokeWidth=2.2)} == {False}
