"""Copied files of a sample → those of a project with the languages, chapters and currency that were chosen.

Prose loses what it says of works that the project does not cite and of chapters that it does not have: branches under
``{% if cites("…") %}`` and ``{% if has_page("…") %}``. What asks for more stays, and is asked when it is read.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from npl_report.files.texts import read_text
from npl_report.load.works import read_works
from npl_report.model import Chapter

_ID, _DAY, _SERIES, _CURRENCY = "EDITION", "AS_OF", "SERIES", "XXX"
"""What stands in the files of a sample without data for an edition, its day, the series and the currency."""
_TAG = re.compile(
    r"\{%(?P<left>[-+]?)\s*(?P<what>if|elif|else|endif)\b\s*(?P<asked>.*?)\s*(?P<right>[-+]?)%\}", re.DOTALL
)
_ASKED = re.compile(r"(cites|has_page)\(['\"]([\w-]+)['\"]\)")
_HEAD = re.compile(r"^\[\[chapter\]\][ \t]*(?:#.*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Choice:
    """What was chosen: the name of the folder, languages, chapters and, if any, a currency.

    ``without``: chapters of which prose speaks although they are not there.
    """

    name: str
    languages: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    without: tuple[str, ...]
    currency: str

    def files(self, files: Mapping[str, Path]) -> dict[str, Path]:
        """Those of the sample's files that belong to what was chosen."""
        return {name: path for name, path in files.items() if self._has(name)}

    def _has(self, name: str) -> bool:
        if profile := re.fullmatch(r"_quarto-(\w+)\.yml", name):
            return profile[1] in self.languages
        if name.startswith("data/published/"):
            return "tie-out" not in self.without
        page = re.fullmatch(r"report/(?!editions/|pictures/)(\w+)/(.+)", name)
        if not page:
            return True
        return page[1] in self.languages and page[2].removesuffix(".qmd") not in self.without


def fitted(root: Path, choice: Choice) -> dict[str, str]:
    """Files of a new project as the choice has them, by path; what is not named stays as it was copied."""
    report = root / "report"
    changed = {"report/series.toml": _series(_read(report / "series.toml"), choice)}
    for path in sorted((report / "editions").glob("*.toml")):
        changed |= _edition(path, choice)
    for language in choice.languages:
        works = read_works(report, language)
        for path in sorted((report / language).glob("*.qmd")):
            changed[f"report/{language}/{path.name}"] = settled(_read(path), works, choice.without)
    if not (root / "data" / "deals.csv").exists():
        changed |= _heads(root / "data", choice)
    if (profiles := root / "_quarto.yml").is_file():
        listed = ", ".join(choice.languages)
        changed["_quarto.yml"] = re.sub(r"group: \[.*?\]", f"group: [{listed}]", _read(profiles))
    return changed


def _read(path: Path) -> str:
    return read_text(path, path.name)


def _series(text: str, choice: Choice) -> str:
    """``series.toml`` with the chosen chapters; figures and places of chapters that are not there are taken out."""
    text = text.replace(f'"{_SERIES}"', json.dumps(_slug(choice.name)), 1)
    heads = [match.start() for match in _HEAD.finditer(text)]
    first = text[: heads[0]]
    if choice.without:
        said = f"without = {json.dumps(list(choice.without))}   # chapters of which pages speak where there are any"
        first = re.sub(r"^without = .*\n", "", first, flags=re.MULTILINE).rstrip("\n") + f"\n{said}\n\n"
    entries = [text[start:stop] for start, stop in zip(heads, [*heads[1:], len(text)], strict=True)]
    keys = {chapter.key for chapter in choice.chapters}
    tables = {*chain.from_iterable((*chapter.tables, *chapter.supporting) for chapter in choice.chapters)}
    kept = []
    for entry in entries:
        named = {key: match[1] for key in ("key", "cover", "after") if (match := _value(entry, key))}
        if named["key"] not in keys:
            continue
        gone = [key for key, known in (("cover", tables), ("after", keys)) if named.get(key, "") not in {"", *known}]
        kept.append(re.sub(rf"^(?:{'|'.join(gone)}) = .*\n", "", entry, flags=re.MULTILINE) if gone else entry)
    return first + "".join(kept).rstrip("\n") + "\n"


def _value(entry: str, key: str) -> re.Match[str] | None:
    return re.search(rf'^{key} = "([^"]*)"', entry, re.MULTILINE)


def _slug(name: str) -> str:
    """The name of a folder as an id."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:64] or "series"


def _edition(path: Path, choice: Choice) -> dict[str, str]:
    """An edition's file with the chosen languages, by its name; that of a sample without data gets a day."""
    languages = f"languages = {json.dumps(list(choice.languages))}"
    text = re.sub(r"^languages = \[.*?\]", languages, _read(path), flags=re.MULTILINE)
    if path.stem != _ID:
        return {f"report/editions/{path.name}": text}
    path.unlink()
    day = _last_quarter()
    return {f"report/editions/{day:%Y-%m}.toml": text.replace(_DAY, day.isoformat())}


def _last_quarter() -> date:
    """The last day of the quarter that is over."""
    today = datetime.now(UTC).date()
    return date(today.year, 1 + 3 * ((today.month - 1) // 3), 1) - timedelta(days=1)


def _heads(data: Path, choice: Choice) -> dict[str, str]:
    """The description and the market in the chosen languages and currency, and a head for each file without rows."""
    currency = choice.currency or _CURRENCY
    package = _without_languages(json.loads(_read(data / "datapackage.json")), choice.languages)
    described = json.dumps(package, ensure_ascii=False, indent=2).replace(f'"{_CURRENCY} ', f'"{currency} ')
    market = _read(data / "market.toml")
    market = re.sub(r"\{ (.*) \}", lambda words: _words(words[1], choice.languages), market)
    if choice.currency:
        market = re.sub(rf'code = "{_CURRENCY}".*', f'code = "{currency}"', market).replace(_CURRENCY, currency)
    answer = {
        "data/datapackage.json": f"{described}\n",
        "data/market.toml": re.sub(r"^\w+ = \{\}\n", "", market, flags=re.MULTILINE),
    }
    for resource in package["resources"]:
        if not (data / resource["path"]).exists():
            line = io.StringIO()
            csv.writer(line, lineterminator="\n").writerow([field["name"] for field in resource["schema"]["fields"]])
            answer[f"data/{resource['path']}"] = line.getvalue()
    return answer


def _words(given: str, languages: Sequence[str]) -> str:
    """The words of an inline table in the languages that are chosen."""
    kept = [word for word in re.findall(r'\w+ = "[^"]*"', given) if word.partition(" ")[0] in languages]
    return f"{{ {', '.join(kept)} }}" if kept else "{}"


def _without_languages(node: Any, languages: Sequence[str]) -> Any:
    """A description without translations into other languages, and without the columns of their names."""
    if isinstance(node, list):
        return [
            _without_languages(item, languages)
            for item in node
            if not (isinstance(item, dict) and _of_another(str(item.get("name", "")), ("name", "short"), languages))
        ]
    if isinstance(node, dict):
        texts = "title", "description"
        kept = {key: value for key, value in node.items() if not _of_another(key, texts, languages)}
        return {key: _without_languages(value, languages) for key, value in kept.items()}
    return node


def _of_another(key: str, stems: Sequence[str], languages: Sequence[str]) -> bool:
    """Whether a key is one of these in a language that is not chosen: ``name_zh``."""
    stem, _, language = key.partition("_")
    return stem in stems and bool(re.fullmatch("[a-z]{2}", language)) and language not in languages


def settled(text: str, works: frozenset[str], without: Sequence[str]) -> str:
    """Prose without the branches that ask for a work that is not cited, or for a chapter that is not there."""
    tags = list(_TAG.finditer(text))
    return "".join(_settle(text, tags, works, without, _Place()))


@dataclass
class _Place:
    """How far a text is read: a sign, and a tag."""

    at: int = 0
    tag: int = 0


def _settle(
    text: str, tags: Sequence[re.Match[str]], works: frozenset[str], without: Sequence[str], place: _Place
) -> Iterator[str]:
    """The text up to the end of the block that is open, or of everything."""
    while place.tag < len(tags) and tags[place.tag]["what"] == "if":
        yield text[place.at : tags[place.tag].start()]
        yield _block(text, tags, works, without, place)
    stop = tags[place.tag].start() if place.tag < len(tags) else len(text)
    yield text[place.at : stop]
    place.at = stop


def _block(
    text: str, tags: Sequence[re.Match[str]], works: frozenset[str], without: Sequence[str], place: _Place
) -> str:
    """One ``{% if %}``: whole, or without the branches that cannot hold."""
    branches: list[tuple[re.Match[str], str]] = []
    while (tag := tags[place.tag])["what"] != "endif":
        place.tag += 1
        place.at = tag.end()
        branches.append((tag, "".join(_settle(text, tags, works, without, place))))
    place.tag += 1
    place.at = tag.end()
    kept = [(head, body) for head, body in branches if not _never(head["asked"], works, without)]
    if len(kept) == len(branches):
        return "".join(f"{head[0]}{body}" for head, body in branches) + tag[0]
    if not kept or kept[0][0]["what"] == "else":
        place.at += _swallowed(tag, text)
        return kept[0][1][_swallowed(kept[0][0], text) :] if kept else ""
    first = re.sub(r"^(\{%[-+]?\s*)elif", r"\1if", kept[0][0][0])
    return "".join([first, kept[0][1], *(f"{head[0]}{body}" for head, body in kept[1:]), tag[0]])


def _never(asked: str, works: frozenset[str], without: Sequence[str]) -> bool:
    """Whether a condition cannot hold: it asks for one thing alone, and that is not there."""
    found = _ASKED.fullmatch(asked)
    if found is None:
        return False
    return found[2] not in works if found[1] == "cites" else found[2] in without


def _swallowed(tag: re.Match[str], text: str) -> int:
    """Signs after a tag that do not print: the end of its line, unless it says otherwise."""
    return 1 if tag["right"] != "+" and text[tag.end() : tag.end() + 1] == "\n" else 0
