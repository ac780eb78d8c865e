"""The editorial files: where a project is, report/series.toml, report/editions/*.toml, data/published.

Messages in tests/errors.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from npl_report.load.ledger import Bindings, FigureBinding, Published, read_bindings, read_ledger
from npl_report.load.project import Project, find_project, read_edition, read_series
from npl_report.load.restatements import check_restated
from npl_report.load.structure import check_cases
from npl_report.load.tablefolders import table_keys
from npl_report.model import (
    VARIABLES,
    AssetType,
    Determinants,
    Figure,
    InputError,
    Restatement,
    Series,
    Structure,
    Window,
)
from tests.helpers import tiny
from tests.helpers.snapshots import assert_told

SERIES = """id = "tiny"
[[chapter]]
key = "index"
tables = []
[[chapter]]
key = "market"
tables = ["issuance_by_type", "issuance_by_year"]
[[chapter]]
key = "data"
tables = ["redemption_status"]
supporting = ["deal_recovery"]
note = false
"""
EDITION = (tiny.ROOT / "report" / "editions" / "2020-03.toml").read_text(encoding="utf-8").partition(
    "\n# The rules of part III"
)[0] + "\n"
"""Without the section of part III, which the cases write themselves."""
TABLES = ("issuance_by_type", "issuance_by_year", "redemption_status", "deal_recovery")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "some-series"
    for language in ("en", "zh"):
        (root / "report" / language).mkdir(parents=True)
        (root / "report" / language / "index.qmd").write_text("", encoding="utf-8")
    (root / "report" / "editions").mkdir()
    (root / "report" / "series.toml").write_text(SERIES, encoding="utf-8")
    (root / "report" / "editions" / "2020-03.toml").write_text(EDITION, encoding="utf-8")
    return Project(root)


def test_folders(project: Project):
    assert [path.name for path in (project.data, project.report, project.templates, project.build)] == [
        "data",
        "report",
        "templates",
        "build",
    ]
    assert project.languages == ("en", "zh")
    assert project.editions == ("2020-03",)


def test_a_project_is_found_from_inside_it(project: Project):
    assert find_project(project.report / "en").root == project.root
    assert find_project(project.root).root == project.root


def test_no_project(tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(InputError) as raised:
        find_project(tmp_path / "elsewhere")
    assert_told("project-not-found", raised.value.problems)


def test_the_series(project: Project):
    series = read_series(project, TABLES)
    assert series.id == "tiny"
    assert [(chapter.key, chapter.tables, chapter.supporting, chapter.note) for chapter in series.chapters] == [
        ("index", (), (), True),
        ("market", ("issuance_by_type", "issuance_by_year"), (), True),
        ("data", ("redemption_status",), ("deal_recovery",), False),
    ]
    assert series.supporting == {"deal_recovery"}
    assert series.address == ""
    assert series.table_keys == TABLES


def test_the_address_has_no_slash_at_its_end(project: Project):
    (project.report / "series.toml").write_text(
        f'address = "https://example.org/research/"\n{SERIES}', encoding="utf-8"
    )
    assert read_series(project, TABLES).address == "https://example.org/research"


def test_a_series_without_id_has_the_same_name_in_every_folder(project: Project):
    """Otherwise a rebuild elsewhere would give other bytes."""
    path = project.report / "series.toml"
    path.write_text(SERIES.replace('id = "tiny"\n', ""), encoding="utf-8")
    assert read_series(project, TABLES).id == "series"


def test_the_edition(project: Project):
    edition = read_edition(project, "2020-03")
    assert (edition.id, edition.as_of, edition.published_on, edition.revision) == (
        "2020-03",
        date(2020, 3, 17),
        date(2020, 4, 15),
        1,
    )
    assert edition.languages == ("zh", "en")
    # corporate and one year: report I, footnote 2; the others are ours (METHODS)
    assert edition.windows == {
        "corporate": Window(33, 39, "published"),
        "mortgage": Window(24, 30, "chosen"),
        "unsecured": Window(13, 19, "chosen"),
    }
    assert edition.one_year_window == Window(10, 14, "published")


def add_edition(project: Project, id_: str, as_of: str) -> None:
    """An edition as of that day, published on it."""
    text = EDITION.replace("2020-03-17", as_of).replace("2020-04-15", as_of)
    (project.report / "editions" / f"{id_}.toml").write_text(text, encoding="utf-8")


def test_editions_stand_in_the_order_of_their_days(project: Project):
    """As text, 2020-9 comes after 2020-10, and names need not be dates at all.

    Editions of one day stand in the order of their ids.
    """
    for id_, as_of in (
        ("2020-9", "2020-09-30"),
        ("2020-10", "2020-10-31"),
        ("spring", "2021-04-01"),
        ("annual", "2021-12-31"),
        ("2021-12", "2021-12-31"),
    ):
        add_edition(project, id_, as_of)
    assert project.editions == ("2020-03", "2020-9", "2020-10", "spring", "2021-12", "annual")
    assert read_edition(project, None).id == "annual"
    (project.report / "editions" / "annual.toml").unlink()
    (project.report / "editions" / "2021-12.toml").unlink()
    (project.report / "editions" / "spring.toml").unlink()
    assert read_edition(project, None).id == "2020-10"


@pytest.mark.parametrize("broken", ["as_of = ", 'as_of = "2019-12-31"', "\xff"])
def test_an_edition_whose_day_cannot_be_read_is_not_passed_over(broken: str, project: Project):
    """It may be the latest: without an id it is taken, and told."""
    (project.report / "editions" / "2019-12.toml").write_bytes(broken.encode("latin-1"))
    assert project.editions == ("2020-03", "2019-12")
    with pytest.raises(InputError, match=r"report/editions/2019-12\.toml"):
        read_edition(project, None)
    assert read_edition(project, "2020-03").id == "2020-03"


def test_the_rules_of_part_two_have_defaults(project: Project):
    assert read_edition(project, "2020-03").determinants == Determinants()


def test_the_rules_of_part_two(project: Project):
    rules = '\n[determinants]\nregressors = ["wa_overdue", "n_loans"]\nvif_limit = 5\nsignificance = 0.01\n'
    (project.report / "editions" / "2020-03.toml").write_text(EDITION + rules, encoding="utf-8")
    found = read_edition(project, "2020-03").determinants
    assert found == Determinants(regressors=("wa_overdue", "n_loans"), vif_limit=5.0, significance=0.01)
    assert found.factor_variables == Determinants().factor_variables  # left out: the default


def test_the_edition_of_part_two_writes_its_rules_out():
    """They stand in the file to be read, and are the defaults; every variable is a candidate once."""
    raw = tomllib.loads((tiny.ROOT / "report" / "editions" / "2021-12.toml").read_text(encoding="utf-8"))
    assert set(raw["determinants"]) == {field.name for field in fields(Determinants)}
    edition = read_edition(Project(tiny.ROOT), "2021-12")
    assert edition.determinants == Determinants()
    for names in (edition.determinants.regressors, edition.determinants.factor_variables):
        assert sorted(names) == sorted(VARIABLES)
    first = read_edition(Project(tiny.ROOT), "2020-03")
    assert (edition.windows, edition.one_year_window) == (first.windows, first.one_year_window)


@pytest.mark.parametrize("name", ["2020-03", "2021-12"])
def test_editions_write_the_rules_of_part_three_out(name: str):
    raw = tomllib.loads((tiny.ROOT / "report" / "editions" / f"{name}.toml").read_text(encoding="utf-8"))
    assert raw["structure"] == {"payment_lag": Structure().payment_lag}
    assert read_edition(Project(tiny.ROOT), name).structure == Structure()


def test_the_rules_of_part_three(project: Project):
    assert read_edition(project, "2020-03").structure == Structure()  # they have defaults
    rules = '\n[structure]\npayment_lag = 0\n[structure.cases]\nmortgage = "zhongyu-2019-1"\n'
    (project.report / "editions" / "2020-03.toml").write_text(EDITION + rules, encoding="utf-8")
    assert read_edition(project, "2020-03").structure == Structure(payment_lag=0, cases={"mortgage": "zhongyu-2019-1"})


def test_languages_and_revision_may_be_left_out(project: Project):
    path = project.report / "editions" / "2020-03.toml"
    path.write_text(re.sub(r"(?m)^(languages|revision).*\n", "", EDITION), encoding="utf-8")
    edition = read_edition(project, "2020-03")
    assert (edition.languages, edition.revision) == (("en", "zh"), 1)


def changed(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


LATER = SERIES.replace('key = "market"', 'key = "market"\nsince = "2020-10"')


def with_a_later_chapter(project: Project) -> Series:
    """The chapter market begins with 2020-10; before it stands 2020-9, after it an edition whose name is no date."""
    (project.report / "series.toml").write_text(LATER, encoding="utf-8")
    for id_, as_of in (("2020-9", "2020-09-30"), ("2020-10", "2020-10-31"), ("1st-annual", "2020-12-31")):
        add_edition(project, id_, as_of)
    return read_series(project, TABLES)


@pytest.mark.parametrize("edition", ["2020-03", "2020-9"])
def test_an_edition_before_it_does_not_have_the_chapter(edition: str, project: Project):
    series = with_a_later_chapter(project).of(edition)
    assert [chapter.key for chapter in series.chapters] == ["index", "data"]
    assert [chapter.key for chapter in series.later] == ["market"]
    assert series.table_keys == ("redemption_status", "deal_recovery")


@pytest.mark.parametrize("edition", ["2020-10", "1st-annual"])
def test_an_edition_from_then_on_has_the_chapter(edition: str, project: Project):
    series = with_a_later_chapter(project)
    assert [chapter.since for chapter in series.chapters] == ["", "2020-10", ""]
    assert series.of(edition) == series
    assert series.table_keys == TABLES


EDITIONS: dict[str, Callable[[str], str]] = {
    "edition-window-turned-round": changed("low = 33\nhigh = 39", "low = 39\nhigh = 33"),
    "edition-window-of-half-months": changed("low = 33", "low = 33.5"),
    "edition-window-missing": lambda text: re.sub(r"\[windows\.mortgage\]\n.*\n.*\n.*\n", "", text),
    "edition-window-as-list": lambda text: re.sub(
        r"\[windows\.corporate\]\n.*\n.*\n.*\n", "[windows]\ncorporate = [33, 39]\n", text
    ),
    "edition-windows-missing": lambda text: text[: text.index("[windows")],
    "edition-window-source": changed('source = "published"', 'source = "report"'),
    "edition-date-as-string": changed("as_of = 2020-03-17", 'as_of = "2020-03-17"'),
    "edition-date-missing": changed("published_on = 2020-04-15", ""),
    "edition-date-with-time": changed("as_of = 2020-03-17", "as_of = 2020-03-17T12:00:00"),
    "edition-day-that-does-not-exist": changed("as_of = 2020-03-17", "as_of = 2020-02-30"),
    "edition-language-unknown": changed('["zh", "en"]', '["zh", "ja"]'),
    "edition-without-language": changed('["zh", "en"]', "[]"),
    "edition-revision": changed("revision = 1", "revision = 0"),
    "edition-section-misspelt": lambda text: f"{text}\n[determinant]\nvif_limit = 5\n[weather]\n",
    "edition-determinants-as-number": changed("revision = 1", "revision = 1\ndeterminants = 10"),
    "edition-determinants-key-unknown": lambda text: f"{text}\n[determinants]\nvif_limits = 5\ncolour = 3\n",
    "edition-determinants-variable-misspelt": lambda text: (
        f'{text}\n[determinants]\nregressors = ["pool_balance", "n_lones", "weather", 7]\n'
    ),
    "edition-determinants-variable-twice": lambda text: (
        f'{text}\n[determinants]\nfactor_variables = ["n_loans", "issuance", "n_loans", "issuance", "n_loans"]\n'
    ),
    "edition-determinants-too-few": lambda text: (
        f'{text}\n[determinants]\nregressors = ["n_loans"]\nfactor_variables = []\n'
    ),
    "edition-determinants-list-as-text": lambda text: f'{text}\n[determinants]\nregressors = "n_loans"\n',
    "edition-determinants-limits": lambda text: (
        f"{text}\n[determinants]\nvif_limit = 1\neigenvalue_limit = 0.0\nsignificance = 0.5\n"
    ),
    "edition-determinants-limits-no-numbers": lambda text: (
        f'{text}\n[determinants]\nvif_limit = "10"\neigenvalue_limit = true\nsignificance = nan\n'
    ),
    "edition-determinants-several-mistakes": lambda text: (
        f'{text.replace("revision = 1", "revision = 0")}\n[determinants]\nregressors = ["issuanze", '
        '"issuance"]\nvif_limit = inf\nsignifikance = 0.1\n'
    ),
    "edition-structure-as-number": changed("revision = 1", "revision = 1\nstructure = 24"),
    "edition-structure-key-unknown": lambda text: f"{text}\n[structure]\npayment_lags = 24\ncolour = 3\n",
    "edition-structure-lag-as-text": lambda text: f'{text}\n[structure]\npayment_lag = "24 days"\n',
    "edition-structure-lag-negative": lambda text: f"{text}\n[structure]\npayment_lag = -1\n",
    "edition-structure-lag-too-large": lambda text: f"{text}\n[structure]\npayment_lag = 367\n",
    "edition-structure-lag-no-days": lambda text: f"{text}\n[structure]\npayment_lag = true\n",
    "edition-structure-cases-as-text": lambda text: f'{text}\n[structure]\ncases = "zhongyu-2019-1"\n',
    "edition-structure-case-as-number": lambda text: f"{text}\n[structure.cases]\nmortgage = 1\n",
    "edition-structure-type-unknown": lambda text: (
        f'{text}\n[structure.cases]\nmortgages = "zhongyu-2019-1"\nweather = "x"\n'
    ),
    "edition-restatement-as-section": lambda text: f"{text}\n[restatement]\nrevision = 2\n",
    "edition-restatement-key-unknown": lambda text: (
        f"{text.replace('revision = 1', 'revision = 2')}\n[[restatement]]\nrevision = 2\ntables = "
        f'["recovery_by_type"]\nwhy = {{ zh = "更正", en = "Corrected" }}\nreason = "x"\n'
    ),
    "edition-restatement-of-the-first": lambda text: (
        f'{text}\n[[restatement]]\nrevision = 1\ntables = ["recovery_by_type"]\nwhy = {{ zh = "更正", en = '
        f'"Corrected" }}\n'
    ),
    "edition-restatement-to-come": lambda text: (
        f'{text}\n[[restatement]]\nrevision = 2\ntables = ["recovery_by_type"]\nwhy = {{ zh = "更正", en = '
        f'"Corrected" }}\n'
    ),
    "edition-restatement-incomplete": lambda text: (
        f"{text.replace('revision = 1', 'revision = 2')}\n[[restatement]]\nrevision = 2\ntables = "
        f'"recovery_by_type"\nwhy = {{ zh = "更正" }}\n'
    ),
    "edition-restatement-others-incomplete": lambda text: (
        f"{text.replace('revision = 1', 'revision = 2')}\n[[restatement]]\nrevision = 2\ntables = "
        f'["recovery_by_type"]\nwhy = {{ zh = "更正", en = "Corrected" }}\nothers = {{ zh = "均由此而来" }}\n'
    ),
    "edition-several-mistakes": lambda text: (
        text.replace('"zh"', '"ja"')
        .replace("revision = 1", 'revision = "1"')
        .replace("low = 13", "low = 31")
        .replace("= 2020-04-15", "= 20200415")
    ),
}


@pytest.mark.parametrize("case", EDITIONS)
def test_a_wrong_edition(case: str, project: Project):
    (project.report / "editions" / "2020-03.toml").write_text(EDITIONS[case](EDITION), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_edition(project, "2020-03")
    assert_told(case, raised.value.problems)


CASES: dict[str, dict[AssetType, str]] = {
    "edition-structure-deal-unknown": {"mortgage": "m3", "corporate": "harbour"},
    "edition-structure-deal-of-another-type": {"mortgage": "c1"},
    "edition-structure-deal-not-issued-yet": {"unsecured": "u2"},
    "edition-structure-deal-without-forecast": {"mortgage": "m2"},
}


@pytest.mark.parametrize("case", CASES)
def test_a_wrong_case(case: str):
    as_of = date(2019, 12, 31)  # u2 was issued in February 2020
    edition = replace(tiny.edition(as_of), structure=Structure(cases=CASES[case]))
    with pytest.raises(InputError) as raised:
        check_cases(edition, tiny.data(as_of).deals, tiny.data(as_of).forecasts)
    assert_told(case, raised.value.problems)


def test_cases_that_fit_are_accepted():
    check_cases(
        replace(tiny.edition(), structure=Structure(cases={"mortgage": "m1", "unsecured": "u2"})),
        tiny.data().deals,
        tiny.data().forecasts,
    )


def test_a_restated_table_that_the_edition_does_not_have():
    restated = Restatement(2, ("recovery_by_tipe", "recovery_by_year"), {"zh": "更正", "en": "Corrected"})
    with pytest.raises(InputError) as raised:
        check_restated(replace(tiny.edition(), restatements=(restated,)), ["recovery_by_type", "recovery_by_year"])
    assert_told("edition-restatement-table-unknown", raised.value.problems)
    check_restated(replace(tiny.edition(), restatements=(restated,)), ["recovery_by_tipe", "recovery_by_year"])


@pytest.mark.parametrize("name", ["spring_2020", "Q1", "latest", "2020--03"])
def test_a_name_that_is_no_folder(name: str, project: Project):
    (project.report / "editions" / f"{name}.toml").write_text(EDITION, encoding="utf-8")
    with pytest.raises(InputError, match="the id of an edition must be small letters and digits"):
        read_edition(project, name)


@pytest.mark.parametrize(("case", "name"), [("edition-misnamed", "2020-3"), ("edition-unknown", "spring")])
def test_an_edition_that_is_not_there(case: str, name: str, project: Project):
    with pytest.raises(InputError) as raised:
        read_edition(project, name)
    assert_told(case, raised.value.problems)


def test_no_edition_at_all(project: Project):
    (project.report / "editions" / "2020-03.toml").unlink()
    with pytest.raises(InputError) as raised:
        read_edition(project, None)
    assert_told("edition-none", raised.value.problems)


SERIES_CASES: dict[str, Callable[[str], str]] = {
    "series-table-misspelt": changed('"issuance_by_year"', '"issuance_by_yaer"'),
    "series-table-unknown": changed('"issuance_by_year"', '"weather"'),
    "series-table-twice": changed('"redemption_status"', '"redemption_status", "issuance_by_type"'),
    "series-chapter-twice": changed('key = "data"', 'key = "market"'),
    "series-index-not-first": changed('key = "index"', 'key = "start"'),
    "series-empty": lambda _text: "",
    "series-single-brackets": lambda _text: '[chapter]\nkey = "index"\n',
    "series-tables-as-text": changed('["deal_recovery"]', '"deal_recovery"'),
    "series-supporting-twice": changed('["deal_recovery"]', '["redemption_status"]'),
    "series-address": changed('id = "tiny"', 'id = "tiny"\naddress = "www.example.org"'),
    "series-since-no-text": changed("note = false", "note = false\nsince = 2021-12-31"),
    "series-since-no-edition": changed("note = false", 'note = false\nsince = "2020-3"'),
    "series-since-of-the-front-page": changed("tables = []", 'tables = []\nsince = "2020-03"'),
    "series-key-misspelt": changed("note = false", 'note = false\nsinse = "2021-12"\ncolour = "red"'),
    "series-no-toml": changed("tables = []", "tables = ["),
}


@pytest.mark.parametrize("case", SERIES_CASES)
def test_a_wrong_series(case: str, project: Project):
    (project.report / "series.toml").write_text(SERIES_CASES[case](SERIES), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_series(project, TABLES)
    assert_told(case, raised.value.problems)


def test_a_series_that_is_not_there(project: Project):
    (project.report / "series.toml").unlink()
    with pytest.raises(InputError) as raised:
        read_series(project, TABLES)
    assert_told("series-missing", raised.value.problems)


def test_the_repo_s_own_files_are_valid():
    project = Project(tiny.ROOT)
    assert set(read_series(project, table_keys()).table_keys) <= set(table_keys())
    for name in project.editions:
        assert read_edition(project, name).id == name


LEDGER = "id,seed,section,phrase,metric,group,value,unit,decimals,kind,definition_note,consistency_note\n"


def published(folder: Path, ledger: str = LEDGER, bindings: str = "") -> Path:
    (folder / "ledger.csv").write_text(ledger, encoding="utf-8")
    (folder / "bindings.toml").write_text(bindings, encoding="utf-8")
    return folder


def test_the_ledger_and_its_bindings(tmp_path: Path):
    ledger = (
        LEDGER
        + 'L001,2,S,"in all, 96",n,market,96,deals,0,exact,note,\nL002,2,S,p,n,market,31.41,pct,2,ambiguous,one,two\n'
    )
    bindings = (
        'L001 = { cell = "a/b/c", names = "a/b/d", is = "x" }\nL002 = { cell = "a/@highest/c", without = ["z"], '
        'within = [1, 9.5], other = "a/e/c" }\n'
    )
    folder = published(tmp_path, ledger, bindings)
    assert read_ledger(folder) == [
        Published("L001", "2", "in all, 96", "96", "deals", 0, "exact", "note", "n", "market"),
        Published("L002", "2", "p", "31.41", "pct", 2, "ambiguous", "one; two", "n", "market"),
    ]
    assert read_bindings(folder) == Bindings(
        {
            "L001": FigureBinding(Figure("a/b/c"), names=Figure("a/b/d"), is_id="x"),
            "L002": FigureBinding(Figure("a/@highest/c"), other=Figure("a/e/c"), low=1, high=9.5, without=("z",)),
        },
        {},
    )


def test_sources_have_their_editions_and_figures_a_reason_for_the_others(tmp_path: Path):
    bindings = (
        'editions = { "1" = "2021-12", "2" = "2020-03" }\nL001 = { cell = "a/b/c", reason = "in a later part" }\n'
    )
    assert read_bindings(published(tmp_path, bindings=bindings)) == Bindings(
        {"L001": FigureBinding(Figure("a/b/c"), reason="in a later part")}, {"1": "2021-12", "2": "2020-03"}
    )


def test_a_ledger_with_a_kind_of_its_own(tmp_path: Path):
    with pytest.raises(InputError) as raised:
        read_ledger(published(tmp_path, LEDGER + "L001,2,S,p,n,m,96,deals,0,precise,,\n"))
    assert_told("ledger-kind", raised.value.problems)


def test_a_ledger_that_is_not_there(tmp_path: Path):
    with pytest.raises(InputError) as raised:
        read_ledger(tmp_path)
    assert_told("ledger-missing", raised.value.problems)


def test_wrong_bindings(tmp_path: Path):
    lines = (
        'L1 = { row = "a/b/c" }',
        'L2 = { cell = "a/b/c", wthin = [1, 2] }',
        'L3 = { cell = "a/b" }',
        'L4 = { cell = "a/b/c", within = [1] }',
        'L5 = { cell = "a/b/c", names = "b" }',
        'L6 = { cell = "a/b/c", names = "a/b/d" }',
        'L7 = "a/b/c"',
        "L8 = {}",
    )
    with pytest.raises(InputError) as raised:
        read_bindings(published(tmp_path, bindings="\n".join(lines)))
    assert_told("bindings-wrong", raised.value.problems)


@pytest.mark.parametrize(
    ("case", "line"),
    [
        ("bindings-editions-wrong", 'editions = { "1" = "March 2021", "2" = 2020, "3" = "2020-9" }'),
        ("bindings-editions-as-text", 'editions = "2020-03"'),
    ],
)
def test_wrong_editions_of_sources(case: str, line: str, tmp_path: Path):
    with pytest.raises(InputError) as raised:
        read_bindings(published(tmp_path, bindings=line))
    assert_told(case, raised.value.problems)
