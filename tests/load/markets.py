"""A small market's description, and what reading a changed one gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from npl_report.load.market import read_market
from npl_report.model import InputError, Market, Problem

RUNGS = """
[currency]
code = "EUR"
unit = { en = "EUR", zh = "欧元" }
name = { en = "euro", zh = "欧元" }

[terms]
circular = { en = "business plan", zh = "处置计划" }
circulars = { en = "business plans", zh = "处置计划" }
report = { en = "servicer report", zh = "服务商报告" }
reports = { en = "servicer reports", zh = "服务商报告" }
trustee = { en = "servicer", zh = "服务商" }
originator = { en = "seller", zh = "出售方" }
originators = { en = "sellers", zh = "出售方" }
a_circular = { en = "a business plan" }

[[originator]]
key = "fund"
name = { en = "Fund", zh = "基金" }

[[originator]]
key = "bank"
name = { en = "Bank", zh = "银行" }

[[tranche]]
key = "junior"
rank = 3
coupon = "residual"
name = { en = "Junior", zh = "次级档" }

[[tranche]]
key = "senior"
rank = 1
coupon = "fixed"
name = { en = "Senior", zh = "优先档" }

[[tranche]]
key = "mezzanine"
rank = 2
coupon = "fixed"
name = { en = "Mezzanine", zh = "中间档" }
short = { en = "Mezz." }
"""
CLASSES = """
[[class]]
key = "cards"
name = { en = "Credit cards", zh = "信用卡不良" }
pools = { en = "credit-card debt" }
group = "unsecured"

[[class]]
key = "unsecured"
name = { en = "Unsecured retail", zh = "个人信用类不良" }
short = { zh = "个人信用类" }
inline = { en = "unsecured" }
"""
TWO = CLASSES + RUNGS


def read(folder: Path, text: str) -> Market:
    (folder / "market.toml").write_text(text, encoding="utf-8")
    return read_market(folder)


def problems(folder: Path, text: str) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read(folder, text)
    return list(caught.value.problems)
