"""Builds of a small project with tables of its own: ``python benchmarks/own_tables.py [COUNT]``, 20 by default.

Seconds of a build from nothing without them and with them, of one after a change in one of them, and of one after none.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.helpers.tinyproject import tiny_project  # noqa: E402 -- found by the line above

COUNT = 20
BUILD = ("build", "--edition", "2020-03", "--lang", "en", "--no-pdf", "--jobs", "2")


def run(folder: Path, *arguments: str) -> float:
    """Seconds that a command takes."""
    begun = time.monotonic()
    subprocess.run([sys.executable, "-m", "npl_report", *arguments], cwd=folder, check=True, capture_output=True)
    return time.monotonic() - begun


def main(count: int) -> None:
    """Print the seconds."""
    with tempfile.TemporaryDirectory(prefix="npl-bench-") as scratch:
        plain, own = (tiny_project(Path(scratch) / name) for name in ("plain", "own"))
        for number in range(count):
            run(own, "new-table", f"own_table_{number}", "--chapter", "recovery")
        print(f"without own tables  {run(plain, *BUILD):6.1f} s")
        print(f"with {count:2d}             {run(own, *BUILD):6.1f} s")
        code = own / "tables" / "own_table_0" / "__init__.py"
        code.write_text(code.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
        print(f"after a change      {run(own, *BUILD):6.1f} s")
        print(f"after none          {run(own, *BUILD):6.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
