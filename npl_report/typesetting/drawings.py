"""Chart specifications → pictures, drawn only where something changed, and the figures that pages place."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from npl_report.files.hashing import digest
from npl_report.files.sealed import opened, seal, sealed
from npl_report.files.writing import as_json, keep
from npl_report.load.tablefolders import answerable
from npl_report.present import theme
from npl_report.present.charts import kind_of, specifications
from npl_report.present.localized import LocalizedEdition
from npl_report.present.pages import Panel, PlacedChart, script_path
from npl_report.typesetting.fonts import FACES, cut, made_from
from npl_report.typesetting.lettering import short
from npl_report.typesetting.processes import draw

ALPHABET = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("…—–−“”‘’·×≤≥€¥、。，；：？！（）《》％•◦▪")
"""Characters that the interactive charts and the browser may show beyond those in the pages."""

_UNSEEN = re.compile(r'<(path|line|rect|text) (?:[^>]* )?opacity="0"(?: [^>]*?)?(?:/>|>.*?</\1>)')
"""What Vega draws without ink: labels that would stand on others, which a reader of the note would find and copy,
and what answers the pointer, a fifth of a note's bytes."""

_IDLE = re.compile(
    r' (?:aria-(?:hidden|label|roledescription)|role)="[^"]*"'
    r'| (?:opacity="1"|pointer-events="none"|transform="translate\(0,0\)")'
    r'|<path (?:[^>]* )?d=""[^>]*/>|<path class="background" [^>]*d="M0,0h0v0h0Z"[^>]*/>'
)
"""What Vega writes to no effect: a picture has its words as a whole, in the language of the page, and no parts."""

_PLACES = re.compile(r'(?<= )(?:d|transform|x|x2|y|y2)="[^"]*"')
_FINE = re.compile(r"-?\d*\.\d{3,}(?:e-?\d+)?")
"""Lengths of more decimals than any screen or press shows."""

_ENTITY = re.compile(r"&[#\w]+;?")
_PLAIN = bytes(range(0x20, 0x7F))
"""The bulk of a text, in which each is sought; of the rest every character is taken."""

Drawings = Mapping[str, str]
"""Name of a picture (``<table>[-<panel>].<language>``) → its Vega-Lite specification as JSON, or its SVG."""


def table_specs(localized: LocalizedEdition, key: str) -> dict[str, str]:
    """Specifications of a table's chart by the names of its pictures; none where it has no chart that can be drawn."""
    source = localized.chart_source(key)
    if not source:
        return {}
    with answerable(key, "has a chart that cannot be drawn"):
        made = specifications(source, localized.entries[key].alt)
    return {_name(key, panel, localized.language): as_json(spec) for panel, spec in made.items()}


def _name(key: str, panel: str, language: str) -> str:
    return f"{key}{'-' if panel else ''}{panel}.{language}"


def _of(name: str, key: str, language: str) -> bool:
    """Whether a picture is a panel of that table's chart in that language."""
    stem, _, found = name.rpartition(".")
    return (stem.partition("-")[0], found) == (key, language)


def _title(spec: str) -> str:
    """What stands over a panel; nothing over an only one."""
    return str(json.loads(spec)["usermeta"].get("title", ""))


def _alt(spec: str) -> str:
    """What a picture shows, in words."""
    return str(json.loads(spec)["description"])


def drawn(specs: Drawings, cache: Path) -> Drawings:
    """Every specification as SVG; drawn only where the specification or the drawing library changed."""
    engine = version("vl-convert-python") + made_from()
    used = characters("".join(specs.values())) | ALPHABET
    places = {name: cache / "svg" / f"{digest(f'{engine}{spec}'.encode())}.svg" for name, spec in specs.items()}
    missing = [name for name, place in places.items() if not sealed(place)]
    if missing:
        fonts = font_folder(used, cache)
        (cache / "svg").mkdir(exist_ok=True)
        for name, svg in zip(missing, draw([specs[name] for name in missing], fonts), strict=True):
            seal(places[name], svg.encode())
    return _Drawn(places)


class _Drawn(Mapping[str, str]):
    """Pictures by name, each read when it is asked for."""

    def __init__(self, places: Mapping[str, Path]) -> None:
        self._places = places

    def __getitem__(self, name: str) -> str:
        drawn = _IDLE.sub("", _UNSEEN.sub("", opened(self._places[name]).decode()))
        placed = _PLACES.sub(lambda place: _FINE.sub(lambda length: short(float(length[0])), place[0]), drawn)
        return _own_ids(placed, name.rsplit(".", 1)[0])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def font_folder(used: frozenset[str], cache: Path) -> Path:
    """A folder with our faces, cut to these characters."""
    folder = cache / "measure" / digest("".join(sorted(used)).encode())[:24]
    for face in FACES:
        keep(folder / f"{face.name}.otf", cut(face, used, cache))
    return folder


def _own_ids(svg: str, key: str) -> str:
    """The drawing library counts its clip paths over all that a process drew.

    In a picture's own names they are the same in every build, and unique on a page.
    """
    names: dict[str, str] = {}
    return re.sub(
        r'( id="|url\(#)(clip\d+)', lambda match: match[1] + names.setdefault(match[2], f"{key}-clip-{len(names)}"), svg
    )


def narrow(specs: Drawings) -> Drawings:
    """Specifications → those of their narrow variants, of panels that are broader than a phone."""
    loaded = {name: json.loads(spec) for name, spec in specs.items()}
    return {
        _narrow(name): as_json(spec | {"width": theme.PHONE_WIDTH})
        for name, spec in loaded.items()
        if spec["width"] > theme.PHONE_WIDTH
    }


def _narrow(name: str) -> str:
    """Name of the narrow variant of a picture."""
    stem, _, language = name.rpartition(".")
    return f"{stem}-narrow.{language}"


def figures(
    localized: LocalizedEdition, tables: Iterable[str], specs: Drawings, svgs: Drawings, *, printed: bool = False
) -> dict[str, PlacedChart]:
    """The figures of those of the tables that have a chart, in one language; ``svgs`` hold narrow variants too."""
    made = {}
    for key in tables:
        entry = localized.entries[key]
        chart = entry.table.chart
        if chart is None:
            continue
        panels = [
            Panel(name, _title(specs[name]))
            if printed
            else Panel(name, _title(specs[name]), svgs[name], svgs.get(_narrow(name), ""), specs[name])
            for name in specs
            if _of(name, key, localized.language)
        ]
        label = str(localized.words["ui.figure_label"]).format(n=entry.figure)
        made[key] = PlacedChart(
            key,
            label,
            str(entry.words["chart.title"]),
            _alt(specs[panels[0].name]) if panels else entry.alt,
            tuple(panels),
            beside=kind_of(entry.table, chart).beside,
            absent=entry.undrawn,
        )
    return made


def chart_scripts(specs: Drawings) -> Iterator[tuple[str, str]]:
    """Specifications → the scripts from which pages load them when a figure comes into view, with paths in the edition.

    Scripts, because a page that was opened from a disk may load those and no JSON; each leaves the specification on its
    own element.
    """
    for name, spec in specs.items():
        yield script_path(name), f"document.currentScript.spec = {spec.strip()};\n"


def characters(text: str) -> frozenset[str]:
    """Every character that HTML or SVG text can show; tags and entities included, which does no harm."""
    if "\\u" in text:
        text = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match.group(1), 16)), text)
    entities = html.unescape("".join(set(_ENTITY.findall(text))))
    rare = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN).decode("utf-8", "surrogatepass")
    return frozenset(char for char in _PLAIN.decode() if char in text).union(rare, entities)
