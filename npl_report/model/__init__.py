"""The values that travel between the stages. Imports nothing of the package but itself."""

from npl_report.model.dataset import Dataset
from npl_report.model.edition import Chapter, Determinants, Edition, Language, Restatement, Series, Structure, Window
from npl_report.model.errors import DefinitionError, InputError, Problem
from npl_report.model.stored import ALIKE, SIGNIFICANT, stored
from npl_report.model.table import Chart, ChartKind, Column, ResearchTable, Result, Unavailable, checked
from npl_report.model.terms import (
    ASSET_TYPES,
    DAYS_PER_MONTH,
    LOGARITHMS,
    PHASES,
    STEPS,
    TOTAL,
    TRANCHES,
    VARIABLES,
    WORD_UNITS,
    AssetType,
    Phase,
    Step,
    Tranche,
    Unit,
    Variable,
)

__all__ = [
    "ALIKE",
    "ASSET_TYPES",
    "DAYS_PER_MONTH",
    "LOGARITHMS",
    "PHASES",
    "SIGNIFICANT",
    "STEPS",
    "TOTAL",
    "TRANCHES",
    "VARIABLES",
    "WORD_UNITS",
    "AssetType",
    "Chapter",
    "Chart",
    "ChartKind",
    "Column",
    "Dataset",
    "DefinitionError",
    "Determinants",
    "Edition",
    "InputError",
    "Language",
    "Phase",
    "Problem",
    "ResearchTable",
    "Restatement",
    "Result",
    "Series",
    "Step",
    "Structure",
    "Tranche",
    "Unavailable",
    "Unit",
    "Variable",
    "Window",
    "checked",
    "stored",
]
