"""A formula (MathML) → the words in which a screen reader says it, in the language of the note.

A small reader for the notation that the chapters use: fractions, roots, indices, sums, functions and cases. Words are
under ``[spoken]`` of the language; a sign that has none is said as it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from npl_report.text.words import Words

_OPENING, _CLOSING, _BAR, _SUM, _PRIME = "(", ")", "|", "∑", "′"
_MINUS = frozenset("−-")
_ADDING = _MINUS | {"+"}
_APPLY = "\u2061"  # between a function and what it is applied to: neither seen nor said
_SIGNS = {
    "=": "equals",
    "+": "plus",
    "−": "minus",
    "-": "minus",
    "×": "times",
    "⋅": "times",
    "/": "divided",
    "<": "less",
    ">": "greater",
    "≤": "at_most",
    "≥": "at_least",
    "%": "percent",
    _PRIME: "prime",
    _SUM: "sum",
}
_MARKS = {"‾": "bar", "¯": "bar", "̂": "hat", "^": "hat", "̃": "tilde", "~": "tilde"}
_FUNCTIONS = frozenset({"ln", "min", "max", "log", "exp"})
_GAP = re.compile(r"(?<=[\u2e80-\uffef]) | (?=[\u2e80-\uffef])")
"""A space beside a Chinese character, where none is written."""


def spoken(mathml: str, words: Words) -> str:
    """The words of a formula; ``words`` are those under ``[spoken]``."""
    root = ET.fromstring(mathml)  # noqa: S314 -- made by our own pandoc
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    text = re.sub(r"\s+", " ", _Reader(words).said(root)).strip()
    return re.sub(r" (?=[,.;:])", "", _GAP.sub("", text))


class _Reader:
    def __init__(self, words: Words) -> None:
        self._words = words

    def said(self, node: ET.Element) -> str:
        """An element in words."""
        kids = [kid for kid in node if kid.tag != "annotation"]
        match node.tag:
            case "mi" | "mn" | "mo" | "mtext":
                return self._named(_text(node))
            case "mfrac":
                return self._put("over", *map(self._grouped, kids))
            case "msqrt":
                return self._put("root", self._row(kids))
            case "msub" | "msup" | "msubsup":
                return self._indexed(kids[0], kids[1:], raised=node.tag == "msup")
            case "mover":
                return self._put(_MARKS.get(_text(kids[1]), "bar"), self.said(kids[0]))
            case "munder" | "munderover":
                return self._indexed(kids[0], kids[1:], raised=False)
            case "mtable":
                rows = (" ".join(self.said(cell) for cell in row) for row in kids)
                return "; ".join(row.rstrip(" ,.;") for row in rows)
            case "mspace" | "mphantom":
                return ""
            case _:
                return self._row(kids)

    def _row(self, kids: Sequence[ET.Element]) -> str:
        """Elements beside each other; a bracket after a letter holds what the letter is a function of."""
        told: list[str] = []
        open_: list[bool] = []
        bars = 0
        before = None
        line = _flat(kids)
        for place, kid in enumerate(line):
            sign = _text(kid)
            if sign == _OPENING:
                open_.append(not _is_letter(before) or not _is_argument(line[place + 1 :]))
                told.append(self._word("open" if open_[-1] else "of"))
            elif sign.startswith(_CLOSING):
                if (open_ and open_.pop()) or sign != _CLOSING:
                    told.append(self._word("close"))
                if sign != _CLOSING:  # raised to a power
                    told.append(self._raised("", kid[1]))
            elif sign == _BAR:
                bars += 1
                told.append(self._word("absolute" if bars % 2 else "close"))
            elif sign in _MINUS and (before is None or _text(before) in _SIGNS):
                told.append(self._word("negative"))
            else:
                told.append(self.said(kid))
            before = kid
        return " ".join(told)

    def _indexed(self, base: ET.Element, marks: Sequence[ET.Element], *, raised: bool) -> str:
        """A letter with what stands below and above it."""
        if _text(base) == _SUM:
            return self._put("sum_over", self.said(marks[0]))
        text = self.said(base)
        if not raised:
            text = self._put("sub", text, self.said(marks[0]))
        for mark in marks if raised else marks[1:]:
            text = self._raised(text, mark)
        return text

    def _raised(self, text: str, mark: ET.Element) -> str:
        if _text(mark) == _PRIME:
            return f"{text} {self.said(mark)}"
        return self._put("squared", text) if _text(mark) == "2" else self._put("power", text, self._row([mark]))

    def _grouped(self, node: ET.Element) -> str:
        """A part of a fraction: in brackets if it is a sum of several."""
        text = self.said(node)
        return self._put("group", text) if _ADDING & set(map(_text, node.iter())) else text

    def _named(self, text: str) -> str:
        """A letter, number, word or sign of a formula; Greek letters by their names in the language."""
        if text in _SIGNS:
            return self._word(_SIGNS[text])
        if len(text) == 1 and unicodedata.name(text, "").startswith("GREEK"):
            return self._word(unicodedata.name(text).rpartition(" ")[2].lower())
        return self._word(text) if text in _FUNCTIONS else text.replace("{", "")

    def _word(self, key: str) -> str:
        return str(self._words[key])

    def _put(self, key: str, *parts: str) -> str:
        """A word in which {a} and {b} are parts of the formula."""
        return f" {self._word(key)} ".format(a=parts[0], b=parts[-1])


def _flat(kids: Sequence[ET.Element]) -> list[ET.Element]:
    """Elements in a line, out of rows that group nothing that is seen."""
    line = []
    for kid in kids:
        line += _flat(list(kid)) if kid.tag in {"mrow", "mstyle", "semantics"} else [kid]
    return [kid for kid in line if kid.tag != "annotation" and _text(kid) != _APPLY]


def _text(node: ET.Element) -> str:
    return "".join(node.itertext()).strip()


def _is_letter(node: ET.Element | None) -> bool:
    """Whether a bracket behind it holds what it is a function of."""
    if node is None or node.tag not in {"mi", "msub", "msubsup"}:
        return False
    return _text(node) not in _SIGNS and _text(node) not in _FUNCTIONS and not _text(node).startswith(_SUM)


def _is_argument(line: Sequence[ET.Element]) -> bool:
    """Whether what stands in a bracket, which this line follows, is no sum, and the bracket is raised to no power."""
    for kid in line:
        if _text(kid).startswith(_CLOSING):
            return _text(kid) == _CLOSING
        if _text(kid) in _ADDING:
            return False
    return True
