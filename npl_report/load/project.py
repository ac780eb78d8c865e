"""The project folder that the commands act on, and the editorial files in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from npl_report.files.texts import read_toml
from npl_report.load.chapters import read_chapters, read_without
from npl_report.load.determinants import read_determinants
from npl_report.load.keys import Check, Keys, anything, is_texts, is_whole, need, text
from npl_report.load.market import read_market
from npl_report.load.restatements import read_restatements
from npl_report.load.structure import read_structure
from npl_report.load.windows import read_ages, read_horizons, read_present_value, read_ranking, read_windows
from npl_report.model import Edition, InputError, Language, Problem, Series, is_id

_MARK = Path("report/series.toml")
_EDITIONS = "editions"
"""Folder of ``report/`` with a file for each edition, and the pages that an edition has of its own."""
LATEST = "latest"
"""Folder of the site that leads to the newest edition."""
_UNNAMED = "series"
"""The id of a series that has none: the same in every folder, and so are the bytes."""
NAME_RULE = (
    "the id of an edition must be small letters and digits, parted by single hyphens, not latest, at most 64 of "
    "them, and no name that Windows keeps for a device"
)
_SERIES = Keys("the series", {"id": text(), "address": anything, "without": anything, "chapter": anything})
_EDITION = Keys(
    "an edition",
    dict.fromkeys(
        (
            "as_of",
            "published_on",
            "revision",
            "languages",
            "windows",
            "ages",
            "distribution",
            "determinants",
            "structure",
            "ranking",
            "present_value",
            "restatement",
        ),
        anything,
    ),
)
_PUBLICATION: Mapping[str, Check] = {
    **dict.fromkeys(("title", "subtitle", "publisher", "note_kind", "copyright"), text()),
    "disclaimer": need("must be a list of texts", 'write ["…", "…"]', is_texts),
}
"""``report/<language>/_series.toml``: the words of the publication itself."""


@dataclass(frozen=True)
class Project:
    """A folder with report/, templates/ and data/.

    ``begun``: ids and as-of dates of editions that are not written yet.
    """

    root: Path
    begun: tuple[tuple[str, date], ...] = ()

    @property
    def data(self) -> Path:
        """The inputs."""
        return self.root / "data"

    @property
    def report(self) -> Path:
        """What the publication says."""
        return self.root / "report"

    @property
    def templates(self) -> Path:
        """What the publication templates like."""
        return self.root / "templates"

    @property
    def build(self) -> Path:
        """Where editions are built."""
        return self.root / "build"

    @property
    def site(self) -> Path:
        """Where editions are published."""
        return self.root / "site"

    @property
    def deliveries(self) -> Path:
        """Who was mailed which edition; not published, not versioned."""
        return self.root / "deliveries"

    @property
    def editions(self) -> tuple[str, ...]:
        """Ids of the editions, oldest first: by as-of date, and of one day by id.

        This is the only order of editions, that of ``site/`` too. A file whose date cannot be read comes last: who
        takes the latest is told of it.
        """
        return tuple(self.days)

    @property
    def days(self) -> Mapping[str, date]:
        """The as-of date of each edition, in their order."""
        days = {path.stem: _as_of(path) for path in (self.report / _EDITIONS).glob("*.toml")} | dict(self.begun)
        return {id_: days[id_] for id_ in sorted(days, key=lambda id_: (days[id_], id_))}

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that report/ has a folder for."""
        folders = (path for path in self.report.iterdir() if path.is_dir() and path.name != _EDITIONS)
        return tuple(sorted(path.name for path in folders if any(path.glob("*.qmd"))))

    def languages_of(self, edition: str) -> tuple[str, ...]:
        """Languages that an edition's file names, all without one; what is wrong there ``read_edition`` tells."""
        given: object = None
        with suppress(InputError):
            given = read_toml(self.report / _EDITIONS / f"{edition}.toml", edition).get("languages")
        return tuple(map(str, given)) if isinstance(given, list) else self.languages

    def page(self, edition: str, language: str, chapter: str) -> str:
        """The file of a chapter's page, by path in the project: the edition's own, or else that of the series."""
        own = own_page(edition, language, chapter)
        place = self.root / own
        return own if place.is_file() or place.is_symlink() else f"report/{language}/{chapter}.qmd"


def own_page(edition: str, language: str, chapter: str) -> str:
    """Where an edition's own page of a chapter lies, in place of that of the series."""
    return f"report/{_EDITIONS}/{edition}/{language}/{chapter}.qmd"


def _as_of(path: Path) -> date:
    """The as-of date in an edition's file.

    It is the last day of the calendar if there is none, which ``read_edition`` tells.
    """
    try:
        found = read_toml(path, path.name).get("as_of")
    except InputError:
        return date.max
    return found if type(found) is date else date.max


def find_project(start: Path) -> Project:
    """The nearest folder upwards that holds report/series.toml."""
    for folder in (start, *start.parents):
        if (folder / _MARK).is_file():
            return Project(folder)
    fix = "change to the project's folder, give --project FOLDER, or start one with: npl-report init my-series"
    raise InputError(
        [
            Problem(
                start.name or str(start), rule=f"neither this folder nor one above it holds {_MARK.as_posix()}", fix=fix
            )
        ]
    )


def check_publication(project: Project, language: Language) -> None:
    """InputError for keys of ``report/<language>/_series.toml`` that nothing prints.

    Neither the program nor a template of the project does. Whether words are missing shows where they are printed.
    """
    shown = f"report/{language}/_series.toml"
    problems: list[Problem] = []
    templates = "".join(
        path.read_text(encoding="utf-8", errors="replace") for path in sorted(project.templates.rglob("*.html"))
    )
    own = dict.fromkeys(re.findall(r"\bseries\.(\w+)", templates), anything)
    Keys("the publication", {**own, **_PUBLICATION}).read(read_toml(project.root / shown, shown), shown, "", problems)
    if problems:
        raise InputError(problems)


def read_series(project: Project, known_tables: tuple[str, ...]) -> Series:
    """``report/series.toml``, all chapters (``Series.of`` gives those of an edition).

    A table key that has no folder is an error with the nearest name.
    """
    shown = _MARK.as_posix()
    raw = read_toml(project.root / _MARK, shown)
    problems: list[Problem] = []
    _SERIES.read(raw, shown, "", problems)
    chapters = read_chapters(raw.get("chapter", []), project.days, known_tables, shown, problems)
    without = read_without(raw.get("without", []), chapters, shown, problems)
    address = str(raw.get("address", "")).rstrip("/")
    if address and not re.fullmatch(r"https?://[^\s?#]+", address):
        fix = (
            'write address = "https://www.example.org/research", where the folder with the editions will stand; or '
            "leave it out"
        )
        rule = "must be the address of a web site"
        problems.append(Problem(shown, column="address", value=address, rule=rule, fix=fix))
    if problems:
        raise InputError(problems)
    return Series(str(raw.get("id", _UNNAMED)), address, chapters, without=without)


def is_edition_name(name: str) -> bool:
    """Whether an edition may be called so: its id names a folder of the site, where ``latest`` leads to the newest."""
    return is_id(name) and name != LATEST


def read_edition(project: Project, edition_id: str | None) -> Edition:
    """``report/editions/<id>.toml``; without an id, the latest edition."""
    edition_id = _known(project, edition_id)
    shown = f"report/editions/{edition_id}.toml"
    raw = read_toml(project.root / shown, shown)
    problems: list[Problem] = []
    _EDITION.read(raw, shown, "", problems)
    if not is_edition_name(edition_id):
        fix = "rename the file, as in 2020-03.toml; it names the folder and address of the edition"
        problems.append(Problem(shown, rule=NAME_RULE, fix=fix))
    languages = _languages(raw, project, shown, problems)
    as_of = _date(raw, "as_of", shown, problems)
    published = _date(raw, "published_on", shown, problems)
    market = read_market(project.data)
    windows, one_year = read_windows(raw.get("windows"), market, shown, problems)
    revision = raw.get("revision", 1)
    if not is_whole(revision, 1):
        fix = (
            "write revision = 1, without quotation marks, for the first publication, and 2 for the first correction "
            "of it"
        )
        problems.append(Problem(shown, None, "revision", str(revision), "must be a whole number from 1", fix))
    determinants = read_determinants(raw.get("determinants", {}), shown, problems)
    structure = read_structure(raw.get("structure", {}), tuple(windows), shown, problems)
    ages = read_ages(raw.get("ages", {}), shown, problems)
    ranking = read_ranking(raw.get("ranking", {}), shown, problems)
    present_value = read_present_value(raw.get("present_value", {}), shown, problems)
    horizons = read_horizons(raw.get("distribution", {}), shown, problems)
    restatements = read_restatements(raw.get("restatement", []), revision, languages, shown, problems)
    if date.min not in (published, as_of) and published < as_of:
        rule = "an edition is not published before its as-of date"
        fix = f"as_of is {as_of.isoformat()}; correct one of the two"
        problems.append(Problem(shown, None, "published_on", published.isoformat(), rule, fix))
    if problems:
        raise InputError(problems)
    rules = determinants, structure, ranking, present_value, restatements
    reported = replace(market.reporting(windows), horizons=horizons, ages=ages)
    return Edition(edition_id, as_of, published, revision, languages, reported, windows, one_year, *rules)


def _known(project: Project, edition_id: str | None) -> str:
    """The id of an edition that there is: the latest, if none is given."""
    known = project.editions
    if edition_id is None and known:
        return known[-1]
    if edition_id is not None and edition_id in known:
        return edition_id
    near = get_close_matches(edition_id or "", known, n=1)
    fix = f"did you mean {near[0]}? " if near else ""
    shown = f"report/editions/{edition_id}.toml" if edition_id else "report/editions"
    fix += f"known editions: {', '.join(known) or 'none'}; a new one is one TOML file"
    raise InputError([Problem(shown, rule="there is no such edition", fix=fix)])


def _languages(raw: Mapping[str, Any], project: Project, shown: str, problems: list[Problem]) -> tuple[str, ...]:
    given = raw.get("languages", list(project.languages))
    if given != [] and not is_texts(given):
        rule, fix = "must be a list of languages, each once", 'write languages = ["zh", "en"]'
        problems.append(Problem(shown, None, "languages", str(given), rule, fix))
        return ()
    languages, there = tuple(given), f"languages with prose: {', '.join(project.languages)}"
    if not languages:
        problems.append(Problem(shown, None, "languages", rule="names no language", fix=there))
    for language in languages:
        if language not in project.languages:
            fix = f"{there}; a new one needs report/{language}/*.qmd"
            problems.append(Problem(shown, None, "languages", language, f"report/{language} holds no pages", fix))
    return languages


def _date(raw: Mapping[str, Any], key: str, shown: str, problems: list[Problem]) -> date:
    value = raw.get(key)
    if type(value) is date:
        return value
    found, fix = None if value is None else str(value), f"write {key} = 2020-03-17, without quotation marks"
    problems.append(Problem(shown, None, key, found, "must be a date", fix))
    return date.min
