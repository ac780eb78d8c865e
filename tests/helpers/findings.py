"""How long the findings of a front page are."""

from __future__ import annotations

import re
from pathlib import Path

from npl_report.site.outline import front

MOST = 4
"""Findings of a front page."""
_WORDS, _CHARACTERS = 25, 45
"""Of a finding, in Chinese its characters."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def too_long(finding: str) -> bool:
    """Whether a finding has too many words; in Chinese a figure counts as one character."""
    if _CHINESE.search(finding):
        return len(re.findall(rf"{_CHINESE.pattern}|[\d.,%−]+|[A-Za-z]+", finding)) > _CHARACTERS
    return len(re.findall(r"\w\S*", finding)) > _WORDS


def findings(page: Path) -> tuple[str, ...]:
    """Those of a built front page."""
    return front(page.read_text(encoding="utf-8"), "").findings
