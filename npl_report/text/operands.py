"""What the operands of a claim are in the tables: rows, cells and numbers, or why they are not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from npl_report.model import Column, Result, Unavailable, Unit, Withheld, nearest, settled
from npl_report.text.binding import Binding, BindingError
from npl_report.text.claims import Claim, Number, Path
from npl_report.text.numbers import raw
from npl_report.text.picks import Pick

_SCALES = {"%": Fraction(1, 100), "pp": Fraction(1, 100), "bn": Fraction(1000)}
_UNITS = {
    Unit.RATE: ("%", "part"),
    Unit.POINTS: ("pp", "%"),
    Unit.MONEY: ("mn", "bn"),
    Unit.MULTIPLE: ("x", ""),
    Unit.YEAR: ("",),
}
"""In which units a number is held against figures; first the one to write."""
_SHOWN = 5
"""Figures that a message lists."""
_GUARD = 'guard the claim: {% if has("table", "row", "column") %} … {% endif %}'


class Operands:
    """The rows and cells of one language; ``binding`` prints plain text."""

    def __init__(self, binding: Binding) -> None:
        self._binding = binding

    def known(self, path: Path) -> None:
        """Whether the table is there, and may be told of; rows and columns are looked for where they are used."""
        result = self._binding.result(path.table)
        if isinstance(result, Withheld):
            raise BindingError(
                f"the rows of table {path.table} may not be published, so that no claim on them may stand",
                f'guard it: {{% if not withheld("{path.table}") %}} … {{% endif %}}',
            )
        if isinstance(result, Unavailable):
            raise BindingError(
                f"table {path.table} has no rows in this edition: {self._binding.reason(result)}",
                f'guard it: {{% if count("{path.table}") %}} … {{% endif %}}',
            )

    def result(self, table: str) -> Result:
        """The rows of a table that is known to have some."""
        result = self._binding.result(table)
        if isinstance(result, Unavailable):  # which ``known`` has refused
            raise BindingError(self._binding.reason(result), "")
        return result

    def column(self, path: Path) -> Column:
        """The column of a figure, which holds numbers."""
        column = self._binding.column(path.table, path.column)
        if not column.numeric:
            raise BindingError(f"{path} holds no numbers", "name a column of numbers")
        return column

    def row(self, claim: Claim, table: str, name: str) -> str:
        """The row of that id; of pairs, where ``where`` names the first part, the second is enough."""
        rows = [str(row) for row in self.result(table).frame.index]
        found = {same_id(row): row for row in rows}
        for written in (name, *(f"{first}-{name}" for first in claim.where.values())):
            if row := found.get(same_id(written)):
                return row
        raise BindingError(
            f"table {table} has no row {name!r} in this edition",
            f'{nearest(name, rows)}; guard a row that may be absent with {{% if has("{table}", "{name}") %}}',
        )

    def picks(self, claim: Claim, path: Path) -> list[Pick]:
        """The rows that are compared: those with a figure, without totals, and of enough deals if that is asked."""
        if path.row:
            raise BindingError(f"{path} is one cell", f"write {path.table}/{path.column} to compare rows")
        self.column(path)
        self.restricted(claim, path.table)
        rows = [self.row(claim, path.table, name) for name in claim.among] or None
        found = list(self._binding.series(path.table, path.column, rows, **claim.where))
        if claim.ends:
            ids = [pick.id for pick in found]
            first, last = (self.among(claim, path, self.row(claim, path.table, end), ids) for end in claim.ends)
            found = found[ids.index(first) : ids.index(last) + 1]
        return [pick for pick in found if self._enough(claim, path, pick.id)]

    def restricted(self, claim: Claim, table: str) -> None:
        """Whether there are rows of which is true what ``where`` says."""
        for key, wanted in claim.where.items():
            self._binding.column(table, key)
            there = list(dict.fromkeys(map(raw, self.result(table).frame[key].tolist())))
            if wanted not in there:
                raise BindingError(f"no row of table {table} has {wanted!r} as its {key}", nearest(wanted, there))

    def _enough(self, claim: Claim, path: Path, row: str) -> bool:
        if not claim.deals:
            return True
        deals = self._binding.deals(path.table, row, path.column)
        if deals is None:
            raise BindingError(f"{path} does not say of how many deals it is", "leave out with at least … deals")
        return deals >= claim.deals

    def among(self, claim: Claim, path: Path, row: str, ids: Sequence[str]) -> str:
        """The row, if it is one of those compared; BindingError with the reason why it is none."""
        if row in ids:
            return row
        gap = self.result(path.table).gaps.get((row, path.column))
        if gap:
            raise BindingError(f"{path.table}/{row}/{path.column} has no figure: {self._binding.reason(gap)}", _GUARD)
        deals = self._binding.deals(path.table, row, path.column)
        fewest = max(claim.deals, self._binding.fewest)
        if deals is not None and deals < fewest:
            rule = f"{path.table}/{row} has {_many(deals)}, and rows are compared from {fewest} deals on"
            raise BindingError(rule, "say it without a superlative, with its number of deals")
        raise BindingError(f"row {row} is not among those compared", nearest(row, ids))

    def exact(self, path: Path) -> Fraction:
        """The cell as it prints; BindingError for a gap."""
        self.column(path)
        found = self._binding.exact(path.table, path.row, path.column)
        if found is None:
            raise BindingError(f"{path} has no figure: {self._binding.n(path.table, path.row, path.column)}", _GUARD)
        return found

    def stored(self, path: Path) -> Fraction:
        """The cell as it is stored, in the digits that count."""
        self.exact(path)
        return Fraction(str(settled(float(self._binding.value(path.table, path.row, path.column)))))

    def cell(self, claim: Claim, path: Path) -> Path:
        """The path with its row as the table spells it."""
        if not path.row:
            raise BindingError(f"{path} is no cell", f"write {path.table}/ROW/{path.column}")
        found = replace(path, row=self.row(claim, path.table, path.row))
        if not self._enough(claim, found, found.row):
            deals = _many(self._binding.deals(path.table, found.row, path.column) or 0)
            raise BindingError(
                f"{found} is of {deals}, fewer than {claim.deals}", "ask for fewer, or say it of another"
            )
        return found

    def _print(self, path: Path) -> str:
        return self._binding.n(path.table, path.row, path.column)

    def named(self, path: Path) -> str:
        """A cell with the name of its row."""
        return f"{self._binding.inline(path.table, path.row)} {self._print(path)}"

    def spelled(self, path: Path) -> str:
        """A cell as claims name it, with its figure."""
        return f"{path} is {self._print(path)}"

    def listed(self, path: Path, picks: Sequence[Pick]) -> str:
        """Rows with their figures, and how many deals they are of."""
        told = []
        for pick in picks[:_SHOWN]:
            deals = self._binding.deals(path.table, pick.id, path.column)
            told.append(f"{pick.inline} {pick.printed}" + ("" if deals is None else f" ({_many(deals)})"))
        return ", ".join(told) + (f" … ({len(picks)} rows)" if len(picks) > _SHOWN else "")

    def figures(self, path: Path, picks: Sequence[Pick]) -> dict[str, Fraction]:
        """Row → its figure as it prints."""
        return {pick.id: self.exact(replace(path, row=pick.id)) for pick in picks}

    def alike(self, paths: Sequence[Path]) -> None:
        """Whether figures may be held against each other."""
        units = {path: self.column(path).unit for path in paths}
        if len({*units.values()}) > 1:
            told = ", ".join(f"{path} is in {unit.value}" for path, unit in units.items())
            raise BindingError(f"figures of different units cannot be compared: {told}", "name columns of one unit")


def same_id(name: str) -> str:
    """The form in which ids that are written alike are the same."""
    return name.casefold().replace("_", "-")


def _many(deals: float) -> str:
    return f"{deals:g} deal{'' if deals == 1 else 's'}"


def target(number: Number, column: Column | None) -> Fraction:
    """The number in the unit in which figures of the column are stored; without one, a share or a number of rows."""
    wanted = ("%", "part", "x", "") if column is None else _UNITS.get(column.unit, ("",))
    if number.value and number.unit not in wanted:
        unit = "numbers" if column is None else column.unit.value
        written = wanted[0] or "no unit"
        raise BindingError(f"{number.text} is not held against {unit}", f"write a number with {written}")
    return number.value * _SCALES.get(number.unit, Fraction(1))
