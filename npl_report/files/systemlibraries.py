"""What WeasyPrint loads from the system → what of it is missing, what follows, and the command that installs it."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from npl_report.model.errors import Problem

_OLDEST_SUBSET = (4, 1, 0)
"""The first HarfBuzz whose subsetter WeasyPrint calls (``weasyprint.pdf.fonts.Font.subset``)."""

_SUDO = "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "


@dataclass(frozen=True)
class Requirement:
    """One thing that the system brings, such as a library that WeasyPrint loads (``weasyprint.text.ffi``).

    ``files`` are its names for the loaders of Linux, macOS and Windows. ``apt``, ``dnf`` and ``brew`` are packages: of
    a name that no release of Debian or Ubuntu has changed, so GObject comes with Pango. Without one that is not
    ``needed`` a note is printed all the same.
    """

    name: str
    files: tuple[str, ...]
    apt: str
    dnf: str
    brew: str = "pango"
    needed: bool = True

    def loaded(self) -> ctypes.CDLL | None:
        """The library, if the loader finds it."""
        for file in self.files:
            try:
                return ctypes.CDLL(file)
            except OSError:
                continue
        return None


HARFBUZZ = Requirement(
    "HarfBuzz", ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"), "libharfbuzz0b", "harfbuzz"
)
SUBSET = Requirement(
    "HarfBuzz-Subset",
    ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll"),
    "libharfbuzz-subset0",
    "harfbuzz",
    needed=False,
)
LIBRARIES = (
    Requirement(
        "GObject", ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll"), "libpango-1.0-0", "pango"
    ),
    Requirement("Pango", ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"), "libpango-1.0-0", "pango"),
    HARFBUZZ,
    SUBSET,
    Requirement(
        "Fontconfig",
        ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"),
        "libfontconfig1",
        "fontconfig",
    ),
    Requirement(
        "PangoFT2",
        ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
        "libpangoft2-1.0-0",
        "pango",
    ),
)
"""All that WeasyPrint loads, but for what draws coloured emoji, of which a note has none."""

FREETYPE = Requirement(
    "FreeType", ("libfreetype.so.6", "libfreetype.6.dylib", "libfreetype-6.dll"), "libfreetype6", "freetype", "freetype"
)
"""What Pango loads in turn, by which glyphs are measured."""


def missing() -> tuple[Requirement, ...]:
    """Those that the loader does not find. On Windows none: there WeasyPrint looks in folders of its own."""
    return () if os.name == "nt" else tuple(library for library in LIBRARIES if not library.loaded())


def command(wanted: Sequence[Requirement]) -> str:
    """The command that installs them on this system, as the user types it."""
    if shutil.which("apt-get"):
        return f"{_SUDO}apt-get install --no-install-recommends {_list(item.apt for item in wanted)}"
    if shutil.which("dnf"):
        return f"{_SUDO}dnf install {_list(item.dnf for item in wanted)}"
    if shutil.which("brew"):
        found = 'if they are not found then: export DYLD_FALLBACK_LIBRARY_PATH="$(brew --prefix)/lib"'
        return f"brew install {_list(item.brew for item in wanted)}; {found}"
    return f"install with the system's package manager: {_list(item.name for item in wanted)}"


def slower() -> Problem | None:
    """Why notes are printed more slowly than they could be, and what mends it; none where they are not."""
    instead = "so fontTools cuts the fonts of the notes, which is slower"
    if SUBSET in missing():
        return Problem(SUBSET.name, rule=f"is not installed, {instead}", fix=command([SUBSET]))
    if old := _too_old():
        oldest = ".".join(map(str, _OLDEST_SUBSET))
        return Problem(
            SUBSET.name,
            rule=f"HarfBuzz {old} is older than {oldest}, {instead}",
            fix="use a newer release of the system",
        )
    return None


def _too_old() -> str:
    """The version of HarfBuzz, if WeasyPrint does not call its subsetter."""
    harfbuzz = HARFBUZZ.loaded()
    if harfbuzz is None or harfbuzz.hb_version_atleast(*_OLDEST_SUBSET):
        return ""
    harfbuzz.hb_version_string.restype = ctypes.c_char_p
    return str(harfbuzz.hb_version_string().decode())


def _list(names: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(names))
