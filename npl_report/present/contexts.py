"""What the templates receive: strings only, in documented dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from npl_report.present.evidence import Evidence
from npl_report.present.views import TableView


@dataclass(frozen=True)
class Link:
    """A link with its words; ``href`` is empty for what has no page of its own."""

    href: str
    title: str
    current: bool = False


@dataclass(frozen=True)
class Pager:
    """The way through a table or list that comes in several pages; ``told`` says what stands on this one.

    ``pages`` are those offered; None stands where some are left out.
    """

    told: str
    previous: Link | None
    next: Link | None
    pages: tuple[Link | None, ...]


@dataclass(frozen=True)
class LanguageLink:
    """The same page in a language.

    ``switch`` is the sentence that offers it, in that language; ``address`` is its absolute address, or ``href`` if
    that is not known.
    """

    href: str
    address: str
    tag: str
    locale: str
    name: str
    switch: str
    current: bool


@dataclass(frozen=True)
class Shell:
    """What surrounds every page.

    ``root`` leads to the edition's folder, ``up`` to the language's, ``note`` to the PDF (empty if none).

    ``archive`` leads to the folder that holds the editions, empty for one that is not published; ``folder`` is the
    edition's own name there, ``path`` the page in the language's folder. ``address`` and ``picture`` are the absolute
    addresses of the page and of its preview picture, empty if the series has no address; ``feed`` is that of the feed,
    or leads to it. ``headline`` is what the page found, as plain text; ``formulas``: whether
    it shows some, whose font it asks for at once.
    """

    kind: str
    title: str
    description: str
    root: str
    up: str
    note: str
    address: str
    picture: str
    charts: bool
    formulas: bool
    languages: tuple[LanguageLink, ...]
    chapters: tuple[Link, ...]
    archive: str
    folder: str
    path: str
    feed: str
    headline: str = ""


@dataclass(frozen=True)
class Anchor:
    """A heading on the same page, and the headings under it."""

    id: str
    text: str
    under: tuple[Anchor, ...] = ()


@dataclass(frozen=True)
class Citation:
    """How to cite the edition: as a sentence in the manner of the language, as BibTeX and as CSL-JSON."""

    text: str
    bibtex: str
    csl: str


@dataclass(frozen=True)
class FrontContext:
    """What the front page has beside a chapter.

    Files to take away, the figures' tie-out (None if the publication has no such chapter), and how to cite the edition.
    """

    downloads: tuple[Link, ...]
    tie_out: Link | None
    citation: Citation


@dataclass(frozen=True)
class PageContext:
    """A chapter; ``body`` is HTML. ``front`` is None but on the front page.

    ``headline`` and ``deck`` are HTML, empty if the chapter states no finding.
    """

    title: str
    lead: str
    headline: Markup
    deck: Markup
    body: str
    front: FrontContext | None
    contents: tuple[Anchor, ...]
    previous: Link | None
    next: Link | None


@dataclass(frozen=True)
class NumberHistory:
    """A number through the editions.

    ``values`` in the order of ``TableHistory.editions``, ``causes`` of its change since the last edition.
    """

    row: str
    column: str
    values: tuple[str, ...]
    causes: tuple[str, ...]


@dataclass(frozen=True)
class TableHistory:
    """A table's numbers through the editions, the oldest first and this one last; ``last`` is the one before it.

    ``lead`` says which numbers these are; ``download`` holds all (None for a new table).
    """

    editions: tuple[str, ...]
    last: str
    numbers: tuple[NumberHistory, ...]
    lead: str
    download: Link | None


@dataclass(frozen=True)
class FileGroup:
    """Files to take away that belong together."""

    title: str
    files: tuple[Link, ...]


@dataclass(frozen=True)
class PassportContext:
    """A table's passport.

    ``table``, ``figure``, ``definition`` and ``sample`` are HTML; ``example`` is one number's row/column; ``history``
    is None if no earlier edition is published; ``pager`` leads through the pages of a long table, ``evidence_pager``
    through those of its evidence (None for one page).
    """

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
    downloads: tuple[FileGroup, ...]
    example: str
    history: TableHistory | None
    contents: tuple[Anchor, ...]
    pager: Pager | None
    evidence_pager: Pager | None


@dataclass(frozen=True)
class EvidencePage:
    """A further page of a table's evidence, by its number; ``crumbs`` lead to the table and above."""

    title: str
    crumbs: tuple[Link, ...]
    evidence: Evidence
    number: int
    pager: Pager


@dataclass(frozen=True)
class PartContext:
    """A further page of a long table or list; ``table`` is HTML, ``crumbs`` lead to the first page and above."""

    title: str
    crumbs: tuple[Link, ...]
    table: str
    pager: Pager


@dataclass(frozen=True)
class CatalogueItem:
    """A table in the list of all tables."""

    label: str
    title: str
    summary: str
    href: str
    downloads: tuple[Link, ...]


@dataclass(frozen=True)
class CatalogueChapter:
    """The tables of a chapter in the list of all tables."""

    title: str
    href: str
    entries: tuple[CatalogueItem, ...]


@dataclass(frozen=True)
class NoteItem:
    """A table or a figure in the note's lists; ``id`` is its place."""

    id: str
    label: str
    title: str


@dataclass(frozen=True)
class NoteFront:
    """The front page's chapter, in pieces of HTML.

    What it found in a sentence and introduction (``lead``) and key figures stand on the cover with a ``figure``, and so
    do findings if they are ``short``; the ``rest`` comes after it.
    """

    key: str
    title: str
    lead: str
    tiles: str
    findings: str
    short: bool
    rest: str
    figure: str


@dataclass(frozen=True)
class NotePart:
    """Another chapter of the PDF note; ``body`` is HTML, ``tables`` and ``figures`` are those that stand in it.

    ``online`` are its sections that are on the site only.
    """

    key: str
    title: str
    body: str
    tables: tuple[NoteItem, ...]
    figures: tuple[NoteItem, ...]
    online: tuple[Anchor, ...]


@dataclass(frozen=True)
class FrontTile:
    """A key figure, what it counts, and what is said of it first."""

    figure: str
    caption: str
    detail: str = ""


@dataclass(frozen=True)
class ChartLine:
    """A line of text in a picture: the start of its baseline and its size in pixels."""

    text: str
    x: float
    y: float
    size: float
    colour: str
    bold: bool


@dataclass(frozen=True)
class ChartDrawing:
    """A drawing in a picture: its upper left corner, and its SVG without the outermost element."""

    x: float
    y: float
    svg: str


@dataclass(frozen=True)
class ChartContext:
    """A chart as a file of its own: what stands where in it, the family of its type and the colour of its ground.

    ``description`` says what it shows, its source and the notice on the data.
    """

    tag: str
    width: float
    height: float
    title: str
    description: str
    lines: tuple[ChartLine, ...]
    drawings: tuple[ChartDrawing, ...]
    family: str
    paper: str


@dataclass(frozen=True)
class CurveText:
    """A line of text in the picture of a deal's curve: its baseline begins, ends or has its middle at a place."""

    text: str
    x: str
    y: str
    anchor: str
    size: float
    colour: str
    bold: bool


@dataclass(frozen=True)
class CurveLine:
    """A line of it, and its points, as paths; ``dash`` is empty for one that is drawn through."""

    path: str
    points: str
    colour: str
    width: float
    dash: str


@dataclass(frozen=True)
class CurveContext:
    """The picture of a deal's curve: its size, the corner of its plot, and the paths in it with their colours.

    ``window`` is empty if there is no observation window; ``level`` is the rule at the level of coverage, ``thick`` its
    thickness.
    """

    width: int
    height: int
    left: int
    top: int
    grid: str
    window: str
    pale: str
    level: str
    thick: float
    muted: str
    lines: tuple[CurveLine, ...]
    texts: tuple[CurveText, ...]
    family: str


@dataclass(frozen=True)
class PreviewContext:
    """The picture shown where the edition's address is shared; ``headline`` and ``notice`` are broken into lines.

    ``size`` is that of the kicker, in pixels; ``sans`` is the family of its type, ``face`` that of the headline.
    """

    tag: str
    kicker: str
    size: float
    headline: tuple[str, ...]
    tiles: tuple[FrontTile, ...]
    notice: tuple[str, ...]
    notice_title: str
    sans: str
    face: str


@dataclass(frozen=True)
class BrandView:
    """What every template receives as ``brand``: the names of logos among the assets, and the foot by language."""

    logos: tuple[str, ...]
    footer: Mapping[str, str]
