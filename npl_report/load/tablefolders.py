"""Where tables are found, and their keys: so that what reads their names imports none of them."""

from __future__ import annotations

import pkgutil
from pathlib import Path

import npl_report

FOLDER = Path(npl_report.__file__).parent / "tables"
"""The program's own."""


def table_keys() -> tuple[str, ...]:
    """Keys of all tables: the folders there."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]) if module.ispkg))
