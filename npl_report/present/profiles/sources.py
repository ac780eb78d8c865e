"""Where the figures of a profile come from: the tables that define them, and the lines of the data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from npl_report.present.contexts import Link
from npl_report.present.profiles.cells import Cells, Record


@dataclass(frozen=True)
class FileLines:
    """A file of the data and the lines in it that a page rests on, of which there are ``count``."""

    file: str
    lines: str
    count: int


@dataclass(frozen=True)
class Sources:
    """The published tables of a page's figures, the files of its facts, and the page that describes the files.

    That page is empty if there is none.
    """

    tables: tuple[Link, ...]
    files: tuple[FileLines, ...]
    data_page: str


def sources(cells: Cells, tables: Iterable[str], files: Iterable[tuple[str, Iterable[Record]]]) -> Sources:
    """``tables``: keys; ``files``: names of the data's resources and the records used."""
    package = cells.localized.package
    paths = {resource.name: resource.path for resource in package.resources}
    folder = package.file.rpartition("/")[0]
    comma = cells.word("ui.list_comma")
    used = ((name, [int(record["source_row"]) for record in records]) for name, records in files)
    lines = tuple(FileLines(f"{folder}/{paths[name]}", line_ranges(rows, comma), len(rows)) for name, rows in used)
    described = any(chapter.key == "data" for chapter in cells.localized.series.chapters)
    return Sources(
        tuple(link for table in tables if (link := cells.passport(table))), lines, "../data.html" if described else ""
    )


def line_ranges(lines: Iterable[int], comma: str) -> str:
    """9, 2, 3, 4 → ``2–4, 9``."""
    ordered = sorted(lines)
    breaks = [0, *(place for place, (one, other) in enumerate(pairwise(ordered), 1) if other != one + 1), len(ordered)]
    runs = [ordered[start:end] for start, end in pairwise(breaks) if end > start]
    return comma.join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
