"""The little linear algebra that solving a cross-section takes, in plain Python: columns are lists of numbers."""

from collections.abc import Sequence

Column = list[float]


def dot(a: Sequence[float], b: Sequence[float]) -> float:
    """Inner product."""
    return sum(x * y for x, y in zip(a, b, strict=True))


def solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> Column:
    """Solution of a square system, by elimination with row exchange."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    n = len(rows)
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(n):
            if r != i:
                factor = rows[r][i] / rows[i][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i], strict=True)]
    return [row[n] / row[i] for i, row in enumerate(rows)]


def residual(column: Sequence[float], others: Sequence[Sequence[float]]) -> Column:
    """What least squares on the other columns leaves of a column."""
    weights = solved([[dot(a, b) for b in others] for a in others], [dot(a, column) for a in others])
    return [
        value - sum(w * other[i] for w, other in zip(weights, others, strict=True)) for i, value in enumerate(column)
    ]


def standard(column: Sequence[float]) -> Column:
    """The column with mean 0 and mean square 1."""
    mean = sum(column) / len(column)
    scale = (sum((value - mean) ** 2 for value in column) / len(column)) ** 0.5
    return [(value - mean) / scale for value in column]


def uncorrelated(columns: Sequence[Sequence[float]]) -> list[Column]:
    """The columns standardized, each less what the ones before it explain."""
    done: list[Column] = []
    for column in columns:
        rest = standard(column)
        done.append(standard(residual(rest, done)) if done else rest)
    return done
