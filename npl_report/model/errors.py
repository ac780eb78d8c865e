"""What can be wrong with the input, as values.

Every message says where, what was found, what was expected, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches

_SHOWN = 12  # names that a message lists


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that the user can put right.

    ``row`` is the line number in the file (the header is line 1), as an editor or a spreadsheet counts it.
    """

    file: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    rule: str = ""
    fix: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        found = "" if self.value is None else f": found {self.value!r}"
        text = f"{place}{found}: {self.rule}" if self.rule else f"{place}{found}"
        return f"{text}\n    → {self.fix}" if self.fix else text

    def as_dict(self) -> dict[str, str | int | None]:
        """The problem as JSON prints it."""
        return asdict(self)


class InputError(Exception):
    """All problems of one input together; nothing has been written. Exit code 1."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DefinitionError(Exception):
    """A table, a template context or a registry entry breaks its own contract: our bug, found at import or in a test.

    Exit code 3.
    """


def nearest(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """What to write for a name that does not exist: the one that looks most like it, or else what there is.

    ``otherwise`` says what to do if neither is meant.
    """
    names = list(known)
    near = get_close_matches(word, names, n=1)
    if otherwise and not names:
        return otherwise
    if near:
        return f"did you mean {near[0]}?{f' Otherwise {otherwise}' if otherwise else ''}"
    shown = f"there are {', '.join(names[:_SHOWN])}{' …' if len(names) > _SHOWN else ''}"
    return f"{shown}{f'; otherwise {otherwise}' if otherwise else ''}"
