"""Jinja texts of analysts → text, with errors that name file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from types import TracebackType
from typing import Any

import jinja2

from npl_report.model import InputError, Problem
from npl_report.text.binding import BindingError

_MARKS = re.compile(r"\{[{%#]|\r")
"""What a text has that is more than text; without any it is its own result."""
_WIDE = "[\u2e80-\u9fff\uff00-\uffef]"
_BROKEN = re.compile(rf"(?<={_WIDE})(\]\{{[^{{}}\n]*\}})?\n(?=\[?{_WIDE})")
"""The end of a line between two Chinese signs, also those of spans, where markdown would put a space."""
_GAP = re.compile(r"(?<=[.:;]) {2,}(?=\S)")
"""What is left between two sentences where nothing is said."""


@cache
def prose_environment() -> jinja2.Environment:
    """The environment of prose and words: markdown comes out, so nothing is escaped here.

    A missing variable is an error. A comment is ``{## … ##}``, because ``{#id}`` is pandoc's.
    """
    return jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 -- markdown, not HTML; the raw HTML in it comes from our own templates
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        comment_start_string="{##",
        comment_end_string="##}",
    )


def unbroken(text: str) -> str:
    """Prose with its Chinese lines joined: sentences of several lines, and of branches, follow without a space.

    Where a finding between two sentences says nothing, one space is left.
    """
    return _GAP.sub(" ", _BROKEN.sub(r"\1", text))


def render_text(
    environment: jinja2.Environment, source: str, context: Mapping[str, Any], file: str, column: str | None = None
) -> str:
    """Render one text; whatever is wrong with it is an InputError at its line."""
    if not _MARKS.search(source):
        return source
    try:
        return _compiled(environment, source).render(context)
    except jinja2.TemplateSyntaxError as error:
        problem = _invalid(environment, source, error, file, column)
    except BindingError as error:
        problem = Problem(file, _line(error.__traceback__), column, rule=str(error), fix=error.fix)
    except jinja2.UndefinedError as error:
        problem = Problem(file, _line(error.__traceback__), column, *_undefined(error, context))
    except TypeError as error:
        rule, fix = f"a helper is called wrongly: {error}", "npl-report guide helpers lists them and what they take"
        problem = Problem(file, _line(error.__traceback__), column, rule=rule, fix=fix)
    except (ArithmeticError, LookupError, ValueError) as error:
        rule, fix = f"an expression cannot be computed: {error}", "look at the expressions of that line"
        problem = Problem(file, _line(error.__traceback__), column, rule=rule, fix=fix)
    raise InputError([problem])


def _undefined(error: jinja2.UndefinedError, known: Iterable[str]) -> tuple[str | None, str, str]:
    """(name, rule, what to do) for what a text uses and does not have."""
    match = re.search(r"'([^']+)' is undefined", str(error))
    near = get_close_matches(match.group(1), list(known), n=1) if match else []
    fix = f"did you mean {near[0]}?" if near else f"what a text may use: {', '.join(sorted(known))}"
    return match.group(1) if match else None, f"template variable: {error}", fix


def _invalid(
    environment: jinja2.Environment, source: str, error: jinja2.TemplateSyntaxError, file: str, column: str | None
) -> Problem:
    """What Jinja cannot read.

    A block that is never closed is told where it opens, not at the end of the text, where Jinja misses its end.
    """
    unclosed = re.search(r"The innermost block that needs to be closed is '(\w+)'", error.message or "")
    opened = _opened(environment, source, unclosed.group(1), error.lineno) if unclosed else None
    if unclosed and opened:
        return Problem(
            file,
            opened,
            column,
            rule=f"not valid Jinja: the block {unclosed.group(1)} is not closed where it should be",
            fix=f"write {{% end{unclosed.group(1)} %}} after what it holds",
        )
    return Problem(
        file,
        error.lineno,
        column,
        rule=f"not valid Jinja: {error.message}",
        fix="look for an unclosed {{ or {% at that line",
    )


def _opened(environment: jinja2.Environment, source: str, name: str, end: int) -> int | None:
    """The line on which the innermost such block begins that is open at line ``end``."""
    lines: list[int] = []
    begins = False
    for line, kind, value in environment.lex(source):
        if line > end:
            break
        if begins and kind == "name" and value == name:
            lines.append(line)
        elif begins and kind == "name" and value == f"end{name}" and lines:
            lines.pop()
        begins = kind == "block_begin" or (begins and kind == "whitespace")
    return lines[-1] if lines else None


@lru_cache(maxsize=1024)
def _compiled(environment: jinja2.Environment, source: str) -> jinja2.Template:
    """The site and the note print the same texts: each is compiled once."""
    return environment.from_string(source)


def _line(traceback: TracebackType | None) -> int | None:
    """The line of the template that the error came from."""
    line = None
    while traceback:
        if traceback.tb_frame.f_code.co_filename == "<template>":
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line
