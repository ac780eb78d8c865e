"""The structure tree of a PDF, read, and the rules that it must keep: each returns what is wrong."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf

# Reading the tree


def kids(item: Any) -> list[Any]:
    return list(item.get("/K", ()))


def inner(item: Any, kind: str = "") -> list[Any]:
    """The elements right below one, of a kind."""
    return [
        kid
        for kid in kids(item)
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid and str(kid.S) == (kind or str(kid.S))
    ]


def tree(item: Any) -> Iterator[Any]:
    """All elements below one, in reading order."""
    for kid in inner(item):
        yield kid
        yield from tree(kid)


def elements(pdf: pikepdf.Pdf, *kinds: str) -> list[Any]:
    return [item for item in tree(pdf.Root.StructTreeRoot) if item.S in kinds]


def rows(table: Any) -> list[Any]:
    return [row for group in inner(table) for row in inner(group, "/TR")]


def contents(item: Any, pages: dict[Any, int]) -> list[tuple[int, int]]:
    """Page and number of all marked content below an element, in reading order."""
    found = []
    for kid in kids(item):
        if isinstance(kid, int):
            found.append((pages[item.Pg.objgen], kid))
        elif "/S" in kid:
            found += contents(kid, pages)
    return found


def numbers(pdf: pikepdf.Pdf) -> dict[Any, int]:
    return {page.obj.objgen: number for number, page in enumerate(pdf.pages)}


def ids(cells: list[Any]) -> list[str]:
    return [bytes(cell.ID).decode() for cell in cells]


def headers(cell: Any) -> list[str]:
    return [bytes(name).decode() for name in cell.A.get("/Headers", ())]


# The rules: each returns what is wrong


def parents(pdf: pikepdf.Pdf) -> list[str]:
    """Every element knows the one that holds it (7.1-12), and stands once in the tree."""
    root = pdf.Root.StructTreeRoot
    wrong = [
        f"{kid.S} does not know its parent"
        for item in (root, *tree(root))
        for kid in inner(item)
        if kid.P.objgen != item.objgen
    ]
    counted = Counter(item.objgen for item in tree(root))
    return wrong + [
        f"element {place} stands {count} times in the tree" for place, count in counted.items() if count > 1
    ]


def marks(pdf: pikepdf.Pdf) -> list[str]:
    """All that is painted is an artifact or tagged, never both (7.1-1 to 3).

    What is tagged leads to the element that holds it, and back.
    """
    wrong = []
    holders = {
        (numbers(pdf)[item.Pg.objgen], kid): item
        for item in tree(pdf.Root.StructTreeRoot)
        for kid in kids(item)
        if isinstance(kid, int)
    }
    leading = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    index = dict(zip(map(int, leading[::2]), leading[1::2], strict=True))
    painting = {"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "EI"}
    for number, page in enumerate(pdf.pages):
        open_: list[Any] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "BDC" | "BMC":
                    if open_:
                        wrong.append(f"page {number}: {operands[0]} inside {open_[-1]}")
                    open_.append(operands)
                    if operands[0] != "/Artifact":
                        mark = int(operands[1].MCID)
                        holder = holders.pop((number, mark), None)
                        if holder is None or index[int(page.obj.StructParents)][mark].objgen != holder.objgen:
                            wrong.append(f"page {number}: content {mark} is lost")
                case "EMC":
                    open_.pop()
                case paint if paint in painting and not open_:
                    wrong.append(f"page {number}: {paint} paints outside marks")
    for page in pdf.pages:
        leads = index[int(page.obj.StructParents)]
        wrong += [
            f"{place} of a page leads to an element without it"
            for place, item in enumerate(leads)
            if item is not None and place not in kids(item)
        ]
    return wrong + [f"{place} is held by {item.S}, but stands on no page" for place, item in holders.items()]


def annotations(pdf: pikepdf.Pdf) -> list[str]:
    """Every annotation is a link in a Link (7.18.5-1) with a description (7.18.5-2), and no Link stands in another."""
    leading = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    index = dict(zip(map(int, leading[::2]), leading[1::2], strict=True))
    wrong = [
        f"annotation {place}: not in its Link"
        for place, item in index.items()
        if place >= len(pdf.pages) and not any("/Obj" in kid for kid in kids(item) if not isinstance(kid, int))
    ]
    for page in pdf.pages:
        for item in page.get("/Annots", ()):
            holder = index[int(item.StructParent)]
            if holder.S != "/Link" or item.objgen not in {
                kid.Obj.objgen for kid in kids(holder) if not isinstance(kid, int) and "/Obj" in kid
            }:
                wrong.append("an annotation is not held by a Link")
            if not str(item.get("/Contents", "")).strip():
                wrong.append("an annotation without description")
    return wrong + [
        f"{item.S} in a Link" for link in elements(pdf, "/Link") for item in tree(link) if item.S == "/Link"
    ]


def tables(pdf: pikepdf.Pdf) -> list[str]:
    """Tables are regular (7.2-3 to 16, 36 to 43).

    Every header cell has a scope and an id, and every other cell knows its headers (7.5).
    """
    allowed = {
        "/Table": {"/Caption", "/THead", "/TBody", "/TFoot"},
        "/THead": {"/TR"},
        "/TBody": {"/TR"},
        "/TFoot": {"/TR"},
        "/TR": {"/TH", "/TD"},
    }
    wrong = [
        f"{kid.S} in {item.S}"
        for item in elements(pdf, *allowed)
        for kid in inner(item)
        if str(kid.S) not in allowed[str(item.S)]
    ]
    for table in elements(pdf, "/Table"):
        groups = [str(group.S) for group in inner(table)]
        if (
            re.fullmatch(
                r"(/Caption )?(/THead )?(/TBody )+(/TFoot )?(/Caption )?", "".join(f"{group} " for group in groups)
            )
            is None
            or groups.count("/Caption") > 1
        ):
            wrong.append(f"a table of {groups}")
        cells = [cell for row in rows(table) for cell in inner(row)]
        heads = [cell for cell in cells if cell.S == "/TH"]
        wrong += [
            f"a header cell with {dict(cell.A)}"
            for cell in heads
            if cell.A.O != "/Table" or cell.A.get("/Scope") not in {"/Column", "/Row"} or "/ID" not in cell
        ]
        wrong += [
            f"a cell with headers {headers(cell)}"
            for cell in cells
            if cell.S == "/TD" and not (cell.A.O == "/Table" and set(headers(cell)) <= set(ids(heads)))
        ]
        filled: defaultdict[int, set[int]] = defaultdict(set)
        for number, row in enumerate(rows(table)):
            column = 0
            for cell in inner(row):
                while column in filled[number]:
                    column += 1
                width, height = int(cell.A.get("/ColSpan", 1)), int(cell.A.get("/RowSpan", 1))
                for line in range(number, number + height):
                    if filled[line] & set(range(column, column + width)):
                        wrong.append("cells overlap")
                    filled[line] |= set(range(column, column + width))
        if len(filled) != len(rows(table)) or len({frozenset(line) for line in filled.values()}) != 1:
            wrong.append("a table that is not rectangular")
    return wrong


def lists(pdf: pikepdf.Pdf) -> list[str]:
    """A list holds items, an item a label and a body (7.2-17 to 20)."""
    allowed = {"/L": {"/L", "/LI", "/Caption"}, "/LI": {"/Lbl", "/LBody"}}
    return [
        f"{kid.S} in {item.S}"
        for item in elements(pdf, *allowed)
        for kid in inner(item)
        if str(kid.S) not in allowed[str(item.S)]
    ]


def figures(pdf: pikepdf.Pdf) -> list[str]:
    """Figures and formulas have words (7.3-1, 7.7-1), and a frame that stands on their page."""
    wrong = [
        f"{item.S} without words" for item in elements(pdf, "/Figure", "/Formula") if not str(item.get("/Alt", ""))
    ]
    for item in elements(pdf, "/Figure", "/Formula"):
        left, foot, right, top = map(float, item.A.BBox)
        _, _, width, height = map(float, item.Pg.MediaBox)
        if not (0 <= left < right <= width and 0 <= foot < top <= height):
            wrong.append(f"{item.S} is framed at {left}, {foot}, {right}, {top}")
    return wrong


def headings(pdf: pikepdf.Pdf) -> list[str]:
    """H1 comes first, and no level is left out on the way down (7.4.2-1)."""
    levels = [0] + [
        int(str(item.S)[2:]) for item in tree(pdf.Root.StructTreeRoot) if re.fullmatch(r"/H[1-6]", str(item.S))
    ]
    return [
        f"heading {place}: H{level} after H{before}"
        for place, (before, level) in enumerate(pairwise(levels))
        if level > before + 1
    ]


def described(pdf: pikepdf.Pdf) -> list[str]:
    """Language, title (7.1-9, 10; 7.2-29) and nothing left of the marks that lead from the HTML to the tree."""
    wrong = [] if re.fullmatch(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*", str(pdf.Root.get("/Lang"))) else ["no language"]
    if not pdf.Root.ViewerPreferences.DisplayDocTitle or not pdf.open_metadata().get("dc:title"):
        wrong.append("no title")
    return wrong + [
        f"{key} is left"
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary)
        for key in ("/Source", "/Leader")
        if key in item
    ]


RULES = (parents, marks, annotations, tables, lists, figures, headings, described)
