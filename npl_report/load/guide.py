"""The user's guide, which comes with the program, and its sections.

The file is ``docs/guide.md``: the wheel carries it beside the sample.
"""

from __future__ import annotations

import re

from npl_report.files.texts import read_text
from npl_report.load.starter import source
from npl_report.model import InputError, Problem, nearest

_HEAD = re.compile(r"^(#{2,3}) (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def guide(section: str | None = None) -> str:
    """The whole guide, or one of its sections with those below it, named as addresses name them: ``prose``.

    InputError for a section that it does not have, with the nearest one.
    """
    path = source() / "docs" / "guide.md"
    text = read_text(path, path.name)
    if section is None:
        return text
    found = _sections(text)
    wanted = _name(section)
    if wanted not in found:
        rule = "the guide has no such section"
        raise InputError([Problem("npl-report guide", value=section, rule=rule, fix=_instead(wanted, found))])
    return found[wanted]


def _instead(name: str, found: dict[str, str]) -> str:
    near = nearest(name, found)
    return near if near.startswith("did") else f"it has {', '.join(found)}"


def _sections(text: str) -> dict[str, str]:
    """Name → the section; what looks like a head in an example is none."""
    masked = _FENCE.sub(lambda block: re.sub(r"[^\n]", " ", block[0]), text)
    heads = [(len(head[1]), _name(head[2]), head.start()) for head in _HEAD.finditer(masked)]
    answer = {}
    for number, (level, name, start) in enumerate(heads):
        after = (begins for depth, _, begins in heads[number + 1 :] if depth <= level)
        answer[name] = text[start : next(after, len(text))]
    return answer


def _name(head: str) -> str:
    """A head as GitHub names its address."""
    return re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-")
