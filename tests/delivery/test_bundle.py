"""``npl-report bundle``: one ZIP of a published edition."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from npl_report.files.hashing import digest
from tests.helpers.mailing import FOLDER, fake_project
from tests.helpers.running import Command


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return fake_project(tmp_path / "project")


def test_a_bundle_holds_the_edition_and_says_how_to_check_it(npl_report: Command, project: Path, tmp_path: Path):
    ran = npl_report("bundle", FOLDER, cwd=project)
    assert ran.code == 0, ran.err
    place = project / "npl-research-2020-03.zip"
    assert ran.out.endswith(f"SHA-256 {digest(place.read_bytes())}\n")
    with zipfile.ZipFile(place) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "out")
    top = [
        "README.txt",
        "SHA256SUMS",
        "editions.js",
        "index.html",
        "manifest.json",
        "npl-research-2020-03.en.pdf",
        "npl-research-2020-03.zh.pdf",
        "tables.en.xlsx",
        "tables.zh.xlsx",
    ]
    published = [
        path.relative_to(project / "site").as_posix()
        for path in (project / "site" / FOLDER).rglob("*")
        if path.is_file()
    ]
    assert sorted(names) == names == sorted([*top, *published])
    out = tmp_path / "out"
    assert all((out / path).read_bytes() == (project / "site" / path).read_bytes() for path in published)
    assert (out / "npl-research-2020-03.zh.pdf").read_bytes() == (
        project / "site" / FOLDER / "zh" / "note.pdf"
    ).read_bytes()
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=out, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert len(checked.stdout.splitlines()) == len(names) - 1
    readme = (out / "README.txt").read_text(encoding="utf-8")
    for said in (
        "不良资产证券化深度研究：回收",
        "NPL Securitisation Research: Recoveries",
        "sha256sum --check SHA256SUMS",
        "重构样本",
        "reconstructed sample",
        "https://npl.example/editions.json",
    ):
        assert said in readme
    assert readme.count(digest((project / "site" / FOLDER / "manifest.json").read_bytes())) == 2
    assert f"{FOLDER}/index.html" in (out / "index.html").read_text(encoding="utf-8")


def test_the_bytes_depend_on_the_edition_alone(npl_report: Command, project: Path):
    assert npl_report("bundle", FOLDER, "--out", "one.zip", cwd=project).code == 0
    for path in (project / "site").rglob("*"):
        path.touch()
    assert npl_report("bundle", FOLDER, "--out", "two.zip", cwd=project).code == 0
    assert (project / "one.zip").read_bytes() == (project / "two.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO((project / "one.zip").read_bytes())) as archive:
        assert {
            (item.date_time, item.compress_type, item.create_system, item.external_attr) for item in archive.infolist()
        } == {((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 3, 0o100644 << 16)}


def test_a_file_that_is_there_stays_without_force(npl_report: Command, project: Path):
    place = project / "npl-research-2020-03.zip"
    place.write_bytes(b"mine")
    ran = npl_report("bundle", FOLDER, cwd=project)
    assert ran.code == 1
    assert (
        "npl-research-2020-03.zip: the file exists\n    → give --force to write it again, or another name with --out"
        in ran.err
    )
    assert place.read_bytes() == b"mine"
    answer = json.loads(npl_report("bundle", FOLDER, "--force", "--json", cwd=project).out)
    assert (answer["ok"], answer["sha256"]) == (True, digest(place.read_bytes()))


def test_an_edition_that_was_changed_is_refused(npl_report: Command, project: Path):
    (project / "site" / FOLDER / "zh" / "index.html").write_bytes(b"changed")
    (project / "site" / FOLDER / "added.txt").write_bytes(b"")
    ran = npl_report("bundle", FOLDER, cwd=project)
    assert ran.code == 1
    assert "site/2020-03/zh/index.html: was changed since it was published" in ran.err
    assert "site/2020-03/added.txt: was not published" in ran.err
    assert not list(project.glob("*.zip"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2019-01",), "no such edition is published"),
        ((FOLDER, "--out", "site/2020-03/x.zip"), "is inside the folder of published editions"),
        ((FOLDER, "--out", "nowhere/x.zip"), "its folder does not exist"),
        ((FOLDER, "--out", "report", "--force"), "is a folder"),
    ],
)
def test_what_cannot_be_written(npl_report: Command, project: Path, arguments: tuple[str, ...], said: str):
    ran = npl_report("bundle", *arguments, cwd=project)
    assert ran.code == 1
    assert said in ran.err
    assert "    → " in ran.err
    assert not list(project.rglob("*.zip.part"))


def test_a_revision_says_so(npl_report: Command, project: Path):
    fake_project(project, revision=2)
    assert npl_report("bundle", f"{FOLDER}-r2", cwd=project).code == 0
    with zipfile.ZipFile(project / "npl-research-2020-03-r2.zip") as archive:
        assert "Edition 2020-03" in (readme := archive.read("README.txt").decode())
        assert "Revision 2" in readme
        assert "第2版" in readme
