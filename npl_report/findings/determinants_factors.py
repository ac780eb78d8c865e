"""What the factor analysis of pools finds, and how its factors go with the expected rate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from npl_report.findings import Facts, Sentence, named, say
from npl_report.findings.determinants import VARIABLES
from npl_report.text.picks import Picks, Row

STUDY = {
    "factor_issuance": 1,
    "factor_pool_balance": 1,
    "factor_average_loan": 1,
    "factor_borrower": 1,
    "factor_ageing": -1,
}
"""The factors of the study, with the sign of the effect that it reports of each."""
_ABOUT = {
    "issuance": "factor_issuance",
    "pool_balance": "factor_pool_balance",
    "average_loan": "factor_average_loan",
    "wa_annual_income": "factor_borrower",
    "wa_borrower_age": "factor_borrower",
    "wa_loan_age": "factor_ageing",
    "wa_overdue": "factor_ageing",
}
"""The variables by which the study describes its factors: variable → the factor that is named after its group."""
_ADEQUACY, _VARIANCE, _LOADINGS, _RATE = "factor_adequacy", "factor_variance", "factor_loadings", "factor_regression"
_SCALE = 0.9, 0.8, 0.7, 0.6, 0.5
"""Steps of the scale of Kaiser, from the best."""
_CAUTION, _POOR = 0.7, 0.5
"""Measures below which factors are read with caution, and below which nothing rests on them."""
_HALF = 0.5


class _Stray(NamedTuple):
    variable: str
    home: str
    named: str


def adequacy(of: Facts) -> Iterator[Sentence]:
    """Whether the variables are fit for a factor analysis."""
    if not of.has(_ADEQUACY, "included"):
        yield say("none")
        return
    measure = of.value(_ADEQUACY, "included", "kmo")
    step = sum(measure < limit for limit in _SCALE)
    yield say("measure", step=step, rejected=of.value(_ADEQUACY, "included", "p") < of.edition.determinants.level)
    if measure < _CAUTION:
        yield say("poor" if measure < _POOR else "caution")


def number(of: Facts) -> Iterator[Sentence]:
    """How many factors there are, and how many by chance."""
    if not of.has(_ADEQUACY, "included"):
        return
    if not (of.has(_VARIANCE, "1") and of.has(_ADEQUACY, "included", "n_factors")):
        yield say("none")
        return
    found, second = (of.value(_ADEQUACY, "included", column) for column in ("n_factors", "n_factors_parallel"))
    yield say("found", study=say("alike" if found == len(STUDY) else "other"))
    yield say("parallel", verdict=_verdict(found, second))
    if weak := of.series(_VARIANCE, "eigenvalue")[int(second) : int(found)]:
        values = [item.value for item in weak]
        yield say("weak", weak=weak, values=values, chance=[item.n("random_eigenvalue") for item in weak])


def loadings(of: Facts) -> Iterator[Sentence]:
    """What each factor is made of, an item each."""
    factors = _factors(of)
    if not factors:
        yield say("none" if of.has(_ADEQUACY, "included") else "not_yet")
        return
    yield say("method")
    for factor in factors:
        members = of.series(_LOADINGS, "communality", factor=factor.id)
        parts = [say("member", variable=of.row(VARIABLES, item.id), loading=item.n(factor.id)) for item in members]
        yield say("factor", factor=factor, members=parts)


def names(of: Facts) -> Iterator[Sentence]:
    """How far the names of factors, and the factors, can be trusted."""
    factors = _factors(of)
    if not factors:
        return
    if strays := _strays(of):
        yield say("strays", strays=[_stray(of, stray) for stray in strays])
    explained = of.series(_LOADINGS, "communality")
    if apart := [of.row(VARIABLES, item.id) for item in explained if item.number < _HALF]:
        yield say("apart", variables=apart)
    if absent := _absent(of):
        yield say("absent", absent=len(absent), among=len(STUDY))


def scores(of: Facts) -> Iterator[Sentence]:
    """How much of the expected rate factors explain."""
    if not _factors(of):
        yield say("no_factor" if of.has(_RATE, "const") else "none")
        return
    shares = of.ranking(_RATE, "contribution")
    that = f"highest {_RATE}/contribution is {named(shares.top)}" if shares.apart else ""
    yield say("squared", that, largest=say("largest", most=shares.top) if shares.apart else "")


def study(of: Facts) -> Iterator[Sentence]:
    """Which effects of the study's factors are found again."""
    factors = _factors(of)
    if not factors:
        return
    same, other, weak = (
        [item for item in factors if item.id in STUDY and item.at("sign") == sign * STUDY[item.id]]
        for sign in (1, -1, 0)
    )
    yield say("findings")
    if len(same) == len(STUDY):
        yield say("complete")
        return
    yield say("found", same=len(same), among=len(STUDY))
    if same:
        yield say("same", factors=same)
    if other:
        yield say("other", factors=other)
    if weak:
        yield say("weak", factors=weak)
    if absent := _absent(of):
        yield say("absent", absent=[of.words[f"regressor.{id_}"] for id_ in absent])


def reservations(of: Facts) -> Iterator[Sentence]:
    """How the effects of factors are to be read."""
    factors = _factors(of)
    if not factors:
        return
    if new := [item for item in factors if item.id not in STUDY and item.at("sign") != 0]:
        yield say("new", factors=[say("signed", factor=item, rises=float(item.at("sign")) > 0) for item in new])
    if _strays(of):
        yield say("by_name")
    yield say("combined")
    if secured := _secured(of):
        yield say("secured", factor=secured)
    if of.has(_RATE, "factor_borrower"):
        age = _LOADINGS, "wa_borrower_age", "factor_borrower"
        opposite = of.has(*age) and of.value(*age) < 0
        yield say("borrower", opposite=say("opposite") if opposite else "")


def _factors(of: Facts) -> Picks:
    found: Picks = of.series(_RATE, "standardized")
    return found


def _absent(of: Facts) -> list[str]:
    """The factors of the study that have no counterpart of their own."""
    return [id_ for id_ in STUDY if not of.has(_RATE, id_)]


def _strays(of: Facts) -> list[_Stray]:
    """The variables of the study's factors that load more on another factor than on that of their group."""
    there = {id_: named for id_, named in _ABOUT.items() if of.has(_RATE, named) and of.has(_LOADINGS, id_)}
    homes = {id_: of.value(_LOADINGS, id_, "factor") for id_ in there}
    return [_Stray(id_, homes[id_], named) for id_, named in there.items() if homes[id_] != named]


def _stray(of: Facts, stray: _Stray) -> Sentence:
    """A variable with its loadings on both factors."""
    home, named = ({"factor": of.row(_RATE, id_), "loading": of.n(_LOADINGS, stray.variable, id_)} for id_ in stray[1:])
    return say("stray", variable=of.row(VARIABLES, stray.variable), home=home, named=named)


def _secured(of: Facts) -> Row | None:
    """The factor to which the secured share belongs, if its effect is significant."""
    if not of.has(_LOADINGS, "secured_share", "factor"):
        return None
    factor: Row = of.row(_RATE, of.value(_LOADINGS, "secured_share", "factor"))
    return factor if factor.at("sign") != 0 else None


def _verdict(found: float, second: float) -> Sentence:
    """How many factors parallel analysis keeps, against how many there are."""
    if second == found:
        return say("agrees")
    if second > found:
        return say("more")
    return say("fewer" if second else "no_factor")
