"""The ledger of published figures and its bindings: what they hold, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from npl_report.load.ledger import Bindings, FigureBinding, Published, read_bindings, read_ledger
from npl_report.model import (
    Figure,
    InputError,
)
from tests.helpers.snapshots import assert_told

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
