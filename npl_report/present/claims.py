"""The claims of a page held against the tables, in the language in which it is read."""

from __future__ import annotations

from npl_report.model import InputError, Problem
from npl_report.present.localized import LocalizedEdition
from npl_report.text.binding import BindingError
from npl_report.text.judge import Judge
from npl_report.text.spans import Span, claimed


class Claims:
    """Takes the texts of a page, judges what they claim, and gathers what is wrong.

    ``shown`` is the page's file as messages name it.
    """

    def __init__(self, localized: LocalizedEdition, shown: str) -> None:
        self._judge = Judge(localized.binding(lambda text, *_: text))
        self._shown = shown
        self._problems: list[Problem] = []
        self._warnings: list[Problem] = []

    def __call__(self, text: str, *, alone: bool = True) -> str:
        """The text with its claims as pandoc takes them; ``alone``: each needs a figure in its own paragraph."""
        found = claimed(text, self._shown)
        self._problems += found.problems
        for span in found.spans:
            self._hold(span)
            if alone and not span.near:
                rule = "the claim's paragraph holds no bound figure and no reference"
                fix = 'say the figure with {{ n("table", "row", "column") }}, or refer to it: {{ ref("table") }}'
                self._warnings.append(Problem(self._shown, span.line, value=span.sentence, rule=rule, fix=fix))
        return found.text

    def done(self) -> tuple[Problem, ...]:
        """What is worth a look; InputError with every claim that does not hold, each once, in the order of lines."""
        if self._problems:
            raise InputError(sorted(dict.fromkeys(self._problems), key=lambda problem: problem.row or 0))
        return tuple(dict.fromkeys(self._warnings))

    def _hold(self, span: Span) -> None:
        try:
            verdict = self._judge.verdict(span.that)
        except BindingError as error:
            rule, fix = f"the claim {span.that!r} cannot be held against the tables: {error}", error.fix
        else:
            if verdict.holds:
                return
            rule = f"the claim {span.that!r} does not hold: {verdict.says}"
            fix = "; ".join(f'that="{near}"' for near in verdict.near)
            fix = f"say what holds: {fix}" if fix else "say what holds, or nothing"
        self._problems.append(Problem(self._shown, span.line, value=span.sentence, rule=rule, fix=fix))
