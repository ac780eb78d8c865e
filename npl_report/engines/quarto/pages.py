"""A page → its .qmd: YAML head, raw HTML by the templates, and for a chapter its markdown in between."""

from __future__ import annotations

import re
from typing import Any

import jinja2
import yaml

from npl_report.site.page import SitePage

LAYOUT = "quarto/page.html"
"""What stands around a page inside Quarto's own frame."""
_HEAD = "quarto/head.html"
_MARK = "<!-- markdown of the chapter -->"
_FENCE = re.compile(r"^`{3,}", re.MULTILINE)
_DIV = re.compile(r"^:{3,}", re.MULTILINE)
_ASIDE = re.compile(r"<aside(?=[\s>])")
_WORKS_CITED = "::: {#refs}\n:::"
"""Where pandoc puts the works cited: with the builtin engine too they end the chapter's text."""


def qmd(page: SitePage, templates: jinja2.Environment) -> str:
    """The generated page as pandoc and Quarto read it."""
    html = _without_asides(page.rendered(templates, LAYOUT, body=_MARK if page.markdown else ""))
    above, mark, below = html.partition(_MARK)
    parts = [_raw(above)]
    if mark:
        parts += [_chapter(page.markdown.strip("\n")), _raw(below)]
    return f"---\n{_origin(page)}{_head(page, templates)}---\n\n" + "\n\n".join(part for part in parts if part) + "\n"


def _chapter(markdown: str) -> str:
    """The text in an element of its own: the last of its sections would otherwise take in what stands below.

    A heading may not be the first in it, for pandoc would make both one.
    """
    fence = ":" * max([3, *(len(found) + 1 for found in _DIV.findall(markdown))])
    cited = [_WORKS_CITED] if "@" in markdown else []
    return "\n\n".join([f"{fence} {{.chapter}}", _raw("<!-- the chapter -->"), markdown, *cited, fence])


def _head(page: SitePage, templates: jinja2.Environment) -> str:
    """The YAML head. ``title`` is the page's name in menus and search; the page prints its own."""
    shell = page.shell
    names = [link.title for link in shell.chapters]
    current = next((place for place, link in enumerate(shell.chapters) if link.current and page.markdown), None)
    head: dict[str, Any] = {
        "title": shell.title if current is None else names[current],
        "pagetitle": f"{shell.title} | {_series_title(page)}",
        "description": shell.description,
        "lang": next(language.tag for language in shell.languages if language.current),
        "body-classes": shell.kind,
        "engine": "markdown",
        "strip-comments": True,
        "include-in-header": [{"text": templates.get_template(_HEAD).render(page.values, shell=shell).strip() + "\n"}],
    }
    if current is None:
        head |= {"sidebar": False, "toc": False, "page-layout": "full"}
    else:
        head |= {"order": current + 1}
    if shell.kind == "front":
        head |= {"aliases": ["/index.html"]}
    return str(yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=10**6))


def _origin(page: SitePage) -> str:
    """For those who open the generated file."""
    if not page.markdown:
        return "# Made by npl-report prepare. Changes here are lost.\n"
    return f"# Made by npl-report prepare from {page.source}: change that file, changes here are lost.\n"


def _series_title(page: SitePage) -> str:
    series: Any = page.values["series"]
    return str(series["title"])


def _without_asides(html: str) -> str:
    """Quarto moves every ``aside`` into the margin of the page; ours stand where they are written."""
    return _ASIDE.sub('<div role="complementary"', html).replace("</aside>", "</div>")


def _raw(html: str) -> str:
    """HTML that neither pandoc nor Quarto looks into; the fence is longer than any in it."""
    text = html.strip()
    if not text:
        return ""
    fence = "`" * max([3, *(len(found) + 1 for found in _FENCE.findall(text))])
    return f"{fence}{{=html}}\n{text}\n{fence}"
