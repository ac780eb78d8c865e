"""The edition with the whole market: 650 deals by seven classes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers import sampled
from tests.helpers.findings import MOST, findings, too_long
from tests.helpers.running import EDITIONS, MARKET_EDITION, Command, copy_project

CLASSES = ("corporate", "residential", "micro_secured", "vehicle", "cards", "consumer", "micro_unsecured")


def test_it_is_without_a_problem(npl_report: Command, tmp_path: Path):
    """Data, words and prose, in both languages."""
    project = copy_project(tmp_path / "project", [*EDITIONS, MARKET_EDITION])
    ran = npl_report("check", "--edition", MARKET_EDITION, "--strict", "--json", cwd=project)
    answer = json.loads(ran.out)
    assert (ran.code, answer["ok"], answer["editions"], answer["languages"]) == (0, True, 1, 2), answer


def test_every_deal_is_reported_as_its_class():
    data, edition = sampled.data(MARKET_EDITION), sampled.edition(MARKET_EDITION)
    assert edition.market.asset_types == CLASSES
    assert data.deals["asset_type"].tolist() == data.deals["asset_class"].tolist()
    assert len(data.deals) == 650  # counted in the file: deals.csv holds 650 lines below its head
    types = sampled.data("2021-12").deals
    assert set(types["asset_type"]) == {"corporate", "mortgage", "unsecured"}
    assert {"residential", "cards"} <= set(types["asset_class"])  # known, and not reported


@pytest.mark.whole
def test_it_builds(npl_report: Command, tmp_path: Path):
    project = copy_project(tmp_path / "project", [*EDITIONS, MARKET_EDITION])
    ran = npl_report("build", "--edition", MARKET_EDITION, "--no-pdf", cwd=project)
    assert ran.code == 0, ran.err
    pages = project / "build" / MARKET_EDITION
    for language, names in (("en", ("Credit card", "Micro unsecured")), ("zh", ("信用卡类不良", "小微信用类不良"))):
        text = (pages / language / "recovery.html").read_text(encoding="utf-8")
        assert all(name in text for name in names)
        told = findings(pages / language / "index.html")
        assert 1 <= len(told) <= MOST
        assert [finding for finding in told if too_long(finding)] == []
