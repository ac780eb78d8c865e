"""The values that travel between the stages. Imports nothing of the package but itself."""

from npl_report.model.contract import CONTRACT, NAME, NO_RECOVERIES, OFFERING, RECOVERIES, FieldType, Needed, Part
from npl_report.model.dataset import Dataset, offered
from npl_report.model.digits import by_value, difference, settled
from npl_report.model.edition import Chapter, Determinants, Edition, Language, Restatement, Series, Structure, Window
from npl_report.model.errors import DefinitionError, InputError, Problem, nearest
from npl_report.model.figure import Figure
from npl_report.model.market import MOST_CLASSES, AssetClass, Market, Spoken
from npl_report.model.naming import ID_RULE, hidden, is_id, looks, odd_blank
from npl_report.model.stored import ALIKE, SIGNIFICANT, same_figure, stored
from npl_report.model.table import Chart, Column, ResearchTable, Result, Unavailable, Withheld, checked
from npl_report.model.terms import (
    DAYS_PER_MONTH,
    LOGARITHMS,
    PHASES,
    STEPS,
    TOTAL,
    TRANCHES,
    VARIABLES,
    WORD_UNITS,
    Phase,
    Step,
    Tranche,
    Unit,
    Variable,
)

__all__ = [
    "ALIKE",
    "CONTRACT",
    "DAYS_PER_MONTH",
    "ID_RULE",
    "LOGARITHMS",
    "MOST_CLASSES",
    "NAME",
    "NO_RECOVERIES",
    "OFFERING",
    "PHASES",
    "RECOVERIES",
    "SIGNIFICANT",
    "STEPS",
    "TOTAL",
    "TRANCHES",
    "VARIABLES",
    "WORD_UNITS",
    "AssetClass",
    "Chapter",
    "Chart",
    "Column",
    "Dataset",
    "DefinitionError",
    "Determinants",
    "Edition",
    "FieldType",
    "Figure",
    "InputError",
    "Language",
    "Market",
    "Needed",
    "Part",
    "Phase",
    "Problem",
    "ResearchTable",
    "Restatement",
    "Result",
    "Series",
    "Spoken",
    "Step",
    "Structure",
    "Tranche",
    "Unavailable",
    "Unit",
    "Variable",
    "Window",
    "Withheld",
    "by_value",
    "checked",
    "difference",
    "hidden",
    "is_id",
    "looks",
    "nearest",
    "odd_blank",
    "offered",
    "same_figure",
    "settled",
    "stored",
]
