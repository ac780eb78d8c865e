"""The sample several times over, as a project of that many deals: for builds of markets that it is too small for.

``python benchmarks/market.py 5 FOLDER`` makes one of 780 deals, ``--deals 10000`` one of at least so many.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OF_DEALS = ("deals", "tranches", "collections", "forecasts", "payments")
NAMES = ("name_zh", "name_en")
COUNTS = ("n_loans", "n_borrowers")
"""Other numbers for each copy, so that none is another's twin."""
SAMPLE = 156


def times_over(folder: Path, times: int) -> Path:
    """The project with every deal so many times, under ids and names with the number of the copy."""
    for name in ("report", "templates", "data"):
        shutil.copytree(ROOT / name, folder / name)
    for name in OF_DEALS:
        path = folder / "data" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as source:
            reader = csv.DictReader(source)
            rows, columns = list(reader), list(reader.fieldnames or ())
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(copies(rows, times))
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
