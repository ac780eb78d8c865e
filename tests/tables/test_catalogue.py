"""What every table must be, whoever adds it.

Each test runs over the catalogue, so that a new table is tested the moment it exists.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import pandas as pd
import pytest

from npl_report.load.data import Source, dataset
from npl_report.load.tablefolders import table_folder
from npl_report.model import Chapter, Dataset, Edition, Result, Series, Unavailable, checked
from npl_report.present.charts import specifications
from npl_report.present.localized import LocalizedEdition
from npl_report.tables import catalogue, compute_tables, inputs
from npl_report.text.words import Words, compare, table_words
from tests.helpers import ladders, sampled, tiny
from tests.helpers.cells import assert_of_unit
from tests.helpers.every import every
from tests.helpers.market import ASSET_TYPES, MARKET, table_words_of, words_of

LATER = frozenset({"latest_by_group", "trigger_status", "closed_claims", "closed_claims_deals"})
"""Tables of what neither the tiny data nor the older editions hold: ``test_latest`` makes data that do."""
KEYS = sorted(catalogue(MARKET).keys() - LATER)
LANGUAGES = ("en", "zh")
"""Of the tiny data."""
Results = Mapping[str, Result | Unavailable]
EDITIONS = ("2020-03", "2021-12")
SAMPLE = "determinants_sample"


def needs(key: str, other: str) -> bool:
    """Whether a table is computed from another one, however far behind."""
    return any(
        name == other or (name in catalogue(MARKET) and needs(name, other)) for name in inputs(catalogue(MARKET)[key])
    )


MODELS = frozenset(key for key in KEYS if needs(key, SAMPLE))
"""Tables of part II: six deals are too few for most of them, which must then say so."""
FEW = frozenset(
    {"chain_ladder", "recoveries_to_come", "projection_accuracy", "projection_accuracy_by_type", "forecast_revisions"}
)
"""Tables that need three deals of a type, or a later forecast, and must say so too. Nothing else may be unavailable on
the tiny data."""
LATE = {"forecast_revisions": "2025-12-31", "forecast_errors": "2025-12-31"}
"""Tables of what the sample holds only later than its editions of three types, and a day by which it does."""

every_table = every("key", KEYS)


@dataclass(frozen=True, eq=False)
class Case:
    """Data on a day, and every table of the catalogue computed from them."""

    source: Source
    data: Dataset
    edition: Edition
    results: Results
    broken: Mapping[str, Exception]

    def localized(self, key: str, language: str) -> LocalizedEdition:
        """One table in one language, whether the publication shows it or not.

        Raises what went wrong when it was computed.
        """
        if key in self.broken:
            raise self.broken[key]
        return printed(self, language) or self.of((key,), language)

    def of(self, keys: tuple[str, ...], language: str) -> LocalizedEdition:
        """A localized edition of these tables."""
        series = Series("catalogue", "", (Chapter("index", keys, (), note=True),))
        return LocalizedEdition(
            language,
            Words({}, "x"),
            tiny.chapters(index="Start"),
            series,
            self.edition,
            self.source,
            self.data,
            self.results,
            [],
        )


@cache
def printed(on: Case, language: str) -> LocalizedEdition | None:
    """All tables in one localized edition.

    None if one cannot be printed: then each gets one of its own, so that the fault is told of that table.
    """
    with contextlib.suppress(Exception):
        return on.of(tuple(on.results), language)
    return None


def case(source: Source, edition: Edition, compute: Callable[[], Results] | None = None) -> Case:
    """``compute``: where all results are had from, if they were computed elsewhere."""
    data = dataset(source, edition.as_of, edition.market)
    with contextlib.suppress(Exception):  # else table by table, so that each fault is told by the test of its own table
        return Case(source, data, edition, compute() if compute else compute_tables(KEYS, data, edition), {})
    results: dict[str, Result | Unavailable] = {}
    broken: dict[str, Exception] = {}
    for key in KEYS:
        try:
            results |= compute_tables([key], data, edition)
        except Exception as error:  # noqa: BLE001 -- raised again by ``localized``
            broken[key] = error
    return Case(source, data, edition, results, broken)


@cache
def tiny_case(as_of: date = tiny.AS_OF) -> Case:
    return case(tiny.source(), tiny.edition(as_of), lambda: tiny.results(as_of))


def whole(key: str, result: Result | Unavailable) -> Result:
    """A result that is there, is as declared, and shows its evidence."""
    table = catalogue(MARKET)[key]
    assert isinstance(result, Result), f"{key} is unavailable: {result}"
    again = checked(table, result)
    assert isinstance(again, Result)
    pd.testing.assert_frame_equal(again.frame, result.frame, check_exact=True)  # what is stored is stored once
    pd.testing.assert_frame_equal(again.evidence, result.evidence, check_exact=True)
    assert not result.frame.empty
    assert not result.evidence.empty
    assert all(isinstance(row, str) for row in result.frame.index)
    return result


@cache
def sample_case(edition: str, day: str = "") -> Case:
    """The sample as an edition has it, on the edition's as-of date or another day."""
    return case(sampled.source(), sampled.edition(edition, day), lambda: sampled.results(edition, day))


def sample_of(key: str, edition: str) -> Case:
    """The sample as an edition has it, or on a later day if the table needs one."""
    return sample_case(edition, LATE.get(key, ""))


def showing(key: str) -> Case:
    """Data on which the table is there: the tiny ones if they are enough."""
    return tiny_case() if isinstance(tiny_case().results.get(key), Result) else sample_of(key, EDITIONS[-1])


def computed(key: str, on: Case) -> Result | Unavailable:
    """The table; raises what went wrong when it was computed."""
    if key in on.broken:
        raise on.broken[key]
    return on.results[key]


every_edition = pytest.mark.parametrize("edition", EDITIONS)


@every_table
def test_it_computes_on_the_tiny_data_or_says_why_not(key: str):
    result = computed(key, tiny_case())
    if isinstance(result, Unavailable) and key in MODELS | FEW:
        assert all(f"reason.{result.reason}" in words_of(language) for language in LANGUAGES), result
        assert checked(catalogue(MARKET)[key], result) is result
    else:
        whole(key, result)


@every_edition
@every_table
def test_it_computes_on_the_sample(key: str, edition: str):
    whole(key, computed(key, sample_of(key, edition)))


SPARSE = (
    *("unread_from", "adjusted", "adjusted_change", "net", "least_net_forecast", "most_net_forecast"),
    *("ccr_net_low", "ccr_net_high"),
)
"""Columns that may be empty: no period is missing in the sample; seasons and costs of disposal are told later."""


@every_edition
@every_table
def test_its_cells_are_of_their_unit(key: str, edition: str):
    result = whole(key, computed(key, sample_of(key, edition)))
    for values, columns in (
        (result.frame, catalogue(MARKET)[key].columns),
        (result.evidence, catalogue(MARKET)[key].evidence),
    ):
        for column in columns:
            found = values[column.key].dropna()
            # a factor that these data do not yield; each of its gaps has a reason
            assert not found.empty or key in MODELS or column.key in SPARSE, column.key
            assert_of_unit(found, column)


@cache
def again(on: Case) -> Case:
    """The same computed a second time."""
    return case(on.source, on.edition)


@every_table
def test_computing_twice_gives_the_same(key: str):
    on = showing(key)
    second, first = whole(key, computed(key, again(on))), whole(key, computed(key, on))
    pd.testing.assert_frame_equal(second.frame, first.frame)
    pd.testing.assert_frame_equal(second.evidence, first.evidence)
    assert second.gaps == first.gaps


@cache
def turned_round() -> Case:
    files = {name: records[::-1] for name, records in tiny.rows().items()}
    return case(tiny.read(files), tiny.edition())


@cache
def sample_turned_round(day: str) -> Case:
    frames = {name: frame[::-1].reset_index(drop=True) for name, frame in sampled.source().frames.items()}
    return case(replace(sampled.source(), frames=frames), sampled.edition(EDITIONS[-1], day))


@every_table
def test_the_order_of_the_files_does_not_matter(key: str):
    on = showing(key)
    result = computed(key, turned_round() if on is tiny_case() else sample_turned_round(LATE.get(key, "")))
    assert isinstance(result, Result)
    pd.testing.assert_frame_equal(result.frame, whole(key, computed(key, on)).frame)


def changed(keys: Iterable[str], on: Case) -> list[str]:
    """The parts of the data that computing the tables changes."""
    data, before = dataset(on.source, on.edition.as_of, MARKET), dataset(on.source, on.edition.as_of, MARKET)
    compute_tables(keys, data, on.edition)
    return [name for name in Dataset.PARTS if not getattr(data, name).equals(getattr(before, name))]


def test_they_leave_their_inputs_as_they_were():
    """All at once; only if something changed each alone, to name it."""
    for on in (tiny_case(), sample_case(EDITIONS[-1])):
        keys = [key for key in KEYS if showing(key) is on]
        if changed(keys, on):
            assert [key for key in keys if changed([key], on)] == []
            assert changed(keys, on) == []


@pytest.mark.parametrize("language", LANGUAGES)
@every_table
def test_its_words_name_exactly_its_columns(key: str, language: str):
    words = table_words_of(key, language)
    named = {path.removeprefix("columns.") for path in words.leaves() if path.startswith("columns.")}
    assert named == {column.key for column in catalogue(MARKET)[key].columns}


@every_table
def test_its_words_are_the_same_in_every_language(key: str):
    assert sorted(path.stem for path in table_folder(key).glob("*.toml")) == ["en", "it", "zh"]
    assert compare({language: table_words(table_folder(key), language) for language in ("en", "it", "zh")}) == []


@pytest.mark.parametrize("language", LANGUAGES)
@every_table
def test_its_words_are_all_used(key: str, language: str):
    localized = showing(key).localized(key, language)
    entry = localized.entries[key]
    used = {"title", "summary", "definition", "sample", "note"}  # every page of a table prints these
    source = localized.chart_source(key)
    assert (source is None) == (entry.table.chart is None)
    if source:
        specifications(source, entry.alt)
        used.add("chart.title")
        used |= {"chart.break"} if source.chart.breaks else set()  # where the edition has a break of level
    used |= {f"columns.{column.key}" for column in entry.table.columns if not column.shown}  # the workbook prints these
    assert set(entry.words.leaves()) == entry.words.used | used


@pytest.mark.parametrize("language", LANGUAGES)
@every_table
def test_its_words_say_something_and_type_no_figure(key: str, language: str):
    for on in {id(on): on for on in (tiny_case(), showing(key))}.values():
        localized = on.localized(key, language)
        entry = localized.entries[key]
        texts = [
            entry.definition,
            entry.sample,
            entry.view.note,
            entry.view.title,
            str(entry.words["summary"]),
            *([entry.alt] if entry.table.chart else []),
        ]
        assert all(text.strip() for text in texts)
        assert [problem for problem in localized.problems() if problem.file == entry.words.source_file] == []


@pytest.mark.parametrize("language", LANGUAGES)
@every_table
def test_its_sources_and_inputs_have_words(key: str, language: str):
    words = words_of(language)
    assert catalogue(MARKET)[key].sources
    for name in (
        *(f"source.{source}" for source in catalogue(MARKET)[key].sources),
        *(f"field.{column.key}" for column in catalogue(MARKET)[key].evidence),
    ):
        assert name in words, name
    for name in set(inputs(catalogue(MARKET)[key])) - set(MARKET.inputs()):
        assert name in catalogue(MARKET) or f"input.{name}" in words, name


def survives(key: str, on: Case) -> None:
    """Print it in every language and draw it in one: gaps and reasons are answers, an exception is not."""
    for language in LANGUAGES:
        localized = on.localized(key, language)
        entry = localized.entries[key]
        assert all(cell.text for row in entry.view.rows for cell in row.cells)
        assert isinstance(entry.result, Result) or entry.view.unavailable
    if drawn := localized.chart_source(key):
        specifications(drawn, entry.alt)


@every_table
def test_it_survives_a_market_of_one_deal_without_reports(key: str):
    on = tiny_case(date(2016, 6, 1))  # c1 was issued that day
    assert (len(on.data.deals), len(on.data.collections)) == (1, 0)
    survives(key, on)


@every_table
def test_it_survives_an_edition_before_any_deal_reaches_its_window(key: str):
    on = tiny_case(date(2018, 6, 30))  # c1 has reported at ages 12 and 24, c2, m1 and m2 at 12
    assert len(on.data.collections) == 5
    survives(key, on)


@pytest.mark.parametrize(
    "day",
    ["2016-05-26", *(pytest.param(day, marks=pytest.mark.whole) for day in ("2016-12-31", "2017-12-31", "2030-01-01"))],
)
@every_table
def test_it_survives_other_days_of_the_sample(key: str, day: str):
    survives(key, sample_case(EDITIONS[0], day))


@cache
def case_without(file: str) -> Case:
    return case(tiny.read(tiny.rows() | {file: []}), tiny.edition())


@pytest.mark.parametrize(
    "file",
    ["collections", *(pytest.param(file, marks=pytest.mark.whole) for file in ("forecasts", "payments")), "market"],
)
@every_table
def test_it_survives_a_file_without_records(key: str, file: str):
    survives(key, case_without(file))


@cache
def case_of(kind: str) -> Case:
    keep = {row["deal"] for row in tiny.rows()["deals"] if row["asset_type"] == kind}
    files = {
        name: [row for row in records if "deal" not in row or row["deal"] in keep]
        for name, records in tiny.rows().items()
    }
    return case(tiny.read(files), tiny.edition())


@pytest.mark.parametrize(
    "kind", [ASSET_TYPES[0], *(pytest.param(kind, marks=pytest.mark.whole) for kind in ASSET_TYPES[1:])]
)
@every_table
def test_it_survives_a_market_of_one_type(key: str, kind: str):
    survives(key, case_of(kind))


@cache
def ladder_case() -> Case:
    return case(ladders.source(), ladders.edition())


@every_table
def test_it_survives_a_ladder_of_three(key: str):
    on = ladder_case()
    survives(key, on)
    words = on.localized(key, "en").entries[key].words
    columns = [column.key for column in catalogue(on.edition.market)[key].columns]
    assert {path for path in words.leaves() if path.startswith("columns.")} == {f"columns.{name}" for name in columns}
