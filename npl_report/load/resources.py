"""One resource of ``datapackage.json`` → the file, its columns, keys and links.

They are laid over what the program needs of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from npl_report.load.delimited import STANDARD
from npl_report.load.described import DIALECT, FOREIGN_KEY, REFERENCE, RESOURCE, SCHEMA
from npl_report.load.fields import Field, both, read_field
from npl_report.load.formats import FORMATS, of_file
from npl_report.load.keys import is_text, short
from npl_report.load.market import MARKET
from npl_report.load.units import Units
from npl_report.model import CONTRACT, Needed, Part, Problem, nearest

Columns = tuple[str, ...]
_LEVEL = Needed("number", "fraction", minimum=0, filled=False)
_DESCRIBED = {"type": "number", "unit": "fraction", "description": "Level of the trigger, a share of the forecast"}
_NEEDED = "the program needs this column, and it is not described"
_LACKED = f"data/{MARKET} has a trigger of this key, and the column that holds its levels is not described"


@dataclass(frozen=True)
class Resource:
    """One file of the data package.

    ``fields`` are the described columns, ``absent`` those that the program reads as empty because the description does
    not have them. ``keys``: columns of which no two rows hold the same. ``links``: columns → (resource, columns) in
    which they must be found.
    """

    name: str
    path: str
    description: Mapping[str, str]
    fields: tuple[Field, ...]
    absent: tuple[Field, ...]
    keys: tuple[Columns, ...]
    links: Mapping[Columns, tuple[str, Columns]]
    format: str
    encoding: str
    dialect: Mapping[str, Any]
    missing: tuple[str, ...]
    bytes: int | None
    hash: str
    rules: tuple[Mapping[str, Any], ...]
    units: Units


def read_resource(
    entry: Any, number: int, units: Units, triggers: Columns, shown: str, problems: list[Problem]
) -> Resource | None:
    """A resource; None if it cannot be told what it is, or too much of it is wrong to say what its columns are.

    ``triggers``: the columns of deals that the market says to hold levels of triggers.
    """
    name: Any = entry.get("name") if isinstance(entry, dict) else None
    part = _part(name, triggers)
    if part is None:
        problems.append(_stranger(short(name if isinstance(entry, dict) else entry), number, shown))
        return None
    sound = RESOURCE.read(entry, shown, name, problems)
    if not RESOURCE.complete(sound):
        return None
    dialect = DIALECT.read(sound.get("dialect", {}), shown, f"{name}.dialect", problems)
    schema = SCHEMA.read(sound["schema"], shown, f"{name}.schema", problems)
    if not SCHEMA.complete(schema):
        return None
    fields = [field for item in schema["fields"] if (field := read_field(item, name, part, units, shown, problems))]
    resource = Resource(
        name=name,
        path=sound["path"],
        description=both(entry, "description"),
        fields=tuple(fields),
        absent=_absent(schema["fields"], name, part, shown, problems),
        keys=_keys(schema, part),
        links={**_links(schema, name, shown, problems), **part.links},
        format=sound.get("format", of_file(sound["path"])),
        encoding=sound.get("encoding", "utf-8"),
        dialect={**STANDARD, **{key: value for key, value in dialect.items() if key in STANDARD}},
        missing=tuple(schema.get("missingValues", [""])),
        bytes=sound.get("bytes"),
        hash=sound.get("hash", ""),
        rules=tuple(sound.get("rules", [])),
        units=units,
    )
    problems += _contradictions(resource, sound, shown)
    return resource


def _part(name: Any, triggers: Columns) -> Part | None:
    """What the program reads of that name; deals with the columns that hold levels of triggers."""
    part = CONTRACT.get(name) if is_text(name) else None
    if part is None or name != "deals":
        return part
    return replace(part, columns={**part.columns, **dict.fromkeys(triggers, _LEVEL)})


def _stranger(value: str, number: int, shown: str) -> Problem:
    """A resource that the program does not read."""
    rule, fix = "this program reads no such resource", nearest(value, CONTRACT, "take it out")
    return Problem(shown, column=f"resources.{number}", value=value, rule=rule, fix=fix)


def _absent(
    items: Sequence[Mapping[str, Any]],
    resource: str,
    part: Part,
    shown: str,
    problems: list[Problem],
) -> tuple[Field, ...]:
    """Fields for the columns that the program can do without.

    What it needs and misses, or finds twice, is added to ``problems``.
    """
    names = [item.get("name") for item in items]
    strangers = [name for name in names if isinstance(name, str) and not part.needs(name)]
    for name in dict.fromkeys(name for name in names if is_text(name) and names.count(name) > 1):
        problems.append(
            Problem(shown, column=f"{resource}.{name}", rule="two fields have this name", fix="keep one of them")
        )
    wanted = [name for name, need in part.columns.items() if need.kept and name not in names]
    texts = [name for name in names if isinstance(name, str)]
    wanted += [f"{stem}_<language>" for stem in part.named if not any(name.startswith(f"{stem}_") for name in texts)]
    for name in wanted:
        near = f"{hint} Or " if strangers and (hint := nearest(name, strangers)).startswith("did") else ""
        rule, fix = _NEEDED, "describe it as in the sample"
        if part.needs(name) is _LEVEL:
            rule, fix = _LACKED, f"add to its fields {json.dumps({'name': name, **_DESCRIBED})}"
        problems.append(Problem(shown, column=resource, value=name, rule=rule, fix=near + fix))
    return tuple(Field.empty(name, need) for name, need in part.columns.items() if not need.kept and name not in names)


def _keys(schema: Mapping[str, Any], part: Part) -> tuple[Columns, ...]:
    """The described key and that of the program, if they are two."""
    key = _columns(schema.get("primaryKey", part.key))
    return (part.key,) if set(key) == set(part.key) else (part.key, key)


def _columns(names: str | Sequence[str]) -> Columns:
    return (names,) if isinstance(names, str) else tuple(names)


def _links(
    schema: Mapping[str, Any], resource: str, shown: str, problems: list[Problem]
) -> dict[Columns, tuple[str, Columns]]:
    """Columns → (resource, columns) as described; whether they are there is not looked at."""
    found = {}
    for number, entry in enumerate(schema.get("foreignKeys", []), 1):
        place = f"{resource}.schema.foreignKeys.{number}"
        sound = FOREIGN_KEY.read(entry, shown, place, problems)
        target = REFERENCE.read(
            sound.get("reference", {}), shown, f"{place}.reference", problems if "reference" in sound else []
        )
        if FOREIGN_KEY.complete(sound) and REFERENCE.complete(target):
            # "" is the resource itself
            found[_columns(sound["fields"])] = (target["resource"] or resource, _columns(target["fields"]))
    return found


def _contradictions(resource: Resource, sound: Mapping[str, Any], shown: str) -> Iterator[Problem]:
    """Properties that are right each for itself and do not go together."""
    for place, found, rule, fix in _contradicting(resource, sound):
        yield Problem(shown, column=f"{resource.name}.{place}", value=found, rule=rule, fix=fix)


def _contradicting(resource: Resource, sound: Mapping[str, Any]) -> Iterator[tuple[str, str | None, str, str]]:
    """The same as (where, value, rule, what to do)."""
    names = [str(item.get("name")) for item in sound["schema"]["fields"]]
    # a column that the program needs is told as missing already
    described = {*names, *CONTRACT[resource.name].columns}
    for place, every in (("primaryKey", resource.keys), ("foreignKeys", resource.links)):
        for column in chain.from_iterable(every):
            if column not in described:
                yield f"schema.{place}", column, "there is no such field", nearest(column, names)
    kind = resource.format
    ending, media = resource.path.rpartition(".")[2], sound.get("mediatype", FORMATS[kind].mediatype)
    other_ending, other_media = ending in FORMATS and ending != kind, media != FORMATS[kind].mediatype
    for key, value, wrong in (("path", resource.path, other_ending), ("mediatype", media, other_media)):
        if wrong:
            fix = "change format, mediatype and the ending of path together"
            yield key, value, f"the resource is read as {kind}", fix
    signs = [sign for key in ("delimiter", "quoteChar", "escapeChar") if (sign := resource.dialect[key])]
    if len(set(signs)) < len(signs) or (resource.dialect["skipInitialSpace"] and " " in signs):
        rule = "delimiter, quoteChar and escapeChar must be different signs"
        fix = "change one of them; no space among them with skipInitialSpace"
        yield "dialect", " ".join(map(repr, signs)), rule, fix
    if not FORMATS[resource.format].text:
        name = FORMATS[resource.format].name
        rule = f"says how text is written, and a {name} file has types of its own"
        fix = "take format, decimalChar, groupChar, encoding and dialect out"
        yield from ((key, None, rule, fix) for key in _of_text(resource))


def _of_text(resource: Resource) -> list[str]:
    """Where a description says how text is written."""
    own = {
        "dialect": resource.dialect != STANDARD,
        "encoding": resource.encoding != "utf-8",
        **{field.name: field.written for field in resource.fields},
    }
    return [key for key, found in own.items() if found]


def wrong_links(resource: Resource, resources: Sequence[Resource], shown: str) -> Iterator[Problem]:
    """Foreign keys that lead nowhere."""
    fields = {other.name: {field.name: field.type for field in other.fields} for other in resources}
    for columns, (target, others) in resource.links.items():
        place = f"{resource.name}.schema.foreignKeys"
        if target not in fields:
            yield Problem(
                shown, column=place, value=target, rule="there is no such resource", fix=nearest(target, fields)
            )
        elif missing := [name for name in others if name not in fields[target]]:
            yield Problem(
                shown,
                column=place,
                value=missing[0],
                rule=f"the resource {target} has no such field",
                fix=nearest(missing[0], fields[target]),
            )
        elif [fields[resource.name][name] for name in columns] != [fields[target][name] for name in others]:
            rule = f"must lead to as many fields of the same types: {', '.join(others)} of {target}"
            yield Problem(
                shown, column=place, value=", ".join(columns), rule=rule, fix="name a field for each, in the same order"
            )
