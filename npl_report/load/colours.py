"""Colours: how well they stand out from paper, and the nearest that does."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable, Mapping

PAPERS: Mapping[str, tuple[str, ...]] = {"light": ("#fbfaf7", "#ffffff"), "dark": ("#11171d", "#182029")}
"""What text and marks stand on: ``--paper`` and ``--card`` of ``site.css``."""
_STEPS = 200
_LINEAR = 0.04045
"""Channels up to here are linear (IEC 61966-2-1)."""


def is_colour(value: object) -> bool:
    """Whether it is a colour as ``#1f4e79``."""
    return isinstance(value, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", value) is not None


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, papers: Iterable[str], least: float) -> str:
    """The colour, or that of its hue and saturation with the nearest lightness that has the contrast to the papers."""
    grounds = tuple(papers)
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    shades = (_hex(colorsys.hls_to_rgb(hue, step / _STEPS, saturation)) for step in range(_STEPS + 1))
    fit = [(number, shade) for number, shade in enumerate(shades) if _stands_out(shade, grounds, least)]
    if _stands_out(colour, grounds, least) or not fit:
        return colour.lower()
    return min(fit, key=lambda found: abs(found[0] / _STEPS - lightness))[1]


def mixed(colour: str, paper: str, share: float) -> str:
    """A tint: so much of a colour on a paper."""
    pairs = zip(_channels(colour), _channels(paper), strict=True)
    red, green, blue = (of * share + ground * (1 - share) for of, ground in pairs)
    return _hex((red, green, blue))


def _stands_out(colour: str, papers: Iterable[str], least: float) -> bool:
    return all(contrast(colour, paper) >= least for paper in papers)


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(of * 255):02x}" for of in channels)


def _luminance(colour: str) -> float:
    """Relative luminance of sRGB."""
    red, green, blue = (
        of / 12.92 if of <= _LINEAR else float(pow((of + 0.055) / 1.055, 2.4)) for of in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
