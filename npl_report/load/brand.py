"""``brand.toml``, or where there is none Quarto's ``_brand.yml`` → the publication's own logo, colours and foot.

Colours are held against the paper that they stand on: text needs a contrast of 4.5 to 1, marks of charts 3 to 1 (WCAG
2.2, 1.4.3 and 1.4.11). The counterpart for the dark is given, or else the nearest that can be read there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from npl_report.files.texts import read_text, read_toml
from npl_report.load.colours import PAPERS, contrast, is_colour, readable
from npl_report.load.imagefiles import wrong_image
from npl_report.load.keys import Keys, is_object, is_text, need, text
from npl_report.model import InputError, Problem

FILE, QUARTO = "brand.toml", "_brand.yml"
TEXT, MARK = 4.5, 3.0
"""Contrasts that text and marks need."""
_LARGEST = 10**6
"""Bytes of a logo, which every page loads."""
_MOST = 8
_KINDS = (".svg", ".png")
_COLOUR = need("must be a colour", 'write "#1f4e79"', is_colour)
_COLOURS = need(
    f"must be a list of at most {_MOST} colours",
    'write ["#1f4e79", "#d0752b"]',
    lambda value: isinstance(value, list) and 0 < len(value) <= _MOST and all(map(is_colour, value)),
)
_PART = need("must be a section", "write its keys below it", is_object)
_BRAND = Keys(
    "the brand",
    {"logo": text(), "logo_dark": text(), "light": _PART, "dark": _PART, "footer": _PART},
)
_PALETTE = Keys("a palette", {"accent": _COLOUR, "series": _COLOURS})
_HONOURED = frozenset({"color.palette", "color.primary", "logo.medium", "logo.small", "logo.large"})


@dataclass(frozen=True)
class Tone:
    """A colour in the light and in the dark."""

    light: str
    dark: str


@dataclass(frozen=True)
class Brand:
    """What a publication has of its own.

    ``accent`` and ``series`` are empty where it keeps ours; ``logos``: for the light, and for the dark if it has
    another, as paths in the project; ``footer`` by language; ``passed`` are parts of Quarto's file that are not read.
    """

    file: str = FILE
    accent: Tone | None = None
    series: tuple[Tone, ...] = ()
    logos: tuple[str, ...] = ()
    footer: Mapping[str, str] = field(default_factory=dict)
    passed: tuple[str, ...] = ()

    @property
    def assets(self) -> Mapping[str, str]:
        """Name of a logo among the assets → its path in the project."""
        return {f"brand-{number}{Path(path).suffix}": path for number, path in enumerate(self.logos)}


def read_brand(root: Path) -> Brand:
    """The brand of a project, ours where it says nothing; InputError with all that is wrong."""
    shown = FILE if (root / FILE).is_file() else QUARTO
    passed: tuple[str, ...] = ()
    if shown == FILE:
        raw = read_toml(root / FILE, FILE)
    elif (root / QUARTO).is_file():
        raw, passed = _of_quarto(root / QUARTO)
    else:
        return Brand()
    problems: list[Problem] = []
    sound = _BRAND.read(raw, shown, "", problems)
    light, dark = (_PALETTE.read(sound.get(name, {}), shown, name, problems) for name in ("light", "dark"))
    accent = _tone(light.get("accent"), dark.get("accent"), TEXT, (shown, "accent"), problems)
    pairs = [(of, (dark.get("series", []) + [None] * _MOST)[at]) for at, of in enumerate(light.get("series", []))]
    series = [_tone(of, other, MARK, (shown, "series"), problems) for of, other in pairs]
    logos = [str(sound[name]) for name in ("logo", "logo_dark") if name in sound]
    for path in logos:
        if wrong := wrong_image(
            root / path, root, _LARGEST, "correct the path; it begins at the project's folder", _KINDS
        ):
            problems.append(Problem(shown, column="logo", value=path, rule=wrong[0], fix=wrong[1]))
    footer = sound.get("footer", {})
    problems += [
        Problem(shown, column=f"footer.{of}", value=str(said), rule="must be text", fix='write en = "…"')
        for of, said in footer.items()
        if not is_text(said)
    ]
    if problems:
        raise InputError(problems)
    return Brand(shown, accent, tuple(tone for tone in series if tone), tuple(logos), footer, passed)


def brand_files(root: Path) -> list[str]:
    """The files of the brand by path in the project; of one that cannot be read its own file."""
    try:
        brand = read_brand(root)
    except InputError:
        return [FILE]
    return [brand.file, *brand.logos]


def _tone(
    light: str | None, dark: str | None, least: float, place: tuple[str, str], problems: list[Problem]
) -> Tone | None:
    """A colour for both; its contrast is told where it is too little."""
    if light is None:
        return None
    shown, key = place
    found = {"light": light, "dark": dark or readable(light, PAPERS["dark"], least)}
    for scheme, colour in found.items():
        measured = min(contrast(colour, paper) for paper in PAPERS[scheme])
        if measured < least:
            what = "text needs" if least == TEXT else "marks of charts need"
            rule = f"has a contrast of {measured:.2f} to the {scheme} paper; {what} {least}"
            fix = f"the nearest that has it is {readable(colour, PAPERS[scheme], least)}"
            problems.append(Problem(shown, column=f"{scheme}.{key}", value=colour, rule=rule, fix=fix))
    return Tone(found["light"].lower(), found["dark"].lower())


def _of_quarto(path: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What Quarto's file says of what is ours, as ``brand.toml`` would, and the names of all else."""
    try:
        raw = yaml.safe_load(read_text(path, QUARTO)) or {}
    except yaml.YAMLError as error:
        rule, fix = f"not valid YAML: {' '.join(str(error).split())}", "mend the syntax at that place"
        raise InputError([Problem(QUARTO, rule=rule, fix=fix)]) from None
    parts = {key: of if isinstance(of, dict) else {"": of} for key, of in raw.items()} if isinstance(raw, dict) else {}
    colours, logos = parts.get("color", {}), parts.get("logo", {})
    palette = colours.get("palette") or {}
    primary = palette.get(colours.get("primary"), colours.get("primary"))
    logo = next((logos[name] for name in ("medium", "small", "large", "") if name in logos), None)
    pair = logo if isinstance(logo, dict) else {"light": logo}
    found = {
        "logo": pair.get("light"),
        "logo_dark": pair.get("dark"),
        "light": {"accent": primary} if primary else None,
    }
    names = chain.from_iterable([f"{key}.{name}".rstrip(".") for name in of] for key, of in parts.items())
    passed = tuple(name for name in names if name not in _HONOURED and name != "logo")
    return {key: of for key, of in found.items() if of}, passed


def passed_over(brand: Brand) -> Iterator[Problem]:
    """What of Quarto's file only Quarto reads."""
    if brand.passed:
        rule = "is for Quarto alone"
        fix = f"what pages and the note of this program shall have of it, write into {FILE}"
        yield Problem(brand.file, value=", ".join(brand.passed), rule=rule, fix=fix)
