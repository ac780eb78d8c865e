"""``new-table``, ``new-chapter``, ``new-language`` → the files of a project that begin one, to be gone on with.

Each writes what passes ``check`` as it is, touches ``report/series.toml`` in one place and keeps its comments, and says
what undoes it.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import npl_report
from npl_report.files.owned import TABLES, WORDS
from npl_report.files.texts import read_text
from npl_report.files.writing import keep
from npl_report.load.chapters import no_page
from npl_report.load.project import Project, own_page, read_series
from npl_report.load.tablefolders import OWN, own_keys, table_folder, table_keys
from npl_report.model import InputError, Problem, is_id, nearest

_SERIES = "report/series.toml"
_SCAFFOLDS = Path(__file__).with_name("scaffolds")
_PROGRAM_WORDS = Path(npl_report.__file__).parent / "text"
_FINDINGS = Path(npl_report.__file__).parent / "findings" / "words"
_EXAMPLE = "en"
_HEAD = re.compile(r"^\[\[chapter\]\][ \t]*(?:#.*)?$", re.MULTILINE)
_TABLE_KEY = "must be small letters, digits and underscores, begin with a letter, and be no word of Python"


@dataclass(frozen=True)
class Added:
    """What was written, by path in the project: new files, files that were gone on with, and what to do next."""

    written: tuple[str, ...]
    changed: tuple[str, ...]
    next: str
    undo: str
    notices: tuple[Problem, ...] = ()


def add_table(project: Project, key: str, chapter: str | None) -> Added:
    """A table of the project in a chapter, by default the last that has tables: one that counts deals by their kind."""
    series = read_series(project, table_keys())
    rule = fix = ""
    if key in table_keys() or (project.root / TABLES / key).exists():
        rule, fix = "there is such a table", "choose another key"
    elif not re.fullmatch(r"[a-z]\w*", key, re.ASCII) or not is_id(key.replace("_", "-")) or keyword.iskeyword(key):
        rule, fix = _TABLE_KEY, "as in recovery_by_size"
    refuse(rule, "KEY", key, fix)
    known = [of.key for of in series.chapters]
    last = [of.key for of in series.chapters if of.tables and of.key != "index"] or known[-1:]
    where = chapter or last[-1]
    refuse("there is no such chapter" if where not in known else "", "--chapter", where, nearest(where, known))
    files = {f"{TABLES}/{key}/__init__.py": _scaffold("table.py.txt").replace("NEW_TABLE", key)}
    for language in project.languages:
        files[f"{TABLES}/{key}/{language}.toml"] = _scaffold("table.{}.toml", language).replace("NEW_TABLE", key)
    pages = [f"report/{language}/{where}.qmd" for language in project.languages]
    owned = (own_page(*place, where) for place in product(project.editions, project.languages))
    pages += [page for page in owned if (project.root / page).is_file()]
    changed = {page: text_of(project, page).rstrip("\n") + f'\n\n{{{{ table("{key}") }}}}\n' for page in pages}
    changed[_SERIES] = _with_table(text_of(project, _SERIES), where, key)
    write(project, files, changed)
    placed = f'{{{{ table("{key}") }}}}'
    undo = f"delete {TABLES}/{key}/, its key in {_SERIES}, and {placed} in {', '.join(pages)}"
    return Added(tuple(files), tuple(changed), f"compute in {TABLES}/{key}/__init__.py; words beside it", undo)


def add_chapter(project: Project, key: str) -> Added:
    """A chapter at the end of the series."""
    series = read_series(project, table_keys())
    rule = fix = ""
    pages = {language: f"report/{language}/{key}.qmd" for language in project.languages}
    if any(of.key == key for of in series.chapters):
        rule, fix = "there is such a chapter", "choose another key"
    elif rule := no_page(key):
        fix = "give the chapter another key, as in market-outlook"
    elif there := [page for page in pages.values() if (project.root / page).exists()]:
        rule, fix = f"{there[0]} is there", f"list it in {_SERIES}, or choose another key"
    refuse(rule, "KEY", key, fix)
    files = {page: _scaffold("chapter.{}.qmd", language) for language, page in pages.items()}
    entry = f'\n[[chapter]]\nkey = "{key}"\n'
    write(project, files, {_SERIES: text_of(project, _SERIES).rstrip("\n") + "\n" + entry})
    undo = f"delete {', '.join(pages.values())} and its entry in {_SERIES}"
    return Added(tuple(files), (_SERIES,), f"write {next(iter(pages.values()))}; its title names it in menus", undo)


def add_language(project: Project, code: str) -> Added:
    """A language of the project: copies of what is there, marked as a draft, to be translated."""
    base = _EXAMPLE if _EXAMPLE in project.languages else project.languages[0]
    ours = (_PROGRAM_WORDS / f"{code}.toml").is_file()
    rule = fix = ""
    if code in project.languages:
        rule, fix = "the project has this language", "translate what is there"
    elif not re.fullmatch(r"[a-z]{2,3}", code):
        rule, fix = "must be the code of a language of two or three small letters (ISO 639)", "as in fr"
    refuse(rule, "CODE", code, fix)
    files = {} if ours else dict(_words(code))
    for key in own_keys():
        files[f"{TABLES}/{key}/{code}.toml"] = read_text(table_folder(key) / f"{base}.toml", key)
    for path in sorted((project.report / base).iterdir()):
        if path.is_file() and not path.name.startswith("."):
            files[f"report/{code}/{path.name}"] = read_text(path, path.name)
    new = {name: text for name, text in files.items() if not (project.root / name).exists()}
    write(project, new, {})
    gone = [f"report/{code}/", *([] if ours else [f"{WORDS}/{code}.toml", f"{WORDS}/{code}/"])]
    undo = f"delete {', '.join([*gone, *(f'{TABLES}/{key}/{code}.toml' for key in own_keys())])}"
    draft = "" if ours else f" and {WORDS}/{code}.toml, and take out draft = true there"
    fix = (
        f"translate report/{code}/{draft}; then add {code} to languages of an edition: check names the columns and "
        "names that the data need"
    )
    return Added(tuple(new), (), fix, undo)


def _words(code: str) -> Iterator[tuple[str, str]]:
    """The program's words, those of its tables and of its findings, in the language of the example."""
    own = read_text(_PROGRAM_WORDS / f"{_EXAMPLE}.toml", "").replace('tag = "en"', f'tag = "{code}"', 1)
    own = own.replace('name = "English"', f'name = "{code}"', 1)
    yield f"{WORDS}/{code}.toml", f"{_scaffold('language.en.toml')}\ndraft = true\n{own}"
    for folder in sorted(path for path in OWN.folder.iterdir() if (path / f"{_EXAMPLE}.toml").is_file()):
        yield f"{WORDS}/{code}/tables/{folder.name}.toml", read_text(folder / f"{_EXAMPLE}.toml", "")
    for path in sorted((_FINDINGS / _EXAMPLE).glob("*.toml")):
        yield f"{WORDS}/{code}/findings/{path.name}", read_text(path, "")


def refuse(rule: str, place: str, value: str, fix: str) -> None:
    """InputError if there is a rule that is broken."""
    if rule:
        raise InputError([Problem(place, value=value, rule=rule, fix=fix)])


def _scaffold(name: str, language: str = "") -> str:
    """A file to begin with; in the language of the example where there is none in this one."""
    found = _SCAFFOLDS / name.format(language)
    return read_text(found if found.is_file() else _SCAFFOLDS / name.format(_EXAMPLE), name)


def text_of(project: Project, name: str) -> str:
    """A text of the project, by its path there."""
    return read_text(project.root / name, name)


def _with_table(text: str, chapter: str, key: str) -> str:
    """``series.toml`` with a key at the head of a chapter's tables."""
    heads = [match.start() for match in _HEAD.finditer(text)]
    for start, stop in zip(heads, [*heads[1:], len(text)], strict=True):
        entry = text[start:stop]
        named = re.search(rf"^key\s*=\s*[\"']{re.escape(chapter)}[\"'].*\n?", entry, re.MULTILINE)
        if not named:
            continue
        listed = re.search(r"^tables\s*=\s*\[(\s*\])?", entry, re.MULTILINE)
        if listed:
            made = f'{entry[: listed.start()]}tables = ["{key}"{"]" if listed[1] else ", "}{entry[listed.end() :]}'
        else:
            made = f'{entry[: named.end()].rstrip()}\ntables = ["{key}"]\n{entry[named.end() :]}'
        return text[:start] + made + text[stop:]
    raise InputError([Problem(_SERIES, value=chapter, rule="its entry is not found", fix='write key = "…" in a line')])


def write(project: Project, files: Mapping[str, str], changed: Mapping[str, str]) -> None:
    """Write new files, and then what is gone on with, each whole or not at all."""
    for name, text in {**files, **changed}.items():
        keep(project.root / name, text.encode())
