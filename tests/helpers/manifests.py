"""A manifest where it matters little what it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from npl_report.files.manifest import Manifest


def some_manifest(**given: Any) -> Manifest:
    """That of edition 2020-03, but for what is given."""
    return replace(Manifest("2020-03", 1, "2020-03-17", "2020-04-15", ("zh", "en")), **given)
