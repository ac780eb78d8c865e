"""``data/`` + as-of date → the frozen, validated ``Dataset``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from npl_report.load.asof import known_on
from npl_report.load.corrections import Accepted, accept, accepts_nothing, read_records
from npl_report.load.files import read_raw
from npl_report.load.frames import half_of_last, typed_frame
from npl_report.load.inputs import data_files, refuse_links, restricted
from npl_report.load.package import Package, read_package
from npl_report.load.rulebook import read_rules, without_limits
from npl_report.load.rules import cross_check
from npl_report.load.unusual import GAP, Unusual, find_unusual, gaps
from npl_report.model import CONTRACT, Dataset, InputError, Problem


@dataclass(frozen=True)
class Source:
    """All of ``data/``, validated, not yet cut to an as-of date.

    ``frames`` hold the columns that the program reads, in the order of their keys, whatever the files' own.
    """

    package: Package
    frames: dict[str, pd.DataFrame]
    corrections: int
    restricted: frozenset[str] = frozenset()
    """Names of the files of which no row may be published."""
    warnings: tuple[Problem, ...] = ()
    """What is unusual in the files, and has not been accepted."""
    accepted: tuple[Accepted, ...] = ()
    """What is accepted although it is unusual."""

    def gaps(self, data: Dataset) -> tuple[tuple[Problem, ...], tuple[Accepted, ...]]:
        """Deals that an edition reads up to a gap, and those records that accept one."""
        path = next(resource.path for resource in self.package.resources if resource.name == "collections")
        return accept(gaps(data, f"data/{path}"), [record for record in self.accepted if record.rule == GAP])


def read_source(folder: Path) -> Source:
    """Read and validate everything, or raise InputError with all problems at once."""
    package = read_package(folder / "datapackage.json")
    refuse_links(folder.parent, data_files(folder, package))
    closed = restricted(package)
    resources = {
        resource.name: resource for part in Dataset.PARTS for resource in package.resources if resource.name == part
    }
    problems: list[Problem] = []
    limits = read_rules(package, problems)
    raw: dict[str, pd.DataFrame] = {}
    for name, resource in resources.items():
        frame = read_raw(folder, resource, problems)
        if frame is not None:
            raw[name] = frame
    records = read_records(folder / "corrections.toml", problems)
    corrections = records.apply(raw, problems)
    frames = {
        name: typed_frame(raw[name], resource, f"{folder.name}/{resource.path}", problems)
        for name, resource in resources.items()
        if name in raw
    }
    unusual: list[Unusual] = []
    if len(frames) == len(resources):
        roundings = {
            (name, field.name): half_of_last(raw[name], field)
            for name, resource in resources.items()
            for field in resource.fields
            if field.need and field.need.unit == "CNY mn"
        }
        cross_check(frames, resources, folder.name, limits, roundings, problems)
        if not problems:
            unusual += find_unusual(
                frames, {name: f"{folder.name}/{resource.path}" for name, resource in resources.items()}, limits
            )
    warnings, used = accept(unusual, records.accepted)
    if not problems:
        problems += [
            accepts_nothing(record) for record in records.accepted if record not in used and record.rule != GAP
        ]
    if problems:
        written = {f"{folder.name}/{resources[name].path}": frame for name, frame in raw.items()}
        told = {_as_written(problem, written) for problem in problems}
        raise InputError(sorted(told, key=lambda item: (item.file, item.row or 0, item.column or "", item.rule)))
    of_edition = [record for record in records.accepted if record.rule == GAP]
    return Source(
        package,
        {name: _handed_on(frame, name) for name, frame in frames.items()},
        corrections,
        closed,
        (*without_limits(limits, package), *warnings),
        (*used, *of_edition),
    )


def _as_written(problem: Problem, raw: Mapping[str, pd.DataFrame]) -> Problem:
    """The problem with the value as it stands in the file: rules across rows see it converted."""
    frame = raw.get(problem.file)
    if frame is None or problem.row is None or problem.value is None or problem.column not in frame.columns:
        return problem
    found = frame.loc[frame["source_row"] == problem.row, problem.column]
    return replace(problem, value=str(found.iloc[0])) if len(found) == 1 else problem


def _handed_on(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The columns that the program reads, the rows in the order of their key.

    A column that is only described is checked and goes no farther: it might bear the name of something computed. In
    which order a file holds its rows must not move the last bit of a sum, nor a line of a page.
    """
    part = CONTRACT[name]
    columns = [column for column in frame.columns if part.needs(column)]
    order = [*part.key, *(column for column in columns if column not in part.key)]
    return frame[[*columns, "source_row"]].sort_values(order, kind="stable", ignore_index=True)


def dataset(source: Source, as_of: date) -> Dataset:
    """Cut the source to what was known on ``as_of``."""
    known = known_on(source.frames, as_of)
    if known["deals"].empty:
        rule = "no deal had been issued on the as-of date"
        raise InputError(
            [
                Problem(
                    "data/deals.csv",
                    value=as_of.isoformat(),
                    rule=rule,
                    fix="choose a later as-of date, or add the deals",
                )
            ]
        )
    return Dataset(as_of=as_of, notice=source.package.notice, about=source.package.title, **known)
