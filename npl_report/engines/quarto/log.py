"""What Quarto says on its error stream → progress, warnings and the useful part of an error.

The forms are those of Quarto 1.9.38, kept in tests/engines/quarto/transcripts/: ``[2/3] page.qmd`` for progress,
``WARN: …`` and ``WARNING (file:line) …`` for warnings, and for errors ``ERROR: …`` with the lines below it, or the
message of pandoc or a filter alone, before a stack trace.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_PROGRESS = re.compile(r"\[\s*(\d+)/(\d+)\] (\S.*)")
_WARNING = re.compile(r"(?:WARN(?:ING)?:|WARNING \([^)]*\)|\[WARNING\])\s*(.*)")
_TRACE = re.compile(r"stack (?:trace|traceback):", re.IGNORECASE)
_FRAME = re.compile(r"\s+(?:at |\[|\S+:\d+: in |\S+\.lua)|\t")
_CRASH = re.compile(r"(?:Error running filter|ERROR\b)")
_IN_FILE = re.compile(r"[Ii]n file ([^\s,]+\.(?:qmd|ya?ml|md))")
_PROJECT_FILE = re.compile(r"\((_quarto[\w-]*\.ya?ml), (\d+):\d+\)")
_LINE = re.compile(r"\((?:line )?(\d+)(?:, columns?|:)")
_FOLLOWS = "Error encountered when rendering files"
"""What Quarto adds as a warning after the message of a page that failed."""
_UNRESOLVED = re.compile(
    r"unable to resolve|unresolved|"
    r"(?:citation|shortcode|reference|file|resource|image|figure|table|section)\b.*\bnot found|"
    r"unknown shortcode|could not (?:fetch|find)|"
    r"duplicate (?:id|note|link|reference)|missing (?:image|file|include)",
    re.IGNORECASE,
)
"""Words of warnings after which a page reads or leads wrong. Other warnings are passed on, and do not stop a build."""
_KEPT = 400
"""Lines kept for an error's message, and warnings of each kind; a flood is passed over."""
_SHOWN = 12


@dataclass(frozen=True)
class PageBegun:
    """Quarto begins with a page."""

    number: int
    total: int
    page: str


@dataclass(frozen=True)
class Warned:
    """A warning, and the page that was being rendered (empty before the first).

    ``wrong``: with it the page reads or leads wrong.
    """

    page: str
    text: str
    wrong: bool


@dataclass(frozen=True)
class Failure:
    """The useful part of an error: the file that it names, the line in it and Quarto's own lines.

    The file is the page that was being rendered if the error names none, and empty if neither is known.
    """

    file: str
    line: int | None
    text: str


class LogParser:
    """Reads the stream line by line. ``root`` is the folder that Quarto works in: paths are told from there."""

    def __init__(self, root: str = "") -> None:
        self._root = f"{root.rstrip('/')}/" if root else ""
        self.begun: PageBegun | None = None
        self._warnings: dict[bool, dict[Warned, None]] = {True: {}, False: {}}
        self.crashed = False
        """Whether an error was told, whatever the exit code is."""
        self._since: deque[str] = deque(maxlen=_KEPT)
        self._first: list[str] = []

    @property
    def page(self) -> str:
        """The page being rendered; empty before the first."""
        return self.begun.page if self.begun else ""

    @property
    def warnings(self) -> tuple[Warned, ...]:
        """Each once. Those after which a page is wrong come first: no number of harmless ones pushes them out."""
        return (*self._warnings[True], *self._warnings[False])

    def line(self, raw: str) -> None:
        """Take a line in."""
        text = _COLOUR.sub("", raw).strip("\r\n").removeprefix("\r").rstrip()
        if self._root:
            text = text.replace(self._root, "")
        progress = _PROGRESS.fullmatch(text)
        if progress:
            self.begun = PageBegun(int(progress[1]), int(progress[2]), progress[3])
            self._since.clear()
            self._first.clear()
            return
        if len(self._first) < _SHOWN * 2:
            self._first.append(text)
        else:
            self._since.append(text)
        warning = _WARNING.match(text)
        if warning and warning[1] != _FOLLOWS:
            self._warn(warning[1])
        self.crashed = self.crashed or bool(_CRASH.match(text))

    def _warn(self, text: str) -> None:
        warned = Warned(self.page, text, bool(_UNRESOLVED.search(text)))
        kept = self._warnings[warned.wrong]
        if len(kept) < _KEPT:
            kept[warned] = None

    def failure(self) -> Failure:
        """What went wrong, as far as Quarto says it."""
        lines = _useful([*self._first, *self._since])
        text = "\n".join(lines[:_SHOWN])
        config, named, at = _PROJECT_FILE.search(text), _IN_FILE.search(text), _LINE.search(text)
        if config:
            return Failure(config[1], int(config[2]), text)
        return Failure(named[1] if named else self.page, int(at[1]) if at else None, text)


def _useful(lines: list[str]) -> list[str]:
    """The lines without stack traces, empty lines, repetitions and what only says that something was said."""
    useful: list[str] = []
    tracing = False
    for line in lines:
        if _TRACE.match(line):
            tracing = True
        elif tracing and (_FRAME.match(line) or not line.strip()):
            continue
        else:
            tracing = False
            if line.strip() and line not in useful and _FOLLOWS not in line:
                useful.append(line)
    return useful
