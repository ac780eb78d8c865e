"""Pages that stand in for an edition's, where only what is done with them is tested."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from npl_report.build.assembly import Gathered
from npl_report.build.job import Options
from npl_report.editions.folder import Published
from npl_report.load.project import Project, read_series
from npl_report.load.tablefolders import table_keys
from npl_report.model import Edition
from npl_report.model.progress import Progress


def standin(
    project: Project,
    edition: Edition,
    options: Options,
    progress: Progress,
    *,
    archived: bool = False,
    pages: bool = False,
    earlier: Sequence[Published] = (),
) -> Gathered:
    """Two pages a language, a PDF and a download."""
    files = {
        f"{language}/{name}": f"{edition.id} {language} {name}".encode()
        for language in edition.languages
        for name in ("index.html", "market.html", "note.pdf")
    }
    files |= {"index.html": b"door", "assets/site.css": b"body {}", "downloads/tables/x.json": b"{}"}
    series = read_series(project, table_keys())
    words: dict[str, Any] = {
        language: {
            "tag": {"zh": "zh-Hans"}.get(language, language),
            "name": language,
            "title": f"Series {language}",
            "subtitle": "Sub",
            "publisher": "Publisher",
            "edition": edition.id,
            "revision": f"r{edition.revision}",
            "as_of": edition.as_of.isoformat(),
            "published": edition.published_on.isoformat(),
            "note": "PDF",
            "latest": "Latest",
            "all": "All",
            "feed": "Feed",
            "superseded": {"zh": "已有修订版"}.get(language, "Superseded"),
            "notice": "",
            "restated": "",
            "missing": "Not here",
            "missing_why": "Perhaps elsewhere.",
            "headline": "Recoveries < forecast",
            "findings": "One & one.\nTwo.",
            "note_bytes": str(len(files[f"{language}/note.pdf"])),
        }
        for language in edition.languages
    }
    return Gathered(files, {"series": series.id, "address": series.address, "tables": (), "front": words})


def standin_with(files: Mapping[str, bytes]) -> Callable[..., Gathered]:
    """The same with further files."""

    def gather(*given: Any, **named: Any) -> Gathered:
        made = standin(*given, **named)
        return replace(made, files=made.files | files)

    return gather
