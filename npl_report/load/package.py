"""``data/datapackage.json`` → what each column of each file must be.

The file follows the Data Package standard. ``load.described`` lists the properties that are honoured; every other one
is refused by name, so that the description and the code cannot drift apart in silence. What it says is laid over what
the program needs (``model.CONTRACT``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from npl_report.files.texts import read_text
from npl_report.load.described import LICENCE, PACKAGE
from npl_report.load.fields import both
from npl_report.load.keys import short
from npl_report.load.market import read_market
from npl_report.load.resources import Resource, read_resource, wrong_links
from npl_report.load.units import Units
from npl_report.model import CONTRACT, Currency, Dataset, InputError, Language, Problem, hidden


@dataclass(frozen=True)
class Package:
    """The whole description. ``notice``: None unless the data are synthetic; ``notice_head``: its head, if told."""

    file: str
    title: Mapping[str, str]
    licence: str
    resources: tuple[Resource, ...]
    notice: Mapping[str, str] | None
    notice_head: Mapping[str, str]
    raw: Mapping[str, Any]


def read_package(path: Path, currency: Currency, triggers: tuple[str, ...] = ()) -> Package:
    """Read the description, or raise InputError with everything that is wrong with it; money is in ``currency``.

    ``triggers``: columns of deals that hold levels of triggers.
    """
    shown = f"{path.parent.name}/{path.name}"
    raw = _read(path, shown)
    problems = _hidden(raw, shown)
    sound = PACKAGE.read(raw, shown, "", problems)
    numbered = enumerate(sound.get("licenses", []), 1)
    licences = [LICENCE.read(item, shown, f"licenses.{number}", problems) for number, item in numbered]
    entries = sound.get("resources", [])
    units = Units(currency)
    read = [read_resource(entry, number, units, triggers, shown, problems) for number, entry in enumerate(entries, 1)]
    resources = [resource for resource in read if resource]
    names = [entry.get("name") for entry in entries if isinstance(entry, dict)]
    if lacking := [name for name in Dataset.PARTS if name not in names]:
        fix = f"describe each of {', '.join(Dataset.PARTS)}, as in the sample"
        problems.append(Problem(shown, column="resources", rule=f"describes no resource {', '.join(lacking)}", fix=fix))
    for name in sorted({str(name) for name in names if names.count(name) > 1}):
        rule, fix = "two resources have this name", "keep one of them"
        problems.append(Problem(shown, column="resources", value=name, rule=rule, fix=fix))
    for resource in resources if not problems else ():
        problems += wrong_links(resource, resources, shown)
    if problems:
        cut = [(item, item.column and short(item.column), item.value and short(item.value)) for item in problems]
        raise InputError(dict.fromkeys(replace(item, column=column, value=value) for item, column, value in cut))
    return Package(
        file=shown,
        title=both(raw, "title"),
        licence=", ".join(str(item.get("name", item.get("title", ""))) for item in licences),
        resources=tuple(resources),
        notice=raw["synthetic"]["notice"] if "synthetic" in raw else None,
        notice_head=raw.get("synthetic", {}).get("head", {}),
        raw=raw,
    )


def described(folder: Path) -> Package:
    """The description in the folder of the data, in the currency of its market, with the levels of its triggers."""
    market = read_market(folder)
    return read_package(folder / "datapackage.json", market.currency, tuple(of.key for of in market.triggers))


def check_languages(package: Package, languages: Iterable[Language]) -> None:
    """InputError if pages in these languages would lack something: the notice, names, what a file or a column means."""
    problems = []
    for language in languages:
        described = "description" if language == "en" else f"description_{language}"
        wanted: dict[str, str] = {}
        if package.notice is not None and not package.notice.get(language):
            wanted["synthetic.notice"] = f"add synthetic.notice.{language}: every page prints it"
        for resource in package.resources:
            texts = {f"{resource.name}.{field.name}": field.description for field in resource.fields}
            for stem in CONTRACT[resource.name].named:
                if (place := f"{resource.name}.{stem}_{language}") not in texts:
                    wanted[place] = f"add the column {stem}_{language} to {resource.path}, and describe it"
            texts[resource.name] = resource.description
            fix = f"add {described}: the page on the data prints it"
            wanted |= {place: fix for place, text in texts.items() if language not in text}
        rule = "is missing in this language"
        problems += [
            Problem(package.file, column=place, value=language, rule=rule, fix=fix) for place, fix in wanted.items()
        ]
    if problems:
        raise InputError(problems)


def _read(path: Path, shown: str) -> dict[str, Any]:
    """The file as JSON has it, without its silent leniences: a key that stands twice, and numbers that are none."""

    def once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if doubled := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"the key {doubled!r} stands twice in one object")
        return dict(pairs)

    def no_number(text: str) -> None:
        raise ValueError(f"{text} is no number")

    try:
        raw = json.loads(read_text(path, shown), object_pairs_hook=once, parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else None
        reason = "nested too deeply" if isinstance(error, RecursionError) else error
        fix = "mend the JSON syntax at that place"
        raise InputError([Problem(shown, row, rule=f"not valid JSON: {reason}", fix=fix)]) from None
    if not isinstance(raw, dict):
        raise InputError(
            [
                Problem(
                    shown,
                    rule="must be an object",
                    fix='begin with { "name": …, "resources": [ … ] }, as in the sample',
                )
            ]
        )
    return raw


def _hidden(raw: Mapping[str, Any], shown: str) -> list[Problem]:
    """Texts with a character that a reader cannot see; lines and tabs are left to those who write."""
    whole = json.dumps(raw, ensure_ascii=False)
    if not hidden(whole) and "\\u00" not in whole:  # as JSON has control characters
        return []
    problems = []
    for place, text in _texts(raw):
        if sign := hidden(text.replace("\n", "").replace("\t", "")):
            rule = f"holds {sign}, which nobody sees on a page"
            problems.append(Problem(shown, column=place, value=text, rule=rule, fix="type the text anew"))
    return problems


def _texts(node: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text of the description, keys included, and where it stands."""
    if isinstance(node, str):
        yield place, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield place, key
            yield from _texts(value, f"{place}.{key}" if place else key)
    elif isinstance(node, list):
        for number, value in enumerate(node, 1):
            name = value.get("name") if isinstance(value, dict) else None
            yield from _texts(value, f"{place}.{name if isinstance(name, str) else number}")
