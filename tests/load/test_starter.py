"""A project that begins: what is chosen is there, and what is not is nowhere."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from pathlib import Path

import pytest

from npl_report.load.neutral import settled
from npl_report.load.project import Project, read_series
from npl_report.load.starter import APPARATUS, MAIN, Wanted, offer, samples, start_project
from npl_report.load.tablefolders import table_keys
from npl_report.load.unfilled import refuse_unfilled
from npl_report.model import CONTRACT, InputError
from tests.helpers.ownstart import begun, with_data, with_words
from tests.helpers.snapshots import assert_told

OF_THE_SAMPLE = re.compile(
    r"report1|@study|China Bond Rating|中债资信|published report|已发布报告|rapporto pubblicato|Scope|Moody|calibration"
)


def problems(project: Path) -> tuple:
    with pytest.raises(InputError) as raised:
        refuse_unfilled(Project(project))
    return raised.value.problems


def test_there_are_three_samples():
    assert samples() == ("china", "euro", "none")
    assert offer("none", table_keys()).languages == ("en", "it", "zh")


def test_without_a_sample_files_have_heads_only(tmp_path: Path):
    project = begun(tmp_path / "own")
    for name, part in CONTRACT.items():
        head, *rows = csv.reader((project / "data" / f"{name}.csv").read_text(encoding="utf-8").splitlines())
        assert {column for column, need in part.columns.items() if need.kept} <= {*head}
        assert bool(rows) == (name == "priorities"), name
    assert not (project / "data" / "published").exists()
    assert len([*project.glob("report/editions/*.toml")]) == 1
    assert read_series(Project(project), table_keys()).id == "own"


def test_without_a_sample_no_page_speaks_of_another(tmp_path: Path):
    report = begun(tmp_path / "own") / "report"
    files = [path for path in report.rglob("*") if path.is_file()]
    found = {path.name: match[0] for path in files if (match := OF_THE_SAMPLE.search(path.read_text(encoding="utf-8")))}
    assert found == {}
    assert len([*report.glob("*/methodology.qmd")]) == 3


def test_what_is_to_be_filled_in_is_one_list(tmp_path: Path):
    project = start_project(tmp_path / "own", table_keys(), Wanted("none", ("en",))).root
    assert_told("unfilled", problems(project))
    with_words(project)
    assert [problem.file for problem in problems(project)] == ["data/market.toml", "data/deals.csv"]


def test_what_is_filled_in_is_not_asked_for(tmp_path: Path):
    project = with_words(begun(tmp_path / "own"))
    assert [problem.rule for problem in problems(project)] == ["holds no deal yet"]
    refuse_unfilled(Project(with_data(project)))


def test_a_language_and_a_currency_are_the_only_ones(tmp_path: Path):
    project = start_project(tmp_path / "own", table_keys(), Wanted("none", ("it",), (), "CHF")).root
    assert sorted(path.name for path in (project / "report").iterdir()) == ["editions", "it", "series.toml"]
    assert [path.name for path in project.glob("_quarto-*")] == ["_quarto-it.yml"]
    market = (project / "data" / "market.toml").read_text(encoding="utf-8")
    assert tomllib.loads(market)["currency"] == {"code": "CHF", "unit": {"it": "CHF"}, "name": {"it": "CHF"}}
    described = (project / "data" / "datapackage.json").read_text(encoding="utf-8")
    assert "XXX" not in market + described
    assert not re.search(r"_(en|zh)\b", described)
    fields = json.loads(described)["resources"][0]["schema"]["fields"]
    assert [of["unit"] for of in fields if of["name"] == "pool_balance"] == ["CHF mn"]


def test_chapters_that_are_not_chosen_are_nowhere(tmp_path: Path):
    project = start_project(tmp_path / "few", table_keys(), Wanted(MAIN, (), ("recovery", "structure")))
    series = read_series(project, table_keys())
    assert {chapter.key for chapter in series.chapters} == {*APPARATUS, "structure"}
    pages = {path.stem for path in project.report.glob("en/*.qmd")}
    assert pages == {*APPARATUS, "structure"}
    assert {*series.without} == {*offer(MAIN, table_keys()).chapters} - {"structure"}
    assert not (project.data / "published").exists()


def test_the_whole_sample_is_as_it_is(tmp_path: Path):
    project = start_project(tmp_path / "china", table_keys())
    for path in project.report.rglob("*.qmd"):
        own = Path(__file__).parents[2] / path.relative_to(project.root)
        assert path.read_bytes() == own.read_bytes()
    assert (project.data / "published" / "ledger.csv").is_file()


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (
            Wanted("non"),
            "--sample: found 'non': there is no such sample\n    → did you mean none? there are china, euro",
        ),
        (
            Wanted("euro", ("zh",)),
            "--languages: found 'zh': the sample euro has no such language\n    → there are en, it",
        ),
        (
            Wanted(chapters=("recovry", "data")),
            "'recovry': the sample china has no such chapter\n    → did you mean recovery",
        ),
        (Wanted("none", currency="Euro"), "--currency: found 'Euro': is the code of a currency, for --sample none"),
        (Wanted("euro", currency="EUR"), "--currency: found 'EUR'"),
    ],
)
def test_what_there_is_not_is_told_with_what_there_is(tmp_path: Path, wanted: Wanted, told: str):
    with pytest.raises(InputError) as raised:
        start_project(tmp_path / "new", table_keys(), wanted)
    assert told in str(raised.value)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path):
    (tmp_path / "note.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="the folder is not empty"):
        start_project(tmp_path, table_keys(), Wanted("none"))
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('a{% if cites("x") %} b{% endif %} c', "a c"),
        ('a{% if cites("y") %} b{% endif %} c', 'a{% if cites("y") %} b{% endif %} c'),
        ('{% if cites("x") %}b{% else %}c{% endif %}.', "c."),
        ('{% if cites("x") %}\nb\n{% else %}\nc\n{% endif %}\nd', "c\nd"),
        ('{% if p %}b{% elif cites("x") %}c{% endif %}', "{% if p %}b{% endif %}"),
        ('{% if cites("x") %}b{% elif p %}c{% else %}d{% endif %}', "{% if p %}c{% else %}d{% endif %}"),
        ('{% if p %}{% if has_page("out") %}b{% endif %}c{% endif %}', "{% if p %}c{% endif %}"),
        ('{% if has_page("out") %}{% if p %}b{% endif %}{% endif %}c', "c"),
        ('b{% if cites("x") %} c{% endif +%}\nd', "b\nd"),
        ('{% if has_page("out") or p %}b{% endif %}', '{% if has_page("out") or p %}b{% endif %}'),
    ],
)
def test_branches_that_cannot_hold_are_taken_out(text: str, left: str):
    assert settled(text, frozenset({"y"}), ("out",)) == left
