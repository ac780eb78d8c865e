"""The environment in which Quarto runs: the same for everyone."""

from __future__ import annotations

import os

_KEPT = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "TMPDIR",
    "SYSTEMROOT",
    "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "LD_LIBRARY_PATH",
)
"""What a program needs to run at all. Everything else stays behind: an inherited QUARTO_SHARE_PATH, QUARTO_DENO or
QUARTO_PROFILE would redirect it."""


def clean_environment() -> dict[str, str]:
    """Names and values for Quarto.

    No colours in its streams, and a locale in which it finds files with Chinese names.
    """
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | {
        "NO_COLOR": "1",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
    }
