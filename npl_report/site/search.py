"""The pages of an edition → the index of the search in each language.

It is a script that a page loads when the search is opened. Deals that are more than a ``PIECE`` come in scripts of
their own, which are loaded one after the other once something is looked for.

The index is the text itself, and ``assets/ranking.js`` looks for words in it, after NFKC and lower case: from their
beginning, of Chinese in pairs of characters. That takes some milliseconds, and it finds what an index of words misses:
Chinese has no spaces, and one of words that a program has guessed (observed: Pagefind 1.5.2) finds 回收 on 160 pages
but 回收率, which holds it, on 2 of them. Other words for the same thing come with the index, from ``text/`` and from
the market's description. Scripts, because a page opened from disk may not fetch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import pandas as pd

from npl_report.files.writing import as_json
from npl_report.model import Unavailable, Unit
from npl_report.present.localized import LocalizedEdition
from npl_report.site.figures import FIGURES, figure_index
from npl_report.site.outline import Section

INDEX = "search-index.js"
"""Name of the index in the language's folder; what does not fit into it is in ``search-index.2.js`` and so on."""
PIECE = 100_000
"""Bytes of deals in one file."""
_FILE = re.compile(rf"/(search-index(\.\d+)?|{FIGURES.removesuffix('.js')})\.js$")

CHAPTER, TABLE, BANK, DEAL, CLASS, DOWNLOAD, PAGE = range(7)
_KINDS = (
    "search.chapter",
    "search.table",
    "search.bank",
    "search.deal",
    "search.class",
    "search.download",
    "search.page",
)
"""What they are called, in their order."""

Row = tuple[str | int, ...]
"""(kind, address, title, where, text, other names …).

Addresses start from the language's folder; one of a chapter with an anchor is a section. ``where`` is what an entry is
a part of, or what a deal is. Titles in the other languages are among the names.
"""

Chapters = Mapping[str, Sequence[Section]]


_CLASSES = "recovery_by_type", "mean_recovery"
"""The table and its column to which the name of a class leads."""


def search_indexes(
    by_language: Mapping[str, LocalizedEdition], said: Mapping[str, Sequence[Section]], *, note: bool
) -> dict[str, bytes]:
    """The index of every language by the paths of its files in the edition's folder.

    With what is told of figures (``FIGURES``), which is made of the same names. ``said``: what pages say; ``note``:
    whether there are notes.
    """
    chapters = {language: _said_in_chapters(localized, said) for language, localized in by_language.items()}
    made: dict[str, bytes] = {}
    for language, localized in by_language.items():
        others = {other: chapters[other] for other in by_language if other != language}
        rows = [
            *_chapters(localized, chapters[language], {by_language[other]: parts for other, parts in others.items()}),
            *_tables(localized, [by_language[other] for other in others], said),
            *_banks(localized),
            *_classes(localized, list(others)),
            *_downloads(localized, note=note),
        ]
        index = index_files({"words": _words(localized), **_asked(localized)}, rows, list(_deals(localized)))
        made |= {f"{language}/{name}": data for name, data in index.items()}
        made[f"{language}/{FIGURES}"] = figure_index(localized)
    return made


def is_index(path: str) -> bool:
    """Whether a file of the edition is one of an index."""
    return _FILE.search(path) is not None


def index_files(told: Mapping[str, object], rows: Sequence[Row], deals: Sequence[Row]) -> dict[str, bytes]:
    """The files of one language by name.

    The first has what else is ``told``, says how many there are, and has deals that are one piece.
    """
    pieces: list[list[Row]] = [[]]
    size = 0
    for deal in deals:
        length = len(as_json(deal).encode()) + 1
        if size + length > PIECE:
            pieces.append([])
            size = 0
        pieces[-1].append(deal)
        size += length
    first = [*rows, *pieces.pop()] if len(pieces) == 1 else [*rows]
    contents = [{**told, "files": 1 + len(pieces), "rows": first}, *({"rows": piece} for piece in pieces)]
    names = [INDEX, *(f"{INDEX.removesuffix('.js')}.{number}.js" for number in range(2, len(pieces) + 2))]
    texts = (f"globalThis.nplSearch = {as_json(content)};\n".encode() for content in contents)
    return dict(zip(names, texts, strict=True))


def _words(localized: LocalizedEdition) -> dict[str, object]:
    """What the search says to the reader; ``kinds`` in the order of their numbers."""
    words = localized.words
    return {
        "title": words["search.title"],
        "placeholder": words["search.placeholder"],
        "hint": words["search.hint"],
        "none": words["search.none"],
        "one": words["search.one"],
        "many": words["search.many"],
        "searching": words["search.searching"],
        "lacking": words["search.lacking"],
        "close": words["search.close"],
        "partly": words["search.partly"],
        "dot": words["ui.dot"],
        "kinds": [words[kind] for kind in _KINDS],
    }


def _asked(localized: LocalizedEdition) -> dict[str, object]:
    """How the language asks: words that say nothing, endings of words, and groups of words for the same thing."""
    words, market = localized.words, localized.market
    same = [str(words[path]).split(", ") for path in words["search.same"].leaves()]
    for names in (*(of.names for of in market.classes), *(of.names for of in market.tranches)):
        spoken = names[localized.language]
        same.append([spoken.name, spoken.inline, spoken.short, *spoken.aliases])
    return {
        "stop": str(words["search.stop"]).split(),
        "endings": str(words["search.endings"]).split(),
        "groups": [list({word.casefold(): word for word in group}.values()) for group in same],
    }


def _said_in_chapters(localized: LocalizedEdition, said: Mapping[str, Sequence[Section]]) -> Chapters:
    return {chapter.key: said[f"{localized.language}/{chapter.key}.html"] for chapter in localized.series.chapters}


def _chapters(
    localized: LocalizedEdition, chapters: Chapters, others: Mapping[LocalizedEdition, Chapters]
) -> Iterator[Row]:
    for key, (first, *rest) in chapters.items():
        path, name = f"{key}.html", localized.titles[key]
        yield CHAPTER, path, name, "", first.text, *_others(name, [other.titles[key] for other in others])
        for section in rest:
            abroad = chain.from_iterable(parts[key] for parts in others.values())
            same = [there.title for there in abroad if section.id and there.id == section.id]
            yield (
                CHAPTER,
                f"{path}#{section.id}" if section.id else path,
                section.title,
                name,
                section.text,
                *_others(section.title, same),
            )


def _tables(
    localized: LocalizedEdition, others: Sequence[LocalizedEdition], said: Mapping[str, Sequence[Section]]
) -> Iterator[Row]:
    for key, entry in localized.entries.items():
        path, title = f"tables/{key}.html", f"{entry.view.label} {entry.view.title}"
        abroad = [other.entries[key] for other in others]
        parts = chain.from_iterable((section.title, section.text) for section in said[f"{localized.language}/{path}"])
        heads = [head.label for head in chain.from_iterable(there.view.heads for there in abroad)]
        text = " ".join([str(entry.words["summary"]), entry.alt, *parts, *heads])
        figure = str(localized.words["ui.figure_label"]).format(n=entry.figure)
        drawn = [str(there.words["chart.title"]) for there in (entry, *abroad)] if entry.table.chart else []
        drawn[:1] = [f"{figure} {drawing}" for drawing in drawn[:1]] if entry.figure else drawn[:1]
        yield (
            TABLE,
            path,
            title,
            localized.titles[entry.chapter],
            " ".join(text.split()),
            *_others(title, [*(there.view.title for there in abroad), *drawn]),
        )


def _banks(localized: LocalizedEdition) -> Iterator[Row]:
    names, banks = localized.printer.names, localized.data.originators.set_index("originator")
    for id_ in sorted(set(localized.data.deals["originator"])):
        bank, name = banks.loc[id_], names.name(Unit.ORIGINATOR, id_)
        given = [str(bank[column]) for column in banks.columns if column.startswith(("name_", "short_"))]
        aliases = [] if pd.isna(bank["aliases"]) else str(bank["aliases"]).split(";")
        full = str(bank[f"name_{localized.language}"])
        yield (
            BANK,
            names.page(Unit.ORIGINATOR, id_),
            name,
            "" if full == name else full,
            "",
            *_others(name, [*given, *aliases]),
        )


def _deals(localized: LocalizedEdition) -> Iterator[Row]:
    if not localized.deal_pages:
        return
    names, deals = localized.printer.names, localized.data.deals.set_index("deal")
    for id_, deal in deals.iterrows():
        name = names.name(Unit.DEAL, str(id_))
        what = [names.name(unit, str(deal[unit.value])) for unit in (Unit.ORIGINATOR, Unit.ASSET_TYPE)]
        where = str(localized.words["ui.dot"]).join([*what, f"{deal['issue_date']:%Y}"])
        yield (
            DEAL,
            names.page(Unit.DEAL, str(id_)),
            name,
            where,
            "",
            *_others(name, [str(deal[column]) for column in deals.columns if column.startswith("name_")]),
        )


def _classes(localized: LocalizedEdition, others: Sequence[str]) -> Iterator[Row]:
    """The classes, each with all that it is called: they lead to their row of a table."""
    key, column = _CLASSES
    entry = localized.entries.get(key)
    if entry is None or isinstance(entry.result, Unavailable):
        return
    for of in localized.market.classes:
        if of.key not in entry.result.frame.index:
            continue
        spoken = of.names[localized.language]
        names = [spoken.short, *spoken.aliases, *(of.names[other].name for other in others)]
        address = f"tables/{key}.html#{of.key}.{column}"
        head = str(entry.words[f"columns.{column}"])
        yield CLASS, address, spoken.name, f"{entry.view.title}: {head}", spoken.pools, *_others(spoken.name, names)


def _downloads(localized: LocalizedEdition, *, note: bool) -> Iterator[Row]:
    """What is taken away, and the pages that list all there is."""
    words, data = localized.words, str(localized.words["search.data"])
    yield DOWNLOAD, f"../downloads/tables.{localized.language}.xlsx", str(words["ui.tables_xlsx"]), "", "", data
    yield DOWNLOAD, "../downloads/datapackage.json", str(words["ui.package"]), "", str(words["ui.package_lead"])
    if note:
        yield DOWNLOAD, "note.pdf", str(words["ui.note_pdf"]), "", ""
    yield PAGE, "tables/index.html", str(words["ui.all_tables"]), "", str(words["ui.tables_csv"])
    if localized.deal_pages:
        yield PAGE, "deals/index.html", str(words["profile.all_deals"]), "", ""
    yield PAGE, "originators/index.html", str(words["profile.all_banks"]), "", ""


def _others(name: str, names: Sequence[str]) -> list[str]:
    """The names that are not ``name``, each once."""
    return [other for other in dict.fromkeys(names) if other and other != name]
