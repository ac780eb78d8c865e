"""Which files of a project a build reads.

They alone are inputs, and of what lies beside them nothing is hashed, archived or published. In ``data/`` they are the
description and the files that it describes, the corrections and the published figures; in ``report/`` the series, the
edition and the pages of its chapters, its own or those of the series; and all that a project owns of tables, charts and
words. Which templates a build reads is seen when it renders (``present.templates``).

Every input lies in the project: the hash of a file elsewhere would say nothing of the project, and an archive with it
would publish what nobody has put there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, product
from os.path import realpath
from pathlib import Path, PurePosixPath, PureWindowsPath

from npl_report.files.owned import WORDS, owned_files
from npl_report.load.brand import brand_files
from npl_report.load.corrections import corrected
from npl_report.load.market import MARKET
from npl_report.load.package import Package, described
from npl_report.load.pictures import pictures
from npl_report.load.project import Project, own_page
from npl_report.model import Edition, InputError, Problem, Series

_CORRECTIONS = "corrections.toml"
_BESIDE = (MARKET, _CORRECTIONS, "published/ledger.csv", "published/bindings.toml")
"""What is read in ``data/`` beside the description and the files that it describes, where it is there."""
_OF_A_LANGUAGE = ("_series.toml", "references.bib", "citations.csl")
_PRINTED = frozenset({"originators"})
"""Files that cannot be restricted."""
_NO_NEWS = frozenset({"README.md", ".gitignore", ".gitkeep", ".DS_Store", "Thumbs.db"})
"""Names of files that tell of a folder, or that other programs leave there: nobody takes them for an input."""
_NAMING = frozenset({".html", ".css", ".js", ".svg", ".xml", ".qmd"})
_INSIDE = "only files of the project are hashed, archived and published"


def data_files(folder: Path, package: Package) -> list[str]:
    """What is read in ``data/``, by path relative to the project.

    InputError for a file that is described elsewhere than in ``data/``.
    """
    names = [(resource.name, resource.path) for resource in package.resources]
    fix = f"put the file into {folder.name}/ and write its path from there; {_INSIDE}"
    if outside := [
        Problem(package.file, column=f"{name}.path", value=path, rule=f"leads out of {folder.name}/", fix=fix)
        for name, path in names
        if _leads_out(path)
    ]:
        raise InputError(outside)
    every = ["datapackage.json", *(PurePosixPath(path).as_posix() for _, path in names), *_BESIDE]
    return [f"{folder.name}/{path}" for path in dict.fromkeys(every)]


def restricted(package: Package) -> frozenset[str]:
    """Names of the resources that the description marks ``"access": "restricted"``.

    InputError for one that cannot be.
    """
    names = frozenset(str(entry["name"]) for entry in package.raw["resources"] if entry.get("access") == "restricted")
    if printed := [
        Problem(
            package.file,
            column=f"{name}.access",
            value="restricted",
            rule="cannot be restricted: pages print the names in it",
            fix="take it out",
        )
        for name in sorted(names & _PRINTED)
    ]:
        raise InputError(printed)
    return names


def withheld_files(folder: Path, package: Package) -> list[str]:
    """Inputs in ``data/`` that are neither archived nor published.

    They are the restricted files, and the corrections if they quote one of them.
    """
    names = restricted(package)
    files = [
        f"{folder.name}/{PurePosixPath(resource.path).as_posix()}"
        for resource in package.resources
        if resource.name in names
    ]
    return [*files, *([f"{folder.name}/{_CORRECTIONS}"] if names & corrected(folder / _CORRECTIONS) else [])]


def _leads_out(path: str) -> bool:
    """Whether a described path is an address, absolute (here or on Windows), or goes upwards."""
    windows = PureWindowsPath(path)
    return "://" in path or bool(windows.drive or windows.root) or ".." in windows.parts


def report_files(editions: Iterable[str], languages: Iterable[str]) -> list[str]:
    """What is read in ``report/`` but pages for some editions and languages, by path relative to the project."""
    own = [f"{language}/{name}" for language, name in product(languages, _OF_A_LANGUAGE)]
    return [f"report/{name}" for name in ("series.toml", *(f"editions/{id_}.toml" for id_ in editions), *own)]


def _pages(project: Project, series: Series) -> Iterator[str]:
    """Pages that editions read, or would without one of their own, by path relative to the project."""
    yield from (f"report/{of}/{chapter.key}.qmd" for of, chapter in product(project.languages, series.chapters))
    for id_ in project.editions:
        own = product(project.languages_of(id_), series.of(id_).chapters)
        yield from (own_page(id_, language, chapter.key) for language, chapter in own)


def picture_files(project: Project, languages: Iterable[str]) -> list[str]:
    """Pictures that pages of these languages may show."""
    files = chain.from_iterable(pictures(project.report, language).values() for language in languages)
    return sorted({path.relative_to(project.root).as_posix() for path in files})


def template_files(project: Project) -> list[str]:
    """What a build may read in ``templates/``."""
    files = (
        path
        for path in project.templates.rglob("*")
        if path.is_file() and not path.name.startswith(".") and not path.name.endswith("~")
    )
    return sorted(path.relative_to(project.root).as_posix() for path in files)


def input_files(project: Project, edition: Edition, series: Series) -> list[str]:
    """What a build of the edition may read, where it is there, by path relative to the project, sorted.

    InputError for what leads out of the project. ``series`` has the edition's chapters, and those of later editions.
    """
    data = data_files(project.data, described(project.data))
    # their days say which chapters the edition has
    first = {chapter.since for chapter in (*series.chapters, *series.later) if chapter.since}
    own = report_files({edition.id, *first}, edition.languages)
    own += [project.page(edition.id, of, chapter.key) for of, chapter in product(edition.languages, series.chapters)]
    beside = *owned_files(project.root), *brand_files(project.root), *picture_files(project, edition.languages)
    names = sorted({*data, *own, *template_files(project), *beside})
    refuse_links(project.root, names)
    return [name for name in names if (project.root / name).is_file()]


def refuse_links(root: Path, names: Iterable[str]) -> None:
    """InputError for every link among the files and their folders that leads out of the project."""
    base, found = root.resolve(), []
    for path in dict.fromkeys(chain.from_iterable(map(_folders, names))):
        place = root / path
        if place.is_symlink() and not Path(realpath(place)).is_relative_to(base):
            fix = f"put the file itself there; {_INSIDE}"
            found.append(
                Problem(path, value=str(place.readlink()), rule="is a link that leads out of the project", fix=fix)
            )
    if found:
        raise InputError(found)


def _folders(name: str) -> Iterator[str]:
    """The file and the folders that it lies in, the outermost first."""
    path = PurePosixPath(name)
    yield from (parent.as_posix() for parent in reversed(path.parents) if parent.parts)
    yield name


def unread(project: Project, series: Series) -> list[str]:
    """Files in ``data/``, ``report/`` and ``templates/`` that no edition reads, and assets that nothing names.

    By path relative to the project, sorted. ``series`` has all chapters. Files that tell of a folder are left out.
    """
    data = data_files(project.data, described(project.data))
    read = {*data, *report_files(project.editions, project.languages), *template_files(project)}
    read |= {*_pages(project, series), *picture_files(project, project.languages)}
    every = chain.from_iterable(folder.rglob("*") for folder in (project.data, project.report, project.templates))
    strangers = [path for path in every if path.relative_to(project.root).as_posix() not in read]
    texts = chain.from_iterable(folder.rglob("*") for folder in (project.templates, project.report))
    named = "".join(path.read_text(encoding="utf-8", errors="replace") for path in texts if path.suffix in _NAMING)
    strangers += [path for path in (project.templates / "html" / "assets").rglob("*") if path.name not in named]
    names = {
        path.relative_to(project.root).as_posix() for path in strangers if path.is_file() and path.name not in _NO_NEWS
    }
    spoken = tuple(f"{WORDS}/{language}{end}" for language, end in product(project.languages, ("/", ".toml")))
    return sorted({*names, *(name for name in owned_files(project.root, (WORDS,)) if not name.startswith(spoken))})
