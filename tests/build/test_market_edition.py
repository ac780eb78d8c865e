"""The edition with the whole market: 650 deals by seven classes."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers import sampled
from tests.helpers.running import EDITIONS, MARKET_EDITION, Command, copy_project

CLASSES = ("corporate", "residential", "micro_secured", "vehicle", "cards", "consumer", "micro_unsecured")


def test_it_is_without_a_problem(npl_report: Command, tmp_path: Path):
    """Data, words and prose, in both languages."""
    project = copy_project(tmp_path / "project", [*EDITIONS, MARKET_EDITION])
    ran = npl_report("check", "--edition", MARKET_EDITION, "--strict", "--json", cwd=project)
    answer = json.loads(ran.out)
    assert (ran.code, answer["ok"], answer["editions"], answer["languages"]) == (0, True, 1, 2), answer


PARTS = {
    "of one class": lambda deal: deal["asset_class"] == "vehicle",
    "liquidated": lambda deal: deal["liquidated_on"] != "",
    "of one year": lambda deal: deal["issue_date"].startswith("2021"),
}
"""Deals that leave classes with a window without a live deal, or without any."""


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_the_market_is_without_a_problem(part: str, npl_report: Command, tmp_path: Path):
    """Words and prose hold for classes of which no deal is live, for no live deal at all, and for one year."""
    project = copy_project(tmp_path / "project", [MARKET_EDITION])
    keep_deals(project / "data", PARTS[part])
    ran = npl_report("check", "--edition", MARKET_EDITION, "--json", cwd=project)
    answer = json.loads(ran.out)
    assert (ran.code, answer["ok"], answer["tables"]) == (0, True, 79), answer


def keep_deals(data: Path, wanted: Callable[[dict[str, str]], bool]) -> None:
    """Thirty deals at most, and what is told of them; nothing published of others."""
    shutil.rmtree(data / "published")
    kept: list[str] = []
    for name in ("deals", "tranches", "collections", "forecasts", "payments"):
        path = data / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as source:
            head, *rows = csv.reader(source)
        entries = [dict(zip(head, row, strict=True)) for row in rows]
        kept = kept or [of["deal"] for of in entries if wanted(of)][:30]
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, head, lineterminator="\n")
            writer.writeheader()
            writer.writerows(of for of in entries if of["deal"] in kept)


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
