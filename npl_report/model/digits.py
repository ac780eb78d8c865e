"""When two figures are one, and in which order figures stand: one answer for tables, prose and charts.

Sums and quotients of the same money differ in the last bits of a double (0.1 + 0.2 is not 0.3). Figures that agree in
twelve significant digits are one figure: of them none is higher, and neither is above the other.
"""

from __future__ import annotations

from collections.abc import Mapping

from npl_report.model.stored import SIGNIFICANT


def settled(value: float) -> float:
    """The figure in the digits that count."""
    return float(f"{value:.{SIGNIFICANT}g}")


def difference(value: float, other: float) -> float:
    """``value`` − ``other``; exactly nought where they are one figure."""
    return 0.0 if settled(value) == settled(other) else value - other


def by_value(values: Mapping[str, float], *, falling: bool) -> list[str]:
    """Ids in the order of their figures, falling or rising; those of one figure by id."""
    sign = -1.0 if falling else 1.0
    return sorted(values, key=lambda id_: (sign * settled(values[id_]), id_))
