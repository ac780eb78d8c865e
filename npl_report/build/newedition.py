"""``new-edition`` → an edition whose own pages are those of the series, with what they find written out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import product

from npl_report.build.kept import KeptTables
from npl_report.build.reading import read
from npl_report.load.additions import Added, text_of
from npl_report.load.newedition import Begun, begin_edition, with_edition, write_edition
from npl_report.load.project import Project
from npl_report.model.progress import Progress
from npl_report.present.drafting import drafted
from npl_report.present.templates import Templates

_FOUND = "finding("
"""What a page has that is told by the tables."""


def add_edition(project: Project, id_: str, as_of: date | None, chapters: Collection[str], progress: Progress) -> Added:
    """Begin an edition, with drafts of the pages of some chapters; InputError, and nothing is written."""
    progress("read and check settings and data")
    new = begin_edition(project, id_, as_of, chapters)
    wanted = product(new.edition.languages, dict.fromkeys(chapters))
    pages = {of: text_of(project, f"report/{'/'.join(of)}.qmd") for of in wanted}
    if any(_FOUND in text for text in pages.values()):
        pages |= _told(project, new, pages, progress)
    return write_edition(project, new, pages)


def _told(
    project: Project, new: Begun, pages: Collection[tuple[str, str]], progress: Progress
) -> dict[tuple[str, str], str]:
    """The pages with the sentences of their findings, as the new edition's tables have them."""
    kept = KeptTables(project.build / ".cache" / "results", only_read=True)
    reading = read(with_edition(project, new.edition), new.edition, progress, kept)
    templates = Templates(project.templates)
    every = product(reading.by_language.values(), reading.series.chapters)
    wanted = (pair for pair in every if (pair[0].language, pair[1].key) in pages)
    return {(of.language, chapter.key): drafted(of, templates, chapter) for of, chapter in wanted}
