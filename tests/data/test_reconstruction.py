"""The sample data come from their program, byte for byte, and no published figure is typed anywhere but in the
ledger."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from reconstruction import build, check, tables
from tests.helpers import tiny

DATA = tiny.ROOT / "data"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reconstruction")
    tables.write(build.waves(), folder)
    return folder


def test_the_program_writes_every_file_of_the_sample(written: Path):
    assert sorted(path.name for path in written.iterdir()) == sorted(path.name for path in DATA.glob("*.csv"))


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.csv")))
def test_the_program_writes_the_sample_byte_for_byte(name: str, written: Path):
    assert (written / name).read_bytes() == (DATA / name).read_bytes()


def test_its_own_check_passes(written: Path, capsys: pytest.CaptureFixture[str]):
    """The checker computes the published figures from the files alone, by code of its own (pandas, no npl_report)."""
    assert check.main(written) == 0
    printed = capsys.readouterr().out
    assert "FAIL" not in printed
    assert re.search(r"\d+ rows tested, 0 failures", printed)


def test_its_check_notices_a_changed_file(written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for path in written.iterdir():
        text = path.read_text(encoding="utf-8")
        if path.name == "tranches.csv":
            text = text.replace("nongying-2016-1,senior,2024,", "nongying-2016-1,senior,2025,")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    assert check.main(tmp_path) == 1
    assert "FAIL L007" in capsys.readouterr().out  # the sum of all issue sizes


def telling(value: str) -> bool:
    """Whether the digits can only have come from the ledger: two decimals or more, or four significant digits and a
    decimal point."""
    decimals = value.partition(".")[2]
    digits = value.lstrip("-").replace(".", "").lstrip("0")
    return len(decimals) >= 2 or (bool(decimals) and len(digits) >= 4)


def ledger_values() -> dict[str, list[str]]:
    """Published value without sign → ids of the rows that print it."""
    values: dict[str, list[str]] = {}
    with (DATA / "published" / "ledger.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if re.fullmatch(r"-?\d+\.\d+", row["value"]) and telling(row["value"]):
                values.setdefault(row["value"].lstrip("-"), []).append(row["id"])
    return values


def sources() -> list[Path]:
    """Code, looks, prose, words and the program of the sample; not its output, and not the ledger."""
    root = tiny.ROOT
    found = [
        *(root / "npl_report").rglob("*.py"),
        *(root / "npl_report").rglob("*.toml"),
        *(root / "report").rglob("*.qmd"),
        *(root / "report").rglob("*.toml"),
    ]
    found += [path for place in ("templates", "reconstruction") for path in (root / place).rglob("*")]
    kinds = {".py", ".toml", ".qmd", ".html", ".css", ".js", ".svg", ".lua", ".md", ".csv", ".bib"}
    return sorted(path for path in found if path.is_file() and path.suffix in kinds)


def test_the_ledger_has_values_that_can_be_looked_for():
    assert {"588.01", "31.41", "2494.17", "114.81", "54.76"} <= set(ledger_values())
    assert len(ledger_values()) >= 60
    assert telling("0.33")
    assert not telling("43.2")
    assert not telling("2016")


def typed(text: str) -> list[str]:
    """Published values in a text: as printed, or as the fraction that a percentage is stored as."""
    values = ledger_values()
    fractions = {
        f"{float(value) / 100:.6f}".rstrip("0"): ids
        for value, ids in values.items()
        if len(value.replace(".", "")) >= 4
    }
    every = {**values, **fractions}
    pattern = (
        r"(?<![A-Za-z0-9_.])(?:"
        + "|".join(re.escape(value) for value in sorted(every, key=len, reverse=True))
        + r")(?!\.?\d)"
    )
    return [
        f"{text.count(chr(10), 0, match.start()) + 1}: {match.group()} ({', '.join(every[match.group()])})"
        for match in re.finditer(pattern, text)
    ]


def test_typed_values_are_found():
    # 31.415 is not the published 31.41, and neither is part of a longer word or number
    assert typed("a = 31.41\nb = [-2.31, 0.3141]\nv31.41 1.31.41 31.415 31.41.2") == [
        "1: 31.41 (L083)",
        "2: 2.31 (L099)",
        "2: 0.3141 (L083)",
    ]
    assert typed("共588.01亿元。") == ["1: 588.01 (L007)"]


def test_no_published_value_is_typed_outside_the_ledger():
    found = {path.relative_to(tiny.ROOT).as_posix(): typed(path.read_text(encoding="utf-8")) for path in sources()}
    assert len(found) > 100
    assert {name: values for name, values in found.items() if values} == {}
