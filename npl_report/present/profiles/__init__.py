"""Pages of deals and banks, and their lists → what their templates print."""

from npl_report.present.profiles.bank import BankPage, Banks
from npl_report.present.profiles.cells import Cells
from npl_report.present.profiles.deal import FILES, USED, DealPage, Deals, deal_order
from npl_report.present.profiles.lists import BankList, DealList, bank_list, deal_lists, list_places
from npl_report.present.profiles.strips import Strips

__all__ = [
    "FILES",
    "TABLES",
    "USED",
    "BankList",
    "BankPage",
    "Banks",
    "Cells",
    "DealList",
    "DealPage",
    "Deals",
    "Strips",
    "bank_list",
    "deal_lists",
    "deal_order",
    "list_places",
]

TABLES = (
    "deal_summary",
    "deal_tranches",
    "deal_recovery",
    "deal_forecast",
    "deal_position",
    "deal_scenarios",
    "window_readings",
    "observation_windows",
    "recovery_by_type",
    "forecast_accuracy_by_type",
    "issuance_by_originator",
    "recovery_by_originator",
    "forecast_accuracy_by_originator",
)
"""Tables whose figures the pages show: they are computed whether the publication prints them or not."""
