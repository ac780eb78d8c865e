"""Formulas in words, as a screen reader says them."""

from __future__ import annotations

import pypandoc
import pytest

from npl_report.note.spoken import spoken
from tests.helpers.market import words_of
from tests.helpers.markup import ROOT


def said(tex: str, language: str = "en") -> str:
    html = pypandoc.convert_text(f"${tex}$", "html5", format="markdown", extra_args=["--mathml"])
    return spoken(html[html.index("<math") : html.index("</math>") + 7], words_of(language)["spoken"])


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"R_i(t)", "R sub i of t"),
        (r"\frac{C_i(t)}{S_i}", "C sub i of t over S sub i"),
        (r"\frac{t - c_i}{30}", "open bracket t minus c sub i close bracket over 30"),
        (r"\sum_{s \le t} A_i(s)", "the sum over s is at most t of A sub i of s"),
        (r"\frac{1}{n} \sum_i |o_i|", "1 over n the sum over i of absolute value, open bracket o sub i close bracket"),
        (r"\bar{R}", "R bar"),
        (r"-100\,\%", "minus 100 per cent"),
        (r"1-\alpha", "1 minus alpha"),
        (r"(R_i - \bar{R})^2", "open bracket R sub i minus R bar close bracket squared"),
        (r"X_m (1+y)^{-d_m}", "X sub m open bracket 1 plus y close bracket to the power minus d sub m"),
        (r"\ln (B_i / N_i)", "natural logarithm of open bracket B sub i divided by N sub i close bracket"),
        (r"\sqrt{n}", "square root of open bracket n close bracket"),
        (
            r"V = \begin{cases} 0 & \text{if } N < S \\ N & \text{otherwise} \end{cases}",
            "V equals 0 if N is less than S; N otherwise",
        ),
    ],
)
def test_a_formula_in_words(tex: str, words: str):
    assert said(tex) == words


def test_it_is_said_in_the_language_of_the_note():
    assert said(r"\frac{C_i(t)}{S_i}", "zh") == "C下标i于t除以S下标i"
    assert said(r"\frac{C_i(t)}{S_i}", "it") == "C con indice i di t fratto S con indice i"


def test_every_language_has_the_same_words():
    from npl_report.text.words import program_words

    there = sorted(path.stem for path in (ROOT / "npl_report" / "text").glob("*.toml"))
    assert {"en", "zh", "it"} <= set(there)
    for language in there:
        assert program_words(language)["spoken.over"]
