"""A page between the two: gathered whole, not yet a file of an engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import jinja2

from npl_report.present.contexts import Shell

BUILTIN_LAYOUT = "html/base.html"
"""What the builtin engine puts around a page."""


@dataclass(frozen=True)
class SitePage:
    """A page's template in ``templates/html/``, its shell, and the other values that the template receives.

    ``markdown``: of a chapter the generated text that its body is made from. ``without``: classes of elements that the
    search passes over, None for a page into which it does not look; ``also`` is what it finds the page by besides.
    ``source``: of a chapter the file that its author wrote, by path in the project.
    """

    template: str
    shell: Shell
    values: Mapping[str, object]
    markdown: str = ""
    without: frozenset[str] | None = None
    also: str = ""
    source: str = ""

    def rendered(self, templates: jinja2.Environment, layout: str, **values: object) -> str:
        """The template with ``layout`` (a template too, which also receives ``values``) around it."""
        return templates.get_template(f"html/{self.template}.html").render(
            self.values, shell=self.shell, layout=layout, **values
        )


class MakeShell(Protocol):
    """Makes what surrounds a page."""

    def __call__(self, kind: str, path: str, title: str, description: str, *, charts: bool) -> Shell:
        """The shell of the page at ``path``."""
        ...


class Render(Protocol):
    """Gathers a page of a kind."""

    def __call__(self, template: str, shell: Shell, markdown: str = "", **values: object) -> SitePage:
        """The page by ``templates/html/<template>.html``."""
        ...
