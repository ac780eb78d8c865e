"""What is said of the sample of the models of recovery and of their variables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from npl_report.findings import Facts, Sentence, named, say
from npl_report.text.picks import Row

STUDY = {
    "pool_balance": 1,
    "n_loans": 1,
    "wa_annual_income": 1,
    "wa_loan_age": -1,
    "wa_borrower_age": -1,
    "wa_overdue": -1,
}
"""The variables whose effects the study reports, with the sign of each."""
SAMPLE, VARIABLES, GATE, EXPECTED = (
    "determinants_sample",
    "variable_summary",
    "variable_gate",
    "regression_expected_recovery",
)


class Models:
    """What the sections of the chapter ask of its models."""

    def __init__(self, of: Facts) -> None:
        self._of = of

    @property
    def classes(self) -> dict[str, int]:
        """Class → how many of its deals enter the models, where there are any."""
        found = {
            kind["key"]: self._of.count(SAMPLE, asset_type=kind["key"], status="included") for kind in self._of.classes
        }
        return {key: deals for key, deals in found.items() if deals}

    @property
    def pooled(self) -> bool:
        """Whether deals of several classes enter them."""
        return len(self.classes) > 1

    @property
    def fitted(self) -> bool:
        """Whether the expected rate is explained."""
        return bool(self._of.has(EXPECTED, "const"))

    @property
    def gone(self) -> list[Row]:
        """The variables of the study that are not in the regression."""
        kept = [variable.id for variable in self.fate("kept")]
        return [self.variable(id_) for id_ in STUDY if kept and id_ not in kept]

    def fate(self, *fates: str, of: str = "regression") -> list[Row]:
        """The variables that selection for the regression, or for the factors, has left in or out so."""
        rows = [item.id for item in self._of.series(VARIABLES, "n") if self._of.has(GATE, item.id, of)]
        return [self.variable(id_) for id_ in rows if self._of.value(GATE, id_, of) in fates]

    def variable(self, id_: str) -> Row:
        """A variable by its name as it is measured."""
        found: Row = self._of.row(VARIABLES, id_)
        return found


def headline(of: Facts) -> Iterator[Sentence]:
    """How far forecasts and the regression miss what they predict."""
    if all(of.has("rolling_origin", "total", column) for column in ("model_mae", "offering_mae")):
        yield say("errors")


def sample(of: Facts) -> Iterator[Sentence]:
    """How many deals enter the models, and why others do not."""
    models = Models(of)
    yield say("taken", taken=of.count(SAMPLE, status="included"))
    firms = sum(_lacking(of, asset_type=kind["key"]) for kind in of.classes if kind["firms"])
    if firms:
        yield say("left_out", out=firms)
        if models.classes:
            kinds = [kind for kind in of.classes if kind["key"] in models.classes]
            yield say("retail", parts=[say("kind", kind=kind, deals=models.classes[kind["key"]]) for kind in kinds])
    if lacking := _lacking(of) - firms:
        yield say("lacking", out=lacking)
    if unforecast := of.count(SAMPLE, status="no_expectation") + of.count(SAMPLE, status="rate_outside"):
        yield say("unforecast", out=unforecast)


def links(of: Facts) -> Iterator[Sentence]:
    """How single variables go with the expected rate."""
    found = of.ranking(VARIABLES, "correlation")
    if found.apart:
        that = f"lowest {VARIABLES}/correlation is {named(found.bottom)}"
        yield say("range", that, low=found.bottom, high=found.top)
        yield say("pooled" if Models(of).pooled else "alike")


def closest(of: Facts) -> Iterator[Sentence]:
    """The variable that goes closest with the expected rate."""
    found = of.ranking(VARIABLES, "correlation")
    if found[1:]:
        yield say("most", most=max(found, key=lambda item: abs(item.number)))


def gate(of: Facts) -> Iterator[Sentence]:
    """Which variables the regression keeps, an item for each reason why others are left out."""
    models = Models(of)
    kept = models.fate("kept")
    if not kept:
        yield say("none")
        return
    yield say("kept", kept=kept)
    if determined := models.fate("determined"):
        yield say("determined", out=determined)
    if inflated := models.fate("inflated"):
        yield say("inflated", out=[_inflated(of, variable) for variable in inflated])
    if even := models.fate("constant"):
        yield say("even", out=even)
    if outside := models.fate("not_candidate"):
        yield say("outside", out=outside)
    yield say("unfactored", out=models.fate("determined", "constant", of="factors"))


def precedence(of: Facts) -> Iterator[Sentence]:
    """That the order of variables is a choice, and which of the study's it leaves out."""
    models = Models(of)
    if models.fate("kept") and models.fate("inflated", "determined"):
        yield say("choice")
        if gone := models.gone:
            yield say("gone", gone=gone)
        else:
            yield say("complete")


def limits(of: Facts) -> Iterator[Sentence]:
    """Reservations that depend on the sample, an item each."""
    models = Models(of)
    if models.pooled:
        yield say("pooled", uncovered=say("uncovered") if of.firms else "")
    chance = say("expected", kept=len(models.fate("kept"))) if models.fitted else say("many")
    yield say("small", chance=chance)
    if of.notice:
        yield say("reconstructed")


def _lacking(of: Facts, **where: Any) -> int:
    """How many deals are left out because a variable is missing."""
    return int(of.count(SAMPLE, status="variable_missing", **where))


def _inflated(of: Facts, variable: Row) -> Sentence:
    """A variable left out as collinear, with the one that it depends on most."""
    factor = of.n(GATE, variable.id, "inflation")
    if not of.has(GATE, variable.id, "depends_on"):
        return say("alone", variable=variable, factor=factor)
    other = of.row(VARIABLES, of.value(GATE, variable.id, "depends_on"))
    return say("collinear", variable=variable, factor=factor, other=other)
