"""What may stand in a name that is printed, and in an id that names a file."""

from __future__ import annotations

import re
import unicodedata
from itertools import product

_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Co", "Cs", "Cn"})
"""Unicode categories of control and format characters, line and paragraph separators, and of code points that are no
characters."""
_SELECTORS = {chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | _SELECTORS
"""Of the other categories those that show nothing: joiners, fillers, selectors of a variant."""
_UNNAMED = {
    "Cc": ", a control character",
    "Co": ", of private use",
    "Cs": ", half of a character",
    "Cn": ", no character",
}
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = 64  # of a file's 255 bytes; the rest is for endings and for what stands before the id
_DEVICES = frozenset(
    {"aux", "con", "nul", "prn", *(f"{port}{number}" for port, number in product(("com", "lpt"), range(10)))}
)
"""Names that Windows keeps for devices, whatever ending a file of that name has."""
ID_RULE = (
    f"an id must be small letters and digits, parted by single hyphens, at most {_LONGEST} of them, and no name "
    "that Windows keeps for a device (con, aux, nul, com1 …)"
)


def hidden(text: str) -> str:
    """The first character that a reader cannot see, as ``U+202E RIGHT-TO-LEFT OVERRIDE``; empty if there is none."""
    if text.isprintable() and _BLANK.isdisjoint(text):  # nearly always
        return ""
    found = next((char for char in text if unicodedata.category(char) in _HIDDEN or char in _BLANK), "")
    return _named(found) if found else ""


def odd_blank(text: str) -> str:
    """A blank between words that is no single ordinary space, as ``U+3000 IDEOGRAPHIC SPACE`` or ``two spaces``.

    The answer is empty if there is none.
    """
    found = next((char for char in text if char.isspace() and char != " "), "")
    return _named(found) if found else "two spaces in a row" if "  " in text else ""


def looks(text: str) -> str:
    """The form in which names that look alike are the same: compatibility forms, capitals and blanks do not count."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def uncapitalised(name: str) -> str:
    """A name that is no proper one, as it stands inside a sentence; an abbreviation at its head stays as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def capitalised(name: str) -> str:
    """A name as it stands at the head of a sentence."""
    return name[:1].upper() + name[1:]


def is_id(text: str) -> bool:
    """Whether it may name a file and a page on every system."""
    return len(text) <= _LONGEST and _ID.fullmatch(text) is not None and text not in _DEVICES


def _named(char: str) -> str:
    return f"U+{ord(char):04X}{_UNNAMED.get(unicodedata.category(char), ' ' + unicodedata.name(char, ''))}"
