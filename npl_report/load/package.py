"""``data/datapackage.json`` → what each column of each file must be.

The file follows the Data Package standard (Tabular Data Package); we read the part of it that our data use and refuse the rest,
so that the description and the code cannot drift apart in silence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from npl_report.model import Dataset, InputError, Problem

FieldType = Literal["string", "number", "integer", "date"]
_TYPES = ("string", "number", "integer", "date")
_UNITS = {"", "CNY mn", "CNY thousand", "fraction", "months", "years"}
_CONSTRAINTS = {"required", "unique", "enum", "minimum", "maximum", "pattern"}


@dataclass(frozen=True)
class Field:
    """One column: type, unit and constraints. Money is CNY million, rates are fractions."""

    name: str
    type: FieldType
    unit: str
    description: Mapping[str, str]
    required: bool
    unique: bool
    enum: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    pattern: str | None


@dataclass(frozen=True)
class Resource:
    """One file of the data package."""

    name: str
    path: str
    description: Mapping[str, str]
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: Mapping[str, tuple[str, str]]
    """column → (resource, column) that it must be found in"""


@dataclass(frozen=True)
class Package:
    """The whole description. ``notice`` is None unless the data are synthetic."""

    file: str
    title: Mapping[str, str]
    licence: str
    resources: tuple[Resource, ...]
    notice: Mapping[str, str] | None
    raw: Mapping[str, Any]


def read_package(path: Path) -> Package:
    """Read the description, or raise InputError with everything that is wrong with it."""
    shown = f"{path.parent.name}/{path.name}"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError([Problem(shown, rule="the file is missing", fix="copy it from the sample (npl-report init)")]) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise InputError([Problem(shown, row, rule=f"not valid JSON: {error}", fix="mend the JSON syntax at that place")]) from None
    problems: list[Problem] = []
    resources = []
    for entry in raw.get("resources", []) if isinstance(raw, dict) else []:
        try:
            resources.append(_resource(entry, shown, problems))
        except (KeyError, TypeError, AttributeError) as error:
            fix = "give every resource name, path and schema.fields with name and type"
            problems.append(Problem(shown, value=str(entry.get("name") if isinstance(entry, dict) else entry), rule=f"resource is incomplete: {error}", fix=fix))
    missing = [part for part in Dataset.PARTS if part not in {resource.name for resource in resources}]
    if missing and not problems:
        problems.append(Problem(shown, rule=f"describes no resource {', '.join(missing)}", fix="describe each of " + ", ".join(Dataset.PARTS)))
    if "synthetic" in raw and not _is_notice(raw["synthetic"]):
        fix = 'write "synthetic": {"notice": {"zh": "…", "en": "…"}}, or remove it if the data are not synthetic'
        problems.append(Problem(shown, column="synthetic", rule="must hold the notice that every page prints, by language", fix=fix))
    if problems:
        raise InputError(problems)
    return Package(
        file=shown,
        title=_both(raw, "title"),
        licence=", ".join(str(item.get("name", item.get("title", ""))) for item in raw.get("licenses", [])),
        resources=tuple(resources),
        notice=raw["synthetic"]["notice"] if "synthetic" in raw else None,
        raw=raw,
    )


def _is_notice(synthetic: object) -> bool:
    """Whether it holds a text per language."""
    notice = synthetic.get("notice") if isinstance(synthetic, dict) else None
    return isinstance(notice, dict) and bool(notice) and all(isinstance(text, str) and text.strip() for text in notice.values())


def _both(entry: Mapping[str, Any], key: str) -> dict[str, str]:
    """A described text in every language: ``key`` is English, ``key_<language>`` another one."""
    texts = {"en": str(entry.get(key, ""))}
    texts.update({name.removeprefix(f"{key}_"): str(text) for name, text in entry.items() if name.startswith(f"{key}_")})
    return texts


def _resource(entry: Mapping[str, Any], shown: str, problems: list[Problem]) -> Resource:
    schema = entry["schema"]
    name = str(entry["name"])
    fields = tuple(_field(item, name, shown, problems) for item in schema["fields"])
    keys = schema.get("primaryKey", [])
    foreign = {}
    for item in schema.get("foreignKeys", []):
        column, target = item["fields"], item["reference"]
        column = column[0] if isinstance(column, list) else column
        other = target["fields"]
        foreign[str(column)] = (str(target["resource"]), str(other[0] if isinstance(other, list) else other))
    return Resource(
        name=name,
        path=str(entry["path"]),
        description=_both(entry, "description"),
        fields=fields,
        primary_key=tuple([keys] if isinstance(keys, str) else keys),
        foreign_keys=foreign,
    )


def _field(item: Mapping[str, Any], resource: str, shown: str, problems: list[Problem]) -> Field:
    constraints = item.get("constraints", {})
    where = f"{resource}.{item['name']}"
    if item["type"] not in _TYPES:
        problems.append(Problem(shown, value=str(item["type"]), rule=f"type of {where} is not known", fix=f"use one of {', '.join(_TYPES)}"))
    if item.get("unit", "") not in _UNITS:
        fix = f"convert the column to one of {', '.join(sorted(_UNITS - {''}))}; the program reads it as such"
        problems.append(Problem(shown, value=str(item["unit"]), rule=f"unit of {where} is not known", fix=fix))
    unknown = sorted(set(constraints) - _CONSTRAINTS)
    if unknown:
        problems.append(Problem(shown, value=", ".join(unknown), rule=f"constraint of {where} is not checked by this program", fix=f"use {', '.join(sorted(_CONSTRAINTS))}"))
    return Field(
        name=str(item["name"]),
        type=item["type"],
        unit=str(item.get("unit", "")),
        description=_both(item, "description"),
        required=bool(constraints.get("required", False)),
        unique=bool(constraints.get("unique", False)),
        enum=tuple(str(value) for value in constraints.get("enum", ())),
        minimum=constraints.get("minimum"),
        maximum=constraints.get("maximum"),
        pattern=constraints.get("pattern"),
    )
