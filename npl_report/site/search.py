"""The pages of an edition → the index of the search in each language.

It is a script that a page loads when the search is opened. Deals that are more than a ``PIECE`` come in scripts of
their own, which are loaded one after the other once something is looked for.

The index is the text itself, and ``assets/search.js`` looks for exact substrings in it, after NFKC and lower
case. That takes a few milliseconds, and it finds what tokenising misses: Chinese has no spaces, and an index of words
that a program has guessed (observed: Pagefind 1.5.2) finds 回收 on 160 pages but 回收率, which holds it, on 2 of them.
Scripts, because a page opened from disk may not fetch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import pandas as pd

from npl_report.files.writing import as_json
from npl_report.model import Unit
from npl_report.present.localized import LocalizedEdition
from npl_report.site.figures import FIGURES, figure_index
from npl_report.site.outline import Section

INDEX = "search-index.js"
"""Name of the index in the language's folder; what does not fit into it is in ``search-index.2.js`` and so on."""
PIECE = 100_000
"""Bytes of deals in one file."""
_FILE = re.compile(rf"/(search-index(\.\d+)?|{FIGURES.removesuffix('.js')})\.js$")

CHAPTER, TABLE, BANK, DEAL = range(4)

Row = tuple[str | int, ...]
"""(kind, address, title, where, text, other names …).

Addresses start from the language's folder, and one with an anchor is a section of a chapter; ``where`` is that chapter,
or what a deal is. Titles in the other languages are among the names.
"""

Chapters = Mapping[str, Sequence[Section]]


def search_indexes(
    by_language: Mapping[str, LocalizedEdition], said: Mapping[str, Sequence[Section]]
) -> dict[str, bytes]:
    """The index of every language by the paths of its files in the edition's folder; ``said``: what pages say.

    With what is told of figures (``FIGURES``), which is made of the same names.
    """
    chapters = {language: _said_in_chapters(localized, said) for language, localized in by_language.items()}
    made: dict[str, bytes] = {}
    for language, localized in by_language.items():
        others = {other: chapters[other] for other in by_language if other != language}
        rows = [
            *_chapters(localized, chapters[language], {by_language[other]: parts for other, parts in others.items()}),
            *_tables(localized, [by_language[other] for other in others], said),
            *_banks(localized),
        ]
        index = index_files(_words(localized), rows, list(_deals(localized)))
        made |= {f"{language}/{name}": data for name, data in index.items()}
        made[f"{language}/{FIGURES}"] = figure_index(localized)
    return made


def is_index(path: str) -> bool:
    """Whether a file of the edition is one of an index."""
    return _FILE.search(path) is not None


def index_files(words: Mapping[str, object], rows: Sequence[Row], deals: Sequence[Row]) -> dict[str, bytes]:
    """The files of one language by name: the first says how many there are, and has deals that are one piece."""
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
    contents = [{"words": words, "files": 1 + len(pieces), "rows": first}, *({"rows": piece} for piece in pieces)]
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
        "dot": words["ui.dot"],
        "kinds": [words["search.chapter"], words["search.table"], words["search.bank"], words["search.deal"]],
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
        drawn = [str(there.words["chart.title"]) for there in (entry, *abroad)] if entry.table.chart else []
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


def _others(name: str, names: Sequence[str]) -> list[str]:
    """The names that are not ``name``, each once."""
    return [other for other in dict.fromkeys(names) if other and other != name]
