"""The texts of charts: what they take, where they break, and how units are written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fontTools.ttLib import TTFont

from npl_report.model import Result
from npl_report.present import theme
from npl_report.present.charts import specifications
from npl_report.present.charts.parts import Sign, broken, key
from npl_report.typesetting.fonts import FACES, _folder
from tests.present.drawings import localized

# type


def test_a_text_takes_no_more_than_it_is_given():
    """Against the advance widths of the typeface itself, of both weights."""
    texts = [
        "ABC",
        "BoCom",
        "CITIC",
        "CMBC",
        "Unsecured retail",
        "Mean forecast recovery rate",
        "−114.81%",
        "农业银行",
        "个人信用类不良",
        "优先档平均预计期限",
        "3.21 · 12 deals",
        "21.73% · 9单",
    ]
    for face in FACES[:2]:
        with TTFont(_folder(face.package) / face.file, lazy=True) as font:
            names, advances, unit = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
            real = {text: 12.5 * sum(advances[names[ord(sign)]][0] for sign in text) / unit for text in texts}
        for text, width in real.items():
            assert width <= theme.text_width(text, 12.5, bold=face.weight == 700) <= width * 1.3 + 2, text


def test_a_key_breaks_where_a_phone_ends():
    narrow = [
        Sign("dot", theme.INK, "Mean age"),
        Sign("ring", theme.MUTED, "Mean senior expected term"),
        Sign("diamond", theme.SECOND, "Mean of all the deals"),
    ]
    (marks, _) = key(narrow)
    values = next(iter(marks.to_dict()["datasets"].values()))
    assert [value["y"] for value in values] == sorted(value["y"] for value in values)
    assert len({value["y"] for value in values}) == 2
    assert all(value["x"] + 17 + theme.text_width(value["text"]) <= 345 for value in values)


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Corporate", ["Corporate"]),
        ("All types (one-year comparison)", ["All types", "(one-year comparison)"]),
        ("各类型（一年期对比）", ["各类型", "（一年期对比）"]),
        ("个人信用类不良", ["个人信用类不良"]),
        ("Loans of the smaller banks together", ["Loans of the smaller", "banks together"]),
    ],
)
def test_a_long_name_is_broken_once(label: str, lines: list[str]):
    assert broken(label) == lines


def test_units_stand_in_the_brackets_of_their_script():
    for language, text in (("en", "Cumulative recovery rate (%)"), ("zh", "累计回收率（%）")):
        source = localized(language).chart_source("recovery_by_type")
        assert source
        assert source.axis("mean_recovery") == text


def test_a_result_without_rows_of_a_type_has_no_panel_for_it():
    source = localized("en").chart_source("recovery_by_originator")
    assert source
    frame = source.result.frame.loc[source.result.frame["asset_type"] != "mortgage"]
    evidence = source.result.evidence.loc[source.result.evidence["row"].isin(frame.index)]
    gaps = {cell: gap for cell, gap in source.result.gaps.items() if cell[0] in frame.index}
    assert list(specifications(replace(source, result=Result(frame, evidence, gaps)), "x")) == [
        "corporate",
        "unsecured",
    ]
