"""The kinds of charts: how each is drawn, and what it needs of a table.

A kind is a function in a module beside this one, under ``@chart``. A table names it in its declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from npl_report.files.owned import CHARTS, blamed, owned
from npl_report.model import Chart, DefinitionError, ResearchTable, Unit
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import Drawing, Panels

Draw = Callable[[ChartSource], Drawing | Panels]
Fits = Callable[[ResearchTable, Chart], bool]
_PROGRAM = __name__.partition(".")[0]
_MEND = "it is code of the project's own: put the line right, and look at a kind of the program for the form"


@dataclass(frozen=True)
class Kind:
    """A kind of chart.

    ``values`` says which values it draws (in words), ``fewest`` and ``most`` how many; ``fits`` whether those of a
    table are such. ``rows``: kinds of rows; ``columns``: further ones that the table must have; ``points``: whether it
    draws the evidence; ``beside``: whether its panels stand beside each other, as small multiples; ``deals``: whether
    it shows deals one by one, and of a crowd of them how many lie where.
    """

    draw: Draw
    values: str
    fewest: int
    most: int
    rows: tuple[Unit, ...]
    columns: tuple[str, ...]
    points: bool
    beside: bool
    deals: bool
    fits: Fits


KINDS: dict[str, Kind] = {}
"""The program's own."""
_OWN: dict[str, dict[str, Kind]] = {}
"""Those of projects, by the package of their code."""


def kinds() -> Mapping[str, Kind]:
    """Every kind: the program's, and those of the project whose things are used.

    The latter stand in modules of its folder ``charts``, or in that of a table; InputError for what is wrong with them.
    """
    package, folder = owned().package, owned().folder(CHARTS)
    for path in sorted(folder.glob("*.py")) if package and folder else ():
        with blamed(f"{CHARTS}/{path.name}", "cannot be used", _MEND):
            import_module(f"{package}.{CHARTS}.{path.stem}")
    return {**KINDS, **_OWN.get(package, {})}


def _any(_: ResearchTable, __: Chart) -> bool:
    return True


def chart(
    kind: str,
    values: str,
    *,
    fewest: int,
    most: int | None = None,
    rows: tuple[Unit, ...] = (),
    columns: tuple[str, ...] = (),
    points: bool = False,
    beside: bool = False,
    deals: bool = False,
    fits: Fits = _any,
) -> Callable[[Draw], Draw]:
    """Register a function as a kind of chart; without ``most`` it draws exactly ``fewest`` values."""

    def register(draw: Draw) -> Draw:
        package = draw.__module__.partition(".")[0]
        known = KINDS if package == _PROGRAM else _OWN.setdefault(package, {})
        if kind in KINDS or (kind in known and known[kind].draw is not draw):
            raise DefinitionError(f"two functions draw charts of {kind}")
        most_ = fewest if most is None else most
        known[kind] = Kind(draw, values, fewest, most_, rows, columns, points, beside, deals, fits)
        return draw

    return register


def kind_of(table: ResearchTable, declared: Chart) -> Kind:
    """The kind of a declared chart; DefinitionError if there is none, or if it cannot draw this table.

    Otherwise it would fail, or draw something else, only for the reader.
    """
    every = kinds()
    if declared.kind not in every:
        known = ", ".join(sorted(every))
        raise DefinitionError(f"table {table.key}: there is no chart {declared.kind!r}; there are {known}")
    kind, of, given = every[declared.kind], f"table {table.key}: a chart of {declared.kind}", declared.values
    wrong = f"{of} takes {kind.values}; it has {len(given)} columns: {', '.join(given)}"
    if not kind.fewest <= len(given) <= kind.most:
        raise DefinitionError(wrong)
    if kind.rows and table.rows not in kind.rows:
        raise DefinitionError(f"{of} draws rows of {' or '.join(kind.rows)}; the table's are of {table.rows}")
    if not kind.fits(table, declared):
        raise DefinitionError(wrong)
    known_columns = {column.key for column in table.columns}
    if absent := [key for key in kind.columns if key not in known_columns]:
        raise DefinitionError(f"{of} needs the columns {', '.join(absent)}, which the table does not declare")
    if kind.points != (declared.points is not None):
        drawn = "the evidence: name its column as points" if kind.points else "no evidence: leave out points"
        raise DefinitionError(f"{of} draws {drawn}")
    if kind.points and all(column.key != "deal" for column in table.evidence):
        raise DefinitionError(f"{of} names the deals of the evidence, which has no column deal")
    return kind
