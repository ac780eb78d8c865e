"""Every property of datapackage.json is honoured or refused by name.

Honoured: files written another way, described so, give the same frames. Refused: one description that has all of it,
and what is told.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from npl_report.load.data import dataset, read_source
from npl_report.model import CONTRACT
from npl_report.tables import catalogue, compute_tables
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.helpers.snapshots import assert_told
from tests.load.described import Change, Described, field, problems, resource, write

Rewrite = Callable[[str], str | bytes]


def unchanged(_: Described) -> None:
    """The description as it is."""


def dialect(**properties: object) -> Change:
    return lambda package: resource(package, "originators").update(dialect=properties)


def schema(**properties: object) -> Change:
    return lambda package: resource(package, "originators")["schema"].update(properties)


def every(part: str, kind: str, **properties: object) -> Change:
    """The same properties for all columns of a type."""

    def change(package: Described) -> None:
        for item in resource(package, part)["schema"]["fields"]:
            if item["type"] == kind:
                item.update(properties)

    return change


def encoded(codec: str) -> Rewrite:
    return lambda text: text.encode(codec)


def dates(form: str) -> Rewrite:
    """All ISO dates in another form."""
    return lambda text: re.sub(r"(\d{4})-(\d\d)-(\d\d)", form, text)


HONOURED: dict[str, tuple[str, Change, Rewrite]] = {
    "semicolons": (
        "market",
        lambda package: resource(package, "market").update(dialect={"delimiter": ";"}),
        lambda text: text.replace(",", ";"),
    ),
    "tabs": ("originators", dialect(delimiter="\t"), lambda text: text.replace(",", "\t")),
    "another quotation mark": (
        "originators",
        dialect(quoteChar="'"),
        lambda text: text.replace("Bank of the East", "'Bank of the East'"),
    ),
    "marks that are escaped": (
        "originators",
        dialect(escapeChar="!", doubleQuote=False),
        lambda text: text.replace("Eastern", "E!astern"),
    ),
    "blanks behind commas": (
        "originators",
        dialect(skipInitialSpace=True),
        lambda text: text.replace(",西方银行", ', "西方银行"'),
    ),
    "a comma in quotation marks": ("market", unchanged, lambda text: text.replace("invented", '"invented"')),
    "lines of Windows": ("originators", dialect(lineTerminator="\r\n"), lambda text: text.replace("\n", "\r\n")),
    "missing values": ("originators", schema(missingValues=["", "-", "n/a"]), lambda text: text.replace(",,", ",n/a,")),
    "missing numbers": (
        "deals",
        lambda package: resource(package, "deals")["schema"].update(missingValues=["", "-"]),
        lambda text: re.sub(r",(?=,)", ",-", text),
    ),
    "GBK": ("originators", lambda package: resource(package, "originators").update(encoding="gbk"), encoded("gbk")),
    "GB 18030": ("deals", lambda package: resource(package, "deals").update(encoding="gb18030"), encoded("gb18030")),
    "UTF-16": ("deals", lambda package: resource(package, "deals").update(encoding="utf-16"), encoded("utf-16")),
    "days first": ("collections", every("collections", "date", format="%d.%m.%Y"), dates(r"\3.\2.\1")),
    "no zeros": (
        "collections",
        every("collections", "date", format="%Y/%m/%d"),
        lambda text: re.sub(r"/0", "/", dates(r"\1/\2/\3")(text)),
    ),  # type: ignore[type-var]
    "年月日": ("payments", every("payments", "date", format="%Y年%m月%d日"), dates(r"\1年\2月\3日")),
    "digits alone": ("forecasts", every("forecasts", "date", format="%Y%m%d"), dates(r"\1\2\3")),
    "ISO by its pattern": ("tranches", every("tranches", "date", format="%Y-%m-%d"), lambda text: text),
    "decimal commas": (
        "market",
        lambda package: field(package, "market", "value").update(decimalChar=",", groupChar="."),
        lambda text: text.replace("5000", '"5.000,0"'),
    ),
    "thousands parted": (
        "collections",
        lambda package: field(package, "collections", "collected").update(groupChar=" "),
        lambda text: text,
    ),
}


@pytest.mark.parametrize("case", HONOURED)
def test_what_is_described_is_read(case: str, tmp_path: Path):
    part, change, rewrite = HONOURED[case]
    folder = write(tmp_path, change)
    path = folder / f"{part}.csv"
    text = rewrite(path.read_text(encoding="utf-8"))
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    for name, frame in read_source(folder).frames.items():
        pd.testing.assert_frame_equal(frame, tiny.source().frames[name])


def test_a_date_of_digits_alone_has_eight_of_them(tmp_path: Path):
    folder = write(tmp_path, every("payments", "date", format="%Y%m%d"))
    path = folder / "payments.csv"
    path.write_text(dates(r"\1\2\3")(path.read_text(encoding="utf-8")).replace("20170120", "2017120"), encoding="utf-8")  # type: ignore[union-attr]
    assert [(problem.value, problem.rule) for problem in problems(folder)] == [
        ("2017120", "must be a date of the form %Y%m%d")
    ]


def test_thousands_are_three_digits(tmp_path: Path):
    """A decimal comma where a comma parts thousands is no number, and not ten times as much."""
    folder = write(tmp_path, lambda package: field(package, "market", "value").update(groupChar=","))
    path = folder / "market.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("5000", '"500,0"'), encoding="utf-8")
    assert [problem.value for problem in problems(folder)] == ["500,0"]


def test_a_missing_value_is_told_as_it_stands(tmp_path: Path):
    files = tiny.rows()
    files["deals"][0]["closing_date"] = "-"
    folder = write(
        tmp_path, lambda package: resource(package, "deals")["schema"].update(missingValues=["", "-"]), files
    )
    assert [(problem.value, problem.rule) for problem in problems(folder)] == [("-", "must not be empty")]


@pytest.mark.parametrize("name", ["md5", "sha256"])
def test_size_and_hash_are_those_of_the_file(name: str, tmp_path: Path):
    content = (tiny.write(tmp_path / "first") / "market.csv").read_bytes()
    digest = hashlib.new(name, content, usedforsecurity=False).hexdigest()

    def change(package: Described) -> None:
        resource(package, "market").update(bytes=len(content), hash=digest if name == "md5" else f"{name}:{digest}")

    folder = write(tmp_path / "second", change)
    assert problems(folder) == ()
    (folder / "market.csv").write_bytes(content.replace(b"5000", b"5001"))
    assert [problem.rule for problem in problems(folder)] == [
        f"must have the hash {digest if name == 'md5' else f'{name}:{digest}'}, as datapackage.json says"
    ]
    (folder / "market.csv").write_bytes(content + b"\n")
    assert [problem.rule for problem in problems(folder)] == [
        f"must have {len(content)} bytes, as datapackage.json says"
    ]


def test_a_broken_parquet_file(tmp_path: Path):
    def change(package: Described) -> None:
        resource(package, "market").update(
            path="market.parquet", format="parquet", mediatype="application/vnd.apache.parquet"
        )

    folder = write(tmp_path, change)
    (folder / "market.parquet").write_bytes(b"PAR1 and no more")
    (problem,) = problems(folder)
    assert (problem.file, problem.rule.split(":")[0]) == ("data/market.parquet", "not valid Parquet")


def test_parquet_without_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def change(package: Described) -> None:
        for name in ("market", "payments"):
            resource(package, name).update(
                path=f"{name}.parquet", format="parquet", mediatype="application/vnd.apache.parquet"
            )

    folder = write(tmp_path, change)
    for name in ("market", "payments"):
        pd.read_csv(folder / f"{name}.csv", dtype=str).to_parquet(folder / f"{name}.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # as if it were not there
    assert_told("package-parquet-without-its-library", problems(folder))


def test_what_is_only_described_is_checked_and_not_handed_on(tmp_path: Path):
    """A column of the user's own may bear any name, even one that a table computes or that a merge would trip over."""
    own = ("face", "issuance", "_merge", "region")

    def change(package: Described) -> None:
        resource(package, "deals")["schema"]["fields"] += [
            {"name": name, "type": "string", "constraints": {"enum": ["North"]}} for name in own
        ]

    folder, rows = write(tmp_path, change), [row | dict.fromkeys(own, "North") for row in tiny.rows()["deals"]]
    tiny.write_csv(folder / "deals.csv", rows)
    assert list(read_source(folder).frames["deals"].columns) == list(tiny.source().frames["deals"].columns)
    tiny.write_csv(folder / "deals.csv", [*rows[:3], rows[3] | {"region": "East"}, *rows[4:]])
    (problem,) = problems(folder)
    assert (problem.row, problem.column, problem.value) == (5, "region", "East")


def test_columns_are_needed_or_read_as_empty(tmp_path: Path):
    """Columns of the contract that go, with their cells: each is told by name, or the same as an empty one."""
    every = [(part, name, column) for part, needed in CONTRACT.items() for name, column in needed.columns.items()]
    optional = [(part, name) for part, name, column in every if not column.kept and name in tiny.rows()[part][0]]

    def none(package: Described) -> None:
        for item in package["resources"]:
            item["schema"].update(fields=[{"name": "own", "type": "string"}])

    told = {(problem.column, problem.value) for problem in problems(write(tmp_path / "none", none))}
    assert told >= {(part, name) for part, name, column in every if column.kept}
    assert not told & set(optional)

    def without(package: Described) -> None:
        for part, name in optional:
            resource(package, part)["schema"]["fields"].remove(field(package, part, name))

    def empty(package: Described) -> None:
        for part, name in optional:
            field(package, part, name).get("constraints", {}).pop("required", None)

    emptied, gone = tiny.rows(), tiny.rows()
    for part, name in optional:
        for row in emptied[part]:
            row[name] = ""
        for row in gone[part]:
            del row[name]
    folder = write(tmp_path / "without", without)
    for part, rows in gone.items():
        tiny.write_csv(folder / f"{part}.csv", rows)
    found = read_source(folder)
    for name, frame in read_source(write(tmp_path / "empty", empty, emptied)).frames.items():
        pd.testing.assert_frame_equal(found.frames[name], frame)
    assert set(compute_tables(catalogue(MARKET), dataset(found, tiny.AS_OF, MARKET), tiny.edition())) >= set(
        catalogue(MARKET)
    )
