"""The build: read → compute → gather every page of every language → write once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from npl_report import __version__
from npl_report.load.project import Project, check_publication, read_edition, read_series
from npl_report.model import Edition, InputError, Problem, Series
from npl_report.publish.environment import Environment, environment
from npl_report.publish.fingerprint import code_hash, fingerprint, input_hashes, quarto_hashes
from npl_report.publish.output import building, standing, write_tree
from npl_report.publish.shelf.archive import known_to
from npl_report.tables import table_keys

if TYPE_CHECKING:  # an unchanged build imports none of them
    from npl_report.load.corrections import Accepted
    from npl_report.load.data import Source
    from npl_report.model import Result, Unavailable
    from npl_report.present.book import Book
    from npl_report.publish.quarto.finding import Quarto

Say = Callable[[str], None]
"""Receives one line of progress per step."""


@dataclass(frozen=True)
class Options:
    """What the command line can ask for. ``as_of`` and ``languages`` override the edition's file; with ``quarto`` its pages are Quarto's; ``beside`` are folders with restricted files of earlier editions."""

    edition: str | None = None
    as_of: date | None = None
    languages: tuple[str, ...] = ()
    jobs: int = field(default_factory=lambda: min(os.cpu_count() or 1, 4))
    pdf: bool = True
    force: bool = False
    quarto: Quarto | None = None
    beside: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a build did. ``pages`` counts HTML pages; ``bytes`` is 0 for an unchanged build; ``without`` names what the edition has and this build was asked to leave out."""

    edition: str
    folder: Path
    unchanged: bool
    pages: int
    files: int
    bytes: int
    without: tuple[str, ...] = ()


class Collected:
    """Gathers the problems of many steps, so that a build tells all of them at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    @contextmanager
    def step(self) -> Iterator[None]:
        """Run a step; its InputError is kept for later."""
        try:
            yield
        except InputError as error:
            self.problems.extend(error.problems)

    def done(self) -> None:
        """Raise everything that was collected."""
        if self.problems:
            raise InputError(dict.fromkeys(self.problems))


@dataclass(frozen=True)
class Reading:
    """A project read and computed, in every language: all that pages are made from. ``results`` are those that may be published.

    ``warnings``: what is unusual in the data as known on the as-of date, and is not accepted; ``accepted`` are the records that accept a gap in them.
    """

    edition: Edition
    series: Series
    source: Source
    results: Mapping[str, Result | Unavailable]
    books: Mapping[str, Book]
    warnings: tuple[Problem, ...]
    accepted: tuple[Accepted, ...]


def chosen_edition(project: Project, options: Options) -> Edition:
    """The edition's file with the command line's overrides."""
    edition = read_edition(project, options.edition)
    if options.languages:
        strangers = [language for language in options.languages if language not in project.languages]
        if strangers:
            raise InputError([Problem("--lang", value=", ".join(strangers), rule="there is no such language", fix=f"languages with prose: {', '.join(project.languages)}")])
        edition = replace(edition, languages=tuple(dict.fromkeys(options.languages)))
    return replace(edition, as_of=options.as_of) if options.as_of else edition


def build(project: Project, options: Options, say: Say) -> Outcome:
    """Build one edition into ``build/<edition>/``; raise InputError with all problems, the former build untouched."""
    edition = chosen_edition(project, options)
    own = read_edition(project, edition.id)
    target = project.build / (edition.id if edition.as_of == own.as_of else f"{edition.id}@{edition.as_of.isoformat()}")
    inputs, code, made_by = input_hashes(project, edition), code_hash(), environment()
    earlier = known_to(project, edition, options.beside)
    before = [(item.folder, item.sha256) for item in earlier]
    settings: dict[str, object] = {
        "edition": edition.id,
        "as_of": edition.as_of.isoformat(),
        "languages": edition.languages,
        "pdf": options.pdf,
        "earlier": before,
        "causes": [item.folder for item in earlier if item.at_hand],
    }
    engine = f"quarto {options.quarto.version}" if options.quarto else "builtin"
    if options.quarto:
        inputs |= quarto_hashes(project.root)
        settings["engine"] = engine
    without = tuple(f"{language}/" for language in own.languages if language not in edition.languages) + (() if options.pdf else ("note.pdf",))
    mark = fingerprint(inputs, code, made_by, settings)
    if not options.force:
        manifest = standing(target)
        if manifest and manifest.get("fingerprint") == mark:
            outputs = manifest["outputs"]
            return Outcome(edition.id, target, unchanged=True, pages=_pages(outputs), files=len(outputs), bytes=0, without=without)
    from npl_report.publish.gather import gather

    if options.quarto:
        from npl_report.publish.quarto.engine import settings as quarto_settings
        from npl_report.publish.quarto.engine import with_quarto

        quarto_settings(project, edition.languages)
    with building(project.build):
        gathered = gather(project, edition, options, say, earlier=earlier)
        files = gathered.files
        if options.quarto:
            files = with_quarto(project, options.quarto, files, gathered.pages, options.jobs, say)
        manifest = manifest_of(edition, gathered.read(inputs), code, made_by, before) | {"engine": engine, "fingerprint": mark}
        say(f"write {len(files)} files")
        size = write_tree(target, files, manifest)
    return Outcome(edition.id, target, unchanged=False, pages=_pages(files), files=len(files), bytes=size, without=without)


def manifest_of(edition: Edition, inputs: Mapping[str, str], code: str, made_by: Environment, earlier: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What a build was made of: the edition, the program, its environment, the hash of every input, and (folder, hash of the manifest) of the editions before it, in order."""
    return {
        "edition": edition.id,
        "revision": edition.revision,
        "as_of": edition.as_of.isoformat(),
        "published_on": edition.published_on.isoformat(),
        "languages": list(edition.languages),
        "npl_report": __version__,
        "code": code,
        "environment": {group: dict(versions) for group, versions in made_by.items()},
        "inputs": dict(inputs),
        "earlier": [list(item) for item in earlier],
    }


def _pages(paths: Mapping[str, Any]) -> int:
    return sum(path.endswith(".html") for path in paths)


def read(project: Project, edition: Edition, say: Say) -> Reading:
    """Read, validate and compute; every problem of data, words and prose is told at once."""
    from npl_report.load.data import dataset, read_source
    from npl_report.load.ledger import read_bindings, read_ledger
    from npl_report.load.package import check_languages
    from npl_report.load.restatements import check_restated
    from npl_report.load.structure import check_cases
    from npl_report.present.book import Book
    from npl_report.present.pages import chapter_titles, figure_order
    from npl_report.present.profiles import TABLES as PROFILE_TABLES
    from npl_report.tables import FOLDER, catalogue, compute_tables
    from npl_report.tables.tieout import bound_tables, in_edition, tie_out
    from npl_report.tables.withheld import public, public_ties
    from npl_report.text.words import compare, program_words, read_words, table_words

    series = read_series(project, table_keys()).of(edition.id)
    say("read and check the data")
    source = read_source(project.data)
    check_languages(source.package, edition.languages)
    data = dataset(source, edition.as_of)
    gaps, accepted = source.gaps(data)
    if warnings := (*source.warnings, *gaps):
        say(f"{len(warnings)} {'warning' if len(warnings) == 1 else 'warnings'} about the data: npl-report check prints them")
    check_cases(edition, data.deals, data.forecasts)
    check_restated(edition, series.table_keys)
    say(f"compute {len(series.table_keys)} tables from {len(data.deals)} deals")
    published = project.data / "published"
    ledger = read_ledger(published) if published.is_dir() else []
    ties = in_edition(edition.id, ledger, read_bindings(published)) if ledger else {}
    bound = [key for key in bound_tables(ties) if key in catalogue()]  # a binding to no table is told by tie_out
    results = compute_tables(dict.fromkeys((*series.table_keys, *PROFILE_TABLES, *bound)), data, edition)
    tied = tie_out(ledger, ties, catalogue(), results)
    if source.restricted:
        results = public(results, source.restricted)
        tied = public_ties(tied, tie_out(ledger, ties, catalogue(), results))
    say(f"gather words and prose in {', '.join(edition.languages)}")
    collected = Collected()
    with collected.step():
        collected.problems += compare({language: program_words(language) for language in project.languages})
    for key in table_keys():
        with collected.step():
            collected.problems += compare({language: table_words(FOLDER, key, language) for language in project.languages})
    books = {}
    for language in edition.languages:
        with collected.step():
            check_publication(project, language)
            words = read_words(project.report / language / "_series.toml", f"report/{language}/_series.toml")
            titles = chapter_titles(project.report, language, series.chapters)
            placed = figure_order(project.report, language, series.chapters)
            books[language] = Book(language, words, titles, series, edition, source, data, results, tied, placed)
            collected.problems += books[language].problems()
    collected.done()
    return Reading(edition, series, source, results, books, warnings, accepted)


def as_json(value: object) -> str:
    """JSON on one line, with stable keys, safe inside an HTML script element."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace("<", "\\u003c")
