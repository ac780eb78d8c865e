"""What the page of revisions and the passports say of changes made by hand.

Edition 2020-03 against an earlier state of its own cells.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from npl_report.build.reading import read
from npl_report.compare.attribution import CAUSES, Cause
from npl_report.compare.changes import Change, Changes, Part, TableChanges
from npl_report.compare.history import History, history_files, kept_changes, written
from npl_report.compare.recorded import Cells, Gap, Value, cells_of, table_json
from npl_report.editions.folder import Published
from npl_report.files.hashing import digest
from npl_report.files.sealed import seal
from npl_report.load.project import Project, read_edition
from npl_report.model import Unavailable
from npl_report.present.changed import Changed
from npl_report.present.localized import LocalizedEdition
from npl_report.present.reading import Reading
from npl_report.present.revisions import revisions, table_history
from npl_report.tables import catalogue
from tests.helpers.manifests import some_manifest
from tests.helpers.market import MARKET
from tests.helpers.running import EDITION, ROOT

FRONT = "recovery_by_type/corporate/mean_recovery"
TABLE = "recovery_by_type"


@pytest.fixture(scope="module")
def reading() -> Reading:
    project = Project(ROOT)
    return read(project, read_edition(project, EDITION), lambda _: None)


@pytest.fixture(scope="module")
def current(reading: Reading) -> dict[str, Cells]:
    return {
        key: cells_of(table_json(catalogue(MARKET)[key], reading.results[key], reading.edition, None))
        for key in reading.series.table_keys
    }


@pytest.fixture
def last(tmp_path: Path) -> Published:
    """An edition before, in English only, whose front page quotes one figure of this edition and one of a table that is
    gone.
    """
    page = f'<data value="1" data-number="{FRONT}">1</data><data value="2" data-number="lost/total/x">2</data>'.encode()
    place = tmp_path / "site" / "2019-06" / "en" / "index.html"
    place.parent.mkdir(parents=True)
    place.write_bytes(page)
    manifest = some_manifest(
        edition="2019-06",
        as_of="2019-06-30",
        published_on="2019-07-30",
        languages=("en",),
        tables=(TABLE,),
        npl_report="0.0.9",
        code="c" * 64,
        outputs={"en/index.html": digest(page)},
    )
    return Published(tmp_path / "site", "2019-06", manifest, "m" * 64)


def made(
    last: Published,
    current: Mapping[str, Cells],
    changes: Iterable[Change],
    *,
    table: str = TABLE,
    gone: tuple[str, ...] = (),
) -> History:
    """The history in which these changes, and no others, lead to the current cells of one table."""
    changes = tuple(changes)
    former = dict(current[table])
    for change in changes:
        if change.old is None:
            del former[change.row, change.column]
        else:
            former[change.row, change.column] = change.old
    return History(
        (last,), ({table: former},), current, Changes((TableChanges(table, len(former), changes),), (), gone)
    )


def change(
    current: Mapping[str, Cells],
    row: str,
    column: str,
    old: Value,
    *causes: tuple[Cause, float | None],
    table: str = TABLE,
    new: Value = 0,
) -> Change:
    return Change(
        table,
        row,
        column,
        old,
        current[table].get((row, column)) if new == 0 else new,
        tuple(Part(*cause) for cause in causes),
    )


def told(reading: Reading, found: History | None, language: str = "en") -> list[str]:
    comparison = revisions(reading.by_language[language], reading.edition, found).comparison
    assert comparison is not None
    return list(comparison.summary)


PASSING = (
    "No figure published before was corrected, restated or disclosed late: every change reflects the passage of time."
)
OTHERWISE = "Of the figures published before, 1 changed mainly for a reason other than the passage of time: {} (1)."
PARTLY = "Of all figures, 1 changed in part, appeared or disappeared for a reason other than the passage of time."
RULES = "Neither the program nor the rules of this edition changed any figure."
ONE = "Of the 30 values that both editions publish, names and dates included, 29 stayed the same and 1 changed."


@pytest.mark.parametrize(
    ("causes", "sentences"),
    [
        ([("new_period", 0.01)], [PASSING, RULES, ONE]),
        (
            [("new_period", 0.04), ("restated", 0.01)],
            [PARTLY, RULES, ONE],
        ),
        (
            [("restated", 0.04), ("new_period", 0.01)],
            [OTHERWISE.format("restated report"), RULES, ONE],
        ),
        ([("code", 0.01)], [OTHERWISE.format("program"), ONE]),
        (
            [("unattributed", 0.01)],
            [
                (
                    "Changes are listed without their causes, because the inputs of the last edition are not public "
                    "or can no longer be read."
                ),
                ONE,
            ],
        ),
    ],
)
def test_the_first_sentences_follow_from_the_causes(
    reading: Reading,
    current: dict[str, Cells],
    last: Published,
    causes: list[tuple[Cause, float]],
    sentences: list[str],
):
    assert (
        told(reading, made(last, current, [change(current, "corporate", "mean_recovery", 0.3, *causes)])) == sentences
    )


def test_a_number_that_came_with_a_correction_is_no_matter_of_time(
    reading: Reading, current: dict[str, Cells], last: Published
):
    first, *_ = told(
        reading, made(last, current, [change(current, "corporate", "mean_recovery", None, ("corrected_source", None))])
    )
    assert first == PARTLY


def test_without_any_change_nothing_is_claimed(reading: Reading, current: dict[str, Cells], last: Published):
    found = made(last, current, [])
    assert told(reading, found) == [
        "Of the 30 values that both editions publish, names and dates included, 30 stayed the same and 0 changed."
    ]
    comparison = revisions(reading.by_language["en"], reading.edition, found).comparison
    assert comparison is not None
    assert (comparison.causes, comparison.notable) == ((), ())


def test_the_front_page_in_another_language_and_what_is_gone_of_it(
    reading: Reading, current: dict[str, Cells], last: Published
):
    """31.41% less 30.00%: report I, table 5, less a value made up here."""
    found = made(
        last,
        current,
        [change(current, "corporate", "mean_recovery", 0.3, ("new_period", 0.0141), ("restated", 0.0000001))],
        gone=("lost",),
    )
    comparison = revisions(reading.by_language["zh"], reading.edition, found).comparison
    assert comparison is not None
    assert comparison.edition == "第2019-06期"
    first, gone = comparison.front
    assert (first.new.number, first.old, first.new.text, first.difference, first.causes) == (
        FRONT,
        "30.00%",
        "31.41%",
        "+1.41个百分点",
        ("新增期间 +1.41个百分点",),
    )
    assert first.place.href == "tables/recovery_by_type.html#corporate.mean_recovery"
    assert (gone.place.href, gone.place.title, gone.new.number, gone.new.text, gone.causes) == (
        "",
        "lost：total，x",
        "",
        "",
        ("不再列示",),
    )
    assert "本期不再列示下列各表：lost。" in comparison.summary


@pytest.mark.parametrize(
    ("old", "column", "shown"),
    [
        ("abc", "mean_recovery", "abc"),  # the column was text
        (3, "max_deal", "3"),  # the column was a number
        ("a-deal-of-old", "max_deal", "a-deal-of-old"),  # unknown to this edition
        (Gap("no_deals"), "mean_recovery", "—"),
    ],
)
def test_what_an_earlier_edition_stored_otherwise(
    reading: Reading, current: dict[str, Cells], last: Published, old: Value, column: str, shown: str
):
    found = made(last, current, [change(current, "corporate", column, old, ("code", None))])
    (line,) = [
        line
        for line in table_history(reading.by_language["en"], found, TABLE).numbers
        if line.row == "Corporate" and line.causes
    ]
    assert (line.values[0], line.causes) == (shown, ("Program",))
    comparison = revisions(reading.by_language["en"], reading.edition, found).comparison
    assert comparison is not None
    assert comparison.notable[0].numbers[0].old == shown


def test_numbers_that_are_gone_stay_in_the_history(reading: Reading, current: dict[str, Cells], last: Published):
    found = made(last, current, [Change(TABLE, "lost", "mean_recovery", 0.5, None, (Part("corrected_source"),))])
    history = table_history(reading.by_language["en"], found, TABLE)
    assert history.editions == ("2019-06", "This edition")
    assert [(line.row, line.values, line.causes) for line in history.numbers if not line.values[1]] == [
        ("lost", ("50.00%", ""), ())
    ]
    assert (
        "lost,mean_recovery,fraction,0.5,"
        in history_files(found, reading.edition)["downloads/history/recovery_by_type.csv"].decode().splitlines()
    )


def test_a_table_that_is_unavailable_now(reading: Reading, current: dict[str, Cells], last: Published):
    found = made(last, current | {TABLE: {}}, [])
    found = replace(found, cells=({TABLE: current[TABLE]},))
    localized = reading.by_language["en"]
    entry = localized.entries[TABLE]
    without = cast(
        "LocalizedEdition",
        _Without(
            localized,
            {
                TABLE: replace(
                    entry, results={TABLE: Unavailable("no_deals")}, view=replace(entry.view, unavailable="no deals")
                )
            },
        ),
    )
    history = table_history(without, found, TABLE)
    assert (history.numbers, history.lead) == (
        (),
        "This edition has no figures for this table; the download has those of earlier editions.",
    )


class _Without:
    """A localized edition with other entries."""

    def __init__(self, localized: LocalizedEdition, entries: Mapping[str, object]) -> None:
        self._localized = localized
        self.entries = {**localized.entries, **entries}

    def __getattr__(self, name: str) -> object:
        return getattr(self._localized, name)


def test_a_table_without_earlier_numbers_leads_to_its_page_and_is_new(
    reading: Reading, current: dict[str, Cells], last: Published
):
    found = made(last, current, [])
    found = replace(found, cells=({TABLE: {}},))
    history = table_history(reading.by_language["en"], found, TABLE)
    assert (history.lead, history.download) == ("This table is published for the first time in this edition.", None)
    comparison = revisions(reading.by_language["en"], reading.edition, found).comparison
    assert comparison is not None
    assert comparison.tables[0].table.href == "tables/recovery_by_type.html"
    assert list(history_files(found, reading.edition)) == ["downloads/changes.csv"]


def test_changes_as_a_file(reading: Reading, current: dict[str, Cells], last: Published):
    found = made(
        last, current, [change(current, "corporate", "mean_recovery", 0.3, ("new_period", 0.02), ("restated", -0.0059))]
    )
    head, line, *more = history_files(found, reading.edition)["downloads/changes.csv"].decode().splitlines()
    assert more == []
    assert head == f"number,kind,unit,edition 2019-06,edition 2020-03,difference,causes,{','.join(CAUSES[:-1])}"
    now = current[TABLE]["corporate", "mean_recovery"]
    assert isinstance(now, float)
    assert line == f"{FRONT},changed,fraction,0.3,{now!r},{now - 0.3!r},new_period restated,,,,-0.0059,,0.02,"


def test_what_is_kept_is_read_again_and_damage_counts_as_nothing(
    current: dict[str, Cells], last: Published, tmp_path: Path
):
    found = made(
        last,
        current,
        [
            change(current, "corporate", "mean_recovery", Gap("no_deals"), ("new_period", None)),
            change(current, "mortgage", "max_deal", "x", ("code", None), ("restated", None)),
        ],
        gone=("lost",),
    )
    place = tmp_path / "kept.json"
    seal(place, written(found.changes))
    assert kept_changes(place) == found.changes
    for damaged in (b"", b"[]", b"{}", json.dumps([[["t", 1, [[1]]]], [], []]).encode()):
        seal(place, damaged)
        assert kept_changes(place) is None
    place.write_bytes(written(found.changes))  # without its hash
    assert kept_changes(place) is None
    assert kept_changes(tmp_path / "absent.json") is None


def test_the_record_and_a_first_edition(reading: Reading, current: dict[str, Cells], last: Published):
    page = revisions(reading.by_language["en"], reading.edition, made(last, current, []))
    assert [
        (item.edition, item.as_of, item.tables, item.program, item.manifest, item.this) for item in page.editions
    ] == [
        ("Edition 2020-03", "2020-03-17", "35", "0.1.0", "", True),
        ("Edition 2019-06", "2019-06-30", "1", "0.0.9", "m" * 12, False),
    ]
    alone = revisions(reading.by_language["en"], reading.edition, None)
    assert (alone.comparison, alone.restatements, len(alone.editions)) == (None, (), 1)


@pytest.mark.parametrize(
    ("language", "moved", "same"),
    [
        ("en", "+0.84 pp since edition 2019-06", "unchanged since edition 2019-06"),
        ("zh", "较第2019-06期+0.84个百分点", "与第2019-06期相同"),
    ],
)
def test_the_change_of_a_key_figure_since_the_last_edition(
    reading: Reading, current: dict[str, Cells], last: Published, language: str, moved: str, same: str
):
    now = cast("float", current[TABLE]["corporate", "mean_recovery"])
    changes = [
        change(current, "corporate", "mean_recovery", now - 0.0084, ("new_period", 0.0084)),
        change(current, "corporate", "max_recovery", None, ("new_period", None)),
        change(current, "mortgage", "volatility", Gap("too_few_deals"), ("new_period", None)),
    ]
    since = Changed(reading.by_language[language], made(last, current, changes)).since
    assert since(TABLE, "corporate", "mean_recovery") == moved
    assert since(TABLE, "mortgage", "mean_recovery") == same
    for row, column in (("corporate", "max_recovery"), ("mortgage", "volatility"), ("none", "mean_recovery")):
        assert since(TABLE, row, column) == ""
