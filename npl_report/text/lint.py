"""No figure in prose that is not bound to a table: a digit typed by hand is a problem.

Looked at is the text between Jinja expressions, and literal strings that an expression would print: the text of a link,
the pattern of ``each``. What may hold digits: the front matter's keys, link targets, attributes, code, formulas,
comments, ids, and the explicit forms ``date("2020-03-17")``, ``section("1.2")`` and ``verbatim("…", why="…")``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

import jinja2
from jinja2 import nodes

from npl_report.model import Problem
from npl_report.text.binding import IDS
from npl_report.text.picks import PLACEHOLDER
from npl_report.text.prose import prose_environment
from npl_report.text.spans import blank, outside, silent

_SILENT = (
    r"<!--.*?-->",  # comments
    r"^```.*?^```|`[^`\n]+`",  # code
    r"\{[#.][^}\n]*\}|(?<=\))\{width=[^}\n]*\}",  # pandoc attributes
    r"\]\([^)\n]*\)",  # link targets
    r"<[^>\n]+>",  # autolinks and raw tags
    r"@[\w:.-]+",  # citations and cross references
    r"\[\^[\w-]+\]",  # footnote marks
    r"^\s{0,3}#+(?=\s)",  # heading marks
    r"\$\$.+?\$\$|(?<!\\)\$(?=\S)[^$\n]*(?<=\S)\$(?!\d)",  # formulas: constants in them belong to the method
)
_SILENT_RE = re.compile("|".join(_SILENT), re.DOTALL | re.MULTILINE)
_JINJA = re.compile(r"\{\{(?:\"[^\"]*\"|'[^']*'|.)*?\}\}|\{%(?:\"[^\"]*\"|'[^']*'|.)*?%\}|\{##.*?##\}", re.DOTALL)
_DIGIT = re.compile(r"[0-9０-９]+(?:[.,．，][0-9０-９]+)*[%％‰]?")
_SPELLED = re.compile(
    r"(?<![何每某同翻])(?<!翻了)[一二两三四五六七八九十][〇零一二两三四五六七八九十百千万亿]{0,7}"
    r"(?:个百分点|成|倍|[万亿][一-龥]{0,2}元|单项目|单(?!独|一|位|元|纯|边|调|笔))"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|twenty|thirty|forty|fifty|hundred)"
    r"[ -](?:deals?|banks?|months?|per ?cent|percentage points?|times|billion|million)\b"
    r"|\b(?:two|three|four|five|ten)fold\b",
    re.IGNORECASE,
)
_TIMES = re.compile(r"翻了?[一两]?[番倍]|\b(?:doubl|tripl|quadrupl|halv)(?:ed|ing)\b", re.IGNORECASE)
"""Changes told by a word, which a claim may bind."""
_CLAIM = 'bind its sentence by a claim, [It doubled]{.claim that="doubled from table/row/column to table/row/column"}'
_IDS = frozenset({*IDS, "table", "chart", "ref", "figref", "tie_out", "has_page", "cites", "date", "verbatim"})
"""Helpers whose constants are ids, or text in an explicit form."""
_METHODS = frozenset({"n", "at", "has", "above"})
"""What rows give by a column's key or beyond a limit."""
_TEXTS = {"link": (1, 2), "tile": (3, None), "each": (1, 2), "opening": (0, 1)}
"""Helpers that print some of their arguments: from which place to which. Their other constants are ids, or marks."""
_NAMED = frozenset({"text", "caption", "pattern"})
"""The same by name."""
_SECTION = re.compile(r"\d+(?:\.\d+)*(?:–\d+(?:\.\d+)*)?")
_FIX = (
    'take it from a table with {{ n("table", "row", "column") }}; a date is {{ date("2020-03-17") }}, anything else '
    '{{ verbatim("…", why="…") }}'
)


def body_start(source: str) -> int:
    """Index where the text begins, after a YAML front matter."""
    match = re.match(r"---\n.*?\n---\n", source, re.DOTALL)
    return match.end() if match else 0


def silenced(text: str) -> str:
    """Markdown in which what is no prose is blanked: code, formulas, comments, attributes, targets; places stay."""
    return _SILENT_RE.sub(lambda match: blank(match.group()), text)


def hand_typed(source: str, file: str, *, first_line: int = 1) -> list[Problem]:
    """Every hand-typed figure of a Jinja text, as a problem at its line.

    A template that does not parse is left to the renderer.
    """
    start = body_start(source)
    offset = source[:start].count("\n") + first_line - 1
    body = source[start:]
    typed = [Problem(file, line + offset, value=value, rule=rule, fix=_FIX) for line, value, rule in _typed(body)]
    if not _TIMES.search(body):
        return typed
    times = _found(outside(body), ((_TIMES, "a change told without a claim"),))
    return typed + [Problem(file, line + offset, value=value, rule=rule, fix=_CLAIM) for line, value, rule in times]


def typed_places(source: str) -> list[tuple[int, int]]:
    """Where figures are typed by hand in the text between Jinja expressions: from which place to which."""
    start = body_start(source)
    plain = silenced(_JINJA.sub(lambda match: blank(match.group()), silent(source)))
    return [match.span() for match in _DIGIT.finditer(plain) if match.start() >= start]


@lru_cache(maxsize=2048)
def _typed(body: str) -> tuple[tuple[int, str, str], ...]:
    """(line, figure, rule) of each; editions share most of their texts, which are looked at once."""
    return _found(body, ((_DIGIT, "a figure typed by hand"), (_SPELLED, "a figure spelled by hand")))


def _found(body: str, patterns: tuple[tuple[re.Pattern[str], str], ...]) -> tuple[tuple[int, str, str], ...]:
    try:
        tree = prose_environment().parse(silent(body) if ".claim" in body else body)
    except jinja2.TemplateSyntaxError:
        return ()
    found = []
    for line, text in _texts(tree):
        for pattern, rule in patterns:
            for match in pattern.finditer(text):
                found.append((line + text[: match.start()].count("\n"), match.group(), rule))
    return tuple(found)


def _texts(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """(line, text to look at)."""
    for node in tree.find_all(nodes.TemplateData):
        yield node.lineno, silenced(node.data)
    allowed = set(map(id, _allowed(tree)))
    for const in tree.find_all(nodes.Const):
        if (
            id(const) not in allowed
            and isinstance(const.value, str | int | float)
            and not isinstance(const.value, bool)
        ):
            yield const.lineno, PLACEHOLDER.sub(" ", str(const.value))


def _allowed(tree: nodes.Template) -> Iterator[nodes.Const]:
    """The constants that may hold digits."""
    for call in tree.find_all(nodes.Call):
        yield from chain.from_iterable(map(_constants, _silent(call)))
    for item in tree.find_all(nodes.Getitem):
        yield from _constants(item.arg)
    for compared in tree.find_all((nodes.Compare, nodes.Slice)):
        yield from compared.find_all(nodes.Const)


def _silent(call: nodes.Call) -> list[nodes.Expr]:
    """The arguments of a call whose constants may hold digits."""
    given = [*call.args, *(pair.value for pair in call.kwargs)]
    if isinstance(call.node, nodes.Getattr):
        return given if call.node.attr in _METHODS else []
    name = call.node.name if isinstance(call.node, nodes.Name) else ""
    if name == "section":
        return [
            argument
            for argument in given
            if isinstance(argument, nodes.Const) and _SECTION.fullmatch(str(argument.value))
        ]
    if name in _TEXTS:
        shown = range(len(call.args))[slice(*_TEXTS[name])]
        return [
            *(argument for at, argument in enumerate(call.args) if at not in shown),
            *(pair.value for pair in call.kwargs if pair.key not in _NAMED),
        ]
    return given if name in _IDS else []


def _constants(argument: nodes.Expr) -> Iterator[nodes.Const]:
    """The constants of an argument, itself if it is one."""
    if isinstance(argument, nodes.Const):
        yield argument
    yield from argument.find_all(nodes.Const)
