"""What templates receive and what they ask for: each name on one side is on the other."""

from __future__ import annotations

import dataclasses
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import meta, nodes

from npl_report.present.templates import Templates
from tests.helpers.running import ROOT

_TEMPLATES = sorted(
    path
    for path in (ROOT / "templates").rglob("*")
    if path.suffix in (".html", ".svg", ".xml") and path.parent.name != "assets"
)
_PROSE = sorted([*(ROOT / "report").rglob("*.qmd"), *(ROOT / "npl_report" / "findings").rglob("*.toml")])
_MODULES = (
    "printed",
    "views",
    "evidence",
    "contexts",
    "revisionviews",
    "reconciliation",
    "profiles.cells",
    "profiles.deal",
    "profiles.bank",
    "profiles.lists",
    "profiles.facts",
    "profiles.sources",
    "profiles.scenario",
    "profiles.strips",
    "vintagepanels",
)
"""Modules of ``present`` whose data classes are made for templates."""
_ENVIRONMENT = Templates(ROOT / "templates")
_FREE = frozenset({"words", "series"})
"""Trees of words, whose keys are compared elsewhere (tests/text)."""
_OTHERS = frozenset(
    {"format", "index", "items", "split"}  # methods of texts, tuples and dicts
    | {"fields", "required", "type"}  # of the data's description
    | {
        "latest",
        "superseded",
        "publisher",
        "series",
        "missing",
        "missing_why",
        "findings",
        "note_bytes",
    }  # of manifests, and of the words at the root of the site
)
"""Names in templates that are no context's."""
_BY_CODE = frozenset(
    {"NotePart.figures", "BankPage.further", "Comparison.before", "Comparison.since", "EarlierEditions.revisions"}
    | {"Evidence.parts", "Evidence.counts", "Evidence.printed", "Cell.raw", "RowView.group"}
)
"""Fields that the program reads on behalf of templates."""
_BEHIND = frozenset({"Printer", "PrintedRows", "_Item", "Cells", "_Year", "_Scales"})
"""Classes beside the contexts that no template receives."""


def _parsed(path: Path) -> nodes.Template:
    return _ENVIRONMENT.parse(path.read_text(encoding="utf-8"))


def _asked(path: Path) -> Iterator[str]:
    """Names after a dot, but for those of words and loops."""
    for attribute in _parsed(path).find_all(nodes.Getattr):
        root: nodes.Node = attribute.node
        while isinstance(root, nodes.Getattr | nodes.Getitem | nodes.Call):
            root = root.node
        if not (isinstance(root, nodes.Name) and root.name in _FREE | {"loop"}):
            yield attribute.attr


def _contexts() -> dict[str, set[str]]:
    """Fields and properties by class."""
    found: dict[str, set[str]] = {}
    for name in _MODULES:
        module = importlib.import_module(f"npl_report.present.{name}")
        for key, value in vars(module).items():
            if dataclasses.is_dataclass(value) and value.__module__ == module.__name__ and key not in _BEHIND:
                properties = {item for item, of in vars(value).items() if isinstance(of, property)}
                found[key] = {field.name for field in dataclasses.fields(value)} | properties
    return found


@pytest.mark.parametrize("path", _TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_asks_for_nothing_that_no_context_has(path: Path):
    of_localized = {"id", "as_of", "as_of_iso", "published_on", "published_iso", "revision", "restated"}
    known = (
        set().union(*_contexts().values()) | of_localized | _placed() | _OTHERS | {"long", "groups_of", "reasons_of"}
    )
    assert set(_asked(path)) <= known


def _placed() -> set[str]:
    """Fields of figures, which are made in ``pages``, and the path that a panel makes of its name."""
    pages = importlib.import_module("npl_report.present.pages")
    return {field.name for of in (pages.PlacedChart, pages.Panel) for field in dataclasses.fields(of)} | {"script"}


def test_every_field_of_a_context_is_asked_for():
    asked: set[str] = set()
    for path in _TEMPLATES:
        asked |= set(_asked(path))
    for path in _PROSE:
        prose = re.sub(r'finding\("[\w.]+"\)', "", path.read_text(encoding="utf-8"))
        asked |= set(re.findall(r"\.(\w+)", prose))
    unused = {f"{name}.{field}" for name, fields in _contexts().items() for field in fields - asked}
    assert unused == _BY_CODE


@pytest.mark.parametrize("path", _TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_head_of_a_template_names_the_values_that_it_receives(path: Path):
    head = _head(path)
    assert head.startswith(("{#-", "<!--")), "a template begins with what it receives"
    for other in re.findall(r"\b(\w+\.html)\b", head):
        head += _head(ROOT / "templates" / "html" / other) if f"as {other}" in head or f"of {other}" in head else ""
    parsed = _parsed(path)
    imported = {name for of in parsed.find_all(nodes.FromImport) for name in of.names}
    used = meta.find_undeclared_variables(parsed) - imported - {"words", "medium", "language", "layout"}
    assert {name for name in used if not re.search(rf"\b{name}\b", head)} == set()


def _head(path: Path) -> str:
    """The comment with which a template begins."""
    return path.read_text(encoding="utf-8").partition("-#}")[0]
