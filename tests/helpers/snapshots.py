"""Messages kept as files: ``tests/errors/<case>.txt`` holds what the user reads, exactly.

After a wanted change of words run

    NPL_REPORT_WRITE_MESSAGES=1 python -m pytest tests/load tests/text

and read the difference before committing it. A case that has no file yet fails, and says so; a file that no case uses
fails in tests/load/test_snapshots.py.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from npl_report.model import Problem

FOLDER = Path(__file__).resolve().parents[1] / "errors"
WRITE = "NPL_REPORT_WRITE_MESSAGES"


def assert_told(case: str, problems: Iterable[Problem]) -> None:
    """Compare the printed problems with the kept ones."""
    told = "".join(f"{problem}\n" for problem in problems)
    path = FOLDER / f"{case}.txt"
    if os.environ.get(WRITE):
        path.write_text(told, encoding="utf-8")
    assert path.is_file(), f"no message is kept for {case}; it says:\n{told}Keep it with {WRITE}=1"
    assert told == path.read_text(encoding="utf-8")
