"""``new-edition`` → the file of an edition, with the settings of the newest one, and drafts of pages of its own."""

from __future__ import annotations

import calendar
import re
import tomllib
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from npl_report.load.additions import Added, refuse, text_of, write
from npl_report.load.data import dataset, read_source
from npl_report.load.project import NAME_RULE, Project, is_edition_name, own_page, read_edition, read_series
from npl_report.load.structure import check_cases
from npl_report.load.tablefolders import table_keys
from npl_report.model import Edition, InputError, Problem, Structure, nearest

_MONTH = re.compile(r"([1-9]\d{3})-(0[1-9]|1[0-2])")
_SECTION = re.compile(r"(?:^#.*\n)*^\[{1,2}[ \t]*(?P<name>[^\[\]\n]*?)[ \t]*\]{1,2}[ \t]*(?:#.*)?$", re.MULTILINE)
"""The head of a section with the remarks above it."""
_KNOWN = {
    "deals": "issue_date",
    "collections": "reported_on",
    "payments": "reported_on",
    "forecasts": "made_on",
    "market": "date",
}
"""By which column an as-of date cuts a file (``load.asof``)."""
_BEGUN = """\
# Edition {id}, begun by npl-report new-edition with the settings of {base}. Go on here: write the day of publication,
# and see whether the windows are those that it shall have. Pages of its own go into report/editions/{id}/.
"""
_DRAFT = """\
# The edition's own page, begun as a copy of that of the series: edit it, and then take out the next line.
draft: true
"""


@dataclass(frozen=True)
class Begun:
    """An edition that is not written yet: the text of its file, and what is worth knowing of it."""

    edition: Edition
    settings: str
    notices: tuple[Problem, ...]


def begin_edition(project: Project, id_: str, as_of: date | None, chapters: Collection[str]) -> Begun:
    """The edition as it would be written, with pages of some chapters; InputError for what speaks against it."""
    _check_name(project, id_)
    day = as_of or _last_of_month(id_)
    base = read_edition(project, project.editions[-1])
    edition = replace(base, id=id_, as_of=day, published_on=day, revision=1, restatements=())
    _check_chapters(project, edition, chapters)
    source = read_source(project.data)
    data = dataset(source, day, source.reporting(edition).market)
    newest = max(filter(pd.notna, (source.frames[name][column].max() for name, column in _KNOWN.items()))).date()
    notices, left_out = [], {"restatement"}
    if day > newest:
        rule = f"the data hold nothing later than {newest.isoformat()}"
        fix = "add what has been reported since to data/, or choose an earlier day with --as-of"
        notices.append(Problem("--as-of", value=day.isoformat(), rule=rule, fix=fix))
    try:
        check_cases(edition, data.deals, data.forecasts)
    except InputError:
        edition = replace(edition, structure=replace(edition.structure, cases=Structure().cases))
        left_out.add("structure.cases")
        rule = f"not all deals of [structure.cases] are known on {day.isoformat()}: the new edition is without it"
        notices.append(Problem(_file(base.id), rule=rule, fix=f"name others in {_file(id_)}"))
    return Begun(edition, _settings(text_of(project, _file(base.id)), base.id, edition, left_out), tuple(notices))


def write_edition(project: Project, new: Begun, pages: Mapping[tuple[str, str], str]) -> Added:
    """Write it with its own pages, as drafts, by language and chapter; its file last: before, there is no such edition.

    ``pages``: their texts, as the series has them or could have them.
    """
    id_ = new.edition.id
    drafts = {own_page(id_, *of): _as_draft(text, f"report/{'/'.join(of)}.qmd") for of, text in pages.items()}
    write(project, {**drafts, _file(id_): new.settings}, {})
    first = f"edit {next(iter(drafts))} and take out draft: true there, likewise in its other pages; " if drafts else ""
    fix = f"see what {_file(id_)} says; {first}npl-report serve --edition {id_} shows it"
    gone = f" and report/editions/{id_}/" if drafts else ""
    return Added((_file(id_), *drafts), (), fix, f"delete {_file(id_)}{gone}", new.notices)


def with_edition(project: Project, edition: Edition) -> Project:
    """The project as if the edition were there."""
    return replace(project, begun=((edition.id, edition.as_of),))


def _file(id_: str) -> str:
    return f"report/editions/{id_}.toml"


def _check_name(project: Project, id_: str) -> None:
    rule, fix = "", "choose another id"
    if not is_edition_name(id_):
        rule, fix = NAME_RULE, "as in 2022-06"
    elif id_ in project.editions:
        rule = "there is such an edition"
    elif (project.report / "editions" / id_).exists():
        rule, fix = f"report/editions/{id_}/ is there, and no such edition", "take the folder away, or rename it"
    elif (project.site / id_).exists():
        rule = "an edition of this id is published"
    refuse(rule, "ID", id_, fix)
    if not project.editions:
        rule, fix = "there is no edition whose settings a new one could have", "write the first as in the sample"
        raise InputError([Problem("report/editions", rule=rule, fix=fix)])


def _last_of_month(id_: str) -> date:
    found = _MONTH.fullmatch(id_)
    refuse("" if found else "is no year and month, of which the last day could be taken", "ID", id_, "give --as-of")
    year, month = (int(part) for part in found.groups()) if found else (1, 1)
    return date(year, month, calendar.monthrange(year, month)[1])


def _check_chapters(project: Project, edition: Edition, chapters: Collection[str]) -> None:
    """InputError for chapters that the edition will not have."""
    series = read_series(with_edition(project, edition), table_keys()).of(edition.id)
    there, later = ([chapter.key for chapter in some] for some in (series.chapters, series.later))
    for key in chapters:
        if key in later:
            rule = f"editions as of {edition.as_of.isoformat()} do not have the chapter yet"
            refuse(rule, "--chapters", key, "leave it out, or choose a later day with --as-of")
        refuse("" if key in there else "there is no such chapter", "--chapters", key, nearest(key, there))


def _as_draft(text: str, page: str) -> str:
    """A page of the series with the mark of a draft in its head."""
    found = re.match(r"---\n(.*?)(?=^---\n)", text, re.DOTALL | re.MULTILINE)
    if not found:
        fix = "begin the file with ---, title: …, description: …, ---"
        raise InputError([Problem(page, 1, rule="the page has no head", fix=fix)])
    head = re.sub(r"(?m)^draft:.*\n", "", found[1])
    return f"---\n{_DRAFT}{head}{text[found.end() :]}"


def _settings(text: str, base: str, edition: Edition, left_out: Collection[str]) -> str:
    """The file of an edition gone on with: other days, revision 1, without some sections; remarks are kept.

    What opens it was said of the former edition. InputError if it is written so that this cannot be done.
    """
    starts = [match.start() for match in _SECTION.finditer(text)]
    names = [match["name"] for match in _SECTION.finditer(text)]
    stops = [*starts[1:], len(text)]
    kept = "".join(
        text[start:stop]
        for name, start, stop in zip(names, starts, stops, strict=True)
        if name not in left_out and name.partition(".")[0] not in left_out
    )
    head = re.sub(r"\A(?:[ \t]*(?:#.*)?\n)+", "", text[: starts[0]] if starts else text)
    day = edition.as_of.isoformat()
    head = re.sub(r"(?m)^as_of[ \t]*=[ \t]*[\d-]+", f"as_of = {day}", head)
    comment = "# the day on which it comes out: write it when it is known"
    head = re.sub(r"(?m)^published_on[ \t]*=.*$", f"published_on = {day}   {comment}", head)
    head = re.sub(r"(?m)^revision[ \t]*=.*$", "revision = 1", head)
    made = _BEGUN.format(id=edition.id, base=base) + head + kept
    with suppress(tomllib.TOMLDecodeError):
        if tomllib.loads(made) == _expected(tomllib.loads(text), edition, left_out):
            return made.rstrip("\n") + "\n"
    rule = "is written in a form that new-edition cannot go on with"
    fix = "write as_of, published_on and revision in lines of their own, sections under heads such as [structure]"
    raise InputError([Problem(_file(base), rule=rule, fix=fix)])


def _expected(raw: Mapping[str, Any], edition: Edition, left_out: Collection[str]) -> dict[str, Any]:
    """What the file must say."""
    days = {"as_of": edition.as_of, "published_on": edition.published_on, "revision": 1}
    made = {key: days.get(key, value) for key, value in raw.items() if key not in left_out}
    if "structure.cases" in left_out:
        made["structure"] = {key: value for key, value in raw["structure"].items() if key != "cases"}
    return made
