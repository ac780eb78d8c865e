"""Everything that can be checked without writing: data, words, prose, templates."""

from __future__ import annotations

from npl_report.load.project import Project
from npl_report.model import Edition
from npl_report.present.looks import Looks
from npl_report.present.pages import Pages
from npl_report.publish.build import Collected, Say, read


def check(project: Project, edition: Edition, say: Say) -> dict[str, int]:
    """Count what was checked, or raise InputError with all problems."""
    reading = read(project, edition, say)
    say("check prose")
    collected = Collected()
    looks = Looks(project.templates)
    pages = 0
    for book in reading.books.values():
        generator = Pages(book, looks, "site", {})
        for chapter in reading.series.chapters:
            pages += 1
            with collected.step():
                generator.page(project.report, chapter)
    collected.done()
    rows = sum(len(frame) for frame in reading.source.frames.values())
    return {"rows": rows, "corrections": reading.source.corrections, "tables": len(reading.series.table_keys), "pages": pages, "languages": len(reading.books)}
