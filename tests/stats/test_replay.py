"""The engine, fed with the collections of the sample on the payment dates recorded, pays what is recorded as paid.

The sample's payments were made by another program (reconstruction/), from the same terms. Left out are deals whose
payments the data themselves say to differ: those whose collections were restated after they had been paid out, and the
one with an event of default, which the other program does not know.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from npl_report.stats.waterfall import run
from npl_report.tables.structure import profile, terms_of
from tests.helpers import sampled
from tests.helpers.market import MARKET
from tests.stats import sample_deals

RESTATED = {
    "bocom-corporate-2016-1r",
    "ccb-mortgage-2016-1r",
    "ccb-mortgage-2019-1r",
    "cib-mortgage-2020-1r",
    "icbc-unsecured-2017-3r",
    "icbc-unsecured-2020-1r",
    "nongying-2018-2",
    "zhongyu-2019-1",
}
DEFAULTED = {"icbc-mortgage-2017-1r"}
CLOSE = 0.001  # CNY mn: payments are recorded to 0.0001, and each rounding carries over into the balances after it
LAG = pd.Timedelta(days=24)


@pytest.fixture(scope="module")
def payments() -> pd.DataFrame:
    """By deal, tranche and date: principal and interest as recorded, and as the engine pays them."""
    known = sample_deals.data()
    reported = known.payments.groupby(["deal", "first_reported_on"], as_index=False)["paid_on"].max()
    flows = known.collections.merge(reported, on=["deal", "first_reported_on"], how="left")
    assert flows["paid_on"].isna().sum() == 1  # a period of which no payment is reported
    flows["paid_on"] = flows["paid_on"].fillna(flows["period_end"] + LAG)
    closings = known.deals.set_index("deal")["closing_date"]
    names, collected = profile(flows.rename(columns={"collected": "amount"})[["deal", "paid_on", "amount"]], closings)
    terms = terms_of(known.deals, known.tranches, known.priorities, names, MARKET.ladder)
    paid = run(collected.collected, collected.days, terms, final=False)
    assert set(names[paid.default[-1]]) == DEFAULTED
    dates = (
        closings.reindex(names).to_numpy()[None, :]
        + pd.to_timedelta(collected.days.ravel(), unit="D").to_numpy().reshape(collected.days.shape)
    ).ravel()
    interest = {"senior": ["senior_interest"], "subordinated": ["subordinated_return", "subordinated_residual"]}
    rows = [
        pd.DataFrame(
            {
                "deal": np.tile(names, len(collected.days)),
                "tranche": tranche,
                "paid_on": dates,
                "engine_principal": paid.paid[f"{tranche}_principal"].ravel(),
                "engine_interest": sum(paid.paid[part] for part in interest[tranche]).ravel(),
            }
        )
        for tranche in MARKET.ladder
    ]
    keys = ["deal", "tranche", "paid_on"]
    return (
        pd.concat(rows)
        .groupby(keys)
        .sum()
        .join(known.payments.set_index(keys)[["principal", "interest"]], how="outer")
        .fillna(0.0)
    )


def test_recorded_payments_are_reproduced(payments: pd.DataFrame):
    kept = payments.loc[~payments.index.get_level_values("deal").isin(RESTATED | DEFAULTED)]
    assert kept.index.get_level_values("deal").nunique() == sample_deals.data().collections["deal"].nunique() - len(
        RESTATED
    ) - len(DEFAULTED)
    assert (kept["principal"] > 0).sum() > 900
    for measure in ("principal", "interest"):
        off = (kept[f"engine_{measure}"] - kept[measure]).abs()
        assert off.max() <= CLOSE, off.sort_values().tail(3).to_string()


def test_the_deals_left_out_are_those_that_the_data_name():
    raw = sampled.source().frames["collections"]
    known = raw.loc[raw["reported_on"] <= pd.Timestamp(sample_deals.AS_OF)]
    assert set(known.loc[known.duplicated(["deal", "period_start"]), "deal"]) == RESTATED


def test_the_deal_in_default_differs_from_its_event_on(payments: pd.DataFrame):
    """Interest was short on 21 October 2020.

    From then on the engine pays it before the servicer, the other program after.
    """
    deal = payments.loc["icbc-mortgage-2017-1r"].reset_index()
    late = (deal["paid_on"] > pd.Timestamp("2020-10-21")) & (deal["tranche"] == "senior")
    assert (deal["engine_principal"] - deal["principal"]).abs().max() <= CLOSE
    assert (deal["engine_interest"] - deal["interest"]).abs()[~late].max() <= CLOSE
    assert late.sum() == 4
    assert (deal["engine_interest"] > deal["interest"])[late].all()
