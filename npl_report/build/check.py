"""Everything that can be checked without writing: data, words, prose, citations, glyphs, templates."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

import jinja2

from npl_report.build.job import Collected, Options, chosen_edition
from npl_report.build.kept import KeptTables
from npl_report.build.language import converter
from npl_report.build.reading import read
from npl_report.load.brand import passed_over, read_brand
from npl_report.load.corrections import accepts_nothing
from npl_report.load.inputs import unread
from npl_report.load.project import Project, read_series
from npl_report.load.tablefolders import own_keys, table_keys
from npl_report.load.unusual import GAP
from npl_report.model import Chapter, InputError, Problem
from npl_report.model.progress import Progress
from npl_report.present.chapters import DRAFT, drafts
from npl_report.present.localized import LocalizedEdition
from npl_report.present.pages import Page, Pages
from npl_report.present.reading import Reading
from npl_report.present.revisionviews import Comparison, Revisions
from npl_report.present.templates import Templates
from npl_report.text.ownwords import is_draft
from npl_report.typesetting.drawings import characters, table_specs
from npl_report.typesetting.fonts import check_glyphs
from npl_report.typesetting.pandoc import Pandoc
from npl_report.typesetting.processes import here

_LISTED = 5
"""Files of a folder that are named one by one."""


@dataclass(frozen=True)
class Checked:
    """What was checked, counted; what is unusual and not accepted; and what is worth knowing but no mistake."""

    counts: dict[str, int]
    warnings: tuple[Problem, ...]
    notices: tuple[Problem, ...]


def check(project: Project, options: Options, progress: Progress, *, strict: bool = False) -> Checked:
    """Check, or raise InputError with all problems, and if ``strict`` with all warnings.

    Links between pages are checked by the build, which has the pages.

    Without an edition and an as-of date in ``options`` all editions are checked, each with its own chapters; what is
    wrong in several is told once.
    """
    collected = Collected()
    templates = Templates(project.templates)
    for name in templates.list_templates(extensions=["html"]):
        with collected.step():
            templates.get_template(name)
    every = project.editions if options.edition is None and options.as_of is None else ()
    facts: list[dict[str, int]] = []
    said: list[Problem] = []
    readings: list[Reading] = []
    for id_ in every or (options.edition,):
        with collected.step():
            edition = chosen_edition(project, replace(options, edition=id_))
            progress(f"check edition {edition.id}")
            reading = read(project, edition, progress, KeptTables(project.build / ".cache" / "results", only_read=True))
            readings.append(reading)
            facts.append(_check(project, reading, templates, progress, options.jobs, said))
    if every and readings and not collected.problems:
        used = list(chain.from_iterable(reading.accepted for reading in readings))
        collected.problems += [
            accepts_nothing(record)
            for record in readings[0].source.accepted
            if record.rule == GAP and record not in used
        ]
    warnings = _once([*chain.from_iterable(reading.warnings for reading in readings), *said])
    if problems := _once([*collected.problems, *(warnings if strict else ())]):
        raise InputError(problems)
    counts = {
        name: sum(fact[name] for fact in facts) if name == "pages" else max(fact[name] for fact in facts)
        for name in facts[0]
    }
    return Checked(counts | {"editions": len(facts)}, warnings, _once(_notices(project, readings)))


def _notices(project: Project, readings: Iterable[Reading]) -> Iterator[Problem]:
    """What is worth knowing of a project, and no mistake."""
    yield from _drafts(project)
    for localized in chain.from_iterable(reading.by_language.values() for reading in readings):
        yield from drafts(localized.chapters.values(), DRAFT)
    yield from passed_over(read_brand(project.root))
    yield from _unread(project)


def _drafts(project: Project) -> Iterator[Problem]:
    """Languages of the project that are not translated yet."""
    rule, fix = "the language is a draft, and is not published", "translate it, and take out draft = true"
    yield from (Problem(f"words/{of}.toml", rule=rule, fix=fix) for of in project.languages if is_draft(of))


def _once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once; what to do about it may name pages and tables, which differ by edition."""
    told: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        told.setdefault((problem.file, problem.row, problem.column, problem.value, problem.rule), problem)
    return tuple(told.values())


def _unread(project: Project) -> Iterator[Problem]:
    """What lies in the project and no edition reads.

    Nobody shall think that it is taken into account, or that it is published.
    """
    rule = "no edition reads it; it is neither archived nor published"
    meant = {
        "data": "describe it in data/datapackage.json",
        "report": "list its chapter in report/series.toml",
        "report/editions": "call its folders as an edition and a language of it, the file as a chapter of it",
        "templates": "name it in a template",
        "words": "call it as the language is called in report/",
    }
    folders: dict[str, list[str]] = {}
    for name in unread(project, read_series(project, table_keys())):
        folders.setdefault(name.rpartition("/")[0], []).append(name)
    for folder, names in folders.items():
        part = "report/editions" if folder.startswith("report/editions/") else folder.partition("/")[0]
        fix = f"if it is meant to be read, {meant[part]}; otherwise it may stay"
        if len(names) > _LISTED:
            yield Problem(f"{folder}/", value=f"{len(names)} files", rule=rule, fix=fix)
        else:
            yield from (Problem(name, rule=rule, fix=fix) for name in names)


def _check(
    project: Project,
    reading: Reading,
    templates: jinja2.Environment,
    progress: Progress,
    jobs: int,
    said: list[Problem],
) -> dict[str, int]:
    """The counts of one edition; ``said`` gets what authors of prose should look at.

    ``jobs``: how many pages are converted at once.
    """
    collected, edition = Collected(), reading.edition
    progress("check prose")
    before = None if edition.id == project.editions[0] else _before(edition.id)
    with tempfile.TemporaryDirectory(prefix="npl-check-") as scratch, ThreadPoolExecutor(jobs) as pool:
        begun: list[Future[None]] = []  # pandoc is a process of its own, and runs beside the next page
        for localized in reading.by_language.values():
            pandoc = replace(converter(project, localized), cache=Path(scratch))
            generator = Pages(localized, templates, "site", {}, before)
            for chapter in reading.series.chapters:
                page = here(generator.page, chapter)  # what is wrong is told in the order of the pages
                said += page.result().warnings if not page.exception() else ()
                convert = partial(_convert, pandoc, chapter, localized)
                begun.append(here(page.result) if page.exception() else pool.submit(convert, page.result()))
            _draw_own(localized, collected)
        for conversion in begun:
            with collected.step():
                conversion.result()
    collected.done()
    return {
        "rows": sum(map(len, reading.source.frames.values())),
        "corrections": reading.source.corrections,
        "accepted": len(reading.source.accepted),
        "tables": len(reading.series.table_keys),
        "pages": len(begun),
        "languages": len(reading.by_language),
    }


def _draw_own(localized: LocalizedEdition, collected: Collected) -> None:
    """The charts of the project's own tables; those of the program are drawn by its tests."""
    for key in sorted({*own_keys()} & localized.entries.keys()):
        with collected.step():
            table_specs(localized, key)


def _before(edition: str) -> Revisions:
    """An edition before this one, so that prose on the last edition is read too."""
    return Revisions(Comparison(edition, lambda *_: "", lambda *_: "", (), (), (), (), (), ()), (), ())


def _convert(pandoc: Pandoc, chapter: Chapter, localized: LocalizedEdition, page: Page) -> None:
    """InputError for what pandoc warns of, and for what the note cannot print."""
    shown = localized.chapters[chapter.key].shown
    fragment = pandoc.html(page.markdown, shown, source=page.source)
    if chapter.note and "<math" not in fragment.html:  # formulas are pictures in the note
        check_glyphs(characters(fragment.html) - _SITE_ONLY, shown)


_SITE_ONLY = frozenset("↩\ufe0eⓘ")
"""Signs of the pages that the note does not print."""
