"""Each mistake that can be made in data/, and the whole message it gives.

The messages are tests/errors/data-*.txt (see tests/errors/snapshots.py). A case changes the tiny data set
(tests/helpers/tiny.py) in one place and reads it. Line numbers in the messages can be checked against the file that the
case writes: the header is line 1.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from npl_report.load.data import dataset, read_source
from npl_report.model import InputError
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.helpers.snapshots import assert_told

Files = dict[str, list[tiny.Row]]
Change = Callable[[Files], object]


def put(file: str, number: int, **cells: str) -> Change:
    """Set cells of a record, counted from 0."""
    return lambda files: files[file][number].update(cells)


def again(file: str, number: int, **cells: str) -> Change:
    """Repeat a record at the end, with other cells."""
    return lambda files: files[file].append({**files[file][number], **cells})


def without(file: str, number: int) -> Change:
    return lambda files: files[file].pop(number)


def swapped(one: int, other: int) -> Change:
    """Exchange the steps of two records of the priority."""

    def change(files: Files) -> None:
        steps = files["priorities"]
        steps[one]["step"], steps[other]["step"] = steps[other]["step"], steps[one]["step"]

    return change


CELLS: dict[str, Change] = {
    "data-number-with-separator": put("deals", 0, pool_balance="1,000"),
    "data-number-with-unit": put("collections", 3, collected="0.5亿元"),
    "data-whole-number": put("deals", 1, n_loans="20.5"),
    "data-infinite": put("collections", 0, collected="inf"),
    "data-not-a-number": put("deals", 2, pool_principal="nan"),
    "data-negative-money": put("collections", 1, collected="-100"),
    "data-rate-as-per-cent": put("deals", 0, secured_share="50"),
    "data-age-beyond-a-life": put("deals", 3, wa_borrower_age="101"),
    "data-negative-number-of-loans": put("deals", 0, n_loans="-5"),
    "data-expected-recovery-in-another-unit": put("deals", 0, expected_recovery="1250.1"),
    "data-day-that-does-not-exist": put("deals", 3, issue_date="2020-02-30"),
    "data-date-of-another-form": put("collections", 2, reported_on="7/10/2018"),
    "data-empty-cell": put("tranches", 0, face=""),
    "data-wrong-choice": put("deals", 0, asset_type="corporates"),
    "data-wrong-id": put("market", 0, series="NPL balance"),
    "data-duplicate-key": again("collections", 0),
    "data-duplicate-deal": again("deals", 0, name_zh="别名", name_en="Other"),
    "data-duplicate-tranche": again("tranches", 0),
    "data-duplicate-payment": again("payments", 0),
    "data-originator-by-alias": put("deals", 0, originator="东方"),
    "data-originator-by-english-name": put("deals", 0, originator="Bank of the West"),
    "data-originator-misspelt": put("deals", 0, originator="eest"),
    "data-originator-new": put("deals", 0, originator="harbour"),
    "data-deal-unknown": put("collections", 0, deal="c9"),
    "data-deal-unknown-in-payments": put("payments", 0, deal="zzz"),
    "data-issued-before-cutoff": put("deals", 0, issue_date="2015-12-31"),
    "data-closed-before-issue": put("deals", 0, closing_date="2016-05-31"),
    "data-liquidated-before-cutoff": put("deals", 0, liquidated_on="2015-06-30"),
    "data-legal-before-expected-maturity": put("tranches", 0, legal_maturity="2018-01-01"),
    "data-collection-before-cutoff": put("collections", 0, period_start="2015-12-01"),
    "data-first-period-late": put("collections", 0, period_start="2016-01-02"),
    "data-gap-between-periods": without("collections", 1),
    "data-overlap-of-periods": put("collections", 1, period_start="2016-12-20"),
    "data-gap-in-forecast": put("forecasts", 1, period_start="2017-12-23"),
    "data-period-ends-before-it-begins": put("collections", 4, period_end="2019-03-01"),
    "data-reported-before-end": put("collections", 3, reported_on="2019-03-15"),
    "data-tranche-missing": without("tranches", 3),
    "data-tranches-missing": lambda files: files.update(
        tranches=[row for row in files["tranches"] if row["deal"] != "u2"]
    ),
    "data-principal-beyond-face": put("payments", 1, principal="100.02"),
    "data-paid-to-a-tranche-that-is-not-there": lambda files: (
        without("tranches", 3)(files),
        again("payments", 3, tranche="subordinated")(files),
    ),
    "data-reported-in-another-century": put("collections", 2, reported_on="2118-10-07"),
    "data-reported-a-year-after-its-payment": put("payments", 0, reported_on="2018-01-20"),
    "data-forecast-of-two-days": put("forecasts", 1, made_on="2016-06-02"),
    "data-forecast-adds-up-to-another": put("deals", 0, expected_recovery="350"),
    "data-more-paid-than-collected": put("payments", 3, interest="18771"),
    "data-size-of-a-loan": put("deals", 2, pool_balance="400000"),
    "data-matures-before-closing": put("tranches", 0, expected_maturity="2016-06-03"),
    "data-number-too-large": put("market", 0, value="1e15"),
    "data-paid-before-closing": put("payments", 0, paid_on="2016-06-02"),
    "data-period-end-beyond-the-calendar": put("collections", 0, period_end="9999-12-31"),
    "data-negative-face": put("tranches", 0, face="-300"),
    "data-senior-without-coupon": put("tranches", 2, coupon=""),
    "data-fee-parts-exceed": put("deals", 1, trust_fee_rate="0.07"),
    "data-collected-after-liquidation": put("deals", 0, liquidated_on="2018-12-31"),
    "data-priority-unknown": put("deals", 3, priority="standrad"),
    "data-step-unknown": put("priorities", 4, step="reserves"),
    "data-step-twice": put("priorities", 7, step="senior_interest"),
    "data-step-twice-in-a-row": put("priorities", 4, step="senior_interest"),
    "data-step-missing": without("priorities", 5),
    "data-steps-of-one-position": put("priorities", 5, position="5"),
    "data-residual-not-last": swapped(8, 9),
    "data-subordinated-before-senior": swapped(6, 7),
    "data-priority-without-ordinary": lambda files: files.update(
        priorities=[row for row in files["priorities"] if row["phase"] == "default"]
    ),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_wrong_cell_or_row(case: str):
    files = tiny.rows()
    CELLS[case](files)
    with pytest.raises(InputError) as raised:
        tiny.read(files)
    assert_told(case, raised.value.problems)


def replaced(name: str, old: str, new: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def encoded(name: str, codec: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_text(encoding="utf-8").encode(codec))


FILES: dict[str, Callable[[Path], object]] = {
    "data-file-missing": lambda folder: (folder / "payments.csv").unlink(),
    "data-file-misnamed": lambda folder: (folder / "collections.csv").rename(folder / "collection.csv"),
    "data-column-misspelt": replaced("collections.csv", ",collected", ",colected"),
    "data-column-missing": replaced("tranches.csv", ",expected_maturity", ",zzz"),
    "data-column-deleted": lambda folder: tiny.write_csv(
        folder / "deals.csv",
        [{name: text for name, text in row.items() if name != "wa_borrower_age"} for row in tiny.rows()["deals"]],
    ),
    "data-column-unknown": lambda folder: tiny.write_csv(
        folder / "market.csv", [{**tiny.rows()["market"][0], "remark": "new"}]
    ),
    "data-column-twice": replaced("payments.csv", "principal,interest", "principal,principal"),
    "data-ragged-row": replaced("collections.csv", "2016-01-01,2016-12-26", "2016-01-01,,2016-12-26"),
    "data-gbk": encoded("deals.csv", "gbk"),
    "data-utf-16": encoded("market.csv", "utf-16"),
    "data-unclosed-quote": replaced("originators.csv", "东方银行", '"东方银行'),
    "data-empty-file": lambda folder: (folder / "market.csv").write_text("", encoding="utf-8"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_wrong_file(case: str, tmp_path: Path):
    folder = tiny.write(tmp_path)
    FILES[case](folder)
    with pytest.raises(InputError) as raised:
        read_source(folder)
    assert_told(case, raised.value.problems)


def test_five_different_mistakes_are_told_at_once(tmp_path: Path):
    files = tiny.rows()
    for case in (
        "data-day-that-does-not-exist",
        "data-negative-money",
        "data-originator-by-alias",
        "data-paid-before-closing",
        "data-duplicate-key",
    ):
        CELLS[case](files)
    with pytest.raises(InputError) as raised:
        read_source(tiny.write(tmp_path, files))
    assert_told("data-five-mistakes", raised.value.problems)


def test_a_mistake_in_one_file_does_not_hide_one_in_another(tmp_path: Path):
    folder = tiny.write(tmp_path)
    for case in ("data-file-missing", "data-column-misspelt", "data-gbk"):
        FILES[case](folder)
    with pytest.raises(InputError) as raised:
        read_source(folder)
    assert sorted({problem.file for problem in raised.value.problems}) == [
        "data/collections.csv",
        "data/deals.csv",
        "data/payments.csv",
    ]


def test_nothing_had_been_issued_yet():
    from datetime import date

    with pytest.raises(InputError) as raised:
        dataset(tiny.source(), date(2016, 5, 31), MARKET)  # the first deal was issued on 1 June
    assert_told("data-nothing-issued-yet", raised.value.problems)


def assert_answered(files: Files) -> None:
    """Data, or an InputError with problems."""
    with contextlib.suppress(InputError):
        assert not dataset(tiny.read(files), tiny.AS_OF, MARKET).deals.empty


VALUES = ("", "x", "9999-12-31", "-1")
PLACES = [(file, column) for file, records in tiny.rows().items() for column in records[0]]


@pytest.mark.parametrize(("file", "column"), PLACES, ids="/".join)
def test_whatever_stands_in_a_cell_the_answer_is_data_or_problems(file: str, column: str):
    """No other exception, with warnings being errors: a traceback is no message.

    Each value stands in a row of its own.
    """
    files = tiny.rows()
    records = files[file]
    for value, number in zip(VALUES, (0, 1, -1, 2), strict=True):
        if number < len(records):
            records[number][column] = value
    assert_answered(files)


@pytest.mark.parametrize("file", tiny.rows())
@pytest.mark.parametrize("change", ["no records", "first record gone", "first record twice"])
def test_whatever_records_a_file_has_the_answer_is_data_or_problems(file: str, change: str):
    files = tiny.rows()
    files[file] = {
        "no records": [],
        "first record gone": files[file][1:],
        "first record twice": [*files[file], files[file][0]],
    }[change]
    assert_answered(files)
