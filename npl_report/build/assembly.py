"""Everything of an edition: pages, charts, downloads, notes. Nothing is written but the cache."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

from npl_report.build.facts import Facts
from npl_report.build.job import Collected, Options
from npl_report.build.kept import KeptTables
from npl_report.build.language import PRINTED, Made, Maker, Work, make
from npl_report.build.reading import read
from npl_report.build.steps import OF_FILES, Marks, Step
from npl_report.compare.history import History, check_earlier, check_restatements, history, history_files
from npl_report.compare.recorded import table_json
from npl_report.editions.fingerprint import input_hashes
from npl_report.editions.folder import Published
from npl_report.exports.datapackage import package_file
from npl_report.exports.downloads import evidence_csv, table_csv
from npl_report.files.made import Files, Stored
from npl_report.files.memory import give_back
from npl_report.files.store import Product, Store
from npl_report.load.brand import read_brand
from npl_report.load.pictures import FOLDER, shown_in
from npl_report.load.project import Project
from npl_report.model import Edition, InputError, Language, Problem
from npl_report.model.progress import Progress
from npl_report.present.branding import sheet as brand_sheet
from npl_report.present.localized import LocalizedEdition
from npl_report.present.reading import Reading
from npl_report.present.templates import Templates
from npl_report.reconcile.reconciliation import check_reconciled
from npl_report.site.facts import PageFacts
from npl_report.site.links import dead_links
from npl_report.site.outline import Front
from npl_report.site.page import SitePage
from npl_report.site.preview import previews, site_map
from npl_report.site.root import BESIDE, front_words
from npl_report.site.search import search_indexes
from npl_report.typesetting.drawings import ALPHABET, characters
from npl_report.typesetting.processes import Submit, chart_engine, here, workers
from npl_report.typesetting.webfonts import FIRST_CJK, Shown, web_fonts

_FEW = 3
"""Steps of a language that are made sooner than another process has started."""
_SLOW = ("npl_report.build.language", "vl_convert")
"""What the processes of a build from nothing import while its data are read."""
SHEET = "site.css"
"""The style sheet of every page, which says where the fonts are."""
_NAMING = (".css", ".js", ".svg")
"""Assets that may name others."""


@dataclass(frozen=True)
class Gathered:
    """All files of an edition's folder by their path in it, and what is told of them.

    ``front`` is what the root of ``site/`` says of the edition, for its manifest; ``pages`` are the pages as another
    engine takes them; ``templates`` those that were read.
    """

    files: MutableMapping[str, bytes]
    front: dict[str, Any]
    pages: Mapping[str, SitePage] = field(default_factory=dict)
    templates: frozenset[str] = frozenset()

    def read(self, inputs: Mapping[str, str]) -> dict[str, str]:
        """Of all inputs that there are, those that went into the edition."""
        return {
            path: sum_ for path, sum_ in inputs.items() if not path.startswith("templates/") or path in self.templates
        }


def gather(
    project: Project,
    edition: Edition,
    options: Options,
    progress: Progress,
    *,
    archived: bool = False,
    pages: bool = False,
    earlier: Sequence[Published] = (),
) -> Gathered:
    """Everything of the edition; ``pages`` as another engine takes them are made if they are wanted.

    ``earlier`` are the editions that its readers may know, oldest first: it is compared with the last.

    ``archived`` pages stand in ``site/`` beside other editions and lead to them, and their figures must tie out.
    """
    check_earlier(earlier)
    cache = project.build / ".cache"
    store = Store(cache / "made", forgetful=options.force)
    fresh = options.force or not (cache / "made").is_dir()
    slow = (*_SLOW, "weasyprint") if options.pdf else _SLOW
    with workers(options.jobs, early=slow if fresh else ()) as submit:
        inputs = input_hashes(project, edition)
        reading = read(project, edition, progress, KeptTables(cache / "results", forgetful=options.force))
        if archived:
            check_reconciled(next(iter(reading.by_language.values())).reconciled)
        assembly = Assembly(
            project, reading, inputs, options, progress, submit, store, archived=archived, earlier=tuple(earlier)
        )
        return assembly.gathered(pages=pages)


class Assembly:
    """One edition on its way from what was read to files; ``collected`` holds what is wrong with any of them.

    ``inputs`` are the hashes of the project's files before any of them was read.
    """

    def __init__(
        self,
        project: Project,
        reading: Reading,
        inputs: Mapping[str, str],
        options: Options,
        progress: Progress,
        submit: Submit,
        store: Store,
        *,
        archived: bool = False,
        earlier: tuple[Published, ...] = (),
    ) -> None:
        self.project, self.reading, self.inputs, self.options = project, reading, inputs, options
        self.progress = progress
        self.submit, self.store, self.archived, self.earlier = submit, store, archived, earlier
        self.cache = project.build / ".cache"
        self.templates = Templates(project.templates)
        self.brand = read_brand(project.root)
        self.collected = Collected()
        self.localized = tuple(reading.by_language.values())
        self.marks = Marks(reading, inputs, (options.pdf, archived), earlier)
        self.files = Files()

    def gathered(self, *, pages: bool) -> Gathered:
        """Everything; InputError with all that is wrong."""
        found = self.history()
        products = self._products(found)
        for_engines = self._pages(found) if pages else {}
        for product in products:
            self.files.add(product.files)
        self.files.add(package_file(self.reading, self.files, found))
        facts = Facts(products)
        self.files.add(search_indexes(self.reading.by_language, facts.said, note=self.options.pdf))
        self.files.add(previews(self.localized, self.templates, self._fronts(facts), self.cache))
        self.files.add(site_map(self.localized, self.templates, self.files))
        self.files.add(self.pictures())
        self.files.add({"index.html": _door(self.reading, self.templates)})
        self.files.add(self._assets(facts))
        self.collected.problems += dead_links(self.files, BESIDE if self.archived else (), facts)
        self.collected.done()
        return Gathered(self.files, self._front(facts), for_engines, self._read(facts))

    def pictures(self) -> dict[str, bytes]:
        """The pictures that chapters show."""
        found: dict[str, bytes] = {}
        for item in self.localized:
            for text in item.chapters.values():
                shown = (of for _, of in shown_in(text.source, self.project.report, item.language))
                found |= {f"{FOLDER}/{of.name}": of.file.read_bytes() for of in shown if of.file.is_file()}
        return found

    def _downloads(self) -> dict[str, Stored]:
        """The downloads of tables that are the same in every language."""
        files: dict[str, Stored] = {}
        for key in self.reading.series.table_keys:
            mark = self.marks.download(key)
            files |= (self.store.found(mark) or self.store.keep(mark, table_downloads(self.reading, key).items())).files
        return files

    def history(self) -> History | None:
        """What changed since earlier editions; it and the tables come to the files."""
        self.files.add(self._downloads())
        recorded = {key: self.files[f"downloads/tables/{key}.json"] for key in self.reading.series.table_keys}
        edition, found = self.reading.edition, None
        with self.collected.step():
            found = history(self.project, edition, self.reading.source, self.earlier, recorded, self.progress)
        if found:
            with self.collected.step():
                check_restatements(found, edition)
            self.files.add(history_files(found, edition))
        return found

    def _products(self, found: History | None) -> list[Product]:
        """What the steps of all languages have made, taken from the store where nothing has changed."""
        products: dict[str, Product | None] = {}  # in the order of their steps, whichever of them are made anew
        missing: list[tuple[Work, list[Step]]] = []
        for item in self.localized:
            steps = list(self.marks.steps(item, note=self.options.pdf))
            products |= {step.mark: self.store.found(step.mark) for step in steps}
            missing.append((self.work(item, found), [step for step in steps if not products[step.mark]]))
        count = sum(len(steps) for _, steps in missing)
        self.progress(f"make {count} of {len(products)} parts")
        submit = self.submit if any(len(steps) > _FEW for _, steps in missing) else here
        shares = 1 if submit is here else max(1, self.options.jobs // len(self.localized))
        begun: list[Future[Made]] = []
        for work, steps in missing:
            begun += [submit(make, work, part) for part in _shared(steps, shares)]
        engine: Future[bytes] = submit(chart_engine, self.cache)
        if isinstance(self.reading.results, KeptTables):
            self.reading.results.let_go()  # while others make the pages
            give_back()
        made: dict[str, Product] = {}
        for future in begun:
            done = future.result()
            made |= done.products
            self.collected.problems += done.problems
        self.files.add({"assets/vega.js": engine.result()})
        self._still(made)
        self.collected.done()
        return [product for product in (products | made).values() if product]

    def _still(self, made: Iterable[str]) -> None:
        """InputError if a file was changed while pages were made from it: they are not kept as made from the former."""
        now = input_hashes(self.project, self.reading.edition)
        if changed := sorted(
            path for path in now.keys() | self.inputs.keys() if now.get(path) != self.inputs.get(path)
        ):
            for mark in made:
                self.store.drop(mark)
            rule, fix = "was changed while the edition was built", "build it again"
            raise InputError([Problem(path, rule=rule, fix=fix) for path in changed])

    def work(self, localized: LocalizedEdition, found: History | None) -> Work:
        """What the steps of a language are made from."""
        assets = [path.name for path in sorted(_assets_of(self.project).iterdir()) if path.is_file()]
        return Work(
            self.project,
            self.reading.edition,
            localized.language,
            self.reading.by_language,
            found,
            self.marks.charts(localized),
            assets,
            self.store,
            self.options.pdf,
            self.archived,
        )

    def _pages(self, found: History | None) -> dict[str, SitePage]:
        """The pages as another engine takes them."""
        pages: dict[str, SitePage] = {}
        for item in self.localized:
            steps = [step for step in self.marks.steps(item, note=False) if step.kind not in OF_FILES]
            maker = Maker(self.work(item, found))
            for step in steps:
                pages |= dict(maker.pages(step))
        return pages

    def _fronts(self, facts: Mapping[str, PageFacts]) -> dict[Language, Front]:
        """What each language's front page says first."""
        first = self.reading.series.chapters[0].key
        return {item.language: facts[f"{item.language}/{first}.html"].front for item in self.localized}

    def _front(self, facts: Mapping[str, PageFacts]) -> dict[str, Any]:
        """What the root of ``site/`` says of the edition."""
        series, fronts = self.reading.series, self._fronts(facts)
        notes = {item.language: f"{item.language}/note.pdf" for item in self.localized}
        sizes = {language: len(self.files[path]) if path in self.files else 0 for language, path in notes.items()}
        return {
            "series": series.id,
            "address": series.address,
            "tables": series.table_keys,
            "front": {
                item.language: front_words(item, fronts[item.language], sizes[item.language]) for item in self.localized
            },
        }

    def _assets(self, facts: Facts) -> dict[str, bytes]:
        """Styles, scripts and fonts, all local."""
        door = self.files["index.html"].decode()
        shown = [
            self.files[path].decode() for path in self.files if path.endswith(".js") and not path.startswith("assets/")
        ]
        pages = [("", Shown("".join(characters(text)))) for text in (*shown, door)]
        found = _linked(_assets_of(self.project), "\n".join([*facts.assets, door]))
        logos = {f"assets/{name}": (self.project.root / path).read_bytes() for name, path in self.brand.assets.items()}
        return found | logos | self.fonts([*pages, *facts.signs])

    def fonts(self, pages: Sequence[tuple[str, Shown]]) -> dict[str, bytes]:
        """The fonts of pages that show these characters, and the style sheet, which says where they are.

        They come by steps, each with the path of its first page: the chapters in languages whose name is not Chinese
        tell what is read of it abroad.
        """
        names = {item.language: str(item.words["language.name"]) for item in self.localized}
        keys = [f"{chapter.key}.html" for chapter in self.reading.series.chapters]
        plain = (f"{language}/" for language, name in names.items() if name < FIRST_CJK)
        chapters = frozenset().union(*({f"{folder}{key}" for key in keys} for folder in plain))
        abroad = "".join([*names.values(), *(shown.signs for path, shown in pages if path in chapters)])
        files, rules = web_fonts([Shown("".join(ALPHABET)), *(shown for _, shown in pages)], abroad, self.cache)
        sheet = rules.encode() + (_assets_of(self.project) / SHEET).read_bytes() + brand_sheet(self.brand).encode()
        return {f"assets/{name}": data for name, data in {**files, SHEET: sheet}.items()}

    def _read(self, facts: Facts) -> frozenset[str]:
        """What the edition was made from in ``templates/``, by path in the project."""
        names = [
            *self.templates.read,
            *facts.templates,
            *(f"print/{name}" for name in PRINTED if self.options.pdf),
            *(f"html/{path}" for path in self.files if path.startswith("assets/")),
        ]
        return frozenset(f"templates/{name}" for name in names)


def _shared(steps: Sequence[Step], shares: int) -> list[list[Step]]:
    """Steps of a language for so many processes; those that draw charts stay together, which are drawn once."""
    drawing, plain = [step for step in steps if step.charts], [step for step in steps if not step.charts]
    parts = [[*drawing, *plain[shares - 1 :: shares]], *(plain[share::shares] for share in range(shares - 1))]
    return [part for part in parts if part]


def _assets_of(project: Project) -> Path:
    return project.templates / "html" / "assets"


def table_downloads(reading: Reading, key: str) -> dict[str, bytes]:
    """The files of a table that are the same in every language."""
    table, result = reading.tables[key], reading.results[key]
    return {
        f"downloads/tables/{key}.csv": table_csv(table, result, reading.edition.market.currency.code),
        f"downloads/tables/{key}.json": table_json(table, result, reading.edition, reading.source.package.notice),
        f"downloads/evidence/{key}.csv": evidence_csv(table, result, reading.edition.market.currency.code),
    }


def _linked(folder: Path, pages: str) -> dict[str, bytes]:
    """The assets that a page names, or another asset that does: what else lies there is not published."""
    waiting = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    found: dict[str, bytes] = {}
    texts = [pages]
    while texts:
        text = texts.pop()
        for name in [name for name in waiting if name in text or quote(name) in text]:
            found[f"assets/{name}"] = waiting.pop(name)
            texts += [found[f"assets/{name}"].decode(errors="replace")] if name.endswith(_NAMING) else []
    return found


def _door(reading: Reading, templates: jinja2.Environment) -> bytes:
    by_language = list(reading.by_language.values())
    languages = [
        {
            "href": f"{localized.language}/index.html",
            "tag": localized.words["language.tag"],
            "name": localized.words["language.name"],
            "notice": localized.notice,
        }
        for localized in by_language
    ]
    return (
        templates.get_template("html/root.html")
        .render(languages=languages, title=by_language[0].series_words["title"])
        .encode()
    )
