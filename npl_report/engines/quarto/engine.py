"""An edition gathered by the builtin engine → the same edition with Quarto's pages.

Addresses and figures are the same, and everything else is byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from npl_report.build.job import Collected
from npl_report.editions.fingerprint import quarto_hashes
from npl_report.engines.quarto.finding import Quarto
from npl_report.engines.quarto.outputchecks import failed, links_of_the_frame, taken
from npl_report.engines.quarto.project import check_titles, private_copy, read_config, refused, sources
from npl_report.engines.quarto.running import Render, private_folders, render, time_limit
from npl_report.load.project import Project
from npl_report.model import InputError, Language, Problem
from npl_report.model.progress import Progress
from npl_report.present.templates import Templates
from npl_report.site.links import dead_links
from npl_report.site.page import SitePage
from npl_report.site.search import is_index


@dataclass(frozen=True)
class QuartoEngine:
    """The engine ``quarto``, with the program that was found."""

    program: Quarto

    @property
    def name(self) -> str:
        """The engine with its version."""
        return f"quarto {self.program.version}"

    def inputs(self, project: Project) -> dict[str, str]:
        """Its configuration, and what that names."""
        return quarto_hashes(project.root)

    def check(self, project: Project, languages: Sequence[Language]) -> None:
        """InputError for what is wrong with the configuration or the time limit."""
        settings(project, languages)

    def render(
        self, project: Project, files: Mapping[str, bytes], pages: Mapping[str, SitePage], jobs: int, progress: Progress
    ) -> Mapping[str, bytes]:
        """``files`` with every page rendered by Quarto."""
        return with_quarto(project, self.program, files, pages, jobs, progress)


def with_quarto(
    project: Project,
    quarto: Quarto,
    files: Mapping[str, bytes],
    pages: Mapping[str, SitePage],
    jobs: int,
    progress: Progress,
) -> dict[str, bytes]:
    """``files`` with every page of ``pages`` rendered by Quarto and proved against the one that it takes the place of.

    The builtin engine has made all pages before, so that what is wrong with prose, links and citations is told without
    Quarto.
    """
    titles = series_titles(pages)
    config = settings(project, titles)
    check_titles(config, titles)
    texts = sources(pages, Templates(project.templates))
    copies = {language: private_copy(project, config, language, texts) for language in titles}
    expected = {language: _pages_in(language, files, pages) for language in titles}
    made: dict[str, bytes] = {}
    progress(f"render {len(pages)} pages with Quarto {quarto.version}")
    with private_folders(copies) as folders:
        renders = [_render(language, folder, len(expected[language])) for language, folder in folders.items()]
        render(quarto, renders, jobs, progress)
        problems = list(chain.from_iterable(failed(item, pages) for item in renders))
        for item in renders if not problems else ():
            more = taken(item, expected[item.language], pages, problems)
            problems += _unlike(made, more)
            made |= more
            for text in dict.fromkeys(warned.text for warned in item.log.warnings):
                progress(f"quarto {item.language} warns: {text}")
    if not problems:
        made = {path: data for path, data in files.items() if not is_index(path)} | made
        problems = links_of_the_frame(dead_links(made), files)
    if problems:
        raise InputError(dict.fromkeys(problems))
    return made


def _pages_in(language: Language, files: Mapping[str, bytes], pages: Iterable[str]) -> dict[str, bytes]:
    return {path: files[path] for path in pages if path.startswith(f"{language}/")}


def _render(language: Language, folder: Path, pages: int) -> Render:
    return Render(language, folder, pages, time_limit(pages))


def _unlike(made: Mapping[str, bytes], more: Mapping[str, bytes]) -> list[Problem]:
    """Files that the languages share, and that Quarto wrote differently for one of them."""
    rule = "Quarto wrote it differently for another language"
    fix = "one file of templates/quarto/ or _extensions/ must not depend on the profile"
    shared = sorted(made.keys() & more.keys())
    return [Problem(path, rule=rule, fix=fix) for path in shared if made[path] != more[path]]


def settings(project: Project, languages: Iterable[Language]) -> dict[str, dict[str, Any]]:
    """The configuration by file, read and checked together with the time limit.

    What is wrong there is told before the long work.
    """
    collected = Collected()
    config: dict[str, dict[str, Any]] = {}
    with collected.step():
        config = read_config(project, languages)
        collected.problems += refused(config)
    with collected.step():
        time_limit(0)
    collected.done()
    return config


def series_titles(pages: Mapping[str, SitePage]) -> dict[Language, str]:
    """The title of the publication in each language that pages are in."""
    titles: dict[Language, str] = {}
    for path, page in pages.items():
        series: Any = page.values["series"]
        titles.setdefault(path.partition("/")[0], str(series["title"]))
    return titles
