"""Names of editions → the two sides of a comparison.

A side is what ``site/`` holds, or the project's own state of what is not published.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from npl_report.compare.attribution import Side
from npl_report.editions.archive import check_folders, lacking, restore, with_restricted
from npl_report.editions.folder import INPUTS, Published, damaged, folder_of, ledger, read_published, recorded_file
from npl_report.files.writing import MANIFEST
from npl_report.load.data import Source, dataset, read_source
from npl_report.load.project import Project, read_edition, read_series
from npl_report.load.structure import check_cases
from npl_report.load.tablefolders import table_keys
from npl_report.model import Edition, InputError, Problem

_REVISION = re.compile(r"(.+)-r([1-9]\d*)")


class UnreadableInputsError(InputError):
    """The program does not read an earlier edition's inputs any more."""


def read_sides(project: Project, first: str, second: str, beside: Sequence[Path] = ()) -> tuple[Side, Side]:
    """The two editions, the older one first, whichever is named first; InputError for one that cannot be had.

    ``beside``: folders with restricted files of published ones.
    """
    check_folders(beside)
    if first == second:
        fix = (
            "name two editions; to see what the project would change in a published one, set revision = 2 in its "
            "file and compare it with that revision, as in 2020-03 2020-03-r2"
        )
        raise InputError([Problem("diff", value=first, rule="an edition is not compared with itself", fix=fix)])
    found = [
        published_side(with_restricted(_listed(project, name), project.root, beside))
        if name in ledger(project.site)
        else _own_edition(project, name)
        for name in (first, second)
    ]
    own = read_source(project.data) if any(isinstance(side, Edition) for side in found) else None
    old, new = sorted(
        (_own(project, side, own) if isinstance(side, Edition) else side for side in found), key=lambda side: side.place
    )
    return old, new


def _own_edition(project: Project, name: str) -> Edition:
    """The edition of report/editions that would be published in the folder ``name``."""
    parts = _REVISION.fullmatch(name)
    id_, revision = (name, 1) if name in project.editions or parts is None else (parts[1], int(parts[2]))
    if id_ not in project.editions:
        known = list(dict.fromkeys([*ledger(project.site), *project.editions]))
        near = get_close_matches(name, known, n=1)
        fix = (f"did you mean {near[0]}? " if near else "") + f"there are {', '.join(known) or 'none'}"
        raise InputError(
            [
                Problem(
                    "diff",
                    value=name,
                    rule="there is no such edition, neither in site/ nor in report/editions",
                    fix=fix,
                )
            ]
        )
    edition = read_edition(project, id_)
    if edition.revision != revision:
        rule = f"this revision is not published, and report/editions/{id_}.toml holds revision {edition.revision}"
        raise InputError(
            [
                Problem(
                    "diff",
                    value=name,
                    rule=rule,
                    fix=(
                        f"name {folder_of(edition.id, edition.revision)}, or a folder of site/: "
                        f"{', '.join(ledger(project.site)) or 'it holds none'}"
                    ),
                )
            ]
        )
    return edition


def _own(project: Project, edition: Edition, source: Source | None) -> Side:
    """The project's own state of an edition."""
    source = source or read_source(project.data)
    edition = source.reporting(edition)
    known = dataset(source, edition.as_of, edition.market)
    check_cases(edition, known.deals, known.forecasts)
    return Side(
        folder_of(edition.id, edition.revision),
        edition,
        source,
        read_series(project, table_keys()).of(edition.id).table_keys,
    )


def _listed(project: Project, name: str) -> Published:
    """The published edition of that folder, its manifest checked against the ledger."""
    item = read_published(project.site, name)
    if item is None or item.sha256 != ledger(project.site)[name]:
        raise damaged(project.site, name, MANIFEST, "is missing, or not the manifest that was published")
    return item


def recorded_tables(item: Published) -> dict[str, bytes]:
    """The JSON download of every table of a published edition, in its order.

    InputError for one that is missing or changed.
    """
    return {key: recorded_file(item, f"downloads/tables/{key}.json") for key in item.manifest.tables}


def published_side(item: Published) -> Side:
    """A published edition: the numbers that it recorded, and its inputs, each checked against its hash.

    UnreadableInputsError if the program does not read these any more, or restricted ones were not found.
    """
    recorded = recorded_tables(item)
    shown = f"{item.site.name}/{item.folder}/{INPUTS}"
    if absent := lacking(item):
        raise UnreadableInputsError(absent)
    with tempfile.TemporaryDirectory(prefix="npl-diff-") as scratch:
        then = Project(Path(scratch) / "project")
        try:
            restore(item, then.root)
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise damaged(item.site, item.folder, INPUTS, f"cannot be unpacked: {error}") from None
        try:
            edition, source = read_edition(then, item.place[1]), read_source(then.data)
        except InputError as error:
            first = str(replace(error.problems[0], fix=""))
            rule, fix = (
                f"the program does not read these inputs any more: {first}",
                (
                    "compare with the npl-report that made the edition (version and state of its code are in "
                    "manifest.json)"
                ),
            )
            raise UnreadableInputsError([Problem(shown, rule=rule, fix=fix)]) from None
    return Side(item.folder, source.reporting(edition), source, tuple(recorded), recorded)
