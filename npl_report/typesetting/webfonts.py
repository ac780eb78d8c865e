"""Characters that pages show → the fonts of the site, cut so that a page loads little, and the rules that name them.

A browser loads a file of a family only if the page shows a character of its ``unicode-range``. The Latin letters are
files of their own, which every page loads; Chinese comes in slices, those characters first that most pages show. So a
page in another language loads of Chinese only what it shows of it, such as the names of languages, which are a slice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from npl_report.files.hashing import digest
from npl_report.files.sealed import reused
from npl_report.typesetting.fonts import (
    BOLD,
    FACES,
    LATIN_ONLY,
    MATH,
    Face,
    as_woff2,
    cut,
    made_from,
    subset,
    with_spaces,
)

FIRST_CJK = "\u2e80"
_FIRST_CJK = ord(FIRST_CJK)
SLICE = 40
"""Characters of Chinese in a file."""
_LATIN, _MARKS, _BLANK = "NPL Latin", "NPL Marks", "NPL Blank"
_FEATURES = {
    FACES[0].family: ("halt", "chws"),
    _LATIN: ("kern", "liga", "ccmp", "mark"),
    MATH.family: ("ssty",),
}
"""What browsers use: the space of Chinese punctuation, pairs and marks of letters, small forms for indices."""
_LETTERS = frozenset((*range(0x20, 0x7F), *range(0xA0, 0xB7), *range(0xB8, 0x250), 0x2013, 0x2212))
"""What every language takes from the Latin letters."""
_NARROW = frozenset((0xB7, *range(0x2014, 0x2027)))
"""Marks that Chinese writes in full width: other languages take their narrow forms from the Latin letters."""
_CHINESE = frozenset(range(_FIRST_CJK, 0x10000))
"""For these NPL Blank keeps the place, as wide as they will be, until they are there: else lines break anew."""
_TIMES_OVER = {0xD7, 0xF7}
_UNFORMAL = frozenset((*range(0xC0, 0x250), *range(0x2010, 0x2027), *range(0x2100, 0x2200), *range(0x2500, _FIRST_CJK)))
"""What stands in no formula: accents, marks of sentences, arrows, frames."""
_ITALICS = frozenset((0x210E, *range(0x1D434, 0x1D468), *range(0x1D6FC, 0x1D71C)))
"""What a browser makes of a letter that is a variable (MathML Core, ``math-auto``)."""
_STANDINS = (
    ("NPL Stand-in", 400, ("Arial", "Liberation Sans"), "103.9%"),
    ("NPL Stand-in", 700, ("Arial Bold", "Liberation Sans Bold"), "102.5%"),
    ("NPL Serif Stand-in", 600, ("Times New Roman Bold", "Liberation Serif Bold"), "103.3%"),
)
"""Fonts of systems, as wide as ours, so that no line breaks elsewhere once ours are there.

The factors are the widths of the sample's English prose in our font and in theirs.
"""


@dataclass(frozen=True)
class _File:
    """A file of a face with its characters.

    ``families``: under which it goes, and for which of them each; for all, if none are named. ``spaces`` are characters
    for which it has a space.
    """

    name: str
    face: Face
    signs: frozenset[int]
    families: tuple[tuple[str, frozenset[int]], ...]
    spaces: frozenset[int] = frozenset()

    def rules(self) -> Iterator[str]:
        """What a style sheet says of it."""
        display = "optional" if self.face == MATH else "swap"  # formulas would grow under the reader's eyes
        for family, shown in self.families:
            source = f'url("{self.name}") format("woff2")'
            yield _rule(family, self.face.weight, source, shown, f"font-display: {display}; ")

    def made(self, whole: bytes, cache: Path) -> bytes:
        """The file; ``whole``: its face with all characters that pages show."""
        features = _FEATURES.get(self.face.family)

        def cut_out() -> bytes:
            data = subset(whole, self.signs, features) if features else whole
            return as_woff2(with_spaces(data, self.spaces) if self.spaces else data)

        mark = digest(repr((digest(whole), made_from(), sorted(self.signs), sorted(self.spaces))).encode())[:32]
        return reused(cache / "fonts" / f"{mark}.woff2", cut_out)


@dataclass(frozen=True)
class Shown:
    """Characters of a page, or of a group of them, and those of them that it may set in bold type."""

    signs: str
    bold: str = ""


def web_fonts(pages: Sequence[Shown], abroad: str, cache: Path) -> tuple[dict[str, bytes], str]:
    """The files by name, and their rules, for pages (or groups of them, in their order) that show these characters.

    ``abroad``: what of Chinese is read by those who read other languages, so that it comes in a file of its own.
    """
    signs = _by_use([page.signs for page in pages])
    bold = dict.fromkeys([*_by_use([page.bold for page in pages]), *signs])
    latin = frozenset(sign for sign in signs if sign < _FIRST_CJK)
    files = [
        _File(f"{MATH.name}.woff2", MATH, (latin - (_UNFORMAL - _TIMES_OVER)) | _ITALICS, ((MATH.family, frozenset()),))
    ]
    for face in FACES:
        if face.family in LATIN_ONLY:
            files.append(_File(f"{face.name}.woff2", face, latin, ((face.family, frozenset()),)))
            continue
        slices = list(_slices(list(bold) if face.weight > BOLD else signs, latin - _LETTERS, abroad))
        files += [_letters(face, latin, slices), *_chinese(face, slices)]
    whole: dict[Face, bytes] = {}
    for file in files:
        if file.face not in whole:
            shown = frozenset().union(*(other.signs for other in files if other.face == file.face))
            whole[file.face] = cut(file.face, frozenset(map(chr, shown)), cache)
    rules = [*chain.from_iterable(file.rules() for file in files), *(_standin(*of) for of in _STANDINS)]
    return {file.name: file.made(whole[file.face], cache) for file in files}, "\n".join(rules) + "\n"


def _by_use(pages: Sequence[str]) -> list[int]:
    """Characters, those of most pages first, and of as many pages those together that a page brings."""
    seen: dict[int, list[int]] = {}
    for number, page in enumerate(pages):
        for sign in frozenset(page):
            seen.setdefault(ord(sign), []).append(number)
    return sorted(seen, key=lambda sign: (-len(seen[sign]), seen[sign][0], sign))


def _slices(signs: Sequence[int], marks: frozenset[int], abroad: str) -> Iterator[frozenset[int]]:
    """Marks that are no letters, what is read abroad, and the rest in its order."""
    chinese = [sign for sign in signs if sign >= _FIRST_CJK]
    first = [sign for sign in chinese if chr(sign) in abroad]
    rest = [sign for sign in chinese if chr(sign) not in abroad]
    for part in (marks, first, *(rest[at : at + SLICE] for at in range(0, len(rest), SLICE))):
        if part:
            yield frozenset(part)


def _letters(face: Face, latin: frozenset[int], slices: Sequence[frozenset[int]]) -> _File:
    """The Latin letters of a face; of the regular one, which pages load first, with spaces for Chinese."""
    letters = replace(face, family=_LATIN)
    families: tuple[tuple[str, frozenset[int]], ...] = ((_LATIN, _LETTERS), (_MARKS, _NARROW))
    spaces = frozenset[int]()
    if face.weight < BOLD:
        spaces = frozenset(sign for sign in frozenset().union(*slices) if sign >= _FIRST_CJK)
        families = (*families, (_BLANK, _CHINESE))
    return _File(f"{letters.name}.woff2", letters, latin | {0x3000}, families, spaces)


def _chinese(face: Face, slices: Sequence[frozenset[int]]) -> Iterator[_File]:
    for number, part in enumerate(slices):
        yield _File(f"{face.name}-{number}.woff2", face, part, ((face.family, part),))


def _rule(family: str, weight: int, source: str, shown: Iterable[int], more: str = "") -> str:
    weights = f"{BOLD} {weight}" if weight > BOLD else "400 700" if family == _BLANK else str(weight)
    ranges = _ranges(sorted(shown))
    return f'@font-face {{ font-family: "{family}"; src: {source}; font-weight: {weights}; {more}' + (
        f"unicode-range: {ranges}; }}" if ranges else "}"
    )


def _standin(family: str, weight: int, names: Iterable[str], size: str) -> str:
    source = ", ".join(f'local("{name}")' for name in names)
    return _rule(family, weight, source, _LETTERS, f"size-adjust: {size}; ")


def _ranges(signs: Sequence[int]) -> str:
    """Code points as a style sheet has them."""
    spans: list[list[int]] = []
    for sign in signs:
        if spans and sign == spans[-1][1] + 1:
            spans[-1][1] = sign
        else:
            spans.append([sign, sign])
    return ", ".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in spans)
