"""What an edition is computed and printed by, beside the program itself, with versions.

That is the libraries, Python, and what comes from the system. It is part of the fingerprint of a build, so that an
upgrade of any of them builds again, and of the manifest, so that a rebuild elsewhere can name what differs. Nothing
heavy is imported: an unchanged build must be known at once.
"""

from __future__ import annotations

import ctypes
import os
import platform
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, distributions
from importlib.util import find_spec
from pathlib import Path

from npl_report import arithmetic
from npl_report.files.systemlibraries import FREETYPE, LIBRARIES, Requirement
from npl_report.model.errors import InputError, Problem

Environment = Mapping[str, Mapping[str, str]]
"""Group (``libraries``, ``system``) → name → version."""

MISSING = "missing"
_PROGRAM = "npl-report"
_TAKING_PART = ("parquet",)
"""Extras of the program whose libraries take part in a build wherever they are: pandas keeps text by pyarrow then."""
_LEVELS = (
    ("v4", {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}),
    ("v3", {"avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"}),
    ("v2", {"sse4_2", "popcnt"}),
)
"""The levels of x86-64, the highest first, with the flags that a processor of the level has: by some of them glibc
chooses its mathematical functions."""


@cache
def environment() -> Environment:
    """Everything, in the order of names."""
    return {
        "libraries": library_versions(),
        "system": {**_machine(), **_system_libraries(), "pandoc": _pandoc_version()},
    }


def library_versions() -> dict[str, str]:
    """Distribution → installed version: what the program's own metadata ask for, what these ask for, and so on.

    Of its extras only those that take part in a build count, if they are there.

    One that the program asks for and that is not there is ``missing``; another is none of this system's. Run without
    metadata of its own (from a folder or an archive), the program counts everything that is installed.
    """
    try:
        wanted = list(_asked_for(_PROGRAM, _TAKING_PART))
    except PackageNotFoundError:
        return dict(sorted((_plain(item.name), item.version) for item in distributions()))
    found: dict[str, str] = {}
    first = own_libraries()
    seen: set[tuple[str, tuple[str, ...]]] = set()
    while wanted:
        name, extras = item = wanted.pop()
        if item in seen:
            continue
        seen.add(item)
        try:
            found[name] = distribution(name).version
            wanted += _asked_for(name, extras)
        except PackageNotFoundError:
            found |= {name: MISSING} if name in first else {}
    return dict(sorted(found.items()))


def own_libraries() -> set[str]:
    """The distributions that the program itself asks for."""
    try:
        return {name for name, _ in _asked_for(_PROGRAM, ())}
    except PackageNotFoundError:
        return set()


def differences(then: Environment, now: Environment) -> list[str]:
    """What differs from an earlier environment, each as ``numpy 2.4.6 (here 2.5.0)``."""
    found = []
    for group in dict.fromkeys([*then, *now]):
        before, after = then.get(group, {}), now.get(group, {})
        for name in sorted(before.keys() | after.keys()):
            there, here = before.get(name, "absent"), after.get(name, "absent")
            if there != here:
                found.append(f"{name} {there} (here {here})")
    return found


def _asked_for(name: str, extras: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a distribution asks for (name, extras), with some of its own extras.

    Whether a condition on Python or the system holds is seen by what is installed.
    """
    for requirement in distribution(name).requires or ():
        asked, _, condition = requirement.partition(";")
        extra = re.search(r"""\bextra\s*==\s*["']([^"']+)""", condition)
        named = re.match(r"\s*([\w.-]+)\s*(?:\[([^\]]*)\])?", asked)
        if named and (extra is None or _plain(extra[1]) in extras):
            yield _plain(named[1]), tuple(_plain(item) for item in (named[2] or "").split(",") if item.strip())


def _plain(name: str) -> str:
    """A distribution's name in the form in which names are compared."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def pandoc() -> str:
    """Path of the pandoc that comes with pypandoc_binary.

    pypandoc itself would take a newer one of the system's, which writes other pages.
    """
    spec = find_spec("pypandoc")
    folder = Path(spec.origin).parent / "files" if spec and spec.origin else Path()
    path = folder / ("pandoc.exe" if os.name == "nt" else "pandoc")
    if not path.is_file():
        raise InputError(
            [
                Problem(
                    "pandoc",
                    rule="does not come with the installed pypandoc",
                    fix="pip install --require-hashes -r requirements.lock; it is pypandoc_binary that brings it",
                )
            ]
        )
    return str(path)


def _pandoc_version() -> str:
    try:
        said = subprocess.run([pandoc(), "--version"], capture_output=True, text=True, check=True).stdout
    except (InputError, OSError, subprocess.CalledProcessError):
        return "absent"
    return said.splitlines()[0].removeprefix("pandoc").strip()


def _machine() -> dict[str, str]:
    """Python, the family of the processor, the system's mathematical library, and how the program computes.

    That is as all of the family do, or in the processor's own way.
    """
    names = getattr(os, "confstr_names", {})
    library = os.confstr("CS_GNU_LIBC_VERSION") if "CS_GNU_LIBC_VERSION" in names else None
    return {
        "Python": platform.python_version(),
        "processor": processor(),
        "system": f"{platform.system()}, {library}" if library else platform.system(),
        "arithmetic": "common to the family" if arithmetic.COMMON else "the processor's own",
    }


def processor() -> str:
    """``x86_64-v3``: the machine, and of an x86-64 under Linux the level."""
    machine = platform.machine()
    if machine != "x86_64":
        return machine
    try:
        with Path("/proc/cpuinfo").open(encoding="ascii", errors="replace") as lines:
            flags = set(next((line for line in lines if line.startswith("flags")), "").split())
    except OSError:
        return machine
    return next((f"{machine}-{level}" for level, needed in _LEVELS if needed <= flags), machine)


def _system_libraries() -> dict[str, str]:
    """The libraries by which notes are set and drawn; ``absent`` if the loader does not find one."""
    return {library.name: _version(library) for library in (*LIBRARIES, FREETYPE) if library.name in _ASK}


def _version(requirement: Requirement) -> str:
    library = requirement.loaded()
    if library is None:
        return "absent"
    try:
        return _ASK[requirement.name](library)
    except AttributeError:
        return "present"


def _text(function: str) -> Callable[[ctypes.CDLL], str]:
    """Asks a function without parameters that returns the version as text."""

    def ask(library: ctypes.CDLL) -> str:
        call = getattr(library, function)
        call.restype = ctypes.c_char_p
        return str(call().decode())

    return ask


def _freetype(library: ctypes.CDLL) -> str:
    handle, parts = ctypes.c_void_p(), [ctypes.c_int() for _ in range(3)]
    if library.FT_Init_FreeType(ctypes.byref(handle)):
        return "present"
    library.FT_Library_Version(handle, *map(ctypes.byref, parts))
    library.FT_Done_FreeType(handle)
    return ".".join(str(part.value) for part in parts)


def _fontconfig(library: ctypes.CDLL) -> str:
    number = int(library.FcGetVersion())
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


_ASK: Mapping[str, Callable[[ctypes.CDLL], str]] = {
    "Pango": _text("pango_version_string"),
    "HarfBuzz": _text("hb_version_string"),
    "HarfBuzz-Subset": lambda _: "present",
    "FreeType": _freetype,
    "Fontconfig": _fontconfig,
}
"""Library → how it is asked for its version."""
