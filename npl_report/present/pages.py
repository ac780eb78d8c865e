"""A page of prose (.qmd with Jinja) → the generated .qmd.

That is pandoc markdown in which tables, figures and numbers stand as raw HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

import jinja2
from markupsafe import Markup, escape

from npl_report.findings.telling import Telling
from npl_report.load.pictures import FOLDER, report_folder, shown_in, wrong_pictures
from npl_report.model import Chapter, Dataset, Figure, InputError, Problem, nearest
from npl_report.present.chapters import ChapterText
from npl_report.present.claims import Claims
from npl_report.present.localized import LocalizedEdition
from npl_report.present.placing import check_placed
from npl_report.present.printed import Cell
from npl_report.present.reconciliation import LEFT_OUT, reconciliation_counts
from npl_report.present.revisionviews import Revisions
from npl_report.present.vintagepanels import vintage_panels
from npl_report.text.binding import BindingError
from npl_report.text.lint import body_start, hand_typed
from npl_report.text.magnitudes import unclaimed
from npl_report.text.prose import prose_environment, render_text, unbroken
from npl_report.text.spans import SPAN, misplaced, numbered

Medium = Literal["site", "print"]
REVISIONS = ("summary", "brief", "front", "causes", "notable", "tables", "restatements", "editions")
"""Parts of the page of revisions."""

_RAW = re.compile(r"`([^`\n]*)`\{=html\}")
"""A piece of HTML in a line of markdown: a figure, or a link."""
_UNSAID = Markup("")
_LISTS = ("deals", "originators")
"""Folders of the site whose index lists every deal and every bank; the note has no such pages."""


@dataclass(frozen=True)
class Page:
    """A generated page: front matter values and markdown body, and the ``source`` that it was made from.

    ``headline`` is what the page found, in a sentence, and ``deck`` the figures of it: HTML, empty if the prose says
    none. In print both stand in the body. ``findings`` are those of its figures, by table; ``warnings``: what its
    author should look at.
    """

    key: str
    title: str
    description: str
    markdown: str
    source: str = ""
    headline: Markup = _UNSAID
    deck: Markup = _UNSAID
    findings: Mapping[str, Markup] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()


def script_path(picture: str) -> str:
    """Path in the edition's folder of the script from which pages load the specification of a picture."""
    return f"assets/charts/{picture}.js"


@dataclass(frozen=True)
class Panel:
    """One picture of a figure: its file's ``name`` without ending, its SVG and the interactive specification (JSON).

    ``narrow`` is the SVG for phones, empty where the other has room there. All three are empty in print; ``title`` is
    empty for the only picture. Pages load the specification from ``script``.
    """

    name: str
    title: str
    svg: str = ""
    narrow: str = ""
    spec: str = ""

    @property
    def script(self) -> str:
        """Path of the specification's script in the edition's folder."""
        return script_path(self.name)


@dataclass(frozen=True)
class PlacedChart:
    """What a figure prints.

    ``beside`` puts its panels beside each other where there is room, otherwise they stand below each other; ``absent``
    is the sentence in place of a figure that cannot be drawn. ``finding`` is what it shows of these data, in a sentence
    above its title: HTML, empty where the prose says none.
    """

    key: str
    label: str
    title: str
    alt: str
    panels: tuple[Panel, ...]
    beside: bool
    absent: str = ""
    finding: Markup = _UNSAID

    def found(self, finding: Markup) -> PlacedChart:
        """The figure under what it shows; one that is absent shows nothing."""
        return self if self.absent else replace(self, finding=finding)


class Pages:
    """Generates the pages of one language for one medium.

    Without ``figures`` the text is checked all the same, and no chart stands in it.
    """

    def __init__(
        self,
        localized: LocalizedEdition,
        templates: jinja2.Environment,
        medium: Medium,
        figures: Mapping[str, PlacedChart],
        revisions: Revisions | None = None,
    ) -> None:
        self._localized = localized
        self._templates_ = templates
        self._medium = medium
        self._figures = figures
        self._past = revisions
        self._prose = prose_environment()
        self._number = templates.get_template("html/_partials/number.html").render
        self._placed: dict[str, list[str]] = {}
        self._chapter, self._again = "", 0
        self._said: dict[str, Markup] = {}
        self._findings: dict[str, Markup] = {}
        self._claims: Claims  # of the page that is being made

    def page(self, chapter: Chapter) -> Page:
        """Check and generate one chapter; every table and figure of the chapter must be placed exactly once."""
        text = self._localized.chapters[chapter.key]
        head = text.source[: body_start(text.source)]
        if wrong := [
            *hand_typed(text.source, text.shown),
            *misplaced(head, text.shown),
            *wrong_pictures(text.source, report_folder(), self._localized.language, text.shown),
        ]:
            raise InputError(wrong)
        self._begin(chapter)
        context = self._context()
        contract = self._localized.contract
        said = contract(render_text(self._prose, numbered(text.body), context, text.shown))
        body = self._with_pictures(unbroken(self._claims(said)).lstrip("\n"))
        if text.draft:
            body = f"{self._block('draft')}\n{body}"
        check_placed(chapter, text.shown, self._placed, self._localized.entries)
        description = contract(render_text(self._prose, text.description, context, text.shown))
        return Page(
            *(chapter.key, text.title, description, body, text.source),
            headline=self._said.get("headline", _UNSAID),
            deck=self._said.get("deck", _UNSAID),
            findings=self._findings,
            warnings=self._claims.done() + self._unclaimed(chapter, text),
        )

    def _begin(self, chapter: Chapter) -> None:
        """Nothing is placed or said on a page before it is made."""
        self._placed, self._said, self._findings = {"table": [], "chart": []}, {}, {}
        self._chapter, self._again = chapter.key, 0
        self._claims = Claims(self._localized, self._localized.chapters[chapter.key].shown)

    def _context(self) -> dict[str, Any]:
        """What the prose of a page may use."""
        context = self._localized.context(self._localized.binding(self._frame)) | self._helpers()
        context |= {
            "medium": self._medium,
            "has_ledger": bool(self._localized.reconciled),
            "last_edition": self._past.comparison.edition if self._past and self._past.comparison else "",
        }
        return context | {"finding": Telling(self._localized.language, context)}

    def _unclaimed(self, chapter: Chapter, text: ChapterText) -> tuple[Problem, ...]:
        """Words of magnitude without a claim, on pages of findings: those that the note prints and that have tables."""
        found = chapter.note and (chapter.tables or chapter.cover)
        return tuple(unclaimed(text.source, text.shown, self._localized.words)) if found else ()

    def _with_pictures(self, body: str) -> str:
        """The text with its pictures as figures."""
        render, at, parts = self._templates_.get_template("html/_partials/picture.html").render, 0, []
        for match, picture in shown_in(body, report_folder(), self._localized.language):
            src = f"../{FOLDER}/{picture.name}" if self._medium == "site" else f"npl:{picture.name}"
            html = render(picture=picture, src=src)
            parts += [body[at : match.start()], f"\n```{{=html}}\n{html.strip()}\n```\n"]
            at = match.end()
        return "".join([*parts, body[at:]])

    def _frame(self, text: str, raw: str, table: str, row: str, column: str) -> str:
        """A number in prose: a data element that leads to its passport."""
        return _inline(self._marked(text, raw, table, row, column))

    def _marked(self, text: str, raw: str, table: str, row: str, column: str) -> str:
        """A number as its cell, on the site leading to its place on its table's page."""
        page = self._localized.where(table, row, column) if self._medium == "site" else ""
        return self._number(cell=Cell(text, raw, Figure.of(table, row, column), page))

    def _helpers(self) -> dict[str, Callable[..., Any]]:
        return {
            "table": self._table,
            "chart": self._chart,
            "ref": lambda key: self._reference(key, "table"),
            "figref": lambda key: self._reference(key, "figure"),
            "link": self._link,
            "has_page": self._has_page,
            "headline": partial(self._say, "headline"),
            "deck": partial(self._say, "deck"),
            "tile": self._tile,
            "callout": lambda text: f"\n::: {{.callout-note}}\n{text}\n:::\n" if text else "",
            "vintage_panels": self._vintage_panels,
            "since": self._since,
            "tie_out": lambda: self._block(
                "tie_out",
                rows=self._localized.reconciliation_rows(),
                counts=reconciliation_counts(self._localized.reconciled, self._localized.words),
                left_out=sum(item.verdict in LEFT_OUT for item in self._localized.reconciled),
            ),
            "revisions": self._revisions,
            "before": self._before,
            "data_dictionary": lambda: self._block(
                "data_dictionary", resources=self._localized.package.resources, units=self._units()
            ),
            "data_files": lambda: self._block(
                "data_files",
                resources=self._localized.package.resources,
                restricted=self._localized.restricted,
                rows={name: len(getattr(self._localized.data, name)) for name in Dataset.PARTS},
            ),
        }

    def _units(self) -> dict[str, str]:
        """What the language calls units of the data; others stand as the description has them."""
        code, words = self._localized.market.currency.code, self._localized.words
        scales = {f"{code} {scale}": str(words[f"term.{code.lower()}_{scale}"]) for scale in ("mn", "thousand")}
        times = {name: str(words[f"term.{name}_unit"]) for name in ("months", "years")}
        return scales | times | {"fraction": str(words["term.fraction"])}

    def _block(self, partial: str, **values: Any) -> str:
        html = self._templates_.get_template(f"html/_partials/{partial}.html").render(
            words=self._localized.words, language=self._localized.language, medium=self._medium, **values
        )
        return f"\n```{{=html}}\n{html.strip()}\n```\n"

    def _revisions(self, part: str) -> str:
        if part not in REVISIONS:
            raise BindingError(f"the page of revisions has no part {part!r}", nearest(part, REVISIONS))
        return self._block("revisions", part=part, revisions=self._past) if self._past else ""

    def _before(self, table: str, row: str, column: str) -> str:
        """What the last edition printed for a number; empty without one."""
        self._known(table)
        return self._past.comparison.before(table, row, column) if self._past and self._past.comparison else ""

    def _table(self, key: str, *, again: bool = False) -> str:
        """A table in its place, or ``again`` where it stands a second time: references lead to the first."""
        self._known(key)
        view = self._localized.entries[key].view
        block = self._block("table", view=view, passport=f"tables/{key}.html", home=False, up="")
        if not again:
            self._placed["table"].append(key)
            return block
        self._again += 1
        return re.sub(rf'"(tbl|cap)-{key}"', rf'"\g<1>-{key}-again-{self._chapter}-{self._again}"', block)

    def _chart(self, key: str, said: str = "", caller: Callable[[], str] | None = None) -> str:
        """A figure; its finding is what is ``said`` with it, or what it is called around."""
        self._known(key)
        self._placed["chart"].append(key)
        self._drawn(key)
        if finding := self._told(said, caller):
            self._findings[key] = _html(self._claims(finding, alone=False))
        figure = self._figures.get(key)
        return (
            self._block(
                "figure",
                figure=figure.found(self._findings.get(key, _UNSAID)),
                sources=self._localized.entries[key].view.sources,
                passport=f"tables/{key}.html",
                up="",
            )
            if figure
            else ""
        )

    def _reference(self, key: str, kind: str) -> str:
        self._known(key)
        if kind == "figure":
            self._drawn(key)
        entry = self._localized.entries[key]
        text = (
            entry.view.label
            if kind == "table"
            else str(self._localized.words["ui.figure_label"]).format(n=entry.figure)
        )
        if kind == "table" and key in self._localized.series.supporting:  # it stands on its passport page only
            return self._anchor(f"tables/{key}", "", text) if self._medium == "site" else _inline(text)
        return self._anchor(entry.chapter, f"{'tbl' if kind == 'table' else 'fig'}-{key}", text)

    def _link(self, page: str, text: str, anchor: str = "") -> str:
        if page in _LISTS:
            return self._anchor(f"{page}/index", "", text) if self._has_page(page) else text
        if not self._has_page(page):
            raise TypeError(
                f"link to {page!r}: this edition does not have the page yet; "
                f"guard the link with {{% if has_page({page!r}) %}}"
            )
        return self._anchor(page, f"{page}-{anchor}" if anchor and self._medium == "print" else anchor, text)

    def _has_page(self, page: str) -> bool:
        """Whether this edition has the chapter, or this medium the list; an unknown key is an error."""
        if page in _LISTS:
            return self._medium == "site" and (page != "deals" or self._localized.deal_pages)
        here, later = (
            {chapter.key for chapter in chapters}
            for chapters in (self._localized.series.chapters, self._localized.series.later)
        )
        if page not in here | later | {*self._localized.series.without}:
            known = f"{', '.join(sorted(here | later))} and the lists {', '.join(_LISTS)}"
            raise TypeError(
                f"there is no page {page!r}; there are {known}; prose of a chapter that the series does without "
                f"needs its key in without of report/series.toml"
            )
        return page in here

    def _anchor(self, page: str, anchor: str, text: str) -> str:
        """A link as raw HTML: in print all pages are one, and pandoc would prefix the anchor with this page's name."""
        target = f"#{anchor or page}" if self._medium == "print" else f"{page}.html{'#' + anchor if anchor else ''}"
        return _inline(self._templates_.get_template("html/_partials/link.html").render(target=target, text=text))

    def _say(self, name: str, said: str = "", caller: Callable[[], str] | None = None) -> str:
        """What stands above a page, in place of its title; in print it opens the text."""
        text = self._told(said, caller)
        self._said[name] = _html(self._claims(text, alone=False))
        return f"\n::: {{.{name}}}\n{text}\n:::\n" if text and self._medium == "print" else ""

    def _told(self, said: str, caller: Callable[[], str] | None) -> str:
        """What is said, or what a block of prose says, in one line; empty where its guards let nothing through."""
        return self._localized.contract(" ".join((caller() if caller else said).split()))

    def _tile(self, table: str, row: str, column: str, caption: str, *details: str) -> str:
        """A key figure, what it counts, and what else is to be said of it; empty details are left out."""
        binding = self._localized.binding(self._marked)
        number = Markup(binding.n(table, row, column))  # noqa: S704 -- made by our own template
        return self._block(
            "tile", number=number, caption=caption, details=[_html(detail) for detail in details if detail]
        )

    def _since(self, table: str, row: str, column: str) -> str:
        """By how much a number has changed since the last edition, in words; empty without one, or if it is new."""
        self._known(table)
        return self._past.comparison.since(table, row, column) if self._past and self._past.comparison else ""

    def _vintage_panels(self) -> str:
        """Actual recovery against the forecast by year of issue, a small picture a class; empty in print."""
        panels = vintage_panels(self._localized) if self._medium == "site" else ()
        return self._block("vintages", panels=panels) if panels else ""

    def _known(self, key: str) -> None:
        later = [
            chapter.key for chapter in self._localized.series.later if key in (*chapter.tables, *chapter.supporting)
        ]
        if later:
            raise TypeError(
                f"{key!r} belongs to a chapter that this edition does not have yet; "
                f"guard it with {{% if has_page({later[0]!r}) %}}"
            )
        if key not in self._localized.entries:
            raise BindingError(
                f"no table {key!r} is listed in report/series.toml", nearest(key, list(self._localized.entries))
            )

    def _drawn(self, key: str) -> None:
        if not self._localized.entries[key].figure:
            raise BindingError(
                f"the table {key!r} has no chart",
                nearest(key, [key for key, entry in self._localized.entries.items() if entry.figure]),
            )


def _html(text: str) -> Markup:
    """A line of plain text with claims, in which figures and links stand as raw HTML → HTML."""
    text = SPAN.sub(
        lambda span: f'`<span class="claim" data-that="{escape(span[2])}">`{{=html}}{span[1]}`</span>`{{=html}}', text
    )
    parts = _RAW.split(text)
    return Markup("").join(Markup(part) if at % 2 else escape(part) for at, part in enumerate(parts))  # noqa: S704 -- made by our own templates


def _inline(html: str) -> str:
    return f"`{html.strip()}`{{=html}}"
