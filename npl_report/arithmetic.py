"""The arithmetic that every processor of a family has, chosen before numpy is loaded.

The same data then give the same bytes on all of them. numpy and scipy each bring an OpenBLAS with a kernel for every
processor, and numpy vectorizes by what it finds. Sums run in another order, products are fused with them or not, equal
keys are sorted otherwise: the last bits differ.

All of them read the environment once, when they are loaded, so this stands at the head of the package, and processes
that it starts inherit it. ``model.stored`` cuts what is left: the system's mathematical library chooses by processor
too, and asks nobody.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping

_FAMILIES: Mapping[str, tuple[str, str]] = {
    "x86_64": ("Nehalem", "X86_V2"),
    "amd64": ("Nehalem", "X86_V2"),
    "aarch64": ("ARMV8", "ASIMD"),
    "arm64": ("ARMV8", "ASIMD"),
}
"""Machine → the kernel of OpenBLAS and the features of numpy that all its processors have: of x86-64 the oldest on
which numpy 2.4 runs (2008)."""
_THREADS = {"OPENBLAS_NUM_THREADS": "1"}
"""Several threads cut sums where their number says."""


def _wanted() -> dict[str, str]:
    kernel, features = _FAMILIES.get(platform.machine().lower(), ("", ""))
    return _THREADS | ({"OPENBLAS_CORETYPE": kernel, "NPY_ENABLE_CPU_FEATURES": features} if kernel else {})


def _pin() -> bool:
    """Set the environment; whether that was in time."""
    wanted = _wanted()
    early = "numpy" not in sys.modules or all(os.environ.get(name) == value for name, value in wanted.items())
    os.environ.update(wanted)
    os.environ.pop("NPY_DISABLE_CPU_FEATURES", None)  # numpy takes one of the two
    return early


COMMON = _pin()
"""Whether this process computes as all processors of the family do; False if numpy was loaded before the package."""
