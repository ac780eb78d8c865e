"""A page of the series → the same page with its findings written out, as the draft of an edition's own.

What a finding says of the tables today becomes prose in which every figure is bound, to be edited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Self

import jinja2

from npl_report.findings.telling import Telling
from npl_report.model import Chapter, Column, InputError
from npl_report.present.localized import LocalizedEdition
from npl_report.present.pages import Pages
from npl_report.present.revisionviews import Revisions
from npl_report.text.binding import Binding, BindingError
from npl_report.text.lint import hand_typed
from npl_report.text.localization import EditionView
from npl_report.text.prose import unbroken

_FINDING = r"""finding\(\s*["'](?P<name>[\w.]+)["']\s*\)"""
_ALONE = re.compile(rf"\{{\{{\s*{_FINDING}\s*\}}\}}")
_ABOVE = re.compile(
    rf"""\{{\{{\s*(?P<call>headline\(|deck\(|chart\(\s*["']\w+["']\s*(?=,))\s*,?\s*{_FINDING}\s*\)\s*\}}\}}"""
)
"""``headline``, ``deck`` or ``chart`` with a finding."""
_BLOCK = "```"
_DIGIT, _BOUND = re.compile(r"\d"), re.compile(r"\{\{")


class _Source(Binding):
    """The helpers of prose, which print how a figure is bound in place of the figure, and a name that has digits."""

    def n(self, table: str, row: str, column: str, form: str | None = None) -> str:
        """The figure, or the name, as it is bound; why there is none, as it is."""
        said = super().n(table, row, column, form)
        return _call("n", table, row, column) if _DIGIT.search(said) and not _BOUND.search(said) else said

    def label(self, table: str, row: str) -> str:
        """A name, or how it is asked for."""
        return _asked(super().label(table, row), "label", table, row)

    def inline(self, table: str, row: str) -> str:
        """A name inside a sentence, or how it is asked for."""
        return _asked(super().inline(table, row), "inline", table, row)

    def difference(self, table: str, row: str, column: str, than: Sequence[str]) -> str:
        """How it is asked for."""
        cells = f'"{table}", "{row}", "{column}"', ", ".join(f'"{part}"' for part in than)
        return f"{{{{ difference({cells[0]}, than=({cells[1]})) }}}}"

    def verbatim(self, text: str, why: str) -> str:
        """How it is written."""
        return f'{{{{ verbatim("{super().verbatim(text, why)}", why="{why}") }}}}'

    def _framed(self, table: str, row: str, column: Column, value: object, form: str | None = None) -> str:
        del value
        return _call("n", table, row, column.key, *([form] if form else []))


class _Number(int):
    """A number of the edition that prints how it is bound; in keys it is itself."""

    def __new__(cls, number: int, expression: str) -> Self:
        made = super().__new__(cls, number)
        made._expression = expression
        return made

    _expression: str

    def __str__(self) -> str:
        return f"{{{{ {self._expression} }}}}"

    def __format__(self, form: str) -> str:
        return format(int(self), form)


def drafted(
    localized: LocalizedEdition, templates: jinja2.Environment, chapter: Chapter, past: Revisions | None = None
) -> str:
    """The source of a chapter's page with its findings written out.

    A finding that counts or reckons for itself, so that not all its figures can be bound, stays as it is; tiles do too,
    and what says nothing yet: on a page that follows a published edition it may.
    """
    told = _Drafting(localized, templates, past).telling(chapter)
    source = localized.chapters[chapter.key].source
    return _ALONE.sub(partial(_alone, told), _ABOVE.sub(partial(_above, told), source))


class _Drafting(Pages):
    """Pages whose helpers print their own source."""

    def __init__(
        self, localized: LocalizedEdition, templates: jinja2.Environment, past: Revisions | None = None
    ) -> None:
        super().__init__(localized, templates, "site", {}, past)

    def telling(self, chapter: Chapter) -> Callable[[str], str]:
        """Finding → its sentences as source."""
        self._begin(chapter)
        context = self._context()
        source = self._localized.binding(lambda text, *_: text, _Source)
        own: dict[str, Any] = {
            "ref": partial(_call, "ref"),
            "figref": partial(_call, "figref"),
            "link": partial(_call, "link"),
        }
        own |= {"edition": _edition(self._localized.edition), "fewest": _Number(context["fewest"], "fewest")}
        own["horizons"] = [_Number(age, f"horizons[{at}]") for at, age in enumerate(context["horizons"])]
        context |= source.helpers() | own
        return Telling(self._localized.language, context, claimed=True)


def _edition(view: EditionView) -> EditionView:
    """The edition, whose dates and rules print how they are bound."""
    rules = replace(
        view.determinants,
        vif_limit="{{ edition.determinants.vif_limit }}",
        eigenvalue_limit="{{ edition.determinants.eigenvalue_limit }}",
        significance="{{ edition.determinants.significance }}",
        confidence="{{ edition.determinants.confidence }}",
    )
    return replace(
        view,
        as_of="{{ edition.as_of }}",
        published_on="{{ edition.published_on }}",
        discount_rate="{{ edition.discount_rate }}",
        determinants=rules,
        structure=replace(view.structure, payment_lag="{{ edition.structure.payment_lag }}"),
    )


def _asked(name: str, helper: str, table: str, row: str) -> str:
    return _call(helper, table, row) if _DIGIT.search(name) else name


def _call(name: str, *given: str) -> str:
    """An expression that calls a helper."""
    texts = (text.replace("\\", "\\\\").replace('"', '\\"') for text in given)
    return f"{{{{ {name}({', '.join(f'{chr(34)}{text}{chr(34)}' for text in texts)}) }}}}"


def _written(told: Callable[[str], str], name: str) -> str | None:
    """What a finding says, as source; None if that is nothing, makes a block or has a figure that is not bound.

    None as well for one of tables that the edition lacks: it stands in a guard, which stays.
    """
    try:
        text = unbroken(told(name))
    except (BindingError, InputError):
        return None
    return None if not text or _BLOCK in text or hand_typed(text, "") else text


def _alone(told: Callable[[str], str], found: re.Match[str]) -> str:
    text = _written(told, found["name"])
    return found[0] if text is None else text


def _above(told: Callable[[str], str], found: re.Match[str]) -> str:
    text, call = _written(told, found["name"]), found["call"].strip()
    if text is None:
        return found[0]
    return f"{{% call {call}) %}}\n{text}\n{{% endcall %}}"
