"""A project → the files of an edition, each made when it is asked for and kept until what it is made from changes.

Data and figures stay in memory, so that a changed sentence makes one page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

from npl_report.build.assembly import Assembly
from npl_report.build.job import Collected, Options, chosen_edition
from npl_report.build.language import Maker
from npl_report.build.reading import read
from npl_report.build.steps import CATALOGUE, CHAPTER, EXPORTS, NOTE, PICTURES, PROFILES, TABLE, Step
from npl_report.editions.archive import known_to
from npl_report.files.store import Product, Store
from npl_report.load.project import Project
from npl_report.model import InputError, Language, Problem
from npl_report.model.progress import Progress
from npl_report.present.chapters import chapter_texts
from npl_report.present.reading import Reading
from npl_report.site.facts import facts_told
from npl_report.site.search import is_index, search_indexes
from npl_report.typesetting.processes import chart_engine, here

_STYLES = "templates/html/assets/"


class LiveEdition:
    """One edition of a project.

    ``problems`` are those of what was read last; the state before it still stands.
    """

    def __init__(self, project: Project, options: Options, progress: Progress) -> None:
        self._project, self._options, self._progress = project, options, progress
        self._cache = project.build / ".cache"
        self._store = Store(self._cache / "made")
        self._products: dict[str, Product] = {}
        self._assembly: Assembly | None = None
        self._makers: dict[Language, Maker] = {}
        self._steps: dict[Language, dict[tuple[str, str], Step]] = {}
        self.problems: tuple[Problem, ...] = ()
        self.refresh(())

    @property
    def languages(self) -> tuple[Language, ...]:
        """Those that there are pages in; none before the project could be read."""
        return tuple(self._steps)

    def refresh(self, changed: Collection[str]) -> None:
        """Take in what changed, by path in the project; nothing named: everything."""
        assembly = self._assembly
        try:
            if assembly is None or not changed:
                self._read()
            elif all(path.startswith("templates/") for path in changed):
                self._begin(self._assembled(assembly.reading))
            elif not (self._is_prose(assembly, changed) and self._take_prose(assembly)):
                self._read()
            self.problems = ()
        except InputError as error:
            self.problems = tuple(error.problems)

    def only_looks(self, changed: Iterable[str]) -> bool:
        """Whether a page has only to fetch its styles assembly."""
        return all(path.startswith(_STYLES) and path.endswith(".css") for path in changed)

    def file(self, path: str) -> bytes | None:
        """A file by its path in the edition's folder; None if there is none. InputError for what is wrong with it."""
        if self._assembly is None:
            return None
        language = path.partition("/")[0]
        if language in self._steps and is_index(path):
            return self._search(self._assembly).get(path)
        for at, kind, key in self._owners(path):
            step = self._steps[at].get((kind, key))
            found = self._product(at, step).files.get(path) if step else None
            if found:
                return found.read()
        return self._shared(self._assembly, PurePosixPath(path))

    def _read(self) -> None:
        """Read, check and compute everything anew."""
        edition = chosen_edition(self._project, self._options)
        reading = read(self._project, edition, self._progress, self._cache / "results")
        self._begin(self._assembled(reading))

    def _assembled(self, reading: Reading) -> Assembly:
        earlier = tuple(known_to(self._project, reading.edition, self._options.beside))
        return Assembly(self._project, reading, self._options, self._progress, here, self._store, earlier=earlier)

    def _begin(self, assembly: Assembly) -> None:
        """Begin with what is read; pages are made when they are asked for."""
        collected = Collected()
        found = assembly.history()
        collected.problems += assembly.collected.problems
        collected.done()
        steps = {
            item.language: {(step.kind, step.key): step for step in assembly.marks.steps(item, note=self._options.pdf)}
            for item in assembly.localized
        }
        self._makers = {item.language: Maker(assembly.work(item, found)) for item in assembly.localized}
        self._steps, self._assembly = steps, assembly

    def _is_prose(self, assembly: Assembly, changed: Iterable[str]) -> bool:
        """Whether all that changed are texts of chapters."""
        pages = {text.shown for item in assembly.localized for text in item.chapters.values()}
        return pages.issuperset(changed)

    def _take_prose(self, assembly: Assembly) -> bool:
        """Take the new texts of chapters; whether that will do: their titles and charts stand in other pages too."""
        for item in assembly.localized:
            texts = chapter_texts(self._project.report, item.language, item.series.chapters)
            if any(
                (new.menu, new.title, new.charts) != (old.menu, old.title, old.charts)
                for new, old in zip(texts.values(), item.chapters.values(), strict=True)
            ):
                return False
            item.chapters = texts
            steps = assembly.marks.steps(item, note=self._options.pdf)
            self._steps[item.language] = {(step.kind, step.key): step for step in steps}
        return True

    def _product(self, language: Language, step: Step) -> Product:
        """What a step gives, made if it is not there."""
        if step.mark not in self._products:
            self._products[step.mark] = self._store.found(step.mark) or self._makers[language].product(step)
        return self._products[step.mark]

    def _owners(self, path: str) -> Iterator[tuple[Language, str, str]]:
        """The steps (language, kind, key) that may make a file."""
        first, *rest = path.split("/")
        if first in self._steps:
            yield first, *_maker_of(rest)
            return
        name = rest[-1] if rest else ""
        for language in self._steps:
            if first == "assets" and rest[0] == "charts":
                yield language, *((PROFILES, "") if name.startswith("deal-") else (TABLE, _stem(name)))
            elif first == "downloads":
                yield language, PICTURES if rest[0] == "charts" else EXPORTS, ""

    def _shared(self, assembly: Assembly, path: PurePosixPath) -> bytes | None:
        """A file that all languages share."""
        if path.as_posix() in assembly.files:
            return assembly.files[path.as_posix()]
        if path.parts[:1] != ("assets",) or len(path.parts) != 2:  # noqa: PLR2004 -- the folder and a name
            return None
        if path.name == "vega.js":
            return chart_engine(self._cache)
        if path.suffix == ".woff2":
            return assembly.fonts(self._signs()).get(path.as_posix())
        place = self._project.templates / "html" / "assets" / path.name
        return place.read_bytes() if place.is_file() else None

    def _signs(self) -> str:
        """The characters of all pages that were ever made as they are now."""
        known = []
        for language, steps in self._steps.items():
            for step in steps.values():
                found = self._products.get(step.mark) or self._store.found(step.mark)
                if found:
                    self._products[step.mark] = found
                    known.append(self._product(language, step).told.get("signs", ""))
        return "".join(known)

    def _search(self, assembly: Assembly) -> dict[str, bytes]:
        """The index of the search, for which all chapters and tables are made."""
        said = {}
        for language, steps in self._steps.items():
            for step in steps.values():
                if step.kind in (CHAPTER, TABLE):
                    pages = self._product(language, step).told["pages"]
                    said.update({path: facts_told(told).said for path, told in pages.items()})
        return search_indexes(assembly.reading.by_language, said)


def _maker_of(rest: list[str]) -> tuple[str, str]:
    """The step that makes a page, by its path in the language's folder."""
    if len(rest) == 1:
        return (NOTE, "") if rest[0] == "note.pdf" else (CHAPTER, rest[0].removesuffix(".html"))
    if rest[0] == "tables":
        return (CATALOGUE, "") if rest[1] == "index.html" else (TABLE, _stem(rest[1]))
    return PROFILES, ""


def _stem(name: str) -> str:
    """The table that a file's name begins with."""
    return name.partition(".")[0].partition("-")[0]
