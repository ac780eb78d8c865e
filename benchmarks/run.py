"""``make bench``: how long a build takes and how much memory it needs, as whole processes, printed as a table.

Asserts nothing.

Each case runs in a copy of the project; the figures are medians of several runs after a warm-up of the file cache.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from market import SAMPLE, small_sample, times_over

ROOT = Path(__file__).resolve().parents[1]
COMMAND = [str(Path(sys.executable).with_name("npl-report"))]


def run(folder: Path, *arguments: str) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak memory (MB, all its processes together) of one command."""
    start = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = Peak(process.pid)
    peak.start()
    said = process.stderr.read().decode() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    peak.ended.set()
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{' '.join(arguments)} failed:\n{said}")
    return wall, usage.ru_utime + usage.ru_stime, peak.megabytes or usage.ru_maxrss / 1024


class Peak(threading.Thread):
    """Watches what a process and its children hold together, shared pages counted once (Linux only)."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self.megabytes, self.ended = 0.0, threading.Event()

    def run(self) -> None:
        """Until the process has ended."""
        while not self.ended.wait(0.1):
            self.megabytes = max(self.megabytes, sum(map(_held, _family(self._process))))


def _family(process: int) -> Iterator[int]:
    yield process
    with suppress(OSError):
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            for child in children.read_text().split():
                yield from _family(int(child))


def _held(process: int) -> float:
    """Megabytes of a process."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return float(line.split()[1]) / 1024
    return 0.0


def measure(name: str, runs: int, prepare: Callable[[int], Path], *arguments: str) -> float:
    """Print the medians of a case; returns the median wall time."""
    results = [run(prepare(number), *arguments) for number in range(runs)]
    wall, cpu, memory = (statistics.median(column) for column in zip(*results, strict=True))
    spread = f"{min(item[0] for item in results):.2f}–{max(item[0] for item in results):.2f}"
    print(f"{name:<46} {wall:8.2f} s {cpu:8.2f} s {memory:8.0f} MB   {spread}", flush=True)
    return wall


def copy(target: Path) -> Path:
    """A project of its own, of the deals to 2021, without former builds."""
    return small_sample(target)


def whole(target: Path) -> Path:
    """The same of all deals."""
    for name in ("report", "templates", "data"):
        shutil.copytree(ROOT / name, target / name)
    return target


def market(target: Path, deals: int) -> Path:
    """A project of at least so many deals."""
    return times_over(target, -(-deals // SAMPLE))


def change_one_value(folder: Path, number: int) -> Path:
    """Another amount in the last collection of the file."""
    path = folder / "data" / "collections.csv"
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    cells = lines[-1].split(",")
    place = lines[0].split(",").index("collected")
    cells[place] = f"{float(cells[place]) + 0.01 * (number + 1):.4f}"
    path.write_text("\n".join([*lines[:-1], ",".join(cells)]) + "\n", encoding="utf-8")
    return folder


def change_one_sentence(folder: Path, number: int) -> Path:
    """A further sentence in a chapter."""
    path = folder / "report" / "en" / "recovery.qmd"
    path.write_text(
        path.read_text(encoding="utf-8") + "\nAnother sentence" + " more" * number + ".\n", encoding="utf-8"
    )
    return folder


def preview_cost(folder: Path, runs: int) -> None:
    """Print how long the preview takes from a changed file to the page, without the browser."""
    from npl_report.build.job import Options
    from npl_report.live.edition import LiveEdition
    from npl_report.load.project import find_project

    live = LiveEdition(find_project(folder), Options(pdf=False), lambda _: None)
    cases = {
        "preview: one sentence changed": ("report/en/recovery.qmd", change_one_sentence),
        "preview: one value changed": ("data/collections.csv", change_one_value),
    }
    for name, (path, change) in cases.items():
        live.file("en/recovery.html")
        taken = []
        for number in range(runs):
            change(folder, number + 50)
            start = time.perf_counter()
            live.refresh([path])
            live.file("en/recovery.html")
            taken.append(time.perf_counter() - start)
        print(f"{name:<46} {statistics.median(taken):8.2f} s", flush=True)


def main() -> None:
    """Run all cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--deals", type=int, nargs="*", default=[], help="markets of so many deals too, such as 780")
    given = parser.parse_args()
    runs = given.runs
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; medians of {runs}\n")
    print(f"{'case':<46} {'wall':>10} {'cpu':>10} {'memory':>11}   wall min–max")
    with tempfile.TemporaryDirectory(prefix="npl-bench-") as base:
        home = Path(base)
        warm = copy(home / "warm")
        run(warm, "build")
        measure("start of the program (--help)", runs, lambda _: warm, "--help")
        measure("cold build, two languages, two PDFs", runs, lambda number: copy(home / f"cold{number}"), "build")
        measure("cold build without PDFs", runs, lambda number: copy(home / f"plain{number}"), "build", "--no-pdf")
        measure("unchanged build", runs, lambda _: warm, "build")
        measure("one value changed", runs, lambda number: change_one_value(warm, number), "build")
        measure("one sentence changed", runs, lambda number: change_one_sentence(warm, number), "build")
        run(warm, "build", "--no-pdf")
        plain = "build", "--no-pdf"
        measure("one value changed, without PDFs", runs, lambda number: change_one_value(warm, number + runs), *plain)
        measure(
            "one sentence changed, without PDFs", runs, lambda number: change_one_sentence(warm, number + 9), *plain
        )
        preview_cost(warm, runs)
        measure("check", runs, lambda _: warm, "check")
        measure("tieout", runs, lambda _: warm, "tieout")
        measure("the whole sample, without PDFs", runs, lambda number: whole(home / f"whole{number}"), *plain)
        for deals in given.deals:
            measure(f"{deals} deals, without PDFs", 1, lambda _, deals=deals: market(home / f"m{deals}", deals), *plain)


if __name__ == "__main__":
    main()
