"""``npl-report doctor``: what is installed, what is missing, and the command to get it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from npl_report import __version__
from npl_report.cli.console import say
from npl_report.load.project import find_project
from npl_report.model.errors import InputError
from npl_report.publish.fingerprint import library_versions
from npl_report.publish.systemlibraries import LIBRARIES, command, missing, slower


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``needed``: a build fails without it. ``state`` says what it is if not simply there or not there."""

    name: str
    ok: bool
    needed: bool
    detail: str
    get: str
    state: str = ""


def examine(folder: Path | None, *, as_json: bool) -> None:
    """Print the findings; exit 1 if something needed is missing."""
    findings = [_python(), *_libraries(), *_system_libraries(), _pandoc(), _quarto(), _project(folder)]
    ok = all(item.ok or not item.needed for item in findings)
    if as_json:
        say(json.dumps({"ok": ok, "npl_report": __version__, "findings": [asdict(item) for item in findings]}, ensure_ascii=False, indent=1))
    else:
        for item in findings:
            state = item.state or ("ok" if item.ok else "MISSING" if item.needed else "absent")
            say(f"{state:<7}  {item.name:<28} {item.detail}")
            if not item.ok:
                say(f"         → {item.get}")
    if not ok:
        sys.exit(1)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), True, version, "install Python 3.11 or newer")


def _libraries() -> list[Finding]:
    return [Finding(name, found != "missing", True, found, "pip install --require-hashes -r requirements.lock") for name, found in library_versions().items()]


def _try(name: str, call: Callable[[], str], get: str) -> Finding:
    try:
        return Finding(name, True, True, call(), get)
    except (InputError, OSError) as error:
        return Finding(name, False, True, str(error).splitlines()[0], get)


def _system_libraries() -> list[Finding]:
    """What WeasyPrint loads from the system. That it could be faster is told, and is no fault."""
    lacking, slow = missing(), slower()
    findings = [Finding(item.name, item not in lacking, item.needed, "not found" if item in lacking else "loaded", command([item])) for item in LIBRARIES]
    if slow:
        findings = [Finding(item.name, False, False, slow.rule, slow.fix, "slower") if item.name == slow.file else item for item in findings]
    return findings


def _pandoc() -> Finding:
    from npl_report.publish.pandoc import pandoc

    def version() -> str:
        return subprocess.run([pandoc(), "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]

    return _try("pandoc", version, "pip install --require-hashes -r requirements.lock")


def _quarto() -> Finding:
    from npl_report.publish.quarto.finding import TooOldError, find_quarto

    try:
        quarto = find_quarto()
    except InputError as error:
        problem = error.problems[0]
        detail = problem.rule if problem.value is None else f"{problem.value}: {problem.rule}"
        return Finding("Quarto (optional)", False, False, detail, problem.fix, "too old" if isinstance(error, TooOldError) else "")
    return Finding("Quarto (optional)", True, False, f"{quarto.version} at {quarto.path}", "")


def _project(folder: Path | None) -> Finding:
    try:
        project = find_project((folder or Path.cwd()).resolve())
    except InputError as error:
        return Finding("project", False, False, str(error.problems[0].rule), error.problems[0].fix)
    return Finding("project", True, False, f"editions {', '.join(project.editions)}; languages {', '.join(project.languages)}", "")
