"""Charts of more deals than a reader can tell apart: squares and bars, each for several, and no deal in the data."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import chain, pairwise
from typing import Any

import altair as alt
import pandas as pd
import pytest
import vl_convert

from npl_report.model import Column, Result, Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts import crowds, specifications
from npl_report.present.charts.crowds import CROWD, Bins, counted, crowded, ranges
from npl_report.present.charts.registry import KINDS
from npl_report.tables import catalogue
from tests.helpers.market import MARKET
from tests.present.drawings import layers, sample_localized

TABLES = sorted(key for key, table in catalogue(MARKET).items() if table.chart and KINDS[table.chart.kind].deals)
LANGUAGES = ("en", "zh")
MANY = 4
"""Times the sample that make a crowd."""
Spec = dict[str, Any]


class Copied:
    """The names of deals, and of their copies with a number."""

    def __init__(self, names: Any) -> None:
        self._names = names

    def name(self, unit: Unit, id_: str) -> str:
        known, mark, number = id_.partition("#")
        return self._names.name(unit, known) + mark + number


def times(source: ChartSource, number: int) -> ChartSource:
    """Every deal so many times, under ids and names of its own."""
    frame, evidence = source.result.frame, source.result.evidence
    frames, further, gaps = [frame], [evidence], dict(source.result.gaps)
    for copy in range(2, number + 1):
        if source.chart.points:
            further.append(evidence.assign(deal=evidence["deal"] + f"#{copy}"))
        else:
            again = frame.set_index(frame.index + f"#{copy}")
            frames.append(again.assign(deal=again["deal"] + f"#{copy}") if "deal" in again else again)
            gaps |= {(f"{row}#{copy}", column): gap for (row, column), gap in source.result.gaps.items()}
    result = Result(pd.concat(frames), pd.concat(further, ignore_index=True), gaps)
    return replace(source, result=result, names=Copied(source.names))  # type: ignore[arg-type]


def sample(table: str, language: str = "en") -> ChartSource:
    source = sample_localized(language).chart_source(table)
    assert source
    return source


def crowd(table: str, language: str = "en", number: int = MANY) -> dict[str, Spec]:
    return specifications(times(sample(table, language), number), "What it shows.")


def places(spec: Spec) -> list[Spec]:
    """What the squares or bars of a panel are made of."""
    found = [layer for layer in layers(spec) if layer["mark"]["type"] == "rect" and "x2" in layer.get("encoding", {})]
    (marks,) = [layer for layer in found if layer["encoding"]["x2"]["field"] != "to"]  # that is the window's
    records: list[Spec] = marks["data"].get("values") or spec["datasets"][marks["data"]["name"]]
    return records


def test_the_charts_of_single_deals_are_known():
    assert {kind for kind, of in KINDS.items() if of.deals} == {"strip", "fit", "curves"}
    assert {kind for kind, of in KINDS.items() if of.points and not of.deals} == {"offsets"}, "a crowd there is a row's"
    assert len(TABLES) >= 6


@pytest.mark.parametrize("table", TABLES)
def test_the_sample_is_no_crowd(table: str):
    source = sample(table)
    assert 20 < source.deals <= CROWD
    assert not crowded(source)
    assert all(spec["description"] == "What it shows." for spec in specifications(source, "What it shows.").values())


@pytest.mark.parametrize("table", TABLES)
def test_one_deal_more_makes_a_crowd(table: str, monkeypatch: pytest.MonkeyPatch):
    source = sample(table)
    plain = specifications(source, "x")
    monkeypatch.setattr(crowds, "CROWD", source.deals)
    assert specifications(source, "x") == plain
    monkeypatch.setattr(crowds, "CROWD", source.deals - 1)
    assert specifications(source, "x") != plain


@pytest.mark.parametrize("table", TABLES)
def test_a_specification_does_not_grow_with_the_deals(table: str):
    some, more = (
        {name: len(json.dumps(spec)) for name, spec in crowd(table, number=number).items()}
        for number in (MANY, 3 * MANY)
    )
    assert some.keys() == more.keys()
    assert all(more[name] < some[name] * 1.05 for name in some)  # figures of counts have a digit more
    assert max(more.values()) < 40_000


@pytest.mark.parametrize("table", TABLES)
def test_no_deal_is_in_the_data_but_the_most_influential(table: str):
    names = set(sample_localized("en").printer.names._named[Unit.DEAL].values())
    for name, spec in crowd(table).items():
        text = json.dumps(spec, ensure_ascii=False)
        assert sum(one in text for one in names) <= (3 if name == "influence" else 0)


@pytest.mark.parametrize("table", [table for table in TABLES if table != "deal_recovery"])
def test_every_deal_is_counted_in_one_place(table: str):
    panels = crowd(table)
    sums = {name: sum(int(record["deals"]) for record in places(spec)) for name, spec in panels.items()}
    source = sample(table)
    points = source.points(source.chart.points, source.rows()) if source.chart.points else source.rows()
    one_panel = "fitted" in sums or "" in sums
    assert (next(iter(sums.values())) if one_panel else sum(sums.values())) == MANY * len(points)
    if one_panel:
        assert len(set(sums.values())) == 1


def test_a_deal_with_several_dates_in_a_square_is_counted_once():
    source = sample("deal_recovery")
    deals = source.result.frame.groupby("asset_type")["deal"].nunique()
    for kind, spec in crowd("deal_recovery").items():
        counts = [int(record["deals"]) for record in places(spec)]
        assert max(counts) <= MANY * deals[kind]
        assert {count % MANY for count in counts} == {0}
        assert sum(counts) <= MANY * (source.result.frame["asset_type"] == kind).sum()


@pytest.mark.parametrize("table", TABLES)
def test_squares_and_bars_do_not_cover_each_other(table: str):
    for spec in crowd(table).values():
        ends = [key for key in places(spec)[0] if key.endswith("_to")]
        boxes = [
            (record.get("row"), *((record[end.removesuffix("_to")], record[end]) for end in ends))
            for record in places(spec)
        ]
        assert len(set(boxes)) == len(boxes)
        for end in ends:
            spans = sorted({(record[end.removesuffix("_to")], record[end]) for record in places(spec)})
            assert all(high <= low for (_, high), (low, _) in pairwise(spans))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_it_is_drawn_and_says_what_it_shows(table: str, language: str):
    program = sample_localized(language).words
    told = str(program["chart.crowd"]).format(n=sample_localized(language).printer.numbers.text(CROWD, crowds.COUNT))
    words = [str(program[f"chart.{word}"]).partition("{n}")[0] for word in ("square", "bar")]
    panels = crowd(table, language)
    for spec in panels.values():
        assert alt.Chart.from_dict(spec, validate=True) is not None
        svg = vl_convert.vegalite_to_svg(json.loads(json.dumps(spec)), allowed_base_urls=[])
        assert "NaN" not in svg
        shades = {*theme.DIVERGING[6:], *theme.CLASS_COLOURS, theme.INK, theme.MUTED}
        fills = set(re.findall(r'fill="(#\w{6})"', svg))
        assert fills <= shades | {theme.PAPER, theme.PALE, theme.RULE}
        assert spec["description"].startswith("What it shows.")
        assert spec["description"].endswith(told)
    first = json.dumps(next(iter(panels.values())), ensure_ascii=False)
    assert any(word in first for word in words)
    tips = {record["at_range"] for record in places(panels[next(iter(panels))]) if "at_range" in record}
    assert all(("至" if language == "zh" else " to ") in tip for tip in tips)


@pytest.mark.parametrize("table", ["recovery_by_originator", "regression_fit", "deal_recovery"])
def test_panels_share_the_steps_of_their_key(table: str):
    """One key says the same in all, and plots beside each other begin at the same height."""
    source = times(sample(table), MANY)
    every = chain.from_iterable(map(places, specifications(source, "x").values()))
    marks = {(record["deals"], record["fill"]) for record in every}
    assert len({number for number, _ in marks}) == len(marks), "a number has one colour in all panels"


@pytest.mark.parametrize(
    ("counts", "steps"),
    [
        ([1], [(1, 1)]),
        ([1, 2], [(1, 1), (2, 2)]),
        ([1, 27, 4], [(1, 3), (4, 9), (10, 27)]),  # 3, 9, 27
        ([1000], [(1, 10), (11, 100), (101, 1000)]),
        ([], [(1, 1)]),
    ],
)
def test_steps_end_at_so_many_times_the_former(counts: list[int], steps: list[tuple[int, int]]):
    assert ranges(counts) == steps


def test_a_value_at_either_end_lies_in_a_range():
    bins = Bins("at", "Rate", Column("rate", Unit.RATE), (0.0, 40.0), 4)
    assert [bins.place(value) for value in (0.0, 9.99, 10.0, 39.9, 40.0, 41.0, -1.0)] == [0, 0, 1, 3, 3, 3, 0]
    assert bins.record(1, sample("recovery_by_type")) == {"at": 10.0, "at_to": 20.0, "at_range": "10.00% to 20.00%"}


def test_a_deal_counts_once_where_it_lies():
    assert counted([("a", "d1"), ("a", "d1"), ("a", "d2"), ("b", "d1")]) == {"a": 2, "b": 1}
