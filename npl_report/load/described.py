"""What ``datapackage.json`` may say: properties that this program honours, and those that it refuses by name.

Source: Data Package, https://datapackage.org (version 2, and 1 for what has gone since); the refused ones are of this
standard too. Our own are ``synthetic`` and ``provenance`` of the package, ``rules`` of a resource, ``unit`` of a field,
and texts with a language behind their key (``title_zh``).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from npl_report.load.formats import FORMATS
from npl_report.load.keys import (
    Check,
    Keys,
    Wrong,
    anything,
    choice,
    flag,
    is_number,
    is_object,
    is_objects,
    is_sign,
    is_text,
    is_texts,
    need,
    only,
    refused,
    text,
    whole,
)
from npl_report.model import FieldType

CODECS: Final[Mapping[str, str]] = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "utf-16": "utf-16",
}
"""``encoding`` → Python's codec; GB 18030 reads what GBK and GB 2312 write, and a byte order mark of UTF-8 is passed
over."""
NUMERIC: Final = ("decimalChar", "groupChar", "bareNumber", "unit")
"""Properties of fields that are numbers."""

_TRANSLATED = ("title", "description", "scope")
_COLUMN = '{"name": "collected", "type": "number", "unit": "…"}'
_EXAMPLE = f'{{"name": "collections", "path": "collections.csv", "schema": {{"fields": [{_COLUMN}, …]}}}}'
_LINK = '{"fields": ["deal"], "reference": {"resource": "deals", "fields": ["deal"]}}'
_HASH = re.compile(r"(md5:)?[0-9a-f]{32}|sha1:[0-9a-f]{40}|sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_PROFILE = re.compile(r"https://datapackage\.org/profiles/[12]\.\d/[a-z]+\.json")
_LONGEST = 200  # characters of a name
_MOST = 1e15  # beyond it a float no longer holds every whole number


def _wrong_pattern(value: Any) -> list[Wrong]:
    """What is wrong with a regular expression.

    A warning of Python's, which other versions take for an error, is wrong too.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(value)
    except (re.error, TypeError, ValueError, OverflowError, RecursionError, Warning) as error:
        return [
            (
                str(value),
                f"must be a regular expression: {error}",
                r'mend it at that place; a sign that stands for itself is written as in "\\["',
            )
        ]
    return []


def _is_name(value: object) -> bool:
    """Whether it is text as a column or a file is called."""
    return isinstance(value, str) and value.isprintable() and 0 < len(value.strip()) == len(value) <= _LONGEST


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_date_format(value: str) -> bool:
    """Whether dates of this form can be read.

    It holds year, month and day as digits, each once, with what stands between them.
    """
    rest = re.sub("%[Ymd]", "", value)
    once = sorted(re.findall("%[Ymd]", value)) == ["%Y", "%d", "%m"]
    return value == "default" or (once and "%" not in rest and not any(map(str.isdigit, rest)))


_TEXT = text()
_OBJECT = need("must be an object", "write { … }", is_object)
_OBJECTS = need("must be a list of objects", "write [{ … }, { … }]", is_objects)
_TEXTS = need("must be a list of texts, each once", 'write ["…", "…"]', is_texts)
_ONE = need(
    "must be one character", 'write it as in ";" or "\\t"', lambda value: is_sign(value) and value not in "\r\n\0"
)
_NAMES = need(
    "must be a name, or a list of names, each once",
    'write it as in "deal" or ["deal", "tranche"]',
    lambda value: is_text(value) or is_texts(value),
)
_LIMIT = need(
    "must be a number",
    "write it without quotation marks, in the unit of the column",
    lambda value: is_number(value) and abs(value) < _MOST,
)
_DAY = need("must be a date", 'write it as in "2020-03-17"', _is_day)
_META: Mapping[str, Check] = {
    "$schema": need(
        "must be a profile of the Data Package standard",
        "take it out: other profiles ask for what this program does not check",
        lambda value: is_text(value) and _PROFILE.fullmatch(value) is not None,
    ),
    "title": _TEXT,
    "description": _TEXT,
}

PACKAGE: Final = Keys(
    "a data package",
    {
        **_META,
        "profile": choice("tabular-data-package", "data-package"),
        **dict.fromkeys(("name", "id", "homepage", "version", "created", "image"), _TEXT),
        "keywords": _TEXTS,
        **dict.fromkeys(("licenses", "sources", "contributors"), _OBJECTS),
        "provenance": anything,
        "synthetic": need(
            "must hold the notice that every page prints, by language; beside it only kind, and its head in the same "
            "languages",
            'write "synthetic": {"notice": {"zh": "…", "en": "…"}}, or remove it if the data are not synthetic',
            lambda value: (
                is_object(value)
                and is_object(notice := value.get("notice"))
                and bool(notice)
                and all(map(is_text, notice.values()))
                and is_object(head := value.get("head", notice))
                and all(map(is_text, head.values()))
                and head.keys() == notice.keys()
                and {*value} <= {"kind", "notice", "head"}
            ),
        ),
        "resources": need(
            "must be a list of resources",
            'write [{"name": "deals", … }, … ], as in the sample',
            lambda value: isinstance(value, list),
        ),
    },
    translated=_TRANSLATED,
)
LICENCE: Final = Keys(
    "a licence", {"name": _TEXT, "path": _TEXT, "title": _TEXT, "scope": _TEXT}, translated=_TRANSLATED
)
RESOURCE: Final = Keys(
    "a resource",
    {
        **_META,
        "profile": choice("tabular-data-resource", "data-resource"),
        "type": choice("table"),
        "name": _TEXT,
        "path": need("must be the path of one file", "one resource is one file: put several together", _is_name),
        "format": choice(*FORMATS),
        "mediatype": choice(*(item.mediatype for item in FORMATS.values())),
        "encoding": choice(*CODECS, fix="save the file as UTF-8, and say so"),
        "bytes": whole(0, "write the size of the file, or take it out"),
        "hash": need(
            "must be a hash as the standard writes it",
            "write the MD5, or sha256: and that hash, in small letters; or take it out",
            lambda value: is_text(value) and _HASH.fullmatch(value) is not None,
        ),
        "dialect": _OBJECT,
        "schema": _OBJECT,
        "sources": _OBJECTS,
        "rules": need(
            "must be a list of rules, each with a name",
            'write [{"name": "end_after_start", "description": "…"}]',
            lambda value: is_objects(value) and all(is_text(item.get("name")) for item in value),
        ),
        "access": choice(
            "public", "restricted", fix="write restricted if no row of the file may be published; otherwise take it out"
        ),
        "licenses": refused("one licence holds for all files: give it at the head, with its scope"),
        "data": refused("put the rows into a file, and give its path"),
        "compression": refused("unpack the file"),
    },
    needed=("path", "schema"),
    translated=_TRANSLATED,
    example=_EXAMPLE,
)
DIALECT: Final = Keys(
    "a dialect",
    {
        "$schema": _META["$schema"],
        "csvddfVersion": anything,  # the version of these properties
        "delimiter": _ONE,
        "quoteChar": _ONE,
        "escapeChar": _ONE,
        "doubleQuote": flag(),
        "skipInitialSpace": flag(),
        "lineTerminator": choice("\n", "\r\n", "\r", fix='write "\\n" or "\\r\\n"; the reader takes both'),
        "header": only(True, "the first line names the columns: write it there"),
        "caseSensitiveHeader": only(True, "write the names in the header as the description does"),
        "commentChar": refused("take comments out of the file"),
        "nullSequence": refused("name it in missingValues of the schema"),
        **dict.fromkeys(("headerRows", "headerJoin", "commentRows"), refused("begin the file with one line of names")),
        **dict.fromkeys(
            ("property", "itemType", "itemKeys", "sheetNumber", "sheetName", "table"),
            refused("save the table as CSV or Parquet"),
        ),
    },
)
SCHEMA: Final = Keys(
    "a schema",
    {
        **_META,
        "name": _TEXT,
        "fields": need(
            "must be a list of fields",
            'write [{"name": "deal", "type": "string"}, …]',
            lambda value: is_objects(value) and bool(value),
        ),
        "missingValues": need(
            'must be a list of texts with "" among them: an empty cell is always missing',
            'write ["", "-"]',
            lambda value: isinstance(value, list) and "" in value and all(isinstance(item, str) for item in value),
        ),
        "primaryKey": _NAMES,
        "foreignKeys": _OBJECTS,
        "fieldsMatch": refused("take it out: every described column must be in the file and no other, in any order"),
        "uniqueKeys": refused("make it the primaryKey, or say unique in the constraints of a column"),
    },
    needed=("fields",),
    translated=_TRANSLATED,
    example=_EXAMPLE,
)
FOREIGN_KEY: Final = Keys(
    "a foreign key", {"fields": _NAMES, "reference": _OBJECT}, needed=("fields", "reference"), example=_LINK
)
REFERENCE: Final = Keys(
    "a reference",
    {
        "resource": need(
            "must be the name of a resource", "name one of this file", lambda value: isinstance(value, str)
        ),
        "fields": _NAMES,
    },
    needed=("resource", "fields"),
    example=_LINK,
)
FIELD: Final = Keys(
    "a field",
    {
        **_META,
        "name": need(
            "must be text of one line, and not source_row, which counts the lines",
            "name the column as the header of the file does",
            lambda value: _is_name(value) and value != "source_row",
        ),
        "type": choice("string", "number", "integer", "date", fix="choose one of them, and write the cells so"),
        "format": _TEXT,
        "unit": _TEXT,
        "constraints": _OBJECT,
        "example": anything,
        "rdfType": _TEXT,
        "decimalChar": need(
            "must be one sign", 'write "." or ","', lambda value: is_sign(value) and value not in "+- "
        ),
        "groupChar": need(
            "must be one sign",
            'write "," or " "; take it out if thousands are not parted',
            lambda value: is_sign(value) and value not in "+-",
        ),
        "bareNumber": only(True, "take signs of currency and per cent out of the cells, and name the unit"),
        **dict.fromkeys(
            ("trueValues", "falseValues"),
            refused("there are no columns of true and false: describe it as a string with an enum"),
        ),
        "missingValues": refused("name them in missingValues of the schema, for all columns"),
        **dict.fromkeys(("categories", "categoriesOrdered"), refused("list them in enum of the constraints")),
    },
    needed=("name", "type"),
    translated=_TRANSLATED,
    example=_COLUMN,
)
_EVERY: Mapping[str, Check] = {"required": flag(), "unique": flag()}
_LIMITS = {**_EVERY, "minimum": _LIMIT, "maximum": _LIMIT}
CONSTRAINTS: Final[Mapping[FieldType, Keys]] = {
    "string": Keys("a string field", {**_EVERY, "enum": _TEXTS, "pattern": _wrong_pattern}),
    "number": Keys("a number field", _LIMITS),
    "integer": Keys("an integer field", _LIMITS),
    "date": Keys("a date field", {**_EVERY, "minimum": _DAY, "maximum": _DAY}),
}
"""Type of a field → the constraints that are checked."""
