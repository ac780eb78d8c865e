"""``make fresh``: does what the README promises on bare machines, and compares what they built.

``python -m tests.fresh [--ready] [NAME…]``: exit status 0 all well, 1 something failed or cannot be done here,
2 wrong usage, 130 stopped. How the machines are made is in tree.py.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.fresh.compare import report
from tests.fresh.host import Host, NotHereError, reached, read_host
from tests.fresh.tree import CLONE, STOPS, Cache, Kind, TreeError, laid_out, make_base

ROOT = Path(__file__).resolve().parents[2]
EDITION = "2020-03"
MACHINES = (
    Kind("debian-12", "bookworm"),
    Kind("debian-13", "trixie", steps=("report", "wheel")),
    Kind(
        "debian-12-desktop",
        "bookworm",
        installed=("libpango-1.0-0", "libpangoft2-1.0-0"),
        ordinary=True,
        later="libharfbuzz-subset0",
    ),
)
"""The last is an ordinary desktop: Pango is there, HarfBuzz-Subset is not, and its user may install nothing."""
PROGRAM = CLONE / "tests" / "fresh" / "machine.sh"
ROOM = 5 << 30
"""Bytes that a tree and what is kept between runs may take."""
_SHOWN = 30
"""Lines of a log shown when its machine failed."""


def main(arguments: list[str]) -> int:
    """Run the machines that are named, or all; with ``--ready`` only say whether they could be."""
    options = _options(arguments)
    for number in STOPS:
        signal.signal(number, _stop)
    try:
        host = ready()
        if options.ready:
            return 0
        cache = Cache(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "npl-report" / "fresh")
        with cache.alone():
            chosen = [kind for kind in MACHINES if kind.name in options.machines or not options.machines]
            return run(chosen, host, cache)
    except NotHereError as error:
        print(f"fresh machines cannot be made here: {error}")
        return 1
    except KeyboardInterrupt:
        print("stopped; nothing is left")
        return 130


def ready() -> Host:
    """This machine's settings, if trees can be made on it; NotHereError says why not."""
    if os.geteuid() != 0:
        raise NotHereError("only root may (sudo make fresh)")
    for program, package in {
        "debootstrap": "debootstrap",
        "unshare": "util-linux",
        "setpriv": "util-linux",
        "git": "git",
    }.items():
        if not shutil.which(program):
            raise NotHereError(f"{program} is not installed: apt-get install {package}")
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True, check=False).returncode:
        raise NotHereError("the kernel lets this machine have no mounts of its own (a container without privileges?)")
    if subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, check=False).returncode:
        raise NotHereError("this is no clone of the repository, or git may not read it")
    if shutil.disk_usage(Path.home()).free < ROOM:
        raise NotHereError(f"less than {ROOM >> 30} GB are free below {Path.home()}")
    host = read_host()
    for suite in dict.fromkeys(kind.suite for kind in MACHINES):
        if not reached(host.mirror, suite):
            raise NotHereError(f"the package mirror does not answer, or does not have {suite}")
    return host


def run(kinds: list[Kind], host: Host, cache: Cache) -> int:
    """Each machine after the other; then what they built is compared. Exit status."""
    if subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=False).stdout:
        print("what is not committed is left out")
    repository = cache.make("trees") / "repository"
    # a copy, so that all get the same, whatever is committed meanwhile
    subprocess.run(["git", "clone", "--quiet", "--bare", "--no-hardlinks", str(ROOT), str(repository)], check=True)
    logs, built, failed = cache.make("logs"), [], 0
    shutil.rmtree(cache.make("built"))
    for kind in kinds:
        log = logs / f"{kind.name}.log"
        log.unlink(missing_ok=True)
        try:
            built.append(_machine(kind, host, cache, repository, log))
        except TreeError as error:
            failed += 1
            print(f"{kind.name}: failed: {error}\n{_end(log)}")
    if len(built) > 1 and not report(built):
        failed += 1
    print("fresh machines: " + (f"{failed} failed" if failed else f"{len(built)} of {len(kinds)} as they should be"))
    return 1 if failed else 0


def _machine(kind: Kind, host: Host, cache: Cache, repository: Path, log: Path) -> Path:
    """Make one, use it, remove it; the edition that it built."""
    step = _Clock(kind.name)
    make_base(kind.suite, host, cache, log)
    step("base")
    with laid_out(kind, host, cache, repository, log) as tree:
        step("tree")
        for name in kind.steps:
            tree.run(f"{PROGRAM} {name}")
            step(name)
        if kind.later:
            tree.install(kind.later)
            tree.run(f"{PROGRAM} again")
            step("again")
        place = cache.make("built") / kind.name
        tree.inside(CLONE / "build" / EDITION).rename(place)
    return place


class _Clock:
    """Prints each step with the seconds that it took, and those that a processor worked for it."""

    def __init__(self, name: str) -> None:
        self._name, self._since, self._worked = name, time.monotonic(), _processor()

    def __call__(self, step: str) -> None:
        now, worked = time.monotonic(), _processor()
        print(
            f"{self._name:<18} {step:<8} {now - self._since:6.0f} s  ({worked - self._worked:.0f} s of a processor)",
            flush=True,
        )
        self._since, self._worked = now, worked


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _stop(*_: object) -> None:
    print("stopping: trees are removed", flush=True)
    raise KeyboardInterrupt


def _end(log: Path) -> str:
    """The last lines of a log, without pip's warnings of places that a package is not in."""
    every = log.read_text(encoding="utf-8", errors="replace").splitlines()
    lines = [line for line in every if not line.startswith("WARNING: Location")]
    return "\n".join(f"    {line}" for line in lines[-_SHOWN:])


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fresh", description="What the README promises, on bare machines."
    )
    parser.add_argument("--ready", action="store_true", help="only say whether it can be done here")
    names = [kind.name for kind in MACHINES]
    parser.add_argument("machines", nargs="*", metavar="MACHINE", help=f"{', '.join(names)}; all without one")
    options = parser.parse_args(arguments)
    for name in set(options.machines) - set(names):
        parser.error(f"there is no machine {name}; there are {', '.join(names)}")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
