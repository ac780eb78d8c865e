"""One field of ``datapackage.json`` → how its cells are read and what they must be.

It is laid over what the program needs of the column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from npl_report.load.described import CONSTRAINTS, FIELD, NUMERIC, is_date_format
from npl_report.load.keys import is_text
from npl_report.load.units import Units
from npl_report.model import FieldType, Needed, Part, Problem, nearest

Found = tuple[str, str | None, str, str]
"""(where in the field, value, rule, what to do)"""
_PLAIN = 'take it out, or write "default"; a pattern in the constraints is checked'
_INSTEAD = {"date": 'write "default" for 2020-03-17, or the form with %Y, %m and %d once each, as in "%d.%m.%Y"'}
"""Type → what to write for a format that is not honoured."""


@dataclass(frozen=True)
class Field:
    """One column: type, constraints and the unit that the file is in; limits are in that unit.

    ``factor`` turns a value into the unit of the program. ``need``: what the program wants of the column, None where it
    reads none. ``dates``: the form of dates, ``decimal`` and ``group`` the signs in numbers.
    """

    name: str
    type: FieldType
    need: Needed | None
    unit: str = ""
    factor: Fraction = Fraction(1)
    description: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] = ()
    minimum: float | date | None = None
    maximum: float | date | None = None
    pattern: str | None = None
    dates: str = "default"
    decimal: str = "."
    group: str = ""

    @property
    def written(self) -> bool:
        """Whether it says how its cells are written."""
        return (self.dates, self.decimal, self.group) != ("default", ".", "")

    @classmethod
    def empty(cls, name: str, need: Needed) -> Field:
        """A column that is not there."""
        return cls(name, need.type, need, need.unit)


def both(entry: Mapping[str, Any], key: str) -> dict[str, str]:
    """A described text in every language: ``key`` is English, ``key_<language>`` another one."""
    texts = {"en": entry[key]} if key in entry else {}
    return texts | {name.removeprefix(f"{key}_"): text for name, text in entry.items() if name.startswith(f"{key}_")}


def read_field(
    item: Mapping[str, Any], resource: str, part: Part, units: Units, shown: str, problems: list[Problem]
) -> Field | None:
    """The field; None, and what is wrong in ``problems``, if it has no name or no type that could be read."""
    place = f"{resource}.{item['name']}" if is_text(item.get("name")) else f"{resource}.schema.fields"
    sound = FIELD.read(item, shown, place, problems)
    if not FIELD.complete(sound):
        return None
    kind: FieldType = sound["type"]
    limits = CONSTRAINTS[kind].read(sound.get("constraints", {}), shown, f"{place}.constraints", problems)
    need = part.needs(sound["name"])
    wrong = [*_wrong_reading(sound, kind, need, units), *_wrong_limits(limits, need)]
    problems += [
        Problem(shown, column=f"{place}.{where}", value=value, rule=rule, fix=fix) for where, value, rule, fix in wrong
    ]
    if wrong:
        return None
    low, high = (
        date.fromisoformat(end) if isinstance(end, str) else end
        for end in (limits.get("minimum"), limits.get("maximum"))
    )
    found = Field(
        name=sound["name"],
        type=kind,
        need=need,
        unit=sound.get("unit", ""),
        description=both(item, "description"),
        required=limits.get("required", False),
        unique=limits.get("unique", False),
        enum=tuple(limits.get("enum", ())),
        pattern=limits.get("pattern"),
        dates="default" if sound.get("format") == "%Y-%m-%d" else sound.get("format", "default"),
        decimal=sound.get("decimalChar", "."),
        group=sound.get("groupChar", ""),
        minimum=low,
        maximum=high,
    )
    return found if need is None else _needed(found, need, units)


def _needed(found: Field, need: Needed, units: Units) -> Field:
    """The field with what the program needs on top: the stricter of each two."""
    factor = units.times(found.unit, need.unit) if need.unit else Fraction(1)
    low, high = (None if end is None else float(Fraction(str(end)) / factor) for end in (need.minimum, need.maximum))
    return replace(
        found,
        factor=factor,
        required=found.required or need.filled,
        unique=found.unique or need.id,
        enum=found.enum or need.choices,
        minimum=_limit(max, found.minimum, low),
        maximum=_limit(min, found.maximum, high),
    )


def _limit(stricter: Callable[[Any, Any], Any], one: float | date | None, other: float | None) -> Any:
    return one if other is None else other if one is None else stricter(one, other)


def _wrong_reading(sound: Mapping[str, Any], kind: FieldType, need: Needed | None, units: Units) -> Iterator[Found]:
    """What is wrong with type, format, signs and unit."""
    if need and kind != need.type and (kind, need.type) != ("integer", "number"):
        rule = f"must be {need.type}: this program computes with it"
        yield "type", kind, rule, "write the cells so, and say it here"
        return
    form = sound.get("format", "default")
    if not (is_date_format(form) if kind == "date" else form == "default"):
        yield "format", form, "this program does not honour it", _INSTEAD.get(kind, _PLAIN)
    if kind not in ("number", "integer"):
        yield from ((key, str(sound[key]), "only numbers have it", "take it out") for key in NUMERIC if key in sound)
        return
    if sound.get("groupChar") == sound.get("decimalChar", "."):
        yield "groupChar", sound["groupChar"], "must be another sign than decimalChar", "correct one of the two"
    yield from _wrong_unit(sound.get("unit"), need, units)


def _wrong_unit(unit: str | None, need: Needed | None, units: Units) -> Iterator[Found]:
    """What is wrong with the unit of a column of numbers."""
    allowed = units.names if need is None else units.names_for(need.unit) if need.unit else ()
    if unit is None and need and need.unit:
        fix = f'write "unit": "{units.shown(need.unit)}", or another of {", ".join(allowed)}'
        yield "unit", None, "the column must name its unit", fix
    elif unit is not None and not allowed:
        row = f"; it stands row by row in {need.unit_in}" if need and need.unit_in else ""
        yield "unit", unit, "the column has none of its own", f"take it out{row}"
    elif unit is not None and unit not in allowed:
        fix = "convert the column to one of them; the program reads it so"
        yield "unit", unit, f"must be one of {', '.join(allowed)}", fix


def _wrong_limits(limits: Mapping[str, Any], need: Needed | None) -> Iterator[Found]:
    """What is wrong with constraints that are right each for itself."""
    if "minimum" in limits and "maximum" in limits and limits["minimum"] > limits["maximum"]:
        yield (
            "constraints.minimum",
            str(limits["minimum"]),
            f"is above the maximum, {limits['maximum']}",
            "correct one of the two: no value could be right",
        )
    unknown = [item for item in limits.get("enum", ()) if need and need.choices and item not in need.choices]
    for item in unknown:
        yield (
            "constraints.enum",
            item,
            "this program knows no such value",
            nearest(item, need.choices if need else (), "take it out"),
        )
