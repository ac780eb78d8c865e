"""The sample in euro: another market, another ladder, another language, by data, words and prose alone."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from reconstruction import euro
from tests.helpers.findings import MOST, findings, too_long
from tests.helpers.running import ROOT, Command, made_once, run_command

EDITION = "2025-06"
SAMPLE = ROOT / "samples" / "euro"
TABLES = ("deals", "tranches", "collections", "forecasts", "payments", "priorities")
OF_ANOTHER_MARKET = re.compile(
    r"[\u4e00-\u9fff]|CNY|yuan|offering circular|trustee report|subordinat"
    r"|China|published report|rapporto pubblicato|Moody|DBRS|\bstudy of",
    re.IGNORECASE,
)
TAGS = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", re.DOTALL)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project begun from the sample, with its later edition built in both languages, without notes."""

    def make(place: Path) -> list:
        begun = run_command("init", str(place), "--sample", "euro", cwd=ROOT)
        return [begun, run_command("build", "--edition", EDITION, "--no-pdf", cwd=place)]

    return made_once(tmp_path_factory, "euro", make, f"build/{EDITION}")


def words(page: Path) -> str:
    """What a reader sees of a page."""
    text = re.sub(r"<math\b.*?</math>", "x", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(TAGS.sub(" ", text).split())


def test_the_data_come_from_their_program(tmp_path: Path):
    (tmp_path / "originators.csv").write_bytes((SAMPLE / "data" / "originators.csv").read_bytes())
    euro.write(tmp_path)
    for name in TABLES:
        assert (tmp_path / f"{name}.csv").read_bytes() == (SAMPLE / "data" / f"{name}.csv").read_bytes(), name


def test_it_begins_with_what_it_has_and_shares(project: Path):
    assert sorted(path.name for path in (project / "report").iterdir()) == ["editions", "en", "it", "series.toml"]
    assert (project / "report" / "en" / "annex.qmd").read_bytes() == (ROOT / "report" / "en" / "annex.qmd").read_bytes()
    assert not list((project / "report").rglob("determinants.qmd"))
    assert not (project / "data" / "published").exists()
    assert sorted(path.name for path in project.glob("_quarto*")) == ["_quarto-en.yml", "_quarto-it.yml", "_quarto.yml"]


def test_it_has_no_problem_and_no_warning(npl_report: Command, project: Path):
    ran = npl_report("check", "--json", cwd=project)
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert (told["warnings"], told["notices"]) == ([], [])


def test_every_page_says_that_the_data_are_synthetic(project: Path):
    for language, head in (("en", "Synthetic data"), ("it", "Dati sintetici")):
        pages = list((project / "build" / EDITION / language).rglob("*.html"))
        assert len(pages) > 100
        assert [page.name for page in pages if head not in page.read_text(encoding="utf-8")] == []


def test_findings_are_few_and_short(project: Path):
    for language in ("en", "it"):
        told = findings(project / "build" / EDITION / language / "index.html")
        assert 1 <= len(told) <= MOST
        assert [finding for finding in told if too_long(finding)] == []


def test_no_page_has_a_word_of_another_market(project: Path):
    """Nor names a source or an agency that is not its own; but for keys that the program has."""
    cited = re.compile(r"\w+\.csv|senior_before_subordinated|subordinated_return")
    found = {
        page.name: match.group()
        for language in ("en", "it")
        for page in sorted((project / "build" / EDITION / language).rglob("*.html"))
        if (match := OF_ANOTHER_MARKET.search(cited.sub("", words(page))))
    }
    assert found == {}


def test_italian_has_its_own_marks_and_contractions(project: Path):
    built = project / "build" / EDITION / "it"
    structure, deal = words(built / "structure.html"), words(built / "deals" / "altair-2021-1.html")
    assert re.search(r"\d,\d\d%", structure)
    assert not re.search(r"\d\.\d\d?%", structure)
    apart = re.compile(r"\b(?:di|a|da|in|su) (?:il|lo|la|i|gli|le|l['’])\b")
    found = {page.name: match.group() for page in built.rglob("*.html") if (match := apart.search(words(page)))}
    assert found == {}
    assert "del business plan" in words(built / "index.html")
    assert re.search(r"\d,\d mln EUR", deal)
    data = json.loads(
        re.search(
            r'<script type="application/json">(\{.*?)</script>',
            (built / "deals" / "altair-2021-1.html").read_text("utf-8"),
        )[1]
    )
    assert data["marks"] == {"decimal": ",", "thousands": "."}


def test_it_has_three_tranches_everywhere(project: Path):
    with (project / "build" / EDITION / "downloads" / "tables" / "structure_by_type.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        total = next(row for row in csv.DictReader(file) if row["row"] == "total")
    shares = [float(total[f"{tranche}_share [fraction]"]) for tranche in ("senior", "mezzanine")]
    assert 0.5 < shares[0] < 1 > shares[0] + shares[1]
    assert "issuance [eur_mn]" in total
    for language, names in (("en", ("Mezzanine", "Credit fund")), ("it", ("Mezzanine", "Fondo di credito"))):
        built = project / "build" / EDITION / language
        assert names[0] in words(built / "structure.html")
        assert names[1] in words(built / "originators" / "mira.html")


def test_the_two_editions_are_compared(npl_report: Command, project: Path):
    ran = npl_report("diff", "2024-12", EDITION, cwd=project)
    assert ran.code == 0, ran.err
    assert "late_disclosure" in ran.out
    assert "unknown" not in ran.out


def test_a_sample_that_there_is_not(npl_report: Command, tmp_path: Path):
    ran = npl_report("init", str(tmp_path / "new"), "--sample", "euros", cwd=tmp_path)
    assert ran.code == 1
    assert "found 'euros'" in ran.err
    assert "there is no such sample" in ran.err
    assert "did you mean euro? there are china, euro, none" in ran.err
    assert not (tmp_path / "new").exists()
