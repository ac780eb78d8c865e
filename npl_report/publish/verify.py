"""``verify``: what stands in ``site/`` against its own hashes, and against what its recorded inputs give."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from npl_report.build.job import Options
from npl_report.editions.archive import check_folders, lacking, restore, with_restricted
from npl_report.editions.fingerprint import code_hash
from npl_report.editions.folder import INPUTS, LEDGER, Published, folders, ledger, read_published, unlisted
from npl_report.files.environment import differences, environment
from npl_report.files.hashing import digest
from npl_report.files.manifest import Manifest
from npl_report.files.owned import CODE, owned_by, taken
from npl_report.files.writing import MANIFEST, SUMS, sums
from npl_report.load.project import Project
from npl_report.model import InputError, Problem
from npl_report.model.progress import Progress
from npl_report.publish.figures import same_figures

_RESTORE = "restore the file from a copy of the site"
_PROCESSOR = {"processor", "system", "arithmetic"}
"""Entries of the environment that tell what figures are computed on, and not by what."""


def verify(
    project: Project,
    wanted: Sequence[str],
    progress: Progress,
    *,
    rebuild: bool,
    jobs: int,
    beside: Sequence[Path] = (),
    own_code: bool = False,
) -> dict[str, Any]:
    """Count what was verified; InputError with every difference.

    ``wanted``: folders in ``site/``; all if it is empty. ``beside``: folders with restricted files, for a rebuild.
    ``own_code``: run tables and charts that an edition has recorded, also where they are not those of the project.

    ``notes``, where there are any, say of an edition why a rebuild here gives the same figures in other bytes, which is
    no fault of the edition.
    """
    check_folders(beside)
    site, listed = project.site, _listed(project.site, wanted)
    problems = [] if wanted else list(_root(project, listed))
    files = 0
    sound: list[Published] = []
    for folder in wanted or sorted(listed):
        progress(f"verify {folder}")
        found = list(_edition(site, folder, listed[folder]))
        problems += found
        published = read_published(site, folder)
        if published is not None and not found:
            files += len(published.manifest.outputs)
            sound.append(published)
    notes: list[str] = []
    again = _Again(progress, jobs, beside, None if own_code else owned_by(project.root).code)
    for published in sound if rebuild else ():
        problems += _rebuilt(project, published, again, notes)
    if problems:
        raise InputError(problems)
    counts = {"editions": len(sound), "files": files, "rebuilt": len(sound) if rebuild else 0}
    return {**counts, "notes": notes} if notes else counts


def _listed(site: Path, wanted: Sequence[str]) -> dict[str, str]:
    """The ledger of ``site/``; InputError if it is empty, or lacks what is wanted."""
    listed = ledger(site)
    if not listed and not folders(site):
        fix = "publish an edition: npl-report publish EDITION"
        raise InputError([Problem(site.name, rule="nothing is published", fix=fix)])
    if strangers := [name for name in wanted if name not in listed]:
        rule, fix = "no such edition is published", f"published: {', '.join(listed)}"
        raise InputError([Problem(site.name, value=", ".join(strangers), rule=rule, fix=fix)])
    return listed


def sound(project: Project, folder: str, progress: Progress) -> Published:
    """A published edition, every file as its hashes say; InputError with every difference."""
    verify(project, [folder], progress, rebuild=False, jobs=1)
    published = read_published(project.site, folder)
    if published is None:
        raise InputError(
            [Problem(f"{project.site.name}/{folder}/{MANIFEST}", rule="is missing or damaged", fix=_RESTORE)]
        )
    return published


def _root(project: Project, listed: dict[str, str]) -> Iterator[Problem]:
    """What does not belong into ``site/``, and root files that are not what the editions give."""
    site = project.site
    for path in sorted(site.iterdir()):
        if path.is_symlink():
            yield Problem(
                f"{site.name}/{path.name}",
                rule="is a link to another place",
                fix="remove the link; published files must lie in the folder itself",
            )
    waiting = unlisted(site)
    for folder in folders(site):
        if folder in waiting:
            yield Problem(
                f"{site.name}/{folder}",
                rule=f"is whole, but not in {LEDGER}: a publish was stopped",
                fix="publish any edition, or run npl-report publish --mend: it is listed then",
            )
        elif folder not in listed:
            yield Problem(
                f"{site.name}/{folder}",
                rule=f"is not in {LEDGER}",
                fix="remove the folder, or restore the ledger from a copy",
            )
    known = [item for folder in listed if (item := read_published(site, folder)) and item.sha256 == listed[folder]]
    if len(known) < len(listed):
        return  # told edition by edition
    from npl_report.present.templates import Templates
    from npl_report.site.root import root_files

    for name, data in root_files(sorted(known, key=lambda item: item.place), Templates(project.templates)).items():
        place = site / name
        if not place.is_file() or place.read_bytes() != data:
            rule = "is missing" if not place.is_file() else "is not what the editions give"
            yield Problem(
                f"{site.name}/{name}", rule=rule, fix="npl-report publish --mend writes it again from the manifests"
            )


def _edition(site: Path, folder: str, sha256: str) -> Iterator[Problem]:
    """Every file of an edition that is missing, added or changed."""
    place, shown = site / folder, f"{site.name}/{folder}"
    if place.is_symlink():
        yield Problem(
            shown, rule="is a link to another place", fix="remove the link and restore the folder from a copy"
        )
        return
    if not place.is_dir():
        yield Problem(shown, rule="the edition is missing", fix="restore the folder from a copy of the site")
        return
    published = read_published(site, folder)
    if published is None:
        yield Problem(f"{shown}/{MANIFEST}", rule="is missing or damaged", fix=_RESTORE)
        return
    if published.sha256 != sha256:
        yield Problem(f"{shown}/{MANIFEST}", rule=f"is not the manifest that {LEDGER} names", fix=_RESTORE)
    outputs = published.manifest.outputs
    if not (place / SUMS).is_file() or (place / SUMS).read_bytes() != sums(outputs, (place / MANIFEST).read_bytes()):
        yield Problem(f"{shown}/{SUMS}", rule="does not agree with the manifest", fix=_RESTORE)
    there = set()
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        if path.is_symlink():
            yield Problem(
                f"{shown}/{name}",
                rule="is a link to another place",
                fix="remove the link and restore the file from a copy",
            )
            there.add(name)
        elif path.is_file() and name not in (MANIFEST, SUMS):
            there.add(name)
            if name not in outputs:
                yield Problem(f"{shown}/{name}", rule="was not published", fix="remove the file")
            elif digest(path.read_bytes()) != outputs[name]:
                yield Problem(f"{shown}/{name}", rule="was changed since it was published", fix=_RESTORE)
    for name in sorted(set(outputs) - there):
        yield Problem(f"{shown}/{name}", rule="is missing", fix=_RESTORE)


@dataclass(frozen=True)
class _Again:
    """How editions are built again: where restricted files are, and the hash of tables and charts that may be run.

    ``trusted`` is None if any may.
    """

    progress: Progress
    jobs: int
    beside: Sequence[Path]
    trusted: str | None


def _rebuilt(project: Project, published: Published, again: _Again, notes: list[str]) -> Iterator[Problem]:
    """Build the edition from its recorded inputs in a folder of its own and compare every file.

    Where only the bytes differ, and why is known, ``notes`` get it.
    """
    site, manifest = project.site, published.manifest
    shown = f"{site.name}/{published.folder}"
    again.progress(f"build {published.folder} again from its recorded inputs")
    published = with_restricted(published, project.root, again.beside)
    earlier, problems = _earlier(project, published, again.beside)
    problems += lacking(published)
    if problems:
        yield from problems
        return
    files = _built_again(published, f"{shown}/{INPUTS}", again, earlier)
    if isinstance(files, Problem):
        yield files
        return
    files[INPUTS] = (site / published.folder / INPUTS).read_bytes()
    outputs = manifest.outputs
    different = [
        path
        for path in sorted(set(outputs) | set(files))
        if path not in files or path not in outputs or digest(files[path]) != outputs[path]
    ]
    if different and (note := _other_bytes(site / published.folder, manifest, files, different)):
        notes.append(f"{shown}: {note}")
        return
    fix = _otherwise(manifest) or "the published file or the program is at fault; please report it"
    missing, extra = (
        "does not come out of the recorded inputs",
        "comes out of the recorded inputs, but was not published",
    )
    for path in different:
        yield Problem(f"{shown}/{path}", rule=missing if path in outputs else extra, fix=fix)


def _built_again(
    published: Published, shown: str, again: _Again, earlier: Sequence[Published]
) -> dict[str, bytes] | Problem:
    """The files that the recorded inputs of an edition give, or why they give none; ``shown`` names these inputs.

    Tables and charts among them are run if they may be.
    """
    from npl_report.build.assembly import gather
    from npl_report.load.project import read_edition

    with tempfile.TemporaryDirectory(prefix="npl-verify-") as scratch:
        copy = Project(Path(scratch) / "project")
        try:
            restore(published, copy.root)
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            return Problem(shown, rule=f"cannot be unpacked: {error}", fix=_RESTORE)
        own = owned_by(copy.root)
        if own.code and again.trusted not in (None, own.code):
            rule = "holds tables or charts of its own that are not those of the project: code, which is not run unasked"
            return Problem(shown, rule=rule, fix=f"read {', '.join(CODE)} in it, and then give --own-code")
        try:
            with taken(own):
                edition = read_edition(copy, published.manifest.edition)
                options = Options(edition=edition.id, jobs=again.jobs)
                files = gather(copy, edition, options, again.progress, archived=True, earlier=earlier).files
                return dict(files)  # read while they are there
        except InputError as error:
            first = str(replace(error.problems[0], fix=""))
            fix = _otherwise(published.manifest) or "please report it"
            return Problem(shown, rule=f"the program does not build these inputs any more: {first}", fix=fix)


def _earlier(project: Project, published: Published, beside: Sequence[Path]) -> tuple[list[Published], list[Problem]]:
    """The editions that a published one compares itself with, as they were then, and what is wrong with them.

    Restricted files of the last are needed if its changes were attributed to causes then, and otherwise left alone.
    """
    found: list[Published] = []
    problems: list[Problem] = []
    for folder, sha256 in published.manifest.earlier:
        problems += _edition(project.site, folder, sha256)
        item = read_published(project.site, folder)
        if item is not None and folder in published.manifest.causes:
            item = with_restricted(item, project.root, beside)
            problems += lacking(item)
        if item is not None:
            found.append(item)
    return found, problems


def _other_bytes(place: Path, manifest: Manifest, files: Mapping[str, bytes], different: Sequence[str]) -> str:
    """What to say of files that differ where the same program gives the same figures in another environment.

    It is empty if that is not so.
    """
    changed = differences(manifest.environment, environment())
    outputs = manifest.outputs
    if not changed or manifest.code != code_hash() or outputs.keys() != files.keys():
        return ""
    if not same_figures(
        {path: (place / path).read_bytes() for path in different}, {path: files[path] for path in different}
    ):
        return ""
    names = {name.partition(" ")[0] for name in changed}
    other = "another processor" if names <= _PROCESSOR else "other libraries"
    return (
        f"the same figures to 10 digits, other bytes in {len(different)} of {len(files)} files: {other}; "
        f"it was made with {', '.join(changed)}, and with the same it is verified byte for byte"
    )


def _otherwise(manifest: Manifest) -> str:
    """Why a rebuild may differ: another program or another environment than those of the manifest."""
    changed = differences(manifest.environment, environment())
    if manifest.code != code_hash():
        changed.insert(0, f"npl-report {manifest.npl_report} at another state of its code")
    return f"the edition was made with {', '.join(changed)}: verify with the same" if changed else ""
