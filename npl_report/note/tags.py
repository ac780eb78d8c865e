"""The structure tree of a printed PDF, put right for those who listen to it.

Whole tables whose heads say what they head, one link a link, nothing read twice.

WeasyPrint (70) writes a table on three pages as three tables with three heads, header cells without scope, a line of
the contents as three links with every dot between, and running heads that hang on no branch. ``note_sources`` runs
inside WeasyPrint, while page boxes and structure elements are both at hand; ``repair`` works on the file.

Sources: ISO 32000-1 (PDF 1.7), 14.6–14.9; ISO 14289-1 (PDF/UA-1), 7.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, product
from typing import Any

import pikepdf

_SCOPES = {"col": "/Column", "colgroup": "/Column", "row": "/Row", "rowgroup": "/Row"}
_ORDER = {"/THead": 0, "/TBody": 1, "/TFoot": 2}
_REPEATING = {"/THead", "/TFoot"}
_REPEATED, _COSMETIC = "/Pagination", "/Layout"  # types of artifacts
_AROUND_CELL = ({"/TR"}, set(_ORDER), {"/Table"})
_POINTS = 0.75  # points a CSS pixel, the unit inside WeasyPrint's pages
_MARK = re.compile(rb"/\w+\s<</MCID (\d+)>>\sBDC")
_HEIGHT = re.compile(rb"([\d.-]+) Tm\s")  # of a line of text, in pixels from the top


def note_sources(document: Any, pdf: Any) -> None:
    """Write on structure elements what only the page boxes know.

    A ``finisher``, which WeasyPrint calls before it writes the file. Cells, rows, groups and tables get the number of
    the HTML element that they print (/Source, until ``repair``), so that the parts of one table have one number. Header
    cells get the HTML's scope, links their text as description, formulas their kind; the annotations of leaders are
    marked as such (/Leader).
    """
    numbers: dict[Any, int] = {}
    formulas, wrappers = set(), []
    stack: list[tuple[Any, tuple[Any, ...]]] = [(page._page_box, ()) for page in reversed(document.pages)]  # noqa: SLF001 -- boxes are reached no other way
    while stack:
        box, above = stack.pop()
        element = box.element
        if (cell := getattr(box, "mark", None)) is not None:
            if scope := _SCOPES.get(element.get("scope", "")):
                cell["A"]["Scope"] = scope
            _number(cell, (element, *above), numbers, pdf)
        if (link := getattr(box, "link_annotation", None)) is not None:
            if box.is_leader:
                link["Leader"] = "true"
            link["Contents"].string = " ".join("".join(element.itertext()).split()) or link["Contents"].string
        if box.element_tag == "table" and box.is_table_wrapper:
            wrappers.append(element)
        if box.element_tag == "img" and "formula" in element.get("class", "").split():
            formulas.add(element.get("alt"))
        stack += [(child, (element, *above[:2])) for child in reversed(getattr(box, "children", ()))]
    nodes = [item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/StructElem"]
    for node in nodes:
        if node["S"] == "/Figure" and "Alt" in node and node["Alt"].string in formulas:
            node["S"] = "/Formula"
    tables = [node for node in nodes if node["S"] == "/Table"]
    # in the same order; a caption alone on its page has no cell that would number its table
    if len(tables) == len(wrappers):
        for table, element in zip(tables, wrappers, strict=True):
            table["Source"] = numbers.setdefault(element, len(numbers))


def _number(cell: Any, elements: tuple[Any, ...], numbers: dict[Any, int], pdf: Any) -> None:
    """Number a cell, its row, its group and its table.

    ``elements``: what they print, in this order; ``numbers``: those given so far.
    """
    nodes = [cell]
    for kinds in _AROUND_CELL:
        node = pdf.objects[int(nodes[-1]["P"].split()[0])]
        if node["S"] not in kinds:
            return  # a cell outside a table
        nodes.append(node)
    for node, element in zip(nodes, elements, strict=True):
        node["Source"] = numbers.setdefault(element, len(numbers))


@dataclass(frozen=True, eq=False, slots=True)
class Area:
    """The reference to an annotation: where a link can be clicked."""

    item: Any


@dataclass(eq=False, slots=True)
class Node:
    """A structure element at work.

    ``kids``: elements, areas, and the numbers (MCID) of content on its ``page`` (from 0; -1 if it names none).

    ``source``: the number of the HTML element, if that is part of a table.
    """

    item: Any
    kind: str
    page: int
    source: int | None
    parent: Node | None
    kids: list[Node | Area | int] = field(default_factory=list)
    changed: bool = False

    @property
    def elements(self) -> list[Node]:
        """The kids that are elements."""
        return [kid for kid in self.kids if isinstance(kid, Node)]

    def nodes(self) -> list[Node]:
        """This element and all below it, in reading order."""
        found, waiting = [], [self]
        while waiting:
            found.append(waiting.pop())
            waiting += reversed(found[-1].elements)
        return found

    def take(self, kids: Sequence[Node | Area | int], place: int) -> None:
        """Put kids of another element here; content among them is of the same page."""
        self.kids[place:place] = kids
        self.changed = True
        for kid in kids:
            if isinstance(kid, Node):
                kid.parent = self
                kid.item.P = self.item

    def leave(self) -> None:
        """Go out of the tree, with the elements above that held nothing else."""
        if self.parent is not None and self in self.parent.kids:
            self.parent.kids.remove(self)
            self.parent.changed = True
            if not self.parent.kids:
                self.parent.leave()


def repair(pdf: pikepdf.Pdf) -> None:
    """Put the structure tree right, in place.

    What it does not hold becomes an artifact; ids are counted in reading order, whatever WeasyPrint took them from.
    """
    root = pdf.Root.StructTreeRoot
    tree = _read(root, None, {page.obj.objgen: number for number, page in enumerate(pdf.pages)})
    artifacts: dict[tuple[int, int], str] = {}
    first: dict[int | None, Node] = {}
    for table in [node for node in tree.nodes() if node.kind == "/Table" and node.source is not None]:
        _join(table, first, artifacts)
    for link in [node for node in tree.nodes() if node.kind == "/Link"]:
        _unite(link, artifacts)
    for item in [node for node in tree.nodes() if node.kind == "/LI"]:
        _embody(item, pdf)
    ids: list[Any] = []
    heights = [float(page.mediabox[3]) for page in pdf.pages]
    for node in tree.nodes():
        if node.kind == "/Table":
            _describe(node, ids)
        elif node.kind in {"/Figure", "/Formula"}:
            _frame(node, heights[node.page])
        if node.source is not None:
            del node.item["/Source"]
        if node.changed:
            node.item.K = pikepdf.Array([kid if isinstance(kid, int) else kid.item for kid in node.kids])
    if ids:
        names = chain.from_iterable((item.ID, item) for item in ids)
        root.IDTree = pikepdf.Dictionary(Names=pikepdf.Array(names))
    _connect(tree, pdf, artifacts)


def _read(item: Any, parent: Node | None, pages: dict[tuple[int, int], int]) -> Node:
    page = item.get("/Pg")
    node = Node(item, str(item.get("/S", "")), -1 if page is None else pages[page.objgen], item.get("/Source"), parent)
    for kid in item.get("/K", ()):
        if isinstance(kid, int):
            node.kids.append(kid)
        else:
            node.kids.append(_read(kid, node, pages) if "/S" in kid else Area(kid))
    return node


def _join(part: Node, first: dict[int | None, Node], artifacts: dict[tuple[int, int], str]) -> None:
    """Move what a later part of a table (of its groups, rows, cells) holds to the ``first`` part.

    Heads and feet that are printed again become artifacts.
    """
    whole = first.setdefault(part.source, part)
    for kid in tuple(part.kids):
        source = kid.source if isinstance(kid, Node) else None
        if isinstance(kid, Node) and kid.kind in _REPEATING and source in first:
            _drop(kid, _REPEATED, artifacts)
            continue
        if whole is not part and source not in first:
            part.kids.remove(kid)
            whole.take([kid], len(whole.kids))
        if isinstance(kid, Node) and source is not None:
            _join(kid, first, artifacts)
    if whole is not part:
        part.leave()
    if whole.kind == "/Table":
        caption = [kid for kid in whole.elements[:1] if kid.kind == "/Caption"]  # otherwise it stands last
        whole.kids = [
            *caption,
            *sorted(whole.elements[len(caption) :], key=lambda kid: _ORDER.get(kid.kind, len(_ORDER))),
        ]


def _unite(link: Node, artifacts: dict[tuple[int, int], str]) -> None:
    """Merge the links inside a link into it, and leave out the areas in it, which lie in its own.

    The dots of a leader become artifacts.
    """
    for node in reversed(link.nodes()[1:]):
        areas = [kid for kid in node.kids if isinstance(kid, Area)]
        if any("/Leader" in area.item.Obj for area in areas):
            _drop(node, _COSMETIC, artifacts)
        elif areas:
            node.kids = [kid for kid in node.kids if not isinstance(kid, Area)]
            node.changed = True
        if node.kind == "/Link" and node.parent and node in node.parent.kids:
            node.parent.take(node.kids, node.parent.kids.index(node))
            node.leave()


def _embody(item: Node, pdf: pikepdf.Pdf) -> None:
    """Put what an item of a list holds beside its mark into a body, of which a list item has one (14.8.4.3.3).

    WeasyPrint writes none around paragraphs.
    """
    loose = [kid for kid in item.kids if not isinstance(kid, Node) or kid.kind not in {"/Lbl", "/LBody"}]
    if not loose:
        return
    body = next((kid for kid in item.elements if kid.kind == "/LBody"), None)
    if body is None:
        made = pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.LBody, P=item.item)
        if "/Pg" in item.item:
            made.Pg = item.item.Pg
        body = Node(pdf.make_indirect(made), "/LBody", item.page, None, item)
        item.kids.append(body)
    item.kids = [kid for kid in item.kids if kid not in loose]
    item.changed = True
    body.take(loose, len(body.kids))


def _drop(node: Node, kind: str, artifacts: dict[tuple[int, int], str]) -> None:
    """Take an element out of the tree and note what to call its content."""
    for part in node.nodes():
        artifacts |= {(part.page, kid): kind for kid in part.kids if isinstance(kid, int)}
    node.leave()


def _describe(table: Node, ids: list[Any]) -> None:
    """Give every header cell its scope and an id, every other cell the ids of its headers.

    These are those of its row, then those of its columns above it.
    """
    taken: set[tuple[int, int]] = set()
    of_row: defaultdict[int, list[Any]] = defaultdict(list)
    of_column: defaultdict[int, list[Any]] = defaultdict(list)
    rows: list[tuple[str, Node]] = []
    for group in table.elements:
        if group.kind in _ORDER:
            rows += ((group.kind, row) for row in group.elements)
    for number, (kind, row) in enumerate(rows):
        column = 0
        data: list[tuple[Any, range]] = []
        for cell in row.elements:
            facts = cell.item.A
            while (number, column) in taken:
                column += 1
            columns = range(column, column + int(facts.get("/ColSpan", 1)))
            lines = range(number, number + int(facts.get("/RowSpan", 1)))
            taken |= set(product(lines, columns))
            if cell.kind == "/TD":
                data.append((facts, columns))
                continue
            cell.item.ID = pikepdf.String(f"s{len(ids):06d}")
            ids.append(cell.item)
            if "/Scope" not in facts:
                facts.Scope = pikepdf.Name.Column if kind == "/THead" else pikepdf.Name.Row
            heads, spanned = (of_column, columns) if facts.Scope == "/Column" else (of_row, lines)
            for place in spanned:
                heads[place].append(cell.item.ID)
        for facts, columns in data:
            headers = [*of_row[number], *chain.from_iterable(of_column[place] for place in columns)]
            if headers:
                facts.Headers = pikepdf.Array({bytes(head): head for head in headers}.values())
            elif "/Headers" in facts:
                del facts["/Headers"]


def _frame(figure: Node, height: float) -> None:
    """Put a figure's frame in points from the foot of the page, as 14.8.5.4.3 wants.

    WeasyPrint leaves it in pixels from the top.
    """
    left, top, right, bottom = (float(side) * _POINTS for side in figure.item.A.BBox)
    figure.item.A.BBox = pikepdf.Array(
        [Decimal(f"{side:.3f}") for side in (left, height - bottom, right, height - top)]
    )


def _connect(tree: Node, pdf: pikepdf.Pdf, artifacts: dict[tuple[int, int], str]) -> None:
    """Lead from content and annotations back to the elements that hold them (14.7.4.4).

    Content that none holds is called an artifact, such an annotation removed.
    """
    holders: list[dict[int, Any]] = [{} for _ in pdf.pages]
    links: dict[int, Any] = {}
    for node in tree.nodes():
        for kid in node.kids:
            if isinstance(kid, int):
                holders[node.page][kid] = node.item
            elif isinstance(kid, Area):
                links[int(kid.item.Obj.StructParent)] = node.item
    index: list[Any] = []
    for number, page in enumerate(pdf.pages):
        count = len(pdf.Root.StructTreeRoot.ParentTree.Nums[2 * number + 1])
        index += [number, pikepdf.Array([holders[number].get(place) for place in range(count)])]
        loose = {place: artifacts.get((number, place), "") for place in range(count) if place not in holders[number]}
        if loose:
            _call_artifacts(page, loose)
        if "/Annots" in page:
            page.Annots = pikepdf.Array(
                [item for item in page.Annots if "/StructParent" not in item or int(item.StructParent) in links]
            )
    for place, item in sorted(links.items()):
        index += [place, item]
    pdf.Root.StructTreeRoot.ParentTree = pdf.make_indirect(pikepdf.Dictionary(Nums=pikepdf.Array(index)))


def _call_artifacts(page: pikepdf.Page, loose: dict[int, str]) -> None:
    """Mark stretches of a page's content as artifacts of their type.

    Without one they are a running head or foot (ISO 14289-1, 7.8), whichever half of the page they stand in.
    """
    data = page.Contents.read_bytes()
    middle = float(page.mediabox[3]) / _POINTS / 2

    def renamed(match: re.Match[bytes]) -> bytes:
        kind = loose.get(int(match.group(1)))
        if kind is None:
            return match.group()
        if not kind:
            text = _HEIGHT.search(data, match.end(), data.index(b"EMC", match.end()))
            kind = _REPEATED + (
                "" if text is None else " /Subtype /Header" if float(text.group(1)) < middle else " /Subtype /Footer"
            )
        return f"/Artifact\n<</Type {kind}>>\nBDC".encode()

    page.Contents.write(_MARK.sub(renamed, data))
