"""Which explanatory variables the models keep, which they let go, and what those depend on.

Source: METHODS, determinants (the trap): in logarithms the pool is the number of loans times the average loan, so that
a model of all variables is exactly singular.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import VARIABLES, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.design import Design, gate, inflations
from npl_report.tables.determinants import regressors
from npl_report.tables.rows import Cell, Rows

COLUMNS = (
    Column("regression", Unit.TERM),
    Column("inflation", Unit.NUMBER, 2),
    Column("depends_on", Unit.REGRESSOR),
    Column("factors", Unit.TERM),
)


def compute(determinants_sample: Result, edition: Edition) -> Result | Unavailable:
    """Rows: the variables in the order of precedence in the regression.

    ``inflation``: in the final model, or on leaving; ``depends_on``: the strongest partner then.
    """
    rules = edition.determinants
    entered = regressors(determinants_sample)
    if entered.empty:
        return Unavailable("no_deals", needed=1, found=0)
    design = gate(entered[list(rules.regressors)], rules.vif_limit)
    if isinstance(design, Unavailable):
        return design
    factors = gate(entered[list(rules.factor_variables)])
    leaving = {dropped.name: dropped for dropped in design.dropped}
    inflation = inflations(design.columns)
    rows = Rows(COLUMNS)
    order = tuple(dict.fromkeys((*rules.regressors, *VARIABLES)))
    for name in order:
        reason = _fate(name, design)
        partners = leaving[name].partners if name in leaving else ()
        rows.add(
            name,
            regression=reason,
            inflation=_inflation(
                reason,
                float(inflation[name]) if reason == "kept" else leaving[name].inflation if name in leaving else 0.0,
            ),
            depends_on=partners[0]
            if partners
            else Unavailable({"kept": "stays", "constant": "regressor_constant"}.get(reason, "no_candidate")),
            factors=factors if isinstance(factors, Unavailable) else _fate(name, factors),
        )
    return rows.result(
        pd.concat(
            [pd.DataFrame({"row": name, "deal": entered.index, "value": entered[name].to_numpy()}) for name in order]
        )
    )


def _fate(name: str, design: Design) -> str:
    """Word for what the gate did with a variable."""
    if name in design.columns.columns:
        return "kept"
    return next((dropped.reason for dropped in design.dropped if dropped.name == name), "not_candidate")


def _inflation(reason: str, value: float) -> Cell:
    """The factor where it is a number."""
    without = {"determined": "regressor_determined", "constant": "regressor_constant", "not_candidate": "no_candidate"}
    return Unavailable(without[reason]) if reason in without else value


TABLE = ResearchTable(
    key="variable_gate",
    rows=Unit.REGRESSOR,
    columns=COLUMNS,
    evidence=(Column("deal", Unit.DEAL), Column("value", Unit.NUMBER, 4)),
    compute=compute,
    sources=("method",),
)
