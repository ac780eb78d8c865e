"""What regressions say of recovery, expected and actual, how far they can be trusted, and how they predict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypedDict

from npl_report.findings import Facts, Sentence, say
from npl_report.findings.determinants import EXPECTED, STUDY, VARIABLES, Models
from npl_report.text.picks import Pick, Picks, Row

_ACTUAL, _CHECKS, _OTHERS, _AHEAD = (
    "regression_actual_recovery",
    "regression_diagnostics",
    "regression_robustness",
    "rolling_origin",
)
_STRONG = 0.7
"""Correlation of the secured share from which much of the variance lies between types."""
_FAR = 1
"""Cook's distance beyond which one deal moves the coefficients noticeably."""


class _Test(TypedDict):
    p: str
    rejected: bool


def expected(of: Facts) -> Iterator[Sentence]:
    """The regression of the expected rate, and its variables by the sign of their effects."""
    if not Models(of).fitted:
        yield say("none")
        return
    effects = _effects(of, EXPECTED)
    yield say("model")
    if up := _signed(effects, 1):
        yield say("up", effects=[_effect(of, item) for item in up])
    if down := _signed(effects.rising, -1):
        yield say("down", effects=[_effect(of, item) for item in down])
    if unclear := _signed(effects, 0):
        yield say("unclear", variables=_variables(of, unclear))


def logs(of: Facts) -> Iterator[Sentence]:
    """How a coefficient of a logarithm reads."""
    if Models(of).fitted:
        effects = _effects(of, EXPECTED)
        yield say("unclear" if len(_signed(effects, 0)) == len(effects) else "twice")


def within(of: Facts) -> Iterator[Sentence]:
    """Which effects on the expected rate are found between deals of one type."""
    yield from _within(of, EXPECTED)


def fit(of: Facts) -> Iterator[Sentence]:
    """How much of the expected rate the regression explains."""
    if Models(of).fitted:
        secured = VARIABLES, "secured_share", "correlation"
        apart = of.has(*secured) and abs(of.value(*secured)) >= _STRONG
        yield say("squared", types=say("types") if apart else "")


def study(of: Facts) -> Iterator[Sentence]:
    """Which effects of the study are found again."""
    if not Models(of).fitted:
        return
    same, other, weak = _compared(of)
    if len(same) == len(STUDY):
        yield say("complete")
        return
    yield say("found", same=len(same), among=len(STUDY))
    if same:
        yield say("same", variables=same)
    if other:
        yield say("other", variables=other)
    if weak:
        yield say("weak", variables=weak)
    if gone := Models(of).gone:
        yield say("gone", variables=gone)


def largest(of: Facts) -> Iterator[Sentence]:
    """The variable with the largest effect on the expected rate."""
    if most := _largest(of, EXPECTED):
        yield say("most", variable=of.row(VARIABLES, most.id), most=most)


def assumptions(of: Facts) -> Iterator[Sentence]:
    """What the tests say of the regression of the expected rate."""
    if not Models(of).fitted:
        yield say("none")
        return
    yield say("tests")
    yield from _assumptions(of, "expected")
    clustered = [item for item in _effects(of, EXPECTED) if item.has("p_cluster")]
    yield say("dependent", then=say("few", change=_changed(of, clustered)) if clustered else say("uncomputed"))


def robustness(of: Facts) -> Iterator[Sentence]:
    """Whether other models agree with the regression."""
    if not Models(of).fitted:
        yield say("none")
        return
    clear = [item.id for item in _effects(of, EXPECTED) if item.at("sign") != 0 and of.has(_OTHERS, item.id)]
    checks = {id_: of.row(_OTHERS, id_) for id_ in clear}
    firm = [of.row(VARIABLES, id_) for id_, check in checks.items() if check.at("n_agree") == check.at("n_compared")]
    shaky = [
        say("shaky", variable=of.row(VARIABLES, id_), check=check)
        for id_, check in checks.items()
        if check.at("n_agree") != check.at("n_compared")
    ]
    yield say("models")
    if firm and shaky:
        yield say("some", firm=firm, shaky=shaky)
    elif firm:
        yield say("agreed")
    elif shaky:
        yield say("disagreed", shaky=shaky)
    level = of.edition.determinants.level
    faded = [id_ for id_, check in checks.items() if check.has("trimmed_p") and check.at("trimmed_p") >= level]
    if faded:
        yield say("faded", variables=[of.row(VARIABLES, id_) for id_ in faded])


def actual(of: Facts) -> Iterator[Sentence]:
    """The regression of the actual rate."""
    yield say("model" if of.has(_ACTUAL, "const") else "none")


def actual_effects(of: Facts) -> Iterator[Sentence]:
    """What goes with the actual rate over all deals."""
    if not of.has(_ACTUAL, "const"):
        return
    effects = _effects(of, _ACTUAL)
    up, down = _signed(effects, 1), _signed(effects.rising, -1)
    if up or down:
        sides = [say("higher", effects=[_effect(of, item) for item in up])] if up else []
        sides += [say("lower", effects=[_effect(of, item) for item in down])] if down else []
        yield say("sides", sides=sides)
    else:
        yield say("nothing")
    clear = [item for item in _effects(of, EXPECTED) if item.at("sign") != 0]
    if missing := [item for item in clear if not of.has(_ACTUAL, item.id)]:
        yield say("missing", variables=_variables(of, missing))
    if Models(of).pooled:
        yield say("pooled")


def actual_within(of: Facts) -> Iterator[Sentence]:
    """Which effects on the actual rate are found between deals of one type."""
    yield from _within(of, _ACTUAL)


def held(of: Facts) -> Iterator[Sentence]:
    """What becomes of the effects on the expected rate that hold within types."""
    if not of.has(_ACTUAL, "const"):
        return
    there = [item for item in _effects(of, EXPECTED) if item.at("sign") != 0 and _typed(item) == item.at("sign")]
    signs = {item: _typed(of.row(_ACTUAL, item.id)) for item in there if of.has(_ACTUAL, item.id, "typed_sign")}
    if signs:
        yield say("compared")
    if both := [item for item, sign in signs.items() if sign == item.at("sign")]:
        yield say("both", variables=_variables(of, both))
    if against := [item for item, sign in signs.items() if sign == -float(item.at("sign"))]:
        yield say("against", variables=_variables(of, against))
    if only := [item for item, sign in signs.items() if sign == 0]:
        yield say("only", variables=_variables(of, only))


def actual_assumptions(of: Facts) -> Iterator[Sentence]:
    """What the tests say of the regression of the actual rate."""
    if of.has(_ACTUAL, "const"):
        yield say("tests")
        yield from _assumptions(of, "actual")


def largest_actual(of: Facts) -> Iterator[Sentence]:
    """The variable with the largest effect on the actual rate."""
    if most := _largest(of, _ACTUAL):
        yield say("most", variable=of.row(VARIABLES, most.id), most=most)


def ahead(of: Facts) -> Iterator[Sentence]:
    """How predictions out of sample are made."""
    yield say("method" if of.has(_AHEAD, "total") else "none")


def errors(of: Facts) -> Iterator[Sentence]:
    """How accurate predictions out of sample are."""
    if not of.has(_AHEAD, "total"):
        return
    whole, years = of.row(_AHEAD, "total"), of.series(_AHEAD, "n_test").nonzero
    yield say("means", whole=whole, years=years)
    if of.side(_AHEAD, "total", "model_mae", than=(_AHEAD, "total", "naive_mae")) == "above":
        yield say("worse", f"{_AHEAD}/total/model_mae above {_AHEAD}/total/naive_mae")
    yield say("years" if years[1:] else "year", years=years)
    yield say("bias", whole=whole)


def _effects(of: Facts, table: str) -> Picks:
    """The variables of a regression by their standardised coefficients, from the highest."""
    found: Picks = of.ranking(table, "standardized")
    return found


def _signed(effects: Iterable[Pick], sign: int) -> list[Pick]:
    """Those of a sign: 0 where they are not significant."""
    return [item for item in effects if item.at("sign") == sign]


def _typed(item: Row) -> float:
    """The sign of an effect with a constant for each type; 0 without one, or where it is not significant."""
    return float(item.at("typed_sign")) if item.has("typed_sign") else 0


def _variables(of: Facts, items: Iterable[Row]) -> list[Row]:
    """Rows of a regression by the names of what they measure."""
    return [of.row(VARIABLES, item.id) for item in items]


def _effect(of: Facts, item: Pick) -> Sentence:
    return say("effect.standardized", variable=of.row(VARIABLES, item.id), item=item)


def _largest(of: Facts, table: str) -> Pick | None:
    """The significant variable with the largest effect, of two or more."""
    clear = [item for item in _effects(of, table) if item.at("sign") != 0]
    return max(clear, key=lambda item: abs(item.number)) if clear[1:] else None


def _within(of: Facts, table: str) -> Iterator[Sentence]:
    """Which effects of a regression are also found between deals of one type."""
    effects = _effects(of, table) if of.has(table, "const") else Picks()
    clear = [item for item in effects if item.at("sign") != 0]
    same = [item for item in clear if _typed(item) == item.at("sign")]
    other = [item for item in clear if _typed(item) == -float(item.at("sign"))]
    unsure = [item for item in clear if _typed(item) == 0]
    new = [item for item in effects if item.at("sign") == 0 and _typed(item) != 0]
    if clear or new:
        yield say("typed.constants")
    if same:
        yield say("typed.same", variables=_variables(of, same))
    if other:
        yield say("typed.other", variables=_variables(of, other))
    if unsure:
        yield say("typed.unsure", effects=[_unsure(of, item) for item in unsure])
    if new:
        yield say("typed.new", variables=_variables(of, new))


def _unsure(of: Facts, item: Pick) -> Sentence:
    variable = of.row(VARIABLES, item.id)
    return say("typed.with_p" if item.has("typed_p") else "typed.without_p", variable=variable, item=item)


def _compared(of: Facts) -> tuple[list[Row], list[Row], list[Row]]:
    """The study's variables that have its sign, the opposite one, or are not significant."""
    signs = {id_: of.value(EXPECTED, id_, "sign") for id_ in STUDY if of.has(EXPECTED, id_)}
    return (
        [of.row(VARIABLES, id_) for id_, sign in signs.items() if sign == STUDY[id_]],
        [of.row(VARIABLES, id_) for id_, sign in signs.items() if sign == -STUDY[id_]],
        [of.row(VARIABLES, id_) for id_, sign in signs.items() if sign == 0],
    )


def _assumptions(of: Facts, rate: str) -> Iterator[Sentence]:
    """What the tests say of a regression's assumptions, an item each; ``rate`` is expected or actual."""
    if variances := _test(of, "breusch_pagan", rate):
        yield say("assumption.variances", **variances)
    if form := _test(of, "reset", rate):
        yield say("assumption.form", **form)
    if normal := _test(of, "jarque_bera", rate):
        yield say("assumption.normal", **normal)
    influential = _CHECKS, "n_influential", f"{rate}_count"
    if of.has(*influential):
        distance = _CHECKS, "max_cook", f"{rate}_statistic"
        yield say(
            "assumption.influence",
            many=of.value(*influential),
            influential=of.n(*influential),
            among=of.n(_CHECKS, "n_observations", f"{rate}_count"),
            distance=of.n(*distance),
            far=of.value(*distance) > _FAR,
        )


def _test(of: Facts, test: str, rate: str) -> _Test | None:
    """The p value of a test and whether it rejects."""
    cell = _CHECKS, test, f"{rate}_p"
    if not of.has(*cell):
        return None
    return {"p": of.n(*cell), "rejected": of.value(*cell) < of.edition.determinants.level}


def _changed(of: Facts, clustered: list[Pick]) -> Sentence:
    """What errors clustered by originator change."""
    level = of.edition.determinants.level
    lost = [item for item in clustered if item.at("sign") != 0 and float(item.at("p_cluster")) >= level]
    gained = [item for item in clustered if item.at("sign") == 0 and float(item.at("p_cluster")) < level]
    parts = [say("lost", variables=_variables(of, lost))] if lost else []
    parts += [say("gained", variables=_variables(of, gained))] if gained else []
    return say("changed", parts=parts) if parts else say("unchanged")
