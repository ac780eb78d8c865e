"""A build against Zensical, which renders the very pages that ``npl-report prepare`` writes: both in turn, medians.

``python benchmarks/peers.py ZENSICAL``: the program of an environment of its own (``pip install zensical``), which the
project does not need. Both have their drawings and their markdown cached; neither prints notes. A third case writes the
files of our build and nothing else: no program that leaves the same files is faster.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from run import COMMAND, copy

LANGUAGE = "en"
_RAW = re.compile(r"^`{3,}(\{=html\})?$", re.MULTILINE)
"""The fences of raw HTML, which Zensical's markdown needs not."""
_HEAD = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def pages_for(zensical: Path, project: Path) -> int:
    """The pages of a language as Zensical takes them, and how many there are."""
    subprocess.run(
        [*COMMAND, "prepare", "--lang", LANGUAGE, "--no-pdf"], cwd=project, check=True, stderr=subprocess.DEVNULL
    )
    count = 0
    for path in sorted((project / LANGUAGE).rglob("*.qmd")):
        text = _RAW.sub("", _HEAD.sub("", path.read_text(encoding="utf-8")))
        place = zensical / "docs" / path.relative_to(project / LANGUAGE).with_suffix(".md")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"# {path.stem}\n\n{text}", encoding="utf-8")
        count += 1
    (zensical / "zensical.toml").write_text('[project]\nsite_name = "pages"\n', encoding="utf-8")
    return count


def timed(command: list[str], folder: Path) -> float:
    """Wall seconds of a command."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr.decode()}")
    return time.perf_counter() - start


def floor(folder: Path, target: Path) -> float:
    """Wall seconds of writing the files of a build."""
    files = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    start = time.perf_counter()
    for path, data in files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(data)
    return time.perf_counter() - start


def main() -> None:
    """Build by both, in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("zensical", type=Path, help="the program zensical")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="npl-peers-") as base:
        ours, theirs = copy(Path(base) / "ours"), Path(base) / "theirs"
        for path in Path(__file__).resolve().parents[1].glob("_quarto*.yml"):
            shutil.copyfile(path, ours / path.name)
        count = pages_for(theirs, ours)
        ours_command = [*COMMAND, "build", "--lang", LANGUAGE, "--no-pdf", "--force"]
        theirs_command = [str(given.zensical.resolve()), "build"]
        timed(ours_command, ours)
        timed(theirs_command, theirs)
        pairs = [(timed(ours_command, ours), timed(theirs_command, theirs)) for _ in range(given.runs)]
        written = next(path for path in (ours / "build").iterdir() if not path.name.startswith("."))
        least = statistics.median(floor(written, Path(base) / f"floor{number}") for number in range(given.runs))
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / two for one, two in pairs)
    print(f"{count} pages of one language; medians of {given.runs} pairs")
    print(f"npl-report (tables, charts and downloads too) {mine:8.2f} s")
    print(f"Zensical (the pages alone)                    {other:8.2f} s")
    print(f"ratio                                         {ratio:8.2f}")
    print(f"writing our files alone                       {least:8.2f} s")


if __name__ == "__main__":
    main()
