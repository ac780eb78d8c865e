"""Write the reconstructed sample data: plan + published figures -> data/*.csv.

Run from the repository root (Python 3.11 or later; the check also needs pandas):

    python -m reconstruction            write the tables into data/
    python -m reconstruction --check    recompute every testable ledger row from the tables and print it
    python -m reconstruction --out DIR  write (or check) another folder

Every number is either published (read from data/published/ledger.csv by id), invented (plan.csv, the other tables
beside it and the constants of the modules, marked "ours") or solved from the two. The result is the same on every run:
draws are keyed by name, solved values are rounded, no library beyond Python's own takes part.
"""

import argparse
import sys
from pathlib import Path

from . import build, tables

DATA = Path(__file__).resolve().parents[1] / "data"


def main() -> int:
    """Write or check the tables."""
    parser = argparse.ArgumentParser(prog="python -m reconstruction", description="Reconstructed sample data")
    parser.add_argument("--check", action="store_true", help="recompute the ledger from the tables; write nothing")
    parser.add_argument("--out", type=Path, default=DATA, help="folder of the tables (default: data/)")
    options = parser.parse_args()
    if options.check:
        from . import check

        return check.main(options.out)
    tables.write(build.waves(), options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
