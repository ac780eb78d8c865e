"""Where tables and charts stand: each of a chapter on its page, exactly once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from npl_report.model import Chapter, InputError, Problem
from npl_report.present.localized import Entry


def check_placed(
    chapter: Chapter, shown: str, placed: Mapping[str, Sequence[str]], entries: Mapping[str, Entry]
) -> None:
    """InputError unless every table and chart of the chapter stands once on its page, and no other table does."""
    problems = []
    every = (*chapter.tables, *chapter.supporting)
    charts = [key for key in every if entries[key].table.chart]
    wanted = {"table": list(chapter.tables), "chart": charts}
    for kind, keys in wanted.items():
        for key in keys:
            times = placed[kind].count(key)
            if times != 1:
                call = f'{{{{ {kind}("{key}") }}}}'
                fix = f"write {call} once, or take the table out of this chapter in report/series.toml"
                problems.append(
                    Problem(
                        shown,
                        None,
                        None,
                        key,
                        f"the {kind} must stand on this page once; it stands {times} times",
                        fix,
                    )
                )
        for key in placed["table"] if kind == "table" else ():
            if key not in keys:
                rule = (
                    "the table stands on its own page only"
                    if key in chapter.supporting
                    else "the table belongs to another chapter"
                )
                problems.append(
                    Problem(shown, None, None, key, rule, "report/series.toml says where; refer to it with ref()")
                )
    if problems:
        raise InputError(problems)
