"""A project → the files of an edition, each made when it is asked for and kept until what it is made from changes.

Data and figures stay in memory, so that a changed sentence makes one page.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from npl_report.build.assembly import SHEET, Assembly
from npl_report.build.job import Options, chosen_edition
from npl_report.build.kept import KeptTables
from npl_report.build.language import Maker
from npl_report.build.reading import read
from npl_report.build.steps import CHAPTER, TABLE, Step
from npl_report.editions.archive import known_to
from npl_report.editions.fingerprint import input_hashes
from npl_report.files.owned import owned_by, take
from npl_report.files.store import Product, Store
from npl_report.live.owners import Owners
from npl_report.load.inputs import input_files
from npl_report.load.project import Project
from npl_report.model import InputError, Language, Problem
from npl_report.model.progress import Progress
from npl_report.present.branding import sheet
from npl_report.present.chapters import DRAFT, chapter_texts, drafts
from npl_report.present.pages import Pages
from npl_report.present.reading import Reading
from npl_report.present.templates import Templates
from npl_report.site.facts import facts_told
from npl_report.site.search import is_index, search_indexes
from npl_report.typesetting.processes import chart_engine, here
from npl_report.typesetting.webfonts import Shown

_STYLES = "templates/html/assets/"
_SAVING = 2.0
"""Seconds within which a file may have been saved before the preview hears of it."""


class LiveEdition:
    """One edition of a project.

    ``problems`` are those of what was read last; the state before it still stands. What is made here is never kept for
    builds: a file may be saved while a page is made from it. Use it as a context, which takes its own folder away.
    """

    def __init__(self, project: Project, options: Options, progress: Progress) -> None:
        self._project, self._options, self._progress = project, options, progress
        self._cache = project.build / ".cache"
        self._own = tempfile.TemporaryDirectory(prefix="npl-live-")
        self._built = Store(self._cache / "made")
        self._store = Store(Path(self._own.name), below=self._built)
        self._products: dict[str, tuple[float, Product]] = {}
        self._signs: set[str] = set()
        self._fonts: tuple[tuple[str, bytes], dict[str, bytes]] = (("", b""), {})
        self._assembly: Assembly | None = None
        self._makers: dict[Language, Maker] = {}
        self._steps: dict[Language, dict[tuple[str, str, int], Step]] = {}
        self._owners = Owners({})
        self.problems: tuple[Problem, ...] = ()
        self.refresh(())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._own.cleanup()

    @property
    def languages(self) -> tuple[Language, ...]:
        """Those that there are pages in; none before the project could be read."""
        return tuple(self._steps)

    def refresh(self, changed: Collection[str]) -> None:
        """Take in what changed, by path in the project; nothing named: everything."""
        assembly = self._assembly
        try:
            if assembly is None or self.problems or not changed:
                self._read()
            elif all(path.startswith("templates/") for path in changed):
                self._begin(assembly.reading, input_hashes(self._project, assembly.reading.edition))
            elif not (_are_prose(assembly, changed) and self._take_prose(assembly)):
                self._read()
            self.problems = ()
        except Exception as error:  # noqa: BLE001 -- the preview goes on, and shows what is wrong
            self.problems = problems_of(error)

    def stale(self) -> bool:
        """Whether a file was changed since the edition was read, or what is wrong may have been put right."""
        if self.problems:
            return True
        with suppress(InputError, OSError):
            assembly = self._assembly
            return assembly is None or input_hashes(self._project, assembly.reading.edition) != assembly.inputs
        return True

    def concerns(self, path: str) -> bool:
        """Whether a file may be read: others that editors leave are none of ours."""
        name = path.rpartition("/")[2]
        if name.startswith((".", "~$")) or name.endswith("~"):
            return False
        if self._assembly is None or self.problems or path in self._assembly.inputs:
            return True
        reading = self._assembly.reading
        with suppress(InputError, OSError):
            return path in input_files(self._project, reading.edition, reading.series)
        return True

    def notes(self, path: str) -> tuple[str, tuple[Problem, ...]]:
        """The file of a page's prose, empty for a page without, and what its author, or all, should look at."""
        if self._assembly is None:
            return "", ()
        reading = self._assembly.reading
        for language, kind, key, _ in self._owners.of(path):
            for chapter in reading.series.chapters:
                if kind == CHAPTER and chapter.key == key:
                    localized = reading.by_language[language]
                    text = localized.chapters[key]
                    page = Pages(localized, Templates(self._project.templates), "site", {}).page(chapter)
                    return text.shown, (*drafts([text], DRAFT), *page.warnings, *reading.warnings)
        return "", reading.warnings

    def file(self, path: str) -> bytes | None:
        """A file by its path in the edition's folder; None if there is none. InputError for what is wrong with it."""
        if self._assembly is None:
            return None
        try:
            return self._file(self._assembly, path)
        except OSError:  # the cache was deleted or harmed: what is gone is made again
            self._products.clear()
            self._read()
            return self._file(self._assembly, path)

    def _file(self, assembly: Assembly, path: str) -> bytes | None:
        if path in assembly.files:
            return assembly.files[path]
        if is_index(path) and path.partition("/")[0] in self._steps:
            return self._search(assembly).get(path)
        for language, kind, key, part in self._owners.of(path):
            step = self._steps[language].get((kind, key, part))
            found = self._product(language, step).files.get(path) if step else None
            if found:
                return found.read()
        return self._asset(assembly, path) or assembly.pictures().get(path)

    def _read(self) -> None:
        """Read, check and compute everything anew, with the project's tables and charts as they are now."""
        take(owned_by(self._project.root))
        edition = chosen_edition(self._project, self._options)
        inputs = input_hashes(self._project, edition)
        self._begin(read(self._project, edition, self._progress, KeptTables(self._cache / "results")), inputs)

    def _begin(self, reading: Reading, inputs: Mapping[str, str]) -> None:
        """Begin with what is read; pages are made when they are asked for."""
        earlier = tuple(known_to(self._project, reading.edition, self._options.beside))
        assembly = Assembly(
            self._project, reading, inputs, self._options, self._progress, here, self._store, earlier=earlier
        )
        found = assembly.history()
        assembly.collected.done()
        self._makers = {item.language: Maker(assembly.work(item, found)) for item in assembly.localized}
        self._take_steps(assembly)
        self._assembly, self._owners = assembly, Owners(assembly.reading.by_language)

    def _take_steps(self, assembly: Assembly) -> None:
        """The steps as they are now.

        Let go what was made from what is no more, and what was made just before: of a file that was being saved.
        """
        self._steps = {
            item.language: {
                (step.kind, step.key, step.part): step for step in assembly.marks.steps(item, note=self._options.pdf)
            }
            for item in assembly.localized
        }
        marks: set[str] = set()
        for steps in self._steps.values():
            marks.update(step.mark for step in steps.values())
        old = time.monotonic() - _SAVING
        self._products = {
            mark: (moment, product)
            for mark, (moment, product) in self._products.items()
            if mark in marks and moment < old
        }

    def _take_prose(self, assembly: Assembly) -> bool:
        """Take the new texts of chapters; whether that will do: their titles and charts stand in other pages too."""
        taken = []
        for item in assembly.localized:
            texts = chapter_texts(self._project, item.edition.id, item.language, item.series.chapters)
            taken.append((item, texts))
            pairs = zip(texts.values(), item.chapters.values(), strict=True)
            if any((new.menu, new.title, new.charts) != (old.menu, old.title, old.charts) for new, old in pairs):
                return False
        for item, texts in taken:
            item.chapters = texts
        self._take_steps(assembly)
        return True

    def _product(self, language: Language, step: Step) -> Product:
        """What a step gives, made if it is not there."""
        if step.mark not in self._products:
            found = self._built.found(step.mark)
            product = found or self._makers[language].product(step)
            self._products[step.mark] = 0.0 if found else time.monotonic(), product
            self._signs.update(product.told.get("signs", ""))
        return self._products[step.mark][1]

    def _asset(self, assembly: Assembly, path: str) -> bytes | None:
        """A style, a script or a font."""
        folder, _, name = path.rpartition("/")
        if folder != "assets":
            return None
        if name == "vega.js":
            return chart_engine(self._cache)
        if name == SHEET or name.endswith(".woff2"):
            return self._fonts_of(assembly).get(path)
        own = assembly.brand.assets.get(name)
        place = self._project.root / own if own else self._project.templates / "html" / "assets" / name
        return place.read_bytes() if place.is_file() else None

    def _fonts_of(self, assembly: Assembly) -> dict[str, bytes]:
        """Fonts with the characters of all pages that were ever shown, and of those that builds have made."""
        for language, steps in self._steps.items():
            for step in steps.values():
                if step.mark not in self._products and self._built.found(step.mark):
                    self._product(language, step)
        styles = (self._project.templates / "html" / "assets" / SHEET).read_bytes() + sheet(assembly.brand).encode()
        made_from = "".join(sorted(self._signs)), styles
        if self._fonts[0] != made_from:
            self._fonts = made_from, assembly.fonts([("", Shown(made_from[0]))])
        return self._fonts[1]

    def _search(self, assembly: Assembly) -> dict[str, bytes]:
        """The index of the search, for which all chapters and tables are made."""
        said = {}
        for language, steps in self._steps.items():
            for step in steps.values():
                if step.kind in (CHAPTER, TABLE) and not step.part:
                    pages = self._product(language, step).told["pages"]
                    said.update({path: facts_told(told).said for path, told in pages.items()})
        return search_indexes(assembly.reading.by_language, said, note=assembly.options.pdf)


def only_looks(changed: Iterable[str]) -> bool:
    """Whether a page has only to fetch its styles again."""
    return all(path.startswith(_STYLES) and path.endswith(".css") for path in changed)


def _are_prose(assembly: Assembly, changed: Iterable[str]) -> bool:
    """Whether all that changed are texts of chapters."""
    pages: set[str] = set()
    for item in assembly.localized:
        pages.update(text.shown for text in item.chapters.values())
    return pages.issuperset(changed)


def problems_of(error: Exception) -> tuple[Problem, ...]:
    """What went wrong, as readers of the preview are told."""
    if isinstance(error, InputError):
        return tuple(error.problems)
    if isinstance(error, OSError):
        rule = f"cannot be read or written: {error.strerror}"
        return (Problem(str(error.filename or "a file"), rule=rule, fix="look at its permissions, and at the disk"),)
    rule = f"met a bug of its own ({type(error).__name__}: {error})"
    return (Problem("npl-report", rule=rule, fix="please report it; npl-report build tells where the details are"),)
