"""Claims held against the tables: whether one holds, what the data say, and what would hold near by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from npl_report.model import WORD_UNITS, Column, Unit
from npl_report.text import predicates
from npl_report.text.binding import Binding, BindingError
from npl_report.text.claims import CHANGES, PARTS, QUANTIFIERS, RELATIONS, Amount, Claim, Path, parse
from npl_report.text.operands import Operands, same_id, target
from npl_report.text.picks import Pick

_NEAR = 3
"""Near claims that a message lists."""


@dataclass(frozen=True)
class Verdict:
    """Whether a claim holds; ``says``: what the data say instead, ``near``: claims that hold."""

    holds: bool
    says: str = ""
    near: tuple[str, ...] = ()


class Judge:
    """Judges the claims of one language; ``binding`` prints plain text."""

    def __init__(self, binding: Binding) -> None:
        self._binding, self._of = binding, Operands(binding)

    def verdict(self, text: str) -> Verdict:
        """BindingError for a claim that is not understood, or of which the tables do not know enough."""
        claim = parse(text)
        for path in claim.paths:
            self._of.known(path)
        judged: dict[str, Callable[[Claim], Verdict]] = dict.fromkeys(("highest", "lowest"), self._leads)
        judged |= dict.fromkeys(("rises", "falls"), self._moves) | dict.fromkeys(CHANGES, self._changed)
        judged |= {"breaks": self._breaks, "count": self._counted, "compare": self._compared}
        return judged[claim.predicate](claim)

    def _leads(self, claim: Claim) -> Verdict:
        """Superlatives and places: of the rows of enough deals."""
        path, top = claim.paths[0], claim.predicate == "highest"
        firm = [pick for pick in self._of.picks(claim, path) if not pick.thin]
        figures = self._of.figures(path, firm)
        rows = [self._of.among(claim, path, self._of.row(claim, path.table, name), [*figures]) for name in claim.rows]
        if predicates.leads(figures, rows, claim.rank, top=top):
            return Verdict(holds=True)
        if len(firm) < 2:  # noqa: PLR2004 -- nothing to compare with
            return Verdict(holds=False, says=f"only one row can be compared: {self._of.listed(path, firm)}")
        order = sorted(firm, key=lambda pick: (figures[pick.id] * (-1 if top else 1), pick.id))
        said = f"{self._of.listed(path, order)}, from the {claim.predicate}"
        near = []
        for names in (predicates.placed(figures, claim.rank, top=top), rows):
            for rank in range(1, len(firm) + 1):
                same = predicates.placed(figures, rank, top=top)
                if names and same and {*names} <= {*same} and predicates.leads(figures, same, rank, top=top):
                    place = claim.predicate if rank == 1 else f"rank {rank} {claim.predicate}"
                    near.append(f"{place} {path}{_limits(claim)} is {', '.join(same)}")
        return Verdict(holds=False, says=said, near=tuple(dict.fromkeys(near)))

    def _moves(self, claim: Claim) -> Verdict:
        path, rising = claim.paths[0], claim.predicate == "rises"
        if path.row:  # from one cell to another
            cells = [self._of.cell(claim, one) for one in claim.paths]
            self._of.alike(cells)
            figures, said = [self._of.exact(cell) for cell in cells], ", ".join(map(self._of.named, cells))
            limits = "".join(f" {cell}" for cell in cells[1:])
        else:
            picks = self._of.picks(claim, path)
            figures, limits = [*self._of.figures(path, picks).values()], _limits(claim)
            said = ", ".join(f"{pick.inline} {pick.printed}" for pick in picks)
        if predicates.moves(figures, rising=rising, overall=claim.overall):
            return Verdict(holds=True)
        if len(figures) < 2:  # noqa: PLR2004 -- no step
            return Verdict(holds=False, says=f"there is no step: {said or 'no row has a figure'}")
        near = [
            f"{word}{' overall' if overall else ''} {path}{limits}"
            for overall, word in product((False, True), ("rises", "falls"))
            if predicates.moves(figures, rising=word == "rises", overall=overall)
        ]
        return Verdict(holds=False, says=said, near=tuple(near[:_NEAR]))

    def _changed(self, claim: Claim) -> Verdict:
        """Doubled, halved: from one cell to another, or from a row of a column to another."""
        paths, relation = list(claim.paths), claim.amount.relation if claim.amount else "about"
        if len(claim.ends) == 2 and not paths[0].row:  # noqa: PLR2004 -- from, to
            paths = [replace(paths[0], row=row) for row in claim.ends]
        if len(paths) != 2:  # noqa: PLR2004 -- before, after
            raise BindingError(f"{claim.predicate} needs two cells", "write from table/row/column to table/row/column")
        cells = [self._of.cell(claim, path) for path in paths]
        self._of.alike(cells)
        before, after = map(self._of.stored, cells)
        if predicates.changed(relation, before, after, CHANGES[claim.predicate]):
            return Verdict(holds=True)
        times = f", {float(after / before):.2f} times" if before else ""
        near = [
            f"{written} {word} from {cells[0]} to {cells[1]}".strip()
            for (written, other), word in product(_CHANGED.items(), CHANGES)
            if predicates.changed(other, before, after, CHANGES[word])
        ]
        near += [
            f"{word} from {cells[0]} to {cells[1]}"
            for word in ("rises", "falls")
            if predicates.moves([before, after], rising=word == "rises")
        ]
        said = f"from {self._of.named(cells[0])} to {self._of.named(cells[1])}{times}"
        return Verdict(holds=False, says=said, near=tuple(near[:_NEAR]))

    def _breaks(self, claim: Claim) -> Verdict:
        """A step of a stated size, or a row of a table of tested breaks whose column ``holds`` says yes."""
        path = claim.paths[0]
        declared = {column.key for column in self._binding.tables[path.table].columns}
        if "holds" in declared and path.column not in declared - {"holds"}:
            return self._tested(claim, path)
        picks = self._of.picks(replace(claim, ends=()), path)
        numbers = claim.amount.numbers if claim.amount else ()
        if not (numbers and claim.at):
            raise BindingError("breaks needs a row and a size", f"write breaks {path} at ROW by 10 pp")
        ids = [pick.id for pick in picks]
        place = ids.index(self._of.among(claim, path, self._of.row(claim, path.table, claim.at), ids))
        if not place:
            raise BindingError(f"no row stands before {ids[0]}", "name a later row")
        before, after = (self._of.exact(replace(path, row=row)) for row in ids[place - 1 : place + 1])
        size = target(numbers[0], replace(self._of.column(path), unit=_size_unit(self._of.column(path))))
        if predicates.broken(before, after, size):
            return Verdict(holds=True)
        said = " to ".join(f"{pick.inline} {pick.printed}" for pick in picks[place - 1 : place + 1])
        return Verdict(holds=False, says=f"from {said}, less than {numbers[0].text}")

    def _tested(self, claim: Claim, path: Path) -> Verdict:
        frame = self._of.result(path.table).frame
        name = path.row or (path.column if path.column != "holds" else "")
        rows = [self._of.row(claim, path.table, name)] if name else [str(row) for row in frame.index]
        self._of.restricted(claim, path.table)
        for key, wanted in claim.where.items():
            rows = [row for row in rows if str(frame.at[row, key]) == wanted]
        held = [row for row in frame.index[frame["holds"] == "yes"].astype(str) if not name or row in rows]
        if {*held} & {*rows}:
            return Verdict(holds=True)
        inline = ", ".join(self._binding.inline(path.table, row) for row in rows) or "no row"
        return Verdict(
            holds=False,
            says=f"no tested break holds of {inline}",
            near=tuple(f"breaks {path.table}/{row}" for row in frame.index[frame["holds"] == "yes"][:_NEAR]),
        )

    def _counted(self, claim: Claim) -> Verdict:
        """How many rows, or what share of them, are as the claim says."""
        path = claim.paths[0]
        if not claim.quantity or not claim.quantity.numbers:
            raise BindingError(
                "the claim does not say how many", "write count 3 of table/column above 50%, all, most …"
            )
        if path.column:
            picks = self._of.picks(claim, path)
            held = [pick for pick in picks if self._so(claim, path, pick)]
            rows, said = len(picks), self._of.listed(path, held) if claim.amount else ""
        else:
            rows = self._binding.count(path.table, **claim.where)
            held, said = [], ""
        number = len(held) if path.column else rows
        share = any(one.unit in ("part", "%") for one in claim.quantity.numbers)
        targets = [target(one, None) for one in claim.quantity.numbers]
        if predicates.quantified(claim.quantity.relation, number, rows, *targets, share=share):
            return Verdict(holds=True)
        near = [f"count {number} of {path}{_told(claim.amount, claim.paths[1:])}{_limits(claim)}"]
        near += [
            f"{word} of {path}{_told(claim.amount, claim.paths[1:])}{_limits(claim)}"
            for word, (relation, part) in QUANTIFIERS.items()
            if claim.amount and predicates.quantified(relation, number, rows, part, share=True)
        ]
        return Verdict(
            holds=False, says=f"{number} of {rows} rows{': ' if said else ''}{said}", near=tuple(near if rows else ())
        )

    def _so(self, claim: Claim, path: Path, pick: Pick) -> bool:
        """Whether a row is as the claim says of the rows that it counts; without a condition, every one is."""
        if not claim.amount:
            return True
        column, figure = self._of.column(path), self._of.exact(replace(path, row=pick.id))
        if claim.amount.numbers:
            targets = [target(number, column) for number in claim.amount.numbers]
        else:
            others = [other if other.row else replace(other, row=pick.id) for other in claim.paths[1:]]
            if not others:
                raise BindingError(f"{claim.amount.relation} what?", "write a number or a figure behind it")
            self._of.alike([path, *others])
            targets = [self._of.exact(self._of.cell(claim, other)) for other in others]
        return predicates.related(claim.amount.relation, figure, *_enough(claim.amount, targets))

    def _compared(self, claim: Claim) -> Verdict:
        """A cell against numbers or other cells, or as a share of another."""
        first, amount = claim.paths[0], claim.amount
        if amount is None or not first.row:
            return self._level(claim)
        cells = [self._of.cell(claim, path) for path in claim.paths]
        if claim.rows:
            return self._word(claim, cells[0])
        if not amount.numbers:
            self._of.alike(cells)
            value, *targets = map(self._of.exact, cells)
            said, what = ", ".join(map(self._of.spelled, cells)), "".join(f" {cell}" for cell in cells[1:])
        elif len(cells) == 1:
            value, targets = (
                self._of.exact(cells[0]),
                [target(one, self._of.column(cells[0])) for one in amount.numbers],
            )
            said, what = self._of.named(cells[0]), "".join(f" {one.text}" for one in amount.numbers)
        else:
            self._of.alike(cells)
            value, targets, said = self._quotient(amount, cells)
            what = f" {' '.join(one.text for one in amount.numbers)} of {cells[1]}"
        if predicates.related(amount.relation, value, *_enough(amount, targets)):
            return Verdict(holds=True)
        near = [f"{cells[0]} {other}{what}" for other in _others(amount, value, targets)]
        if amount.numbers and amount.numbers[0].unit == "part":
            near += [f"{cells[0]} {near}{what.partition(amount.numbers[0].text)[2]}" for near in _parts(value)]
        return Verdict(holds=False, says=said, near=tuple(dict.fromkeys(near))[:_NEAR])

    def _quotient(self, amount: Amount, cells: Sequence[Path]) -> tuple[Fraction, list[Fraction], str]:
        """The first cell as a part of the second."""
        if amount.relation == "equal":
            raise BindingError("a quotient is not printed, so that it equals nothing", "write about, or between")
        of = self._of.stored(cells[1])
        if not of:
            raise BindingError(f"{cells[1]} is nought", "name another figure to divide by")
        value = self._of.stored(cells[0]) / of
        said = f"{self._of.named(cells[0])} is {float(value):.2%} of {self._of.named(cells[1])}"
        return value, [target(one, None) for one in amount.numbers], said

    def _level(self, claim: Claim) -> Verdict:
        """A column of which all rows print alike."""
        path = claim.paths[0]
        if claim.amount is None or claim.amount.relation != "equal" or claim.amount.numbers or len(claim.paths) > 1:
            rule = f"{path} is a column: the claim does not say of how many of its rows"
            raise BindingError(rule, f"write all of {path} …, most of, count 3 of, or a cell table/row/column")
        picks = self._of.picks(claim, path)
        level = bool(picks) and len({*self._of.figures(path, picks).values()}) == 1
        return Verdict(holds=level, says="" if level else self._of.listed(path, picks) or "no row has a figure")

    def _word(self, claim: Claim, cell: Path) -> Verdict:
        """A cell that holds a name or a word."""
        if self._binding.column(cell.table, cell.column).unit not in WORD_UNITS or len(claim.rows) > 1:
            raise BindingError(f"the claim does not understand {claim.rows[0]!r}", f"{cell} is held against a number")
        found = str(self._binding.value(cell.table, cell.row, cell.column))
        if same_id(found) == same_id(claim.rows[0]):
            return Verdict(holds=True)
        return Verdict(
            holds=False,
            says=f"it is {self._binding.n(cell.table, cell.row, cell.column)}",
            near=(f"{cell} equal {found}",),
        )


_CHANGED: dict[str, predicates.Relation] = {"": "about", "more than": "above", "almost": "almost"}


def _limits(claim: Claim) -> str:
    """What restricts the rows, as it is written."""
    among = f" among {', '.join(claim.among)}" if claim.among else ""
    where = " and".join(f" {key} is {id_}" for key, id_ in claim.where.items())
    deals = f" with at least {claim.deals} deals" if claim.deals else ""
    ends = " from {} to {}".format(*claim.ends) if claim.ends else ""
    return f"{ends}{among}{f' where{where}' if where else ''}{deals}"


def _told(amount: Amount | None, paths: Sequence[Path]) -> str:
    """A relation as it is written."""
    if amount is None:
        return ""
    return f" {amount.relation} {' and '.join([one.text for one in amount.numbers] or list(map(str, paths)))}"


def _size_unit(column: Column) -> Unit:
    """The unit of a difference of two figures."""
    return Unit.POINTS if column.unit is Unit.RATE else column.unit


def _enough(amount: Amount, targets: Sequence[Fraction]) -> Sequence[Fraction]:
    """The targets, if there are as many as the relation takes."""
    wanted = 2 if amount.relation == "between" else 1
    if len(targets) != wanted:
        raise BindingError(
            f"{amount.relation} takes {wanted} to compare with, and has {len(targets)}", "name a number or a cell"
        )
    return targets


def _others(amount: Amount, value: Fraction, targets: Sequence[Fraction]) -> list[str]:
    """Relations to the same target that hold, the narrowest first."""
    if len(targets) != 1:
        return []
    order = ("equal", "almost", "about", "above", "below")
    return [
        other
        for other in RELATIONS
        if other in order and other != amount.relation and predicates.related(other, value, targets[0])
    ]


def _parts(value: Fraction) -> list[str]:
    """How near a share is to a half, a third and so on."""
    hows: tuple[predicates.Relation, ...] = ("almost", "about")
    near = ((how, name) for how, name in product(hows, PARTS) if predicates.related(how, value, PARTS[name]))
    return [f"{how} {name}" for how, name in near]
