"""``data/`` + as-of date → the frozen, validated ``Dataset``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from npl_report.load.asof import known_on
from npl_report.load.corrections import apply_corrections
from npl_report.load.frames import read_raw, typed_frame
from npl_report.load.inputs import data_files, refuse_links, restricted
from npl_report.load.package import Package, Resource, read_package
from npl_report.load.rules import cross_check
from npl_report.model import Dataset, InputError, Problem


@dataclass(frozen=True)
class Source:
    """All of ``data/``, validated, not yet cut to an as-of date. ``frames`` are in the order of their keys, whatever the files' own."""

    package: Package
    frames: dict[str, pd.DataFrame]
    corrections: int
    restricted: frozenset[str] = frozenset()
    """Names of the files of which no row may be published."""


def read_source(folder: Path) -> Source:
    """Read and validate everything, or raise InputError with all problems at once."""
    package = read_package(folder / "datapackage.json")
    refuse_links(folder.parent, data_files(folder, package))
    closed = restricted(package)
    problems: list[Problem] = []
    raw: dict[str, pd.DataFrame] = {}
    for resource in package.resources:
        frame = read_raw(folder, resource, problems)
        if frame is not None:
            raw[resource.name] = frame
    corrections = apply_corrections(folder / "corrections.toml", raw, problems)
    frames = {item.name: typed_frame(raw[item.name], item, f"{folder.name}/{item.path}", problems) for item in package.resources if item.name in raw}
    if len(frames) == len(package.resources):
        cross_check(frames, {resource.name: resource for resource in package.resources}, folder.name, problems)
    if problems:
        raise InputError(sorted(set(problems), key=lambda item: (item.file, item.row or 0, item.column or "", item.rule)))
    return Source(package, {item.name: _ordered(frames[item.name], item) for item in package.resources}, corrections, closed)


def _ordered(frame: pd.DataFrame, resource: Resource) -> pd.DataFrame:
    """The rows in the order of their key: in which order a file holds them must not move the last bit of a sum, nor a line of a page."""
    fields = [field.name for field in resource.fields]
    return frame.sort_values([*resource.primary_key, *(name for name in fields if name not in resource.primary_key)], kind="stable", ignore_index=True)


def dataset(source: Source, as_of: date) -> Dataset:
    """Cut the source to what was known on ``as_of``."""
    known = known_on(source.frames, as_of)
    if known["deals"].empty:
        rule = "no deal had been issued on the as-of date"
        raise InputError([Problem("data/deals.csv", value=as_of.isoformat(), rule=rule, fix="choose a later as-of date, or add the deals")])
    return Dataset(as_of=as_of, notice=source.package.notice, about=source.package.title, **known)
