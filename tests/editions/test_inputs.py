"""Only what is described and was read is hashed, archived and published; what is restricted is hashed alone.

The pages are a stand-in.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from npl_report.build import assembly as gathering
from npl_report.build.assembly import _linked
from npl_report.build.check import Checked, _unread
from npl_report.compare.sides import published_side
from npl_report.editions import archive as archives
from npl_report.editions.archive import with_restricted
from npl_report.editions.fingerprint import input_hashes
from npl_report.editions.folder import Published, read_published
from npl_report.load.corrections import corrected
from npl_report.load.data import read_source
from npl_report.load.inputs import unread
from npl_report.load.project import Project, read_edition, read_series
from npl_report.load.starter import start_project
from npl_report.load.tablefolders import table_keys
from npl_report.model import InputError, Problem
from npl_report.publish.verify import verify
from tests.helpers import tiny
from tests.helpers.archiving import contents, put, quiet
from tests.helpers.running import ROOT, Command
from tests.helpers.snapshots import assert_told

STRANGERS = (
    "data/db.env",
    "data/notes.xlsx",
    "data/deals.csv~",
    "data/.env",
    "data/lake/old.csv",
    "data/published/draft.csv",
    "report/notes.docx",
    "report/.env",
    "report/zh/draft.qmd",
    "report/zh/index.qmd~",
    "report/en/references.bib.bak",
    "templates/.env",
    "templates/html/base.html~",
    "templates/html/assets/secret.txt",
    "templates/html/assets/.env",
    "templates/html/assets/wang-fang.png",
)
"""Files that lie in a project, and that nobody has asked to publish."""


def litter(root: Path) -> None:
    for name in STRANGERS:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("secret", encoding="utf-8")


def describe(project: Project, **changes: dict[str, str]) -> None:
    """Change entries of resources: ``describe(project, collections={"access": "restricted"})``."""
    path = project.data / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    for entry in package["resources"]:
        entry.update(changes.get(entry["name"], {}))
    path.write_text(json.dumps(package), encoding="utf-8")


def hashes(project: Project) -> dict[str, str]:
    return input_hashes(project, read_edition(project, "2020-03"))


def archived(folder: Path) -> set[str]:
    return set(zipfile.ZipFile(BytesIO((folder / "inputs.zip").read_bytes())).namelist())


def test_the_sample_has_no_stranger():
    """It is what the wheel carries and ``init`` copies."""
    project = Project(ROOT)
    assert unread(project, read_series(project, table_keys())) == []


def test_what_nobody_reads_is_not_archived_and_is_named(archive: Project):
    before = hashes(archive)
    litter(archive.root)
    assert unread(archive, read_series(archive, table_keys())) == sorted(STRANGERS)
    after = hashes(archive)
    assert {path: after[path] for path in after if not path.startswith("templates/")} == {
        path: before[path] for path in before if not path.startswith("templates/")
    }
    folder = put(archive, "2020-03")
    assert not archived(folder) & set(STRANGERS)
    assert {
        "data/deals.csv",
        "data/published/ledger.csv",
        "data/corrections.toml",
        "report/series.toml",
        "report/zh/_series.toml",
    } <= archived(folder)
    assert not any(b"secret" in path.read_bytes() for path in archive.site.rglob("*") if path.is_file())


def test_check_names_it(archive: Project):
    litter(archive.root)
    for number in range(7):
        (archive.data / "lake" / f"old{number}.csv").write_text("secret", encoding="utf-8")
    (archive.data / "README.md").write_text("What lies here.", encoding="utf-8")
    assert_told("inputs-unread", _unread(archive))


def test_a_notice_is_printed_and_fails_nothing(npl_report: Command, archive: Project, monkeypatch: pytest.MonkeyPatch):
    notice = Problem("data/db.env", rule="no edition reads it", fix="it may stay")
    monkeypatch.setattr("npl_report.build.check.check", lambda *_, **__: Checked({"rows": 1}, (), (notice,)))
    ran = npl_report("check", cwd=archive.root)
    assert (ran.code, ran.out) == (
        0,
        "notice: data/db.env: no edition reads it\n    → it may stay\nno problem found: 1 rows\n",
    )
    answer = json.loads(npl_report("check", "--json", cwd=archive.root).out)
    assert answer == {"ok": True, "rows": 1, "warnings": [], "notices": [notice.as_dict()]}


def test_chapters_and_editions_of_others_are_no_inputs(archive: Project):
    """An edition reads its own chapters, and of other editions those whose days say where a chapter begins."""
    series = archive.report / "series.toml"
    dated = series.read_text(encoding="utf-8")
    assert "report/editions/2021-12.toml" not in hashes(archive)
    series.write_text(dated.replace("since = 2021-12-31", 'since = "2021-12"'), encoding="utf-8")
    names = set(hashes(archive))
    assert "report/en/determinants.qmd" not in names
    assert "report/en/determinants.qmd" in input_hashes(archive, read_edition(archive, "2021-12"))
    shutil.copyfile(archive.report / "editions" / "2021-12.toml", archive.report / "editions" / "2022-06.toml")
    assert set(hashes(archive)) == names
    assert "report/editions/2021-12.toml" in names


def test_assets_are_published_if_a_page_names_them_or_another_asset_does(tmp_path: Path):
    for name, text in {
        "site.css": "url(icon.svg)",
        "icon.svg": "",
        "a b.png": "",
        "secret.txt": "",
        ".env": "",
        "site.css~": "",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = _linked(tmp_path, '<link href="../assets/site.css"><img src="../assets/a%20b.png">')
    assert set(found) == {"assets/site.css", "assets/icon.svg", "assets/a b.png"}


def test_a_new_project_gets_nothing_that_lies_beside_the_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    package = tmp_path / "sample" / "npl_report"
    package.mkdir(parents=True)
    for name in ("report", "templates", "data"):
        shutil.copytree(ROOT / name, tmp_path / "sample" / name)
    for path in ROOT.glob("_quarto*.yml"):
        shutil.copyfile(path, tmp_path / "sample" / path.name)
    litter(tmp_path / "sample")
    monkeypatch.setattr("npl_report.__file__", str(package / "__init__.py"))
    made = start_project(tmp_path / "new", table_keys())
    assert {path.relative_to(made.root).as_posix() for path in made.root.rglob("*") if path.is_file()}.isdisjoint(
        STRANGERS
    )
    assert (made.data / "published" / "README.md").is_file()


@pytest.mark.parametrize(
    "path",
    [
        "../lake/collections.csv",
        "/lake/collections.csv",
        "C:\\lake\\collections.csv",
        "sub/../../c.csv",
        "https://lake.example/collections.csv",
    ],
)
def test_a_file_described_elsewhere_is_refused(path: str, archive: Project):
    describe(archive, collections={"path": path})
    for read in (lambda: read_source(archive.data), lambda: hashes(archive), lambda: put(archive, "2020-03")):
        with pytest.raises(InputError, match="leads out of data/"):
            read()


def test_what_is_said_of_files_elsewhere(tmp_path: Path):
    project = Project(tiny.write(tmp_path).parent)
    describe(project, collections={"path": "../lake/collections.csv"}, market={"path": "/lake/market.csv"})
    with pytest.raises(InputError) as raised:
        read_source(project.data)
    assert_told("inputs-elsewhere", raised.value.problems)


@pytest.mark.parametrize(
    "name",
    ["data/collections.csv", "data/published", "report/zh", "report/en/index.qmd", "templates/html/base.html", "data"],
)
def test_a_link_that_leads_out_is_refused(name: str, archive: Project, tmp_path: Path):
    shutil.move(archive.root / name, tmp_path / "elsewhere")
    (archive.root / name).symlink_to(Path("../" * len(Path(name).parts)) / "elsewhere")
    with pytest.raises(InputError) as raised:
        hashes(archive)
    assert [(problem.file, problem.rule) for problem in raised.value.problems] == [
        (name, "is a link that leads out of the project")
    ]
    if name == "data/collections.csv":
        assert_told("inputs-link", raised.value.problems)
    if name.startswith("data"):
        with pytest.raises(InputError, match="is a link that leads out of the project"):
            read_source(archive.data)


def test_a_link_inside_the_project_is_followed(archive: Project):
    before = hashes(archive)
    (archive.root / "lake").mkdir()
    shutil.move(archive.data / "collections.csv", archive.root / "lake" / "collections.csv")
    (archive.data / "collections.csv").symlink_to("../lake/collections.csv")
    assert hashes(archive) == before
    (archive.root / "lake" / "collections.csv").write_text("changed", encoding="utf-8")
    assert hashes(archive) != before


def test_a_folder_of_any_name_publishes_and_verifies_the_same(archive: Project, tmp_path: Path):
    odd = Project(Path(shutil.copytree(archive.root, tmp_path / "-a%2Fb %20 100% #1? 另一处 'd' \"e\" [f] $(h)" / "p")))
    assert contents(put(odd, "2020-03")) == contents(put(archive, "2020-03"))
    assert verify(odd, (), quiet, rebuild=True, jobs=1)["rebuilt"] == 1


def test_an_input_that_changes_meanwhile_is_told(archive: Project):
    inputs = hashes(archive)
    (archive.data / "market.csv").write_text("changed", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        archives.archive(archive, inputs, {})
    assert_told("inputs-changed", raised.value.problems)


# Restricted files.


def test_wrong_marks_are_told(tmp_path: Path):
    project = Project(tiny.write(tmp_path).parent)
    describe(project, collections={"access": "secret"}, deals={"access": "public"})
    with pytest.raises(InputError) as raised:
        read_source(project.data)
    assert_told("inputs-access", raised.value.problems)
    describe(project, collections={"access": "public"}, originators={"access": "restricted"})
    with pytest.raises(InputError) as raised:
        read_source(project.data)
    assert_told("inputs-access-of-names", raised.value.problems)


@pytest.fixture
def restricted(archive: Project) -> Published:
    """The sample with restricted collections, published, whose collections have grown since."""
    describe(archive, collections={"access": "restricted"})
    folder = put(archive, "2020-03")
    shutil.copytree(archive.data, archive.root / "kept" / "2020-03")
    with (archive.data / "collections.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    item = read_published(archive.site, folder.name)
    assert item is not None
    return item


def test_a_restricted_file_is_hashed_and_not_archived(restricted: Published):
    inputs = restricted.manifest.inputs
    assert restricted.restricted == {"data/collections.csv": inputs["data/collections.csv"]}
    assert archived(restricted.site / restricted.folder) == set(inputs) - {"data/collections.csv"}


def test_corrections_that_quote_it_are_not_archived_either(archive: Project):
    record = '[[correction]]\nfile = "{file}"\nkey = {{}}\naction = "drop"\nreason = "r"\nsource = "s"\n'
    describe(archive, collections={"access": "restricted"})
    path = archive.data / "corrections.toml"
    path.write_text(record.format(file="deals.csv"), encoding="utf-8")
    assert corrected(path) == {"deals"}
    assert "data/corrections.toml" in archived(put(archive, "2020-03"))
    path.write_text(record.format(file="collections.csv"), encoding="utf-8")
    assert "data/corrections.toml" not in archived(put(archive, "2021-12"))


def test_a_rebuild_asks_for_it_and_takes_it_from_a_folder(restricted: Published):
    project = Project(restricted.site.parent)
    with pytest.raises(InputError) as raised:
        verify(project, (), quiet, rebuild=True, jobs=1)
    sha256 = restricted.restricted["data/collections.csv"]
    assert_told(
        "restricted-lacking",
        [replace(problem, rule=problem.rule.replace(sha256, "<hash>")) for problem in raised.value.problems],
    )
    with pytest.raises(InputError, match="there is no such folder"):
        verify(project, (), quiet, rebuild=True, jobs=1, beside=[project.root / "nowhere"])
    assert verify(project, (), quiet, rebuild=True, jobs=1, beside=[project.root / "kept"])["rebuilt"] == 1
    shutil.copyfile(project.root / "kept" / "2020-03" / "collections.csv", project.data / "collections.csv")
    assert verify(project, (), quiet, rebuild=True, jobs=1)["rebuilt"] == 1  # as it was then


def test_the_inputs_of_an_edition_are_read_with_it(restricted: Published):
    project = Project(restricted.site.parent)
    with pytest.raises(InputError, match="is restricted, and not archived"):
        published_side(with_restricted(restricted, project.root))
    side = published_side(with_restricted(restricted, project.root, [project.root / "kept"]))
    assert len(side.source.frames["collections"]) > 1000


def test_whether_causes_were_computed_is_recorded_and_holds_for_a_rebuild(
    restricted: Published, monkeypatch: pytest.MonkeyPatch
):
    """Otherwise a rebuild would tell causes where the edition could not, or the other way round."""
    from npl_report.build.job import Options
    from npl_report.publish.publishing import publish

    project = Project(restricted.site.parent)
    found: list[list[bool]] = []
    real = gathering.gather

    def seen(*arguments: object, **named: object) -> object:
        found.append([item.at_hand for item in named["earlier"]])  # type: ignore[attr-defined]
        return real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(gathering, "gather", seen)
    publish(project, Options("2021-12", beside=(project.root / "kept",)), quiet)
    assert json.loads((project.site / "2021-12" / "manifest.json").read_bytes())["causes"] == ["2020-03"]
    shutil.copyfile(project.data / "collections.csv", project.root / "kept" / "collections.csv")
    verify(project, ["2021-12"], quiet, rebuild=True, jobs=1, beside=[project.root / "kept"])
    assert found == [[True], [True]]
    with pytest.raises(InputError, match=r"site/2020-03/inputs.zip: found 'data/collections.csv': is restricted"):
        verify(project, ["2021-12"], quiet, rebuild=True, jobs=1)
    shutil.rmtree(project.site / "2021-12")
    ledger = json.loads((project.site / "editions.json").read_bytes())
    (project.site / "editions.json").write_text(
        json.dumps(ledger | {"editions": ledger["editions"][:1]}), encoding="utf-8"
    )
    publish(project, Options("2021-12"), quiet)
    verify(project, ["2021-12"], quiet, rebuild=True, jobs=1, beside=[project.root / "kept"])
    assert found[2:] == [[False], [False]]
