"""The downloads of an edition → ``downloads/datapackage.json``.

What every table and column means, its type and unit, for pandas, R and whatever reads Data Packages.

Source: the Data Package standard, version 1 (Tabular Data Package, Table Schema), as ``data/datapackage.json`` has it:
a text is in English under its own key and in another language under ``<key>_<language>``; ``unit``, ``as_of`` and
``synthetic`` are additions, which the standard allows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

import pandas as pd

from npl_report.compare.attribution import STEPS
from npl_report.compare.history import CHANGES, History, history_path
from npl_report.compare.recorded import header, stored_unit
from npl_report.editions.folder import folder_of
from npl_report.exports.citation import address
from npl_report.files.hashing import digest
from npl_report.model import WORD_UNITS, Column, Unavailable, Unit
from npl_report.present.localized import Entry, LocalizedEdition
from npl_report.present.reading import Reading

PACKAGE = "downloads/datapackage.json"
_ROOT = "downloads/"
_WHOLE = frozenset({Unit.DEALS, Unit.COUNT, Unit.RANK, Unit.YEAR})
_ENGLISH = "en"

Text = Callable[[LocalizedEdition], object]
"""What a text is in the language of a localized edition."""


def package_file(reading: Reading, files: Mapping[str, bytes], found: History | None) -> dict[str, bytes]:
    """The description of all CSV files among ``files``, by its path."""
    made = _Package(reading, files, found)
    content = made.head() | {"resources": [*made.tables(), *made.changes(), *made.histories()]}
    return {PACKAGE: (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()}


class _Package:
    """The parts of one description."""

    def __init__(self, reading: Reading, files: Mapping[str, bytes], found: History | None) -> None:
        self._reading, self._files, self._found = reading, files, found
        self._by_language = list(reading.by_language.values())
        self._currency = reading.edition.market.currency.code

    def _said(self, key: str, text: Text) -> dict[str, str]:
        """A text in every language; a series without English has its first language under the plain key."""
        texts = {localized.language: str(text(localized)) for localized in self._by_language}
        plain = texts.get(_ENGLISH, next(iter(texts.values())))
        return {key: plain} | {f"{key}_{language}": told for language, told in texts.items() if language != _ENGLISH}

    def head(self) -> dict[str, Any]:
        """Title, licence, sources, and whether the data are real."""
        series, edition, raw = self._reading.series, self._reading.edition, self._reading.source.package.raw
        folder, where = folder_of(edition.id, edition.revision), address(self._by_language[0], "index.html")
        return {
            "profile": "tabular-data-package",
            "name": "-".join(re.findall(r"[a-z0-9._]+", f"{series.id}-{folder}".lower())),
            **self._said("title", _title),
            **self._said("description", _description),
            **({"homepage": where} if where else {}),
            "version": folder,
            "created": f"{edition.published_on.isoformat()}T00:00:00Z",
            "as_of": edition.as_of.isoformat(),
            "contributors": [
                {**self._said("title", lambda localized: localized.series_words["publisher"]), "role": "publisher"}
            ],
            "sources": [*self._methods(), *raw.get("sources", ())],
            **{key: raw[key] for key in ("licenses", "synthetic") if key in raw},
        }

    def _methods(self) -> list[dict[str, str]]:
        """Where the definitions of the tables come from, as the pages say it."""
        first = self._by_language[0]
        named = chain.from_iterable(first.sources(entry.table) for entry in first.entries.values())
        return [self._method(name) for name in dict.fromkeys(named)]

    def _method(self, name: str) -> dict[str, str]:
        return self._said("title", lambda localized: localized.words[f"source.{name}"])

    def _resource(
        self,
        path: str,
        name: str,
        texts: Mapping[str, str],
        fields: Sequence[Mapping[str, Any]],
        keys: Sequence[str] = (),
        **schema: Any,
    ) -> dict[str, Any]:
        data = self._files[path]
        return {
            "profile": "tabular-data-resource",
            "name": name,
            "path": path.removeprefix(_ROOT),
            **texts,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": len(data),
            "hash": f"sha256:{digest(data)}",
            "schema": {
                "fields": list(fields),
                "missingValues": [""],
                **({"primaryKey": list(keys)} if keys else {}),
                **schema,
            },
        }

    def tables(self) -> list[dict[str, Any]]:
        """Every table and its evidence."""
        keys = self._reading.series.table_keys
        return list(chain.from_iterable((self._table(key), self._evidence(key)) for key in keys))

    def _table(self, key: str) -> dict[str, Any]:
        table, result = self._reading.tables[key], self._reading.results[key]
        texts = self._said("title", lambda localized: localized.entries[key].view.title) | self._said(
            "description", lambda localized: _summary(localized.entries[key])
        )
        fields = [
            self._column(key, column, None if isinstance(result, Unavailable) else result.frame[column.key])
            for column in table.columns
        ]
        return self._resource(f"{_ROOT}tables/{key}.csv", key, texts, [self._row(unique=True), *fields], ["row"])

    def _column(self, key: str, column: Column, values: pd.Series | None) -> dict[str, Any]:
        return _field(column, values, self._currency) | self._said(
            "title", lambda localized: localized.entries[key].words[f"columns.{column.key}"]
        )

    def _evidence(self, key: str) -> dict[str, Any]:
        """The records behind a table, each of which belongs to one of its rows."""
        table, result = self._reading.tables[key], self._reading.results[key]
        texts = self._said(
            "title",
            lambda localized: localized.words["package.evidence"].format(title=localized.entries[key].view.title),
        )
        fields = [
            self._of_evidence(column, None if isinstance(result, Unavailable) else result.evidence[column.key])
            for column in table.evidence
        ]
        belongs = [{"fields": ["row"], "reference": {"resource": key, "fields": ["row"]}}]
        return self._resource(
            f"{_ROOT}evidence/{key}.csv", f"evidence-{key}", texts, [self._row(), *fields], foreignKeys=belongs
        )

    def _of_evidence(self, column: Column, values: pd.Series | None) -> dict[str, Any]:
        return _field(column, values, self._currency) | self._said(
            "title", lambda localized: localized.words[f"field.{column.key}"]
        )

    def changes(self) -> list[dict[str, Any]]:
        """What changed since the last edition, if there is one."""
        if not self._found:
            return []
        head = [
            self._plain("number", "string", "revisions.number"),
            self._plain("kind", "string", "package.kind"),
            self._plain("unit", "string", "package.unit"),
        ]
        values = [self._edition(name) for name in self._editions()[-2:]]
        causes = [self._plain(cause, "number", f"cause.{cause}") for cause in STEPS]
        fields = [
            *head,
            *values,
            self._plain("difference", "number", "revisions.difference"),
            self._plain("causes", "string", "revisions.cause"),
            *causes,
        ]
        return [
            self._resource(
                CHANGES,
                "changes",
                self._said("title", lambda localized: localized.words["revisions.changes_csv"]),
                fields,
                ["number"],
            )
        ]

    def histories(self) -> list[dict[str, Any]]:
        """The numbers of each table through the editions."""
        return [self._history(key) for key in self._reading.series.table_keys if history_path(key) in self._files]

    def _history(self, key: str) -> dict[str, Any]:
        fields = [
            self._row(),
            self._plain("column", "string", "package.column"),
            self._plain("unit", "string", "package.unit"),
            *map(self._edition, self._editions()),
        ]
        texts = self._said(
            "title",
            lambda localized: localized.words["package.history"].format(title=localized.entries[key].view.title),
        )
        return self._resource(history_path(key), f"history-{key}", texts, fields, ["row", "column"])

    def _editions(self) -> list[str]:
        edition = self._reading.edition
        earlier = [item.folder for item in self._found.earlier] if self._found else []
        return [*earlier, folder_of(edition.id, edition.revision)]

    def _edition(self, folder: str) -> dict[str, Any]:
        """A column of stored values of any type: numbers, ids and dates below each other."""
        return {
            "name": f"edition {folder}",
            "type": "any",
            **self._said("title", lambda localized: localized.words["package.value"].format(edition=folder)),
        }

    def _plain(self, name: str, kind: str, word: str) -> dict[str, Any]:
        return {"name": name, "type": kind, **self._said("title", lambda localized: localized.words[word])}

    def _row(self, *, unique: bool = False) -> dict[str, Any]:
        return self._plain("row", "string", "workbook.row") | {
            "constraints": {"required": True, **({"unique": True} if unique else {})}
        }


def _title(localized: LocalizedEdition) -> str:
    series = localized.series_words
    return str(localized.words["package.title"]).format(
        title=series["title"], edition=localized.words["ui.edition"].format(id=localized.edition.id)
    )


def _description(localized: LocalizedEdition) -> str:
    """What the files hold, and which rows are withheld."""
    told = str(localized.words["package.description"]).format(date=localized.edition.as_of)
    return str(localized.words["ui.between_sentences"]).join(filter(None, (told, localized.closed)))


def _summary(entry: Entry) -> str:
    """What a table shows, or why it has no rows."""
    return entry.view.unavailable or str(entry.words["summary"])


def _field(column: Column, values: pd.Series | None, currency: str) -> dict[str, Any]:
    """Name, type and unit of a column; ``values`` is None for a table that could not be computed.

    Amounts have the unit that the data's own description writes, which is not that of the heads of our files.
    """
    unit = f"{currency} mn" if column.unit is Unit.MONEY else stored_unit(column, currency)
    return {"name": header(column, currency), "type": _type(column, values)} | ({"unit": unit} if unit else {})


def _type(column: Column, values: pd.Series | None) -> str:
    """Counts are whole but in a row of means."""
    if column.unit in WORD_UNITS:
        return "string"
    if column.unit is Unit.DATE:
        return "date"
    whole = column.unit in _WHOLE and (values is None or bool((values.dropna().astype(float) % 1 == 0).all()))
    return "integer" if whole else "number"
