"""Everything that can be checked without writing: data, words, prose, citations, glyphs, templates."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from npl_report.load.project import Project
from npl_report.model import Edition
from npl_report.present.looks import Looks
from npl_report.present.pages import Pages
from npl_report.publish.build import Collected, Say, read
from npl_report.publish.fonts import check_glyphs
from npl_report.publish.gather import converter
from npl_report.publish.pictures import characters


def check(project: Project, edition: Edition, say: Say) -> dict[str, int]:
    """Count what was checked, or raise InputError with all problems. Links between pages are checked by the build, which has the pages."""
    collected = Collected()
    looks = Looks(project.templates)
    for name in looks.list_templates(extensions=["html"]):
        with collected.step():
            looks.get_template(name)
    reading = read(project, edition, say)
    say("check prose")
    pages = 0
    with tempfile.TemporaryDirectory(prefix="npl-check-") as scratch:
        for book in reading.books.values():
            pandoc = replace(converter(project, book), cache=Path(scratch))
            generator = Pages(book, looks, "site", {})
            for chapter in reading.series.chapters:
                shown = f"report/{book.language}/{chapter.key}.qmd"
                pages += 1
                with collected.step():
                    fragment = pandoc.html(generator.page(project.report, chapter).markdown, shown)
                    if chapter.note and "<math" not in fragment.html:  # formulas are pictures in the note
                        check_glyphs(characters(fragment.html) - _SITE_ONLY, shown)
    collected.done()
    rows = sum(len(frame) for frame in reading.source.frames.values())
    return {"rows": rows, "corrections": reading.source.corrections, "tables": len(reading.series.table_keys), "pages": pages, "languages": len(reading.books)}


_SITE_ONLY = frozenset("↩\ufe0eⓘ")
"""Signs of the pages that the note does not print."""
