"""``python -m tests.tables.elsewhere OUT [own]``: an edition and estimators, computed here, as JSON.

They are the data downloads of the later edition, and what estimators decide on data that stand on an edge. With ``own``
numpy and scipy are loaded before the program, as an embedding program may do: they then compute as the processor, or
the environment, will have it.
"""

from __future__ import annotations

import json
import sys
from itertools import product
from pathlib import Path

if sys.argv[2:] == ["own"]:
    import scipy.linalg  # noqa: F401 -- numpy and scipy each bring an OpenBLAS of their own
else:
    import npl_report  # noqa: F401 -- before numpy

import numpy as np
import pandas as pd
from numpy._core import _multiarray_umath as numpy_cpu
from threadpoolctl import threadpool_info

from npl_report.arithmetic import COMMON
from npl_report.compare.recorded import table_json
from npl_report.exports.downloads import evidence_csv, table_csv
from npl_report.load.data import dataset, read_source
from npl_report.load.project import Project, read_edition, read_series
from npl_report.load.tablefolders import table_keys
from npl_report.stats.bounded import beta_regression, fractional_logit
from npl_report.stats.design import Design, gate
from npl_report.stats.factors import Factors, factors
from npl_report.stats.regression import Ols, ols
from npl_report.tables import catalogue, compute_tables
from tests.helpers.market import MARKET

ROOT = Path(__file__).resolve().parents[2]
EDITION = "2021-12"


def downloads() -> dict[str, str]:
    """Every table of the edition and its evidence, by the path of the download."""
    project = Project(ROOT)
    edition = read_edition(project, EDITION)
    results = compute_tables(
        read_series(project, table_keys()).of(edition.id).table_keys,
        dataset(read_source(project.data), edition.as_of, MARKET),
        edition,
    )
    files = {}
    for key, result in results.items():
        table = catalogue(MARKET)[key]
        files[f"downloads/tables/{key}.csv"] = table_csv(table, result, edition.market.currency.code)
        files[f"downloads/tables/{key}.json"] = table_json(table, result, edition, None)
        files[f"downloads/evidence/{key}.csv"] = evidence_csv(table, result, edition.market.currency.code)
    return {path: data.decode() for path, data in files.items()}


def decisions() -> dict[str, object]:
    """What is estimated, refused, named and signed where the last bits could turn it."""
    x = np.arange(8.0)
    line = pd.DataFrame({"x": x})
    narrow = pd.Series(0.5 + 0.001 * x + 0.001 * np.array([1, -1, -1, 1, 1, -1, -1, 1]))
    exact = pd.Series(1 / (1 + np.exp(-(0.3 * x - 1))))
    draw = np.random.default_rng(11)
    wide = pd.DataFrame(draw.standard_normal((40, 3)).round(3), columns=list("abc"))
    extreme = pd.Series(draw.beta(0.2, 0.2, 40).round(9).clip(1e-9, 1 - 1e-9))
    four = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0]}, index=list("abcd"))
    cancelled = ols(
        pd.Series([1.0, 3.0, 2.0, 4.0], index=four.index),
        four,
        pd.Series(["east", "east", "west", "west"], index=four.index),
    )
    first, second, third, fourth = np.array(list(product((-1.0, 1.0), repeat=4))).T
    twice = gate(
        pd.DataFrame({"a": first, "b": second, "c": third, "sum": first + second + third, "difference": first - second})
    )
    pairs = factors(
        pd.DataFrame(
            {"p": first + third / 2, "r": second + fourth / 2, "q": first - third / 2, "s": fourth / 2 - second}
        ),
        1.0,
    )
    return {
        "narrow rates": [type(model(narrow, line)).__name__ for model in (beta_regression, fractional_logit)],
        "rates on the curve": [str(model(exact, line)) for model in (beta_regression, fractional_logit)],
        "rates near the ends": type(beta_regression(extreme, wide)).__name__,
        "residuals that cancel out": str(cancelled.unclustered if isinstance(cancelled, Ols) else cancelled),
        "equal partners": [[item.name, item.partners] for item in twice.dropped]
        if isinstance(twice, Design)
        else str(twice),
        "two pairs alike": pairs.loadings.round(6).to_dict() if isinstance(pairs, Factors) else str(pairs),
    }


if __name__ == "__main__":
    made = {
        "common": COMMON,
        "features": [name for name in numpy_cpu.__cpu_dispatch__ if numpy_cpu.__cpu_features__[name]],
        "downloads": downloads(),
        "decisions": decisions(),
    }
    made["kernels"] = sorted(
        f"{item['architecture']} {item['num_threads']}"
        for item in threadpool_info()
        if item["internal_api"] == "openblas"
    )
    Path(sys.argv[1]).write_text(json.dumps(made), encoding="utf-8")
