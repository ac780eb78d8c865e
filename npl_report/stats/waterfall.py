"""Collections and terms → dated payments of each step of a priority of payments.

Money in CNY million, rates a year, act/365.

Source: METHODS, "Structure and yield" (market practice); what a deal's documents leave open is stated here, and the
choice is ours:

- Fees are fractions of the collections. Of the trust fees no more than their cap (CNY million a year, for the days
  since the last payment date) is paid at their own step; the rest waits for ``excess_fees``. What a step cannot be paid
  stays due, without interest.
- The liquidity reserve joins the collections on every payment date and is set aside anew at its step, up to its target.
  It is released when what is left there pays the steps up to the senior principal and redeems the senior tranche, and
  on the last date.
- Senior interest accrues on the outstanding principal from one payment date to the next, the first time from closing;
  the fixed return of the subordinated tranche likewise, and neither is compounded.
- The event of default is senior interest that is not paid in full, or senior principal outstanding at the legal
  maturity. From the next payment date on the order of the phase ``default`` holds; a priority without one has no such
  event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from npl_report.model import DefinitionError, Step

Array = NDArray[np.float64]

YEAR = 365
"""Days of a year in interest and yields (act/365)."""

PAYEES = (
    "taxes",
    "trust_fees",
    "servicing",
    "excess_fees",
    "senior_interest",
    "senior_principal",
    "subordinated_principal",
    "subordinated_return",
    "subordinated_residual",
    "reward",
)
"""What the cash of a date is paid for; the residual step pays the last two."""
_KEPT = ("kept", "left", "junior", "interest", "fixed", "fees")
"""Of the state after a date, in the order of ``Flows``."""
_DEBTS: Mapping[Step, str] = {
    "taxes": "tax",
    "trust_fees": "trust",
    "servicing": "service",
    "excess_fees": "trust",
    "senior_interest": "interest",
    "senior_principal": "left",
    "subordinated_principal": "junior",
    "subordinated_return": "fixed",
}
"""Step → what it pays off, of ``_State``. The reserve and the residual pay off nothing."""
_EXACT = 1e-9  # of the cash of a date: what sums of floats may be off
_UNPAID = 1e-9  # CNY mn: interest short by less is paid


@dataclass(frozen=True)
class Priority:
    """A priority of payments: its steps before and after an event of default, each step once.

    If ``default`` is empty, there is no such event.
    """

    ordinary: tuple[Step, ...]
    default: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Terms:
    """Terms of n deals: arrays of shape (n,).

    Faces and reserve in CNY million, the cap in CNY million a year (infinite: none), rates a year or of collections as
    fractions, ``legal_maturity`` (the senior tranche's) in days from closing. ``priority`` is a position in
    ``priorities``.
    """

    senior: Array
    subordinated: Array
    coupon: Array
    tax_rate: Array
    trust_fee_rate: Array
    trust_fee_cap: Array
    servicing_rate: Array
    reserve: Array
    fixed_return: Array
    reward_share: Array
    legal_maturity: Array
    priority: NDArray[np.intp]
    priorities: tuple[Priority, ...]

    def __len__(self) -> int:
        return len(self.senior)

    def take(self, rows: NDArray[np.intp]) -> Terms:
        """The terms of some deals, in that order; a deal may be taken more than once."""
        return replace(
            self,
            **{field.name: getattr(self, field.name)[rows] for field in fields(self) if field.name != "priorities"},
        )

    @property
    def fee_rate(self) -> Array:
        """All fees as a fraction of the collections: k of the quantity formula."""
        return self.tax_rate + self.trust_fee_rate + self.servicing_rate


@dataclass(frozen=True)
class Flows:
    """What a waterfall pays: arrays of shape (dates, deals), CNY million.

    ``days``: of each payment date, from closing. ``paid``: by payee (``PAYEES``). ``reserve`` and the balances: after
    the payments of the date. ``interest_due``, ``return_due``, ``fees_due``: senior interest, fixed return and fees
    accrued and not paid. ``default``: an event of default has happened on the date or before.
    """

    days: Array
    collected: Array
    paid: Mapping[str, Array]
    reserve: Array
    senior: Array
    subordinated: Array
    interest_due: Array
    return_due: Array
    fees_due: Array
    default: NDArray[np.bool_]

    def to(self, tranche: str) -> Array:
        """All that a tranche is paid, shape (dates, deals)."""
        if tranche == "senior":
            return self.paid["senior_interest"] + self.paid["senior_principal"]
        return (
            self.paid["subordinated_principal"] + self.paid["subordinated_return"] + self.paid["subordinated_residual"]
        )

    def deal(self, position: int) -> Flows:
        """The flows of one deal, shape (dates, 1)."""
        cut = {field.name: getattr(self, field.name)[:, [position]] for field in fields(self) if field.name != "paid"}
        return Flows(paid={name: array[:, [position]] for name, array in self.paid.items()}, **cut)


def run(collected: Array, days: Array, terms: Terms, *, final: bool = True) -> Flows:
    """Pay out the collections of n deals.

    ``collected``, ``days``: shape (dates, n); CNY million, and the payment dates in days from closing, rising, the last
    one repeated where a deal has fewer. ``final``: nothing follows the last date, on which the reserve is released.
    ValueError for wrong shapes, negative collections or dates that fall; DefinitionError if the invariants do not hold,
    which is our bug.
    """
    if collected.shape != days.shape or collected.shape[1:] != (len(terms),):
        raise ValueError(f"collections {collected.shape}, days {days.shape} and terms ({len(terms)},) do not fit")
    if not (np.isfinite(collected).all() and (collected >= 0).all()):
        raise ValueError("collections must be finite and not negative")
    steps = np.diff(days, axis=0, prepend=np.zeros((1, len(terms))))
    if not (steps >= 0).all():
        raise ValueError("payment dates must rise from the closing date on")
    final_on = np.argmax(days == days[-1], axis=0) if final and len(days) else np.full(len(terms), -1)
    state = _State(terms)
    out = {name: np.zeros(collected.shape) for name in (*PAYEES, *_KEPT)}
    default = np.zeros(collected.shape, dtype=bool)
    for date in range(len(days)):
        before = state.kept
        last = final_on <= date if final else np.zeros(len(terms), dtype=bool)
        state.begin(collected[date], steps[date] / YEAR, last=last)
        _pay(state)
        state.note_default(days[date])
        for name in PAYEES:
            out[name][date] = state.paid[name]
        for name in _KEPT:
            out[name][date] = getattr(state, name)
        default[date] = state.default
        _check(state, collected[date] + before)
    paid = {name: out[name] for name in PAYEES}
    names = ("reserve", "senior", "subordinated", "interest_due", "return_due", "fees_due")
    kept = dict(zip(names, (out[name] for name in _KEPT), strict=True))
    return Flows(days, collected, paid, **kept, default=default)


class _State:
    """What a payment date finds and changes, arrays of shape (n,)."""

    def __init__(self, terms: Terms) -> None:
        n = len(terms)
        self.terms = terms
        self.left, self.junior = terms.senior.astype(float), terms.subordinated.astype(float)
        self.kept, self.interest, self.fixed, self.trust, self.tax, self.service = (np.zeros(n) for _ in range(6))
        self.default = np.zeros(n, dtype=bool)
        self.phase = np.zeros(n, dtype=bool)
        self.cash, self.cap, self.last = np.zeros(n), np.zeros(n), np.zeros(n, dtype=bool)
        self.paid: dict[str, Array] = {}

    @property
    def fees(self) -> Array:
        """Taxes and fees that are due."""
        return self.tax + self.trust + self.service

    def begin(self, collected: Array, years: Array, *, last: NDArray[np.bool_]) -> None:
        """A new date: what falls due, and the cash there is."""
        terms = self.terms
        self.phase = np.where(years > 0, self.default, self.phase)  # a repeated date is not the next one
        self.tax = self.tax + terms.tax_rate * collected
        self.trust = self.trust + terms.trust_fee_rate * collected
        self.service = self.service + terms.servicing_rate * collected
        self.interest = self.interest + self.left * terms.coupon * years
        self.fixed = self.fixed + self.junior * terms.fixed_return * years
        with np.errstate(invalid="ignore"):  # no cap, no time: whatever, since then nothing falls due either
            cap = terms.trust_fee_cap * years
        self.cap = np.where(np.isinf(terms.trust_fee_cap), np.inf, cap)
        self.cash = collected + self.kept
        self.kept = np.zeros_like(self.cash)
        self.last = last
        self.paid = {name: np.zeros_like(self.cash) for name in PAYEES}

    def note_default(self, days: Array) -> None:
        """Whether the date brings an event of default."""
        has = np.array([bool(priority.default) for priority in self.terms.priorities])[self.terms.priority]
        short = (self.interest > _UNPAID) | ((days >= self.terms.legal_maturity) & (self.left > _UNPAID))
        self.default = self.default | (short & has)


def _pay(state: _State) -> None:
    """One payment date: each group of deals with the same order of steps runs through it."""
    for number, phase in product(range(len(state.terms.priorities)), (False, True)):
        rows = (state.terms.priority == number) & (state.phase == phase)
        if rows.any():
            priority = state.terms.priorities[number]
            order = priority.default if phase else priority.ordinary
            for place, step in enumerate(order):
                if step == "reserve":
                    _set_aside(state, rows, order[place + 1 : order.index("senior_principal")])
                elif step == "residual":
                    _take(state, rows, state.cash * state.terms.reward_share, "reward")
                    _take(state, rows, state.cash, "subordinated_residual")
                else:
                    setattr(
                        state, _DEBTS[step], getattr(state, _DEBTS[step]) - _take(state, rows, _due(state, step), step)
                    )


def _due(state: _State, step: Step) -> Array:
    """What a step asks for on the date."""
    return np.minimum(state.trust, state.cap) if step == "trust_fees" else getattr(state, _DEBTS[step])


def _take(state: _State, rows: NDArray[np.bool_], wanted: Array, payee: str) -> Array:
    """Pay what is wanted as far as the cash of the rows goes; returns what was paid, zero in all other rows."""
    paid = np.where(rows, np.minimum(state.cash, np.maximum(wanted, 0.0)), 0.0)
    state.cash = state.cash - paid
    state.paid[payee] = state.paid[payee] + paid
    return paid


def _set_aside(state: _State, rows: NDArray[np.bool_], between: tuple[Step, ...]) -> None:
    """Fill the reserve, or release it where that redeems the senior tranche.

    It does where what is left pays the steps ``between`` it and the senior principal as well.
    """
    asking = [
        step for step in between if step != "trust_fees" or "excess_fees" not in between
    ]  # the excess takes all of the trust fees
    needed = np.sum([state.left, *(_due(state, step) for step in asking)], axis=0)
    kept = np.where(rows & ~state.last & (state.cash < needed), np.minimum(state.cash, state.terms.reserve), 0.0)
    state.cash, state.kept = state.cash - kept, state.kept + kept


def _check(state: _State, available: Array) -> None:
    """The invariants of a date.

    Cash in = cash out + reserve, nothing negative, no senior loss while the subordinated principal is repaid.
    """
    out = np.sum([*state.paid.values(), state.kept], axis=0)
    allowed = _EXACT * (1 + available)
    if (np.abs(out - available) > allowed).any() or (np.abs(state.cash) > allowed).any():
        raise DefinitionError("a waterfall pays out what it has not, or keeps what it has")
    if any((array < -_EXACT).any() for array in (state.left, state.junior, state.kept, *state.paid.values())):
        raise DefinitionError("a waterfall has a negative payment or balance")
    if ((state.paid["subordinated_principal"] > _UNPAID) & (state.left > _UNPAID)).any():
        raise DefinitionError("a waterfall repays the subordinated tranche before the senior one")
