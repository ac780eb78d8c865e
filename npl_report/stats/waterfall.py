"""Collections and terms → dated payments of each step of a priority of payments.

Money in millions, rates a year, act/365.

Source: METHODS, "Structure and yield" (market practice); what a deal's documents leave open is stated here, and the
choice is ours:

- Fees are fractions of the collections. Of the trust fees no more than their cap (millions a year, for the days
  since the last payment date) is paid at their own step; the rest waits for ``excess_fees``. What a step cannot be paid
  stays due, without interest.
- The liquidity reserve joins the collections on every payment date and is set aside anew at its step, up to its target.
  It is released when what is left there pays the steps up to the principal of the first tranche and redeems it, and on
  the last date; once that tranche is redeemed nothing is set aside.
- Tranches form a ladder: the first is paid first, the last has no coupon, but a fixed return and what is left. Interest
  accrues on the outstanding principal of each of the others from one payment date to the next, the first time from
  closing; the fixed return of the last likewise, and neither is compounded.
- The event of default is interest of the first tranche that is not paid in full, or its principal outstanding at the
  legal maturity. From the next payment date on the order of the phase ``default`` holds; a priority without one has no
  such event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import reduce
from itertools import chain, product

import numpy as np
from numpy.typing import NDArray

from npl_report.model import FEES, DefinitionError

Array = NDArray[np.float64]

YEAR = 365
"""Days of a year in interest and yields (act/365)."""

_LIKE = {"excess_fees": "trust_fees"}
"""Step → the step whose debt it pays off as well."""
_EXACT = 1e-9  # of the cash of a date: what sums of floats may be off
_UNPAID = 1e-12  # of the issue size: what is short by less is paid


@dataclass(frozen=True)
class Priority:
    """A priority of payments: its steps before and after an event of default, each step once.

    If ``default`` is empty, there is no such event.
    """

    ordinary: tuple[str, ...]
    default: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terms:
    """Terms of n deals: arrays of shape (n,), but for those by tranche.

    ``ladder``: keys of the k tranches, by rank. ``face``: shape (k, n), 0 where a deal has no such tranche; ``coupon``:
    (k − 1, n), of all but the last. Faces and reserve in millions, the cap in millions a year (infinite: none),
    rates a year or of collections as fractions, ``legal_maturity`` (the first tranche's) in days from closing.
    ``priority`` is a position in ``priorities``.
    """

    ladder: tuple[str, ...]
    face: Array
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
        return len(self.tax_rate)

    @property
    def size(self) -> Array:
        """Issue size."""
        return np.asarray(self.face.sum(axis=0))

    def take(self, rows: NDArray[np.intp]) -> Terms:
        """The terms of some deals, in that order; a deal may be taken more than once."""
        arrays = [field.name for field in fields(self) if field.name not in ("ladder", "priorities")]
        return replace(self, **{name: getattr(self, name)[..., rows] for name in arrays})

    @property
    def fee_rate(self) -> Array:
        """All fees as a fraction of the collections: k of the quantity formula."""
        return self.tax_rate + self.trust_fee_rate + self.servicing_rate


def payees(ladder: Sequence[str]) -> tuple[str, ...]:
    """What the cash of a date is paid for; the residual step pays the last two."""
    return (*FEES, *chain.from_iterable(parts(ladder, tranche) for tranche in ladder), "reward")


def parts(ladder: Sequence[str], tranche: str) -> tuple[str, ...]:
    """The payees that are paid to a tranche."""
    paid = ("principal", "return", "residual") if tranche == ladder[-1] else ("interest", "principal")
    return tuple(f"{tranche}_{part}" for part in paid)


@dataclass(frozen=True)
class Flows:
    """What a waterfall pays: arrays of shape (dates, deals), millions.

    ``days``: of each payment date, from closing. ``paid``: by payee (``payees``). ``due``: by step that pays off a
    debt, what is owed after the payments of the date; ``<tranche>_principal`` is what is outstanding. ``reserve``: what
    is set aside then. ``default``: an event of default has happened on the date or before.
    """

    ladder: tuple[str, ...]
    days: Array
    collected: Array
    paid: Mapping[str, Array]
    due: Mapping[str, Array]
    reserve: Array
    default: NDArray[np.bool_]

    @property
    def fees_due(self) -> Array:
        """Taxes and fees that are owed."""
        return self.due["taxes"] + self.due["trust_fees"] + self.due["servicing"]

    def left(self, tranche: str) -> Array:
        """Principal outstanding of a tranche."""
        return self.due[f"{tranche}_principal"]

    def accrued(self, tranche: str) -> Array:
        """Interest of a tranche, or the fixed return of the last, accrued and not paid."""
        return self.due[f"{tranche}_{'return' if tranche == self.ladder[-1] else 'interest'}"]

    def to(self, tranche: str) -> Array:
        """All that a tranche is paid."""
        return reduce(np.add, (self.paid[part] for part in parts(self.ladder, tranche)))

    def deal(self, position: int) -> Flows:
        """The flows of one deal, shape (dates, 1)."""
        one = [position]
        paid, due = ({name: array[:, one] for name, array in held.items()} for held in (self.paid, self.due))
        arrays = (self.reserve[:, one], self.default[:, one])
        return Flows(self.ladder, self.days[:, one], self.collected[:, one], paid, due, *arrays)


def run(collected: Array, days: Array, terms: Terms, *, final: bool = True) -> Flows:
    """Pay out the collections of n deals.

    ``collected``, ``days``: shape (dates, n); millions, and the payment dates in days from closing, rising, the last
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
    paid, due = ({name: np.zeros(collected.shape) for name in names} for names in (payees(terms.ladder), state.debts))
    reserve, default = np.zeros(collected.shape), np.zeros(collected.shape, dtype=bool)
    for date in range(len(days)):
        before = state.kept
        last = final_on <= date if final else np.zeros(len(terms), dtype=bool)
        state.begin(collected[date], steps[date] / YEAR, last=last)
        _pay(state)
        state.note_default(days[date])
        for held, found in ((paid, state.paid), (due, state.debts)):
            for name, array in held.items():
                array[date] = found[name]
        reserve[date], default[date] = state.kept, state.default
        _check(state, collected[date] + before)
    return Flows(terms.ladder, days, collected, paid, due, reserve, default)


class _State:
    """What a payment date finds and changes, arrays of shape (n,). ``debts``: by the step that pays them off."""

    def __init__(self, terms: Terms) -> None:
        n = len(terms)
        self.terms, self.unpaid = terms, _UNPAID * terms.size
        *paying, last = terms.ladder
        accrued = ("taxes", "trust_fees", "servicing", *(f"{tranche}_interest" for tranche in paying), f"{last}_return")
        self.debts = {step: np.zeros(n) for step in accrued}
        self.debts |= {f"{of}_principal": face.astype(float) for of, face in zip(terms.ladder, terms.face, strict=True)}
        self.kept = np.zeros(n)
        self.default = np.zeros(n, dtype=bool)
        self.phase = np.zeros(n, dtype=bool)
        self.cash, self.cap, self.last = np.zeros(n), np.zeros(n), np.zeros(n, dtype=bool)
        self.paid: dict[str, Array] = {}

    def begin(self, collected: Array, years: Array, *, last: NDArray[np.bool_]) -> None:
        """A new date: what falls due, and the cash there is."""
        terms = self.terms
        self.phase = np.where(years > 0, self.default, self.phase)  # a repeated date is not the next one
        self._owe("taxes", terms.tax_rate * collected)
        self._owe("trust_fees", terms.trust_fee_rate * collected)
        self._owe("servicing", terms.servicing_rate * collected)
        *paying, residual = terms.ladder
        for tranche, coupon in zip(paying, terms.coupon, strict=True):
            self._owe(f"{tranche}_interest", self.debts[f"{tranche}_principal"] * coupon * years)
        self._owe(f"{residual}_return", self.debts[f"{residual}_principal"] * terms.fixed_return * years)
        with np.errstate(invalid="ignore"):  # no cap, no time: whatever, since then nothing falls due either
            cap = terms.trust_fee_cap * years
        self.cap = np.where(np.isinf(terms.trust_fee_cap), np.inf, cap)
        self.cash = collected + self.kept
        self.kept = np.zeros_like(self.cash)
        self.last = last
        self.paid = {name: np.zeros_like(self.cash) for name in payees(terms.ladder)}

    def _owe(self, step: str, more: Array) -> None:
        self.debts[step] = self.debts[step] + more

    def note_default(self, days: Array) -> None:
        """Whether the date brings an event of default."""
        has = np.array([bool(priority.default) for priority in self.terms.priorities])[self.terms.priority]
        first = self.terms.ladder[0]
        unpaid, left = (self.debts[f"{first}_{part}"] > self.unpaid for part in ("interest", "principal"))
        self.default = self.default | ((unpaid | ((days >= self.terms.legal_maturity) & left)) & has)


def _pay(state: _State) -> None:
    """One payment date: each group of deals with the same order of steps runs through it."""
    for number, phase in product(range(len(state.terms.priorities)), (False, True)):
        rows = (state.terms.priority == number) & (state.phase == phase)
        if rows.any():
            priority = state.terms.priorities[number]
            order = priority.default if phase else priority.ordinary
            for place, step in enumerate(order):
                if step == "reserve":
                    _set_aside(state, rows, order[place + 1 : order.index(f"{state.terms.ladder[0]}_principal")])
                elif step == "residual":
                    _take(state, rows, state.cash * state.terms.reward_share, "reward")
                    _take(state, rows, state.cash, f"{state.terms.ladder[-1]}_residual")
                else:
                    debt = _LIKE.get(step, step)
                    state.debts[debt] = state.debts[debt] - _take(state, rows, _due(state, step), step)


def _due(state: _State, step: str) -> Array:
    """What a step asks for on the date."""
    owed = state.debts[_LIKE.get(step, step)]
    return np.minimum(owed, state.cap) if step == "trust_fees" else owed


def _take(state: _State, rows: NDArray[np.bool_], wanted: Array, payee: str) -> Array:
    """Pay what is wanted as far as the cash of the rows goes; returns what was paid, zero in all other rows."""
    paid = np.where(rows, np.minimum(state.cash, np.maximum(wanted, 0.0)), 0.0)
    state.cash = state.cash - paid
    state.paid[payee] = state.paid[payee] + paid
    return paid


def _set_aside(state: _State, rows: NDArray[np.bool_], between: tuple[str, ...]) -> None:
    """Fill the reserve, or release it where that redeems the first tranche.

    It does where what is left pays the steps ``between`` it and the principal of that tranche as well.
    """
    asking = [
        step for step in between if step != "trust_fees" or "excess_fees" not in between
    ]  # the excess takes all of the trust fees
    principal = state.debts[f"{state.terms.ladder[0]}_principal"]
    needed = np.sum([principal, *(_due(state, step) for step in asking)], axis=0)
    wanted = rows & ~state.last & (principal > state.unpaid) & (state.cash < needed)
    kept = np.where(wanted, np.minimum(state.cash, state.terms.reserve), 0.0)
    state.cash, state.kept = state.cash - kept, state.kept + kept


def _check(state: _State, available: Array) -> None:
    """The invariants of a date.

    Cash in = cash out + reserve, nothing negative, no principal of a tranche while one of those above it is left.
    """
    out = np.sum([*state.paid.values(), state.kept], axis=0)
    allowed = _EXACT * (1 + available)
    if (np.abs(out - available) > allowed).any() or (np.abs(state.cash) > allowed).any():
        raise DefinitionError("a waterfall pays out what it has not, or keeps what it has")
    left = [state.debts[f"{tranche}_principal"] for tranche in state.terms.ladder]
    if any((array < -_EXACT).any() for array in (*left, state.kept, *state.paid.values())):
        raise DefinitionError("a waterfall has a negative payment or balance")
    for tranche, ahead in zip(state.terms.ladder[1:], np.cumsum(left, axis=0), strict=False):
        if ((state.paid[f"{tranche}_principal"] > state.unpaid) & (ahead > state.unpaid)).any():
            raise DefinitionError("a waterfall repays a tranche before those above it")
