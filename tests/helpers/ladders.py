"""The tiny data with a ladder of three: mezzanine tranches of c1 and m1, and a priority of payments that pays them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import MappingProxyType

from npl_report.load.data import Source, dataset
from npl_report.model import Dataset, Edition, Phase, steps_of
from tests.helpers import tiny
from tests.helpers.market import ASSET_TYPES

LADDER = ("senior", "mezzanine", "subordinated")
FACES = MappingProxyType({"c1": 60, "m1": 20})
"""Of the mezzanine tranches, taken out of the senior ones."""
MEZZANINE = """
[[tranche]]
key = "mezzanine"
rank = 2
coupon = "fixed"
name = { zh = "中间档", en = "Mezzanine" }
"""
PRIORITY: dict[Phase, tuple[str, ...]] = {
    "ordinary": steps_of(LADDER),
    "default": (
        *("taxes", "trust_fees", "senior_interest", "senior_principal", "servicing", "excess_fees", "reserve"),
        *("mezzanine_interest", "mezzanine_principal"),
        *("subordinated_principal", "subordinated_return", "residual"),
    ),
}
"""After an event of default the interest of the mezzanine tranche waits for the principal of the senior one."""


def with_mezzanine(text: str) -> str:
    """A description of the market, with a rung between the two that it has."""
    return text.replace('key = "subordinated"\nrank = 2', 'key = "subordinated"\nrank = 3') + MEZZANINE


def market() -> str:
    """The sample's description with three tranches."""
    return with_mezzanine((tiny.ROOT / "data" / "market.toml").read_text(encoding="utf-8"))


def rows() -> dict[str, list[tiny.Row]]:
    """All files as text cells, by name; the caller may change them."""
    files = tiny.rows()
    for row in files["deals"]:
        row["priority"] = "ladder" if row["deal"] in FACES else row["priority"]
    added = []
    for row in files["tranches"]:
        face = FACES.get(row["deal"])
        if face and row["tranche"] == "senior":
            row["face"] = str(int(row["face"]) - face)
            added.append({**row, "tranche": "mezzanine", "face": str(face), "coupon": "0.08"})
    files["tranches"] += added
    files["payments"] = [{**row, "principal": _within(row)} for row in files["payments"]]
    files["priorities"] += [
        {"priority": "ladder", "phase": phase, "position": str(position), "step": step}
        for phase, steps in PRIORITY.items()
        for position, step in enumerate(steps, 1)
    ]
    return files


def _within(row: tiny.Row) -> str:
    """Principal of a senior tranche that is smaller now."""
    least = {("c1", "2018-01-20"): "40", ("m1", "2020-03-10"): "30"}
    return least.get((row["deal"], row["paid_on"]), row["principal"])


@cache
def source() -> Source:
    """The data, loaded and validated."""
    return tiny.read(rows(), market())


def edition() -> Edition:
    """The tiny edition, with three tranches."""
    return source().reporting(replace(tiny.edition(), market=source().market.reporting(ASSET_TYPES)))


def data() -> Dataset:
    """The data as known on the day of the tiny edition."""
    return dataset(source(), tiny.AS_OF, edition().market)
