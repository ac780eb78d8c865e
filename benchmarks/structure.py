"""``make bench``: how long part III's waterfalls take and how much memory they need, each case in a process of its own.

Asserts nothing.

The deals are those of the sample, and as many of random terms as a case says: 60 quarterly or monthly payments, fees
with and without a cap, reserves, defaults. Aims: the sample in all 44 scenarios within a second; 10,000 deals within 30
s and 1 GB, time growing with their number.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np

from npl_report.load.data import dataset, read_source
from npl_report.model import Structure
from npl_report.stats.breakeven import break_even
from npl_report.stats.scenarios import DELAYS, MULTIPLIERS, Profile, scenarios
from npl_report.stats.waterfall import Terms
from npl_report.tables.structure import forecast_profile, terms_of
from tests.helpers.market import MARKET
from tests.stats.one_deal import TWO, standard

ROOT = Path(__file__).resolve().parents[1]
DATES = 60
CASES = ("sample", "break-even", "1000", "5000", "10000")


def sample() -> tuple[Profile, Terms]:
    """The deals of the sample with their forecasts."""
    data = dataset(read_source(ROOT / "data"), date(2021, 12, 31), MARKET)
    names, flows = forecast_profile(data.deals, data.forecasts, Structure())
    return flows, terms_of(data.deals, data.tranches, data.priorities, names, MARKET.ladder)


def invented(n: int) -> tuple[Profile, Terms]:
    """Random deals, the same ones each time."""
    random = np.random.default_rng(20211231)
    senior = random.uniform(50, 2000, n)
    subordinated = senior * random.uniform(0.1, 0.5, n)
    days = np.cumsum(random.choice([30.0, 91.0], n) * np.ones((DATES, n)), axis=0)
    weights = random.random((DATES, n))
    collected = weights / weights.sum(axis=0) * (senior + subordinated) * random.uniform(1.1, 1.8, n)
    terms = Terms(
        ladder=TWO,
        face=np.vstack([senior, subordinated]),
        coupon=random.uniform(0.03, 0.06, (1, n)),
        tax_rate=np.full(n, 0.003),
        trust_fee_rate=random.uniform(0.003, 0.01, n),
        trust_fee_cap=np.where(random.integers(0, 2, n) == 0, np.inf, senior * 0.002),
        servicing_rate=random.uniform(0.01, 0.06, n),
        reserve=np.where(random.integers(0, 2, n) == 0, 0.0, senior * 0.01),
        fixed_return=np.full(n, 0.1),
        reward_share=np.full(n, 0.8),
        legal_maturity=days[-1] + 30.0,
        priority=np.zeros(n, dtype=np.intp),
        priorities=(standard(TWO),),
    )
    return Profile(collected, days), terms


def case(name: str) -> None:
    """Print the seconds of a case; the reading of the data is not counted."""
    profile, terms = invented(int(name)) if name.isdigit() else sample()
    start, spent = time.perf_counter(), time.process_time()
    if name == "break-even":
        break_even(profile, terms)
        told = f"{len(terms)} deals, break-even recoveries"
    else:
        scenarios(profile, terms)
        told = f"{len(terms)} deals × {len(MULTIPLIERS) * len(DELAYS)} scenarios × {len(profile.days)} dates"
    print(f"{told:<46} {time.perf_counter() - start:8.2f} s {time.process_time() - spent:8.2f} s", end="")


def main() -> None:
    """Run all cases."""
    print(f"{'waterfalls':<46} {'wall':>10} {'cpu':>10} {'memory':>11}")
    for name in CASES:
        process = subprocess.Popen([sys.executable, __file__, name], stdout=subprocess.PIPE)
        said = process.stdout.read().decode() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status):
            sys.exit(f"{name} failed")
        print(f"{said} {usage.ru_maxrss / 1024:8.0f} MB", flush=True)


if __name__ == "__main__":
    case(sys.argv[1]) if len(sys.argv) > 1 else main()
