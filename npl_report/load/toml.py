"""Files of settings in TOML, read with the place of what is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from npl_report.model import InputError, Problem


def read_toml(path: Path, shown: str) -> dict[str, Any]:
    """A TOML file, or an InputError that names the line; a byte order mark is passed over."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        rule, fix = "the file is missing", "restore it, or copy it from the sample"
    except OSError as error:
        rule, fix = f"cannot be read: {error.strerror}", "it must be a plain file that you may read"
    except UnicodeDecodeError as error:
        line = 1 + error.object[: error.start].count(b"\n")
        rule, fix = f"is not UTF-8 (line {line})", "save it as UTF-8"
    except tomllib.TOMLDecodeError as error:
        rule, fix = f"not valid TOML: {error}", "mend the syntax at that place"
    raise InputError([Problem(shown, rule=rule, fix=fix)])
