"""A table in a further folder: its key, its words, what it computes, and that its code decides what is built."""

from __future__ import annotations

from pathlib import Path

import pytest

from npl_report.editions.fingerprint import code_hash
from npl_report.load.tablefolders import Place, register, table_folder, table_keys, table_places
from npl_report.model import DefinitionError, Result
from npl_report.tables import catalogue, compute_tables
from npl_report.text.words import table_words
from tests.helpers import tiny
from tests.helpers.market import MARKET

CODE = """
import pandas as pd

from npl_report.model import TOTAL, Column, ResearchTable, Result, Unit
from npl_report.tables.rows import Rows

COLUMNS = (Column("pool_balance", Unit.MONEY),)


def compute(deals: pd.DataFrame, issuance_by_type: Result) -> Result:
    rows = Rows(COLUMNS)
    rows.add(TOTAL, pool_balance=float(deals["pool_balance"].max()))
    return rows.result(deals.assign(row=TOTAL)[["row"]])


TABLE = ResearchTable("{key}", Unit.TERM, COLUMNS, (), compute, ("method",))
"""


@pytest.fixture(autouse=True)
def only_here(monkeypatch: pytest.MonkeyPatch):
    """What is registered in a test ends with it."""
    monkeypatch.setattr("npl_report.load.tablefolders._PLACES", list(table_places()))


def further(root: Path, package: str, key: str) -> Place:
    """A folder with one table."""
    folder = root / package / key
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(CODE.replace("{key}", key), encoding="utf-8")
    (folder / "en.toml").write_text('title = "Largest pool"\n', encoding="utf-8")
    return Place(root / package, package)


def test_a_table_of_a_further_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(tmp_path)
    before, hashed = set(table_keys()), code_hash()
    register(further(tmp_path, "further_tables", "largest_pool"))
    assert set(table_keys()) - before == {"largest_pool"}
    words = table_words(table_folder("largest_pool"), "en")
    assert words["title"] == "Largest pool"
    assert words.source_file.endswith("/further_tables/largest_pool/en.toml")
    assert "issuance_by_type" in catalogue(MARKET)
    result = compute_tables(["largest_pool"], tiny.data(), tiny.edition())["largest_pool"]
    assert isinstance(result, Result)
    assert result.number("total", "pool_balance") == 1000
    assert code_hash() != hashed


def test_code_of_a_further_folder_counts_to_the_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    own = table_places()
    hashes = set()
    for name, more in (("one", ""), ("two", "# a remark\n")):
        place = further(tmp_path / name, "others", "largest_pool")
        with (place.folder / "largest_pool" / "__init__.py").open("a", encoding="utf-8") as file:
            file.write(more)
        monkeypatch.setattr("npl_report.load.tablefolders._PLACES", [*own, place])
        hashes.add(code_hash())
    assert len(hashes) == 2


def test_two_folders_with_the_same_key(tmp_path: Path):
    place = further(tmp_path, "more_tables", "issuance_by_type")
    register(place)
    with pytest.raises(DefinitionError) as raised:
        table_keys()
    assert str(raised.value) == (
        f"two tables have the key issuance_by_type: in {table_places()[0].folder} and in {place.folder}; rename one "
        "folder"
    )
