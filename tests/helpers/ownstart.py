"""A project that began without a sample, filled in as its user would: the tiny deals as loans of one class, in euro."""

from __future__ import annotations

import csv
from pathlib import Path

from npl_report.load.starter import Wanted, start_project
from npl_report.load.tablefolders import table_keys
from tests.helpers import tiny

LANGUAGES = ("en", "it", "zh")
WORDS = {"title": "Example Loans", "publisher": "Example Research", "copyright": "© Example Research"}


def begun(root: Path, chapters: tuple[str, ...] = ()) -> Path:
    """The project as the program leaves it."""
    return start_project(root, table_keys(), Wanted("none", LANGUAGES, chapters, "EUR")).root


def with_words(root: Path) -> Path:
    """Title, publisher and rights filled in."""
    for path in root.glob("report/*/_series.toml"):
        text = path.read_text(encoding="utf-8")
        for key, value in WORDS.items():
            text = text.replace(f'{key} = "…"', f'{key} = "{value}"')
        path.write_text(text, encoding="utf-8")
    return root


def with_data(root: Path, *parts: str) -> Path:
    """The tiny deals in its files, or in some of them; an edition on their day."""
    rows = tiny.rows()
    for row in (*rows["deals"], *rows["originators"]):
        row.update({key.replace("_en", "_it"): value for key, value in row.items() if key.endswith("_en")})
    for row in rows["deals"]:
        row["asset_type"] = "loans"
    for row in (*rows["tranches"], *rows["payments"]):
        row["tranche"] = row["tranche"].replace("subordinated", "junior")
    rows["market"][0]["unit"] = "EUR mn"
    for name in (name for name in rows if name != "priorities" and (not parts or name in parts)):
        path = root / "data" / f"{name}.csv"
        head = path.read_text(encoding="utf-8").strip().split(",")
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, head, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[name])
    (edition,) = root.glob("report/editions/*.toml")
    text = edition.read_text(encoding="utf-8").replace(edition.stem, "2020-03")
    days = {"as_of": tiny.AS_OF.isoformat(), "published_on": "2020-04-15"}
    lines = [f"{key} = {days[key]}" if (key := line.partition(" ")[0]) in days else line for line in text.splitlines()]
    edition.with_name("2020-03.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    edition.unlink()
    return root
