"""What Quarto has written → the pages of the edition, or the reasons why they are not taken.

Its exit code alone proves nothing.
"""

from __future__ import annotations

import html
import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from npl_report.engines.quarto.project import BESIDE, CONFIG, OUTPUT, profile_file
from npl_report.engines.quarto.running import LIMIT, Render
from npl_report.model import Language, Problem
from npl_report.site.page import SitePage

SEARCH, LIBRARIES = "search.json", "site_libs"
_DATA = re.compile(r"<data\b([^>]*)>")
_ATTRIBUTE = re.compile(r'\b(value|data-number)="([^"]*)"')
_FOREIGN = re.compile(
    r'<(?:script|img|iframe|source|video|audio)\b[^>]*?\ssrc="((?:https?:)?//[^"]+)"|'
    r'<link\b(?=[^>]*\brel="(?:stylesheet|preload|modulepreload|icon)")[^>]*?\shref="((?:https?:)?//[^"]+)"'
)
_FOREIGN_STYLE = re.compile(r"""(?:@import\s+|\burl\(\s*)["']?((?:https?:)?//[^"')\s;]+)""", re.IGNORECASE)
_ID = re.compile(r'\sid="([^"]+)"')
_TAG = re.compile(r"<[^>]*>")
_OFFSET = re.compile(r'(<meta name="quarto:offset" content=")((?:\./)?(?:\.\./)*)(">)')
_TO_LIBRARIES = re.compile(rf'((?:href|src)=")\.\./((?:\.\./)*{LIBRARIES}/)')
_MOST = 10
"""Problems of one kind; the rest is counted."""
_ELSEWHERE = "the page would load it from elsewhere"
_MEND = (
    "the page is made from report/ and templates/: mend it there; "
    "the builtin engine renders the same page without Quarto"
)


def failed(render: Render, pages: Mapping[str, SitePage]) -> list[Problem]:
    """What the run itself says: an error, a time-out, a warning after which a page reads or leads wrong."""
    said = render.log
    if render.late:
        busy = f"see what keeps it busy with quarto render --profile {render.language}"
        rule = f"Quarto did not end within {render.limit:.0f} seconds and was stopped"
        fix = f"{busy}, or give it more time: {LIMIT}=1800"
        return [Problem(source_of(said.page, pages) or "quarto render", rule=rule, fix=fix)]
    if render.code or said.crashed:
        failure = said.failure()
        told = failure.text or "it said nothing"
        ended = f"by signal {-render.code}" if render.code and render.code < 0 else f"with exit code {render.code}"
        rule = f"Quarto ended {ended}:\n{told}" if render.code else f"Quarto told an error and went on:\n{told}"
        return [
            Problem(
                source_of(failure.file, pages) or "quarto render", rule=rule, fix=_remedy(failure.file, render.language)
            )
        ]
    wrong = dict.fromkeys((warned.page, warned.text) for warned in said.warnings if warned.wrong)
    return [
        Problem(
            source_of(page, pages) or "quarto render", rule=f"Quarto warns: {text}", fix=_remedy(page, render.language)
        )
        for page, text in wrong
    ]


def source_of(page: str, pages: Mapping[str, SitePage]) -> str:
    """The file that a user edits for a generated page: the chapter's own; other pages are named themselves."""
    path = page.removesuffix(".html").removesuffix(".qmd")
    found = pages.get(f"{path}.html")
    return (found and found.source) or (f"{path}.qmd" if path != page else page)


def _remedy(page: str, language: Language) -> str:
    if not page or page.startswith("_quarto"):
        return (
            f"npl-report prepare --lang {language} && quarto render --profile {language} shows it in the project itself"
            "; npl-report doctor says which Quarto is used"
        )
    return _MEND


def taken(
    render: Render, expected: Mapping[str, bytes], pages: Mapping[str, SitePage], problems: list[Problem]
) -> dict[str, bytes]:
    """The files of the language, by path in the edition's folder.

    ``expected``: its pages as the builtin engine makes them; ``pages``: the same before they were files.

    Search and libraries stand in the language's folder, so that a reader is not shown results in another language and
    each language keeps its own looks. What Quarto copies of the user's looks (favicon, logo) stands where its pages
    look for it, beside the languages.
    """
    root, language = render.folder / OUTPUT, render.language
    if lacking := list(_unwritten(root, language, expected, pages)):
        problems += lacking
        return {}
    files = {path: _in_language((root / path).read_bytes()) for path in expected}
    for path, page in files.items():
        problems += _differences(path, page, expected[path])
        problems += _lost(path, page.decode(), expected[path].decode(), pages[path])
    files |= {f"{language}/{path}": data for path, data in _below(root, LIBRARIES)}
    files |= chain.from_iterable(_below(root, folder) for folder in BESIDE)
    problems += _foreign_styles(files)
    files[f"{language}/{SEARCH}"] = _search(root / SEARCH, language, expected, problems)
    return files


def _unwritten(
    root: Path, language: Language, expected: Iterable[str], pages: Mapping[str, SitePage]
) -> Iterator[Problem]:
    """Pages that Quarto did not write, or not to their end."""
    missing = [path for path in expected if not _size(root / path)]
    for path in missing[:_MOST]:
        rule = "Quarto ended well and did not write the page"
        yield Problem(source_of(path, pages), rule=rule, fix=_MEND)
    if len(missing) > _MOST:
        rule = f"and {len(missing) - _MOST} further pages of {language} were not written"
        fix = f'write render: ["/{language}/**/*.qmd"]'
        yield Problem(profile_file(language), column="project.render", rule=rule, fix=fix)
    cut = [path for path in expected if path not in missing and not _whole(root / path)]
    for path in cut[:_MOST]:
        rule = "the page that Quarto wrote is cut off, or not UTF-8"
        yield Problem(source_of(path, pages), rule=rule, fix=_MEND)


def _below(root: Path, folder: str) -> list[tuple[str, bytes]]:
    return [
        (path.relative_to(root).as_posix(), path.read_bytes())
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    ]


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _whole(path: Path) -> bool:
    try:
        return path.read_bytes().decode().rstrip().endswith("</html>")
    except UnicodeDecodeError:
        return False


def _in_language(page: bytes) -> bytes:
    """The page with its libraries and its search one folder nearer."""
    text = _TO_LIBRARIES.sub(r"\1\2", page.decode())
    return _OFFSET.sub(
        lambda found: f"{found[1]}{found[2].removeprefix('./').removeprefix('../') or './'}{found[3]}", text
    ).encode()


def _differences(path: str, page: bytes, builtin: bytes) -> list[Problem]:
    """The page must hold the same numbers as the builtin engine's, and load nothing from elsewhere."""
    problems = []
    text = page.decode()
    ours, theirs = _numbers(_main(builtin.decode())), _numbers(_main(text))
    if ours != theirs:
        differing = [*(ours - theirs), *(theirs - ours)]
        number, value = differing[0]
        count = f"; {len(differing) - 1} more" if len(differing) > 1 else ""
        problems.append(
            Problem(
                path,
                value=f"{number or 'a figure'} {value}{count}",
                rule="the figures of the page are not those of the tables",
                fix=_MEND,
            )
        )
    foreign = next((a or b for a, b in _FOREIGN.findall(text)), None)
    if foreign:
        problems.append(
            Problem(
                path,
                value=foreign,
                rule=_ELSEWHERE,
                fix="take it out of _quarto*.yml or templates/quarto/; html-math-method: mathml needs no script",
            )
        )
    return problems


def _lost(path: str, text: str, builtin: str, page: SitePage) -> list[Problem]:
    """What readers and links look for on a page: its anchors, the notice on the data, the other languages."""
    problems = []
    here = set(_ID.findall(text))
    lost = [name for name in _ID.findall(_main(builtin)) if name not in here]
    if lost:
        more = f"; {len(lost) - 1} more" if len(lost) > 1 else ""
        problems.append(
            Problem(path, value=f"{lost[0]}{more}", rule="the page has lost an anchor that links lead to", fix=_MEND)
        )
    notice = " ".join(str(page.values.get("notice") or "").split())
    if notice and notice not in " ".join(html.unescape(_TAG.sub("", text)).split()):
        problems.append(Problem(path, rule="the page has lost the notice on the data", fix=_MEND))
    lost = [
        item.tag
        for item in page.shell.languages
        if not item.current and not re.search(rf'<a\b[^>]*\shref="{re.escape(html.escape(item.href))}"', text)
    ]
    if lost:
        problems.append(
            Problem(path, value=", ".join(lost), rule="the page has lost the link to another language", fix=_MEND)
        )
    return problems


def _foreign_styles(files: Mapping[str, bytes]) -> list[Problem]:
    """Style sheets must not load from elsewhere either."""
    found = (
        (path, _FOREIGN_STYLE.search(data.decode(errors="replace")))
        for path, data in files.items()
        if path.endswith(".css")
    )
    fix = "take it out of the theme in _quarto*.yml or templates/quarto/: some themes load their typefaces"
    return [Problem(path, value=url[1], rule=_ELSEWHERE, fix=fix) for path, url in found if url]


def links_of_the_frame(dead: Iterable[Problem], builtin: Mapping[str, bytes]) -> list[Problem]:
    """Dead links; those that the builtin page does not have are told once for each language.

    These stem from Quarto's frame, and no prose is to blame.
    """
    kept, frame = [], dict[tuple[str, str], list[str]]()
    for problem in dead:
        if f'"{problem.value}"'.encode() in builtin.get(problem.file, b""):
            kept.append(problem)
        else:
            language, folder = problem.file.partition("/")[0], posixpath.dirname(problem.file)
            target = posixpath.normpath(posixpath.join(folder, str(problem.value)))
            frame.setdefault((language, target), []).append(problem.file)
    for (language, target), where in frame.items():
        more = f" and {len(where) - 1} more pages" if len(where) > 1 else ""
        places = " or ".join(f"{folder}/" for folder in BESIDE)
        rule = f"Quarto's frame leads there from {where[0]}{more}, and there is nothing"
        fix = f"correct it in {CONFIG} or {profile_file(language)}; a file that they name must stand in {places}"
        kept.append(Problem(CONFIG, value=target, rule=rule, fix=fix))
    return kept


def _main(page: str) -> str:
    """What stands inside <main>: menus and tables of contents copy headings, figures included."""
    return page.partition("<main")[2].partition(">")[2].rpartition("</main>")[0]


def _numbers(text: str) -> Counter[tuple[str, str]]:
    """(identity, stored value) of every figure."""
    found: Counter[tuple[str, str]] = Counter()
    for attributes in _DATA.findall(text):
        named = dict(_ATTRIBUTE.findall(attributes))
        found[named.get("data-number", ""), named.get("value", "")] += 1
    return found


def _search(path: Path, language: Language, expected: Mapping[str, bytes], problems: list[Problem]) -> bytes:
    """The search index with addresses from the language's folder."""
    shown = f"{language}/{SEARCH}"
    try:
        entries: list[dict[str, Any]] = json.loads(path.read_bytes())
        for entry in entries:
            for key in ("objectID", "href"):
                entry[key] = posixpath.relpath(str(entry[key]), language)
    except FileNotFoundError:
        problems.append(
            Problem(
                shown,
                rule="Quarto did not write the search index",
                fix="see that website: search: is not switched off in _quarto*.yml",
            )
        )
        return b""
    except (ValueError, KeyError, TypeError, AttributeError):
        problems.append(
            Problem(
                shown,
                rule="the search index is not of Quarto's form",
                fix="npl-report doctor says which Quarto is used; report its version",
            )
        )
        return b""
    strangers = [entry["href"] for entry in entries if f"{language}/{entry['href'].partition('#')[0]}" not in expected]
    if strangers or not entries:
        value = strangers[0] if strangers else None
        problems.append(
            Problem(
                shown,
                value=value,
                rule="the search index leads to no page of the edition" if strangers else "the search index is empty",
                fix=_MEND,
            )
        )
    return json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()
