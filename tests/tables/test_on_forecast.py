"""Deals exactly on forecast, deals of which nothing was forecast, deals that are level: in tables, print and sentences.

The flows are those of tests/helpers/tiny.py but for what each test changes; its as-of date and windows are those of
2020-03.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path

import pytest

from npl_report.build.reading import read
from npl_report.load.data import dataset
from npl_report.load.project import Project, read_edition
from npl_report.model import Result, Unavailable
from npl_report.present.pages import Pages
from npl_report.present.reading import Reading
from npl_report.present.templates import Templates
from npl_report.tables import catalogue, compute_tables
from tests.helpers import tiny
from tests.helpers.market import MARKET

ACCURACY = ("forecast_accuracy_by_type", "forecast_accuracy_by_originator", "forecast_accuracy_by_year")
CLOSE = 1e-12  # a handful of divisions of doubles below a thousand
NOTHING = Unavailable("nothing_forecast", 1, 0)
Files = dict[str, list[tiny.Row]]


def collected(files: Files, deal: str, *amounts: str) -> None:
    """Replace what the periods of a deal brought, of which none was restated, and leave out what was paid."""
    files["payments"] = [row for row in files["payments"] if row["deal"] != deal]
    for row, amount in zip([row for row in files["collections"] if row["deal"] == deal], amounts, strict=True):
        row["collected"] = amount


def forecast(files: Files, deal: str, *amounts: str) -> None:
    """Replace what was forecast of a deal, period by period, and thereby in all."""
    for row, amount in zip([row for row in files["forecasts"] if row["deal"] == deal], amounts, strict=True):
        row["amount"] = amount
    next(row for row in files["deals"] if row["deal"] == deal)["expected_recovery"] = f"{sum(map(float, amounts)):.1f}"


def tables(files: Files, *keys: str) -> list[Result]:
    results = compute_tables(keys, dataset(tiny.read(files), tiny.AS_OF, MARKET), tiny.edition())
    found = [results[key] for key in keys]
    assert all(isinstance(item, Result) for item in found), found
    return found  # type: ignore[return-value]  # asserted above


def a_sum_on_forecast() -> Files:
    """c2, below its forecast in tests/helpers/tiny.py, collects 20.1 by 12 months and 80.2 by 36; as much is forecast.

    In floats what is forecast, in other parts, is less. m2 has a forecast: 10 by 12 months, when it has collected 20,
    and 50 more by 48.
    """
    files = tiny.rows()
    for start, end, amount in ((0, 360, 10), (361, 1440, 50)):
        period = {"period_start": tiny.day("m2", start).isoformat(), "period_end": tiny.day("m2", end).isoformat()}
        own = {"deal": "m2", "made_on": tiny.ISSUED["m2"], "amount": str(amount)}
        files["forecasts"].append({**files["forecasts"][0], **own, **period})
    collected(files, "c2", "20.1", "80.2")
    forecast(files, "c2", "25", "75.3", "25")
    assert 20.1 + 80.2 > 25 + 75.3
    return files


def nothing_forecast() -> Files:
    """c2: nothing by 36 months, 150 by 48; it has collected 20 and 80 by then."""
    files = tiny.rows()
    forecast(files, "c2", "0", "0", "150")
    return files


def test_a_sum_that_differs_in_its_last_bit_is_on_forecast_in_every_table():
    curves, readings, kinds, banks, years = tables(a_sum_on_forecast(), "deal_recovery", "window_readings", *ACCURACY)
    assert curves.frame.loc[curves.frame["deal"] == "c2", ["deviation", "offset"]].iloc[-1].tolist() == [0.0, 0.0]
    assert readings.frame.loc["c2", ["deviation", "offset"]].tolist() == [0.0, 0.0]
    sides = ["n_included", "n_above", "n_equal", "n_below"]
    assert kinds.frame.loc["corporate", [*sides, "share_above"]].tolist() == [2, 1, 1, 0, 0.5]
    assert kinds.frame.loc["unsecured", [*sides, "share_above"]].tolist() == [1, 0, 1, 0, 0.0]  # u1, as it stands
    assert banks.frame.loc["corporate-west", sides].tolist() == [1, 0, 1, 0]
    assert years.frame.loc["corporate-2017", sides].tolist() == [1, 0, 0, 1]  # at one year 20.1 against 25
    assert years.frame.loc["mortgage-2017", sides].tolist() == [2, 1, 1, 0]  # m1: 40 against 40
    for result in (kinds, banks, years):
        frame = result.frame
        assert (frame["n_above"] + frame["n_equal"] + frame["n_below"]).tolist() == frame["n_included"].tolist()


@pytest.mark.parametrize("key", ACCURACY)
def test_deals_on_forecast_are_printed_where_there_are_some(key: str):
    (some,) = tables(tiny.rows(), key)
    files = tiny.rows()
    forecast(files, "u1", "140", "50")
    forecast(files, "m1", "35", "60", "100")
    (none,) = tables(files, key)
    declared = catalogue(MARKET)[key]
    assert none.frame["n_equal"].sum() == 0
    there, usual = declared.printed_of(some), declared.printed_of(none)
    assert [column.key for column in there if column not in usual] == ["n_equal"]
    assert "n_without_offset" not in [column.key for column in there]


def test_of_what_nothing_was_forecast_there_is_a_deviation_and_no_offset_rate():
    files = nothing_forecast()
    keys = ("deal_recovery", "window_readings", "deal_position", "deal_summary", *ACCURACY[:2])
    curves, readings, places, summary, kinds, banks = tables(files, *keys)
    last = "c2@2019-06-16"
    assert curves.frame.loc[last, ["forecast", "deviation"]].tolist() == [0, 100]
    gaps = curves.gaps[last, "offset"], readings.gaps["c2", "offset"], summary.gaps["c2", "offset"]
    assert set(gaps) == {places.gaps["c2", "rank_offset"]} == {NOTHING}
    assert {key for row, key in readings.gaps if row == "c2"} == {"offset"}
    assert places.frame.loc["c1", ["n_type", "n_forecast", "rank_offset"]].tolist() == [2, 1, 1]
    corporate = kinds.frame.loc["corporate"]
    # c1 +50 on 250, c2 +100 on nothing
    counts = {"n_included": 2, "n_above": 2, "n_equal": 0, "n_below": 0, "n_without_offset": 1, "share_above": 1.0}
    figures = dict.fromkeys(("mean_offset", "mean_offset_above", "mean_absolute_offset"), 0.2)
    figures |= {"mean_deviation": 75, "mean_deviation_above": 75, "offset_of_sums": 150 / 250}
    assert corporate[list(counts)].to_dict() == counts
    assert corporate[list(figures)].astype(float).to_dict() == pytest.approx(figures, abs=CLOSE)
    west = banks.frame.loc["corporate-west"]
    assert west[["n_included", "n_above", "n_without_offset"]].tolist() == [1, 1, 1]
    assert west[["mean_deviation", "mean_deviation_above"]].tolist() == [100, 100]
    found = {key: gap for (row, key), gap in banks.gaps.items() if row == "corporate-west" and "below" not in key}
    rates = ("mean_offset", "mean_absolute_offset", "offset_of_sums", "mean_offset_above")
    assert found == dict.fromkeys(rates, NOTHING)
    assert banks.frame.index.tolist()[:2] == ["corporate-east", "corporate-west"]  # without a rate the last of its type
    assert "n_without_offset" in [
        column.key for column in catalogue(MARKET)["forecast_accuracy_by_type"].printed_of(kinds)
    ]


def test_nothing_collected_of_nothing_forecast_is_on_forecast():
    files = nothing_forecast()
    collected(files, "c2", "0", "0")
    (kinds,) = tables(files, "forecast_accuracy_by_type")
    assert kinds.frame.loc["corporate", ["n_above", "n_equal", "n_below", "n_without_offset"]].tolist() == [1, 1, 0, 1]


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [("100.4", "200.3", 300.7), ("100.1", "200.2", 300.3)],
    ids=["more", "less"],
)
def test_deals_level_but_for_the_last_bit_stand_by_id_in_every_table(first: str, last: str, whole: float):
    """c1 and c2, of one bank, with pools of 1000, recover the same, one in parts that in floats make more, or less."""
    assert float(first) + float(last) != whole
    for once, twice in (("c1", "c2"), ("c2", "c1")):
        files = tiny.rows()
        files["deals"][1] |= {"originator": "east", "pool_balance": "1000", "pool_principal": "990"}
        collected(files, "c1", *(["0", str(whole), "0", "0", "0"] if once == "c1" else ["0", first, last, "0", "0"]))
        collected(files, "c2", *(["0", str(whole)] if twice == "c1" else [first, last]))
        keys = ("recovery_by_type", "recovery_by_originator", "window_readings", "deal_position")
        kinds, banks, readings, places = tables(files, *keys)
        for result, row in ((kinds, "corporate"), (banks, "corporate-east")):
            assert result.frame.loc[row, ["max_deal", "min_deal"]].tolist() == ["c1", "c1"]
            rate = readings.frame.at["c1", "recovery"]
            assert result.frame.loc[row, ["max_recovery", "min_recovery"]].tolist() == [rate, rate]
        assert readings.frame.index.tolist()[:2] == ["c1", "c2"]
        assert places.frame.loc[["c1", "c2"], "rank_recovery"].tolist() == [1, 1]


# What the pages say


def project(folder: Path, files: Files) -> Project:
    """The report's own pages over these data."""
    tiny.write(folder, files)
    for name in ("report", "templates"):
        (folder / name).symlink_to(tiny.ROOT / name)
    return Project(folder)


def sentences(project: Project, reading: Reading, language: str, page: str) -> str:
    """The text of a page, without tables and charts."""
    chapter = next(item for item in reading.series.chapters if item.key == page)
    pages = Pages(reading.by_language[language], Templates(project.templates), "site", {})  # type: ignore[arg-type]
    text = pages.page(chapter).markdown
    text = re.sub(r"^```\{=html\}\n.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`([^`\n]*)`\{=html\}", lambda match: unescape(re.sub(r"<[^>]+>", "", match[1])), text)


SAID: Mapping[str, Mapping[tuple[str, str], tuple[str, ...]]] = {
    # u1 and c2 are exactly on forecast, m1 at one year
    "on forecast": {
        ("en", "recovery"): (
            "Above forecast: 1 deal on corporate claims (mean deviation CNY 50 mn or 20.00%); 1 deal on mortgage",
            "None of the unsecured retail deals is above forecast.",
            "Exactly on forecast: 1 deal on corporate claims and 1 deal on unsecured retail claims.",
            "No deal is below forecast.",
            "At about one year all deals but 1 deal of 2017, exactly on forecast, are above it.",
            "At about one year all deals but 1 deal of 2017 are above forecast.",  # corporate: c2 is below
        ),
        ("zh", "recovery"): (
            "高于预测的项目，对公类不良1单（平均预测偏差0.50亿元，平均偏移率20.00%），个人抵押类不良1单",
            "与预测相等的项目，对公类不良1单，个人信用类不良1单。",
            "个人信用类不良没有高于预测的项目。",
            "。没有低于预测的项目。",
            "除2017年有1单与预测相等外，其余项目",
        ),
    },
    "nothing forecast": {
        ("en", "recovery"): (
            "2 deals on corporate claims (mean deviation CNY 75 mn or 20.00%)",
            "Without a percentage deviation, because the forecast to the date is zero: 1 deal on corporate claims.",
            "At about one year all deals are above forecast.",  # corporate: c1 100 against 50.07, c2 20 against nothing
        ),
        ("zh", "recovery"): (
            "对公类不良2单（平均预测偏差0.75亿元，平均偏移率20.00%）",
            "截至取数日累计预测为零、不计算偏移率的项目，对公类不良1单。",
        ),
    },
}


@pytest.mark.parametrize("case", SAID)
def test_the_pages_say_so(case: str, tmp_path: Path):
    files = {"on forecast": a_sum_on_forecast, "nothing forecast": nothing_forecast}[case]()
    place = project(tmp_path, files)
    reading = read(place, read_edition(place, "2020-03"), lambda _: None)
    for (language, page), parts in SAID[case].items():
        text = sentences(place, reading, language, page)
        assert [part for part in parts if part not in text] == [], text
