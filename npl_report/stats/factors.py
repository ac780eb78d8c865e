"""Variables of deals → their factors: adequacy, extraction, rotation, scores.

Sources: METHODS, determinants. Kaiser (1974) and Kaiser and Rice (1974) for the measure of sampling adequacy; Bartlett
(1951) for sphericity; Kaiser (1958) for varimax with the normalization of its rows; Thurstone (1935) for scores by
regression; Horn (1965) for parallel analysis.

**Extraction** is by principal components, SPSS's default and ``factor_analyzer``'s method ``principal``: loadings are
eigenvectors of the correlation matrix (ones on its diagonal) times the root of their eigenvalue, so that the rule
"eigenvalue above one" speaks of the same matrix. The study calls it principal factors. Principal axes (communalities on
the diagonal) are another method, not used: on the sample they end with communalities above one (a Heywood case). They
are computed here from the eigenvalues that the tables print, because the library decomposes the data anew; a test holds
the two equal.

Of the library's functions the measure of sampling adequacy is not used: it changes to a pseudo-inverse, with a warning,
once the determinant falls below 1e-7, which fourteen variables of pools do long before they are singular.

Frames are n × p, deals by variables, without missing values, as ``stats.design.gate`` lets them through. What cannot be
computed is ``Unavailable``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from npl_report.model import Unavailable, Variable
from npl_report.stats.design import constant, standardized
from npl_report.stats.groups import Number

Matrix = npt.NDArray[np.float64]

MARKERS: Mapping[str, tuple[Variable, ...]] = MappingProxyType(
    {
        "factor_issuance": ("issuance", "senior_share"),
        "factor_pool_balance": ("pool_balance", "pool_principal"),
        "factor_average_loan": ("average_loan", "average_exposure"),
        "factor_borrower": ("wa_annual_income", "wa_borrower_age"),
        "factor_ageing": ("wa_loan_age", "wa_overdue"),
    }
)
"""The study's five factors and the variables that mark them, grouped beforehand by what they describe: the securities,
the size of the pool, its loans, its borrowers, its ageing. The first of a group that is in the analysis gives the
factor its direction."""

_AGAINST = frozenset({"wa_borrower_age"})
"""Markers that fall as their factor rises: borrowers of high income are the young ones."""

OTHERS = ("factor_other_1", "factor_other_2", "factor_other_3")
"""Names of factors that no marker names; more of them cannot be told apart by a reader, nor shown."""

FACTORS = (*MARKERS, *OTHERS)

_SINGULAR = 1e-10
"""Smallest eigenvalue of a correlation matrix that counts as regular. It is at least 1 / Σ VIF, and the gate ends each
VIF at 1e8, so that what the gate lets through with fewer than a hundred variables passes; noise of doubles is a hundred
thousand times smaller."""
_TIE = 1e-9
"""Within it two figures count as equal: eigenvalues with the limit, variances of factors with each other, a sum with
zero."""
_EQUAL = 9
"""Decimals to which squared loadings are compared: where they are equal, rounding must not choose."""
_TURNS = 1000
"""Most iterations of a rotation; those of the sample take less than a hundred."""
_ANGLE, _LEVEL = 1e-11, 1e-11
"""Angle in radians under which a rotation is at its end, and slope under which all angles are alike: noise of
doubles is under a hundredth of both."""


@dataclass(frozen=True)
class Adequacy:
    """Whether n observations of p variables suit a factor analysis.

    ``kmo`` and ``kmo_by_variable`` (p): between 0 and 1, unavailable if nothing correlates. ``bartlett``: χ² on ``df``
    = p (p − 1) / 2, with its ``p_value``. ``correlations`` and ``partials`` (p × p): of two variables, and with all
    others held fixed.
    """

    n: int
    kmo: Number
    kmo_by_variable: Mapping[str, Number]
    bartlett: float
    df: int
    p_value: float
    correlations: pd.DataFrame
    partials: pd.DataFrame


@dataclass(frozen=True)
class Factors:
    """k factors of p variables over n observations.

    Columns are factors by name, in falling order of the variance that they explain after rotation.

    ``eigenvalues`` (p), falling, sum p. ``components`` (p × p): unrotated loadings of all components; the first k were
    rotated. ``loadings`` (p × k): after rotation, correlations of variable and factor. ``variance`` (k): sums of their
    squares. ``communalities`` (p): shares of a variable's variance; what is left of one is ``uniqueness``. ``weights``
    (p × k) and ``scores`` (n × k): scores have mean 0, variance 1 (n − 1), and are uncorrelated.
    """

    eigenvalues: Matrix
    components: pd.DataFrame
    loadings: pd.DataFrame
    variance: pd.Series
    communalities: pd.Series
    uniqueness: pd.Series
    weights: pd.DataFrame
    scores: pd.DataFrame


def adequacy(columns: pd.DataFrame) -> Adequacy | Unavailable:
    """Kaiser–Meyer–Olkin measure, overall and by variable, and Bartlett's test of sphericity."""
    correlations = _correlations(columns)
    if isinstance(correlations, Unavailable):
        return correlations
    from factor_analyzer.factor_analyzer import calculate_bartlett_sphericity

    p = len(correlations)
    inverse = np.linalg.inv(correlations)
    scale = np.sqrt(np.diag(inverse))
    partials = -inverse / np.outer(scale, scale)
    np.fill_diagonal(partials, 1.0)
    squares = (correlations**2).sum(axis=0) - 1.0
    shared = (partials**2).sum(axis=0) - 1.0
    statistic, p_value = calculate_bartlett_sphericity(columns.to_numpy(dtype=float))
    names = [str(name) for name in columns.columns]
    return Adequacy(
        len(columns),
        _kmo(float(squares.sum()), float(shared.sum())),
        {name: _kmo(float(squares[i]), float(shared[i])) for i, name in enumerate(names)},
        float(statistic) + 0.0,
        p * (p - 1) // 2,
        float(p_value),
        pd.DataFrame(correlations, names, names),
        pd.DataFrame(partials, names, names),
    )


def _kmo(squares: float, shared: float) -> Number:
    return squares / (squares + shared) if squares > _TIE else Unavailable("no_correlation")


def factors(columns: pd.DataFrame, limit: float) -> Factors | Unavailable:
    """The factors whose eigenvalue exceeds ``limit``, rotated, named and scored."""
    correlations = _correlations(columns)
    if isinstance(correlations, Unavailable):
        return correlations
    values, vectors = np.linalg.eigh(correlations)
    values, vectors = values[::-1], vectors[:, ::-1]
    components = vectors * np.sqrt(values)
    components = components * [_direction(column) for column in components.T]
    k = int((values > limit + _TIE).sum())
    if k == 0:
        return Unavailable("no_factor")
    rotated = _varimax(components[:, :k])
    if isinstance(rotated, Unavailable):
        return rotated
    names = [str(name) for name in columns.columns]
    loadings = _named(rotated, names)
    weights = pd.DataFrame(np.linalg.solve(correlations, loadings), names, loadings.columns)
    communalities = (loadings**2).sum(axis=1)
    return Factors(
        values,
        pd.DataFrame(components, names, range(1, len(names) + 1)),
        loadings,
        (loadings**2).sum(axis=0),
        communalities,
        1.0 - communalities,
        weights,
        pd.DataFrame(standardized(columns, ddof=1) @ weights.to_numpy(), columns.index, loadings.columns),
    )


def _correlations(columns: pd.DataFrame) -> Matrix | Unavailable:
    """The p × p correlation matrix, if it has an inverse."""
    n, p = columns.shape
    values = columns.to_numpy(dtype=float)
    whole = int(np.isfinite(values).all(axis=1).sum())
    if whole < n:
        return Unavailable("values_missing", needed=n, found=whole)
    if p < 2:  # noqa: PLR2004 -- a correlation takes two
        return Unavailable("too_few_variables", needed=2, found=p)
    if n < p + 2:  # as the gate demands
        return Unavailable("too_few_observations", needed=p + 2, found=n)
    if any(constant(columns[name]) for name in columns):
        return Unavailable("regressor_constant")
    standard = standardized(columns, ddof=1)
    correlations = np.asarray(standard.T @ standard / (n - 1))
    np.fill_diagonal(correlations, 1.0)
    if np.linalg.eigvalsh(correlations)[0] < _SINGULAR:
        return Unavailable("collinear")
    return correlations


def _varimax(loadings: Matrix) -> Matrix | Unavailable:
    """The p × k loadings rotated to the largest variance of their squares, rows normalized (Kaiser), to the end.

    Rows without communality stay zero. The library's iteration stops at the first step that does not gain, and where
    loadings are symmetric it swings between two positions for ever; Kaiser's own rotations, in the plane of two factors
    at a time by the best angle, end what it began.
    """
    k = loadings.shape[1]
    if k == 1:
        return loadings
    from factor_analyzer.rotator import Rotator

    lengths = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    explained = lengths[:, 0] > _TIE
    begun = np.asarray(
        Rotator(method="varimax", normalize=True, max_iter=_TURNS, tol=0.0).fit_transform(loadings[explained])
    )
    ended = _in_planes(begun / lengths[explained])
    if ended is None:
        return Unavailable("not_converged")
    rotated = np.zeros_like(loadings)
    rotated[explained] = ended * lengths[explained]
    return rotated


def _in_planes(rows: Matrix) -> Matrix | None:
    """Normalized rows turned in each plane of two factors by the angle that is best there (Kaiser 1958).

    Until no angle is left; None if some always is.
    """
    p, k = rows.shape
    rows = rows.copy()
    for _ in range(_TURNS):
        turned = False
        for i, j in combinations(range(k), 2):
            x, y = rows[:, i], rows[:, j]
            u, v = x**2 - y**2, 2.0 * x * y
            sine = 2.0 * (u @ v - u.sum() * v.sum() / p)
            cosine = u @ u - v @ v - (u.sum() ** 2 - v.sum() ** 2) / p
            angle = np.arctan2(sine, cosine) / 4.0
            if np.hypot(sine, cosine) > _LEVEL and abs(angle) > _ANGLE:
                turned = True
                rows[:, [i, j]] = np.column_stack(
                    [np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x]
                )
        if not turned:
            return rows
    return None


def _named(loadings: Matrix, variables: list[str]) -> pd.DataFrame:
    """Loadings by variable and factor name, in canonical order and sign.

    Order: by variance explained, of equal ones by the place of the variable that loads highest. Name: each group of
    markers belongs to the factor on which its squared loadings are the largest; of several groups on one factor the one
    with the largest mean names it. Sign: the factor's first marker in its direction; without a marker the loadings sum
    to more than nothing.
    """
    squares = np.round(loadings**2, _EQUAL)
    order = sorted(
        range(loadings.shape[1]), key=lambda j: (-round(float(squares[:, j].sum()) / _TIE), int(squares[:, j].argmax()))
    )
    loadings, squares = loadings[:, order], squares[:, order]
    present = {
        name: [variables.index(marker) for marker in markers if marker in variables]
        for name, markers in MARKERS.items()
    }
    means = {name: np.round(squares[rows].mean(axis=0), _EQUAL) for name, rows in present.items() if rows}
    names: list[str] = []
    signs: list[float] = []
    others = 0
    for place in range(len(order)):
        groups = [name for name, mean in means.items() if int(mean.argmax()) == place]
        others += not groups
        name = max(groups, key=lambda group: float(means[group][place])) if groups else f"factor_other_{others}"
        sign = _direction(loadings[:, place])
        if groups and abs(along := float(loadings[present[name][0], place])) > _TIE:
            sign = np.sign(along) * (-1.0 if variables[present[name][0]] in _AGAINST else 1.0)
        names.append(name)
        signs.append(sign)
    return pd.DataFrame(loadings * signs, variables, names)


def _direction(loadings: Matrix) -> float:
    """1 or −1, by which the loadings of a factor sum to more than nothing.

    Where they sum to nothing, the first that is none is positive.
    """
    along = float(loadings.sum())
    if abs(along) <= _TIE:
        along = next((float(value) for value in loadings if abs(value) > _TIE), 1.0)
    return -1.0 if along < 0 else 1.0


_TOGETHER = 20
"""Random samples that are drawn at once."""


@cache
def random_eigenvalues(n: int, p: int, *, draws: int = 500, percentile: float = 95.0, seed: int = 1965) -> Matrix:
    """What chance alone gives: a percentile of each eigenvalue over correlation matrices of random figures.

    The eigenvalues fall; the figures are n × p, normal and independent; ``percentile`` says which. Horn (1965) took the
    mean; the 95th percentile is the stricter use of today. The seed is fixed, so that an edition always prints the
    same.
    """
    figures, eigenvalues = np.random.default_rng(seed), []
    for start in range(0, draws, _TOGETHER):  # of many deals all would take half a gigabyte
        values = figures.standard_normal((min(_TOGETHER, draws - start), n, p))
        values -= values.mean(axis=1, keepdims=True)
        values /= np.sqrt((values**2).sum(axis=1, keepdims=True))
        eigenvalues.append(np.linalg.eigvalsh(values.transpose(0, 2, 1) @ values)[:, ::-1])
    found = np.asarray(np.percentile(np.concatenate(eigenvalues), percentile, axis=0))
    found.setflags(write=False)  # it is one for all who ask
    return found


def parallel(eigenvalues: Matrix, random: Matrix) -> int:
    """How many of the first eigenvalues exceed those of random data, up to the first that does not."""
    below = np.flatnonzero(eigenvalues <= random)
    return int(below[0]) if len(below) else len(eigenvalues)
