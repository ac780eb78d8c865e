"""``inputs.zip``: the recorded inputs of a published edition, from which it can be built again.

Restricted inputs are not in it: they are looked for by their hashes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path, PurePosixPath

from npl_report.editions.folder import INPUTS, Published, earlier_than, recorded_file
from npl_report.files.hashing import digest
from npl_report.files.owned import CODE, WORDS
from npl_report.files.writing import zipped
from npl_report.load.brand import FILE as BRAND
from npl_report.load.brand import QUARTO
from npl_report.load.project import Project
from npl_report.model import Edition, InputError, Problem

_PARTS = frozenset({"data", "report", "templates", *CODE, WORDS, BRAND, QUARTO})
"""Folders of a project in which inputs lie, and files beside them."""
_LOGOS = frozenset({".svg", ".png"})
"""A logo may lie anywhere in the project."""


def archive(project: Project, inputs: Mapping[str, str], restricted: Mapping[str, str]) -> bytes:
    """The ZIP of the inputs (path in the project → hash) but the restricted ones.

    InputError if an input has changed since it was hashed, which was before the build.
    """
    files = {path: (project.root / path).read_bytes() for path in inputs}
    if changed := [
        Problem(path, rule="was changed while the edition was built", fix="publish again")
        for path, data in files.items()
        if digest(data) != inputs[path]
    ]:
        raise InputError(changed)
    return zipped({path: data for path, data in files.items() if path not in restricted})


def restore(item: Published, root: Path) -> None:
    """Write the inputs of an edition: those of the archive, and the restricted ones that were found.

    ValueError for a name that is no input's.
    """
    unpack(recorded_file(item, INPUTS), root)
    for path, place in item.found.items():
        _write(root, path, place.read_bytes())


def unpack(data: bytes, root: Path) -> None:
    """Unpack recorded inputs; ValueError for a name that leads out of the folder."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            _write(root, name, archive.read(name))


def _write(root: Path, name: str, data: bytes) -> None:
    path = PurePosixPath(name)
    outside = path.is_absolute() or ".." in path.parts or not path.parts
    if outside or (path.parts[0] not in _PARTS and path.suffix.lower() not in _LOGOS):
        raise ValueError(f"the name {name} is no input")
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def with_restricted(item: Published, root: Path, folders: Sequence[Path] = ()) -> Published:
    """The edition with those of its restricted inputs that are found.

    They are found by their hashes, in the project or in one of the folders.
    """
    places = {
        path: next(
            (
                place
                for place in _places(path, root, folders)
                if place.is_file() and digest(place.read_bytes()) == sha256
            ),
            None,
        )
        for path, sha256 in item.restricted.items()
    }
    return replace(item, found={path: place for path, place in places.items() if place})


def known_to(project: Project, edition: Edition, folders: Sequence[Path]) -> list[Published]:
    """The editions that a reader of this one may know, as ``earlier_than``.

    The last with its restricted inputs, from which the causes of changes are computed, if they are found.
    """
    check_folders(folders)
    earlier = earlier_than(project.site, edition)
    return [*earlier[:-1], *(with_restricted(item, project.root, folders) for item in earlier[-1:])]


def _places(path: str, root: Path, folders: Sequence[Path]) -> Iterator[Path]:
    """Where a restricted file may be: where it was, or anywhere in one of the folders under its name."""
    yield root / path
    for folder in folders:
        yield folder / path
        yield from sorted(folder.rglob(PurePosixPath(path).name))


def lacking(item: Published) -> list[Problem]:
    """A problem for every restricted input that was not found."""
    shown = f"{item.site.name}/{item.folder}/{INPUTS}"
    return [
        Problem(
            shown,
            value=path,
            rule=f"is restricted, and not archived: needed is the file whose SHA-256 is {sha256}",
            fix="name the folder that holds it: --with FOLDER",
        )
        for path, sha256 in item.restricted.items()
        if path not in item.found
    ]


def check_folders(folders: Sequence[Path]) -> None:
    """InputError for a folder that is not there."""
    if absent := [
        Problem(
            "--with",
            value=str(folder),
            rule="there is no such folder",
            fix="name the folder that holds the restricted files",
        )
        for folder in folders
        if not folder.is_dir()
    ]:
        raise InputError(absent)
