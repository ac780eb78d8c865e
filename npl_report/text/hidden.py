"""Text that its author thinks hidden, and that a page or its source would publish all the same: it is refused.

Quarto knows conditional content (``content-hidden``, ``content-visible`` with ``when-format``, ``when-profile``,
``when-meta``); the builtin engine does not, and prints it. Whether a page has any is asked of pandoc's output, which
knows code from markup; the lines are looked for in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from npl_report.model import Problem

_CONDITIONAL = r"\bcontent-(?:hidden|visible)\b|\b(?:when|unless)-(?:format|profile|meta)\b"
_UNSEEN = r"\bdisplay\s*:\s*none\b|\bvisibility\s*:\s*hidden\b"
_SUSPECT = re.compile(rf"{_CONDITIONAL}|{_UNSEEN}|(?<![\w-])hidden\b")
"""What a page without hidden text does not have outside code; with it, the page is looked at closely."""
_ATTRIBUTE = re.compile(r"(?:data-)?(?:when|unless)-(?:format|profile|meta)")
_CLASSES = frozenset({"content-hidden", "content-visible", "hidden"})
_BROKEN = re.compile(r"(?::::|\{)[^{}]{0,200}\bcontent-(?:hidden|visible)\b")
"""A fence or an attribute that pandoc takes for text, because it is not closed, or stands too far to the right."""
_WRITTEN = re.compile(
    rf"{_CONDITIONAL}|{_UNSEEN}|\{{[^}}]*\.hidden\b|\{{[^}}]*\bhidden=|<[^>]*\shidden\b|class=[\"'][^\"']*\bhidden\b"
)
_COMMENT = re.compile(r"\{##.*?##\}", re.DOTALL)
_INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
_FENCE = re.compile(r"[\s>]*(`{3,}|~{3,})(.*)")
_RULE = (
    "hidden or conditional content is not supported: the page and the note would print it, or carry it in their source"
)
_FIX = (
    'take it out; {% if medium == "print" %} … {% endif %} is for the note alone ("site" for the pages), {## … ##} '
    "for a remark to yourself"
)


_OUTSIDE_CODE = (
    "//text()[not(ancestor::code or ancestor::pre or ancestor::script or ancestor::style or ancestor::annotation)]"
)


def hides(page: str) -> bool:
    """Whether a converted page has content that is meant to be hidden, or to be shown here and not there."""
    if not _SUSPECT.search(page):
        return False
    tree = html.fragment_fromstring(page, create_parent="div")
    text = "".join(map(str, tree.xpath(_OUTSIDE_CODE)))
    return any(map(_is_hidden, tree.iter("*"))) or bool(_BROKEN.search(text))


def _is_hidden(node: html.HtmlElement) -> bool:
    """Whether an element is meant to be hidden, always or in some format or profile."""
    unseen = "hidden" in node.attrib or re.search(_UNSEEN, node.get("style", ""))
    return bool(_CLASSES.intersection(node.classes) or unseen or any(map(_ATTRIBUTE.fullmatch, node.attrib)))


def hidden(page: str, source: str, shown: str) -> list[Problem]:
    """A problem for every line of ``source`` that may hide something, if the page made from it does.

    ``shown`` names the file.
    """
    if not hides(page):
        return []
    return [Problem(shown, line, value=text, rule=_RULE, fix=_FIX) for line, text in _written(source)] or [
        Problem(shown, rule=_RULE, fix=_FIX)
    ]


def _written(source: str) -> Iterator[tuple[int, str]]:
    """(line, what stands there) outside code blocks, code in the line and comments to oneself; raw HTML is no code."""
    fence, code = "", False
    for number, line in enumerate(
        _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), source).splitlines(), start=1
    ):
        mark = _FENCE.fullmatch(line)
        if fence and mark and mark[1].startswith(fence) and not mark[2].strip():
            fence, code = "", False
            continue
        if not fence and mark and not (mark[1].startswith("`") and "`" in mark[2]):
            fence, code = mark[1], "{=" not in mark[2]
            text = line
        elif code:
            continue
        else:
            text = _INLINE_CODE.sub("", line)
        if _WRITTEN.search(text):
            yield number, line.strip()
