"""Words of magnitude and comparison in prose that no claim binds and no condition guards: a claim is asked for.

What is generated is exempt: it stands in a loop, in a macro, or in a condition that looks at figures. A condition that
asks only whether something is there (a page, a table, a row) guards nothing of what is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import jinja2
from jinja2 import nodes

from npl_report.model import Problem
from npl_report.text.lint import body_start, silenced
from npl_report.text.prose import prose_environment
from npl_report.text.spans import outside
from npl_report.text.words import Words

_PRESENT = frozenset(
    ("has", "has_page", "has_table", "withheld", "medium", "restricted", "deal_pages", "last_edition", "has_ledger")
)
"""What a condition may ask that looks at no figure."""
_GENERATED = (nodes.For, nodes.Macro)
_HEADING = re.compile(r"^#+ .*$", re.MULTILINE)
_WIDE = re.compile("[\u2e80-\u9fff]")


def unclaimed(source: str, shown: str, words: Words) -> list[Problem]:
    """A warning for every such word of a page, at its line."""
    start = body_start(source)
    return [
        Problem(
            shown,
            source[:start].count("\n") + line,
            value=word,
            rule="a word of magnitude that no claim binds",
            fix=f'bind its sentence: [… {word} …]{{.claim that="…"}}; npl-report guide claims lists what may be said',
        )
        for line, word in _loose(source[start:], tuple(map(str, words["language.magnitudes"])))
    ]


@lru_cache(maxsize=256)
def _loose(body: str, magnitudes: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """(line, word) of each; a page that does not parse is left to the renderer."""
    try:
        tree = prose_environment().parse(outside(body))
    except jinja2.TemplateSyntaxError:
        return ()
    pattern = _pattern(magnitudes)
    found = []
    for node in _plain(tree):
        text = silenced(_HEADING.sub(lambda head: " " * len(head.group()), node.data))
        for match in pattern.finditer(text):
            found.append((node.lineno + text[: match.start()].count("\n"), match.group()))
    return tuple(found)


def _pattern(magnitudes: Sequence[str]) -> re.Pattern[str]:
    """Finds any of the words, of languages with spaces whole ones."""
    longest = sorted(magnitudes, key=len, reverse=True)
    words = (re.escape(word) if _WIDE.search(word) else rf"\b{re.escape(word)}\b" for word in longest)
    return re.compile("|".join(words).replace(r"\ ", r"\s+"), re.IGNORECASE)


def _plain(node: nodes.Node) -> Iterator[nodes.TemplateData]:
    """The pieces of text that no figure decides on."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.TemplateData):
            yield child
        elif not (isinstance(child, _GENERATED) or (isinstance(child, nodes.If) and not _of_presence(child.test))):
            yield from _plain(child)


def _of_presence(test: nodes.Node) -> bool:
    """Whether a condition asks only what is there."""
    names = [test] if isinstance(test, nodes.Name) else list(test.find_all(nodes.Name))
    return all(name.name in _PRESENT for name in names)
