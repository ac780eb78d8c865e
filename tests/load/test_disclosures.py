"""Disclosures as they are published: what is known when, what is one forecast, what is a recovery, and what is only unusual.

The flows are those of tests/tiny.py but for what each test changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from npl_report.load.data import Source, dataset, read_source
from npl_report.model import CONTRACT, InputError, Result, Unavailable
from npl_report.tables import compute_tables
from tests import tiny
from tests.load.described import Change, field, resource, write

Files = dict[str, list[tiny.Row]]
MONTHLY = (("2018-07-01", "2018-07-31", 10, 2), ("2018-08-01", "2018-08-31", 12, 0), ("2018-09-01", "2018-09-30", 9, 1))
"""Periods of u1, what was recovered on claims in disposal, and on closed ones; reported on the 17th and paid on the 24th."""


def compute(files: Files, *keys: str, as_of: date = tiny.AS_OF) -> Mapping[str, Result | Unavailable]:
    return compute_tables(keys, dataset(tiny.read(files), as_of), tiny.edition(as_of))


def told(files: Files) -> list[str]:
    """Rules of what is told."""
    with pytest.raises(InputError) as raised:
        tiny.read(files)
    return [f"{problem.file}/{problem.column}: {problem.rule}" for problem in raised.value.problems]


def of(files: Files, file: str, deal: str) -> list[tiny.Row]:
    return [row for row in files[file] if row["deal"] == deal]


def described(*columns: tuple[str, str]) -> Change:
    """The description with further columns of collections."""

    def change(package: dict[str, object]) -> None:
        fields = resource(package, "collections")["schema"]["fields"]
        fields += [{"name": name, "type": "integer" if unit == "" else "number", **({"unit": unit} if unit else {}), "description": name} for name, unit in columns]

    return change


def with_columns(root: Path, files: Files, **columns: str) -> Source:
    """The data with further columns of collections, empty where a row does not say more."""
    for row in files["collections"]:
        for name in columns:
            row.setdefault(name, "")
    folder = write(root, described(*columns.items()), files | {"collections": [{name: cell for name, cell in row.items() if name not in columns} for row in files["collections"]]})
    tiny.write_csv(folder / "collections.csv", files["collections"])
    return read_source(folder)


# --- what is known when


@pytest.mark.parametrize(("day", "paid"), [("2019-02-19", 0), ("2019-02-23", 0), ("2019-02-24", 30), ("2019-03-25", 40)])
def test_a_payment_is_reported_before_it_is_made_and_exists_once_it_was_both(day: str, paid: int):
    files = tiny.rows()
    first, restated = of(files, "payments", "u1")
    first.update(reported_on="2019-02-19", paid_on="2019-02-24")
    restated.update(paid_on="2019-02-24")
    known = dataset(tiny.read(files), date.fromisoformat(day)).payments
    assert known.loc[known["deal"] == "u1", "principal"].sum() == paid


def late(files: Files) -> None:
    """The second period of m1 is first reported a year and a half after its end, when two later ones are known."""
    of(files, "collections", "m1")[1]["reported_on"] = "2020-02-20"


@pytest.mark.parametrize(("day", "recovered", "missing"), [("2019-11-01", 40, "2018-02-25"), ("2020-02-19", 40, "2018-02-25"), ("2020-03-17", 200, None)])
def test_a_deal_is_read_up_to_the_first_period_that_is_not_known(day: str, recovered: int, missing: str | None):
    files = tiny.rows()
    late(files)
    source = tiny.read(files)
    data = dataset(source, date.fromisoformat(day))
    own = data.deals.set_index("deal").loc["m1"]
    assert data.collections.loc[data.collections["deal"] == "m1", "collected"].sum() == recovered
    assert (None if own.isna()["unread_from"] else f"{own['unread_from']:%Y-%m-%d}") == missing
    warnings, _ = source.gaps(data)
    assert [(item.file, item.value) for item in warnings] == ([("data/collections.csv", missing)] if missing else [])


def test_tables_say_that_a_deal_was_read_up_to_a_gap():
    files = tiny.rows()
    late(files)
    of(files, "collections", "u1")[0]["reported_on"] = "2019-10-01"  # its first period, so that nothing of it is left
    found = compute(files, "data_quality", "deal_summary", as_of=date(2019, 9, 20))
    quality, summary = found["data_quality"], found["deal_summary"]
    assert isinstance(quality, Result)
    assert isinstance(summary, Result)
    assert quality.frame["n_interrupted"].to_dict() == {"corporate": 0, "mortgage": 1, "unsecured": 1, "total": 2}
    assert f"{summary.frame.at['m1', 'unread_from']:%Y-%m-%d}" == "2018-02-25"
    assert summary.frame.at["m1", "recovery"] == 40 / 400
    assert summary.gaps["u1", "recovery"].reason == "interrupted"
    assert summary.gaps["m2", "unread_from"].reason == "uninterrupted"


@pytest.mark.parametrize(
    ("file", "column", "value", "rule"),
    [
        ("collections", "reported_on", "2108-02-26", "lies more than 366 days after the end of the period"),
        ("payments", "paid_on", "2107-01-20", "lies more than 31 days before the payment"),
        ("payments", "reported_on", "2018-01-25", "lies more than 90 days after the payment"),
        ("deals", "issue_date", "2106-06-01", "lies more than 1096 days after the cut-off date"),
        ("deals", "closing_date", "2106-06-03", "lies more than 366 days after the issue date"),
        ("deals", "liquidated_on", "2120-01-15", "lies more than 1096 days after the legal maturity of the deal"),
        ("tranches", "legal_maturity", "2119-12-11", "lies more than 5479 days after the closing date of the deal"),
        ("forecasts", "made_on", "2006-06-01", "lies more than 366 days before the issue date of the deal"),
        ("forecasts", "made_on", "2106-06-01", "lies more than 92 days after the issue date of the deal"),
    ],
)
def test_a_mistyped_year_is_told(file: str, column: str, value: str, rule: str):
    files = tiny.rows()
    rows = of(files, file, "c1")
    for row in rows if (file, column) == ("forecasts", "made_on") else rows[:1]:
        row[column] = value
    assert any(rule in line for line in told(files)), told(files)


def test_limits_are_those_of_the_description(tmp_path: Path):
    files = tiny.rows()
    of(files, "collections", "m1")[0]["reported_on"] = "2019-12-01"

    def wider(package: dict[str, object]) -> None:
        next(rule for rule in resource(package, "collections")["rules"] if rule["name"] == "reported_in_time")["first_days"] = 1000

    def without(package: dict[str, object]) -> None:
        rules = resource(package, "collections")["rules"]
        rules[:] = [rule for rule in rules if rule["name"] != "reported_in_time"]

    assert any("lies more than 366 days after" in line for line in told(files))
    assert read_source(write(tmp_path / "wider", wider, files)).frames
    told_of = [item.rule for item in read_source(write(tmp_path / "without", without, files)).warnings]
    assert "sets no limits for the rule reported_in_time, which is not checked" in told_of


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        ({"first_days": "366"}, "must be a whole number of days"),
        ({"first_days": -1}, "must be a whole number of days"),
        ({"first_days": 10**400}, "must be a whole number of days"),
        ({"days": 3}, "the rule reported_in_time has no such key"),
    ],
)
def test_a_limit_that_is_none_is_refused(limits: dict[str, object], rule: str, tmp_path: Path):
    def change(package: dict[str, object]) -> None:
        next(rule for rule in resource(package, "collections")["rules"] if rule["name"] == "reported_in_time").update(limits)

    with pytest.raises(InputError, match=rule):
        read_source(write(tmp_path, change))


# --- one forecast


def presale(files: Files, basis: str = "gross") -> None:
    """Before c1 was issued, an agency forecast 390 where the offering document says 340."""
    for row in of(files, "forecasts", "c1"):
        files["forecasts"].append({**row, "vintage": "presale", "agency": "east-ratings", "made_on": "2016-05-01", "basis": basis, "amount": str(int(row["amount"]) + 25)})


@pytest.mark.parametrize("basis", ["gross", "net"])
def test_recoveries_are_compared_with_the_offering_document_whoever_else_forecasts(basis: str):
    files = tiny.rows()
    presale(files, basis)
    before, after = (compute(rows, "window_readings", "deal_forecast") for rows in (tiny.rows(), files))
    for key in before:
        assert before[key].frame.equals(after[key].frame)  # type: ignore[union-attr]  # tables, both
    assert len(dataset(tiny.read(files), tiny.AS_OF).forecasts.query("deal == 'c1'")) == 4  # it is kept


@pytest.mark.parametrize(("column", "value"), [("made_on", "2016-06-02"), ("agency", "east-ratings"), ("basis", "net")])
def test_rows_of_one_forecast_agree(column: str, value: str):
    files = tiny.rows()
    of(files, "forecasts", "c2")[1][column] = value
    assert f"data/forecasts.csv/{column}: the rows of one forecast differ in {column}" in told(files)


def test_a_forecast_net_of_costs_is_compared_with_nothing_and_the_tables_say_so():
    files = tiny.rows()
    for row in files["forecasts"]:
        row["basis"] = "net"
    found = compute(files, "forecast_accuracy_by_type", "forecast_accuracy_by_originator", "deal_summary")
    kinds, summary = found["forecast_accuracy_by_type"], found["deal_summary"]
    assert isinstance(kinds, Result)
    assert isinstance(summary, Result)
    assert {gap.reason for gap in kinds.gaps.values()} == {"no_forecast"}
    assert found["forecast_accuracy_by_originator"] == Unavailable("no_forecast", needed=1, found=0)
    assert summary.gaps["c1", "offset"].reason == "no_forecast"
    rules = {item.rule for item in tiny.read(files).warnings}
    assert "the offering circular's forecast is net of costs, and there is none that is gross" in rules


def test_a_forecast_under_another_name_is_warned_of():
    files = tiny.rows()
    for row in of(files, "forecasts", "c1"):
        row["vintage"] = "at-issue"
    assert "no forecast of the deal has the vintage offering" in {item.rule for item in tiny.read(files).warnings}


@pytest.mark.parametrize(("whole", "right"), [("340", True), ("340.4", True), ("341.6", False), ("339", True), ("338", False)])
def test_the_sum_of_the_offering_forecast_is_the_expected_recovery_within_rounding(whole: str, right: bool):  # noqa: FBT001
    files = tiny.rows()
    files["deals"][0]["expected_recovery"] = whole
    if "." in whole:  # a column is rounded as its finest value is: whole millions else, of which c1 has two
        files["forecasts"][0]["amount"] = "100.3"
    problem = "data/deals.csv/expected_recovery: the offering circular's forecast adds up to another figure"
    if right:
        assert tiny.read(files)
    else:
        assert problem in told(files)


# --- identities across files, and what is only unusual


def test_interest_in_thousands_breaks_an_identity():
    files = tiny.rows()
    of(files, "payments", "c2")[0]["interest"] = "18771"
    assert "data/payments.csv/interest: more was paid than there was to pay" in told(files)


def test_all_money_in_another_unit_is_told():
    files = tiny.rows()
    for name, columns in {
        "deals": ("pool_balance", "pool_principal", "expected_recovery"),
        "tranches": ("face",),
        "collections": ("collected",),
        "forecasts": ("amount",),
        "payments": ("principal", "interest"),
    }.items():
        for row in files[name]:
            row.update({column: str(float(row[column]) * 100) for column in columns})
    with pytest.raises(InputError) as raised:
        tiny.read(files)
    (first, *_) = raised.value.problems
    assert first.rule == "the balance of a loan is not of the size that its asset type has"
    assert "it looks like an amount in CNY thousand or CNY 10k" in str(raised.value)


def test_income_beside_recoveries_may_be_paid_out(tmp_path: Path):
    """c1 pays 201 out of 100 collected: with 110 for claims that the originator took back it may."""
    files = tiny.rows()
    files["deals"][0]["liquidity_reserve"] = "0"
    assert any("more was paid than there was to pay" in line for line in told(files))
    of(files, "collections", "c1")[0].update(collected="210", repurchase="110")
    of(files, "collections", "c1")[2].update(collected="100", other_income="50")
    source = with_columns(tmp_path, files, repurchase="CNY mn", other_income="CNY mn")
    data = dataset(source, tiny.AS_OF)
    assert data.collections.loc[data.collections["deal"] == "c1", "collected"].tolist() == [100, 100, 50, 50, 40]
    found, usual = (compute_tables(["deal_recovery"], item, tiny.edition())["deal_recovery"] for item in (data, tiny.data()))
    assert found.frame.equals(usual.frame)  # type: ignore[union-attr]  # tables, both


UNUSUAL = {"face_within_expected", "interest_near_coupon", "reserve_share", "offering_is_there", "paid_and_collected"}
"""What the tiny data are warned of: their issues and reserves are large, interest is 1 wherever it is paid, and of m2 there is neither a forecast nor a payment."""


def accept(folder: Path, source: Source) -> None:
    """Accept every warning, as it says itself."""
    records = [warning.fix.partition("an entry [[accepted]] with ")[2] for warning in source.warnings]
    texts = ["[[accepted]]\n" + record.replace('", file', '"\nfile').replace(", key", "\nkey").replace(" }, guard", " }\nguard").replace(", reason", "\nreason") for record in records]
    (folder / "corrections.toml").write_text("\n".join(texts), encoding="utf-8")


def test_what_is_unusual_is_warned_of_and_may_be_accepted(tmp_path: Path):
    folder = tiny.write(tmp_path)
    source = read_source(folder)
    assert {warning.fix.partition('rule = "')[2].partition('"')[0] for warning in source.warnings} == UNUSUAL
    accept(folder, source)
    again = read_source(folder)
    assert again.warnings == ()
    assert len(again.accepted) == len(source.warnings)
    assert {record.rule for record in again.accepted} == UNUSUAL


def test_an_acceptance_is_of_one_value(tmp_path: Path):
    folder = tiny.write(tmp_path)
    accept(folder, read_source(folder))
    text = (folder / "corrections.toml").read_text(encoding="utf-8")
    (folder / "corrections.toml").write_text(text.replace('guard = "340"', 'guard = "341"'), encoding="utf-8")
    with pytest.raises(InputError, match="there is no warning face_within_expected on this record with the value 341"):
        read_source(folder)


@pytest.mark.parametrize(
    ("interest", "warned"),
    [("7.59", False), ("3.9", False), ("3.7", True), ("0.0076", True), ("9.4", False), ("9.6", True), ("12", True)],
)
def test_interest_is_compared_with_what_falls_due(interest: str, warned: bool):  # noqa: FBT001
    """c1: 300 × 4 % × 231 of 365 days from 3 June 2016 to 20 January 2017 are 7.5945; half to one and a quarter times that is usual."""
    files = tiny.rows()
    of(files, "payments", "c1")[0]["interest"] = interest
    found = [warning for warning in tiny.read(files).warnings if warning.column == "interest" and warning.row == 2]
    assert bool(found) == warned


def test_interest_that_falls_short_without_principal_is_no_slip():
    files = tiny.rows()
    files["payments"].insert(0, {"deal": "c1", "tranche": "senior", "paid_on": "2016-12-30", "reported_on": "2016-12-28", "principal": "0", "interest": "0.01"})
    assert not [warning for warning in tiny.read(files).warnings if warning.row == 2 and warning.column == "interest"]


def test_payments_in_thousands_of_what_they_should_be_are_warned_of():
    files = tiny.rows()
    for row in of(files, "payments", "c2"):
        row.update(principal="0.08", interest="0.001")
    assert "less than 0.4 of what was collected has been paid out" in {item.rule for item in tiny.read(files).warnings}


# --- a trustee report as it is published: monthly, before the payment, recoveries in two parts


def trustee(files: Files) -> Files:
    files["collections"] = [row for row in files["collections"] if row["deal"] != "u1"]
    files["payments"] = [row for row in files["payments"] if row["deal"] != "u1"]
    files["deals"][4].update(issue_date="2018-07-20", closing_date="2018-07-23")
    for row in of(files, "forecasts", "u1"):
        row["made_on"] = "2018-07-20"
    for number, (start, end, open_, closed) in enumerate(MONTHLY):
        month = 8 + number
        parts = {
            "recovered_in_disposal": f"{open_:.2f}",
            "recovered_closed": f"{closed:.2f}",
            "other_income": "0.50",
            "disposal_costs": "1.00",
            "n_closed": str(closed * 10),
            "balance_closed": str(closed * 3),
        }
        files["collections"].append({"deal": "u1", "period_start": start, "period_end": end, "reported_on": f"2018-{month:02}-17", "collected": f"{open_ + closed + 0.5:.2f}", **parts})
        files["payments"].append({"deal": "u1", "tranche": "senior", "paid_on": f"2018-{month:02}-24", "reported_on": f"2018-{month:02}-17", "principal": "8", "interest": "0.35"})
    return files


PARTS = {"recovered_in_disposal": "CNY mn", "recovered_closed": "CNY mn", "other_income": "CNY mn", "disposal_costs": "CNY mn", "n_closed": "", "balance_closed": "CNY mn"}


def test_a_trustee_report(tmp_path: Path):
    source = with_columns(tmp_path, trustee(tiny.rows()), **PARTS)
    for day, periods, payments, collected in (("2018-08-16", 0, 0, 0), ("2018-08-17", 1, 0, 12), ("2018-08-24", 1, 1, 12), ("2018-09-20", 2, 1, 24), ("2018-10-24", 3, 3, 34)):
        data = dataset(source, date.fromisoformat(day))
        own = data.collections.loc[data.collections["deal"] == "u1"]
        assert (len(own), len(data.payments.query("deal == 'u1'")), own["collected"].sum()) == (periods, payments, collected), day
        assert own["disposal_costs"].sum() == periods


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"recovered_in_disposal": "10.03"}, "the parts do not add up to what was collected"),
        ({"recovered_in_disposal": "", "recovered_closed": "", "other_income": "40"}, "parts exceed what was collected"),
        ({"n_closed": "2001"}, "more is closed than the pool held"),
        ({"balance_closed": "1000.5"}, "more is closed than the pool held"),
        ({"clean_up_call": "0.03"}, "the parts do not add up to what was collected"),
    ],
)
def test_parts_that_do_not_add_up(changes: dict[str, str], rule: str, tmp_path: Path):
    files = trustee(tiny.rows())
    of(files, "collections", "u1")[0].update(changes)
    with pytest.raises(InputError) as raised:
        with_columns(tmp_path, files, **PARTS, clean_up_call="CNY mn")
    assert [problem.rule for problem in raised.value.problems] == [rule]


def test_income_alone_may_be_given(tmp_path: Path):
    files = trustee(tiny.rows())
    for row in of(files, "collections", "u1"):
        row.update(recovered_in_disposal="", recovered_closed="")
    data = dataset(with_columns(tmp_path, files, **PARTS), date(2018, 12, 31))
    assert data.collections.query("deal == 'u1'")["collected"].sum() == 34


def test_costs_lessen_what_can_be_paid(tmp_path: Path):
    files = trustee(tiny.rows())
    of(files, "collections", "u1")[0]["disposal_costs"] = "5.00"  # of 12.5 collected, of which 8.35 are paid
    with pytest.raises(InputError, match="more was paid than there was to pay"):
        with_columns(tmp_path, files, **PARTS)


def test_the_columns_that_may_be_added_are_named_where_they_are_explained():
    readme = (tiny.ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name, need in CONTRACT["collections"].columns.items() if not need.kept and f"`{name}`" not in readme] == []


# --- what a stranger's files hold


@pytest.mark.parametrize(("unit", "decimals"), [("CNY 10k", 0), ("CNY mn", 2), ("CNY 100m", 4), ("CNY mn", 0)])
def test_payments_that_are_rounded_may_add_up_to_more_than_the_face(unit: str, decimals: int, tmp_path: Path):
    """m1, face 200: twelve payments of 16.6667 in all are 200.04 in whole 万元."""
    files, power = tiny.rows(), {"CNY 10k": 2, "CNY mn": 0, "CNY 100m": -2}[unit]
    files["payments"] = [row for row in files["payments"] if row["deal"] != "m1"]
    files["deals"][2]["liquidity_reserve"] = "250"
    for month in range(1, 13):
        paid = f"2018-{month:02}-20"
        files["payments"].append({"deal": "m1", "tranche": "senior", "paid_on": paid, "reported_on": paid, "principal": f"{200 / 12:.4f}", "interest": "0.1"})
    for row in files["payments"]:
        for column in ("principal", "interest"):
            row[column] = f"{float(row[column]) * 10**power:.{decimals}f}"

    def in_unit(package: dict[str, object]) -> None:
        for column in ("principal", "interest"):
            field(package, "payments", column)["unit"] = unit

    assert len(read_source(write(tmp_path, in_unit, files)).frames["payments"]) == len(files["payments"])


def test_roundings_are_a_deal_s_own():
    """c1 in one decimal, m1 in whole millions: 201 against 40 + 60 + 100 is within its rounding, whatever c1 is written in."""
    files = tiny.rows()
    files["deals"][0]["expected_recovery"], files["forecasts"][0]["amount"] = "340.7", "100.7"
    files["deals"][2]["expected_recovery"] = "201"
    assert tiny.read(files)
    files["deals"][0]["expected_recovery"] = "341.2"
    assert told(files) == ["data/deals.csv/expected_recovery: the offering circular's forecast adds up to another figure"]


def warned(files: Files) -> set[str]:
    """What is warned of beyond what the tiny data are."""
    usual = {(warning.file, warning.column, warning.value, warning.rule) for warning in tiny.source().warnings}
    return {item.rule for item in tiny.read(files).warnings if (item.file, item.column, item.value, item.rule) not in usual}


def mortgages(files: Files, number: int = 4) -> None:
    """Further deals like m1, each a little larger than the one before."""
    for place in range(number):
        for name in ("deals", "tranches", "collections", "forecasts", "payments"):
            files[name] += [
                row | {"deal": f"x{place}"} | ({"name_zh": f"另{place}", "name_en": f"Other {place}", "pool_balance": str(401 + place)} if name == "deals" else {}) for row in of(files, name, "m1")
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
    files["collections"] = [{name: cell for name, cell in row.items() if name not in PARTS} for row in files["collections"]]
    last = files["payments"][-1]
    files["payments"] += [{**last, "paid_on": f"2018-{month}-24", "reported_on": f"2018-{month}-17", "principal": "0", "interest": "0.1"} for month in (11, 12)]
    assert warned(files) == set()
    del files["payments"][-2]
    files["payments"].append({**last, "paid_on": "2019-01-24", "reported_on": "2019-01-17", "principal": "0", "interest": "0.1"})
    files["collections"][-1]["collected"] = "140"
    little = "less than 0.4 of what was collected has been paid out"
    assert warned(files) == {"a payment may be missing before this one", "a period brought more than 8 times what those beside it did", little}


@pytest.mark.parametrize(("file", "column", "days"), [("payments", "reported_on", 365), ("forecasts", "made_on", 365), ("forecasts", "made_on", -400)])
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
        data = dataset(source, date.fromisoformat(day))
        assert data.collections.query("deal == 'c2'")["collected"].sum() == known
    last["period_end"] = "2019-06-30"  # by the calendar month
    assert tiny.read(files)


def test_nothing_is_recovered_where_all_that_came_in_is_rounded_away(tmp_path: Path):
    files = tiny.rows()
    of(files, "collections", "c2")[0].update(collected="0", other_income="0.4")
    source = with_columns(tmp_path, files, other_income="CNY mn")
    assert dataset(source, tiny.AS_OF).collections.query("deal == 'c2'")["collected"].tolist() == [0, 80]


def test_what_is_interrupted_has_not_run_its_course():
    """c1 and c2 have redeemed their seniors, c1 is liquidated; of c1 the fourth period is not known on 1 March 2020, the fifth is."""
    files, day = tiny.rows(), date(2020, 3, 1)
    of(files, "collections", "c1")[3]["reported_on"] = "2020-03-10"
    keys = ("recovery_and_return", "recovery_distribution", "time_to_half", "break_even")
    for rows, number, status in ((tiny.rows(), 2, "run_off"), (files, 1, "collecting")):
        found = compute(rows, *keys, as_of=day)
        frames = [item.frame for item in map(found.get, keys) if isinstance(item, Result)]
        assert [frame.at[row, "n_deals"] for frame, row in zip(frames, ("corporate", "corporate-actual", "corporate"), strict=False)] == [number] * 3
        assert frames[3].at["c1", "status"] == status


@pytest.mark.parametrize(("file", "column", "value"), [("market", "value", "1e400"), ("deals", "expected_recovery", "1e999"), ("deals", "wa_annual_income", "1e307"), ("payments", "interest", "1e15")])
def test_a_number_that_no_float_holds_is_told(file: str, column: str, value: str):
    files = tiny.rows()
    files[file][0][column] = value
    assert [line for line in told(files) if line.startswith(f"data/{file}.csv/{column}: must be")]


def test_the_line_of_a_file_is_no_column_to_correct(tmp_path: Path):
    folder = tiny.write(tmp_path)
    record = 'file = "deals"\nkey = { deal = "c1" }\ncolumn = "source_row"\naction = "set"\nvalue = "x"\nguard = 2\nreason = "why"\nsource = "where"\n'
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
    assert not [line for line in lines if "follow each other" in line or "more was paid" in line or "adds up to" in line or "must be the last step" in line]


def test_every_deal_with_a_gap_is_told():
    """Two deals that miss the period of the same day are two warnings, each accepted by itself."""
    files = tiny.rows()
    late(files)
    for name in ("deals", "tranches", "collections", "forecasts", "payments"):
        files[name] += [row | {"deal": "m9"} | ({"name_zh": "九", "name_en": "Nine", "pool_balance": "401"} if name == "deals" else {}) for row in of(files, name, "m1")]
    source = tiny.read(files)
    warnings, _ = source.gaps(dataset(source, date(2019, 11, 1)))
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
    assert [warning.value for warning in tiny.read(files).warnings if warning.file == "data/collections.csv"] == []  # 4.75 times is not eight


def test_a_rule_that_stands_twice_is_refused(tmp_path: Path):
    def change(package: dict[str, object]) -> None:
        rules = resource(package, "deals")["rules"]
        rules.append(dict(rules[0]))

    with pytest.raises(InputError, match="two rules have this name"):
        read_source(write(tmp_path, change))
