"""Plant the faults of faults.toml one by one in a private copy of the tree, and see that the tests find each.

    python tests/planted/plant.py                        all of them, by the tests of make test python
    tests/planted/plant.py --only sent-twice      some, by name; --stage mail: those of a stage python
    tests/planted/plant.py --commit 87c40b5       in the tree of a commit, by the tests that it had python
    tests/planted/plant.py --list                 nothing but the names and reasons

A fault that the tests of ``make test`` do not find is looked for by the rest of ``make test-all``, which is said. Exit
1 if one survives, 2 if its text is gone.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FAILED, _NOTHING_RAN = 1, 5
_QUICK, _REST = "not whole", "whole"
"""What the marker selects; a commit before it has one run."""


@dataclass(frozen=True)
class Fault:
    """One line that is wrong.

    ``places``: a file, what stands in it once, and what takes its place; several where the code was rewritten.
    ``tests`` are the files that cover it.
    """

    id: str
    stage: str
    why: str
    places: tuple[tuple[str, str, str], ...]
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """What pytest said: its exit code, the first test that failed, and the processor's seconds."""

    code: int
    first: str
    seconds: float
    told: str


def faults() -> list[Fault]:
    """The table."""
    rows = tomllib.loads(Path(__file__).with_name("faults.toml").read_text(encoding="utf-8"))["fault"]
    found = []
    for row in rows:
        files, old, new = (row[name] if isinstance(row[name], list) else [row[name]] for name in ("file", "old", "new"))
        files = files if len(files) == len(old) else files * len(old)
        found.append(
            Fault(row["id"], row["stage"], row["why"], tuple(zip(files, old, new, strict=True)), tuple(row["tests"]))
        )
    return found


def copy(to: Path, commit: str) -> None:
    """The files of a commit, or those of the working tree that git knows or would add."""
    if commit:
        archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(to, filter="data")
        return
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, to / name)


def plant(fault: Fault, tree: Path) -> tuple[Path, str]:
    """Write the fault into the tree; where, and what was there before."""
    for file, old, new in fault.places:
        place = tree / file
        text = place.read_text(encoding="utf-8") if place.is_file() else ""
        if text.count(old) == 1:
            place.write_text(text.replace(old, new), encoding="utf-8")
            return place, text
    sys.exit(
        f"{fault.id}: its text does not stand once in {fault.places[0][0]}:\n{fault.places[0][1]}\nLook what "
        "became of it, and mend tests/planted/faults.toml."
    )


def _seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(tree: Path, tests: Sequence[str], which: str) -> Run:
    """Run the tests until the first fails."""
    before = _seconds()
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-n",
        "0",
        "--no-header",
        "--tb=line",
        "-m",
        which,
        f"--basetemp={tree}.tmp",
        *tests,
    ]
    done = subprocess.run(
        command, cwd=tree, env=os.environ | {"PYTHONPATH": str(tree)}, capture_output=True, text=True, check=False
    )
    shutil.rmtree(f"{tree}.tmp", ignore_errors=True)
    found = re.search(r"^(?:FAILED|ERROR) tests/(\S+)", done.stdout, re.MULTILINE)
    return Run(
        done.returncode, found[1] if found else "", _seconds() - before, done.stdout[-2000:] + done.stderr[-2000:]
    )


def look(fault: Fault, tree: Path) -> tuple[bool, str]:
    """Whether the tests find the fault in the tree, and a line that tells by which."""
    tests = [name for name in fault.tests if (tree / name).is_file()]
    place, before = plant(fault, tree)
    seconds = 0.0
    try:
        for which in (_QUICK, _REST) if _REST in (tree / "pyproject.toml").read_text(encoding="utf-8") else ("",):
            ran = run(tree, tests, which)
            seconds += ran.seconds
            if ran.code == _FAILED:
                return (
                    True,
                    f"found{' by make test-all only' if which == _REST else ''} in {seconds:.0f} s by {ran.first}",
                )
            if ran.code not in (0, _NOTHING_RAN):
                return False, f"the tests could not run (exit {ran.code}):\n{ran.told}"
    finally:
        place.write_text(before, encoding="utf-8")
    return False, f"SURVIVED {seconds:.0f} s of {', '.join(tests) or 'no test'}"


def main() -> int:
    """Plant, look and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], metavar="ID")
    parser.add_argument("--stage", default="")
    parser.add_argument("--commit", default="")
    parser.add_argument("--list", action="store_true")
    given = parser.parse_args()
    every = faults()
    chosen = [
        fault for fault in every if (not given.only or fault.id in given.only) and given.stage in ("", fault.stage)
    ]
    if strangers := set(given.only) - {fault.id for fault in every} or (not chosen and {given.stage}):
        parser.error(f"there is no {', '.join(strangers)}; --list names all")
    survived = []
    with tempfile.TemporaryDirectory(prefix="npl-planted-") as scratch:
        tree = Path(scratch) / "tree"
        if not given.list:
            copy(tree, given.commit)
        for fault in chosen:
            found, told = (True, "") if given.list else look(fault, tree)
            print(f"{fault.stage:8} {fault.id:34} {told or fault.why}", flush=True)
            survived += [] if found else [fault.id]
    if not given.list:
        print(
            f"{len(chosen) - len(survived)} of {len(chosen)} found"
            + (f"; not found: {', '.join(survived)}" if survived else "")
        )
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
