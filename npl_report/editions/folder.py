"""What stands in ``site/``: one folder an edition and revision, and the ledger that names them.

Each folder is whole or not there. The ledger (``editions.json``) holds the hash of every manifest, and a manifest the
hash of every file, so that a change of any of them is found. The other files at the root are made from the manifests
alone, and can be made again at any time.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from npl_report.files.hashing import digest
from npl_report.files.manifest import Manifest, read_manifest
from npl_report.files.writing import MANIFEST, building, keep, standing
from npl_report.load.project import LATEST, NAME_RULE, is_edition_name
from npl_report.model import Edition, InputError, Problem

LEDGER = "editions.json"
INPUTS = "inputs.zip"
"""The inputs of an edition, in its folder: from them it can be built again."""


def folder_of(edition: str, revision: int) -> str:
    """Name of the folder of an edition's revision: ``2020-03``, ``2020-03-r2``.

    InputError for a name that is no plain name.
    """
    if not is_edition_name(edition):
        raise InputError(
            [Problem("edition", value=edition, rule=NAME_RULE, fix="name an edition of report/editions, as in 2020-03")]
        )
    return edition if revision == 1 else f"{edition}-r{revision}"


@dataclass(frozen=True)
class Published:
    """A published edition: the folder ``site/`` and its own in it, its manifest, and the hash of the manifest's file.

    ``found``: where its restricted inputs are, by path.
    """

    site: Path
    folder: str
    manifest: Manifest
    sha256: str
    found: Mapping[str, Path] = field(default_factory=dict)

    @property
    def restricted(self) -> Mapping[str, str]:
        """Inputs that may not be published (path in the project → hash): they are not in the archive."""
        return self.manifest.restricted

    @property
    def at_hand(self) -> bool:
        """Whether it has restricted inputs, and all of them were found."""
        return bool(self.restricted) and self.restricted.keys() == self.found.keys()

    @property
    def place(self) -> tuple[str, str, int]:
        """Its place in the series: by as-of date, id and revision."""
        return self.manifest.as_of, self.manifest.edition, self.manifest.revision


def ledger(site: Path) -> dict[str, str]:
    """Folder → hash of its manifest, as the ledger has it; nothing if nothing is published.

    InputError if it cannot be read.
    """
    path = site / LEDGER
    if not path.exists():
        return {}
    try:
        return {str(item["folder"]): str(item["manifest_sha256"]) for item in json.loads(path.read_bytes())["editions"]}
    except (ValueError, KeyError, TypeError):
        fix = "restore it from a copy of the site; npl-report verify says what else differs"
        raise InputError(
            [Problem(f"{site.name}/{LEDGER}", rule="the ledger of editions is damaged", fix=fix)]
        ) from None


def folders(site: Path) -> list[str]:
    """Names of the folders that may hold editions."""
    if not site.is_dir():
        return []
    return sorted(
        path.name
        for path in site.iterdir()
        if path.is_dir() and not path.is_symlink() and not path.name.startswith(".") and path.name != LATEST
    )


def read_published(site: Path, folder: str) -> Published | None:
    """The edition in a folder; None if it has no manifest that can be read."""
    try:
        written = (site / folder / MANIFEST).read_bytes()
        manifest = read_manifest(written)
        found = Published(site, folder, manifest, digest(written))
        return found if folder_of(*found.place[1:]) == folder else None
    except (OSError, ValueError, KeyError, TypeError, InputError):
        return None


def published(site: Path) -> list[Published]:
    """The listed editions that are there, oldest first."""
    listed = ledger(site)
    found = (read_published(site, folder) for folder in folders(site) if folder in listed)
    return sorted((item for item in found if item is not None), key=lambda item: item.place)


def earlier_than(site: Path, edition: Edition) -> list[Published]:
    """The editions that a reader of this one may know.

    Each earlier edition's last revision, oldest first, then this one's former revisions, so that a revision is compared
    with what it revises.

    None is as of a later day than this one. InputError for a manifest that is not the one that was published.
    """
    mine = (edition.as_of.isoformat(), edition.id, edition.revision)
    there = [item for item in published(site) if item.place[0] <= mine[0]]
    listed = ledger(site)
    for item in there:
        if item.sha256 != listed[item.folder]:
            raise damaged(site, item.folder, MANIFEST, "is not the manifest that was published")
    last = {
        item.place[1]: item
        for item in sorted(there, key=lambda item: item.place[2])
        if item.place < mine and item.place[1] != edition.id
    }
    former = [item for item in there if item.place[1] == edition.id and item.place[2] < edition.revision]
    return [*sorted(last.values(), key=lambda item: item.place), *sorted(former, key=lambda item: item.place[2])]


def recorded_file(item: Published, path: str) -> bytes:
    """A file of a published edition as it was published; InputError if it is missing or was changed since."""
    place = item.site / item.folder / path
    data = place.read_bytes() if place.is_file() else b""
    if digest(data) != item.manifest.outputs.get(path):
        raise damaged(item.site, item.folder, path, "is missing, or was changed since it was published")
    return data


def damaged(site: Path, folder: str, path: str, rule: str) -> InputError:
    """What to raise for a published file that cannot be used."""
    return InputError(
        [
            Problem(
                f"{site.name}/{folder}/{path}",
                rule=rule,
                fix=(
                    f"restore the file from a copy of the site; npl-report verify {folder} names every file that "
                    "differs"
                ),
            )
        ]
    )


@contextmanager
def writing(site: Path) -> Iterator[None]:
    """One writer at a time.

    What a killed one left is put right first: half an edition goes, a whole one that is not listed yet is listed by the
    next root files.

    InputError for a link in place of a file or folder: what is written through it would land elsewhere.
    """
    for path in (site, site / ".lock", site / LEDGER, *site.glob(".new-*"), *site.glob(".old-*")):
        if path.is_symlink():
            fix = "remove the link; published files must lie in the folder itself"
            raise InputError(
                [
                    Problem(
                        f"{site.name}/{path.name}" if path != site else site.name,
                        rule="is a link to another place",
                        fix=fix,
                    )
                ]
            )
    with building(site):
        yield


def unlisted(site: Path) -> list[str]:
    """Whole editions that the ledger does not name: a publish was stopped between the two."""
    return [
        folder
        for folder in folders(site)
        if folder not in ledger(site) and read_published(site, folder) and standing(site / folder)
    ]


def write_root(site: Path, files: Mapping[str, bytes]) -> None:
    """Write the files at the root, each whole or not at all, the ledger first.

    Those that are as they should be stay.
    """
    for path in sorted(files, key=lambda path: (path != LEDGER, path)):
        place = site / path
        if place.is_symlink():
            place.unlink()
        if not place.is_file() or place.read_bytes() != files[path]:
            keep(place, files[path])


def remove(path: Path) -> None:
    """Remove a file, a link or a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
