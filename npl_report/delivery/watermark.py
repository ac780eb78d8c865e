"""A note and a line of text → the note with the line at the foot of every page.

The structure tree stays as it is, because the line is an artifact.
"""

from __future__ import annotations

import io
import tempfile
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from npl_report.typesetting.fonts import FACES, cut

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_MM = 72 / 25.4
_SIZE, _LEFT, _UP = 6.5, 18 * _MM, 6 * _MM
"""Points. ``templates/print/note.css``: pages have a margin of 18 mm at the sides, and print nothing in the lowest 9
mm."""
_GREY = "0.36 0.41 0.46"
_NAME = "/NplRecipient"
_FONT_NAME = "/NPLMRK+NPLSans-Regular"


def watermarked(pdf: bytes, line: str) -> bytes:
    """The same bytes for the same file and line.

    The font is cut to the line's characters, so that a copy says nothing of other recipients.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        font, codes, width = _font(document, line)
        forms: dict[tuple[float, ...], Any] = {}
        for page in document.pages:
            box = tuple(float(side) for side in page.mediabox)
            if box not in forms:
                forms[box] = _form(document, font, codes, width, box)
            name = page.add_resource(forms[box], pikepdf.Name.XObject, pikepdf.Name(_NAME), replace_existing=True)
            page.contents_add(b"q", prepend=True)  # the page's own content may leave its coordinates turned
            page.contents_add(f"Q\n/Artifact <</Type /Pagination /Subtype /Footer>> BDC\n{name} Do\nEMC".encode())
        out = io.BytesIO()
        document.save(
            out,
            static_id=False,
            deterministic_id=True,
            linearize=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return out.getvalue()


def _form(document: Any, font: Any, codes: str, width: float, box: tuple[float, ...]) -> Any:
    """The line as a form XObject in the coordinates of a page; made smaller if it is wider than the page allows."""
    import pikepdf

    left, bottom, right, _ = box
    size = min(_SIZE, (right - left - 2 * _LEFT) / width * 1000)
    content = f"{_GREY} rg\nBT\n/F {size:.3f} Tf\n{left + _LEFT:.3f} {bottom + _UP:.3f} Td\n<{codes}> Tj\nET\n"
    form = document.make_stream(content.encode())
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = pikepdf.Array([left, bottom, right, bottom + 2 * _UP])
    form.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    return document.make_indirect(form)


def _font(document: Any, line: str) -> tuple[Any, str, float]:
    """The embedded font, the line as its codes in hex, and the line's width in thousandths of the size.

    NPL Sans is a CID-keyed CFF font: with Identity-H a code is a CID (ISO 32000-1, 9.7.5.2), which the names of its
    glyphs hold.
    """
    import pikepdf

    source = _cut(line)
    cmap, metrics, scale = source.getBestCmap(), source["hmtx"], _scale(source)
    glyphs = [cmap[ord(char)] for char in line]
    cids = {glyph: int(glyph.removeprefix("cid")) for glyph in glyphs}
    widths = {glyph: metrics[glyph][0] * scale for glyph in cids}
    text = {cids[glyph]: char for glyph, char in zip(glyphs, line, strict=True)}
    name = pikepdf.Name(_FONT_NAME)
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType0,
        BaseFont=name,
        CIDSystemInfo=pikepdf.Dictionary(
            Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
        ),
        FontDescriptor=document.make_indirect(_descriptor(document, source)),
        DW=1000,
        W=list(chain.from_iterable((cids[glyph], [round(width)]) for glyph, width in sorted(widths.items()))),
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=name,
        Encoding=pikepdf.Name("/Identity-H"),
        DescendantFonts=[document.make_indirect(descendant)],
        ToUnicode=document.make_stream(_to_unicode(text)),
    )
    return (
        document.make_indirect(font),
        "".join(f"{cids[glyph]:04x}" for glyph in glyphs),
        sum(widths[glyph] for glyph in glyphs),
    )


def _cut(line: str) -> TTFont:
    """The regular face with the line's characters only."""
    from fontTools.ttLib import TTFont

    # not the project's cache: names of recipients do not stay
    with tempfile.TemporaryDirectory(prefix="npl-mark-") as cache:
        return TTFont(io.BytesIO(cut(FACES[0], frozenset(line), Path(cache))))


def _scale(source: TTFont) -> float:
    """Thousandths of the size that a unit of the font takes."""
    return float(1000 / source["head"].unitsPerEm)


def _descriptor(document: Any, source: TTFont) -> Any:
    """The font's measures, and its program, embedded (ISO 32000-1, 9.8)."""
    import pikepdf

    head, across, scale = source["head"], source["hhea"], _scale(source)
    program = document.make_stream(source.reader["CFF "])
    program.Subtype = pikepdf.Name.CIDFontType0C
    return pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=pikepdf.Name(_FONT_NAME),
        Flags=4,
        FontBBox=[round(side * scale) for side in (head.xMin, head.yMin, head.xMax, head.yMax)],
        ItalicAngle=0,
        Ascent=round(across.ascent * scale),
        Descent=round(across.descent * scale),
        CapHeight=733,  # of Noto Sans CJK
        StemV=80,
        FontFile3=program,
    )


def _to_unicode(text: dict[int, str]) -> bytes:
    """The CMap by which the line can be searched and read aloud (ISO 32000-1, 9.10.3).

    A block holds at most a hundred lines.
    """
    lines = [f"<{cid:04x}> <{char.encode('utf-16-be').hex()}>" for cid, char in sorted(text.items())]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    middle = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    head = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapType 2 def\n/CMapName /NPLRecipient def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
    )
    return f"{head}{middle}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n".encode()
