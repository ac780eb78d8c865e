"""Where claims stand in markdown, what is wrong with how they are written, and words of magnitude outside them."""

from __future__ import annotations

import pytest

from npl_report.text.lint import hand_typed
from npl_report.text.magnitudes import unclaimed
from npl_report.text.prose import prose_environment, render_text, unbroken
from npl_report.text.spans import Span, claimed, misplaced, numbered
from npl_report.text.words import program_words
from tests.helpers.snapshots import assert_told

FIGURE = '`<a href="t.html"><data value="0.5">50%</data></a>`{=html}'


def spans(source: str, **values: object) -> list[Span]:
    return claimed(render_text(prose_environment(), numbered(source), values, "page.qmd"), "page.qmd").spans


def test_a_claim_knows_its_line_its_sentence_and_what_it_rests_on():
    source = f'One.\n\nFirst. [Most was\n*repaid*, {FIGURE}]{{.claim that="most  of\n t/c above 5%"}}.\n'
    assert spans(source) == [Span(4, "Most was *repaid*, 50%", "most of t/c above 5%", near=True)]


def test_pandoc_gets_the_claim_with_what_it_rests_on():
    source = "A [claim]{.claim that='rises t/c'}, [text](x) and `{.claim that=\"x\"}`.\n"
    text = claimed(numbered(source), "page.qmd").text
    assert text == 'A [claim]{.claim data-that="rises t/c"}, [text](x) and `{.claim that="x"}`.\n'


def test_the_paragraph_of_a_claim_holds_a_figure():
    assert not spans(f'{FIGURE}\n\n[It rose]{{.claim that="rises t/c"}}.\n\n{FIGURE}\n')[0].near


def test_a_claim_is_there_as_often_as_it_is_said():
    source = '{% for row in rows %}\n[{{ row }} rose]{.claim that="rises t/{{ row }}"}.\n{% endfor %}\n'
    assert spans(source, rows=[]) == []
    assert [(span.line, span.that) for span in spans(source, rows=["a", "b"])] == [(2, "rises t/a"), (2, "rises t/b")]


def test_brackets_inside_a_claim_and_around_it():
    source = '[a [b] [@c] $[0, 1)$ `]` \\] d]{.claim that="rises t/c"} [x]{.small} {.claim-like}\n'
    assert [span.sentence for span in spans(source)] == ["a [b] [@c] $[0, 1)$ `]` \\] d"]


def test_chinese_lines_are_joined_around_a_claim():
    claim = '{.claim that="rises t/c"}'
    assert unbroken(f"甲。\n[乙]{claim}\n丙") == f"甲。[乙]{claim}丙"


BROKEN = {
    "claim-unclosed": 'One.\n\n[Most was repaid{.claim that="rises t/c"}.\n',
    "claim-unopened": 'One.\n\nMost was repaid]{.claim that="rises t/c"}.\n',
    "claim-endless": 'One.\n\n[Most was repaid]{.claim that="rises t/c".\n\nTwo.\n',
    "claim-nested": 'One.\n\n[Most [was repaid]{.claim that="rises t/c"} early]{.claim that="rises t/d"}.\n',
    "claim-without-that": "One.\n\n[Most was repaid]{.claim}.\n",
    "claim-empty": 'One.\n\n[Most was repaid]{.claim that=" "}.\n',
    "claim-curly-quotes": "One.\n\n[Most was repaid]{.claim that=“rises t/c”}.\n",
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_claim_that_is_not_written_as_one(case: str):
    assert_told(case, claimed(numbered(BROKEN[case]), "report/en/market.qmd").problems)


def test_a_claim_that_would_not_be_judged():
    assert_told("claim-misplaced", misplaced('title: [Most]{.claim that="rises t/c"}', "report/en/market.qmd"))
    assert misplaced("title: Recovery", "report/en/market.qmd") == []


LOOSE = {
    "Recovery was the highest of all.": ["highest"],
    '[Recovery was the highest]{.claim that="highest t/c is a"}.': [],
    "Almost\nhalf was repaid, and more than half is due.": ["Almost\nhalf", "more than half"],
    '{% if value("t", "r", "c") > 1 %}The highest.{% endif %}{% for x in y %}The lowest.{% endfor %}': [],
    '{% if has_page("vintages") %}The highest.{% endif %}{% if medium == "print" %}The lowest.{% endif %}': [
        "highest",
        "lowest",
    ],
    "{% if found %}The highest.{% else %}The lowest.{% endif %}": [],
    "## The highest of them\n\nText `highest` and $highest$.": [],
    "highestly, a halfhearted longestablished": [],
}


@pytest.mark.parametrize("source", LOOSE)
def test_words_of_magnitude_outside_claims(source: str):
    assert [problem.value for problem in unclaimed(source, "page.qmd", program_words("en"))] == LOOSE[source]


@pytest.mark.parametrize(
    ("language", "source", "word"),
    [
        ("zh", "近半数项目高于预测。", "近半"),
        ("zh", "发行规模翻番。", "翻番"),
        ("it", "Il tasso più alto.", "più alto"),
    ],
)
def test_each_language_has_its_words(language: str, source: str, word: str):
    assert [problem.value for problem in unclaimed(source, "page.qmd", program_words(language))] == [word]


def test_the_warning_names_line_and_word():
    source = "---\ntitle: x\n---\n\nOne.\nThe highest recovery.\n"
    assert_told("claim-word-of-magnitude", unclaimed(source, "report/en/market.qmd", program_words("en")))


def test_a_magnitude_that_a_claim_binds_is_not_typed():
    claim = '[Issuance doubled]{.claim that="t/c doubled from a to b"}'
    assert hand_typed(f"{claim}.", "page.qmd") == []
    assert [problem.value for problem in hand_typed(f"It tripled. {claim}.", "page.qmd")] == ["tripled"]
    looped = '[{{ row }} rose]{.claim that="t/{{ row }}/c above 5%"}: {{ n("t", row, "c") }}'
    assert hand_typed(looped, "page.qmd") == []
    assert [problem.value for problem in hand_typed('[12 deals]{.claim that="rises t/c"}', "page.qmd")] == ["12"]
