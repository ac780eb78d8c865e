"""The files at the root of ``site/``, made from the manifests of the editions and the templates.

The same of both give the same bytes, on any day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import jinja2

from npl_report.editions.folder import LEDGER, Published
from npl_report.exports.citation import FEED
from npl_report.present.localized import LocalizedEdition
from npl_report.site.outline import Front

BESIDE = ("index.html", "editions.js", FEED)
"""Files at the root to which the pages of an edition lead."""
SCRIPT = "editions.js"
"""The list of editions for the pages' switcher: a script, because a page from the disk may not read another file."""


def front_words(localized: LocalizedEdition, front: Front, note_bytes: int) -> dict[str, str]:
    """What the root says of an edition in one language; goes into its manifest.

    ``findings`` are lines; ``note_bytes`` is empty if the note was not printed.
    """
    words, edition = localized.words, localized.edition
    return {
        "tag": str(words["language.tag"]),
        "name": str(words["language.name"]),
        "title": str(localized.series_words["title"]),
        "subtitle": str(localized.series_words["subtitle"]),
        "publisher": str(localized.series_words["publisher"]),
        "edition": str(words["ui.edition"]).format(id=edition.id),
        "revision": str(words["ui.revision"]).format(n=edition.revision),
        "as_of": str(words["ui.as_of"]).format(date=edition.as_of),
        "published": f"{words['ui.published_on']}{words['ui.colon']}{edition.published_on}",
        "note": str(words["ui.note_pdf"]),
        "latest": str(words["editions.latest"]),
        "all": str(words["editions.all"]),
        "feed": str(words["editions.feed"]),
        "superseded": str(words["editions.superseded"]),
        "missing": str(words["editions.missing"]),
        "missing_why": str(words["editions.missing_why"]),
        "headline": front.headline,
        "findings": "\n".join(front.findings),
        "note_bytes": str(note_bytes or ""),
        "notice": localized.notice or "",
        "restated": str(words["ui.between_sentences"]).join(edition.restated),
    }


_LATER = dict.fromkeys(("headline", "findings", "note_bytes", "missing", "missing_why"), "")
"""What editions that were published before the program told it do not say."""


def _front(item: Published) -> dict[str, dict[str, str]]:
    """Language → what the root says of the edition."""
    return {language: {**_LATER, **words} for language, words in item.manifest.front.items()}


def root_files(editions: Sequence[Published], templates: jinja2.Environment) -> dict[str, bytes]:
    """Every file of the root by its path; ``editions`` from the oldest to the newest. Nothing for no editions."""
    if not editions:
        return {}
    values = _values(editions)
    latest, languages, address = editions[-1], values["languages"], values["address"]
    files = {
        LEDGER: _ledger(editions),
        SCRIPT: _script(editions),
        "index.html": _page(templates, "html/archive.html", **values),
        FEED: _page(templates, "html/feed.xml", **values),
        "404.html": _page(templates, "html/missing.html", **values),
    }
    files["latest/index.html"] = _page(templates, "html/latest.html", target=f"../{latest.folder}/index.html", **values)
    for language in languages:
        files[f"latest/{language}/index.html"] = _page(
            templates, "html/latest.html", target=f"../../{latest.folder}/{language}/index.html", **values
        )
        files[f"latest/{language}/note.html"] = _page(
            templates, "html/latest.html", target=f"../../{latest.folder}/{language}/note.pdf", **values
        )
    if address:
        files["sitemap.xml"] = _page(templates, "html/sitemaps.xml", **values)
        files["robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {address}/sitemap.xml\n".encode()
    return files


def _values(editions: Sequence[Published]) -> dict[str, Any]:
    """What the templates of the root receive."""
    latest = editions[-1]
    last_revision = {item.place[1]: item.place[2] for item in editions}
    shown = [
        {
            "folder": item.folder,
            "superseded": item.place[2] < last_revision[item.place[1]],
            **vars(item.manifest),
            "front": _front(item),
        }
        for item in reversed(editions)
    ]
    return {
        "editions": shown,
        "latest": latest.folder,
        "languages": list(latest.manifest.languages),
        "front": _front(latest),
        "address": latest.manifest.address,
    }


def lone_root(item: Published, templates: jinja2.Environment) -> dict[str, bytes]:
    """A root for one edition on its own, as in a bundle: a front door, and the list that names no other edition."""
    front = item.manifest.front
    return {
        "index.html": _page(
            templates,
            "html/latest.html",
            target=f"{item.folder}/index.html",
            languages=list(item.manifest.languages),
            front=front,
        ),
        SCRIPT: _script([item]),
    }


def _page(templates: jinja2.Environment, template: str, **values: object) -> bytes:
    return templates.get_template(template).render(**values).encode()


def _ledger(editions: Sequence[Published]) -> bytes:
    """``editions.json``: what is published, with the hash of each manifest."""
    items = [
        {
            "folder": item.folder,
            "edition": item.manifest.edition,
            "revision": item.manifest.revision,
            "as_of": item.manifest.as_of,
            "published_on": item.manifest.published_on,
            "languages": item.manifest.languages,
            "manifest_sha256": item.sha256,
        }
        for item in editions
    ]
    return (
        json.dumps(
            {"series": editions[-1].manifest.series, "latest": editions[-1].folder, "editions": items},
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    ).encode()


def _script(editions: Sequence[Published]) -> bytes:
    """``editions.js``: per edition its folder, names by language, and the pages that it has, without the language."""
    items: list[Mapping[str, Any]] = []
    for item in reversed(editions):
        pages = sorted(
            {path.partition("/")[2] for path in item.manifest.outputs if path.endswith(".html") and "/" in path}
        )
        names = {
            language: words["edition"] + (f" · {words['revision']}" if item.place[2] > 1 else "")
            for language, words in item.manifest.front.items()
        }
        items.append(
            {"folder": item.folder, "edition": item.place[1], "revision": item.place[2], "names": names, "pages": pages}
        )
    return ("globalThis.nplEditions = " + json.dumps(items, ensure_ascii=False, separators=(",", ":")) + ";\n").encode()
