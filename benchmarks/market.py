"""The sample to 2021 several times over, as a project of that many deals: for builds of markets of any size.

``python benchmarks/market.py 5 FOLDER`` makes one of 780 deals, ``--deals 10000`` one of at least so many.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OF_DEALS = ("deals", "tranches", "collections", "forecasts", "payments")
NAMES = ("name_zh", "name_en")
COUNTS = ("n_loans", "n_borrowers")
"""Other numbers for each copy, so that none is another's twin."""
SAMPLE, UNTIL, EDITION = 156, "2021-12-31", "2021-12"
"""Deals of the sample issued by a day, and the edition as of it: what is measured stays comparable as the sample
grows."""


def small_sample(folder: Path) -> Path:
    """The project with these deals alone, and no later edition."""
    for name in ("report", "templates", "data"):
        shutil.copytree(ROOT / name, folder / name)
    for path in (folder / "report" / "editions").glob("*.toml"):
        if path.stem > EDITION:
            path.unlink()
    issued = {row["deal"] for row in read(folder, "deals")[0] if row["issue_date"] <= UNTIL}
    for name in OF_DEALS:
        rows, columns = read(folder, name)
        write(folder, name, columns, (row for row in rows if row["deal"] in issued))
    return folder


def read(folder: Path, name: str) -> tuple[list[dict[str, str]], list[str]]:
    """The rows of a file, and its columns."""
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        return list(reader), list(reader.fieldnames or ())


def write(folder: Path, name: str, columns: list[str], rows: Iterable[dict[str, str]]) -> None:
    """A file with these rows."""
    with (folder / "data" / f"{name}.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def times_over(folder: Path, times: int) -> Path:
    """The project with every deal so many times, under ids and names with the number of the copy."""
    small_sample(folder)
    for name in OF_DEALS:
        rows, columns = read(folder, name)
        write(folder, name, columns, copies(rows, times))
    return folder


def copies(rows: list[dict[str, str]], times: int) -> Iterator[dict[str, str]]:
    """The rows as they are, and then their copies."""
    for number in range(1, times + 1):
        for row in rows:
            if number == 1:
                yield row
            else:
                names = {name: f"{row[name]} #{number}" for name in NAMES if name in row}
                more = {name: str(int(row[name]) + number) for name in COUNTS if row.get(name)}
                yield {**row, "deal": f"{row['deal']}-{number}", **names, **more}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("times", type=int, nargs="?", default=5)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--deals", type=int, help="at least so many, in place of times")
    given = parser.parse_args()
    times = -(-given.deals // SAMPLE) if given.deals else given.times
    print(f"{times_over(given.folder, times)}: {times * SAMPLE} deals")


if __name__ == "__main__":
    main()
