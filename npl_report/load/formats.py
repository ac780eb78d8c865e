"""The formats that files of ``data/`` may have.

A new one is an entry here and a function under ``@reader`` in ``files.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """``name`` as readers know it, ``mediatype`` as the description may give it.

    ``text``: whether its cells are text, written in some way.
    """

    name: str
    mediatype: str
    text: bool


FORMATS: Mapping[str, Format] = {
    "csv": Format("CSV", "text/csv", text=True),
    "parquet": Format("Parquet", "application/vnd.apache.parquet", text=False),
}
"""By name, which is the ending of its files as well; the first is meant where a description names none."""


def of_file(path: str) -> str:
    """The format that a file's ending says."""
    ending = path.rpartition(".")[2]
    return ending if ending in FORMATS else next(iter(FORMATS))
