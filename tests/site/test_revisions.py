"""What an edition tells of those before it: the page of revisions, the history of its numbers, and both as
downloads."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any, cast

import pytest

from npl_report.compare import history as histories
from npl_report.compare.attribution import STEPS
from npl_report.compare.changes import compare_recorded
from npl_report.compare.history import history
from npl_report.compare.sides import UnreadableInputsError
from npl_report.editions.folder import earlier_than, published
from npl_report.editions.printed import bound_figures
from npl_report.load.data import read_source
from npl_report.load.project import Project, read_edition
from npl_report.model import Problem
from tests.helpers.market import MARKET
from tests.helpers.running import EDITION, LATER_EDITION, run_command

RESTATEMENT = """
[[restatement]]
revision = 2
tables = ["issuance_by_type"]
why = { zh = "更正一单的发行规模。", en = "The issue size of a deal was corrected." }
others = { zh = "均含该单。", en = "All of them hold that deal." }
"""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page(site: Path, edition: str, language: str, name: str = "revisions") -> str:
    return (site / edition / language / f"{name}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=["tiny_archive", pytest.param("sample_archive", marks=pytest.mark.whole)])
def archive(request: pytest.FixtureRequest) -> Path:
    """A project with both editions in ``site/``: the tiny one, and the sample's."""
    return Path(request.getfixturevalue(request.param))


@pytest.fixture(scope="module")
def changes(archive: Path) -> dict[str, Any]:
    """What ``diff`` says of the two published editions."""
    ran = run_command("diff", EDITION, LATER_EDITION, "--json", cwd=archive)
    assert ran.code == 0, ran.err
    return cast("dict[str, Any]", json.loads(ran.out))


def test_the_download_holds_every_change_of_the_diff(archive: Path, changes: dict[str, Any]):
    """Number for number, cause for cause.

    ``diff`` computes the last step again, the edition takes its own tables for it.
    """
    told = rows(archive / "site" / LATER_EDITION / "downloads" / "changes.csv")
    expected = [item for kind in ("changed", "new", "gone") for item in changes["changes"] if item["kind"] == kind]
    assert [(line["number"], line["kind"], line["causes"].split()) for line in told] == [
        (item["number"], item["kind"], [part["cause"] for part in item["causes"]]) for item in expected
    ]
    for line, item in zip(told, expected, strict=True):
        moved = {cause: float(line[cause]) for cause in STEPS if line[cause]}
        assert moved == {
            part["cause"]: part["contribution"] for part in item["causes"] if part["contribution"] is not None
        }
        assert (
            line["difference"] == "" if item["difference"] is None else float(line["difference"]) == item["difference"]
        )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Of the {compared:,} values that both editions publish, names and dates included, {unchanged:,} stayed",
        ),
        ("zh", "两期共有数值（含名称与日期）{compared:,}个，其中{unchanged:,}个未变"),
    ],
)
def test_the_page_says_first_what_changed(archive: Path, changes: dict[str, Any], language: str, said: str):
    text = page(archive / "site", LATER_EDITION, language)
    assert said.format(**changes) in text
    past = sum(count for cause, count in changes["changed"].items() if cause not in ("new_period", "new_deals"))
    assert past > 0
    first = re.search(
        r"<ul>\s*<li>([^<]*: (?:restated|data)[^<]*|已发布的数字中[^<]*)</li>", text[text.index('id="since"') :]
    )
    assert first is not None
    assert str(past) in first[1]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_figures_of_the_last_front_page_then_and_now(archive: Path, language: str):
    """Each that the earlier edition's front page quotes stands there once, with its value now."""
    site = archive / "site"
    quoted = {number for number, _, _ in bound_figures((site / EDITION / language / "index.html").read_bytes())}
    text = page(site, LATER_EDITION, language)
    part = text[text.index('id="front"') : text.index('id="causes"')]
    now = [(number, value) for number, value, _ in bound_figures(part.encode())]
    assert {number for number, _ in now} == quoted
    assert len(now) == len(quoted)
    for number, value in now:
        table, row, column = number.split("/")
        assert (
            float(value)
            == json.loads((site / LATER_EDITION / "downloads" / "tables" / f"{table}.json").read_bytes())["rows"][row][
                column
            ]
        )


def test_the_history_of_numbers_is_what_each_edition_published(archive: Path):
    site = archive / "site"
    first = {
        table: json.loads((site / EDITION / "downloads" / "tables" / f"{table}.json").read_bytes())
        for table in json.loads((site / EDITION / "manifest.json").read_bytes())["tables"]
    }
    tables = sorted(table for table, download in first.items() if "unavailable" not in download)
    assert set(first) - set(tables) <= {"factor_regression"}, (
        "the tiny deals are too few for it, so that there are no numbers to tell"
    )
    assert sorted(path.stem for path in (site / LATER_EDITION / "downloads" / "history").iterdir()) == tables
    for table in tables:
        told = {
            (line["row"], line["column"]): line
            for line in rows(site / LATER_EDITION / "downloads" / "history" / f"{table}.csv")
        }
        for edition in (EDITION, LATER_EDITION):
            cells = json.loads((site / edition / "downloads" / "tables" / f"{table}.json").read_bytes())["rows"]
            stored = {(row, column): value for row, of in cells.items() for column, value in of.items()}
            assert set(stored) <= set(told)
            for number, line in told.items():
                value = stored.get(number)
                assert (
                    float(line[f"edition {edition}"])
                    if line[f"edition {edition}"] and not isinstance(value, str)
                    else line[f"edition {edition}"]
                ) == ("" if value is None else value), (
                    table,
                    number,
                )


THEN_AND_NOW = {
    # u1 had 50 + 50 + 50 of 1000 collected at 19 months; the last amount was restated as 99 after the first edition
    "tiny": ("Unsecured retail", ["15.00%", "19.90%", "Restated", "report", "+4.90", "pp"]),
    "npl-securitisation-research": (
        "Corporate",
        ["31.41%", "30.40%", "Later", "periods", "−1.01", "pp"],
    ),  # 31.41: report I, table 5
}


def test_a_passport_shows_each_number_through_the_editions(archive: Path):
    row, told = THEN_AND_NOW[json.loads((archive / "site" / EDITION / "manifest.json").read_bytes())["series"]]
    text = page(archive / "site", LATER_EDITION, "en", "tables/recovery_by_type")
    part = text[text.index('<h2 id="history">') : text.index('<h2 id="downloads">')]
    assert re.search(
        r'<th scope="col" class="number">2020-03</th><th scope="col" class="number">This edition</th>', part
    )
    line = re.search(rf'<th scope="row">{row}, Mean recovery rate</th>(.*?)</tr>', part)
    assert line is not None
    assert re.sub(r"<[^>]+>", " ", line[1]).split() == told


def test_the_first_edition_has_nothing_before_it(archive: Path):
    site = archive / "site"
    assert "here is nothing to compare with" in page(site, EDITION, "en")
    assert "没有可比较的内容" in re.sub(r"</?span[^>]*>", "", page(site, EDITION, "zh"))
    assert not (site / EDITION / "downloads" / "changes.csv").exists()
    assert 'id="history"' not in page(site, EDITION, "en", "tables/recovery_by_type")


def test_a_revision_says_what_it_restates_and_what_the_correction_moved(archive: Path, tmp_path: Path):
    """One deal's issue size is corrected; the revision stands beside the first publication, which stays as it is."""
    project = tmp_path / "project"
    shutil.copytree(archive, project)
    shutil.rmtree(project / "site" / LATER_EDITION)
    ledger = project / "site" / "editions.json"
    listed = json.loads(ledger.read_bytes())
    ledger.write_text(json.dumps(listed | {"editions": listed["editions"][:1]}), encoding="utf-8")
    deals = project / "data" / "deals.csv"
    before = rows(deals)[0]
    tranches = project / "data" / "tranches.csv"
    text = tranches.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith(f"{before['deal']},senior,"))
    face = line.split(",")[2]
    tranches.write_text(text.replace(line, line.replace(f",{face},", f",{float(face) + 1:g},", 1)), encoding="utf-8")
    edition = project / "report" / "editions" / f"{EDITION}.toml"
    edition.write_text(
        edition.read_text(encoding="utf-8").replace("revision = 1", "revision = 2").replace("2020-04-15", "2020-05-15")
        + RESTATEMENT,
        encoding="utf-8",
    )
    shutil.rmtree(
        project / "data" / "published", ignore_errors=True
    )  # the published figures no longer come out, as they should not
    ran = run_command(
        "publish", EDITION, "--revision", cwd=project, PATH=""
    )  # without the browser, which looked at these pages when they were first published
    assert ran.code == 0, ran.err
    site = project / "site"
    shown = page(site, f"{EDITION}-r2", "en")
    assert "The issue size of a deal was corrected." in shown
    assert "更正一单的发行规模。" in page(site, f"{EDITION}-r2", "zh")
    moved = {line["number"]: line for line in rows(site / f"{EDITION}-r2" / "downloads" / "changes.csv")}
    assert (
        moved["issuance_by_type/total/issuance"]["causes"],
        float(moved["issuance_by_type/total/issuance"]["difference"]),
    ) == ("corrected_source", pytest.approx(1))
    assert {line["causes"] for line in moved.values()} == {"corrected_source"}
    assert (site / EDITION / "en" / "revisions.html").read_bytes() == (
        archive / "site" / EDITION / "en" / "revisions.html"
    ).read_bytes()
    for place in (f"{EDITION}-r2/en/index.html", "index.html", "feed.xml"):
        assert "The issue size of a deal was corrected." in (site / place).read_text(encoding="utf-8"), place
    assert "Other tables that changed" in shown  # issuance_by_year and others, which the entry does not name
    assert "Tables not named: All of them hold that deal." in shown
    assert run_command("verify", cwd=project).code == 0


def test_changes_without_causes_when_old_inputs_cannot_be_read(
    archive: Path, changes: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A later program with another data contract must still be able to publish."""

    def unreadable(_: object) -> None:
        raise UnreadableInputsError([Problem("site", rule="the program does not read these inputs any more", fix="")])

    monkeypatch.setattr(histories, "published_side", unreadable)
    shutil.copytree(archive, tmp_path / "project", ignore=shutil.ignore_patterns("site", "build"))
    project = Project(tmp_path / "project")
    edition = read_edition(project, LATER_EDITION)
    source = read_source(archive / "data")
    earlier = earlier_than(archive / "site", edition)
    assert [item.folder for item in earlier] == [EDITION]
    tables = {
        "recovery_by_type": (
            archive / "site" / LATER_EDITION / "downloads" / "tables" / "recovery_by_type.json"
        ).read_bytes()
    }
    found = history(project, edition, source, earlier, tables, lambda _: None)
    assert found is not None
    changed = sum(changes["tables"]["recovery_by_type"]["changed"].values())
    assert changed > 0
    assert found.changes.touched() == {"unattributed": changed}
    assert found.changes == compare_recorded(
        {
            key: (archive / "site" / EDITION / "downloads" / "tables" / f"{key}.json").read_bytes()
            for key in published(archive / "site")[0].manifest.tables
        },
        tables,
        MARKET,
    )


@pytest.mark.parametrize("name", ["inputs.zip", "downloads/tables/issuance_by_type.json"])
def test_a_changed_earlier_edition_is_told_and_nothing_is_built(archive: Path, tmp_path: Path, name: str):
    project = tmp_path / "project"
    shutil.copytree(archive, project)
    (project / "site" / EDITION / name).write_bytes(b"{}")
    ran = run_command("build", "--edition", LATER_EDITION, "--no-pdf", cwd=project)
    assert ran.code == 1
    assert f"site/{EDITION}/{name}: is missing, or was changed since it was published" in ran.err
    assert not (project / "build" / LATER_EDITION).exists()
