"""What a claim says, in a small closed language → a value.

``highest table/column is row``: a predicate, cells (``table/row/column``) or columns over rows
(``table/column``), numbers and rows. Capitals, spaces and most of the order do not count.
``npl-report guide claims`` has the list.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from fractions import Fraction

from npl_report.model import nearest
from npl_report.text.binding import BindingError
from npl_report.text.predicates import Relation

_PHRASES: dict[str, tuple[str, ...]] = {
    "above": ("above", "over", "exceeds", "more than", "greater than", "higher than"),
    "below": ("below", "under", "less than", "lower than", "fewer than"),
    "at least": ("at least",),
    "at most": ("at most",),
    "equal": ("equal", "equals", "the same as", "level"),
    "between": ("between",),
    "about": ("about", "roughly"),
    "almost": ("almost", "nearly"),
    "highest": ("highest", "largest", "longest"),
    "lowest": ("lowest", "smallest", "shortest"),
    "rank": ("rank", "ranks"),
    "rises": ("rises", "rise", "rising"),
    "falls": ("falls", "fall", "falling"),
    "overall": ("overall",),
    "doubled": ("doubled", "doubles"),
    "tripled": ("tripled", "triples"),
    "halved": ("halved", "halves"),
    "breaks": ("breaks", "break"),
    "count": ("count",),
    "share": ("share",),
    "all": ("all", "every", "each"),
    "none": ("none", "no"),
    "most": ("most",),
}
"""Keyword → how it may be written."""
_WRITTEN: dict[tuple[str, ...], str] = {}
for _key, _texts in _PHRASES.items():
    _WRITTEN |= dict.fromkeys((tuple(text.split()) for text in _texts), _key)
_LONGEST = max(map(len, _WRITTEN))
RELATIONS: tuple[Relation, ...] = ("above", "below", "at least", "at most", "equal", "between", "about", "almost")
_MOVES = ("rises", "falls")
CHANGES = {"doubled": Fraction(2), "tripled": Fraction(3), "halved": Fraction(1, 2)}
"""Factor of a change from one figure to another."""
QUANTIFIERS: dict[str, tuple[Relation, Fraction]] = {
    "all": ("equal", Fraction(1)),
    "none": ("equal", Fraction(0)),
    "most": ("above", Fraction(1, 2)),
}
"""What share of the rows a word means."""
PARTS = {
    "half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "quarter": Fraction(1, 4),
    "fifth": Fraction(1, 5),
    "two-thirds": Fraction(2, 3),
    "three-quarters": Fraction(3, 4),
    "twice": Fraction(2),
    "double": Fraction(2),
}
_ORDINALS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5}
_FILLERS = frozenset(
    (
        "is",
        "are",
        "was",
        "were",
        "the",
        "a",
        "an",
        "of",
        "in",
        "to",
        "than",
        "and",
        "with",
        "as",
        "has",
        "have",
        "been",
        "from",
        "by",
        "for",
        "on",
        "deals",
        "rows",
        "row",
        "its",
        ",",
        "=",
    )
)
_PAIRED = (
    (re.compile(r"(\d)\s*(?:%|per ?cent\b)"), r"\1%"),
    (re.compile(r"(\d)\s*(?:pp|percentage points?)\b"), r"\1pp"),
    (re.compile(r"(\d)\s*(?:bn|billion)\b"), r"\1bn"),
    (re.compile(r"(\d)\s*(?:mn|million)\b"), r"\1mn"),
    (re.compile(r"(\d)\s*(?:x|×|times)(?![\w-])"), r"\1x"),
    (re.compile(r"(\d)\s+(?:deals?|months?|days?|years?)\b"), r"\1"),
    (re.compile(r"\btwo thirds\b"), "two-thirds"),
    (re.compile(r"\bthree quarters\b"), "three-quarters"),
    (re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), ""),
)
"""Units that stand apart from their number, and what else is one sign to read."""
_ENOUGH = re.compile(r"\bwith at least (\d+) deals?\b")
_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)(%|pp|bn|mn|x)?")
_PLACE = re.compile(r"(\d+)(?:st|nd|rd|th)")
_CELL, _COLUMN = 3, 2
_TWO = "make two claims of it"
_OF_ROWS = ("among", "where", "ends")
_GOES_WITH: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("highest", "lowest"), (*_OF_ROWS, "rows")),
    **dict.fromkeys(_MOVES, (*_OF_ROWS, "overall")),
    **dict.fromkeys(CHANGES, ("ends", "where", "amount")),
    "breaks": ("where", "among", "at", "amount"),
    "count": (*_OF_ROWS, "amount", "quantity"),
    "compare": ("where", "among", "amount", "rows"),
}
"""Predicate → which parts of a claim mean something with it."""
_SAID = {
    "among": "among",
    "where": "where",
    "ends": "from … to …",
    "at": "at",
    "overall": "overall",
    "amount": "a number or relation",
    "quantity": "how many rows",
    "rows": "the name of a row",
}
_EXAMPLE = 'write for example that="highest table/column is row"; npl-report guide claims has the list'


@dataclass(frozen=True)
class Path:
    """A cell, or without ``row`` a column over the rows of its table; without both the table."""

    table: str
    column: str = ""
    row: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.table, self.row, self.column) if part)


@dataclass(frozen=True)
class Number:
    """A number as written, and its unit: ``%``, ``pp``, ``mn``, ``bn``, ``x``, ``part`` (half), or none."""

    text: str
    value: Fraction
    unit: str = ""


@dataclass(frozen=True)
class Amount:
    """How a figure stands to numbers, or to the cells that follow the first if it names none."""

    relation: Relation
    numbers: tuple[Number, ...] = ()


@dataclass
class Claim:
    """What is claimed.

    ``predicate``: highest, lowest, rises, falls, doubled, tripled, halved, breaks, count (how many rows, or what share
    of them, are so) or compare. ``rows`` are those named, ``among`` and ``where`` restrict the rows compared, ``deals``
    is how many each must have. ``ends``: from row to row; ``at``: the row of a break; ``quantity``: how many rows.
    """

    text: str
    predicate: str = ""
    paths: tuple[Path, ...] = ()
    rank: int = 1
    rows: tuple[str, ...] = ()
    amount: Amount | None = None
    quantity: Amount | None = None
    among: tuple[str, ...] = ()
    where: dict[str, str] = field(default_factory=dict)
    deals: int = 0
    ends: tuple[str, ...] = ()
    at: str = ""
    overall: bool = False


def parse(text: str) -> Claim:
    """The claim; BindingError for what is not understood."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u3001", ",").replace("\u2212", "-")
    claim = Claim(" ".join(text.split()))
    if enough := _ENOUGH.search(plain):
        claim.deals, plain = int(enough[1]), plain.replace(enough[0], " ")
    for pattern, put in _PAIRED:
        plain = pattern.sub(put, plain)
    pieces = _restricted(_ranged(_phrased(re.findall(r"[^\s,=]+|[,=]", plain)), claim), claim)
    claim.paths = tuple(path for path in map(_path, pieces) if path)
    rest = [piece for piece in pieces if "/" not in piece and piece not in _FILLERS]
    keys = {piece for piece in rest if piece in _PHRASES}
    claim.predicate = next((key for key in ("highest", "lowest", "rank") if key in keys), "")
    if claim.predicate:
        _ranking(claim, rest, keys)
    else:
        claim.predicate = next((key for key in (*_MOVES, *CHANGES, "breaks") if key in keys), "")
        claim.overall = "overall" in keys
        _amounts(claim, rest, keys)
    _check(claim, keys)
    return claim


def _check(claim: Claim, keys: set[str]) -> None:
    """Whether all that is written has a meaning with the predicate: nothing is passed over."""
    if not claim.paths:
        raise BindingError(f"the claim {claim.text!r} names no figure", _EXAMPLE)
    if len(keys & {"highest", "lowest", *_MOVES, *CHANGES, "breaks"}) > 1 or len(keys & {"count", *QUANTIFIERS}) > 1:
        raise BindingError(f"the claim {claim.text!r} says two things", _TWO)
    allowed = _GOES_WITH[claim.predicate]
    for name in ("among", "where", "ends", "at", "overall", "amount", "quantity", "rows"):
        if getattr(claim, name) and name not in allowed:
            raise BindingError(f"{_SAID[name]} does not go with {claim.predicate!r}", _EXAMPLE)
    numbers = claim.amount.numbers if claim.amount else ()
    if numbers and claim.predicate in CHANGES:
        raise BindingError(f"{claim.predicate} takes no number", "write more than, almost, or nothing before it")
    cells = claim.predicate in ("rises", "falls", *CHANGES) and claim.paths[0].row
    most = 2 if claim.predicate == "compare" and numbers else 1
    if len(claim.paths) > most and not cells and (numbers or claim.predicate not in ("compare", "count")):
        raise BindingError(f"{claim.paths[most]} has no part in the claim", "leave it out, or make two claims of it")


def _phrased(words: list[str]) -> list[str]:
    """The words, those that make a keyword as one."""
    found, place = [], 0
    while place < len(words):
        for length in range(_LONGEST, 0, -1):
            if key := _WRITTEN.get(tuple(words[place : place + length])):
                found.append(key)
                place += length
                break
        else:
            found.append(words[place])
            place += 1
    return found


def _ranged(pieces: list[str], claim: Claim) -> list[str]:
    """Without ``from ROW to ROW`` and ``at ROW``, which the claim gets."""
    left, place = [], 0
    while place < len(pieces):
        ahead = pieces[place : place + 4]
        if len(ahead) == 4 and (ahead[0], ahead[2]) == ("from", "to") and "/" not in ahead[1] + ahead[3]:  # noqa: PLR2004 -- from, a row, to, a row
            claim.ends = ahead[1], ahead[3]
            place += 4
        elif ahead[0] == "at" and len(ahead) > 1:
            claim.at = ahead[1]
            place += 2
        else:
            left.append(ahead[0])
            place += 1
    return left


def _restricted(pieces: list[str], claim: Claim) -> list[str]:
    """Without ``among ROW, ROW`` and ``where COLUMN is ID``, which the claim gets."""
    left: list[str] = []
    among: list[str] = []
    place = 0
    while place < len(pieces):
        if pieces[place] == "among":
            place += 1
            while place < len(pieces) and _names(pieces[place]):
                among += [pieces[place]] if pieces[place] not in _FILLERS else []
                place += 1
        elif pieces[place] == "where":
            place += 1
            while len(pieces) - place >= _CELL and pieces[place + 1] in ("is", "="):
                claim.where[pieces[place]] = pieces[place + 2]
                place += 4 if pieces[place + 3 : place + 4] in (["and"], [","]) else 3
        else:
            left.append(pieces[place])
            place += 1
    claim.among = tuple(among)
    return left


def _names(piece: str) -> bool:
    """Whether a list of rows goes on."""
    return piece in (",", "and") or not ("/" in piece or piece in _PHRASES or piece in _FILLERS or piece == "where")


def _path(piece: str) -> Path | None:
    if "/" not in piece:
        return None
    parts = [part for part in piece.split("/") if part]
    if len(parts) == _CELL:
        return Path(parts[0], parts[2], parts[1])
    if len(parts) == _COLUMN:
        return Path(parts[0], parts[1])
    raise BindingError(f"{piece!r} is no figure", "write table/row/column for a cell, table/column for all rows")


def _ranking(claim: Claim, rest: list[str], keys: set[str]) -> None:
    """Which place, and which rows hold it."""
    rows = []
    ranked = False
    for piece in rest:
        place = _PLACE.fullmatch(piece)
        if piece == "rank":
            ranked = True
        elif piece in ("highest", "lowest"):
            claim.predicate = piece
        elif place or piece in _ORDINALS or (ranked and piece.isdigit()):
            claim.rank, ranked = int(place[1]) if place else _ORDINALS.get(piece) or int(piece), False
        elif piece in keys:
            raise BindingError(f"{piece!r} does not go with {claim.predicate!r}", _EXAMPLE)
        else:
            rows.append(piece)
    claim.predicate = "highest" if claim.predicate == "rank" else claim.predicate
    claim.rows = tuple(rows)
    if ranked or claim.rank < 1:
        raise BindingError("rank is not followed by a place", "write rank 2 for the second from the top")
    if not rows:
        raise BindingError(f"the claim does not say which row is {claim.predicate}", _EXAMPLE)


def _amounts(claim: Claim, rest: list[str], keys: set[str]) -> None:
    """Relations with their numbers, and what they are of: a figure, or the number of rows."""
    groups, counted, words = _groups(rest)
    counts = keys & {"count", *QUANTIFIERS}
    if not claim.predicate:
        rows = not claim.paths or not claim.paths[0].row
        doubled = len(groups) > 1 or (groups and len(claim.paths) > 1)
        share = "share" in keys and rows
        claim.predicate = "count" if rows and (counts or share or doubled) else "compare" if groups else ""
    if not claim.paths and claim.predicate in ("count", "breaks") and words:
        claim.paths, words = (Path(words[0]),), words[1:]
    if word := next(iter(counts & {*QUANTIFIERS}), ""):
        relation, part = QUANTIFIERS[word]
        claim.quantity = Amount(relation, (Number(word, part, "part"),))
    elif claim.predicate == "count" and groups:
        claim.quantity = groups.pop(counted if counted is not None and counted < len(groups) else 0)
    claim.amount = groups[0] if groups else None
    claim.rows = tuple(words)
    if not claim.predicate or (words and not (claim.amount and claim.amount.relation == "equal")):
        _not_understood(claim, words)
    if len(groups) > 1:
        raise BindingError(f"the claim {claim.text!r} says two things", _TWO)


def _not_understood(claim: Claim, words: list[str]) -> None:
    known = [*_PHRASES, *PARTS, "among", "where"]
    if words:
        raise BindingError(f"the claim does not understand {words[0]!r}", nearest(words[0], known))
    raise BindingError(f"the claim {claim.text!r} has no predicate", f"there are {', '.join(_PHRASES)}")


def _groups(rest: list[str]) -> tuple[list[Amount], int | None, list[str]]:
    """Relations with the numbers that follow them, which of them says how many, and the words left over."""
    groups: list[tuple[str, list[Number]]] = []
    words: list[str] = []
    counted: int | None = None
    for piece in rest:
        number = _number(piece)
        if piece in RELATIONS:
            groups.append((piece, []))
        elif piece in ("count", "share"):
            counted = len(groups)
        elif number and (not groups or len(groups[-1][1]) >= (2 if groups[-1][0] == "between" else 1)):
            groups.append(("about" if number.unit == "part" else "equal", [number]))
        elif number:
            groups[-1][1].append(number)
        elif piece not in _PHRASES:
            words.append(piece)
    return [Amount(_relation(key), tuple(numbers)) for key, numbers in groups], counted, words


def _relation(key: str) -> Relation:
    return next(relation for relation in RELATIONS if relation == key)


def _number(piece: str) -> Number | None:
    if piece in PARTS:
        return Number(piece, PARTS[piece], "part")
    found = _NUMBER.fullmatch(piece)
    return Number(piece, Fraction(found[1]), found[2] or "") if found else None
