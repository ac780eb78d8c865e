"""The build: read → compute → gather every page of every language → write once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from npl_report import __version__
from npl_report.build.engine import BUILTIN
from npl_report.build.job import Options, Outcome, chosen_edition
from npl_report.editions.archive import known_to
from npl_report.editions.fingerprint import code_hash, fingerprint, input_hashes
from npl_report.editions.folder import Published
from npl_report.files.environment import Environment, environment
from npl_report.files.manifest import Manifest
from npl_report.files.store import trim
from npl_report.files.writing import building, standing, write_tree
from npl_report.load.project import Project, read_edition
from npl_report.model import Edition
from npl_report.model.progress import Progress


def build(project: Project, options: Options, progress: Progress) -> Outcome:
    """Build one edition into ``build/<edition>/``; raise InputError with all problems, the former build untouched."""
    edition = chosen_edition(project, options)
    own = read_edition(project, edition.id)
    target = project.build / (edition.id if edition.as_of == own.as_of else f"{edition.id}@{edition.as_of.isoformat()}")
    inputs, code, made_by = input_hashes(project, edition) | options.engine.inputs(project), code_hash(), environment()
    earlier = known_to(project, edition, options.beside)
    without = tuple(f"{language}/" for language in own.languages if language not in edition.languages) + (
        () if options.pdf else ("note.pdf",)
    )
    mark = fingerprint(inputs, code, made_by, _settings(edition, options, earlier))
    if not options.force:
        manifest = standing(target)
        if manifest and manifest.fingerprint == mark:
            outputs = manifest.outputs
            return Outcome(
                edition.id, target, unchanged=True, pages=_pages(outputs), files=len(outputs), bytes=0, without=without
            )
    from npl_report.build.assembly import gather

    options.engine.check(project, edition.languages)
    with building(project.build):
        gathered = gather(project, edition, options, progress, pages=options.engine is not BUILTIN, earlier=earlier)
        files = options.engine.render(project, gathered.files, gathered.pages, options.jobs, progress)
        manifest = manifest_of(edition, gathered.read(inputs), code, made_by, earlier)
        manifest = replace(manifest, engine=options.engine.name, fingerprint=mark)
        progress(f"write {len(files)} files")
        size = write_tree(target, files, manifest, linked=True)
        trim(project.build / ".cache")
    return Outcome(
        edition.id, target, unchanged=False, pages=_pages(files), files=len(files), bytes=size, without=without
    )


def _settings(edition: Edition, options: Options, earlier: Iterable[Published]) -> dict[str, object]:
    """What decides the output besides inputs, program and environment."""
    known = list(earlier)
    return {
        "edition": edition.id,
        "as_of": edition.as_of.isoformat(),
        "languages": edition.languages,
        "pdf": options.pdf,
        "engine": options.engine.name,
        "earlier": [(item.folder, item.sha256) for item in known],
        "causes": [item.folder for item in known if item.at_hand],
    }


def manifest_of(
    edition: Edition, inputs: Mapping[str, str], code: str, made_by: Environment, earlier: Iterable[Published]
) -> Manifest:
    """What a build was made of: the edition, the program, its environment, the inputs, and the editions before it."""
    known = list(earlier)
    return Manifest(
        edition=edition.id,
        revision=edition.revision,
        as_of=edition.as_of.isoformat(),
        published_on=edition.published_on.isoformat(),
        languages=edition.languages,
        npl_report=__version__,
        code=code,
        environment=made_by,
        inputs=inputs,
        earlier=tuple((item.folder, item.sha256) for item in known),
        causes=tuple(item.folder for item in known if item.at_hand),
    )


def _pages(paths: Mapping[str, Any]) -> int:
    return sum(path.endswith(".html") for path in paths)
