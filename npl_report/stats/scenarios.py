"""The waterfall under scenarios: the profile of collections times a multiplier, all payment dates later by a delay.

Source: METHODS, "Structure and yield". That a delay moves the payment dates with the collections is our choice: were
only the collections late, the first payment date would find nothing to pay, and every delay would be an event of
default.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from npl_report.model import DAYS_PER_MONTH
from npl_report.stats.waterfall import Array, Flows, Terms, run
from npl_report.stats.yields import Returns, returns

MULTIPLIERS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5)
"""Of the forecast recovery (METHODS)."""
DELAYS = (0, 3, 6, 12)
"""Months by which everything is late (METHODS)."""
_ROWS = 8192  # deals × scenarios that are paid out at once: some 60 MB


@dataclass(frozen=True)
class Profile:
    """Dated collections of n deals, arrays of shape (dates, n), as ``waterfall.run`` takes them.

    Money in millions, and payment dates in days from closing.
    """

    collected: Array
    days: Array


@dataclass(frozen=True)
class Scenarios:
    """Every deal under every scenario, arrays of shape (deals, scenarios).

    ``multiplier`` and ``delay`` (months) of each scenario, shape (scenarios,): delays within multipliers.
    ``returns``: by tranche, NaN for deals without it. ``default``: there is an event of default. Of the quantity
    formula, millions: ``recovered``, and over the deal's life ``interest`` (of all tranches but the last) and
    ``fixed_return`` accrued; ``last_paid`` is what the waterfall pays the last tranche.
    """

    multiplier: Array
    delay: Array
    returns: dict[str, Returns]
    default: NDArray[np.bool_]
    recovered: Array
    interest: Array
    fixed_return: Array
    last_paid: Array


def scenarios(
    profile: Profile,
    terms: Terms,
    multipliers: Sequence[float] = MULTIPLIERS,
    delays: Sequence[int] = DELAYS,
    month: float = DAYS_PER_MONTH,
) -> Scenarios:
    """Pay out every deal (at least one) under every scenario. ``month``: its days.

    Some thousand at a time, so that memory does not grow with the deals.
    """
    multiplier, delay = (
        axis.ravel()
        for axis in np.meshgrid(np.array(multipliers, dtype=float), np.array(delays, dtype=float), indexing="ij")
    )
    many, n = len(multiplier), len(terms)
    chunk = max(1, _ROWS // many)
    parts = []
    for start in range(0, n, chunk):
        deals = np.arange(start, min(start + chunk, n))
        rows, times, later = (
            np.repeat(deals, many),
            np.tile(multiplier, len(deals)),
            np.tile(delay, len(deals)) * month,
        )
        paying = terms.take(rows)
        parts.append(_measured(run(profile.collected[:, rows] * times, profile.days[:, rows] + later, paying), paying))
    whole = {key: np.concatenate([part[key] for part in parts]).reshape(n, many) for key in parts[0]}
    by_tranche = {
        tranche: Returns(*(whole[f"{tranche}_{measure}"] for measure in ("rate", "multiple", "life", "loss")))
        for tranche in terms.ladder
    }
    return Scenarios(
        multiplier,
        delay,
        by_tranche,
        whole["default"],
        *(whole[key] for key in ("recovered", "interest", "fixed_return", "last_paid")),
    )


def _measured(flows: Flows, terms: Terms) -> dict[str, NDArray[Any]]:
    *paying, last = terms.ladder
    measured: dict[str, NDArray[Any]] = {
        "default": flows.default[-1],
        "recovered": flows.collected.sum(axis=0),
        "interest": np.sum([_accrued(flows, f"{tranche}_interest") for tranche in paying], axis=0),
        "fixed_return": _accrued(flows, f"{last}_return"),
        "last_paid": flows.to(last).sum(axis=0),
    }
    for tranche, face in zip(terms.ladder, terms.face, strict=True):
        earned = returns(face, flows.days, flows.paid[f"{tranche}_principal"], flows.to(tranche))
        measured |= {
            f"{tranche}_{measure}": getattr(earned, measure) for measure in ("rate", "multiple", "life", "loss")
        }
    return measured


def _accrued(flows: Flows, step: str) -> Array:
    """What fell due for a step in all."""
    return np.asarray(flows.paid[step].sum(axis=0) + flows.due[step][-1])
