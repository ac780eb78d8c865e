"""The ages at redemption of an edition's deals, for R: ``python -m tests.reference.survival_observations 2025-12``.

It writes tests/reference/survival_observations.csv: edition, tranche (its place in the ladder), year of issue, age in
months and whether the tranche is redeemed by then. Nothing is estimated here; survival.R does that.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from npl_report.stats.redemption import lives
from tests.helpers import sampled


def main(edition: str) -> None:
    """Write the file."""
    own, data = sampled.edition(edition), sampled.data(edition)
    years = data.deals.set_index("deal")["issue_date"].dt.year
    parts = []
    for place, tranche in (("first", own.market.ladder[0]), ("last", own.market.ladder[-1])):
        seen = lives(
            data.deals, data.tranches, data.payments, data.collections, tranche, own.market.ages, own.as_of
        ).reset_index()
        parts.append(seen.assign(edition=edition, tranche=place, year=seen["deal"].map(years)))
    frame = pd.concat(parts)[["edition", "tranche", "year", "deal", "age", "redeemed"]]
    frame["redeemed"] = frame["redeemed"].astype(int)
    frame.sort_values(["tranche", "year", "deal"]).to_csv(
        Path(__file__).with_suffix(".csv"), index=False, float_format="%.15g", lineterminator="\n"
    )


if __name__ == "__main__":
    main(sys.argv[1])
