"""The description of the downloads: valid by the reference implementation of the standard, true of every file, and enough for pandas to read them with their meaning."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from frictionless import Package
from markup import LANGUAGES
from running import EDITION, LATER_EDITION, ROOT

from npl_report.load.project import Project, read_edition
from npl_report.model import Unavailable
from npl_report.publish.build import read
from npl_report.publish.datapackage import PACKAGE, package_file
from npl_report.publish.gather import _downloads

KEY = "datapackage.json"
DTYPES = {"string": "string", "number": "float64", "integer": "Int64", "any": "object"}


def described(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / PACKAGE).read_text(encoding="utf-8")))


def faults_of(folder: Path) -> list[str]:
    """What the reference implementation finds, in every resource: sums and sizes, heads, types, constraints, keys."""
    report = Package(str(folder / PACKAGE)).validate()
    return [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors] + [error.message for error in report.errors]


def test_the_package_is_valid_in_every_resource(built: Path):
    assert faults_of(built) == []


def test_with_changes_and_history_too(shelved: Path):
    folder = shelved / "site" / LATER_EDITION
    assert faults_of(folder) == []
    names = [item["name"] for item in described(folder)["resources"]]
    assert "changes" in names
    assert sum(name.startswith("history-") for name in names) == len(list((folder / "downloads" / "history").glob("*.csv"))) > 30


def test_every_csv_is_described_once_and_nothing_else(built: Path):
    paths = [item["path"] for item in described(built)["resources"]]
    assert sorted(paths) == sorted(path.relative_to(built / "downloads").as_posix() for path in (built / "downloads").rglob("*.csv"))


def test_it_says_what_the_edition_is(built: Path):
    package = described(built)
    source = json.loads((ROOT / "data" / KEY).read_text(encoding="utf-8"))
    assert (package["name"], package["version"], package["as_of"], package["created"]) == ("npl-securitisation-research-2020-03", EDITION, "2020-03-17", "2020-04-15T00:00:00Z")
    assert package["licenses"] == source["licenses"]
    assert package["synthetic"] == source["synthetic"]
    assert package["sources"][-len(source["sources"]) :] == source["sources"]
    assert package["title_zh"] == "不良资产证券化深度研究（第2020-03期）：数据表与明细"
    assert package["title"] == "NPL Securitisation Research, Edition 2020-03: tables and evidence"


def test_every_column_has_its_meaning_in_both_languages_and_its_unit(built: Path):
    package = described(built)
    silent = []
    for resource in package["resources"]:
        for item in (resource, *resource["schema"]["fields"]):
            silent += [f"{resource['name']} {item['name']}: {key}" for key in ("title", "title_zh") if not item.get(key)]
        for field in resource["schema"]["fields"]:
            _, _, unit = field["name"].rstrip("]").partition(" [")
            silent += [f"{resource['name']} {field['name']}: unit"] * (field.get("unit", "") != {"cny_mn": "CNY mn"}.get(unit, unit))
    assert silent == []
    assert len(LANGUAGES) == 2


def test_pandas_reads_every_file_with_the_declared_types(built: Path):
    for resource in described(built)["resources"]:
        schema = resource["schema"]
        types = {field["name"]: field["type"] for field in schema["fields"]}
        dates = [name for name, kind in types.items() if kind == "date"]
        frame = pd.read_csv(
            built / "downloads" / resource["path"],
            dtype={name: DTYPES[kind] for name, kind in types.items() if kind != "date"},
            parse_dates=dates,
            date_format="%Y-%m-%d",
            na_values=schema["missingValues"],
            keep_default_na=False,
        )
        assert list(frame.columns) == list(types)
        assert [name for name in dates if not pd.api.types.is_datetime64_any_dtype(frame[name])] == []
        assert not frame.empty
        if "primaryKey" in schema:
            assert not frame.duplicated(schema["primaryKey"]).any()


@pytest.fixture(scope="module")
def early() -> Any:
    """An edition before the first report, in which many a table cannot be computed."""
    project = Project(ROOT)
    return read(project, replace(read_edition(project, EDITION), as_of=date(2016, 6, 1)), lambda _: None)


def test_a_table_that_cannot_be_computed_is_valid_and_says_why(early: Any, tmp_path: Path):
    """A sentence in the place of rows is a row of one cell, over which readers stumble."""
    files = _downloads(early)
    files |= package_file(early, files, None)
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    assert faults_of(tmp_path) == []
    missing = [key for key in early.series.table_keys if isinstance(early.results[key], Unavailable)]
    assert missing
    resources = {item["name"]: item for item in described(tmp_path)["resources"]}
    for key in missing:
        assert files[f"downloads/tables/{key}.csv"].count(b"\r\n") == 1
        assert resources[key]["description_zh"] == early.books["zh"].entries[key].view.unavailable
        assert resources[key]["description"] == early.books["en"].entries[key].view.unavailable


def test_one_language_without_english(early: Any):
    """A text stands under the plain key all the same: the standard knows no other."""
    alone = replace(early, books={"zh": early.books["zh"]})
    files = _downloads(alone)
    package = json.loads(package_file(alone, files, None)[PACKAGE])
    assert package["title"] == package["title_zh"] == "不良资产证券化深度研究（第2020-03期）：数据表与明细"
