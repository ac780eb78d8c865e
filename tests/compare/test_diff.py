"""``npl-report diff`` on editions in ``site/``: recorded numbers, recorded inputs, and everything that can be wrong
with them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from npl_report.build import assembly as gathering
from npl_report.build.assembly import Gathered
from npl_report.build.job import Options
from npl_report.compare.recorded import table_json
from npl_report.files.hashing import digest
from npl_report.files.writing import MANIFEST
from npl_report.load.data import dataset, read_source
from npl_report.load.project import Project
from npl_report.model import Edition
from npl_report.publish.publishing import publish
from npl_report.tables import catalogue, compute_tables
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.helpers.running import EDITION, LATER_EDITION, Command, copy_project
from tests.helpers.standins import standin

KEYS = ("issuance_by_type", "deal_summary", "redemption_status")
RESTATED = '\n[[restatement]]\nrevision = 2\ntables = ["deal_summary"]\nwhy = { zh = "更正", en = "Corrected" }\n'


def quiet(_: str) -> None:
    """Progress that nobody reads."""


def computed(project: Project, edition: Edition, *rest: Any, **named: Any) -> Gathered:
    """Pages that stand in, and real downloads of a few tables."""
    pages = standin(project, edition, *rest, **named)
    results = compute_tables(KEYS, dataset(read_source(project.data), edition.as_of, MARKET), edition)
    files = {
        f"downloads/tables/{key}.json": table_json(catalogue(MARKET)[key], results[key], edition, None) for key in KEYS
    }
    return replace(pages, files=pages.files | files, front=pages.front | {"tables": list(KEYS)})


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project on the tiny data: 2020-03 is published.

    Since, c1's first value was corrected from 100 to 110, and 2020-03 is at revision 2. Tests copy it.
    """
    root = copy_project(tmp_path_factory.mktemp("diff") / "project")
    shutil.rmtree(root / "data")
    tiny.write(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "gather", computed)
        publish(Project(root), Options(EDITION), quiet)
    collections = root / "data" / "collections.csv"
    first, corrected = "c1,2016-01-01,2016-12-26,2017-01-15,100\n", "c1,2016-01-01,2016-12-26,2017-01-15,110\n"
    assert first in collections.read_text(encoding="utf-8")
    collections.write_text(collections.read_text(encoding="utf-8").replace(first, corrected), encoding="utf-8")
    edition = root / "report" / "editions" / f"{EDITION}.toml"
    edition.write_text(
        edition.read_text(encoding="utf-8").replace("revision = 1", "revision = 2") + RESTATED, encoding="utf-8"
    )
    return root


@pytest.fixture
def project(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "project"))


def test_a_published_edition_against_the_revision_to_come(project: Path, npl_report: Command):
    """Collected of c1: 340 of 1000, and 350 since the correction."""
    ran = npl_report("diff", f"{EDITION}-r2", EDITION, "--table", "deal_summary", cwd=project)
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert (
        lines[0] == "2020-03 (as of 2020-03-17) → 2020-03-r2 (as of 2020-03-17, not published: as the project is now)"
    )
    assert (
        "corrected_source        3       3       0       0  Source data known on the last as-of date have since "
        "been corrected."
    ) in lines
    assert lines[lines.index("deal_summary") + 1 :] == [
        "  c1/recovery: 0.34 → 0.35 (+0.01): corrected_source +0.01",
        "  c1/offset: 0.0967742 → 0.129032 (+0.0322581): corrected_source +0.0322581",  # 340/310 − 1, 350/310 − 1
        "  c1/coverage: 1.133333 → 1.166667 (+0.0333333): corrected_source +0.0333333",  # 340/300, 350/300
    ]


def test_json_has_everything(project: Path, npl_report: Command):
    ran = npl_report("diff", EDITION, LATER_EDITION, "--json", cwd=project)
    assert ran.code == 0, ran.err
    content = json.loads(ran.out)
    assert content["ok"] is True
    assert content["old"] == {"edition": "2020-03", "as_of": "2020-03-17", "published": True}
    assert content["new"] == {"edition": "2021-12", "as_of": "2021-12-31", "published": False}
    assert list(content["tables"]) == [
        *KEYS[:1],
        "redemption_status",
        "deal_summary",
    ]  # in the order of the newer edition
    assert "panel_models" in content["new_tables"]
    found = {change["number"]: change for change in content["changes"]}
    assert found["redemption_status/senior/settled"] == {
        "number": "redemption_status/senior/settled",
        "kind": "changed",
        "old": 570,
        "new": 620,
        "difference": 50,
        "causes": [{"cause": "late_disclosure", "contribution": 50}],
    }
    assert found["deal_summary/u2/recovery"]["old"] == {"gap": "no_reports"}
    assert found["deal_summary/u2/recovery"]["causes"] == [{"cause": "late_disclosure", "contribution": None}]
    changed = sum(len(table["changed"]) and sum(table["changed"].values()) for table in content["tables"].values())
    assert changed == sum(content["changed"].values()) == content["compared"] - content["unchanged"]


def test_without_a_table_the_tables_are_counted(project: Path, npl_report: Command):
    ran = npl_report("diff", EDITION, f"{EDITION}-r2", cwd=project)
    lines = ran.out.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("table "))
    assert [line.split() for line in lines[start + 1 : start + 4]] == [
        ["issuance_by_type", "20", "20", "0", "0", "0"],
        ["redemption_status", "12", "12", "0", "0", "0"],
        ["deal_summary", "84", "81", "3", "0", "0", "corrected_source", "3"],
    ]
    assert lines[-1] == "the numbers themselves: --table KEY, --all or --json"
    every = npl_report("diff", EDITION, f"{EDITION}-r2", "--all", cwd=project)
    assert every.out.splitlines()[-1] == "  c1/coverage: 1.133333 → 1.166667 (+0.0333333): corrected_source +0.0333333"


def test_a_recorded_number_that_the_code_no_longer_gives(project: Path, npl_report: Command):
    """As if the program of that time had given 990: the manifest says that the file is as it was published."""
    folder = project / "site" / EDITION
    download = folder / "downloads" / "tables" / "issuance_by_type.json"
    content = json.loads(download.read_bytes())
    content["rows"]["total"]["issuance"] = 990
    download.write_text(json.dumps(content), encoding="utf-8")
    manifest = json.loads((folder / MANIFEST).read_bytes())
    manifest["outputs"]["downloads/tables/issuance_by_type.json"] = digest(download.read_bytes())
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    ledger = project / "site" / "editions.json"
    listed = json.loads(ledger.read_bytes())
    listed["editions"][0]["manifest_sha256"] = digest((folder / MANIFEST).read_bytes())
    ledger.write_text(json.dumps(listed), encoding="utf-8")
    ran = npl_report("diff", EDITION, f"{EDITION}-r2", "--table", "issuance_by_type", cwd=project)
    assert "  total/issuance: 990 → 1000 (+10): code +10" in ran.out.splitlines(), ran.err


def test_nothing_changed(project: Path, npl_report: Command):
    """The project as it was when the edition was published."""
    shutil.rmtree(project / "data")
    tiny.write(project)
    ran = npl_report("diff", EDITION, f"{EDITION}-r2", "--table", "deal_summary", cwd=project)
    assert ran.code == 0
    assert "3 tables in both; 116 numbers in both: 116 unchanged, 0 changed" in ran.out


def zip_damaged(project: Path) -> None:
    (project / "site" / EDITION / "inputs.zip").write_bytes(b"nothing")


def zip_gone(project: Path) -> None:
    (project / "site" / EDITION / "inputs.zip").unlink()


def download_changed(project: Path) -> None:
    with (project / "site" / EDITION / "downloads" / "tables" / "deal_summary.json").open(
        "a", encoding="utf-8"
    ) as file:
        file.write("\n")


def manifest_changed(project: Path) -> None:
    with (project / "site" / EDITION / MANIFEST).open("a", encoding="utf-8") as file:
        file.write("\n")


def ledger_damaged(project: Path) -> None:
    (project / "site" / "editions.json").write_text("{", encoding="utf-8")


def nothing(_: Path) -> None:
    pass


RESTORE = "    → restore the file from a copy of the site; npl-report verify 2020-03 names every file that differs"


@pytest.mark.parametrize(
    ("names", "edit", "message"),
    [
        (
            ("2020-3", LATER_EDITION),
            nothing,
            (
                "diff: found '2020-3': there is no such edition, neither in site/ nor in report/editions\n    → "
                "did you mean 2020-03? there are 2020-03, 2021-12"
            ),
        ),
        (
            (EDITION, EDITION),
            nothing,
            (
                "diff: found '2020-03': an edition is not compared with itself\n    → name two editions; to see "
                "what the project would change in a published one, set revision = 2 in its file and compare it "
                "with that revision, as in 2020-03 2020-03-r2"
            ),
        ),
        (
            (f"{EDITION}-r3", EDITION),
            nothing,
            (
                "diff: found '2020-03-r3': this revision is not published, and report/editions/2020-03.toml holds "
                "revision 2\n    → name 2020-03-r2, or a folder of site/: 2020-03"
            ),
        ),
        (
            (EDITION, LATER_EDITION, "--table", "deal_sumary"),
            nothing,
            "--table: found 'deal_sumary': neither edition has such a table\n    → did you mean deal_summary?",
        ),
        (
            (EDITION, LATER_EDITION, "--table", "panel_models"),
            nothing,
            (
                "--table: found 'panel_models': only 2021-12 has this table\n    → without --table, the tables of "
                "both editions are listed"
            ),
        ),
        (
            (EDITION, LATER_EDITION),
            zip_damaged,
            f"site/2020-03/inputs.zip: is missing, or was changed since it was published\n{RESTORE}",
        ),
        (
            (EDITION, LATER_EDITION),
            zip_gone,
            f"site/2020-03/inputs.zip: is missing, or was changed since it was published\n{RESTORE}",
        ),
        (
            (EDITION, LATER_EDITION),
            download_changed,
            (
                "site/2020-03/downloads/tables/deal_summary.json: is missing, or was changed since it was "
                f"published\n{RESTORE}"
            ),
        ),
        (
            (EDITION, LATER_EDITION),
            manifest_changed,
            f"site/2020-03/manifest.json: is missing, or not the manifest that was published\n{RESTORE}",
        ),
        (
            (EDITION, LATER_EDITION),
            ledger_damaged,
            (
                "site/editions.json: the ledger of editions is damaged\n    → restore it from a copy of the site; "
                "npl-report verify says what else differs"
            ),
        ),
    ],
)
def test_bad_input_is_one_clear_message(
    project: Path, npl_report: Command, names: tuple[str, ...], edit: Callable[[Path], None], message: str
):
    edit(project)
    ran = npl_report("diff", *names, cwd=project)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[-3:] == [*message.splitlines(), "1 problem; nothing was written"]


def test_inputs_that_the_program_does_not_read_any_more(
    project: Path, npl_report: Command, monkeypatch: pytest.MonkeyPatch
):
    """As if a column had been required since."""
    from npl_report.compare import sides
    from npl_report.load.project import read_edition
    from npl_report.model import InputError, Problem

    def read_edition_(project: Project, edition: str) -> Edition:
        if project.root.parent.name.startswith("npl-diff-"):
            raise InputError(
                [
                    Problem("data/deals.csv", column="x", rule="the column is missing"),
                    Problem("data/deals.csv", column="y", rule="the column is missing"),
                ]
            )
        return read_edition(project, edition)

    monkeypatch.setattr(sides, "read_edition", read_edition_)
    ran = npl_report("diff", EDITION, LATER_EDITION, cwd=project)
    assert ran.code == 1
    assert ran.err.splitlines()[:2] == [
        (
            "site/2020-03/inputs.zip: the program does not read these inputs any more: data/deals.csv, column x: "
            "the column is missing"
        ),
        "    → compare with the npl-report that made the edition (version and state of its code are in manifest.json)",
    ]
