"""Quarto's command line: where it is, which version it has, and how to get it. Imports nothing heavy."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from npl_report.engines.quarto.environment import clean_environment
from npl_report.model import InputError, Problem

OLDEST = (1, 5)
"""The first version whose pages, streams and options are those that the engine knows."""
GET = "pip install quarto-cli, or its installer from quarto.org"
_OTHERWISE = "the builtin engine needs none: npl-report build"
_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.\d+)*\S*")
_ANSWER = 30.0
"""Seconds in which a Quarto says its version, the first time after its installation included."""


@dataclass(frozen=True)
class Quarto:
    """A Quarto that can be used."""

    path: Path
    version: str


class TooOldError(InputError):
    """A Quarto that was found, and whose pages the engine does not know."""


def find_quarto(option: str | None = None) -> Quarto:
    """The Quarto of the option, or of QUARTO_PATH (a file, or the folder that holds it), or of PATH.

    InputError if there is none that can be used.
    """
    if not hasattr(os, "killpg"):
        rule = "needs a system with process groups, to leave nothing running: Linux, macOS, or WSL on Windows"
        fix = "use the builtin engine: npl-report build"
        raise InputError([Problem("--engine", value="quarto", rule=rule, fix=fix)])
    places = (("--quarto", option), ("QUARTO_PATH", os.environ.get("QUARTO_PATH")))
    named = next(((place, value) for place, value in places if value), None)
    if named is None:
        found = shutil.which("quarto")
        if found is None:
            rule = "there is no Quarto on PATH, and neither --quarto nor QUARTO_PATH names one"
            raise InputError([_wrong("--engine quarto", None, rule, GET)])
        return _usable("PATH", Path(found).absolute())
    place, value = named
    path = Path(value).expanduser().absolute()
    if path.is_dir():
        within = [path / "quarto", path / "bin" / "quarto"]
        path = next((file for file in within if file.is_file()), path)
    if not path.is_file():
        rule = "the folder holds no quarto" if path.is_dir() else "there is no such file"
        raise InputError([_wrong(place, value, rule, "name the program itself, such as /opt/quarto/bin/quarto")])
    return _usable(place, path)


def _wrong(place: str, value: str | None, rule: str, fix: str) -> Problem:
    """What is wrong with the Quarto of a place; that no build needs it is said with every remedy."""
    return Problem(place, value=value, rule=rule, fix=f"{fix}; {_OTHERWISE}")


def _usable(place: str, path: Path) -> Quarto:
    """The program with its version, asked of itself."""
    shown = str(path)
    if not os.access(path, os.X_OK):
        fix = f"chmod +x {shown}, or name another"
        raise InputError([_wrong(place, shown, "the file may not be executed", fix)])
    try:
        code, said, complaint = _answer(shown)
    except subprocess.TimeoutExpired:
        rule = f"does not say its version within {_ANSWER:.0f} seconds"
        fix = f"see what {shown} --version waits for, or name another"
        raise InputError([_wrong(place, shown, rule, fix)]) from None
    except OSError as error:
        rule, fix = f"cannot be run: {error.strerror}", "the file is not a program of this machine"
        raise InputError([_wrong(place, shown, rule, fix)]) from None
    number = _VERSION.fullmatch(said)
    if code or not number:
        told = (said or complaint or f"exit code {code}").splitlines()[0][:200]
        rule = f"asked for its version, it does not answer as Quarto does: {told}"
        raise InputError([_wrong(place, shown, rule, "name Quarto's own program")])
    if (int(number[1]), int(number[2])) < OLDEST:
        rule = f"is Quarto {said}; {'.'.join(map(str, OLDEST))} or newer is needed"
        raise TooOldError([_wrong(place, shown, rule, "update it, or name another")])
    return Quarto(path, said)


def _answer(program: str) -> tuple[int, str, str]:
    """Exit code and streams of ``--version``.

    The launcher is a script that starts the program and waits: at the time limit its whole group is ended.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [program, "--version"],
        stdin=subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        env=clean_environment(),
        start_new_session=True,
    ) as process:
        try:
            out, complaint = process.communicate(timeout=_ANSWER)
        except BaseException:
            if process.returncode is None:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
            raise
    return process.returncode, out.decode(errors="replace").strip(), complaint.decode(errors="replace").strip()
