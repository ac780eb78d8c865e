"""Entries ``[[restatement]]`` of an edition → what its revisions restate."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from npl_report.load.keys import Keys, anything
from npl_report.model import Edition, InputError, Language, Problem, Restatement

_KEYS = Keys("a restatement", dict.fromkeys(("revision", "tables", "why", "others"), anything))
_EXAMPLE = 'write [[restatement]] with revision = 2, tables = ["recovery_by_type"] and why = { zh = "…", en = "…" }'
_OTHERS = 'write others = { zh = "…", en = "…" }: why tables that the entries do not name move as well; leave it out if none does'


def read_restatements(
    entries: Any, revision: object, languages: tuple[Language, ...], shown: str, problems: list[Problem]
) -> tuple[Restatement, ...]:
    """The entries in their order; what is wrong is added to ``problems``.

    ``revision``: the edition's. Whether the tables exist: ``check_restated``.
    """
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        problems.append(
            Problem(
                shown, column="restatement", value=str(entries), rule="must be a list of restatements", fix=_EXAMPLE
            )
        )
        return ()
    found = []
    for number, entry in enumerate(entries, start=1):
        where = f"restatement {number}"
        _KEYS.read(entry, shown, where, problems)
        wrong: list[tuple[str, str | None, str, str]] = []
        of, tables, why = entry.get("revision"), entry.get("tables"), entry.get("why")
        if not isinstance(of, int) or isinstance(of, bool) or of < 2 or (isinstance(revision, int) and of > revision):  # noqa: PLR2004
            wrong.append(("revision", str(of), "must be a revision of this edition from 2 on", _EXAMPLE))
        if not isinstance(tables, list) or not tables or not all(isinstance(table, str) for table in tables):
            wrong.append(("tables", str(tables), "must be a list of table keys", _EXAMPLE))
        for key, said in (("why", why), *([("others", entry["others"])] if "others" in entry else [])):
            if isinstance(said, Mapping):
                Keys(key, dict.fromkeys(languages, anything)).read(said, shown, f"{where}.{key}", problems)
            lacking = [
                language
                for language in languages
                if not isinstance(said, Mapping) or not str(said.get(language, "")).strip()
            ]
            if lacking:
                wrong.append(
                    (key, str(said), f"must say why in {', '.join(lacking)}", _EXAMPLE if key == "why" else _OTHERS)
                )
        problems += [
            Problem(shown, column=f"{where}.{key}", value=value, rule=rule, fix=fix) for key, value, rule, fix in wrong
        ]
        if not wrong:
            found.append(Restatement(of, tuple(tables), _texts(why), _texts(entry.get("others", {}))))
    return tuple(found)


def _texts(said: Mapping[str, object]) -> dict[Language, str]:
    return {str(language): str(text) for language, text in said.items()}


def check_restated(edition: Edition, tables: Collection[str]) -> None:
    """Whether the tables that the edition restates are among its own; InputError otherwise."""
    problems = []
    for key in dict.fromkeys(
        key for restatement in edition.restatements for key in restatement.tables if key not in tables
    ):
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
