"""The project folder that the commands act on, and the editorial files in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from npl_report.load.determinants import read_determinants
from npl_report.load.keys import Check, Keys, anything, flag, is_text, is_texts, is_whole, need, text
from npl_report.load.restatements import read_restatements
from npl_report.load.structure import read_structure
from npl_report.model import (
    ASSET_TYPES,
    ID_RULE,
    AssetType,
    Chapter,
    Edition,
    InputError,
    Language,
    Problem,
    Series,
    Window,
    is_id,
)

_MARK = Path("report/series.toml")
LATEST = "latest"
"""Folder of the site that leads to the newest edition."""
_UNNAMED = "series"
"""The id of a series that has none: the same in every folder, and so are the bytes."""
NAME_RULE = "the id of an edition must be small letters and digits, parted by single hyphens, not latest, at most 64 of them, and no name that Windows keeps for a device"
_LISTS = ("deals", "originators", "tables")
"""Folders of the site beside the pages of the chapters."""
_SERIES = Keys("the series", {"id": text(), "address": anything, "chapter": anything})
_CHAPTER = Keys(
    "a chapter",
    {"key": text(), "tables": anything, "supporting": anything, "note": flag(), "since": anything},
    needed=("key",),
    example='key = "market"',
)
_EDITION = Keys(
    "an edition",
    dict.fromkeys(
        ("as_of", "published_on", "revision", "languages", "windows", "determinants", "structure", "restatement"),
        anything,
    ),
)
_WINDOW = Keys("a window", dict.fromkeys(("low", "high", "source"), anything))
_PUBLICATION: Mapping[str, Check] = {
    **dict.fromkeys(("title", "subtitle", "publisher", "note_kind", "copyright"), text()),
    "disclaimer": need("must be a list of texts", 'write ["…", "…"]', is_texts),
}
"""``report/<language>/_series.toml``: the words of the publication itself."""


@dataclass(frozen=True)
class Project:
    """A folder with report/, templates/ and data/."""

    root: Path

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
        """What the publication looks like."""
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
        days = {path.stem: _as_of(path) for path in (self.report / "editions").glob("*.toml")}
        return tuple(sorted(days, key=lambda id_: (days[id_], id_)))

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that report/ has a folder for."""
        return tuple(sorted(path.name for path in self.report.iterdir() if path.is_dir() and any(path.glob("*.qmd"))))


def _as_of(path: Path) -> date:
    """The as-of date in an edition's file.

    The last day of the calendar if there is none, which ``read_edition`` tells.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get("as_of")
    except (OSError, ValueError):
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


def read_toml(path: Path, shown: str) -> dict[str, Any]:
    """A TOML file, or an InputError that names the line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            [Problem(shown, rule="the file is missing", fix="restore it, or copy it from the sample")]
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            [Problem(shown, rule=f"not valid TOML: {error}", fix="mend the syntax at that place")]
        ) from None


def check_publication(project: Project, language: Language) -> None:
    """InputError for keys of ``report/<language>/_series.toml`` that neither the program nor a template of the project prints. Whether words are missing shows where they are printed."""
    shown = f"report/{language}/_series.toml"
    problems: list[Problem] = []
    looks = "".join(
        path.read_text(encoding="utf-8", errors="replace") for path in sorted(project.templates.rglob("*.html"))
    )
    own = dict.fromkeys(re.findall(r"\bseries\.(\w+)", looks), anything)
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
    chapters: list[Chapter] = []
    seen: set[str] = set()
    editions = project.editions
    entries = raw.get("chapter", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError(
            [
                Problem(
                    shown,
                    column="chapter",
                    rule="must be a list of chapters",
                    fix="head each of them with [[chapter]], in double brackets",
                )
            ]
        )
    _SERIES.read(raw, shown, "", problems)
    for entry in entries:
        _CHAPTER.read(entry, shown, f"chapter {entry.get('key')}", problems)
        problems += _wrong_page(entry, shown)
        keys, supporting = (_keys(entry, name, shown, problems) for name in ("tables", "supporting"))
        for key in (*keys, *supporting):
            if key not in known_tables:
                near = get_close_matches(key, known_tables, n=1)
                fix = (
                    f"did you mean {near[0]}? " if near else ""
                ) + "a new table is one folder: npl_report/tables/<key>"
                problems.append(
                    Problem(
                        shown, column=f"chapter {entry.get('key')}", value=key, rule="there is no such table", fix=fix
                    )
                )
            if key in seen:
                problems.append(
                    Problem(
                        shown,
                        column=f"chapter {entry.get('key')}",
                        value=key,
                        rule="the table is listed twice",
                        fix="list it once",
                    )
                )
            seen.add(key)
        if any(chapter.key == entry.get("key") for chapter in chapters):
            problems.append(
                Problem(
                    shown,
                    column=f"chapter {entry.get('key')}",
                    rule="two chapters have this key",
                    fix="give one of them another; it names the page",
                )
            )
        chapters.append(
            Chapter(
                str(entry.get("key", "")),
                keys,
                supporting,
                bool(entry.get("note", True)),
                _since(entry, editions, shown, problems),
            )
        )
    if not chapters or chapters[0].key != "index":
        problems.append(
            Problem(shown, rule="the first chapter must be index", fix='begin with [[chapter]] key = "index"')
        )
    address = str(raw.get("address", "")).rstrip("/")
    if address and not re.fullmatch(r"https?://[^\s?#]+", address):
        fix = 'write address = "https://www.example.org/research", where the folder with the editions will stand; or leave it out'
        problems.append(
            Problem(shown, column="address", value=address, rule="must be the address of a web site", fix=fix)
        )
    if problems:
        raise InputError(problems)
    return Series(str(raw.get("id", _UNNAMED)), address, tuple(chapters), editions=editions)


def _keys(entry: Mapping[str, Any], name: str, shown: str, problems: list[Problem]) -> tuple[str, ...]:
    keys = entry.get(name, [])
    if not isinstance(keys, list):
        problems.append(
            Problem(
                shown,
                column=f"chapter {entry.get('key')}, {name}",
                value=str(keys),
                rule="must be a list of table keys",
                fix=f'write {name} = ["{keys}"]',
            )
        )
        return ()
    return tuple(str(key) for key in keys)


def _wrong_page(entry: Mapping[str, Any], shown: str) -> list[Problem]:
    """Whether the key of a chapter can name its page."""
    key = entry.get("key")
    if not is_text(key) or (is_id(str(key)) and key not in _LISTS):
        return []
    rule = f"names the lists of all {key}" if key in _LISTS else ID_RULE
    return [
        Problem(
            shown,
            column=f"chapter {key}",
            value=str(key),
            rule=rule,
            fix="give the chapter another key; it names its page",
        )
    ]


def _since(entry: Mapping[str, Any], editions: tuple[str, ...], shown: str, problems: list[Problem]) -> str:
    """The first edition that has the chapter; empty if every edition has it.

    It must be there: its as-of date says which editions are later.
    """
    since = entry.get("since", "")
    column = f"chapter {entry.get('key')}, since"
    if "since" in entry and since not in editions:
        near = get_close_matches(str(since), editions, n=1) or editions[-1:]
        fix = "".join(f'write since = "{id_}", in quotation marks; ' for id_ in near)
        fix += f"there are {', '.join(editions) or 'none'}; leave it out if every edition has the chapter"
        problems.append(
            Problem(
                shown, column=column, value=str(since), rule="must be the id of an edition of report/editions", fix=fix
            )
        )
        return ""
    if since and entry.get("key") == "index":
        problems.append(
            Problem(
                shown, column=column, value=since, rule="every edition needs the front page", fix="take out this line"
            )
        )
    return str(since)


def is_edition_name(name: str) -> bool:
    """Whether an edition may be called so: its id names a folder of the site, where ``latest`` leads to the newest."""
    return is_id(name) and name != LATEST


def read_edition(project: Project, edition_id: str | None) -> Edition:
    """``report/editions/<id>.toml``; without an id, the latest edition."""
    known = project.editions
    if edition_id is None and known:
        edition_id = known[-1]
    if edition_id not in known:
        near = get_close_matches(edition_id or "", known, n=1)
        fix = f"did you mean {near[0]}? " if near else ""
        shown = f"report/editions/{edition_id}.toml" if edition_id else "report/editions"
        raise InputError(
            [
                Problem(
                    shown,
                    rule="there is no such edition",
                    fix=f"{fix}known editions: {', '.join(known) or 'none'}; a new one is one TOML file",
                )
            ]
        )
    shown = f"report/editions/{edition_id}.toml"
    raw = read_toml(project.root / shown, shown)
    problems: list[Problem] = []
    _EDITION.read(raw, shown, "", problems)
    if not is_edition_name(str(edition_id)):
        problems.append(
            Problem(
                shown,
                rule=NAME_RULE,
                fix="rename the file, as in 2020-03.toml; it names the folder and address of the edition",
            )
        )
    languages = _languages(raw, project, shown, problems)
    as_of = _date(raw, "as_of", shown, problems)
    published = _date(raw, "published_on", shown, problems)
    windows = _section(raw, "windows")
    Keys("windows", dict.fromkeys((*ASSET_TYPES, "one_year"), anything)).read(windows, shown, "windows", problems)
    by_type = {kind: _window(windows, kind, shown, problems) for kind in ASSET_TYPES}
    one_year = _window(windows, "one_year", shown, problems)
    revision = raw.get("revision", 1)
    if not is_whole(revision, 1):
        problems.append(
            Problem(
                shown,
                None,
                "revision",
                str(revision),
                "must be a whole number from 1",
                "write revision = 1, without quotation marks, for the first publication, and 2 for the first correction of it",
            )
        )
    determinants = read_determinants(raw.get("determinants", {}), shown, problems)
    structure = read_structure(raw.get("structure", {}), shown, problems)
    restatements = read_restatements(raw.get("restatement", []), revision, languages, shown, problems)
    if date.min not in (published, as_of) and published < as_of:
        problems.append(
            Problem(
                shown,
                None,
                "published_on",
                published.isoformat(),
                "an edition is not published before its as-of date",
                f"as_of is {as_of.isoformat()}; correct one of the two",
            )
        )
    if problems:
        raise InputError(problems)
    return Edition(
        edition_id,
        as_of,
        published,
        revision,
        languages,
        cast("Mapping[AssetType, Window]", by_type),
        one_year,
        determinants,
        structure,
        restatements,
    )


def _languages(raw: Mapping[str, Any], project: Project, shown: str, problems: list[Problem]) -> tuple[str, ...]:
    given = raw.get("languages", list(project.languages))
    if given != [] and not is_texts(given):
        problems.append(
            Problem(
                shown,
                None,
                "languages",
                str(given),
                "must be a list of languages, each once",
                'write languages = ["zh", "en"]',
            )
        )
        return ()
    languages = tuple(given)
    if not languages:
        problems.append(
            Problem(
                shown,
                None,
                "languages",
                rule="names no language",
                fix=f"languages with prose: {', '.join(project.languages)}",
            )
        )
    for language in languages:
        if language not in project.languages:
            fix = f"languages with prose: {', '.join(project.languages)}; a new one needs report/{language}/*.qmd"
            problems.append(Problem(shown, None, "languages", language, f"report/{language} holds no pages", fix))
    return languages


def _date(raw: Mapping[str, Any], key: str, shown: str, problems: list[Problem]) -> date:
    value = raw.get(key)
    if type(value) is date:
        return value
    problems.append(
        Problem(
            shown,
            None,
            key,
            None if value is None else str(value),
            "must be a date",
            f"write {key} = 2020-03-17, without quotation marks",
        )
    )
    return date.min


def _section(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A section of the file; an empty one if it is missing or no section, so that its keys are told as missing."""
    value = raw.get(key)
    return value if isinstance(value, dict) else {}


def _window(windows: Mapping[str, Any], key: str, shown: str, problems: list[Problem]) -> Window:
    entry = _section(windows, key)
    _WINDOW.read(entry, shown, f"windows.{key}", problems)
    low, high, source = (cast("Any", entry.get(name)) for name in ("low", "high", "source"))
    if not (is_whole(low) and is_whole(high) and low <= high):
        fix = f"write [windows.{key}] with low = 33 and high = 39 (months of age)"
        problems.append(
            Problem(
                shown,
                None,
                f"windows.{key}",
                f"{low}–{high}" if entry else None,
                "needs whole months with low ≤ high",
                fix,
            )
        )
        return Window(0, 0, "chosen")
    if source not in ("published", "chosen"):
        problems.append(
            Problem(
                shown,
                None,
                f"windows.{key}.source",
                str(source),
                "must be published or chosen",
                "say whether the source prints the window",
            )
        )
        source = "chosen"
    return Window(low, high, source)
