"""An edition → the pages of the Quarto project in the user's folder: what ``quarto render`` and ``quarto preview`` read there.

Files are compared and written one by one, not swapped as folders: a preview watches them, and renders those again that have changed.
A file in each folder names what is ours in it; a folder without one is the user's, and is left alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from npl_report.load.project import Project
from npl_report.model import InputError, Language, Problem
from npl_report.publish.build import Options, Say, chosen_edition
from npl_report.publish.fingerprint import code_hash, digest, fingerprint, input_hashes, library_versions
from npl_report.publish.output import building, keep
from npl_report.publish.shelf.folder import earlier_than

MARKER = ".npl-report.json"
"""Names the files of ours in a folder, and what they were made of."""
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


def prepare(project: Project, options: Options, say: Say) -> Prepared:
    """Bring the generated folders up to date; raise InputError with all problems, the folders as they were."""
    edition = chosen_edition(project, options)
    folders = (*edition.languages, *_SHARED)
    _refuse_foreign(project, folders)
    earlier = earlier_than(project.site, edition)
    settings = {"edition": edition.id, "languages": edition.languages, "pdf": options.pdf, "earlier": [(item.folder, item.sha256) for item in earlier], "for": "quarto"}
    mark = fingerprint(input_hashes(project.root), code_hash(), library_versions(), settings)
    pages = _standing(project, folders, mark)
    if pages is not None:
        return Prepared(edition.id, folders, pages, 0, 0)
    from npl_report.present.looks import Looks
    from npl_report.publish.gather import gather
    from npl_report.publish.quarto.engine import series_titles
    from npl_report.publish.quarto.project import check_titles, read_config, sources

    config = read_config(project, edition.languages)
    with building(project.build):
        gathered = gather(project, edition, options, say, earlier=earlier)
        titles = series_titles(gathered.pages)
        check_titles(config, titles)
        files = sources(gathered.pages, Looks(project.templates))
        files |= {path: data for path, data in gathered.files.items() if path.startswith(tuple(f"{folder}/" for folder in _SHARED)) or path.endswith("/note.pdf")}
        _refuse_foreign(project, folders)
        say(f"compare {len(files)} files")
        written = removed = 0
        for folder in folders:
            own = {path.removeprefix(f"{folder}/"): data for path, data in files.items() if path.startswith(f"{folder}/")}
            more, less = _update(project.root / folder, own | _UNVERSIONED, mark)
            written, removed = written + more, removed + less
    return Prepared(edition.id, folders, len(gathered.pages), written, removed)


def _refuse_foreign(project: Project, folders: Iterable[str]) -> None:
    """A folder that holds something and not our marker was made by somebody else."""
    problems = []
    for name in folders:
        place = project.root / name
        if place.is_symlink() or (place.exists() and not place.is_dir()) or (place.is_dir() and any(place.iterdir()) and _marked(place) is None):
            rule = "npl-report prepare writes here, and this was not made by it; nothing is overwritten"
            problems.append(Problem(name, rule=rule, fix="rename it or take it away"))
    if problems:
        raise InputError(problems)


def _marked(place: Path) -> Mapping[str, Any] | None:
    """What the marker of a folder says; None without one of ours."""
    try:
        said: dict[str, Any] = json.loads((place / MARKER).read_bytes())
        inside = all(".." not in Path(path).parts and not Path(path).is_absolute() for path in dict(said["files"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return said if inside else None


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


def _update(place: Path, files: Mapping[str, bytes], mark: str) -> tuple[int, int]:
    """Write what differs, remove what is ours and no longer there; (written, removed). Files of others in the folder stay."""
    sums = {path: digest(data) for path, data in sorted(files.items())}
    before = dict((_marked(place) or {"files": {}})["files"])
    _mark(place, before | sums, "")  # a run that is stopped now owns both
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
    _mark(place, sums, mark)
    return written, removed


def _mark(place: Path, sums: Mapping[str, str], mark: str) -> None:
    keep(place / MARKER, (json.dumps({"made by": "npl-report prepare", "fingerprint": mark, "files": dict(sums)}, indent=1, sort_keys=True) + "\n").encode())
