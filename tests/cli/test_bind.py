"""npl-report bind: it proposes, the analyst chooses, and only what is chosen is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from npl_report.cli import bind
from tests.helpers.running import Command

SENTENCE = "The data cover 6 deals, and 12,345.67 of something.\n"
TOTAL = '{{ n("issuance_by_type", "total", "n_deals") }}'


@pytest.fixture
def page(tiny_project: Path) -> Path:
    path = tiny_project / "report" / "en" / "recovery.qmd"
    path.write_bytes(path.read_bytes() + SENTENCE.encode())
    return path


def test_without_a_terminal_it_proposes_and_writes_nothing(npl_report: Command, tiny_project: Path, page: Path):
    before = page.read_bytes()
    ran = npl_report("bind", str(page), cwd=tiny_project)
    line = before.decode().count("\n")
    assert ran.code == 1
    assert f"report/en/recovery.qmd, row {line}: 6\n    {SENTENCE}" in ran.out
    assert f"  1  6 deals   Table 1 Issuance by asset type · Total · Deals\n     {TOTAL}" in ran.out
    assert "no cell prints so" in ran.out
    assert ran.out.endswith("report/en/recovery.qmd: 0 bound, 2 left typed\n")
    assert page.read_bytes() == before


def test_a_choice_is_written_and_nothing_else(npl_report: Command, tiny_project: Path, page: Path):
    before = page.read_bytes()
    line = str(before.decode().count("\n"))
    vague = npl_report("bind", str(page), "--line", line, "--choose", "1", cwd=tiny_project)
    assert (vague.code, page.read_bytes()) == (1, before)
    assert "6, 12,345.67 is typed there" in vague.err
    ran = npl_report("bind", str(page), "--line", line, "--figure", "6", "--choose", "1", cwd=tiny_project)
    assert ran.code == 1  # the other figure is left
    assert page.read_bytes() == before.replace(b"cover 6 deals", f"cover {TOTAL}".encode())
    again = json.loads(npl_report("bind", str(page), "--json", cwd=tiny_project).out)
    assert [one["value"] for one in again["typed"]] == ["12,345.67"]


def test_a_page_without_typed_figures_is_done(npl_report: Command, tiny_project: Path):
    ran = npl_report("bind", "report/en/recovery.qmd", cwd=tiny_project)
    assert (ran.code, ran.out) == (0, "report/en/recovery.qmd: 0 bound, 0 left typed\n")


def test_what_is_no_page_is_refused(npl_report: Command, tiny_project: Path):
    ran = npl_report("bind", "data/deals.csv", cwd=tiny_project)
    assert ran.code == 1
    assert "data/deals.csv: is no page of this project" in ran.err


def test_on_a_terminal_it_asks(npl_report: Command, tiny_project: Path, page: Path, monkeypatch: pytest.MonkeyPatch):
    answers = iter(["9", "1"])
    monkeypatch.setattr(bind.typer, "prompt", lambda *_, **__: next(answers))
    monkeypatch.setattr(bind, "interactive", lambda: True)
    ran = npl_report("bind", str(page), cwd=tiny_project)
    assert "there is no 9" in ran.out
    assert TOTAL in page.read_text(encoding="utf-8").splitlines()[-1]
