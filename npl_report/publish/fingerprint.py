"""What a build depends on, as one hash: inputs, program, libraries. Needs no heavy import, so that an unchanged build is known at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import npl_report

LIBRARIES = (
    "altair", "fontTools", "fontpkg-source-serif-4", "jinja2", "numpy", "pandas", "pikepdf", "pillow", "pypandoc_binary", "pyyaml",
    "rinoh-typeface-notosanscjk", "uharfbuzz", "vl-convert-python", "weasyprint", "xlsxwriter", "ziamath",
)  # fmt: skip
"""Libraries whose version can change a byte of the output."""
QUARTO_FILES = ("_brand.yml", "_variables.yml")
"""What Quarto reads beside its configuration, where it is there."""

_SKIPPED = {"__pycache__", "reconstruction"}
"""Folders that are no input of a build: compiled code, and the program that made the sample."""


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def library_versions() -> dict[str, str]:
    """Installed versions; a missing library is named as such, and the command that needs it will say so."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found


def input_hashes(root: Path) -> dict[str, str]:
    """SHA-256 of every input file of a project, by path relative to it."""
    hashes = {}
    for folder in ("data", "report", "templates"):
        for path in _files(root / folder):
            hashes[path.relative_to(root).as_posix()] = digest(path.read_bytes())
    return hashes


def quarto_hashes(root: Path) -> dict[str, str]:
    """SHA-256 of the files beside data/, report/ and templates/ on which the pages of Quarto depend, by path relative to the project."""
    paths = [*root.glob("_quarto*.yml"), *(root / name for name in QUARTO_FILES if (root / name).is_file()), *_files(root / "_extensions")]
    return {path.relative_to(root).as_posix(): digest(path.read_bytes()) for path in sorted(paths)}


@cache
def code_hash() -> str:
    """One hash over the program's own files, as they were when it was first asked for."""
    root = Path(npl_report.__file__).parent
    return digest("".join(f"{path.relative_to(root).as_posix()}\0{digest(path.read_bytes())}\n" for path in _files(root)).encode())


def fingerprint(inputs: Mapping[str, str], code: str, libraries: Mapping[str, str], options: Mapping[str, object]) -> str:
    """The hash of all that decides the output."""
    return digest(repr((sorted(inputs.items()), code, sorted(libraries.items()), sorted(options.items()))).encode())


def _files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not _SKIPPED & set(path.relative_to(folder).parts) and not path.name.startswith((".", "~$")))
