"""Tables of a project: found beside ours, computed, and every mistake in one told with its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from npl_report.files.owned import Owned, owned_by, take, taken
from npl_report.load.tablefolders import own_keys, table_folder, table_keys
from npl_report.model import InputError, Result
from npl_report.tables import Computed, add_tables, catalogue, compute_tables
from npl_report.text.words import table_words
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.helpers.owntables import CODE, KEY, own_table
from tests.helpers.snapshots import assert_told


@pytest.fixture(autouse=True)
def _only_here() -> Iterator[None]:
    """What is taken in a test ends with it."""
    with taken(Owned()):
        yield


def computed(root: Path, key: str = KEY) -> Result:
    take(owned_by(root))
    result = compute_tables([key], tiny.data(), tiny.edition())[key]
    assert isinstance(result, Result)
    return result


def test_a_table_of_the_project(tmp_path: Path):
    own_table(tmp_path)
    before = table_keys()
    assert computed(tmp_path).number("total", "pool_balance") == 1000
    assert (own_keys(), set(table_keys()) - set(before)) == ((KEY,), {KEY})
    words = table_words(table_folder(KEY), "en")
    assert (words["title"], words.source_file) == ("Largest pool", f"tables/{KEY}/en.toml")
    assert "issuance_by_type" in catalogue(MARKET)
    assert [path.name for path in tmp_path.rglob("*") if "pyc" in path.name] == [], "nothing compiled is left there"


def test_a_changed_table_is_another_at_once(tmp_path: Path):
    """Also within the second in which it was saved, and of the same size."""
    own_table(tmp_path)
    assert computed(tmp_path).number("total", "pool_balance") == 1000
    own_table(tmp_path, CODE.replace(".max()", ".min()"))
    assert computed(tmp_path).number("total", "pool_balance") < 1000


def test_words_of_a_table_are_no_code(tmp_path: Path):
    folder = own_table(tmp_path)
    before = owned_by(tmp_path).code
    (folder / "en.toml").write_text('title = "Other"\n', encoding="utf-8")
    assert owned_by(tmp_path).code == before
    (folder / "levels.csv").write_text("1\n", encoding="utf-8")  # which the table may read
    assert owned_by(tmp_path).code != before


def test_another_project_has_its_own_tables(tmp_path: Path):
    own_table(tmp_path)
    take(owned_by(tmp_path))
    with taken(owned_by(tmp_path / "other")):
        assert KEY not in table_keys()
    assert KEY in table_keys()


def test_progress_names_each_table_of_the_project_before_it_is_computed(tmp_path: Path):
    own_table(tmp_path)
    take(owned_by(tmp_path))
    heard: list[str] = []
    add_tables([KEY, "issuance_by_type"], tiny.data(), tiny.edition(), Computed(), heard.append)
    assert heard == [f"compute the project's table {KEY}"]


BROKEN = {
    "syntax": ("    rows = Rows(COLUMNS)", "    rows = Rows(COLUMNS"),
    "import": ("import pandas as pd", "import pandas as pd\nimport pandaz"),
    "raises": ('deals["pool_balance"]', 'deals["pool_balanse"]'),
    "exits": ("    rows = Rows(COLUMNS)", "    raise SystemExit(3)"),
    "not-declared": ("TABLE = ", "TABEL = "),
    "of-another-key": ('key="largest_pool"', 'key="largest_pol"'),
    "of-another-type": ("TABLE = ResearchTable(", "TABLE = dict("),
    "without-evidence": ('evidence=(Column("deal", Unit.DEAL),)', "evidence=()"),
    "chart-of-no-column": ('("pool_balance",))', '("pool_balanse",))'),
    "unknown-input": ("issuance_by_type: Result", "issuance_by_tpye: Result"),
    "of-itself": ("issuance_by_type: Result", "largest_pool: Result"),
    "no-result": ('    return rows.result(deals.assign(row=TOTAL)[["row", "deal"]])', "    return 3"),
    "wrong-columns": ('Column("pool_balance", Unit.MONEY),)', 'Column("balance", Unit.MONEY),)'),
    "text-for-numbers": ('float(deals["pool_balance"].max())', '"many"'),
    "wrong-evidence": ('[["row", "deal"]]', '[["row"]]'),
    "nothing-without-reason": ('float(deals["pool_balance"].max())', 'float("nan")'),
}


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, case: str):
    before, after = BROKEN[case]
    assert CODE.count(before) == 1
    own_table(tmp_path, CODE.replace(before, after))
    with pytest.raises(InputError) as raised:
        computed(tmp_path)
    assert_told(f"own-table-{case}", raised.value.problems)


def test_a_table_with_a_key_of_ours(tmp_path: Path):
    own_table(tmp_path, key="issuance_by_type")
    take(owned_by(tmp_path))
    with pytest.raises(InputError) as raised:
        table_keys()
    assert_told("own-table-of-a-key-of-ours", raised.value.problems)


def test_a_table_whose_key_no_file_may_have(tmp_path: Path):
    own_table(tmp_path, CODE.replace("largest_pool", "Largest"), key="Largest")
    with pytest.raises(InputError) as raised:
        computed(tmp_path, "Largest")
    assert_told("own-table-of-a-wrong-key", raised.value.problems)
