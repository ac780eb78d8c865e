"""Pinned open fonts → small files under private family names, cut to the characters used.

Without its own font a PDF's Chinese text vanishes silently, and a system font of the same name changes bytes and layout
(see CONTRIBUTING.md). So the families are ours alone, nothing falls back, and a character that the font lacks is an
error.
"""

from __future__ import annotations

import functools
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from npl_report.files.sealed import reused
from npl_report.model import InputError, Problem

_SERIF = ("fontpkg_source_serif_4", "files/SourceSerif4[opsz,wght].ttf")
_SPACES = {0x09, 0x0A, 0x0D, 0xAD, 0x200B, 0xFEFF}
"""Code points that need no glyph."""


@dataclass(frozen=True)
class Face:
    """A face of a private family: where it comes from and, for a variable font, where on its axes."""

    family: str
    weight: int
    package: str
    file: str
    axes: tuple[tuple[str, float], ...] = ()

    @property
    def name(self) -> str:
        """File name without extension."""
        return f"{self.family.lower().replace(' ', '-')}-{self.weight}"


FACES = (
    Face("NPL Sans", 400, "noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"),
    Face("NPL Sans", 700, "noto_cjk_sans_jp_bold", "NotoSansCJKjp-Bold.otf"),
    Face("NPL Serif", 600, *_SERIF, (("opsz", 28.0), ("wght", 600.0))),
)
MATH = Face("NPL Math", 400, "ziamath", "fonts/STIXTwoMath-Regular.ttf")
"""STIX Two Math, with which the formulas of the notes are drawn as well."""
_FIRST_CJK = 0x2E80
_IDEOGRAPHIC_SPACE, _MANY_TO_ONE = 0x3000, 13
"""The character, and the format of a table that gives one glyph to many."""
_MIDDLE_DOT = 0xB7
"""Its mainland form is not taken: that is as wide as an ideograph, and the dot stands between Latin words as well."""
BOLD = 600
"""The least weight for which the bold face is taken."""
LATIN_ONLY = ("NPL Serif",)
"""Families for display type; their Chinese comes from NPL Sans, the next family of the stack."""
_QUALITY = 10
"""Brotli's last but one: a third of the time of the last, for files that are 1 % larger."""


def cut(face: Face, characters: frozenset[str], cache: Path) -> bytes:
    """The face with just these of the characters that it has, as OpenType.

    It is reused from ``cache`` when nothing changed.
    """
    wanted = frozenset(ord(char) for char in characters) - _SPACES
    if face.family in LATIN_ONLY:
        wanted = frozenset(code for code in wanted if code < _FIRST_CJK)
    key = hashlib.sha256(repr((face, sorted(wanted), _version(face.package), _program())).encode()).hexdigest()[:32]
    stored = cache / "fonts" / f"{face.name}-{key}.otf"
    return reused(stored, lambda: _cut(face, wanted))


def made_from() -> str:
    """What the fonts are cut from and by: a picture measured with other fonts is another picture."""
    return "".join(sorted({_version(face.package) for face in (*FACES, MATH)})) + _program()


def check_glyphs(characters: frozenset[str], shown: str) -> None:
    """Raise InputError for characters that would be missing in print: nothing stands in for our fonts there."""
    import uharfbuzz as hb

    source = hb.Face(hb.Blob.from_file_path(str(_folder(FACES[0].package) / FACES[0].file)))
    lacking = sorted(frozenset(map(ord, characters)) - _SPACES - set(source.unicodes))
    if lacking:
        named = " ".join(f"{chr(code)} (U+{code:04X})" for code in lacking[:20])
        fix = "replace the character in the prose, the words or the data that use it"
        raise InputError([Problem(shown, value=named, rule=f"the font {FACES[0].family} has no glyph for it", fix=fix)])


def subset(font: bytes, wanted: frozenset[int], features: Iterable[str]) -> bytes:
    """The font with just these characters and features, and without what fits outlines to coarse screens.

    It is of half the size then.
    """
    import uharfbuzz as hb

    plan = hb.SubsetInput()
    plan.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.DESUBROUTINIZE
    plan.sets(hb.SubsetInputSets.UNICODE).update(wanted)
    kept = plan.sets(hb.SubsetInputSets.LAYOUT_FEATURE_TAG)
    kept.clear()
    kept.update(map(_tag, features))
    plan.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(map(_tag, ("BASE", "vhea", "vmtx", "VORG")))
    plan.sets(hb.SubsetInputSets.NAME_ID).add(14)  # whose it is and where its licence is to be read stay with the font
    return bytes(hb.subset(hb.Face(hb.Blob(font)), plan).blob.data)


def with_spaces(font: bytes, signs: Iterable[int]) -> bytes:
    """The font with a space as wide as an ideograph for each of these characters."""
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

    whole, out = TTFont(io.BytesIO(font), recalcTimestamp=False, recalcBBoxes=False), io.BytesIO()
    known = dict(whole.getBestCmap())
    table = CmapSubtable.newSubtable(_MANY_TO_ONE)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.cmap = known | {sign: known[_IDEOGRAPHIC_SPACE] for sign in signs if sign not in known}
    others = [other for other in whole["cmap"].tables if (other.platformID, other.platEncID) != (3, 10)]
    whole["cmap"].tables = [*others, table]
    whole.save(out)
    return out.getvalue()


def _tag(name: str) -> int:
    return int.from_bytes(name.encode(), "big")


def as_woff2(data: bytes) -> bytes:
    """OpenType → WOFF2, for pages."""
    import brotli
    from fontTools.ttLib import TTFont, woff2

    font, out = TTFont(io.BytesIO(data), recalcTimestamp=False), io.BytesIO()
    font.flavor = "woff2"
    packed = functools.partial(brotli.compress, quality=_QUALITY)
    woff2.brotli = SimpleNamespace(**vars(brotli) | {"compress": packed})  # fontTools has no option for the quality
    try:
        font.save(out)
    finally:
        woff2.brotli = brotli
    return out.getvalue()


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package.replace("_", "-"))


@functools.cache
def _program() -> str:
    """This module and the libraries that cut and pack: fonts that earlier ones made are not taken for theirs."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest() + repr(
        [_version(name) for name in ("uharfbuzz", "fonttools", "brotli")]
    )


def _folder(package: str) -> Path:
    """Where an installed package lies; it is not imported."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise InputError(
            [
                Problem(
                    "fonts",
                    value=package,
                    rule="the package with the font is not installed",
                    fix="make report installs it; or pip install -r requirements.lock",
                )
            ]
        )
    return Path(spec.origin).parent


def _cut(face: Face, wanted: frozenset[int]) -> bytes:
    import uharfbuzz as hb
    from fontTools.ttLib import TTFont

    source = hb.Face(hb.Blob.from_file_path(str(_folder(face.package) / face.file)))
    plan = hb.SubsetInput()
    plan.sets(hb.SubsetInputSets.UNICODE).update(wanted & set(source.unicodes))
    plan.sets(hb.SubsetInputSets.NAME_ID).update({13, 14})  # the licence stays with the font
    for tag, value in face.axes:
        plan.pin_axis_location(source, tag, value)
    # the box of the whole face, in which those that are left lie too: to measure them takes nine tenths of the time
    font = TTFont(io.BytesIO(hb.subset(source, plan).blob.data), recalcTimestamp=False, recalcBBoxes=False)
    _number_glyphs(font)
    _mainland_forms(font)
    _rename(font, face)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _number_glyphs(font: Any) -> None:
    """Give each glyph of a CID-keyed CFF its own index as its CID.

    That is an identity charset, which both subsetters of the PDF engine keep. The engine codes text by glyph index and
    readers take the code for a CID, to be looked up in the charset (ISO 32000-1, 9.7.4.2). It is done before any other
    table is read, because tables refer to glyphs by these names.
    """
    if "CFF " not in font:
        return
    top = font["CFF "].cff.topDictIndex[0]
    names = [".notdef", *(f"cid{glyph:05d}" for glyph in range(1, len(top.charset)))]
    places = top.CharStrings.charStrings
    top.CharStrings.charStrings = {name: places[old] for name, old in zip(names, top.charset, strict=True)}
    top.charset = names
    font.setGlyphOrder(names)


def _mainland_forms(font: object) -> None:
    """Make the mainland forms of ``locl`` the font's own: they appear in SVG too then, where no language is known."""
    if "GSUB" not in font:  # type: ignore[operator]
        return
    table = font["GSUB"].table  # type: ignore[index]
    swaps: dict[str, str] = {}
    for script in table.ScriptList.ScriptRecord:
        for system in script.Script.LangSysRecord:
            if system.LangSysTag != "ZHS ":
                continue
            for index in system.LangSys.FeatureIndex:
                record = table.FeatureList.FeatureRecord[index]
                if record.FeatureTag == "locl":
                    for lookup in record.Feature.LookupListIndex:
                        for subtable in table.LookupList.Lookup[lookup].SubTable:
                            swaps.update(getattr(getattr(subtable, "ExtSubTable", subtable), "mapping", {}))
    for subtable in font["cmap"].tables:  # type: ignore[index]
        if hasattr(subtable, "cmap") and subtable.format in (4, 12):
            subtable.cmap = {
                code: glyph if code == _MIDDLE_DOT else swaps.get(glyph, glyph) for code, glyph in subtable.cmap.items()
            }


def _rename(font: object, face: Face) -> None:
    """Give the font its private names; a copy of the system's can then never be taken for it."""
    table = font["name"]  # type: ignore[index]
    style = "Bold" if face.weight >= BOLD else "Regular"
    keep = [record for record in table.names if record.nameID in (0, 13, 14)]  # copyright and licence
    table.names = keep
    postscript = f"{face.family.replace(' ', '')}-{style}"
    for name_id, text in (
        (1, face.family),
        (2, style),
        (3, postscript),
        (4, f"{face.family} {style}"),
        (6, postscript),
    ):
        table.setName(text, name_id, 3, 1, 0x409)
