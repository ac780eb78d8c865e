"""Claims in markdown: ``[Recovery has risen every year]{.claim that="rises …"}``.

A source is numbered before it is rendered, so that each claim knows its line; found are the claims of the rendered
text: one in a condition that does not hold is not there, one in a loop is there each time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from npl_report.model import Problem

_CLASS = re.compile(r"(\{(?![%{]|##)[^{}]*?(?<![\w-])\.claim)(?![\w-])")
_TOKEN = re.compile(
    r"(?P<code>^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[`~]*[ \t]*$|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<formula>\$\$.+?\$\$|(?<!\\)\$(?=\S)[^$\n]*(?<=\S)\$(?!\d))"
    r"|(?P<sign>\\.)|(?P<open>\[)|(?P<close>\])|(?P<end>\n[ \t]*\n)"
    r"|(?P<claim>\{[^{}]*?(?<![\w-])\.claim(?![\w-])(?:[^{}]|\{\{.*?\}\})*\})"
    r"|(?P<loose>\{[^{}]*?(?<![\w-])\.claim(?![\w-])(?: line=\d+)?)",
    re.DOTALL | re.MULTILINE,
)
_THAT = re.compile(r"(?<![\w-])that\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_LINE = re.compile(r" line=(\d+)(?!\S*[\"'])")
_NUMBERED = re.compile(r"(\.claim) line=\d+")
_HTML = re.compile(r"`([^`\n]*)`\{=html\}")
_TAG = re.compile(r"<[^>]*>")
SPAN = re.compile(r"\[([^\[\]]*)\]\{\.claim data-that=\"([^\"]*)\"\}")
"""A claim as pandoc takes it, in a line without other brackets."""
_FORM = 'write [the sentence]{.claim that="highest table/column is row"}'
_BROKEN: dict[str, tuple[str, str]] = {
    "unopened": ("no bracket opens the claim", _FORM),
    "unclosed": ("no bracket closes the claim before its attributes", _FORM),
    "endless": ("the attributes of the claim are not closed", f"{_FORM}, with }} at its end"),
    "nested": ("a claim stands inside a claim", "close the inner one before the outer begins, or make one of them"),
    "silent": ("the claim does not say what it rests on", _FORM),
    "empty": ("what the claim rests on is empty", _FORM),
    "quotes": ("what the claim rests on stands in no straight quotes", _FORM),
}


@dataclass(frozen=True)
class Span:
    """A claim in a text: its sentence, what it rests on, whether a bound figure or reference is ``near``."""

    line: int | None
    sentence: str
    that: str
    near: bool = True


@dataclass
class Claimed:
    """A text as pandoc takes it, its claims and what is wrong with how they are written."""

    text: str
    spans: list[Span] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def numbered(source: str) -> str:
    """A source in which each claim has the number of its line among its attributes; nothing else changes."""
    return _CLASS.sub(lambda match: f"{match[1]} line={source.count(chr(10), 0, match.end()) + 1}", source)


def sentence(text: str) -> str:
    """Markdown as a reader reads it: the text of figures and links, without line ends."""
    return " ".join(unescape(_TAG.sub("", _HTML.sub(r"\1", text))).split())


def claimed(text: str, shown: str) -> Claimed:
    """The rendered text with its claims; in it each carries what it rests on as ``data-that``."""
    if ".claim" not in text:
        return Claimed(text)
    found = Claimed(text)
    opened: list[int] = []
    closed: list[tuple[int, int]] = []
    done: list[int] = []
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup if token.lastgroup not in ("fence", "ticks") else "code"
        if kind == "end":
            opened, closed, done = [], [], []
        elif kind == "open":
            opened.append(token.start())
        elif kind == "close":
            closed.append((opened.pop() if opened else -1, token.end()))
        elif kind in ("claim", "loose"):
            start = next((start for start, end in closed[-1:] if end == token.start()), None)
            fault = _fault(kind, start, done, token.group())
            said = text[start + 1 : token.start() - 1] if start is not None and start >= 0 else token.group()
            line = _line(token.group())
            if fault:
                rule, fix = _BROKEN[fault]
                found.problems.append(Problem(shown, line, value=sentence(_plain(said)), rule=rule, fix=fix))
            else:
                that = " ".join(_that(token.group()).split())
                found.spans.append(Span(line, sentence(_plain(said)), that, near=_near(text, token.start())))
            done += [start] if start is not None else []
    found.text = _carried(text)
    return found


def _fault(kind: str, start: int | None, done: list[int], attributes: str) -> str:
    """What is wrong with how a claim is written; empty if nothing is."""
    if start is None:
        return "unclosed"
    if start < 0:
        return "unopened"
    if kind == "loose":
        return "endless"
    if any(other > start for other in done):
        return "nested"
    if "that" not in _NUMBERED.sub(r"\1", attributes):
        return "silent"
    if not _THAT.search(attributes):
        return "quotes"
    return "" if _that(attributes).strip() else "empty"


def _that(attributes: str) -> str:
    found = _THAT.search(attributes)
    return (found[1] or found[2] or "") if found else ""


def _line(attributes: str) -> int | None:
    found = _LINE.search(attributes)
    return int(found[1]) if found else None


def _plain(text: str) -> str:
    return _NUMBERED.sub(r"\1", text)


def _carried(text: str) -> str:
    """The text without numbers of lines, and with ``data-that`` for ``that``, which HTML does not know."""
    return _TOKEN.sub(_attributes, text)


def _attributes(token: re.Match[str]) -> str:
    if not token["claim"]:
        return _plain(token.group())
    return _THAT.sub(lambda that: f'data-that="{" ".join((that[1] or that[2] or "").split())}"', _plain(token.group()))


def _near(text: str, place: int) -> bool:
    """Whether the paragraph at that place holds a figure or reference, which stands there as HTML."""
    start = text.rfind("\n\n", 0, place)
    end = text.find("\n\n", place)
    return "{=html}" in text[start + 1 : None if end < 0 else end]


def misplaced(text: str, shown: str) -> list[Problem]:
    """A claim where none is judged: in the head of a page, or in words of a table."""
    found = _CLASS.search(text)
    fix = "move it into the prose of the chapter"
    return [Problem(shown, value=found[0], rule="a claim stands where it is not judged", fix=fix)] if found else []


def outside(source: str) -> str:
    """The source with its claims blanked, line ends kept: what is said without one."""
    for start, end in _places(source):
        source = source[:start] + blank(source[start:end]) + source[end:]
    return source


def silent(source: str) -> str:
    """The source with what its claims rest on blanked: the attributes, which hold numbers, and names of the page."""
    return _TOKEN.sub(lambda token: blank(token.group()) if token["claim"] else token.group(), source)


def blank(text: str) -> str:
    """As many blanks, and the same line ends."""
    return re.sub(r"[^\n]", " ", text)


def _places(source: str) -> Iterator[tuple[int, int]]:
    """Where claims stand."""
    opened: list[int] = []
    closed = (-1, -1)
    for token in _TOKEN.finditer(source):
        if token["end"]:
            opened = []
        elif token["open"]:
            opened.append(token.start())
        elif token["close"] and opened:
            closed = opened.pop(), token.end()
        elif token["claim"] and closed[1] == token.start():
            yield closed[0], token.end()
