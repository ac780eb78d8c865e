"""A publication's own colours in place of the theme's.

On the site by the properties of ``site.css`` and ``charts.css``, whose rules give each colour of a picture its own; in
the note and in pictures to take away, which know no properties, by the colours themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from npl_report.load.brand import TEXT, Brand, Tone
from npl_report.load.colours import PAPERS, mixed, readable
from npl_report.present import theme
from npl_report.present.pages import PlacedChart

_SERIES = ("accent", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_SOFT, _SOFT_DARK = 0.125, 0.225
"""How much of the accent its soft ground has."""
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")


def sheet(brand: Brand) -> str:
    """The rules that follow those of the site; empty without colours of its own."""
    rules = [*_of_pages(brand), *_of_charts(brand)]
    light = " ".join(f"{name}: {tone.light};" for name, tone in rules)
    both = " ".join(f"{name}: light-dark({tone.light}, {tone.dark});" for name, tone in rules)
    supported = "@supports (color: light-dark(#000, #fff))"
    return f"\n/* brand */\n:root:root {{ {light} }}\n{supported} {{ :root:root {{ {both} }} }}\n" if rules else ""


def _of_pages(brand: Brand) -> Iterator[tuple[str, Tone]]:
    if brand.accent:
        light, dark = brand.accent.light, brand.accent.dark
        yield "--accent", brand.accent
        yield "--brand", brand.accent
        yield "--accent-soft", Tone(mixed(light, PAPERS["light"][1], _SOFT), mixed(dark, PAPERS["dark"][1], _SOFT_DARK))


def _of_charts(brand: Brand) -> Iterator[tuple[str, Tone]]:
    for name, tone in zip(_SERIES, _series(brand), strict=False):
        yield f"--chart-{name}", tone
        if name != "accent":
            yield f"--chart-{name}-ink", _ink(tone)


def _series(brand: Brand) -> tuple[Tone, ...]:
    """Colours of charts; the accent alone is the first."""
    return brand.series or ((brand.accent,) if brand.accent else ())


def _ink(tone: Tone) -> Tone:
    """The same hue for text."""
    return Tone(readable(tone.light, PAPERS["light"], TEXT), readable(tone.dark, PAPERS["dark"], TEXT))


def drawn_in(text: str, brand: Brand) -> str:
    """A picture, its specification or the note's with the colours of the brand, on white."""
    series = _series(brand)
    if not series:
        return text
    inks = dict(zip(theme.CLASS_INKS, (_ink(tone).light for tone in series), strict=False))
    return _put(text, inks | dict(zip(theme.CLASS_COLOURS, (tone.light for tone in series), strict=False)))


def branded(figure: PlacedChart, brand: Brand) -> PlacedChart:
    """A figure to take away."""
    panels = (replace(of, svg=drawn_in(of.svg, brand), spec=drawn_in(of.spec, brand)) for of in figure.panels)
    return replace(figure, panels=tuple(panels))


def printed(css: str, brand: Brand) -> str:
    """The note's style sheet with the accent of the brand."""
    if not brand.accent:
        return css
    return _put(css, {theme.ACCENT: brand.accent.light, "#e9eff5": mixed(brand.accent.light, theme.PAPER, _SOFT)})


def _put(text: str, colours: Mapping[str, str]) -> str:
    return _COLOUR.sub(lambda match: colours.get(match[0], match[0]), text)
