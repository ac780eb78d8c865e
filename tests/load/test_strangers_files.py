"""What a stranger's files hold: roundings, other units, deals twice or not at all, numbers beyond all sizes.

The flows are those of tests/helpers/tiny.py but for what each test changes.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from npl_report.load.data import dataset, read_source
from npl_report.model import InputError, Result
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.load.described import field, resource, write
from tests.load.disclosed import PARTS, Files, compute, late, of, told, trustee, with_columns


@pytest.mark.parametrize(("unit", "decimals"), [("CNY 10k", 0), ("CNY mn", 2), ("CNY 100m", 4), ("CNY mn", 0)])
def test_payments_that_are_rounded_may_add_up_to_more_than_the_face(unit: str, decimals: int, tmp_path: Path):
    """m1, face 200: twelve payments of 16.6667 in all are 200.04 in whole 万元."""
    files, power = tiny.rows(), {"CNY 10k": 2, "CNY mn": 0, "CNY 100m": -2}[unit]
    files["payments"] = [row for row in files["payments"] if row["deal"] != "m1"]
    files["deals"][2]["liquidity_reserve"] = "250"
    for month in range(1, 13):
        paid = f"2018-{month:02}-20"
        files["payments"].append(
            {
                "deal": "m1",
                "tranche": "senior",
                "paid_on": paid,
                "reported_on": paid,
                "principal": f"{200 / 12:.4f}",
                "interest": "0.1",
            }
        )
    for row in files["payments"]:
        for column in ("principal", "interest"):
            row[column] = f"{float(row[column]) * 10**power:.{decimals}f}"

    def in_unit(package: dict[str, object]) -> None:
        for column in ("principal", "interest"):
            field(package, "payments", column)["unit"] = unit

    assert len(read_source(write(tmp_path, in_unit, files)).frames["payments"]) == len(files["payments"])


def test_roundings_are_a_deal_s_own():
    """c1 in one decimal, m1 in whole millions.

    201 against 40 + 60 + 100 is within its rounding, whatever c1 is written in.
    """
    files = tiny.rows()
    files["deals"][0]["expected_recovery"], files["forecasts"][0]["amount"] = "340.7", "100.7"
    files["deals"][2]["expected_recovery"] = "201"
    assert tiny.read(files)
    files["deals"][0]["expected_recovery"] = "341.2"
    assert told(files) == [
        "data/deals.csv/expected_recovery: the offering circular's forecast adds up to another figure"
    ]


def warned(files: Files) -> set[str]:
    """What is warned of beyond what the tiny data are."""
    usual = {(warning.file, warning.column, warning.value, warning.rule) for warning in tiny.source().warnings}
    return {
        item.rule for item in tiny.read(files).warnings if (item.file, item.column, item.value, item.rule) not in usual
    }


def mortgages(files: Files, number: int = 4) -> None:
    """Further deals like m1, each a little larger than the one before."""
    for place in range(number):
        for name in ("deals", "tranches", "collections", "forecasts", "payments"):
            files[name] += [
                row
                | {"deal": f"x{place}"}
                | (
                    {"name_zh": f"另{place}", "name_en": f"Other {place}", "pool_balance": str(401 + place)}
                    if name == "deals"
                    else {}
                )
                for row in of(files, name, "m1")
            ]


def test_a_deal_in_another_unit_is_warned_of():
    files = tiny.rows()
    mortgages(files)
    assert warned(files) == set()
    of(files, "deals", "x3")[0].update(n_loans="200", n_borrowers="100")  # so that a loan has the size that it may have
    for name, columns in {
        "deals": ("pool_balance", "pool_principal", "expected_recovery"),
        "tranches": ("face",),
        "collections": ("collected",),
        "forecasts": ("amount",),
        "payments": ("principal", "interest"),
    }.items():
        for row in of(files, name, "x3"):
            row.update({column: str(float(row[column]) / 100) for column in columns})
    assert "the pool is 10 times larger or smaller than is usual for its type" in warned(files)


def test_a_deal_that_stands_twice_is_warned_of():
    files = tiny.rows()
    mortgages(files)
    of(files, "deals", "x1")[0]["pool_balance"] = "403"  # that of x2
    assert warned(files) == {"x1 has the same originator, cut-off date, pool, loans and expected recovery"}


@pytest.mark.parametrize(
    ("file", "deal", "rule"),
    [
        ("forecasts", "c1", "there is no forecast of the deal"),
        ("collections", "c2", "the deal has paid and there are no collections of it"),
        ("payments", "m1", "the deal has collected for 3 periods and more, and there are no payments of it"),
    ],
)
def test_a_deal_that_a_file_forgets_is_warned_of(file: str, deal: str, rule: str):
    files = tiny.rows()
    files[file] = [row for row in files[file] if row["deal"] != deal]
    assert rule in warned(files)


def test_a_period_that_brings_many_times_the_others_and_a_payment_that_is_missing():
    files = trustee(tiny.rows())
    files["collections"] = [
        {name: cell for name, cell in row.items() if name not in PARTS} for row in files["collections"]
    ]
    last = files["payments"][-1]
    files["payments"] += [
        {**last, "paid_on": f"2018-{month}-24", "reported_on": f"2018-{month}-17", "principal": "0", "interest": "0.1"}
        for month in (11, 12)
    ]
    assert warned(files) == set()
    del files["payments"][-2]
    files["payments"].append(
        {**last, "paid_on": "2019-01-24", "reported_on": "2019-01-17", "principal": "0", "interest": "0.1"}
    )
    files["collections"][-1]["collected"] = "140"
    little = "less than 0.4 of what was collected has been paid out"
    assert warned(files) == {
        "a payment may be missing before this one",
        "a period brought more than 8 times what those beside it did",
        little,
    }


@pytest.mark.parametrize(
    ("file", "column", "days"),
    [("payments", "reported_on", 365), ("forecasts", "made_on", 365), ("forecasts", "made_on", -400)],
)
def test_a_date_of_another_year_in_every_deal(file: str, column: str, days: int):
    files = tiny.rows()
    for row in of(files, file, "m1"):
        row[column] = f"{date.fromisoformat(row[column]) + timedelta(days=days)}"
    assert [line for line in told(files) if f"{file}.csv/{column}: lies more than" in line]


def test_a_last_report_may_announce_the_period_that_ends_with_its_payment():
    """c2 ends with a clean-up call: the call's money comes in on the day of the payment, which the report announces."""
    files = tiny.rows()
    last = of(files, "collections", "c2")[-1]
    paid = of(files, "payments", "c2")[0]
    last.update(period_end="2019-06-20", reported_on="2019-06-14")
    paid.update(paid_on="2019-06-20", reported_on="2019-06-14")
    source = tiny.read(files)
    for day, known in (("2019-06-19", 20), ("2019-06-20", 100)):
        data = dataset(source, date.fromisoformat(day), MARKET)
        assert data.collections.query("deal == 'c2'")["collected"].sum() == known
    last["period_end"] = "2019-06-30"  # by the calendar month
    assert tiny.read(files)


def test_nothing_is_recovered_where_all_that_came_in_is_rounded_away(tmp_path: Path):
    files = tiny.rows()
    of(files, "collections", "c2")[0].update(collected="0", other_income="0.4")
    source = with_columns(tmp_path, files, other_income="CNY mn")
    assert dataset(source, tiny.AS_OF, MARKET).collections.query("deal == 'c2'")["collected"].tolist() == [0, 80]


def test_what_is_interrupted_has_not_run_its_course():
    """c1 and c2 have redeemed their seniors, c1 is liquidated.

    Of c1 the fourth period is not known on 1 March 2020, the fifth is.
    """
    files, day = tiny.rows(), date(2020, 3, 1)
    of(files, "collections", "c1")[3]["reported_on"] = "2020-03-10"
    keys = ("recovery_and_return", "recovery_distribution", "time_to_half", "break_even")
    for rows, number, status in ((tiny.rows(), 2, "run_off"), (files, 1, "collecting")):
        found = compute(rows, *keys, as_of=day)
        frames = [item.frame for item in map(found.get, keys) if isinstance(item, Result)]
        assert [
            frame.at[row, "n_deals"]
            for frame, row in zip(frames, ("corporate", "corporate-actual", "corporate"), strict=False)
        ] == [number] * 3
        assert frames[3].at["c1", "status"] == status


@pytest.mark.parametrize(
    ("file", "column", "value"),
    [
        ("market", "value", "1e400"),
        ("deals", "expected_recovery", "1e999"),
        ("deals", "wa_annual_income", "1e307"),
        ("payments", "interest", "1e15"),
    ],
)
def test_a_number_that_no_float_holds_is_told(file: str, column: str, value: str):
    files = tiny.rows()
    files[file][0][column] = value
    assert [line for line in told(files) if line.startswith(f"data/{file}.csv/{column}: must be")]


def test_the_line_of_a_file_is_no_column_to_correct(tmp_path: Path):
    folder = tiny.write(tmp_path)
    record = (
        'file = "deals"\nkey = { deal = "c1" }\ncolumn = "source_row"\naction = "set"\nvalue = "x"\nguard = '
        '2\nreason = "why"\nsource = "where"\n'
    )
    (folder / "corrections.toml").write_text(f"[[correction]]\n{record}", encoding="utf-8")
    with pytest.raises(InputError, match="the file has no such column"):
        read_source(folder)


@pytest.mark.parametrize(
    ("file", "number", "changes"),
    [
        ("collections", 1, {"period_start": "x"}),
        ("collections", 1, {"deal": "c9"}),
        ("forecasts", 0, {"vintage": ""}),
        ("forecasts", 1, {"basis": "grosss"}),
        ("deals", 0, {"liquidity_reserve": ""}),
        ("priorities", 3, {"position": "x"}),
        ("originators", 0, {"originator": "", "aliases": ""}),
    ],
)
def test_what_follows_from_a_broken_cell_is_not_told_as_well(file: str, number: int, changes: dict[str, str]):
    files = tiny.rows()
    files[file][number].update(changes)
    lines = told(files)
    assert {line.partition("/")[2].partition(".csv")[0] for line in lines} <= {file, "deals"}, lines
    assert not [
        line
        for line in lines
        if "follow each other" in line
        or "more was paid" in line
        or "adds up to" in line
        or "must be the last step" in line
    ]


def test_every_deal_with_a_gap_is_told():
    """Two deals that miss the period of the same day are two warnings, each accepted by itself."""
    files = tiny.rows()
    late(files)
    for name in ("deals", "tranches", "collections", "forecasts", "payments"):
        files[name] += [
            row
            | {"deal": "m9"}
            | ({"name_zh": "九", "name_en": "Nine", "pool_balance": "401"} if name == "deals" else {})
            for row in of(files, name, "m1")
        ]
    source = tiny.read(files)
    warnings, _ = source.gaps(dataset(source, date(2019, 11, 1), MARKET))
    assert len({warning.rule for warning in warnings}) == 2


def test_an_empty_column_is_no_rounding(tmp_path: Path):
    """Of c2 100 was collected and 100.3 is paid; that the costs are empty makes nothing of it."""
    files = tiny.rows()
    of(files, "collections", "c2")[1]["collected"] = "80.00"
    of(files, "payments", "c2")[0].update(principal="80.00", interest="20.30")
    with pytest.raises(InputError, match="more was paid than there was to pay"):
        with_columns(tmp_path, files, disposal_costs="CNY mn")


def test_a_clean_up_call_that_is_named_is_not_unusual(tmp_path: Path):
    files = tiny.rows()
    for row in of(files, "collections", "m1")[3:]:
        row.update(collected="190", clean_up_call="150")
    called = with_columns(tmp_path, files, clean_up_call="CNY mn")
    assert not [warning for warning in called.warnings if warning.file == "data/collections.csv"]
    for row in files["collections"]:
        del row["clean_up_call"]
    assert [
        warning.value for warning in tiny.read(files).warnings if warning.file == "data/collections.csv"
    ] == []  # 4.75 times is not eight


def test_a_rule_that_stands_twice_is_refused(tmp_path: Path):
    def change(package: dict[str, object]) -> None:
        rules = resource(package, "deals")["rules"]
        rules.append(dict(rules[0]))

    with pytest.raises(InputError, match="two rules have this name"):
        read_source(write(tmp_path, change))
