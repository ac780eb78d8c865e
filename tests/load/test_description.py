"""data/datapackage.json and data/corrections.toml: what is wrong with them, and what they do.

Messages are compared word for word (tests/errors).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from npl_report.load.corrections import read_records
from npl_report.load.data import read_source
from npl_report.load.files import READERS
from npl_report.load.formats import FORMATS
from npl_report.model import InputError, Problem
from tests.helpers import tiny
from tests.helpers.snapshots import assert_told

Package = dict[str, Any]


def field(package: Package, resource: str, name: str) -> dict[str, Any]:
    schema = next(item["schema"] for item in package["resources"] if item["name"] == resource)
    found: dict[str, Any] = next(item for item in schema["fields"] if item["name"] == name)
    return found


DESCRIPTIONS: dict[str, Callable[[Package], object]] = {
    "package-constraint-unknown": lambda package: field(package, "collections", "collected")["constraints"].update(
        exclusiveMinimum=0, minLength=1
    ),
    "package-type-unknown": lambda package: field(package, "deals", "pool_balance").update(type="money"),
    "package-resource-incomplete": lambda package: package["resources"][2].pop("path"),
    "package-field-without-type": lambda package: field(package, "market", "value").pop("type"),
    "package-resource-missing": lambda package: package.update(resources=package["resources"][:5]),
    "package-resource-no-object": lambda package: package["resources"].append("more.csv"),
    "package-without-resources": lambda package: package.pop("resources"),
    "package-several-mistakes": lambda package: (
        field(package, "deals", "deal").update(type="text"),
        package["resources"][1].pop("schema"),
        field(package, "market", "unit")["constraints"].update(maxLength=3),
    ),
}


@pytest.mark.parametrize("case", DESCRIPTIONS)
def test_a_wrong_description(case: str, tmp_path: Path):
    folder = tiny.write(tmp_path)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    DESCRIPTIONS[case](package)
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_source(folder)
    assert_told(case, raised.value.problems)


UNREADABLE: dict[str, bytes | None] = {
    "package-file-missing": None,
    "package-no-json": b'{\n  "name": "x",\n  "resources": [\n    {"name" "deals"}\n  ]\n}\n',
    "package-gbk": '{"title": "不良资产"}'.encode("gbk"),
    "package-a-list": b"[]",
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_an_unreadable_description(case: str, tmp_path: Path):
    path = tiny.write(tmp_path) / "datapackage.json"
    content = UNREADABLE[case]
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_source(path.parent)
    assert_told(case, raised.value.problems)


# Two periods of u1 as they stand in the tiny data: 50 reported 2019-02-16, then 30 reported 2019-08-15
KEY = 'key = { deal = "u1", period_start = 2019-01-28, period_end = 2019-07-26, reported_on = 2019-08-15 }'
SET = (
    f'file = "collections"\n{KEY}\ncolumn = "collected"\naction = "set"\nvalue = 31.25\nguard = 30\nreason = '
    '"why"\nsource = "where"'
)
DROP = f'file = "collections.csv"\n{KEY}\naction = "drop"\nreason = "why"\nsource = "where"'


def corrected(tmp_path: Path, *records: str) -> tuple[pd.DataFrame, int]:
    folder = tiny.write(tmp_path)
    (folder / "corrections.toml").write_text(
        "".join(f"[[correction]]\n{record}\n" for record in records), encoding="utf-8"
    )
    source = read_source(folder)
    frame = source.frames["collections"]
    return frame.loc[frame["deal"] == "u1"], source.corrections


def test_without_a_file_nothing_is_corrected():
    assert tiny.source().corrections == 0


def test_set_changes_one_cell_and_keeps_its_line(tmp_path: Path):
    frame, applied = corrected(tmp_path, SET)
    before = tiny.source().frames["collections"].query("deal == 'u1'")
    assert applied == 1
    assert frame["collected"].tolist() == [50.0, 31.25, 50.0, 50.0, 99.0]
    assert before["collected"].tolist() == [50.0, 30.0, 50.0, 50.0, 99.0]
    assert frame["source_row"].tolist() == before["source_row"].tolist()


def test_drop_leaves_one_row_out(tmp_path: Path):
    frame, applied = corrected(tmp_path, DROP)
    assert applied == 1
    assert frame["collected"].tolist() == [50.0, 50.0, 50.0, 99.0]


def test_a_dropped_row_may_be_guarded(tmp_path: Path):
    frame, _ = corrected(tmp_path, DROP + '\ncolumn = "collected"\nguard = 30')
    assert len(frame) == 4


def test_corrections_come_before_validation(tmp_path: Path):
    files = tiny.rows()
    row = next(item for item in files["collections"] if item["deal"] == "u1" and item["reported_on"] == "2019-08-15")
    row["collected"] = "30,00"
    folder = tiny.write(tmp_path, files)
    (folder / "corrections.toml").write_text(
        "[[correction]]\n" + SET.replace("guard = 30", 'guard = "30,00"'), encoding="utf-8"
    )
    assert read_source(folder).corrections == 1


def test_several_corrections_are_applied_in_their_order(tmp_path: Path):
    frame, applied = corrected(
        tmp_path, SET, SET.replace("guard = 30", "guard = 31.25").replace("value = 31.25", "value = 40")
    )
    assert applied == 2
    assert frame["collected"].tolist()[1] == 40.0


CORRECTIONS: dict[str, tuple[str, ...]] = {
    "corrections-match-nothing": (SET.replace('"u1"', '"u9"'),),
    "corrections-match-several": (re.sub(r", reported_on = [\d-]+", "", SET),),
    "corrections-guard-differs": (SET.replace("guard = 30", "guard = 33"),),
    "corrections-guard-of-a-dropped-row-differs": (DROP + '\ncolumn = "collected"\nguard = 33',),
    "corrections-record-incomplete": (SET.replace('reason = "why"\n', "").replace("guard = 30\n", ""),),
    "corrections-guard-without-column": (DROP + "\nguard = 30",),
    "corrections-action-unknown": (SET.replace('"set"', '"change"'),),
    "corrections-file-unknown": (SET.replace('"collections"', '"collection"'),),
    "corrections-column-unknown": (SET.replace('column = "collected"', 'column = "amount"'),),
    "corrections-value-not-valid": (SET.replace("value = 31.25", "value = -1"),),
    "corrections-no-toml": ("file = collections",),
    "corrections-second-of-two": (SET, SET),  # the first has changed what the second expects
}


@pytest.mark.parametrize("case", CORRECTIONS)
def test_a_wrong_correction(case: str, tmp_path: Path):
    with pytest.raises(InputError) as raised:
        corrected(tmp_path, *CORRECTIONS[case])
    assert_told(case, raised.value.problems)


def test_the_template_at_the_head_of_the_file_is_a_full_record():
    """The record that corrections.toml shows is understood as it stands: it fails only because it matches no row."""
    text = (tiny.ROOT / "data" / "corrections.toml").read_text(encoding="utf-8")
    template = "\n".join(
        line.removeprefix("# ")
        for line in text[text.index("# [[correction]]") : text.index("#\n# npl-report check")].splitlines()
    )
    (record,) = tomllib.loads(template)["correction"]
    problems: list[Problem] = []
    folder = tiny.ROOT / "data"
    frames = {"collections": pd.read_csv(folder / "collections.csv", dtype=str).query("deal == 'none'")}
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "corrections.toml"
        path.write_text(template, encoding="utf-8")
        read_records(path, problems).apply(frames, problems)
    assert record["action"] == "set"
    assert [problem.rule for problem in problems] == ["the key matches 0 rows, not one"]


def test_every_format_has_a_reader():
    assert READERS.keys() == FORMATS.keys()
