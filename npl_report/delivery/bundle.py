"""``bundle``: one ZIP of a published edition, for those who get it by hand.

It holds notes, tables, the site to open from disk, and hashes to check it all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from npl_report.delivery.mail import file_name, series_name
from npl_report.editions.folder import Published
from npl_report.files.hashing import digest
from npl_report.files.writing import MANIFEST, SUMS, keep, zipped
from npl_report.load.project import Project
from npl_report.model import InputError, Problem
from npl_report.model.progress import Progress
from npl_report.publish.verify import sound
from npl_report.text.words import Words, program_words

README = "README.txt"


@dataclass(frozen=True)
class Bundled:
    """The archive: where it is, what it holds, its hash."""

    path: Path
    files: int
    bytes: int
    sha256: str


def bundle(project: Project, folder: str, out: Path | None, progress: Progress, *, force: bool) -> Bundled:
    """Write the ZIP of an edition.

    InputError if the edition is not as it was published, or the file may not be written.
    """
    published = sound(project, folder, progress)
    place = out or Path(f"{series_name(published)}-{folder}.zip")
    _refuse(project, place, force=force)
    progress(f"pack {folder}")
    files = contents(project, published)
    data = zipped(files)
    try:
        keep(place, data)
    except OSError as error:
        raise InputError(
            [
                Problem(
                    str(place),
                    rule=f"cannot be written: {error.strerror}",
                    fix="choose another place with --out, or make room on the disk",
                )
            ]
        ) from None
    return Bundled(place, len(files), len(data), digest(data))


def _refuse(project: Project, place: Path, *, force: bool) -> None:
    where = place.resolve()
    if where.is_relative_to(project.site.resolve()):
        raise InputError(
            [
                Problem(
                    str(place), rule="is inside the folder of published editions", fix="choose another place with --out"
                )
            ]
        )
    if place.is_dir() or not where.parent.is_dir():
        rule = "is a folder" if place.is_dir() else "its folder does not exist"
        raise InputError(
            [Problem(str(place), rule=rule, fix="name a file in a folder that is there, as in --out edition.zip")]
        )
    if place.exists() and not force:
        raise InputError(
            [
                Problem(
                    str(place), rule="the file exists", fix="give --force to write it again, or another name with --out"
                )
            ]
        )


def contents(project: Project, published: Published) -> dict[str, bytes]:
    """Every file of the archive by its path, the sums included."""
    from npl_report.present.templates import Templates
    from npl_report.site.root import lone_root

    place = project.site / published.folder
    there = {path: (place / path).read_bytes() for path in (*published.manifest.outputs, MANIFEST, SUMS)}
    files = {f"{published.folder}/{path}": data for path, data in there.items()}
    for path, name in _at_the_top(published).items():
        files[name] = there[path]
    files[MANIFEST] = there[MANIFEST]
    files |= lone_root(published, Templates(project.templates))
    files[README] = readme(published).encode()
    files[SUMS] = "".join(f"{digest(data)}  {path}\n" for path, data in sorted(files.items())).encode()
    return files


def _at_the_top(published: Published) -> dict[str, str]:
    """Path in the edition → name at the top: the note and the tables of each language."""
    names: dict[str, str] = {}
    for language in published.manifest.languages:
        names |= {
            f"{language}/note.pdf": file_name(published, language),
            f"downloads/tables.{language}.xlsx": f"tables.{language}.xlsx",
        }
    return {path: name for path, name in names.items() if path in published.manifest.outputs}


def readme(published: Published) -> str:
    """What the archive is and how to check it, in every language of the edition, one after the other."""
    return ("\n" + "-" * 72 + "\n\n").join(
        _told(published, language, program_words(language)) for language in published.manifest.languages
    )


def _told(published: Published, language: str, words: Words) -> str:
    """The same in one language: what the edition is, what lies in the archive, and how to check it."""
    front = published.manifest.front[language]
    revision = f"{words['ui.dot']}{front['revision']}" if published.place[2] > 1 else ""
    head = [f"{front['title']}{words['ui.colon']}{front['subtitle']}", f"{front['edition']}{revision}"]
    listed = _listed(published, words)
    width = max(map(len, listed))
    hashes, how, windows, ledger, online = (
        str(words[key])
        for key in (
            "bundle.check",
            "bundle.check_lead",
            "bundle.check_windows",
            "bundle.check_manifest",
            "bundle.check_online",
        )
    )
    address = published.manifest.address
    paragraphs = [
        "\n".join([*head, *(str(front[key]) for key in ("as_of", "published", "publisher"))]),
        str(words["bundle.lead"]),
        *([f"{words['mail.notice']}{words['ui.colon']}{front['notice']}"] if front["notice"] else []),
        "\n".join([str(words["bundle.contents"]), *(f"  {name:<{width}}  {what}" for name, what in listed.items())]),
        "\n".join((hashes, how, f"  sha256sum --check {SUMS}            (Linux)"))
        + f"\n  shasum -a 256 --check {SUMS}        (macOS)",
        f"{windows}\n  Get-FileHash -Algorithm SHA256 {file_name(published, language)}",
        f"{ledger}\n  {published.sha256}"
        + (f"\n{online.format(address=f'{address}/editions.json')}" if address else ""),
    ]
    return "\n\n".join(paragraphs) + "\n"


def _listed(published: Published, words: Words) -> dict[str, str]:
    """Name at the top of the archive → what it is."""
    top, languages = _at_the_top(published), published.manifest.languages
    names = {language: published.manifest.front[language]["name"] for language in languages}
    listed = {"index.html": str(words["bundle.site"])}
    for key, path in (("bundle.note", "{}/note.pdf"), ("bundle.tables", "downloads/tables.{}.xlsx")):
        listed |= {
            name: str(words[key]).format(name=called)
            for language, called in names.items()
            if (name := top.get(path.format(language)))
        }
    return listed | {MANIFEST: str(words["bundle.manifest"]), SUMS: str(words["bundle.sums"])}
