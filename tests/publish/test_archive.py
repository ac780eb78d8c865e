"""Publishing into ``site/``: once, whole or not at all, and every later change found.

The pages are a stand-in; ``test_published.py`` publishes real ones, ``test_archive_faults.py`` stops and breaks it.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from npl_report.build import assembly as gathering
from npl_report.build.assembly import Gathered
from npl_report.editions.archive import unpack
from npl_report.editions.folder import earlier_than, folder_of, published
from npl_report.files.hashing import digest
from npl_report.files.writing import sums
from npl_report.load.project import Project
from npl_report.model import InputError, Problem
from npl_report.publish.publishing import mend
from npl_report.publish.verify import verify
from npl_report.reconcile.reconciliation import Reconciled, check_reconciled
from tests.helpers.archiving import check, contents, put, quiet
from tests.helpers.standins import standin

RESTATED = '\n[[restatement]]\nrevision = 2\ntables = ["recovery_by_type"]\nwhy = { zh = "更正", en = "Corrected" }\n'


def revised(project: Project, edition: str) -> None:
    """Make the edition's file say revision 2."""
    path = project.report / "editions" / f"{edition}.toml"
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace("revision = 1", "revision = 2")
        .replace("published_on = 20", "published_on = 21")
        + RESTATED,
        encoding="utf-8",
    )


def told(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [str(problem) for problem in error.value.problems]


def test_two_editions_and_what_lists_them(archive: Project):
    put(archive, "2021-12")
    put(archive, "2020-03")  # the older one later: the order is that of the as-of dates
    site = archive.site
    assert [item.folder for item in published(site)] == ["2020-03", "2021-12"]
    listed = json.loads((site / "editions.json").read_bytes())
    assert listed["latest"] == "2021-12"
    assert {item["folder"]: item["manifest_sha256"] for item in listed["editions"]} == {
        name: digest((site / name / "manifest.json").read_bytes()) for name in ("2020-03", "2021-12")
    }
    assert 'url=../../2021-12/zh/index.html"' in (site / "latest" / "zh" / "index.html").read_text(encoding="utf-8")
    script = (site / "editions.js").read_text(encoding="utf-8")
    items = json.loads(script.removeprefix("globalThis.nplEditions = ").removesuffix(";\n"))
    assert [(item["folder"], item["pages"]) for item in items] == [
        ("2021-12", ["index.html", "market.html"]),
        ("2020-03", ["index.html", "market.html"]),
    ]
    assert check(archive) == {
        "editions": 2,
        "files": 2 * len(json.loads((site / "2020-03" / "manifest.json").read_bytes())["outputs"]),
        "rebuilt": 0,
    }


def test_the_feed_is_atom(archive: Project):
    put(archive, "2020-03")
    put(archive, "2021-12")
    feed = ET.parse(archive.site / "feed.xml").getroot()  # noqa: S314 -- our own file
    atom = "{http://www.w3.org/2005/Atom}"
    assert feed.tag == f"{atom}feed"
    assert [feed.findtext(f"{atom}{name}") for name in ("updated", "id")] == [
        "2022-01-20T00:00:00Z",
        "https://npl-report.example",
    ]
    entries = feed.findall(f"{atom}entry")
    assert [entry.findtext(f"{atom}id") for entry in entries] == [
        f"https://npl-report.example/{edition}/{language}"
        for edition in ("2021-12", "2020-03")
        for language in ("zh", "en")
    ]
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == len(entries)
    assert [entry.findtext(f"{atom}updated") for entry in entries] == ["2022-01-20T00:00:00Z"] * 2 + [
        "2020-04-15T00:00:00Z"
    ] * 2
    notes = [entry.find(f"{atom}link[@rel='enclosure']") for entry in entries]
    assert [note.get("length") for note in notes if note is not None] == [
        str((archive.site / edition / language / "note.pdf").stat().st_size)
        for edition in ("2021-12", "2020-03")
        for language in ("zh", "en")
    ]
    assert entries[1].findtext(f"{atom}summary") == "Recoveries < forecast · 2021-12-31"
    assert entries[1].findtext(f"{atom}content") == "<ul><li>One &amp; one.</li><li>Two.</li></ul>"
    ET.parse(archive.site / "sitemap.xml")  # noqa: S314 -- our own file


def test_the_root_has_a_page_for_addresses_that_lead_nowhere(archive: Project):
    """A server shows it at any depth: no link of it is relative."""
    put(archive, "2020-03")
    page = (archive.site / "404.html").read_text(encoding="utf-8")
    links = re.findall(r'(?:href|src)="([^"]*)"', page)
    assert "https://npl-report.example/latest/en/index.html" in links
    assert all(link.startswith("https://npl-report.example/") for link in links)
    assert page.count("<h1>Not here</h1>") == 2


def test_an_edition_that_was_published_before_tells_less(archive: Project, monkeypatch: pytest.MonkeyPatch):
    """Manifests of former versions know nothing of headlines, findings and the size of the note."""

    def former(*given: Any, **named: Any) -> Gathered:
        made = standin(*given, **named)
        later = ("missing", "missing_why", "headline", "findings", "note_bytes")
        words = {of: {key: said[key] for key in said if key not in later} for of, said in made.front["front"].items()}
        return replace(made, front={**made.front, "front": words})

    monkeypatch.setattr(gathering, "gather", former)
    put(archive, "2020-03")
    feed, page = ((archive.site / name).read_text(encoding="utf-8") for name in ("feed.xml", "404.html"))
    assert "<content" not in feed
    assert "length=" not in feed
    assert "<h1>Series en</h1>" in page


def test_a_published_edition_is_never_written_again(archive: Project):
    put(archive, "2020-03")
    before = contents(archive.site)
    with pytest.raises(InputError, match="this edition is published") as error:
        put(archive, "2020-03")
    assert "set revision = 2 in report/editions/2020-03.toml" in told(error)[0]
    assert contents(archive.site) == before


def test_a_revision_stands_beside_the_first(archive: Project):
    put(archive, "2020-03")
    before = contents(archive.site / "2020-03")
    revised(archive, "2020-03")
    with pytest.raises(InputError, match="an earlier revision is published"):
        put(archive, "2020-03")
    assert put(archive, "2020-03", revision=True).name == "2020-03-r2"
    assert contents(archive.site / "2020-03") == before
    assert json.loads((archive.site / "editions.json").read_bytes())["latest"] == "2020-03-r2"
    assert (archive.site / "index.html").read_text(encoding="utf-8").count("已有修订版") == 1
    assert check(archive)["editions"] == 2


def test_a_revision_says_what_it_restates(archive: Project):
    put(archive, "2020-03")
    path = archive.report / "editions" / "2020-03.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("revision = 1", "revision = 2"), encoding="utf-8")
    with pytest.raises(InputError, match="says nothing of what is restated"):
        put(archive, "2020-03", revision=True)
    path.write_text(
        path.read_text(encoding="utf-8").replace("revision = 2", "revision = 3") + RESTATED, encoding="utf-8"
    )
    with pytest.raises(InputError, match="revision 1 is the last that is published"):
        put(archive, "2020-03", revision=True)


def test_the_first_publication_is_no_revision(archive: Project):
    with pytest.raises(InputError, match="no revision of 2020-03 is published"):
        put(archive, "2020-03", revision=True)
    assert not (archive.site / "2020-03").exists()


@pytest.mark.parametrize(
    "name", ["..", "a/b", "/etc", "2020 03", "2020_03", "", "latest", ".hidden", "2020-03/../x", "第一期", "A"]
)
def test_names_with_path_parts_are_no_editions(name: str):
    with pytest.raises(InputError, match="the id of an edition"):
        folder_of(name, 1)


def test_earlier_editions_are_the_last_revisions_and_ones_own_former(archive: Project):
    from npl_report.load.project import read_edition

    put(archive, "2020-03")
    revised(archive, "2020-03")
    put(archive, "2020-03", revision=True)
    assert [item.folder for item in earlier_than(archive.site, read_edition(archive, "2021-12"))] == ["2020-03-r2"]
    assert [item.folder for item in earlier_than(archive.site, read_edition(archive, "2020-03"))] == ["2020-03"]


def test_the_recorded_inputs_are_those_of_the_project(archive: Project, tmp_path: Path):
    folder = put(archive, "2020-03")
    unpack((folder / "inputs.zip").read_bytes(), tmp_path / "again")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert {path: digest(data) for path, data in contents(tmp_path / "again").items()} == manifest["inputs"]


# What a reader, a disk or an attacker may do to site/.


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (
            lambda site: (site / "2020-03/en/index.html").write_bytes(b"changed"),
            "site/2020-03/en/index.html: was changed since it was published",
        ),
        (lambda site: (site / "2020-03/en/note.pdf").unlink(), "site/2020-03/en/note.pdf: is missing"),
        (
            lambda site: (site / "2020-03/en/added.html").write_bytes(b"new"),
            "site/2020-03/en/added.html: was not published",
        ),
        (
            lambda site: (site / "2020-03/manifest.json").write_bytes(b"{"),
            "site/2020-03/manifest.json: is missing or damaged",
        ),
        (
            lambda site: (site / "2020-03/SHA256SUMS").write_bytes(b""),
            "site/2020-03/SHA256SUMS: does not agree with the manifest",
        ),
        (lambda site: (site / "feed.xml").write_bytes(b"<feed/>"), "site/feed.xml: is not what the editions give"),
        (lambda site: (site / "latest/en/index.html").unlink(), "site/latest/en/index.html: is missing"),
        (lambda site: (site / "1999-01").mkdir(), "site/1999-01: is not in editions.json"),
        (lambda site: (site / "planted").symlink_to("/etc"), "site/planted: is a link to another place"),
        (
            lambda site: (site / "2020-03/en/planted.html").symlink_to("/etc/hostname"),
            "site/2020-03/en/planted.html: is a link to another place",
        ),
    ],
)
def test_every_change_is_found_and_named(archive: Project, harm: object, named: str):
    put(archive, "2020-03")
    harm(archive.site)  # type: ignore[operator]
    with pytest.raises(InputError) as error:
        check(archive)
    assert [text for text in told(error) if text.startswith(named)], told(error)


def test_a_forged_manifest_is_found_by_the_ledger(archive: Project):
    """Page, manifest and sums agree with each other; the ledger does not."""
    folder = put(archive, "2020-03")
    (folder / "en" / "index.html").write_bytes(b"forged")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["outputs"]["en/index.html"] = digest(b"forged")
    written = (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    (folder / "manifest.json").write_bytes(written)
    (folder / "SHA256SUMS").write_bytes(sums(manifest["outputs"], written))
    with pytest.raises(InputError, match=r"is not the manifest that editions\.json names"):
        check(archive)
    with pytest.raises(
        InputError, match="the manifest is not the one that was published"
    ):  # and nothing is published on top of it
        put(archive, "2021-12")


def test_root_files_are_written_again_from_the_manifests(archive: Project):
    put(archive, "2020-03")
    before = contents(archive.site)
    for name in ("feed.xml", "index.html", "editions.js", "latest/index.html"):
        (archive.site / name).unlink()
    mend(archive)
    assert contents(archive.site) == before


def test_a_figure_that_does_not_tie_out_is_not_published():
    equal = Reconciled(
        "L001", "report1", "exact", "issuance_by_type/total/n_deals", "96", "96", "0", "equal", "", "deals", ""
    )
    with pytest.raises(InputError, match="the published figure is 97") as error:
        check_reconciled(
            [
                equal,
                replace(equal, id="L002", published="97", difference="-1", verdict="differs"),
                replace(equal, id="L003", kind="approximate", verdict="differs"),
            ]
        )
    assert len(told(error)) == 1
    assert told(error)[0].startswith("tie-out L002")
    check_reconciled([equal])


def test_inputs_that_the_program_does_not_build_any_more(archive: Project, monkeypatch: pytest.MonkeyPatch):
    put(archive, "2020-03")

    def refuse(*_: object, **__: object) -> None:
        raise InputError([Problem("data/deals.csv", 1, "priority", rule="the column is missing", fix="add it")])

    monkeypatch.setattr(gathering, "gather", refuse)
    with pytest.raises(InputError, match="the program does not build these inputs any more") as error:
        verify(archive, (), quiet, rebuild=True, jobs=1)
    assert len(told(error)) == 1
    assert "data/deals.csv, row 1, column priority: the column is missing" in told(error)[0]


def test_a_damaged_ledger_is_told(archive: Project):
    put(archive, "2020-03")
    (archive.site / "editions.json").write_bytes(b"[")
    with pytest.raises(InputError, match="the ledger of editions is damaged"):
        check(archive)


def test_nothing_published_and_unknown_editions(archive: Project):
    with pytest.raises(InputError, match="nothing is published"):
        check(archive)
    put(archive, "2020-03")
    with pytest.raises(InputError, match="no such edition is published"):
        verify(archive, ["2021-12"], quiet, rebuild=False, jobs=1)


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "data/../../evil", "secrets/evil"])
def test_recorded_inputs_never_leave_their_folder(tmp_path: Path, name: str):
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, b"evil")
    with pytest.raises(ValueError, match="is no input"):
        unpack(buffer.getvalue(), tmp_path / "project")
    assert list(tmp_path.rglob("evil")) == []
