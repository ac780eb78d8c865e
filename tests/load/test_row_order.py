"""The order of the rows in the files: it moves nothing but the lines that a record is said to stand on."""

from __future__ import annotations

import random
import shutil

import pytest

from npl_report.exports.downloads import evidence_csv, table_csv
from npl_report.load.data import Source, dataset, read_source
from npl_report.load.project import Project, read_edition
from npl_report.tables import catalogue, compute_tables
from tests.helpers.market import MARKET
from tests.helpers.running import EDITION, ROOT

TABLES = (
    "issuance_by_type",
    "issuance_by_year",
    "issuance_by_originator",
    "market_context",
    "redemption_status",
    "seasoning_by_type",
    "observation_windows",
    "recovery_by_type",
    "deal_recovery",
)


@pytest.fixture(scope="module")
def shuffled(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The sample with the rows of every file in another order."""
    folder = tmp_path_factory.mktemp("shuffled") / "data"
    shutil.copytree(ROOT / "data", folder)
    draw = random.Random(3)  # noqa: S311 -- no secret
    for path in sorted(folder.glob("*.csv")):
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        draw.shuffle(rows)
        path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return read_source(folder)


def test_the_frames_are_the_same_in_every_order(shuffled: Source):
    source = read_source(ROOT / "data")
    for name, frame in source.frames.items():
        other = shuffled.frames[name]
        assert list(other["source_row"]) != list(frame["source_row"]), name
        assert other.drop(columns="source_row").equals(frame.drop(columns="source_row")), name


def test_a_record_keeps_its_own_line(shuffled: Source):
    deals = shuffled.frames["deals"]
    assert deals["deal"].is_monotonic_increasing
    assert sorted(deals["source_row"]) == list(range(2, len(deals) + 2))


def test_sums_keep_their_last_bits(shuffled: Source):
    # before, mean terms, balances of pools and their shares moved by one bit
    edition = read_edition(Project(ROOT), EDITION)
    files = []
    for source in (read_source(ROOT / "data"), shuffled):
        results = compute_tables(TABLES, dataset(source, edition.as_of, MARKET), edition)
        files.append(
            {
                key: table_csv(catalogue(MARKET)[key], results[key], "CNY")
                + evidence_csv(catalogue(MARKET)[key], results[key], "CNY")
                for key in TABLES
            }
        )
    assert files[0] == files[1]
