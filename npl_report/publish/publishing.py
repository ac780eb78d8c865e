"""``publish``: a strict build of an edition into ``site/``, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from npl_report.build.building import manifest_of
from npl_report.build.job import Options, chosen_edition
from npl_report.editions.archive import archive, known_to
from npl_report.editions.fingerprint import code_hash, input_hashes, restricted_of
from npl_report.editions.folder import (
    INPUTS,
    LEDGER,
    Published,
    folder_of,
    folders,
    ledger,
    published,
    read_published,
    unlisted,
    write_root,
    writing,
)
from npl_report.files.environment import environment
from npl_report.files.writing import write_tree
from npl_report.load.project import Project, read_series
from npl_report.load.tablefolders import table_keys
from npl_report.model import Edition, InputError, Problem
from npl_report.model.progress import Progress
from npl_report.present.chapters import chapter_texts, drafts
from npl_report.text.ownwords import is_draft

if TYPE_CHECKING:  # an unchanged build imports it not
    import jinja2


@dataclass(frozen=True)
class Outcome:
    """What was published: the folder under ``site/``, pages, files and bytes."""

    edition: str
    revision: int
    folder: Path
    pages: int
    files: int
    bytes: int


def publish(project: Project, options: Options, progress: Progress, *, revision: bool = False) -> Outcome:
    """Build the edition strictly and add it to ``site/``.

    InputError with everything that speaks against it, ``site/`` as it was.

    ``revision`` says that a former revision is published and this one, with its restatement, comes beside it.
    """
    edition = chosen_edition(project, options)
    name = folder_of(edition.id, edition.revision)
    with writing(project.site):
        _mend(project)
        _refuse(project.site, edition, revision=revision)
        refuse_drafts(project, edition)
        from npl_report.build.assembly import gather
        from npl_report.present.templates import Templates
        from npl_report.publish.access import check_access
        from npl_report.publish.checks import check_files

        earlier = known_to(project, edition, options.beside)
        hashes = input_hashes(project, edition)
        gathered = gather(project, edition, options, progress, archived=True, earlier=earlier)
        files = gathered.files
        progress("check what will be published")
        chapters = read_series(project, table_keys()).of(edition.id).chapters
        check_files(files, edition.languages, [chapter.key for chapter in chapters if chapter.note])
        check_access(files, progress)
        inputs = gathered.read(hashes)
        restricted = restricted_of(project, inputs)
        files[INPUTS] = archive(project, inputs, restricted)
        manifest = manifest_of(edition, inputs, code_hash(), environment(), earlier)
        manifest = replace(manifest, restricted=restricted, **gathered.front)
        progress(f"write {len(files)} files")
        size = write_tree(project.site / name, files, manifest)
        write_root(project.site, _root(project.site, Templates(project.templates)))
    pages = sum(path.endswith(".html") for path in files)
    return Outcome(edition.id, edition.revision, project.site / name, pages, len(files), size)


def mend(project: Project) -> None:
    """Put right what a stopped publish left.

    Half an edition is put away, one that is whole but unlisted is listed, and what is missing at the root is written
    again.
    """
    if project.site.is_dir():
        with writing(project.site):
            _mend(project)


def _mend(project: Project) -> None:
    if unlisted(project.site) or ledger(project.site):
        from npl_report.present.templates import Templates

        write_root(project.site, _root(project.site, Templates(project.templates)))


def _root(site: Path, templates: jinja2.Environment) -> dict[str, bytes]:
    from npl_report.site.root import root_files

    return root_files(every(site), templates)


def every(site: Path) -> list[Published]:
    """The listed editions and those that are whole and wait to be listed, oldest first.

    A listed manifest that was changed since is refused.
    """
    listed = ledger(site)
    found = [*published(site), *(item for folder in unlisted(site) if (item := read_published(site, folder)))]
    for folder, sha256 in listed.items():
        item = next((item for item in found if item.folder == folder), None)
        if item is None or item.sha256 != sha256:
            rule = "the edition is missing" if item is None else "the manifest is not the one that was published"
            fix = f"restore the folder from a copy; npl-report verify names every file that differs from {LEDGER}"
            raise InputError([Problem(f"{site.name}/{folder}", rule=rule, fix=fix)])
    return sorted(found, key=lambda item: item.place)


def _refuse(site: Path, edition: Edition, *, revision: bool) -> None:
    """A published edition stays as it is; a revision follows the one before it."""
    there = [item for item in published(site) if item.place[1] == edition.id]
    against = chain(
        _place_taken(site, edition, there), _not_next(edition, there, revision=revision), _unfit(edition, there)
    )
    if first := next(against, None):
        raise InputError([first])


def refuse_drafts(project: Project, edition: Edition) -> None:
    """InputError for languages of the project whose words are not translated yet, and pages that are not edited yet."""
    rule, fix = "the language is marked as a draft", "translate it, and take out draft = true"
    found = [Problem(f"words/{of}.toml", rule=rule, fix=fix) for of in edition.languages if is_draft(of)]
    chapters = read_series(project, table_keys()).of(edition.id).chapters
    for language in edition.languages:
        with suppress(InputError):  # of a page that cannot be read the build tells
            texts = chapter_texts(project, edition.id, language, chapters)
            found += drafts(texts.values(), "the page is marked as a draft")
    if found:
        raise InputError(found)


def _shown(edition: Edition) -> str:
    """The file that a user edits."""
    return f"report/editions/{edition.id}.toml"


def _former(there: Sequence[Published]) -> int:
    """The last revision that is published; 0 if none is."""
    return max((item.place[2] for item in there), default=0)


def _place_taken(site: Path, edition: Edition, there: Sequence[Published]) -> Iterator[Problem]:
    """The folder is there already."""
    name = folder_of(edition.id, edition.revision)
    if name in folders(site) or (site / name).is_symlink():
        last = max((item.place[2] for item in there), default=edition.revision)
        fix = (
            f"a published edition is never changed: set revision = {last + 1} in {_shown(edition)}, "
            "say what is restated and why in [[restatement]], and publish with --revision"
        )
        yield Problem(f"{site.name}/{name}", rule="this edition is published", fix=fix)


def _not_next(edition: Edition, there: Sequence[Published], *, revision: bool) -> Iterator[Problem]:
    """The revision is not the one that follows, or not what the command was told."""
    former, said = _former(there), partial(Problem, _shown(edition), column="revision", value=str(edition.revision))
    if edition.revision != former + 1:
        fix = f"set revision = {former + 1} in {_shown(edition)}"
        yield said(rule=f"revision {former} is the last that is published", fix=fix)
    if former and not revision:
        yield said(rule="an earlier revision is published", fix="give --revision to publish this one beside it")
    if revision and not former:
        yield Problem("--revision", rule=f"no revision of {edition.id} is published", fix="leave the option out")


def _unfit(edition: Edition, there: Sequence[Published]) -> Iterator[Problem]:
    """A revision does not say what it must, or not of the right days."""
    former, number = _former(there), edition.revision
    said = partial(Problem, _shown(edition))
    later = [item for item in there if item.place[0] > edition.as_of.isoformat()]
    if later:
        rule = f"revision {former} is as of {later[-1].place[0]}; a revision is not as of an earlier day"
        fix = "a report as of another day is an edition of its own"
        yield said(column="as_of", value=edition.as_of.isoformat(), rule=rule, fix=fix)
    if number > 1 and not any(item.revision == number for item in edition.restatements):
        fix = f'add [[restatement]] with revision = {number}, tables = ["…"], and why = {{ zh = "…", en = "…" }}'
        yield said(column="restatement", rule=f"revision {number} says nothing of what is restated", fix=fix)
    before, day = there[-1].manifest.published_on if there else "", edition.published_on.isoformat()
    if number > 1 and day <= before:
        rule = f"revision {former} was published on {before}; a revision follows it"
        fix = "write the day on which this revision is published: citations, the feed and the list of editions print it"
        yield said(column="published_on", value=day, rule=rule, fix=fix)
