"""``data/`` + as-of date → the frozen, validated ``Dataset``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path

import pandas as pd

from npl_report.load.asof import known_on
from npl_report.load.classes import reported_classes
from npl_report.load.corrections import Accepted, accept, accepts_nothing, read_records
from npl_report.load.files import read_raw
from npl_report.load.frames import half_of_last, typed_frame
from npl_report.load.identities import Roundings
from npl_report.load.inputs import data_files, refuse_links, restricted
from npl_report.load.market import read_market
from npl_report.load.package import Package, described
from npl_report.load.resources import Resource
from npl_report.load.rulebook import read_rules, without_limits
from npl_report.load.rules import cross_check
from npl_report.load.unusual import GAP, Unusual, find_unusual, gaps
from npl_report.model import CONTRACT, MILLIONS, Dataset, Edition, InputError, Market, Problem


@dataclass(frozen=True)
class Source:
    """All of ``data/``, validated, not yet cut to an as-of date.

    ``frames`` hold the columns that the program reads, in the order of their keys, whatever the files' own.
    """

    package: Package
    market: Market
    frames: dict[str, pd.DataFrame]
    corrections: int
    restricted: frozenset[str] = frozenset()
    """Names of the files of which no row may be published."""
    warnings: tuple[Problem, ...] = ()
    """What is unusual in the files, and has not been accepted."""
    accepted: tuple[Accepted, ...] = ()
    """What is accepted although it is unusual."""

    def file(self, name: str) -> str:
        """A resource's file as messages name it."""
        return next(f"data/{resource.path}" for resource in self.package.resources if resource.name == name)

    def reporting(self, edition: Edition) -> Edition:
        """The edition with the tranches that its deals have: a rung that none of them has changes no table."""
        deals, tranches = self.frames["deals"], self.frames["tranches"]
        known = deals.loc[deals["issue_date"] <= pd.Timestamp(edition.as_of), "deal"]
        issued = set(tranches.loc[tranches["deal"].isin(known), "tranche"])
        return replace(edition, market=edition.market.issuing(issued))

    def gaps(self, data: Dataset) -> tuple[tuple[Problem, ...], tuple[Accepted, ...]]:
        """Deals that an edition reads up to a gap, and those records that accept one."""
        return accept(gaps(data, self.file("collections")), [record for record in self.accepted if record.rule == GAP])


def read_source(folder: Path) -> Source:
    """Read and validate everything, or raise InputError with all problems at once."""
    market, package = read_market(folder), described(folder)
    refuse_links(folder.parent, data_files(folder, package))
    closed = restricted(package)
    pairs = product(Dataset.PARTS, package.resources)
    resources = {part: resource for part, resource in pairs if resource.name == part}
    files = {name: f"{folder.name}/{resource.path}" for name, resource in resources.items()}
    problems: list[Problem] = []
    limits = read_rules(package, market, problems)
    read = ((name, read_raw(folder, resource, problems)) for name, resource in resources.items())
    raw = {name: frame for name, frame in read if frame is not None}
    records = read_records(folder / "corrections.toml", problems)
    corrections = records.apply(raw, problems)
    frames = {
        name: typed_frame(raw[name], resource, files[name], problems)
        for name, resource in resources.items()
        if name in raw
    }
    unusual: list[Unusual] = []
    if len(frames) == len(resources):
        cross_check(frames, resources, market, folder.name, limits, _roundings(raw, resources), problems)
        if not problems:
            unusual += find_unusual(frames, files, limits)
    warnings, used = accept(unusual, records.accepted)
    of_edition = [record for record in records.accepted if record.rule == GAP]
    if not problems:
        problems += map(accepts_nothing, (one for one in records.accepted if one not in (*used, *of_edition)))
    if problems:
        raise InputError(_in_order(problems, {files[name]: frame for name, frame in raw.items()}))
    return Source(
        package,
        market,
        {name: _handed_on(frame, name, market) for name, frame in frames.items()},
        corrections,
        closed,
        (*without_limits(limits, package, frames["deals"]), *warnings),
        (*used, *of_edition),
    )


def _roundings(raw: Mapping[str, pd.DataFrame], resources: Mapping[str, Resource]) -> Roundings:
    """Of every column of money, by deal, half of its last decimal."""
    found = {}
    for name, resource in resources.items():
        for field in resource.fields:
            if field.need and field.need.unit == MILLIONS:
                found[name, field.name] = half_of_last(raw[name], field)
    return found


def _in_order(problems: Iterable[Problem], raw: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """The problems as they stand in the files, each once, by file, row, column and rule."""
    told = {_as_written(problem, raw) for problem in problems}
    return sorted(told, key=lambda item: (item.file, item.row or 0, item.column or "", item.rule))


def _as_written(problem: Problem, raw: Mapping[str, pd.DataFrame]) -> Problem:
    """The problem with the value as it stands in the file: rules across rows see it converted."""
    frame = raw.get(problem.file)
    if frame is None or problem.row is None or problem.value is None or problem.column not in frame.columns:
        return problem
    found = frame.loc[frame["source_row"] == problem.row, problem.column]
    return replace(problem, value=str(found.iloc[0])) if len(found) == 1 else problem


def _handed_on(frame: pd.DataFrame, name: str, market: Market) -> pd.DataFrame:
    """The columns that the program reads, the rows in the order of their key.

    A column that is only described is checked and goes no farther: it might bear the name of something computed. In
    which order a file holds its rows must not move the last bit of a sum, nor a line of a page.

    Levels of triggers go under a name that nothing computed has.
    """
    part = CONTRACT[name]
    levels = {of.key: of.column for of in market.triggers} if name == "deals" else {}
    frame = frame.rename(columns=levels)
    columns = [column for column in frame.columns if part.needs(column) or column in levels.values()]
    order = [*part.key, *(column for column in columns if column not in part.key)]
    return frame[[*columns, "source_row"]].sort_values(order, kind="stable", ignore_index=True)


def dataset(source: Source, as_of: date, market: Market) -> Dataset:
    """Cut the source to what was known on ``as_of``; deals are of the classes that ``market`` reports.

    InputError if there is no deal, or one whose class is not reported.
    """
    known = known_on(source.frames, as_of)
    if known["deals"].empty:
        rule = "no deal had been issued on the as-of date"
        raise InputError(
            [
                Problem(
                    source.file("deals"),
                    value=as_of.isoformat(),
                    rule=rule,
                    fix="choose a later as-of date, or add the deals",
                )
            ]
        )
    known["deals"] = reported_classes(known["deals"], market, source.file("deals"))
    return Dataset(as_of=as_of, notice=source.package.notice, about=source.package.title, **known)
