"""``verify --rebuild`` on another machine.

The same figures in other bytes are no fault, and what differs between the machines is named before anything is called
one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from npl_report.build import assembly as gathering
from npl_report.build.assembly import Gathered
from npl_report.files.environment import environment
from npl_report.load.project import Project
from npl_report.model import InputError
from npl_report.publish.verify import verify
from tests.helpers.archiving import put, quiet
from tests.helpers.running import Command
from tests.helpers.standins import standin_with

TABLE, EVIDENCE = "downloads/tables/recovery.json", "downloads/evidence/recovery.csv"
NOISE = 3e-12


def gives(rate: float, word: str = "mortgage", **more: bytes) -> Callable[..., Gathered]:
    """A stand-in for the pages with a table, its evidence and a drawing of the rate."""
    files = {
        TABLE: json.dumps({"rows": {word: {"rate": rate, "n": 3, "gap": None}}}).encode(),
        EVIDENCE: f"row,rate [fraction],date\r\n{word},{rate!r},2020-03-17\r\n,,\r\n".encode(),
        "downloads/charts/recovery.svg": f"<svg x='{rate}'/>".encode(),
    }
    return standin_with(files | more)


def made_elsewhere(monkeypatch: pytest.MonkeyPatch, **versions: str) -> None:
    """Publish as on another machine: with other versions in the manifest."""
    here = environment()
    there: Any = {group: {name: versions.get(name, found) for name, found in of.items()} for group, of in here.items()}
    monkeypatch.setattr("npl_report.publish.publishing.environment", lambda: there)


def published_as(
    archive: Project, monkeypatch: pytest.MonkeyPatch, there: Callable[..., Gathered], here: Callable[..., Gathered]
) -> None:
    monkeypatch.setattr(gathering, "gather", there)
    put(archive, "2020-03")
    monkeypatch.setattr(gathering, "gather", here)


def faults(archive: Project) -> list[str]:
    with pytest.raises(InputError) as error:
        verify(archive, (), quiet, rebuild=True, jobs=1)
    return [str(problem) for problem in error.value.problems]


def test_another_processor_is_no_fault(archive: Project, monkeypatch: pytest.MonkeyPatch, npl_report: Command):
    made_elsewhere(monkeypatch, processor="aarch64")
    published_as(archive, monkeypatch, gives(0.4), gives(0.4 + NOISE))
    ran = npl_report("verify", "--rebuild", cwd=archive.root)
    assert ran.code == 0, ran.err
    own = environment()["system"]["processor"]
    said = (
        "site/2020-03: the same figures to 10 digits, other bytes in 3 of 13 files: another processor; it "
        f"was made with processor aarch64 (here {own}), and with the same it is verified byte for byte"
    )
    assert ran.out.splitlines() == ["as published: 1 editions, 13 files, 1 rebuilt", said]
    ran = npl_report("verify", "--rebuild", "--json", cwd=archive.root)
    assert json.loads(ran.out) == {"ok": True, "editions": 1, "files": 13, "rebuilt": 1, "notes": [said]}


def test_other_libraries_are_named(archive: Project, monkeypatch: pytest.MonkeyPatch):
    made_elsewhere(monkeypatch, scipy="1.0", Pango="1.0")
    published_as(archive, monkeypatch, gives(0.4), gives(0.4, **{"zh/note.pdf": b"set by another Pango"}))
    (note,) = verify(archive, (), quiet, rebuild=True, jobs=1)["notes"]
    here = environment()
    assert (
        f"other libraries; it was made with scipy 1.0 (here {here['libraries']['scipy']}), Pango 1.0 "
        f"(here {here['system']['Pango']}), and"
    ) in note
    assert "other bytes in 1 of 13 files" in note


@pytest.mark.parametrize(
    ("here", "files"),
    [
        (gives(0.4 + 1e-9), 3),
        (gives(0.4, word="corporate"), 2),
        (gives(float("nan")), 3),
        (gives(0.4, **{"downloads/tables/other.csv": b"row\r\n"}), 1),
    ],
    ids=["another figure", "another word", "no figure", "another table"],
)  # fmt: skip
def test_other_figures_are_a_fault_on_every_machine(
    archive: Project, monkeypatch: pytest.MonkeyPatch, here: Callable[..., Gathered], files: int
):
    made_elsewhere(monkeypatch, processor="aarch64")
    published_as(archive, monkeypatch, gives(0.4), here)
    told = faults(archive)
    assert len(told) == files
    assert all("the edition was made with processor aarch64 (here " in text for text in told)


def test_other_bytes_on_the_same_machine_are_a_fault(archive: Project, monkeypatch: pytest.MonkeyPatch):
    published_as(archive, monkeypatch, gives(0.4), gives(0.4 + NOISE))
    told = faults(archive)
    assert [text.partition(":")[0] for text in told] == [
        f"site/2020-03/{path}" for path in sorted([TABLE, EVIDENCE, "downloads/charts/recovery.svg"])
    ]
    assert all("the published file or the program is at fault" in text for text in told)


def test_another_program_is_named_and_not_excused(archive: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("npl_report.publish.publishing.code_hash", lambda: "0" * 64)
    made_elsewhere(monkeypatch, processor="aarch64")
    published_as(archive, monkeypatch, gives(0.4), gives(0.4 + NOISE))
    assert all("at another state of its code, processor aarch64 (here " in text for text in faults(archive))
