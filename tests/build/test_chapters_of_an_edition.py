"""A chapter that begins with a later edition: earlier ones know nothing of it, and prose that they share says so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from npl_report.build.job import Options, chosen_edition
from npl_report.build.reading import read
from npl_report.load.project import Project
from npl_report.model import InputError
from npl_report.present.pages import Pages
from npl_report.present.templates import Templates
from tests.helpers.running import EDITION, LATER_EDITION, Command
from tests.helpers.tinyproject import tiny_project

SERIES = """id = "small"
address = "https://small.example"
[[chapter]]
key = "index"
[[chapter]]
key = "market"
since = "2021-12"
tables = ["issuance_by_type", "issuance_by_year"]
supporting = ["deal_tranches"]
[[chapter]]
key = "closing"
tables = ["redemption_status"]
"""
HEAD = "---\ntitle: {title}\ndescription: A page.\n---\n\n"
INDEX = (
    'Welcome.{% if has_page("market") %} More in {{ link("market", "the market", "types") }} and {{ '
    'ref("issuance_by_type") }}.{% endif +%}\n'
)
MARKET = (
    'Deals: {{ n("issuance_by_type", "total", "n_deals") }}.\n\n## Types {#types}\n\n{{ table("issuance_by_type") '
    '}}\n\n{{ table("issuance_by_year") }}\n\n{{ chart("issuance_by_year") }}\n'
)
CLOSING = 'Repaid.\n\n{{ table("redemption_status") }}\n'


def written(root: Path, index: str = INDEX) -> Path:
    """A publication of three chapters, the second of which began later."""
    (root / "report" / "series.toml").write_text(SERIES, encoding="utf-8")
    for language in ("zh", "en"):
        for page in (root / "report" / language).glob("*.qmd"):
            page.unlink()
        for key, text in {"index": index, "market": MARKET, "closing": CLOSING}.items():
            (root / "report" / language / f"{key}.qmd").write_text(HEAD.format(title=key) + text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(written(tiny_project(tmp_path_factory.mktemp("small") / "project")))


def pages(project: Project, edition: str, medium: str = "site") -> Pages:
    reading = read(project, chosen_edition(project, Options(edition=edition, languages=("en",))), lambda _: None)
    return Pages(reading.by_language["en"], Templates(project.templates), medium, {})  # type: ignore[arg-type]


def front(project: Project, edition: str, index: str, medium: str = "site") -> str:
    """The front page with that text."""
    written(project.root, index)
    generator = pages(project, edition, medium)
    return generator.page(generator._localized.series.chapters[0]).markdown


def test_the_site_of_an_earlier_edition_knows_nothing_of_it(small: Project, npl_report: Command):
    written(small.root)
    found = {}
    for edition in (EDITION, LATER_EDITION):
        ran = npl_report("build", "--edition", edition, "--lang", "en", "--no-pdf", "--jobs", "1", cwd=small.root)
        assert ran.code == 0, ran.err
        folder = small.build / edition
        found[edition] = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    later, first = found[LATER_EDITION], found[EDITION]
    its_own = {
        "en/market.html",
        "downloads/tables/issuance_by_type.csv",
        "downloads/evidence/issuance_by_year.csv",
        "downloads/charts/issuance_by_year.en.svg",
        "en/tables/deal_tranches.html",
    }
    assert its_own <= set(later)
    assert not its_own & set(first)
    for path, file in first.items():
        if path.endswith((".html", ".js", ".xml")) and not path.startswith("assets/"):
            text = file.read_text(encoding="utf-8")
            assert "market.html" not in text, path
            assert "issuance_by_type.html" not in text, path
    # numbers follow from what is there
    assert "Table 1" in first["en/closing.html"].read_text(encoding="utf-8")
    assert "Table 3" in later["en/closing.html"].read_text(encoding="utf-8")
    assert "market.html#types" in later["en/index.html"].read_text(encoding="utf-8")


def test_the_note_of_an_earlier_edition_leaves_it_out(small: Project):
    assert front(small, EDITION, INDEX, "print").strip() == "Welcome."
    assert "#market-types" in front(small, LATER_EDITION, INDEX, "print")


def test_its_page_is_checked_for_the_editions_that_have_it(small: Project, npl_report: Command):
    written(small.root)
    (small.report / "en" / "market.qmd").write_text(
        HEAD.format(title="market") + MARKET + "\n{{ nonsense }}\n", encoding="utf-8"
    )
    assert npl_report("check", "--edition", EDITION, cwd=small.root).code == 0
    ran = npl_report("check", cwd=small.root)
    assert ran.code == 1
    assert re.search(r"^report/en/market\.qmd, row \d+: found 'nonsense'", ran.err, re.MULTILINE)
    assert ran.err.endswith("1 problem; nothing was written\n")
    written(small.root)
    answer = json.loads(npl_report("check", "--json", cwd=small.root).out)
    assert (answer["ok"], answer["editions"], answer["pages"]) == (True, 2, 2 * 2 + 2 * 3)


def test_a_page_that_is_missing_is_missed_by_the_editions_that_have_it(small: Project):
    written(small.root)
    (small.report / "en" / "market.qmd").unlink()
    assert pages(small, EDITION)
    with pytest.raises(InputError, match=r"report/en/market\.qmd: the page is missing"):
        pages(small, LATER_EDITION)


@pytest.mark.parametrize("edition", [EDITION, LATER_EDITION])
def test_has_page(small: Project, edition: str):
    text = "".join(
        '{% if has_page("' + key + '") %}' + key + ".{% endif %}"
        for key in ("index", "market", "closing", "deals", "originators")
    )
    here = "market." if edition == LATER_EDITION else ""
    assert front(small, edition, text).strip() == f"index.{here}closing.deals.originators."
    assert front(small, edition, text, "print").strip() == f"index.{here}closing."  # the lists are on the site only


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (
            '{{ link("market", "there") }}',
            "this edition does not have the page yet; guard the link with {% if has_page('market') %}",
        ),
        (
            '{{ ref("issuance_by_type") }}',
            (
                "'issuance_by_type' belongs to a chapter that this edition does not have yet; guard it with {% if "
                "has_page('market') %}"
            ),
        ),
        ('{{ chart("deal_tranches") }}', "'deal_tranches' belongs to a chapter that this edition does not have yet"),
        ('{{ n("regression_fit", "a", "b") }}', "table 'regression_fit' is not computed for this edition"),
        (
            '{{ has_page("markt") }}',
            "there is no page 'markt'; there are closing, index, market and the lists deals, originators",
        ),
        ('{{ link("markt", "there") }}', "there is no page 'markt'"),
    ],
)
def test_what_an_edition_does_not_have_must_be_guarded(small: Project, index: str, said: str):
    with pytest.raises(InputError) as raised:
        front(small, EDITION, index)
    assert said in str(raised.value)
    assert "report/en/index.qmd, row 6" in str(raised.value)
