"""The description of the downloads: valid by the reference implementation of the standard, true of every file, and
enough for pandas to read them with their meaning."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from frictionless import Package

from npl_report.build.assembly import table_downloads
from npl_report.build.reading import read
from npl_report.compare.changes import compare_recorded
from npl_report.compare.history import History, history_files
from npl_report.compare.recorded import cells_of
from npl_report.editions.folder import Published
from npl_report.exports.datapackage import PACKAGE, package_file
from npl_report.load.project import Project, read_edition
from npl_report.model import Unavailable
from npl_report.present.reading import Reading
from tests.helpers.manifests import some_manifest
from tests.helpers.market import MARKET
from tests.helpers.markup import LANGUAGES
from tests.helpers.running import EDITION, ROOT

KEY = "datapackage.json"
DTYPES = {"string": "string", "number": "float64", "integer": "Int64", "any": "object"}


def downloads(reading: Reading) -> dict[str, bytes]:
    """The downloads of all tables."""
    files: dict[str, bytes] = {}
    for key in reading.series.table_keys:
        files |= table_downloads(reading, key)
    return files


def described(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / PACKAGE).read_text(encoding="utf-8")))


def faults_of(folder: Path, only: str = "") -> list[str]:
    """What the reference implementation finds in every resource, or those of a kind: sums and sizes, heads, types,
    constraints, keys."""
    package = Package(str(folder / PACKAGE))
    for name in package.resource_names:
        if not name.startswith(only):
            package.remove_resource(name)
    report = package.validate()
    return [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors] + [
        error.message for error in report.errors
    ]


def test_the_package_is_valid_in_every_resource(built: Path):
    assert faults_of(built) == []


def test_every_csv_is_described_once_and_nothing_else(built: Path):
    paths = [item["path"] for item in described(built)["resources"]]
    assert sorted(paths) == sorted(
        path.relative_to(built / "downloads").as_posix() for path in (built / "downloads").rglob("*.csv")
    )


def test_it_says_what_the_edition_is(built: Path):
    package = described(built)
    source = json.loads((ROOT / "data" / KEY).read_text(encoding="utf-8"))
    assert (package["name"], package["version"], package["as_of"], package["created"]) == (
        "npl-securitisation-research-2020-03",
        EDITION,
        "2020-03-17",
        "2020-04-15T00:00:00Z",
    )
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
            silent += [
                f"{resource['name']} {item['name']}: {key}" for key in ("title", "title_zh") if not item.get(key)
            ]
        for field in resource["schema"]["fields"]:
            _, _, unit = field["name"].rstrip("]").partition(" [")
            silent += [f"{resource['name']} {field['name']}: unit"] * (
                field.get("unit", "") != {"cny_mn": "CNY mn"}.get(unit, unit)
            )
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
def early() -> Reading:
    """An edition before the first report, in which many a table cannot be computed."""
    project = Project(ROOT)
    return read(project, replace(read_edition(project, EDITION), as_of=date(2016, 6, 1)), lambda _: None)


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def otherwise(table: bytes) -> bytes:
    """The JSON of a table as another edition might have it: its first row is another one, and every number is twice
    as large."""
    content = json.loads(table)
    rows = content.get("rows", {})
    content["rows"] = {
        f"other-{row}" if place == 0 else row: {
            column: 2 * value if isinstance(value, int | float) else value for column, value in cells.items()
        }
        for place, (row, cells) in enumerate(rows.items())
    }
    return json.dumps(content).encode()


def test_changes_and_history_are_described_too(early: Reading, tmp_path: Path):
    """Against an edition of which numbers have changed, are new or are gone.

    Numbers, ids, dates and gaps among them.
    """
    files = downloads(early)
    after = {key: files[f"downloads/tables/{key}.json"] for key in early.series.table_keys}
    before = {key: otherwise(data) for key, data in after.items()}
    cells = ({key: cells_of(data) for key, data in tables.items()} for tables in (before, after))
    found = History(
        (Published(tmp_path, "2016-03", some_manifest(edition="2016-03"), ""),),
        (next(cells),),
        next(cells),
        compare_recorded(before, after, MARKET),
    )
    files |= history_files(found, early.edition)
    files |= package_file(early, files, found)
    written(tmp_path, files)
    assert [*faults_of(tmp_path, "changes"), *faults_of(tmp_path, "history-")] == []
    resources = {item["name"]: item for item in described(tmp_path)["resources"]}
    assert (
        sum(name.startswith("history-") for name in resources)
        == len(list((tmp_path / "downloads" / "history").glob("*.csv")))
        > 10
    )
    fields = {field["name"]: field for field in resources["changes"]["schema"]["fields"]}
    assert (fields["edition 2016-03"]["title_zh"], fields["edition 2020-03"]["title"]) == (
        "2016-03期数值",
        "Value in edition 2020-03",
    )
    kinds = pd.read_csv(tmp_path / "downloads" / resources["changes"]["path"], dtype={"kind": "string"})["kind"]
    assert set(kinds) == {"changed", "new", "gone"}


def test_a_table_that_cannot_be_computed_is_valid_and_says_why(early: Reading, tmp_path: Path):
    """A sentence in the place of rows is a row of one cell, over which readers stumble."""
    files = downloads(early)
    files |= package_file(early, files, None)
    assert faults_of(written(tmp_path, files)) == []
    missing = [key for key in early.series.table_keys if isinstance(early.results[key], Unavailable)]
    assert missing
    resources = {item["name"]: item for item in described(tmp_path)["resources"]}
    for key in missing:
        assert files[f"downloads/tables/{key}.csv"].count(b"\r\n") == 1
        assert resources[key]["description_zh"] == early.by_language["zh"].entries[key].view.unavailable
        assert resources[key]["description"] == early.by_language["en"].entries[key].view.unavailable


def test_one_language_without_english(early: Reading):
    """A text stands under the plain key all the same: the standard knows no other."""
    alone = replace(early, by_language={"zh": early.by_language["zh"]})
    files = downloads(alone)
    package = json.loads(package_file(alone, files, None)[PACKAGE])
    assert package["title"] == package["title_zh"] == "不良资产证券化深度研究（第2020-03期）：数据表与明细"
