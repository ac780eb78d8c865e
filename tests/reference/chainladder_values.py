"""Chain ladder reserves and Mack's standard errors by another program → ``chainladder.csv`` and ``triangles.csv``.

PyPI's chainladder 0.10.1 (Mozilla Public License 2.0), which is no dependency of ours: run this where it is installed.
``taylor_ashe`` is the triangle of Taylor and Ashe (1983), with which Mack (1993) shows his method; the others ship with
the package. Factors are volume-weighted, the last sigma follows Mack's rule.
"""

from __future__ import annotations

from pathlib import Path

import chainladder
import numpy as np
import pandas as pd

SAMPLES = {"taylor_ashe": "genins", "raa": "raa", "ukmotor": "ukmotor", "abc": "abc"}
HERE = Path(__file__).parent


def main() -> None:
    """Write both files."""
    cells, values = [], []
    for name, sample in SAMPLES.items():
        triangle = chainladder.load_sample(sample)
        developed = chainladder.Development(average="volume", sigma_interpolation="mack").fit_transform(triangle)
        model = chainladder.MackChainladder().fit(developed)
        levels = triangle.values[0, 0]
        rows, columns = levels.shape
        cells += [
            {"triangle": name, "row": row, "column": column, "level": levels[row, column]}
            for row, column in np.ndindex(rows, columns)
            if not np.isnan(levels[row, column])
        ]
        errors = model.mack_std_err_.values[0, 0, :, -1]
        ultimate = model.ultimate_.values[0, 0, :, 0]
        values += [
            {"triangle": name, "what": what, "place": place, "value": value}
            for what, series in {
                "factor": developed.ldf_.values[0, 0, 0],
                "sigma": developed.sigma_.values[0, 0, 0],
                "ultimate": ultimate,
                "error": np.nan_to_num(errors),
                "total_error": [float(model.total_mack_std_err_.to_numpy().ravel()[0])],
            }.items()
            for place, value in enumerate(series)
        ]
    pd.DataFrame(cells).to_csv(HERE / "triangles.csv", index=False, lineterminator="\n")
    pd.DataFrame(values).to_csv(HERE / "chainladder.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
