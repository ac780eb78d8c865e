"""The figures of an edition computed elsewhere: the same bytes, or the same figures.

Elsewhere is by other kernels, other vector units, another mathematical library's choice and more threads. Each computes
in a process of its own (``elsewhere.py``), because all of that is chosen when numpy is loaded.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from npl_report.files.environment import processor
from npl_report.publish.figures import same_figures
from tests.helpers.running import ROOT

LEVEL = processor()
OTHER = {"x86_64-v4": "SkylakeX", "x86_64-v3": "Haswell"}.get(LEVEL, "Prescott")
"""The newest kernel of OpenBLAS that this processor has."""
PLAIN_LIBM = "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F,-AVX"
"""glibc without the functions that fuse multiplication and addition, as on processors before 2013."""

pytestmark = pytest.mark.skipif(not LEVEL.startswith("x86_64"), reason="the kernels are those of x86-64")


def computed(tmp_path: Path, *arguments: str, **environment: str) -> dict[str, Any]:
    out = tmp_path / "out.json"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENBLAS_", "NPY_"))}
    done = subprocess.run(
        [sys.executable, "-m", "tests.tables.elsewhere", str(out), *arguments],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(out.read_bytes())
    return found


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return computed(tmp_path_factory.mktemp("here"))


def test_whatever_the_processor_offers_the_bytes_are_the_same(here: dict[str, Any], tmp_path: Path):
    assert (here["common"], here["kernels"]) == (True, ["Nehalem 1", "Nehalem 1"])  # numpy's and scipy's
    there = computed(
        tmp_path,
        OPENBLAS_CORETYPE=OTHER,
        OPENBLAS_NUM_THREADS="4",
        NPY_DISABLE_CPU_FEATURES="X86_V4",
        GLIBC_TUNABLES=PLAIN_LIBM,
    )
    assert (there["common"], there["kernels"]) == (True, ["Nehalem 1", "Nehalem 1"])
    assert here["features"] == there["features"] == []  # of numpy's vector units none beyond its baseline
    assert [path for path, text in here["downloads"].items() if there["downloads"][path] != text] == []
    assert there["downloads"].keys() == here["downloads"].keys()
    assert there["decisions"] == here["decisions"]


@pytest.mark.parametrize(
    "kernel", [OTHER, *([pytest.param("Prescott", marks=pytest.mark.whole)] if OTHER != "Prescott" else [])]
)
def test_where_numpy_was_loaded_before_the_figures_are_the_same(here: dict[str, Any], tmp_path: Path, kernel: str):
    there = computed(tmp_path, "own", OPENBLAS_CORETYPE=kernel)
    assert not there["common"]
    assert not any(name.startswith("Nehalem") for name in there["kernels"])
    assert there["decisions"] == here["decisions"]
    downloads = [{path: text.encode() for path, text in made["downloads"].items()} for made in (here, there)]
    different = [
        path for path in downloads[0] if not same_figures({path: downloads[0][path]}, {path: downloads[1][path]})
    ]
    assert (different, downloads[1].keys()) == ([], downloads[0].keys())


def test_estimators_decide_what_they_should(here: dict[str, Any]):
    assert here["decisions"] == {
        "narrow rates": ["Effects", "Effects"],
        "rates on the curve": ["Unavailable(reason='not_converged', needed=None, found=None)"] * 2,
        "rates near the ends": "Effects",
        "residuals that cancel out": "Unavailable(reason='no_spread_of_clusters', needed=None, found=None)",
        "equal partners": [["difference", ["a", "b"]], ["sum", ["a", "b", "c"]]],
        "two pairs alike": {
            "factor_other_1": {"p": 0.894427, "r": 0.0, "q": 0.894427, "s": 0.0},
            "factor_other_2": {"p": 0.0, "r": 0.894427, "q": 0.0, "s": -0.894427},
        },
    }
