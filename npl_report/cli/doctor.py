"""``npl-report doctor``: what is installed, what is missing, and the command to get it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from npl_report import __version__
from npl_report.arithmetic import COMMON
from npl_report.cli.console import echo, tell
from npl_report.files.environment import MISSING, environment, library_versions, own_libraries, pandoc
from npl_report.files.systemlibraries import LIBRARIES, command, missing, slower
from npl_report.load.project import find_project
from npl_report.model.errors import InputError


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    ``needed``: a build fails without it. ``state`` says what it is if not simply there or not there.
    """

    name: str
    ok: bool
    needed: bool
    detail: str
    get: str
    state: str = ""


def examine(folder: Path | None, *, as_json: bool) -> None:
    """Print the findings; exit 1 if something needed is missing."""
    findings = [
        _python(),
        *_libraries(),
        *_system(),
        *_system_libraries(),
        _arithmetic(),
        _pandoc(),
        _quarto(),
        _project(folder),
    ]
    ok = all(item.ok or not item.needed for item in findings)
    if as_json:
        tell(ok=ok, npl_report=__version__, findings=[asdict(item) for item in findings])
    else:
        for item in findings:
            state = item.state or ("ok" if item.ok else "MISSING" if item.needed else "absent")
            echo(f"{state:<7}  {item.name:<28} {item.detail}")
            if not item.ok:
                echo(f"         → {item.get}")
    if not ok:
        sys.exit(1)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), True, version, "install Python 3.11 or newer")


def _libraries() -> list[Finding]:
    """Those that the program asks for, each; what these ask for in turn, together."""
    found, own = library_versions(), own_libraries()
    findings = [
        Finding(name, version != MISSING, True, version, "pip install --require-hashes -r requirements.lock")
        for name, version in found.items()
        if not own or name in own
    ]
    others = [f"{name} {version}" for name, version in found.items() if own and name not in own]
    return [*findings, Finding("their libraries", True, False, ", ".join(others), "")] if others else findings


def _system() -> list[Finding]:
    """What comes from the system, with its version.

    Manifests hold the same, and ``verify --rebuild`` names what differs.
    """
    told = {"Python", "arithmetic", "pandoc"} | {item.name for item in LIBRARIES}  # by findings of their own
    return [
        Finding(name, found != "absent", False, found, "comes with Pango")
        for name, found in environment()["system"].items()
        if name not in told
    ]


def _arithmetic() -> Finding:
    """Which arithmetic the figures are computed with.

    It is the same everywhere, unless numpy was loaded before the program.
    """
    try:
        import numpy as np  # noqa: F401 -- loads its library
        import scipy.linalg  # noqa: F401 -- and scipy its own
        from threadpoolctl import threadpool_info
    except ImportError as error:
        return Finding("arithmetic", False, False, str(error), "pip install --require-hashes -r requirements.lock")
    kernels = {
        f"{item['internal_api']} {item.get('architecture', item.get('version'))}, threads: {item['num_threads']}"
        for item in threadpool_info()
        if item["user_api"] == "blas"
    }
    fix = "import npl_report before numpy: last digits, and so bytes, are then those of every other machine"
    return Finding(
        "arithmetic",
        COMMON,
        False,
        f"{environment()['system']['arithmetic']}: {'; '.join(sorted(kernels)) or 'no BLAS is told'}",
        fix,
        "" if COMMON else "own",
    )


def _try(name: str, call: Callable[[], str], get: str) -> Finding:
    try:
        return Finding(name, True, True, call(), get)
    except (InputError, OSError) as error:
        return Finding(name, False, True, str(error).splitlines()[0], get)


def _system_libraries() -> list[Finding]:
    """What WeasyPrint loads from the system. That it could be faster is told, and is no fault."""
    lacking, slow, versions = missing(), slower(), environment()["system"]
    findings = [
        Finding(
            item.name,
            item not in lacking,
            item.needed,
            "not found" if item in lacking else versions.get(item.name, "loaded"),
            command([item]),
        )
        for item in LIBRARIES
    ]
    if slow:
        findings = [
            Finding(item.name, False, False, slow.rule, slow.fix, "slower") if item.name == slow.file else item
            for item in findings
        ]
    return findings


def _pandoc() -> Finding:
    def version() -> str:
        done = subprocess.run([pandoc(), "--version"], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()[0]

    return _try("pandoc", version, "pip install --require-hashes -r requirements.lock")


def _quarto() -> Finding:
    from npl_report.engines.quarto.finding import TooOldError, find_quarto

    try:
        quarto = find_quarto()
    except InputError as error:
        problem = error.problems[0]
        detail = problem.rule if problem.value is None else f"{problem.value}: {problem.rule}"
        return Finding(
            "Quarto (optional)", False, False, detail, problem.fix, "too old" if isinstance(error, TooOldError) else ""
        )
    return Finding("Quarto (optional)", True, False, f"{quarto.version} at {quarto.path}", "")


def _project(folder: Path | None) -> Finding:
    try:
        project = find_project((folder or Path.cwd()).resolve())
    except InputError as error:
        return Finding("project", False, False, str(error.problems[0].rule), error.problems[0].fix)
    return Finding(
        "project", True, False, f"editions {', '.join(project.editions)}; languages {', '.join(project.languages)}", ""
    )
