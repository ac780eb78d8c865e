"""Entries ``[[restatement]]`` of an edition → what its revisions restate."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from itertools import chain
from typing import Any

from npl_report.load.keys import Keys, anything
from npl_report.model import Edition, InputError, Language, Problem, Restatement

_KEYS = Keys("a restatement", dict.fromkeys(("revision", "tables", "why", "others"), anything))
_EXAMPLE = 'write [[restatement]] with revision = 2, tables = ["recovery_by_type"] and why = { zh = "…", en = "…" }'
_OTHERS = (
    'write others = { zh = "…", en = "…" }: why tables that the entries do not name move as well; leave it out if '
    "none does"
)


def read_restatements(
    entries: Any, revision: object, languages: tuple[Language, ...], shown: str, problems: list[Problem]
) -> tuple[Restatement, ...]:
    """The entries in their order; what is wrong is added to ``problems``.

    ``revision``: the edition's. Whether the tables exist: ``check_restated``.
    """
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        rule = "must be a list of restatements"
        problems.append(Problem(shown, column="restatement", value=str(entries), rule=rule, fix=_EXAMPLE))
        return ()
    found = []
    for number, entry in enumerate(entries, start=1):
        where = f"restatement {number}"
        _KEYS.read(entry, shown, where, problems)
        of, tables = entry.get("revision"), entry.get("tables")
        wrong: list[tuple[str, str | None, str, str]] = []
        if not isinstance(of, int) or isinstance(of, bool) or of < 2 or (isinstance(revision, int) and of > revision):  # noqa: PLR2004
            wrong.append(("revision", str(of), "must be a revision of this edition from 2 on", _EXAMPLE))
        if not isinstance(tables, list) or not tables or not all(isinstance(table, str) for table in tables):
            wrong.append(("tables", str(tables), "must be a list of table keys", _EXAMPLE))
        for key, fix in (("why", _EXAMPLE), *([("others", _OTHERS)] if "others" in entry else [])):
            said = entry.get(key)
            if lacking := _lacking(said, languages, shown, f"{where}.{key}", problems):
                wrong.append((key, str(said), f"must say why in {', '.join(lacking)}", fix))
        problems += [
            Problem(shown, column=f"{where}.{key}", value=value, rule=rule, fix=fix) for key, value, rule, fix in wrong
        ]
        if not wrong:
            found.append(Restatement(of, tuple(tables), _texts(entry["why"]), _texts(entry.get("others", {}))))
    return tuple(found)


def _lacking(
    said: object, languages: tuple[Language, ...], shown: str, place: str, problems: list[Problem]
) -> list[Language]:
    """The languages in which nothing is said; keys that are no language are added to ``problems``."""
    if not isinstance(said, Mapping):
        return list(languages)
    key = place.rpartition(".")[2]
    Keys(key, dict.fromkeys(languages, anything)).read(said, shown, place, problems)
    return [language for language in languages if not str(said.get(language, "")).strip()]


def _texts(said: Mapping[str, object]) -> dict[Language, str]:
    return {str(language): str(text) for language, text in said.items()}


def check_restated(edition: Edition, tables: Collection[str]) -> None:
    """Whether the tables that the edition restates are among its own; InputError otherwise."""
    problems = []
    restated = chain.from_iterable(restatement.tables for restatement in edition.restatements)
    for key in dict.fromkeys(key for key in restated if key not in tables):
        near = get_close_matches(key, tables, n=1)
        fix = f"did you mean {near[0]}?" if near else "name tables that report/series.toml lists for this edition"
        problems.append(
            Problem(
                f"report/editions/{edition.id}.toml",
                column="restatement.tables",
                value=key,
                rule="the edition has no such table",
                fix=fix,
            )
        )
    if problems:
        raise InputError(problems)
