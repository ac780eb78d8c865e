"""The text of one cell → its value in the unit of the program, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache

from npl_report.load.fields import Field
from npl_report.load.units import converted
from npl_report.model import ID_RULE, hidden, is_id, odd_blank

Value = str | float | date
Told = tuple[str, str]
"""(rule, what to do)"""
_MARKUP = re.compile(r"[<>`{}\[\]*|$\\@^~]")
"""Signs that markdown or HTML would take for markup. Names are printed in both."""
_TOO_MUCH = {"fraction": "check the unit: rates are fractions, so that 50 per cent is 0.5"}
"""Unit → what to do about a value beyond its maximum, where it is most often the unit that is wrong."""
_ISO = "%Y-%m-%d"
_MOST = 1e15


def read_cell(text: str, field: Field) -> tuple[Value | None, tuple[Told, ...]]:
    """The value of a cell that is not empty, and what is wrong with it.

    The value is None if there is none, or if it is beyond the limits: what follows from it would only be told again.
    """
    if field.type == "string":
        return text, (*printable(text), *_allowed(text, field))
    if field.type == "date":
        day = _day(text, field.dates)
        form = "YYYY-MM-DD" if field.dates == "default" else field.dates
        example = f"{date(2020, 3, 17):{_ISO if field.dates == 'default' else field.dates}}"
        told: Told = (f"must be a date of the form {form}", f"write it as in {example}, and check that the day exists")
        return (None, (told,)) if day is None else _within(day, field)
    digits = plain(text, field)
    number = float("inf") if digits is None else float(digits)
    whole = field.type == "integer"
    if abs(number) == float("inf") or (whole and number % 1 != 0):
        if whole:
            return None, (("must be a whole number", "write plain digits"),)
        sign = "a decimal point" if field.decimal == "." else f"the decimal sign {field.decimal}"
        return None, (("must be a number", f"write plain digits with {sign}, without thousands separators or units"),)
    if abs(number) >= _MOST:
        return None, (
            ("must be below 1e15", "check the number and its unit: a float no longer holds every whole number"),
        )
    value, wrong = _within(number, field)
    return (value if value is None or field.factor == 1 else converted(digits or "", field.factor)), wrong


def printable(text: str) -> Iterator[Told]:
    """Why pages cannot print a text as it stands."""
    if _MARKUP.search(text):
        yield (
            "holds a character that pages cannot print as it stands",
            "leave out the signs < > ` { } [ ] * | $ \\ @ ^ ~",
        )
    if sign := hidden(text):
        yield (
            f"holds {sign}, which nobody sees on a page",
            "type the cell anew, on one line, without what was pasted into it",
        )
    elif sign := odd_blank(text):
        yield f"holds {sign}, between words", "write one ordinary space"


def _allowed(text: str, field: Field) -> Iterator[Told]:
    if field.enum and text not in field.enum:
        yield f"must be one of {', '.join(field.enum)}", "correct the spelling"
    if field.pattern is not None and not re.fullmatch(field.pattern, text):
        yield f"must match {field.pattern}", "see the column's description in datapackage.json"
    elif field.need and field.need.id and not is_id(text):
        yield ID_RULE, "choose another id; it names a file and a page"


def _within(value: float | date, field: Field) -> tuple[Value | None, tuple[Told, ...]]:
    unit = f" ({field.unit})" if field.unit else ""
    for limit, most in ((field.minimum, False), (field.maximum, True)):
        if limit is None or not (value > limit if most else value < limit):  # type: ignore[operator]  # both are numbers, or both dates
            continue
        rule = f"must be at {'most' if most else 'least'} {limit if isinstance(limit, date) else f'{limit:g}'}{unit}"
        otherwise = f"check {'the value and its' if most else 'sign and'} unit against the source document"
        return None, ((rule, _TOO_MUCH.get(field.unit, otherwise) if most else otherwise),)
    return value, ()


@cache
def _date_form(form: str) -> tuple[re.Pattern[str], str]:
    """A form of dates → what it matches, and as ``strptime`` has it.

    A zero may be left out only where signs stand between the parts.
    """
    form = _ISO if form == "default" else form
    digits = r"[0-9]{2}" if form == _ISO or re.search("%[Ymd]%[Ymd]", form) else r"[0-9]{1,2}"
    return re.compile(re.escape(form).replace("%Y", "[0-9]{4}").replace("%m", digits).replace("%d", digits)), form


def _day(text: str, form: str) -> date | None:
    pattern, written = _date_form(form)
    try:
        return datetime.strptime(text, written).date() if pattern.fullmatch(text) else None  # noqa: DTZ007 -- a day, without a clock
    except ValueError:
        return None


@cache
def _number_form(decimal: str, group: str) -> re.Pattern[str]:
    point, between = re.escape(decimal), re.escape(group)
    whole = f"(?:[0-9]+|[0-9]{{1,3}}(?:{between}[0-9]{{3}})+)" if group else "[0-9]+"
    return re.compile(f"[+-]?(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?")


def plain(text: str, field: Field) -> str | None:
    """A number with a decimal point and nothing between thousands; None if it is none."""
    if not _number_form(field.decimal, field.group).fullmatch(text):
        return None
    return (text.replace(field.group, "") if field.group else text).replace(field.decimal, ".")
