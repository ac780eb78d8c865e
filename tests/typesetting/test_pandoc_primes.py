"""Primes of formulas stand in the line: the sign is raised already, and browsers raise a superscript once more."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from npl_report.typesetting.pandoc import Pandoc


@pytest.mark.parametrize("tex", [r"(X'X)^{-1}X'", r"x_i'\beta", r"x_{it}'\beta", r"(b-\beta)'[V]^{-1}"])
def test_a_prime_is_no_superscript(tex: str, tmp_path: Path):
    html = Pandoc("en", tmp_path / "none.bib", tmp_path / "none.csl", tmp_path).html(f"Of ${tex}$.", "page.qmd").html
    assert html.count("′") >= tex.count("'") > 0
    assert not re.search(r"<mo>′</mo></ms", html)
    assert html.count("<mrow>") == html.count("</mrow>")
    assert f'<annotation encoding="application/x-tex">{tex}</annotation>' in unescape(html)
