"""The validated data as they were known on the as-of date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from npl_report.model.contract import CONTRACT, OFFERING

if TYPE_CHECKING:  # see model.table
    import pandas as pd


@dataclass(frozen=True)
class Dataset:
    """Frames with the columns of ``CONTRACT`` in its units, known on ``as_of``.

    Money is in millions of the market's currency, rates are fractions, dates datetime64. Every frame keeps the column
    ``source_row``: the line of the file that the record came from.

    ``collections`` and ``payments`` hold the value known last, with ``first_reported_on`` and ``versions``, the number
    of values known.
    ``collected`` are recoveries proper, gross of costs; what came in beside them stands in columns of its own
    (``model.contract.NO_RECOVERIES``).
    ``collections`` end where a period is not known yet though later ones are: ``deals`` says in ``unread_from`` with
    which day, NaT for a deal of which nothing is missing.
    ``notice`` is the sentence on the nature of the data that every page prints, by language; None for ordinary data.
    """

    as_of: date
    deals: pd.DataFrame
    tranches: pd.DataFrame
    collections: pd.DataFrame
    forecasts: pd.DataFrame
    payments: pd.DataFrame
    priorities: pd.DataFrame
    originators: pd.DataFrame
    market: pd.DataFrame
    notice: Mapping[str, str] | None
    about: Mapping[str, str]

    PARTS = tuple(CONTRACT)
    OF_DEALS = ("deals", "tranches", "collections", "forecasts", "payments", "priorities")
    """Parts whose rows are about single deals."""


def offered(forecasts: pd.DataFrame) -> pd.DataFrame:
    """The offering circular's rows, gross of costs as recoveries are, in their order.

    They are the forecast that recoveries are compared with.
    """
    return forecasts.loc[(forecasts["vintage"] == OFFERING) & (forecasts["basis"] == "gross")]
