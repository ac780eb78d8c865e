"""Performance triggers as entries of the market: what they hold, and what may be wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from npl_report.load.market import check_market
from npl_report.model import InputError, Spoken, Unit
from npl_report.text.names import Names
from npl_report.text.words import program_words, term_ids
from tests.helpers import tiny
from tests.load.markets import TWO, problems, read

TRIGGERED = """
[[trigger]]
key = "floor"
measure = "ccr_net"
name = { en = "Collections floor", zh = "回收下限" }
"""


def test_triggers(tmp_path: Path):
    assert read(tmp_path, TWO).triggers == ()  # a market may have none
    (trigger,) = read(tmp_path, TWO + TRIGGERED).triggers
    assert (trigger.key, trigger.measure, trigger.column) == ("floor", "ccr_net", "trigger.floor")
    assert trigger.names["en"].inline == "collections floor"


@pytest.mark.parametrize(
    ("old", "new", "column", "rule"),
    [
        ('"ccr_net"', '"net"', "trigger floor.measure", "must be one of ccr_gross, ccr_net, profitability"),
        ('measure = "ccr_net"\n', "", "trigger floor.measure", "a trigger needs it"),
        ('key = "floor"', 'key = "fee_rate"', "trigger 1.key", "is a column that the program reads already"),
        ('key = "floor"', 'key = "first"', "trigger 1.key", "is a word that tables use themselves"),
        ('key = "floor"', 'key = "tranche"', "trigger 1.key", "is a word that tables use themselves"),
        ('key = "floor"', 'key = "total"', "trigger 1.key", "is a word that tables use themselves"),
        ('key = "floor"', 'key = "cards"', "trigger cards.key", "a class has this key"),
        ('key = "floor"', 'key = "junior"', "trigger junior.key", "a tranche has this key"),
        ('key = "floor"', 'key = "The floor"', "trigger 1.key", "must be small letters"),
        ('key = "floor"', 'key = "floor"\nlevel = 0.9', "trigger floor.level", "a trigger has no such key"),
        ("[[trigger]]", "[trigger]", "trigger", "must be a list, and not empty"),
        ('name = { en = "Collections floor", zh = "回收下限" }', "", "trigger floor.name", "a trigger needs it"),
    ],
)
def test_wrong_triggers(tmp_path: Path, old: str, new: str, column: str, rule: str):
    told = problems(tmp_path, TWO + TRIGGERED.replace(old, new))
    assert [item.column for item in told] == [column]
    assert told[0].rule.startswith(rule)


def test_a_trigger_renames_no_term_of_the_program(tmp_path: Path):
    market = read(tmp_path, TWO + TRIGGERED.replace('"floor"', '"passed"'))
    check_market(market, {"en": [], "zh": []}, {"no"})
    assert {"yes", "passed"} <= term_ids("en")
    with pytest.raises(InputError) as caught:
        check_market(market, {"en": [], "zh": []}, term_ids("en"))
    (told,) = caught.value.problems
    assert (told.column, told.rule) == ("trigger passed.key", "is a term that the program has words for")
    spoken: dict[Unit, dict[str, Spoken]] = {Unit.ASSET_TYPE: {}, Unit.TRANCHE: {}}
    names = Names({}, {}, spoken, program_words("en"), terms={"passed": "Floor", "floor": "Floor"})
    assert [names.name(Unit.TERM, id_) for id_ in ("passed", "floor")] == ["Passed", "Floor"]


def test_two_triggers_of_one_key_or_name(tmp_path: Path):
    told = problems(tmp_path, TWO + TRIGGERED + TRIGGERED)
    assert ("trigger", "two triggers have this key") in [(item.column, item.rule) for item in told]
    told = problems(tmp_path, TWO + TRIGGERED + TRIGGERED.replace('"floor"', '"other"'))
    assert {item.column for item in told} == {"trigger other.name"}


def test_a_trigger_without_a_name_in_a_language(tmp_path: Path):
    market = read(tmp_path, TWO + TRIGGERED.replace(', zh = "回收下限"', ""))
    with pytest.raises(InputError) as caught:
        check_market(market, {"en": [], "zh": []})
    assert [(item.column, item.value) for item in caught.value.problems] == [("trigger floor.name", "zh")]


def test_a_trigger_whose_column_the_deals_lack(tmp_path: Path):
    """It is told where the columns are described, with the nearest name there."""
    market = tiny.PACKAGE.with_name("market.toml").read_text(encoding="utf-8")
    with pytest.raises(InputError) as caught:
        tiny.read(tiny.rows(), market.replace("performance_trigger", "performance_triggers"))
    (told,) = caught.value.problems
    assert (told.file, told.column, told.value) == ("data/datapackage.json", "deals", "performance_triggers")
    assert "data/market.toml has a trigger of this key" in told.rule
    assert told.fix.startswith("did you mean performance_trigger?")
    line = json.loads(told.fix.partition("add to its fields ")[2])
    assert (line["name"], line["type"], line["unit"]) == ("performance_triggers", "number", "fraction")


def test_levels_come_in_fractions():
    files = tiny.rows()
    files["deals"][0]["performance_trigger"] = "0.8"
    deals = tiny.read(files).frames["deals"]
    assert deals["trigger.performance_trigger"].dropna().tolist() == [0.8]
    assert "performance_trigger" not in deals
    files["deals"][0]["performance_trigger"] = "-0.8"
    with pytest.raises(InputError, match="performance_trigger"):
        tiny.read(files)
