"""An edition → the pages of the Quarto project in the user's folder.

``quarto render`` and ``quarto preview`` read them there. Files are compared and written one by one, not swapped as
folders: a preview watches them, and renders those again that have changed. A file in each folder names what is ours in
it; a folder without one is the user's, and is left alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from npl_report.build.job import Options, chosen_edition
from npl_report.editions.archive import known_to
from npl_report.editions.fingerprint import code_hash, fingerprint, input_hashes
from npl_report.files.environment import environment
from npl_report.files.hashing import digest
from npl_report.files.writing import building, keep
from npl_report.load.project import Project
from npl_report.model import InputError, Language, Problem
from npl_report.model.progress import Progress

MARKER = ".npl-report.json"
"""Names the files of ours in a folder, and what they were made of."""
WAIT = 120.0
"""Seconds that Quarto's pre-render step waits for another that prepares: two renders may begin at once."""
_SHARED = ("assets", "downloads")
_UNVERSIONED = {".gitignore": b"*\n"}
"""Keeps a generated folder out of git, wherever the project stands."""


@dataclass(frozen=True)
class Prepared:
    """What was prepared; ``written`` and ``removed`` count files."""

    edition: str
    folders: tuple[str, ...]
    pages: int
    written: int
    removed: int


def profile_languages(project: Project) -> tuple[Language, ...]:
    """The languages of the profiles that Quarto renders, where it calls us."""
    profiles = os.environ.get("QUARTO_PROFILE", "").replace(",", " ").split()
    return tuple(name for name in profiles if name in project.languages)


def is_hook() -> bool:
    """Whether Quarto calls us before it renders."""
    return bool(os.environ.get("QUARTO_PROJECT_DIR"))


def recorded(project: Project, languages: Iterable[Language]) -> tuple[str | None, bool]:
    """The edition that the folders of these languages (or else of all) were prepared for, and whether with PDF notes.

    (None, False) if they were not. Quarto's pre-render step knows nothing else of what the user has chosen before.
    """
    for language in tuple(languages) or project.languages:
        said = _marked(project.root / language)
        if said and said.get("edition") in project.editions:
            return str(said["edition"]), said.get("pdf") is True
    return None, False


def prepare(project: Project, options: Options, progress: Progress, wait: float = 0) -> Prepared:
    """Bring the generated folders up to date; raise InputError with all problems, the folders as they were.

    ``wait``: seconds to wait for another that writes.
    """
    edition = chosen_edition(project, options)
    folders = (*edition.languages, *_SHARED)
    _refuse_foreign(project, folders)
    earlier = known_to(project, edition, options.beside)
    known = [(item.folder, item.sha256, item.at_hand) for item in earlier]
    facts = {"edition": edition.id, "pdf": options.pdf}
    settings = {**facts, "languages": edition.languages, "earlier": known, "for": "quarto"}
    mark = fingerprint(input_hashes(project, edition), code_hash(), environment(), settings)
    pages = _standing(project, folders, mark)
    if pages is not None:
        return Prepared(edition.id, folders, pages, 0, 0)
    from npl_report.build.assembly import gather
    from npl_report.engines.quarto.engine import series_titles
    from npl_report.engines.quarto.project import check_titles, read_config, sources
    from npl_report.present.templates import Templates

    config = read_config(project, edition.languages)
    with building(project.build, wait):
        pages = _standing(project, folders, mark)  # another may have just prepared the same
        if pages is not None:
            return Prepared(edition.id, folders, pages, 0, 0)
        gathered = gather(project, edition, options, progress, pages=True, earlier=earlier)
        check_titles(config, series_titles(gathered.pages))
        files = sources(gathered.pages, Templates(project.templates)) | _beside_pages(gathered.files)
        _refuse_foreign(project, folders)
        by_folder = {folder: _within(folder, files) | _UNVERSIONED for folder in folders}
        _refuse_overwriting(project, by_folder)
        progress(f"compare {len(files)} files")
        counts = [_update(project.root / folder, own, facts, mark) for folder, own in by_folder.items()]
        written, removed = sum(count for count, _ in counts), sum(count for _, count in counts)
    return Prepared(edition.id, folders, len(gathered.pages), written, removed)


def _beside_pages(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Of an edition's files those that pages lead to and Quarto does not make: shared folders and notes."""
    shared = tuple(f"{folder}/" for folder in _SHARED)
    return {path: data for path, data in files.items() if path.startswith(shared) or path.endswith("/note.pdf")}


def _within(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a folder, by their paths in it."""
    start = f"{folder}/"
    return {path.removeprefix(start): data for path, data in files.items() if path.startswith(start)}


def _refuse_foreign(project: Project, folders: Iterable[str]) -> None:
    """A folder that holds something and not our marker was made by somebody else."""
    problems = []
    for name in folders:
        place = project.root / name
        if (
            place.is_symlink()
            or (place.exists() and not place.is_dir())
            or (place.is_dir() and any(place.iterdir()) and _marked(place) is None)
        ):
            rule = "npl-report prepare writes here, and this was not made by it; nothing is overwritten"
            problems.append(Problem(name, rule=rule, fix="rename it or take it away"))
    if problems:
        raise InputError(problems)


def _refuse_overwriting(project: Project, by_folder: Mapping[str, Mapping[str, bytes]]) -> None:
    """Somebody else's is a file where one of ours would stand, neither named by the marker nor the same."""
    problems = []
    for name, files in by_folder.items():
        named = (_marked(project.root / name) or {"files": {}})["files"]
        for path, data in files.items():
            target = project.root / name / path
            there = target.exists() or target.is_symlink()
            if (
                there
                and path not in named
                and (target.is_symlink() or not target.is_file() or target.read_bytes() != data)
            ):
                rule = (
                    "npl-report prepare writes a file of this name, and this one was not made by it; "
                    "nothing is overwritten"
                )
                problems.append(Problem(f"{name}/{path}", rule=rule, fix="rename it or take it away"))
    if problems:
        raise InputError(problems)


def _marked(place: Path) -> Mapping[str, Any] | None:
    """What the marker of a folder says; None without one of ours."""
    try:
        said = json.loads((place / MARKER).read_bytes())
    except (OSError, ValueError):
        return None
    files = said.get("files") if isinstance(said, dict) else None
    if not isinstance(files, dict) or any(".." in Path(path).parts or Path(path).is_absolute() for path in files):
        return None
    return dict(said)


def _standing(project: Project, folders: Iterable[str], mark: str) -> int | None:
    """The number of pages if every folder is as it was prepared from the same; None otherwise."""
    pages = 0
    for name in folders:
        place = project.root / name
        said = _marked(place)
        if said is None or said.get("fingerprint") != mark:
            return None
        try:
            if any(digest((place / path).read_bytes()) != sum_ for path, sum_ in said["files"].items()):
                return None
        except OSError:
            return None
        pages += sum(str(path).endswith(".qmd") for path in said["files"])
    return pages


def _update(place: Path, files: Mapping[str, bytes], facts: Mapping[str, object], mark: str) -> tuple[int, int]:
    """Write what differs, remove what is ours and no longer there; (written, removed).

    Files of others in the folder stay.
    """
    sums = {path: digest(data) for path, data in sorted(files.items())}
    before = dict((_marked(place) or {"files": {}})["files"])
    _mark(place, before | sums, facts, "")  # a run that is stopped now owns both
    written = removed = 0
    for path, data in files.items():
        target = place / path
        if not target.is_file() or target.read_bytes() != data:
            keep(target, data)
            written += 1
    for path in before.keys() - sums.keys():
        target = place / path
        if target.is_file():
            target.unlink()
            removed += 1
        if target.parent != place and target.parent.is_dir() and not any(target.parent.iterdir()):
            target.parent.rmdir()
    _mark(place, sums, facts, mark)
    return written, removed


def _mark(place: Path, sums: Mapping[str, str], facts: Mapping[str, object], mark: str) -> None:
    said = {"made by": "npl-report prepare", **facts, "fingerprint": mark, "files": dict(sums)}
    keep(place / MARKER, (json.dumps(said, indent=1, sort_keys=True) + "\n").encode())
