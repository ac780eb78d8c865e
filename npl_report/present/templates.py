"""templates/ → the environment that renders them.

What is wrong with a template is the user's to mend, and is told with its file and line.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

import jinja2

from npl_report.load.brand import read_brand
from npl_report.model import InputError, Problem
from npl_report.present.contexts import BrandView
from npl_report.present.printed import line, printed


class Templates(jinja2.Environment):
    """Everything is escaped, an undefined name is an error, and every error is an InputError.

    All receive ``brand``.
    ``read`` names the templates that were asked for, by the program or by another template.
    """

    def __init__(self, templates: Path) -> None:
        self.read: set[str] = set()
        super().__init__(
            loader=jinja2.FileSystemLoader(str(templates)),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        brand = read_brand(templates.parent)
        self.globals["brand"] = BrandView(tuple(brand.assets), brand.footer)
        self.filters |= {"css_string": css_string, "printed": printed, "line": line}

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: Any = None,  # noqa: A002 -- the signature is jinja's
    ) -> jinja2.Template:
        """As jinja's, but a missing template is an InputError."""
        self.read.add(str(name))
        try:
            return super().get_template(name, parent, globals)
        except jinja2.TemplateNotFound as error:
            raise InputError(
                [
                    Problem(
                        f"templates/{error.name}",
                        rule="the template is missing",
                        fix="restore it, or copy it from the sample",
                    )
                ]
            ) from None

    def handle_exception(self, source: str | None = None) -> NoReturn:  # noqa: ARG002 -- the signature is jinja's
        """Called by jinja for whatever is raised while a template is compiled or rendered."""
        _, error, traceback = sys.exc_info()
        if isinstance(error, jinja2.TemplateSyntaxError):
            raise InputError(
                [
                    Problem(
                        f"templates/{error.name}",
                        error.lineno,
                        rule=f"not valid Jinja: {error.message}",
                        fix="look for an unclosed {{ or {% at that line",
                    )
                ]
            ) from None
        if isinstance(
            error, jinja2.UndefinedError | TypeError | ValueError | LookupError | ArithmeticError | AttributeError
        ):
            name, line = _place(traceback)
            fix = (
                "correct the name; the head of the template says what it receives. After a change of npl-report, "
                "take its own templates: npl-report init makes a project with them"
            )
            raise InputError(
                [Problem(f"templates/{name}", line, rule=f"cannot be rendered: {error}", fix=fix)]
            ) from None
        raise error or RuntimeError("no exception is being handled")


def css_string(text: object) -> str:
    """Text as a string of CSS, in its quotes.

    Without them a name such as ``NPL Sans 3f2a`` is none, and a quote or a backslash in the text ends the string.
    """
    plain = str(text).replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\a ")
    return f"'{plain}'"


def _place(traceback: TracebackType | None) -> tuple[str, int | None]:
    """The innermost template that the error came through, and the line in it."""
    name, line = "", None
    while traceback:
        template = traceback.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            name, line = template.name, template.get_corresponding_lineno(traceback.tb_lineno)
        traceback = traceback.tb_next
    return name, line
