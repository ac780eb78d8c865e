"""What is accepted, what it becomes, and where it came from."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from npl_report.load.data import read_source
from npl_report.model import Dataset, InputError
from tests.helpers import tiny


def test_the_tiny_data_are_read_as_declared():
    frames = tiny.source().frames
    assert list(frames) == list(Dataset.PARTS)
    assert {name: len(frame) for name, frame in frames.items()} == {
        "deals": 6,
        "tranches": 12,
        "collections": 5 + 2 + 4 + 3 + 3 + 1 + 2,  # by deal, and two restatements
        "forecasts": 2 + 3 + 3 + 0 + 2 + 1,
        "payments": 8,
        "priorities": 20,
        "originators": 2,
        "market": 1,
    }
    deals = frames["deals"].set_index("deal")
    assert deals.at["c1", "pool_balance"] == 1000.0
    assert deals.at["c1", "cutoff_date"] == pd.Timestamp("2016-01-01")
    assert pd.isna(deals.at["m1", "liquidated_on"])
    assert pd.isna(deals.at["c1", "wa_borrower_age"])
    assert deals.at["c1", "name_zh"] == "试C1"
    assert pd.api.types.is_datetime64_any_dtype(deals["liquidated_on"])
    assert deals["n_loans"].dtype == "float64"


def test_every_row_knows_its_line_of_the_file():
    assert tiny.source().frames["deals"]["source_row"].tolist() == [2, 3, 4, 5, 6, 7]


def test_lines_are_counted_as_an_editor_does(tmp_path: Path):
    folder = tiny.write(tmp_path)
    path = folder / "market.csv"
    path.write_text(
        'date,series,value,unit,source\n\n2018-12-31,a,1,number,"two\nlines"\n,,,,\n2019-12-31,a,2,number,y\n',
        encoding="utf-8",
    )
    # line 2 is empty, the record of lines 3–4 begins on line 3, line 5 holds no value
    with pytest.raises(InputError, match=r"market\.csv, row 3, column source: found 'two\\nlines'"):
        read_source(folder)
    path.write_text(
        path.read_text(encoding="utf-8").replace("two\nlines", "two; \nlines".replace("\n", "")), encoding="utf-8"
    )
    market = read_source(folder).frames["market"]
    assert (market["source_row"].tolist(), market["value"].tolist()) == ([3, 5], [1.0, 2.0])


@pytest.mark.parametrize(
    ("codec", "newline"),
    [("utf-8-sig", "\n"), ("utf-8", "\r\n"), ("utf-8-sig", "\r\n")],
    ids=["byte order mark", "Windows line ends", "both, as Excel writes it"],
)
def test_files_saved_by_a_spreadsheet_are_accepted(codec: str, newline: str, tmp_path: Path):
    folder = tiny.write(tmp_path)
    for path in folder.glob("*.csv"):
        path.write_bytes(path.read_text(encoding="utf-8").replace("\n", newline).encode(codec))
    found = read_source(folder)
    for name, frame in tiny.source().frames.items():
        pd.testing.assert_frame_equal(found.frames[name], frame)


def test_blanks_around_cells_and_the_order_of_columns_do_not_matter(tmp_path: Path):
    folder = tiny.write(tmp_path)
    records = tiny.rows()["payments"]
    tiny.write_csv(
        folder / "payments.csv",
        [{f" {name} ": f" {value} " for name, value in reversed(record.items())} for record in records],
    )
    pd.testing.assert_frame_equal(read_source(folder).frames["payments"], tiny.source().frames["payments"])


def test_a_file_may_be_parquet(tmp_path: Path):
    folder = tiny.write(tmp_path)
    description = folder / "datapackage.json"
    package = json.loads(description.read_text(encoding="utf-8"))
    package["resources"][2] |= {
        "path": "collections.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
    }
    description.write_text(json.dumps(package), encoding="utf-8")
    frame = pd.DataFrame(tiny.rows()["collections"])
    for column in ("period_start", "period_end", "reported_on"):
        frame[column] = pd.to_datetime(frame[column])
    frame.assign(collected=frame["collected"].astype(float)).to_parquet(folder / "collections.parquet")
    pd.testing.assert_frame_equal(read_source(folder).frames["collections"], tiny.source().frames["collections"])


def in_parquet(root: Path, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Path:
    """The tiny data with one file in Parquet."""
    folder = tiny.write(root)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    next(item for item in package["resources"] if item["name"] == name).update(
        path=f"{name}.parquet", format="parquet", mediatype="application/vnd.apache.parquet"
    )
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    change(pd.read_csv(folder / f"{name}.csv", dtype=str)).to_parquet(folder / f"{name}.parquet")
    return folder


def test_categories_of_a_parquet_file_may_be_missing(tmp_path: Path):
    folder = in_parquet(
        tmp_path, "originators", lambda frame: frame.assign(aliases=frame["aliases"].astype("category"))
    )
    assert read_source(folder).frames["originators"]["aliases"].isna().tolist() == [False, True]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", None])
def test_points_of_time_are_no_days(zone: str | None, tmp_path: Path):
    def timed(frame: pd.DataFrame) -> pd.DataFrame:
        days = pd.to_datetime(frame["reported_on"])
        return frame.assign(
            reported_on=days.dt.tz_localize(zone).dt.tz_convert("UTC") if zone else days + pd.Timedelta(hours=16)
        )

    with pytest.raises(InputError, match=r"column reported_on: holds points of time in (UTC|no zone), not days"):
        read_source(in_parquet(tmp_path, "collections", timed))


def test_optional_files_may_hold_no_records():
    for name in ("collections", "forecasts", "payments", "market"):
        files = tiny.rows() | {name: []}
        frame = tiny.read(files).frames[name]
        assert frame.empty
        assert list(frame.columns) == list(tiny.source().frames[name].columns)


def test_edges_of_the_rules_are_allowed():
    files = tiny.rows()
    files["payments"][1]["principal"] = "100.004"  # principal may exceed the face by less than half a cent of 万元
    files["deals"][0]["closing_date"] = files["deals"][0]["issue_date"]  # closed on the day of issue
    files["collections"][0]["collected"] = "0"
    files["deals"][0]["liquidity_reserve"] = (
        "220.02"  # what is paid may exceed what was collected, and this, by as much for every amount
    )
    files["deals"][0]["secured_share"] = "1"
    assert not tiny.read(files).frames["deals"].empty


def test_what_the_package_says_of_itself():
    package = tiny.source().package
    assert package.file == "data/datapackage.json"
    assert set(package.title) == {"en", "zh"}
    assert package.licence == "CC-BY-4.0"
    assert package.notice is not None
    assert set(package.notice) == {"en", "zh"}
    deals = next(resource for resource in package.resources if resource.name == "deals")
    assert deals.keys == (("deal",),)
    assert deals.links == {
        ("originator",): ("originators", ("originator",)),
        ("priority",): ("priorities", ("priority",)),
    }
    pool = next(field for field in deals.fields if field.name == "pool_balance")
    assert (pool.type, pool.unit, pool.required, pool.minimum, pool.maximum) == ("number", "CNY mn", True, 0.0001, None)
    assert set(pool.description) == {"en", "zh"}


def test_values_are_frozen():
    with pytest.raises(AttributeError):
        tiny.data().notice = None  # type: ignore[misc]
    assert isinstance(replace(tiny.data(), notice=None).about, Mapping)
