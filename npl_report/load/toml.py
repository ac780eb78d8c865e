"""Files of settings in TOML, read with the place of what is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from npl_report.model import InputError, Problem


def read_toml(path: Path, shown: str) -> dict[str, Any]:
    """A TOML file, or an InputError that names the line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            [Problem(shown, rule="the file is missing", fix="restore it, or copy it from the sample")]
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            [Problem(shown, rule=f"not valid TOML: {error}", fix="mend the syntax at that place")]
        ) from None
