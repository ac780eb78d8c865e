"""Everything that can be checked without writing: data, words, prose, citations, glyphs, templates."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import jinja2

from npl_report.load.project import Project
from npl_report.model import Edition, InputError, Problem
from npl_report.present.looks import Looks
from npl_report.present.pages import Pages
from npl_report.present.revisions import Comparison, Revisions
from npl_report.publish.build import Collected, Options, Say, chosen_edition, read
from npl_report.publish.fonts import check_glyphs
from npl_report.publish.gather import converter
from npl_report.publish.pictures import characters


def check(project: Project, options: Options, say: Say) -> dict[str, int]:
    """Count what was checked, or raise InputError with all problems. Links between pages are checked by the build, which has the pages.

    Without an edition and an as-of date in ``options`` all editions are checked, each with its own chapters; what is wrong in several is told once.
    """
    collected = Collected()
    looks = Looks(project.templates)
    for name in looks.list_templates(extensions=["html"]):
        with collected.step():
            looks.get_template(name)
    every = project.editions if options.edition is None and options.as_of is None else ()
    facts: list[dict[str, int]] = []
    for id_ in every or (options.edition,):
        with collected.step():
            edition = chosen_edition(project, replace(options, edition=id_))
            say(f"check edition {edition.id}")
            facts.append(_check(project, edition, looks, say))
    told: dict[tuple[object, ...], Problem] = {}
    for problem in collected.problems:  # what to do may name pages and tables, which differ by edition
        told.setdefault((problem.file, problem.row, problem.column, problem.value, problem.rule), problem)
    if told:
        raise InputError(told.values())
    return {name: sum(fact[name] for fact in facts) if name == "pages" else max(fact[name] for fact in facts) for name in facts[0]} | {"editions": len(facts)}


def _check(project: Project, edition: Edition, looks: jinja2.Environment, say: Say) -> dict[str, int]:
    """The counts of one edition."""
    collected = Collected()
    reading = read(project, edition, say)
    say("check prose")
    pages = 0
    before = None if edition.id == project.editions[0] else Revisions(Comparison(edition.id, lambda *_: "", (), (), (), (), (), ()), (), ())  # so that prose on the last edition is read too
    with tempfile.TemporaryDirectory(prefix="npl-check-") as scratch:
        for book in reading.books.values():
            pandoc = replace(converter(project, book), cache=Path(scratch))
            generator = Pages(book, looks, "site", {}, before)
            for chapter in reading.series.chapters:
                shown = f"report/{book.language}/{chapter.key}.qmd"
                pages += 1
                with collected.step():
                    page = generator.page(project.report, chapter)
                    fragment = pandoc.html(page.markdown, shown, source=page.source)
                    if chapter.note and "<math" not in fragment.html:  # formulas are pictures in the note
                        check_glyphs(characters(fragment.html) - _SITE_ONLY, shown)
    collected.done()
    rows = sum(len(frame) for frame in reading.source.frames.values())
    return {"rows": rows, "corrections": reading.source.corrections, "tables": len(reading.series.table_keys), "pages": pages, "languages": len(reading.books)}


_SITE_ONLY = frozenset("↩\ufe0eⓘ")
"""Signs of the pages that the note does not print."""
