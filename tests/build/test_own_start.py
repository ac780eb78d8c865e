"""From ``init --sample none`` to built pages: what they say is the user's own, and nothing of a sample."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from npl_report.load.project import Project
from npl_report.load.unfilled import refuse_unfilled
from tests.helpers.ownstart import LANGUAGES, WORDS, begun, with_data, with_words
from tests.helpers.running import ROOT, Command, made_once, run_command

EDITION = "2020-03"
TAGS = re.compile(r"<(script|style|svg|math)\b.*?</\1>|<[^>]+>", re.DOTALL)
OF_A_SAMPLE = re.compile(
    r"China|中国|中债资信|CNY|RMB|yuan|人民币|reconstruct|重构|ricostru|simulated|模拟|simulat|dati sintetic|synthetic"
    r"|published report|已发布报告|rapporto pubblicato|report1|\bstudy\b|不良资产证券化深度研究|interbank"
    r"|offering circular|发行说明书|trustee report|受托报告|business plan|servicer report"
    r"|Moody|DBRS|Scope|CCXI|Lianhe|Fitch|KBRA|npl_report research|npl_report 研究组|npl-report\.example|CC BY"
)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with the tiny deals, built in every language, without notes."""

    def make(place: Path) -> list:
        with_data(with_words(begun(place)))
        return [run_command("build", "--no-pdf", cwd=place)]

    return made_once(tmp_path_factory, "own", make, f"build/{EDITION}")


def names() -> list[str]:
    """What the samples call their originators and deals."""
    found = set()
    for folder in (ROOT / "data", ROOT / "samples" / "euro" / "data"):
        for file in ("originators.csv", "deals.csv"):
            with (folder / file).open(encoding="utf-8", newline="") as rows:
                for row in csv.DictReader(rows):
                    found |= {row[key] for key in row if key.startswith(("name_", "short_"))}
    return sorted(name for name in found if len(name) > 3 or not name.isascii())


def test_no_page_has_a_word_of_a_sample(project: Path):
    known = re.compile("|".join(map(re.escape, names())))
    pages = [*(project / "build" / EDITION).rglob("*.html")]
    assert len(pages) > 3 * 60
    found = {}
    for page in pages:
        said = " ".join(TAGS.sub(" ", page.read_text(encoding="utf-8")).split())
        if match := OF_A_SAMPLE.search(said) or known.search(said):
            found[page.relative_to(project).as_posix()] = said[max(0, match.start() - 40) : match.end() + 40]
    assert found == {}


def test_pages_name_the_user(project: Path):
    for language in LANGUAGES:
        page = (project / "build" / EDITION / language / "index.html").read_text(encoding="utf-8")
        assert [word for word in WORDS.values() if word not in page] == []


def test_few_chapters_and_few_data_are_enough(npl_report: Command, tmp_path: Path):
    place = with_words(begun(tmp_path / "few", ("market",)))
    told = npl_report("check", cwd=place)
    assert (told.code, told.err.count("→")) == (1, 1)
    refuse_unfilled(Project(with_data(place, "deals", "tranches", "originators")))
    assert npl_report("check", cwd=place).code == 0
