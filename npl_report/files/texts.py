"""Texts and settings of a project, read with the place of what is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from npl_report.model import InputError, Problem

_MISSING = "the file is missing", "restore it, or copy it from the sample (npl-report init)"


def read_text(path: Path, shown: str, missing: tuple[str, str] = _MISSING) -> str:
    """A text in UTF-8, or an InputError; a byte order mark is passed over.

    ``missing``: the rule and what to do where there is no such file.
    """
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        rule, fix = missing
    except OSError as error:
        rule, fix = f"cannot be read: {error.strerror}", "it must be a plain file that you may read"
    except UnicodeDecodeError as error:
        line = 1 + error.object[: error.start].count(b"\n")
        rule, fix = f"is not UTF-8 (line {line})", "save it as UTF-8"
    raise InputError([Problem(shown, rule=rule, fix=fix)])


def read_toml(path: Path, shown: str, missing: tuple[str, str] = _MISSING) -> dict[str, Any]:
    """A TOML file, or an InputError that names the line; ``missing`` as in ``read_text``."""
    try:
        return tomllib.loads(read_text(path, shown, missing))
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            [Problem(shown, rule=f"not valid TOML: {error}", fix="mend the syntax at that place")]
        ) from None
