"""Editions, cases and series that cannot be read: each mistake is told with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from npl_report.load.project import Project, read_edition, read_series
from npl_report.load.restatements import check_restated
from npl_report.load.structure import check_cases
from npl_report.model import (
    InputError,
    Restatement,
    Structure,
)
from tests.helpers import tiny
from tests.helpers.snapshots import assert_told
from tests.load.settings import EDITION, SERIES, TABLES, small_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path)


def changed(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


EDITIONS: dict[str, Callable[[str], str]] = {
    "edition-window-turned-round": changed("low = 33\nhigh = 39", "low = 39\nhigh = 33"),
    "edition-window-of-half-months": changed("low = 33", "low = 33.5"),
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
    "edition-ages-as-text": changed("revision = 1", 'revision = 1\nages = "calendar"'),
    "edition-ages-unknown": lambda text: f'{text}\n[ages]\nmonths = "30"\ncurve = 1\npanel = "6"\nmonth = 3\n',
    "edition-distribution-as-number": changed("revision = 1", "revision = 1\ndistribution = 10"),
    "edition-distribution-falling": lambda text: f"{text}\n[distribution]\nages = [24, 12]\nage = 6\n",
    "edition-distribution-in-days": lambda text: f"{text}\n[distribution]\nages = [365, 730]\n",
    "edition-distribution-single": lambda text: f"{text}\n[distribution]\nages = [12]\n",
    "edition-distribution-no-months": lambda text: f"{text}\n[distribution]\nages = [6.5, 12]\n",
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
    "edition-present-value-as-number": changed("revision = 1", "revision = 1\npresent_value = 0.05"),
    "edition-present-value-key-unknown": lambda text: f"{text}\n[present_value]\ndiscount = 0.05\n",
    "edition-present-value-per-cent": lambda text: f"{text}\n[present_value]\nrate = 5\n",
    "edition-present-value-negative": lambda text: f"{text}\n[present_value]\nrate = -0.01\n",
    "edition-present-value-as-text": lambda text: f'{text}\n[present_value]\nrate = "5 %"\n',
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


CASES: dict[str, dict[str, str]] = {
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
    "series-without-as-text": changed('id = "tiny"', 'id = "tiny"\nwithout = "tie-out"'),
    "series-without-no-key": changed('id = "tiny"', 'id = "tiny"\nwithout = ["Tie out "]'),
    "series-without-a-chapter-that-is-there": changed('id = "tiny"', 'id = "tiny"\nwithout = ["data"]'),
    "series-address": changed('id = "tiny"', 'id = "tiny"\naddress = "www.example.org"'),
    "series-note-no-list": changed("note = false", 'note = "issuance"'),
    "series-since-no-text": changed("note = false", "note = false\nsince = 2021"),
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
