"""The description of the market: what it holds, and one clear message for everything that may be wrong with it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from npl_report.load.data import dataset
from npl_report.load.market import RESERVED, check_market, read_market
from npl_report.load.windows import read_windows
from npl_report.model import MOST_CLASSES, MOST_TRANCHES, TERMS, InputError, Problem
from npl_report.present import theme
from npl_report.tables import catalogue
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.load.markets import CLASSES, RUNGS, TWO, problems, read


def test_what_a_class_is_called(tmp_path: Path):
    cards, unsecured = read(tmp_path, TWO).classes
    assert (cards.group, cards.firms, unsecured.group) == ("unsecured", False, "")
    assert (cards.names["en"].name, cards.names["en"].inline, cards.names["en"].short) == (
        "Credit cards",
        "credit cards",
        "Credit cards",
    )
    assert (cards.names["en"].pools, cards.names["zh"].pools) == ("credit-card debt", "")
    assert (unsecured.names["en"].inline, unsecured.names["zh"].short) == ("unsecured", "个人信用类")


def test_every_class_and_tranche_of_an_edition_has_a_colour():
    assert len(theme.CLASS_COLOURS) == len(theme.CLASS_INKS) == MOST_CLASSES
    assert len(theme.RUNGS) == MOST_TRANCHES - 1  # the last has colours of its own


def test_the_currency(tmp_path: Path):
    currency = read(tmp_path, TWO).currency
    assert (currency.code, currency.units["zh"], currency.names["en"]) == ("EUR", "欧元", "euro")
    assert currency.finer == 0
    assert read(tmp_path, TWO.replace('code = "EUR"', 'code = "EUR"\nfiner = 2')).currency.finer == 2
    for text in (TWO.replace("[currency]", "[money]"), TWO.replace("[currency]", "[[currency]]")):
        assert any("currency" in (item.column or "") for item in problems(tmp_path, text))


def test_tranches_stand_by_rank(tmp_path: Path):
    market = read(tmp_path, TWO)
    assert market.ladder == ("senior", "mezzanine", "junior")
    assert [of.residual for of in market.tranches] == [False, False, True]
    mezzanine = market.tranches[1].names["en"]
    assert (mezzanine.name, mezzanine.inline, mezzanine.short) == ("Mezzanine", "mezzanine", "Mezz.")
    assert market.issuing({"junior"}).ladder == ("senior", "junior")  # the ends are there, whatever is issued


@pytest.mark.parametrize(
    ("old", "new", "column", "rule"),
    [
        ('key = "cards"', 'key = "unsecured"', "class", "two classes have this key"),
        ('key = "cards"', 'key = "Credit cards"', "class 1.key", "must be small letters"),
        ('key = "cards"', 'key = "total"', "class 1.key", "must be small letters"),
        ('key = "cards"', 'key = "n_deals"', "class 1.key", "must be small letters"),
        ('key = "cards"', 'kye = "cards"', "class 1.kye", "has no such key"),
        ('group = "unsecured"', 'group = "unsecurd"', "class cards.group", "there is no such class"),
        ('group = "unsecured"', 'group = "cards"', "class cards.group", "in no group itself"),
        ('group = "unsecured"', 'borrowers = "banks"', "class cards.borrowers", "must be one of"),
        ("pools = {", 'borrowers = "firms"\npools = {', "class cards.group", "has borrowers of another kind"),
        ('en = "Credit cards"', 'en = "Credit <b>cards</b>"', "class cards.name", "cannot print as it stands"),
        ('en = "Credit cards"', f'en = "{"Credit " * 12}"', "class cards.name", "longer than 80 characters"),
        ('en = "Credit cards"', 'en = ""', "class cards.name", "must be text"),
        ('en = "Credit cards"', 'en = "Credit\\u202ecards"', "class cards.name", "U+202E"),
        ('en = "Credit cards"', 'en = "Unsecured  retail"', "class cards.name", "two spaces"),
        ('en = "Credit cards"', 'en = "UNSECURED retail"', "class unsecured.name", "looks like the name of cards"),
        ('name = { en = "Credit cards", zh = "信用卡不良" }', 'name = "Cards"', "class cards.name", "a name for each"),
        (
            'pools = { en = "credit-card debt" }',
            'pools = { eng = "debt" }',
            "class cards.pools",
            "no name in this language",
        ),
        ('inline = { en = "unsecured" }', 'inline = { en = "credit cards" }', "class unsecured.inline", "looks like"),
        ("[[class]]\n", "[class]\n", "", "not valid TOML"),
        ('code = "EUR"', 'code = "euro"', "currency.code", "must be a code of three capitals"),
        ('code = "EUR"', "code = 978", "currency.code", "must be a code of three capitals"),
        ('code = "EUR"', 'code = "EUR"\nfiner = 3', "currency.finer", "must be 0, 1 or 2"),
        ("a_circular = {", "an_circular = {", "terms.an_circular", "has no such key"),
        ('code = "EUR"\n', "", "currency.code", "the currency needs it"),
        (
            'reports = { en = "servicer reports", zh = "服务商报告" }\n',
            "",
            "terms.reports",
            "the list of terms needs it",
        ),
        ("trustee = {", "issuer = {", "terms.issuer", "has no such key"),
        ('unit = { en = "EUR", zh = "欧元" }', 'unit = "EUR"', "currency.unit", "must hold a name for each language"),
        ('unit = { en = "EUR", zh = "欧元" }', 'symbol = "E"', "currency.symbol", "has no such key"),
        ('key = "junior"', 'key = "senior"', "tranche", "two tranches have this key"),
        ('key = "fund"', 'key = "bank"', "originator", "two kinds of originator have this key"),
        (
            'name = { en = "Fund", zh = "基金" }',
            'name = { en = "bank", zh = "基金" }',
            "originator bank.name",
            "looks like",
        ),
        ('name = { en = "Fund", zh = "基金" }\n', "", "originator fund.name", "a kind of originator needs it"),
        ('key = "junior"', 'key = "class_b"', "tranche 1.key", "must be small letters and digits"),
        ('key = "junior"', 'key = "reserve"', "tranche 1.key", "must be small letters and digits"),
        ("rank = 2\n", "", "tranche mezzanine.rank", "a tranche needs it"),
        ("rank = 2\n", "rank = 1\n", "tranche mezzanine.rank", "is the rank of senior as well"),
        ("rank = 2\n", 'rank = "2"\n', "tranche mezzanine.rank", "must be a whole number from 1"),
        ("rank = 2\n", "rank = 4\n", "tranche mezzanine.coupon", "the tranche of the last rank, mezzanine"),
        ("rank = 2\n", "rank = 4\n", "tranche junior.coupon", "the tranche of the last rank, mezzanine"),
        ('coupon = "residual"', 'coupon = "fixed"', "tranche junior.coupon", "takes what is left, and no other"),
        ('coupon = "residual"', 'coupon = "floating"', "tranche junior.coupon", "must be one of fixed, residual"),
        ('en = "Mezzanine"', 'en = "Junior"', "tranche junior.name", "looks like the name of mezzanine"),
        ('short = { en = "Mezz." }', 'pools = { en = "loans" }', "tranche mezzanine.pools", "has no such key"),
        ('short = { en = "Mezz." }', 'short = { it = "Mezz." }', "tranche mezzanine.short", "no name in this language"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, old: str, new: str, column: str, rule: str):
    assert old in TWO
    found = problems(tmp_path, TWO.replace(old, new, 1) if old[0] != "[" else TWO.replace(old, new))
    assert [item for item in found if (item.column or "") == column and rule in item.rule], found
    assert all(item.file.endswith("/market.toml") and item.fix for item in found)


@pytest.mark.parametrize("text", ["", "class = []", 'class = "cards"', "[class]\nkey = 'cards'"])
def test_a_market_without_classes(tmp_path: Path, text: str):
    assert any(item.column == "class" for item in problems(tmp_path, text))


def test_a_ladder_has_two_rungs_and_no_more_than_have_colours(tmp_path: Path):
    of = [f'[[tranche]]\nkey = "t{n}"\nrank = {n}\ncoupon = "fixed"\nname = {{ en = "T {n}" }}\n' for n in range(1, 7)]
    of[0] = of[0].replace("fixed", "residual")
    rest = CLASSES + RUNGS[: RUNGS.index("[[tranche]]")]
    told = problems(tmp_path, rest + of[0])
    assert [(item.column, item.value) for item in told] == [("tranche", "1")]
    assert "a ladder has 2 to 5 tranches" in told[0].rule
    assert [item.value for item in problems(tmp_path, rest + "".join(of)) if item.column == "tranche"] == ["6"]
    assert any(item.column == "tranche" for item in problems(tmp_path, rest))


def test_no_description(tmp_path: Path):
    with pytest.raises(InputError, match="the file is missing"):
        read_market(tmp_path)


def test_a_name_for_every_language(tmp_path: Path):
    market = read(tmp_path, TWO)
    check_market(market, {"en": [], "zh": []})
    with pytest.raises(InputError) as caught:
        check_market(market, {"en": [], "it": []})
    assert [(item.column, item.value) for item in caught.value.problems] == [
        ("class cards.name", "it"),
        ("class unsecured.name", "it"),
        ("tranche senior.name", "it"),
        ("tranche mezzanine.name", "it"),
        ("tranche junior.name", "it"),
        ("originator fund.name", "it"),
        ("originator bank.name", "it"),
        ("currency.unit", "it"),
        ("currency.name", "it"),
        *((f"terms.{key}", "it") for key in TERMS),
    ]


def finer(**classes: str) -> dict[str, list[tiny.Row]]:
    """The tiny data with a finer class of some deals."""
    files = tiny.rows()
    files["deals"] = [{**row, "asset_class": classes.get(row["deal"], "")} for row in files["deals"]]
    return files


def of_cards(files: dict[str, list[tiny.Row]], *reported: str) -> dict[str, str]:
    """Deal → the class as which it is reported."""
    source = tiny.read(files)
    deals = dataset(source, tiny.AS_OF, source.market.reporting(reported)).deals
    return dict(zip(deals["deal"], deals["asset_type"], strict=True))


def test_a_deal_is_reported_as_its_class_or_else_as_its_group():
    files = finer(u1="cards")
    types = ("corporate", "mortgage", "unsecured")
    assert of_cards(files, *types) == dict(zip(tiny.CUTOFFS, [kind for kind in types for _ in "12"], strict=True))
    assert of_cards(files, *types, "cards")["u1"] == "cards"
    assert of_cards(files, *types, "cards")["u2"] == "unsecured"


def test_a_deal_that_the_edition_would_leave_out():
    with pytest.raises(InputError) as caught:
        of_cards(finer(u1="cards"), "corporate", "mortgage", "cards")
    problem = caught.value.problems[0]
    assert (problem.column, problem.value) == ("asset_type", "unsecured")
    assert "windows.unsecured" in problem.fix


@pytest.mark.parametrize(
    ("deal", "value", "rule"),
    [
        ("u1", "card", "describes no such class"),
        ("c1", "cards", "is a class of unsecured"),
        ("c1", "mortgage", "is a class of mortgage"),
    ],
)
def test_a_class_that_a_deal_cannot_have(deal: str, value: str, rule: str):
    with pytest.raises(InputError) as caught:
        tiny.read(finer(**{deal: value}))
    told = [item for item in caught.value.problems if item.column == "asset_class"]
    assert [item.value for item in told] == [value]
    assert rule in told[0].rule


def test_a_type_that_the_market_does_not_have():
    files = tiny.rows()
    files["deals"][0]["asset_type"] = "corporat"
    with pytest.raises(InputError) as caught:
        tiny.read(files)
    told = caught.value.problems[0]
    assert (told.file, told.row, told.column, told.value) == ("data/deals.csv", 2, "asset_type", "corporat")
    assert "did you mean corporate?" in told.fix


def test_the_market_of_an_edition_is_in_the_markets_order():
    assert MARKET.reporting(("unsecured", "corporate")).asset_types == ("corporate", "unsecured")


def test_keys_are_no_columns_that_tables_have_beside_the_classes():
    """Where columns follow from the classes, a key is a column's too."""
    for key, table in catalogue(MARKET).items():
        others = {column.key for column in table.columns} - {*MARKET.asset_types}
        if {*MARKET.asset_types} & {column.key for column in table.columns}:
            assert others <= RESERVED, key


def test_more_classes_than_colours():
    text = "".join(
        f'[[class]]\nkey = "c{number}"\nname = {{ en = "Class {letter}" }}\n'
        for number, letter in enumerate("abcdefghi")
    )
    with tempfile.TemporaryDirectory() as folder:
        market = read(Path(folder), text + RUNGS)
    windows = {key: {"low": 1, "high": 2, "source": "chosen"} for key in (*market.asset_types, "one_year")}
    found: list[Problem] = []
    read_windows(windows, market, "report/editions/x.toml", found)
    assert [(item.column, "at most 8 classes" in item.rule) for item in found] == [("windows", True)]
    del windows["c8"]
    found.clear()
    assert list(read_windows(windows, market, "report/editions/x.toml", found)[0]) == list(market.asset_types[:8])
    assert found == []


def test_a_type_that_is_a_part_of_another():
    files = tiny.rows()
    files["deals"][4]["asset_type"] = "cards"
    with pytest.raises(InputError) as caught:
        tiny.read(files)
    told = [item for item in caught.value.problems if item.column == "asset_type"]
    assert [(item.value, item.fix) for item in told] == [("cards", "write unsecured here, and cards as asset_class")]


def test_a_byte_order_mark_is_passed_over(tmp_path: Path):
    (tmp_path / "market.toml").write_bytes(b"\xef\xbb\xbf" + TWO.encode())
    assert read_market(tmp_path).asset_types == ("cards", "unsecured")


def test_a_file_that_cannot_be_read(tmp_path: Path):
    (tmp_path / "market.toml").write_bytes(b"\n\n" + TWO.encode("gbk"))
    with pytest.raises(InputError, match=r"is not UTF-8 \(line 6\)"):
        read_market(tmp_path)
    (tmp_path / "market.toml").unlink()
    (tmp_path / "market.toml").mkdir()
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read_market(tmp_path)
    (tmp_path / "market.toml").rmdir()
    (tmp_path / "market.toml").symlink_to("market.toml")
    with pytest.raises(InputError, match="cannot be read"):
        read_market(tmp_path)


def test_an_abbreviation_keeps_its_capital(tmp_path: Path):
    text = TWO.replace("Credit cards", "SME loans")
    assert read(tmp_path, text).classes[0].names["en"].inline == "SME loans"


def test_firms_that_have_an_age():
    text = (tiny.ROOT / "data" / "market.toml").read_text(encoding="utf-8")
    assert 'key = "vehicle"\ngroup = "mortgage"\n' in text
    firms = text.replace('key = "unsecured"\n', 'key = "unsecured"\nborrowers = "firms"\n')
    firms = firms.replace('group = "unsecured"\n', 'group = "unsecured"\nborrowers = "firms"\n')
    with pytest.raises(InputError) as caught:
        tiny.read(tiny.rows(), market=firms)
    told = {(item.row, item.column) for item in caught.value.problems}
    assert told == {(6, "wa_borrower_age"), (6, "wa_annual_income"), (7, "wa_borrower_age"), (7, "wa_annual_income")}


def test_terms_with_the_articles_that_a_language_uses(tmp_path: Path):
    """English says "a business plan"; of the other terms it says nothing here, and Chinese has no articles."""
    market = read(tmp_path, TWO)
    check_market(market, {"en": [], "zh": []})
    with pytest.raises(InputError) as raised:
        check_market(market, {"en": ["a"], "zh": []})
    assert [(item.column, item.value) for item in raised.value.problems] == [
        (f"terms.a_{term}", "en") for term in ("report", "originator")
    ]
