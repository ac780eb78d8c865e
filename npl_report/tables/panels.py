"""The two panels of part II: what explains what, shared by the tables of observations, models and tests."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

from npl_report.model import Result, Unavailable
from npl_report.stats.panel import CONSTANT, Panel, panel

PanelKey = Literal["deal_half_year", "originator_year"]
PANELS: tuple[PanelKey, ...] = get_args(PanelKey)

OUTCOME = "recovery"
REGRESSORS: Mapping[PanelKey, tuple[str, ...]] = MappingProxyType(
    {
        "deal_half_year": ("forecast", "half_year", "pool_balance", "secured_share"),
        "originator_year": ("forecast", "pool_balance", "secured_share"),
    }
)
"""Ours: what was forecast, how old the pool is, and what the pool is made of. Few, because the panel of banks is
small."""

INDEX: Mapping[PanelKey, tuple[str, str]] = MappingProxyType(
    {"deal_half_year": ("deal", "half_year"), "originator_year": ("originator", "year")}
)
"""Columns that name the entity and the period."""


def panel_of(panel_observations: Result, key: PanelKey) -> Panel | Unavailable:
    """What the models of one panel take of the observations."""
    frame = panel_observations.frame
    entity, period = INDEX[key]
    part = frame.loc[frame["panel"] == key]
    numbers = part[[OUTCOME, *REGRESSORS[key]]].astype(float)
    return panel(numbers.set_index([part[entity].astype(str), part[period].astype(int)]), OUTCOME, REGRESSORS[key])


def rows_of(key: PanelKey) -> dict[str, str]:
    """Row ids of a panel's coefficients → the regressor of each, constant first."""
    return {f"{key}_{name}": name for name in (CONSTANT, *REGRESSORS[key])}
