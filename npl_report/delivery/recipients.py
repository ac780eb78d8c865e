"""A list of recipients (CSV) → values, whole or not at all.

Every problem of the file comes at once, with its row and column; of one that is no valid CSV, that alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from npl_report.load.delimited import Record, full, read_records
from npl_report.model import InputError, Problem, hidden

_REQUIRED = ("email", "name", "language")
_COLUMNS = (*_REQUIRED, "organisation")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"(?=.{{1,254}}\Z)(?=[^@]{{1,64}}@)(?!.*=\?){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")
"""A mailbox as RFC 5321, 4.1.2 has it, without quoted local parts and address literals, nor what mail programs
decode (RFC 2047); lengths of 4.5.3.1."""
LONGEST = 100
"""Characters of a name."""


@dataclass(frozen=True)
class Recipient:
    """One line of the list; ``row``: where it stands in the file."""

    email: str
    name: str
    language: str
    organisation: str = ""
    row: int | None = None


@dataclass(frozen=True)
class _Row:
    line: int
    cells: Mapping[str, str]


def is_address(text: str) -> bool:
    """Whether this is a plain e-mail address."""
    return _ADDRESS.fullmatch(text) is not None


def has_hidden(text: str) -> bool:
    """Whether a control character, a line break or an invisible character is in it.

    A header of a message must not hold them.
    """
    return bool(hidden(text))


def same_mailbox(email: str) -> str:
    """The address in the form in which doubles are the same: mail servers treat capitals alike."""
    return email.casefold()


def read_recipients(path: Path, shown: str, languages: Collection[str]) -> tuple[Recipient, ...]:
    """The recipients in the order of the file; InputError with all problems.

    ``languages``: those in which the edition has a note.
    """
    problems: list[Problem] = []
    rows = _rows(path, shown, problems)
    first: dict[str, int] = {}
    for row in rows:
        problems += _wrong(row, shown, languages)
        mailbox = same_mailbox(row.cells["email"])
        if mailbox and mailbox in first:
            problems.append(
                Problem(
                    shown,
                    row.line,
                    "email",
                    row.cells["email"],
                    f"the address stands already in row {first[mailbox]}",
                    "remove one of the two rows",
                )
            )
        first.setdefault(mailbox, row.line)
    if not rows and not problems:
        problems.append(Problem(shown, rule="names no recipient", fix="add a row for each of them below the header"))
    if problems:
        raise InputError(problems)
    return tuple(Recipient(**row.cells, row=row.line) for row in rows)


def _rows(path: Path, shown: str, problems: list[Problem]) -> list[_Row]:
    content = _content(path, shown, problems)
    records = None if content is None else read_records(content, shown, problems)
    if records is None:
        return []
    header = [name.strip() for name in records[0].cells] if records else []
    if wrong := list(_wrong_header(header, shown)):
        problems += wrong
        return []
    return [_row(record, header) for record in full(records[1:], len(header), shown, problems)]


def _row(record: Record, header: Sequence[str]) -> _Row:
    """The cells by column; nothing but blanks is taken from around them, so that a line break is seen."""
    texts = (unicodedata.normalize("NFC", cell.strip(" \t\u3000")) for cell in record.cells)
    cells = dict(zip(header, texts, strict=True))
    return _Row(record.line, {name: cells.get(name, "") for name in _COLUMNS})


def _content(path: Path, shown: str, problems: list[Problem]) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError as error:
        rule = "the file is missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"
        fix = f"give a CSV file with the columns {', '.join(_REQUIRED)} and, if wanted, organisation"
        problems.append(Problem(shown, rule=rule, fix=fix))
        return None


def _wrong_header(header: Sequence[str], shown: str) -> Iterator[Problem]:
    """Why no row below the header can be read."""
    if not any(header):
        fix = f"its first line names the columns: {','.join(_COLUMNS)}"
        yield Problem(shown, rule="the file is empty", fix=fix)
    else:
        yield from _wrong_columns(header, shown)


def _wrong_columns(header: Sequence[str], shown: str) -> Iterator[Problem]:
    """Columns that are missing, unknown, or there twice; a missing one may be misspelt."""
    strangers = [name for name in header if name not in _COLUMNS]
    missing = [name for name in _REQUIRED if name not in header]
    for name in missing:
        near = get_close_matches(name, strangers, n=1)
        fix = f"rename the column {near[0]}" if near else "add the column"
        yield Problem(shown, 1, name, rule="the column is missing", fix=fix)
    for name in strangers:
        if not get_close_matches(name, missing, n=1):
            fix = f"remove it; the columns are {', '.join(_COLUMNS)}"
            yield Problem(shown, 1, name, rule="there is no such column", fix=fix)
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Problem(shown, 1, name, rule="the header names it twice", fix="keep one of them")


def _wrong(row: _Row, shown: str, languages: Collection[str]) -> Iterator[Problem]:
    """What is wrong with the cells of one row; of a cell, the first thing."""
    for column, text in row.cells.items():
        if has_hidden(text):
            yield Problem(
                shown,
                row.line,
                column,
                text,
                "holds a line break or an invisible character",
                "type the cell anew, on one line",
            )
        elif not text and column in _REQUIRED:
            yield Problem(shown, row.line, column, text, "must not be empty", "fill it in, or remove the row")
        elif len(text) > LONGEST and column != "email":
            yield Problem(shown, row.line, column, text, f"must have at most {LONGEST} characters", "shorten it")
        elif column == "email" and not is_address(text):
            fix = (
                "write the domain in its ASCII form (xn--…)"
                if not text.isascii() and text.count("@") == 1 and text.partition("@")[0].isascii()
                else "write one address, as in name@example.org"
            )
            yield Problem(shown, row.line, column, text, "is not an e-mail address", fix)
        elif column == "language" and text not in languages:
            yield Problem(
                shown,
                row.line,
                column,
                text,
                f"must be one of {', '.join(languages)}",
                "name a language in which the edition is published",
            )
