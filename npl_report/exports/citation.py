"""An edition as others cite it: a sentence, BibTeX and CSL-JSON, and the absolute addresses of its files.

Sources: GB/T 7714-2015 for the Chinese citation (order and marks; a first version is not recorded), CSL-JSON 1.0.2.
"""

from __future__ import annotations

import json
import re
from datetime import date

from npl_report.editions.folder import folder_of
from npl_report.present.contexts import Citation
from npl_report.present.localized import LocalizedEdition

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""BibTeX's own names of the months."""
FEED = "feed.xml"
"""The feed of the series, at the root of the site."""
_BIBTEX_SIGNS = re.compile(r"[&%$#_{}]")


def address(localized: LocalizedEdition, path: str) -> str:
    """Absolute address of a file of the edition; empty if the series has none."""
    return (
        f"{localized.series.address}/{folder_of(localized.edition.id, localized.edition.revision)}/{path}"
        if localized.series.address
        else ""
    )


def feed(localized: LocalizedEdition) -> str:
    """Absolute address of the feed of the series; empty if it has none."""
    return f"{localized.series.address}/{FEED}" if localized.series.address else ""


def citation(localized: LocalizedEdition) -> Citation:
    """The edition as others cite it."""
    edition, series, words = localized.edition, localized.series_words, localized.words
    where = address(localized, f"{localized.language}/index.html")
    day = date.fromisoformat(edition.published_iso)
    text = str(words["cite.online" if where else "cite.offline"]).format(
        publisher=series["publisher"],
        title=series["title"],
        subtitle=series["subtitle"],
        id=edition.id,
        revised=str(words["cite.revised"]).format(n=edition.revision) if edition.revision > 1 else "",
        address=where,
        iso=edition.published_iso,
        date=edition.published_on,
        year=day.year,
    )
    key = f"{localized.series.id}-{edition.id}-{localized.language}"
    title = f"{series['title']}{words['ui.colon']}{series['subtitle']}"
    as_of = str(words["ui.as_of"]).format(date=edition.as_of)
    csl = _csl(localized, key, title, day, as_of) | ({"URL": where} if where else {})
    bibtex = _techreport(localized, key, title, day, as_of, where)
    return Citation(text, bibtex, json.dumps([csl], ensure_ascii=False, indent=2))


def _csl(localized: LocalizedEdition, key: str, title: str, day: date, as_of: str) -> dict[str, object]:
    """The record for reference managers."""
    edition, series = localized.edition, localized.series_words
    return {
        "id": key,
        "type": "report",
        "title": title,
        "author": [{"literal": series["publisher"]}],
        "publisher": series["publisher"],
        "genre": series["note_kind"],
        "number": edition.id,
        "version": str(edition.revision),
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "language": localized.words["language.tag"],
        "note": as_of,
    }


def _techreport(localized: LocalizedEdition, key: str, title: str, day: date, as_of: str, where: str) -> str:
    """The record for BibTeX."""
    edition, series, words = localized.edition, localized.series_words, localized.words
    label = str(words["ui.edition"]).format(id=edition.id)
    revision = str(words["ui.revision"]).format(n=edition.revision)
    fields = {
        "author": f"{{{{{_bibtex(series['publisher'])}}}}}",  # braced twice: one name, not a first and a last
        "title": f"{{{{{_bibtex(title)}}}}}",  # braced twice: keeps its capitals
        "institution": f"{{{_bibtex(series['publisher'])}}}",
        "type": f"{{{_bibtex(series['note_kind'])}}}",
        "number": f"{{{edition.id}}}",
        "year": f"{{{day.year}}}",
        "month": _MONTHS[day.month - 1],
        "note": f"{{{_bibtex(words['ui.dot'].join([label, revision, as_of]))}}}",
    } | ({"url": f"{{{where}}}"} if where else {})
    return "\n".join([f"@techreport{{{key},", *(f"  {name} = {value}," for name, value in fields.items()), "}"])


def _bibtex(text: object) -> str:
    """Text as BibTeX reads it: TeX's own signs are escaped."""
    return _BIBTEX_SIGNS.sub(lambda match: f"\\{match.group()}", str(text))


def cite_files(localized: LocalizedEdition) -> dict[str, bytes]:
    """The citation of one language for reference managers, by path in the edition's folder."""
    cited = citation(localized)
    return {
        f"downloads/cite.{localized.language}.bib": f"{cited.bibtex}\n".encode(),
        f"downloads/cite.{localized.language}.json": f"{cited.csl}\n".encode(),
    }
