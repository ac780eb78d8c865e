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
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMAND = [str(Path(sys.executable).with_name("npl-report"))]


def run(folder: Path, *arguments: str) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak memory (MB, the largest process) of one command."""
    start = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read().decode() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{' '.join(arguments)} failed:\n{said}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(name: str, runs: int, prepare: Callable[[int], Path], *arguments: str) -> float:
    """Print the medians of a case; returns the median wall time."""
    results = [run(prepare(number), *arguments) for number in range(runs)]
    wall, cpu, memory = (statistics.median(column) for column in zip(*results, strict=True))
    spread = f"{min(item[0] for item in results):.2f}–{max(item[0] for item in results):.2f}"
    print(f"{name:<46} {wall:8.2f} s {cpu:8.2f} s {memory:8.0f} MB   {spread}", flush=True)
    return wall


def copy(target: Path) -> Path:
    """A project of its own, without former builds."""
    for name in ("report", "templates", "data"):
        shutil.copytree(ROOT / name, target / name)
    return target


def change_one_value(folder: Path, number: int) -> Path:
    """Another amount in the last collection of the file."""
    path = folder / "data" / "collections.csv"
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    cells = lines[-1].split(",")
    place = lines[0].split(",").index("collected")
    cells[place] = f"{float(cells[place]) + 0.01 * (number + 1):.4f}"
    path.write_text("\n".join([*lines[:-1], ",".join(cells)]) + "\n", encoding="utf-8")
    return folder


def page_cost(folder: Path, runs: int) -> None:
    """Print what HTML pages cost once data, tables and charts are there: all, and those of deals and banks alone."""
    from npl_report.build.assembly import converter
    from npl_report.build.job import Options, chosen_edition
    from npl_report.build.reading import read
    from npl_report.load.project import find_project
    from npl_report.present.revisions import revisions
    from npl_report.present.revisionviews import EarlierEditions
    from npl_report.present.templates import Templates
    from npl_report.site.pages import Site
    from npl_report.site.profiles import profile_pages
    from npl_report.typesetting.drawings import deal_drawings, deal_figures, drawn, figures, table_drawings
    from npl_report.typesetting.processes import workers

    project = find_project(folder)
    reading = read(project, chosen_edition(project, Options()), lambda _: None)
    templates = Templates(project.templates)
    curves = {
        name: spec for localized in reading.by_language.values() for name, spec in deal_drawings(localized).items()
    }
    with workers(1) as submit:
        specs = table_drawings(tuple(reading.by_language.values()), submit)
        svgs = drawn(specs | curves, project.build / ".cache", submit, 1)
    sites = [
        Site(
            localized,
            templates,
            figures(localized, specs, svgs),
            deal_figures(localized, curves, svgs),
            reading.by_language,
            converter(project, localized),
            EarlierEditions(revisions(localized, reading.edition, None)),
            note=True,
        )
        for localized in reading.by_language.values()
    ]
    whole, profiles = [], []
    for _ in range(runs):
        shutil.rmtree(project.build / ".cache" / "pandoc", ignore_errors=True)
        start = time.perf_counter()
        pages = [page for site in sites for page in site.pages()]
        whole.append((time.perf_counter() - start) / len(pages))
        start = time.perf_counter()
        own = [page for site in sites for page in profile_pages(site.localized, site.curves, site._shell, site._render)]
        profiles.append((time.perf_counter() - start) / len(own))
    print(f"{f'one of {len(pages)} HTML pages, beyond the shared work':<46} {statistics.median(whole) * 1000:8.1f} ms")
    print(f"{f'one of {len(own)} pages of deals and banks':<46} {statistics.median(profiles) * 1000:8.1f} ms")


def main() -> None:
    """Run all cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
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
        with_pdf = measure("one value changed", runs, lambda number: change_one_value(warm, number), "build")
        without = measure(
            "one value changed, without PDFs",
            runs,
            lambda number: change_one_value(warm, number + runs),
            "build",
            "--no-pdf",
        )
        print(f"{'PDFs (difference of the two)':<46} {with_pdf - without:8.2f} s")
        page_cost(warm, runs)
        measure("check", runs, lambda _: warm, "check")
        measure("tieout", runs, lambda _: warm, "tieout")


if __name__ == "__main__":
    main()
