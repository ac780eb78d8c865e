"""Pictures in prose: ``![what it shows](pictures/yard.jpg "caption"){width=60%}``, alone in a paragraph.

The file lies in ``report/<language>/pictures/``, or for all languages in ``report/pictures/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from npl_report.files.owned import owned
from npl_report.load.imagefiles import KINDS, wrong_image
from npl_report.model import Problem

FOLDER = "pictures"
LARGEST = 5 * 10**6
"""Bytes of a picture, which every reader of its page loads."""
_WIDTHS = frozenset(f"{number}%" for number in range(10, 101, 10))
_FENCED = re.compile(r"^(```+|~~~+).*?^\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(
    r"!\[(?P<alt>[^\]]*)\]\((?P<path>[^)\s]*)(?:\s+[\"“](?P<caption>[^\"”)]*)[\"”])?\)(?:\{(?P<how>[^}]*)\})?"
)


@dataclass(frozen=True)
class Picture:
    """A picture as prose has it; ``name`` is that of its file among the edition's, ``width`` in per cent."""

    file: Path
    name: str
    alt: str
    caption: str
    width: int


def report_folder() -> Path:
    """``report/`` of the project whose things are used."""
    return (owned().root or Path()) / "report"


def pictures(report: Path, language: str) -> dict[str, Path]:
    """Names of the pictures that pages of a language may show, and their files."""
    found: dict[str, Path] = {}
    for folder, before in ((report / FOLDER, ""), (report / language / FOLDER, f"{language}-")):
        for path in sorted(folder.glob("*")):
            if path.is_file() and path.suffix.lower() in KINDS and not path.name.startswith("."):
                found[f"{before}{path.name}"] = path
    return found


def shown_in(text: str, report: Path, language: str) -> Iterator[tuple[re.Match[str], Picture]]:
    """The pictures of a text that has been found sound, and where they stand."""
    for match in _images(text):
        yield match, _picture(match, report, language)


def wrong_pictures(text: str, report: Path, language: str, shown: str) -> Iterator[Problem]:
    """What is wrong with the pictures of a text."""
    for match in _images(text):
        row = text.count("\n", 0, match.start()) + 1
        if told := _wrong(match, text, report, language):
            yield Problem(shown, row, None, match["path"], *told)


def _images(text: str) -> Iterator[re.Match[str]]:
    """Every picture outside blocks of code and of HTML, which are the program's own."""
    plain = _FENCED.sub(lambda block: re.sub(r"[^\n]", " ", block[0]), text)
    return PICTURE.finditer(plain)


def _picture(match: re.Match[str], report: Path, language: str) -> Picture:
    own = report / language / match["path"]
    file = own if own.is_file() else report / match["path"]
    how = re.search(r"width=\"?(\d+)%", match["how"] or "")
    name = f"{language}-{file.name}" if file == own else file.name
    return Picture(file, name, match["alt"].strip(), (match["caption"] or "").strip(), int(how[1]) if how else 100)


def _wrong(match: re.Match[str], text: str, report: Path, language: str) -> tuple[str, str] | None:
    """(rule, what to do) for a picture that cannot be shown."""
    path, how = match["path"], (match["how"] or "").strip()
    line = text[text.rfind("\n", 0, match.start()) + 1 :].partition("\n")[0].strip()
    if not re.fullmatch(rf"{FOLDER}/[^/\\]+", path):
        rule, fix = "only pictures of the project are shown", f"put the file into report/{FOLDER}/"
        return rule, f"{fix} and write {FOLDER}/name.png"
    if not match["alt"].strip():
        return "a picture needs words for who cannot see it", f"write what it shows: ![…]({path})"
    if line != match[0].strip():
        return "a picture stands alone in its paragraph", "put it on a line of its own, with an empty line around it"
    if re.search(r"\d", match["caption"] or ""):
        return "a caption holds no figures", "write the figure in a sentence beside the picture, bound to its table"
    if how and not (how.startswith("width=") and how.removeprefix("width=").strip('"') in _WIDTHS):
        return f"cannot be set with {{{how}}}", "write {width=60%}, a whole ten up to 100%, or nothing"
    there = ", ".join(sorted(path.name for path in (report / FOLDER).glob("*")))
    missing = f"put it into report/{FOLDER}/, where there is {there or 'none'}"
    return wrong_image(_picture(match, report, language).file, report, LARGEST, missing)
