"""What a build depends on, as one hash: inputs, program, environment.

Needs no heavy import, so that an unchanged build is known at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import npl_report
from npl_report.files.environment import Environment
from npl_report.files.hashing import digest
from npl_report.load.inputs import input_files, withheld_files
from npl_report.load.package import described
from npl_report.load.project import Project, read_series
from npl_report.load.tablefolders import table_keys
from npl_report.model import Edition

QUARTO_FILES = ("_brand.yml", "_variables.yml")
"""What Quarto reads beside its configuration, where it is there."""

_SKIPPED = {"__pycache__"}
"""Folders that are no input of a build: compiled code."""


def input_hashes(project: Project, edition: Edition) -> dict[str, str]:
    """SHA-256 of every file that a build of the edition may read, by path relative to the project.

    InputError for one that lies elsewhere.
    """
    files = input_files(project, edition, read_series(project, table_keys()).of(edition.id))
    return {path: digest((project.root / path).read_bytes()) for path in files}


def restricted_of(project: Project, inputs: Mapping[str, str]) -> dict[str, str]:
    """Of all inputs those that are neither archived nor published."""
    closed = withheld_files(project.data, described(project.data))
    return {path: inputs[path] for path in closed if path in inputs}


def quarto_hashes(root: Path) -> dict[str, str]:
    """SHA-256 of the files on which the pages of Quarto depend besides, by path in the project.

    They lie beside data/, report/ and templates/.
    """
    paths = [
        *root.glob("_quarto*.yml"),
        *(root / name for name in QUARTO_FILES if (root / name).is_file()),
        *_files(root / "_extensions"),
    ]
    return {path.relative_to(root).as_posix(): digest(path.read_bytes()) for path in sorted(paths)}


@cache
def code_hash() -> str:
    """One hash over the program's own files, as they were when first asked for; a project's tables are inputs."""
    root = Path(npl_report.__file__).parent
    lines = [f"{path.relative_to(root).as_posix()}\0{digest(path.read_bytes())}\n" for path in _files(root)]
    return digest("".join(lines).encode())


def fingerprint(inputs: Mapping[str, str], code: str, environment: Environment, options: Mapping[str, object]) -> str:
    """The hash of all that decides the output."""
    groups = [(group, sorted(versions.items())) for group, versions in sorted(environment.items())]
    return digest(repr((sorted(inputs.items()), code, groups, sorted(options.items()))).encode())


def _files(folder: Path) -> Iterable[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not _SKIPPED & set(path.relative_to(folder).parts)
        and not path.name.startswith((".", "~$"))
    )
