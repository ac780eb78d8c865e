"""Jinja texts: whatever is wrong is told with file and line; the messages are kept in tests/errors/prose-*.txt."""

from __future__ import annotations

from typing import Any

import pytest

from npl_report.model import InputError
from npl_report.text.binding import BindingError
from npl_report.text.prose import prose_environment, render_text, unbroken
from tests.helpers.snapshots import assert_told


def wrong(table: str) -> str:
    raise BindingError(f"there is no table {table!r}", "did you mean rates?")


def label(table: str, row: str) -> str:
    return f"{table}/{row}"


def render(source: str, column: str | None = None, **more: Any) -> str:
    context: dict[str, Any] = {"edition": {"as_of": "17 March 2020"}, "words": {}, "wrong": wrong, "label": label}
    return render_text(prose_environment(), source, {**context, **more}, "report/en/recovery.qmd", column)


def test_a_text_is_rendered():
    assert render('as of {{ edition.as_of }}: {{ label("t", "r") }}\n') == "as of 17 March 2020: t/r\n"


def test_nothing_is_escaped_because_markdown_comes_out():
    assert render("{{ x }} & <b>", x='<a href="y">') == '<a href="y"> & <b>'


def test_a_block_leaves_no_empty_line():
    assert render("a\n  {% if x %}\nb\n  {% endif %}\nc\n", x=True) == "a\nb\nc\n"


def test_pandoc_identifiers_are_text_and_comments_are_not():
    assert render("## Head {#id}\n{## a note ##}text") == "## Head {#id}\ntext"


CASES: dict[str, str] = {
    "prose-undefined": "One.\nTwo.\n{% if true %}\nBy {{ editon.as_of }}.\n{% endif %}\n",
    "prose-undefined-nothing-near": "{{ zzzzzz }}",
    "prose-undefined-attribute": "One.\n{{ edition.asof }}\n",
    "prose-unclosed-expression": "One.\nTwo {{ edition.as_of \nthree.\n",
    "prose-unclosed-block": "One.\n{% if edition %}\nTwo.\n",
    "prose-unclosed-block-before-others": (
        "One.\n{% if edition %}\n{% for x in [1] %}\nTwo.\n{% endif %}\n{% for y in [2] %}{% endfor %}\n{% if "
        "edition %}x{% endif %}\n"
    ),
    "prose-unknown-filter": "One.\n\n{{ edition.as_of | uper }}\n",
    "prose-binding": 'One.\nTwo.\nThree {{ wrong("rate") }}.\n',
    "prose-helper-called-wrongly": 'One.\n{{ label("t") }}\n',
    "prose-division-by-zero": "One.\n{{ 1 / (1 - 1) }}\n",
    "prose-undefined-in-loop": "{% for x in [edition] %}\n{{ x.as_of }}\n{{ lable }}\n{% endfor %}\n",
}


@pytest.mark.parametrize("case", CASES)
def test_an_error_names_file_and_line(case: str):
    with pytest.raises(InputError) as raised:
        render(CASES[case])
    assert_told(case, raised.value.problems)


def test_a_word_s_error_names_its_key():
    with pytest.raises(InputError) as raised:
        render("{{ editon }}", column="sample")
    assert_told("prose-in-words", raised.value.problems)


def test_chinese_lines_are_joined():
    """Others keep the ends of their lines, which markdown makes spaces, and so do paragraphs, lists and tables."""
    assert unbroken("兑付完毕。\n另有三单。") == "兑付完毕。另有三单。"
    kept = "兑付完毕。\n\n另有三单。\n- 一\n- 二\n\n| 甲 |\n| 乙 |\n\nOne.\nTwo.\n"
    assert unbroken(kept) == kept
