"""What the templates receive: strings only, in documented dataclasses."""

from __future__ import annotations

from dataclasses import dataclass

from npl_report.present.views import Evidence, TableView


@dataclass(frozen=True)
class Link:
    """A link with its words; ``href`` is empty for what has no page of its own."""

    href: str
    title: str
    current: bool = False


@dataclass(frozen=True)
class LanguageLink:
    """The same page in a language; ``switch`` is the sentence that offers it, in that language."""

    href: str
    tag: str
    name: str
    switch: str
    current: bool


@dataclass(frozen=True)
class Shell:
    """What surrounds every page. ``root`` leads to the edition's folder, ``home`` to the front page, ``note`` to the PDF (empty if none)."""

    kind: str
    title: str
    description: str
    root: str
    home: str
    note: str
    charts: bool
    languages: tuple[LanguageLink, ...]
    chapters: tuple[Link, ...]


@dataclass(frozen=True)
class Anchor:
    """A heading on the same page."""

    id: str
    text: str


@dataclass(frozen=True)
class PageContext:
    """A chapter. ``front`` marks the front page; ``body`` is HTML."""

    title: str
    body: str
    front: bool
    contents: tuple[Anchor, ...]
    previous: Link | None
    next: Link | None


@dataclass(frozen=True)
class PassportContext:
    """A table's passport. ``table``, ``figure``, ``definition`` and ``sample`` are HTML; ``example`` is one number's row/column."""

    view: TableView
    summary: str
    table: str
    figure: str
    definition: str
    sample: str
    evidence: Evidence
    chapter: Link
    inputs: tuple[Link, ...]
    users: tuple[Link, ...]
    downloads: tuple[Link, ...]
    example: str


@dataclass(frozen=True)
class CatalogueItem:
    """A table in the list of all tables."""

    label: str
    title: str
    summary: str
    href: str


@dataclass(frozen=True)
class CatalogueChapter:
    """The tables of a chapter in the list of all tables."""

    title: str
    href: str
    entries: tuple[CatalogueItem, ...]


@dataclass(frozen=True)
class NotePart:
    """A chapter of the PDF note; ``body`` is HTML, ``headings`` its second-level headings."""

    key: str
    title: str
    body: str
    headings: tuple[Anchor, ...]
