"""Hand-typed figures: every form that may hold digits, every one that may not, each at its line."""

from __future__ import annotations

import pytest

from npl_report.text.lint import body_start, hand_typed

DIGIT, SPELLED = "a figure typed by hand", "a figure spelled by hand"
TOLD = "a change told without a claim"


def found(source: str) -> list[tuple[int | None, str | None, str]]:
    return [(problem.row, problem.value, problem.rule) for problem in hand_typed(source, "page.qmd")]


ALLOWED = {
    "bound figure": '{{ n("recovery_by_type", "2016", "n_deals") }}',
    "bound figure through a filter": '{{ n("t1", "r2", "c3") | upper }}',
    "nested calls": '{{ side("t", "r1", "c", than=("t", "r2", "c")) }}',
    "date": 'on {{ date("2020-03-17") }}',
    "section": '{{ section("2.1") }}{{ section("4–6") }}',
    "tile and link": '{{ tile("t1", "r2", "c3", "issued") }}{{ link("p2", "the text", "anchor-3") }}',
    "pattern of a list": '{{ each(ranking("t1", "c2", asset_type="k3"), "{name} with {by_6} or {sum:bn}", "; ") }}',
    "figures of a row": (
        '{{ item.n("by_6") }}{% if item.at("by_12") > 0.5 and item.has("by_18") %}x{% endif %}'
        "{{ items.above(12) | length }}"
    ),
    "rows counted": (
        '{{ count("t1", n_included=1) }}{{ difference("t1", "r2", "c3", than=("t1", "r4", "c3")) }}'
        '{{ row("t1", "r2") }}{{ inline("t1", "r2") }}'
    ),
    "verbatim": '{{ verbatim("31 CFR 12", why="name of a rule") }}',
    "table, chart and references": (
        '{{ table("t1") }}{{ chart("t1") }}{{ ref("t1") }}{{ figref("t1") }}{{ link("p2") }}'
    ),
    "rankings": (
        '{% for item in ranking("t1", "c2", rows=["r3"]) %}{{ item.name }}{% endfor %}'
        '{{ highest("t1", "c2") }}{{ lowest("t1", "c2") }}'
    ),
    "labels, trends, values": (
        '{{ label("t1", "r2") }}{% if trend("t1", "c2") == "rising" %}up{% endif %}'
        '{% if has("t1", "r2") %}{{ value("t1", "r2", "c3") }}{% endif %}'
    ),
    "comparison": '{% if value("t", "r", "c") > 0.05 and loop.revindex == 2 %}above{% endif %}',
    "slice and item": "{{ items[1:3] }}{{ items[0] }}{{ items[-1] }}{{ items[::-1] }}{{ items['row2'] }}",
    "true and false": "{% set on = true %}{{ false }}",
    "Jinja comment": "{## 12 deals, 5% ##}",
    "HTML comment": "<!-- 12 deals\n and 5% -->",
    "front matter": "---\ntitle: Part 1 of 3\n---\nText.\n",
    "identifier": "## Recovery {#sec-2}",
    "classes and attributes": '::: {.column-2 width="50%"}\n:::',
    "link target": "[the report](https://example.org/2020/03/17.html)",
    "autolink": "<https://example.org/2020>",
    "tag": '<span data-x="12">text</span>',
    "citation": "as the report says [@report2020, @chen2019a]",
    "cross reference": "see @tbl-12",
    "footnote mark": "text[^12]",
    "inline formula": "$\\frac{1}{30} \\sum_{i=1}^{n} x_i^2$",
    "display formula": "$$\nx = 12\n$$",
    "inline code": "edition `2020-03` and `x[1]`",
    "code block": "```\nrows = 12\n```\n",
    "one is a pronoun": "one deal of each kind; no one bank",
    "Chinese words that begin like counts": "一单独立的项目，一位投资者，二单元",
    "words without a unit": "two-sided, three ways, a hundredfold, double-checked, half of them",
    "turning over": "翻阅、翻倒",
    "ordinals": "the third tranche; 第三档",
}


@pytest.mark.parametrize("form", ALLOWED)
def test_allowed(form: str):
    assert found(ALLOWED[form]) == []


FORBIDDEN = {
    "integer": ("There are 96 deals.", [(1, "96", DIGIT)]),
    "decimal": ("a rate of 31.41", [(1, "31.41", DIGIT)]),
    "per cent": ("a rate of 31.41%", [(1, "31.41%", DIGIT)]),
    "thousands": ("CNY 58,801 mn", [(1, "58,801", DIGIT)]),
    "year": ("in 2016", [(1, "2016", DIGIT)]),
    "ISO date": ("by 2020-03-17", [(1, "2020", DIGIT), (1, "03", DIGIT), (1, "17", DIGIT)]),
    "Chinese text": ("共发行96单", [(1, "96", DIGIT)]),
    "full-width digits": ("共９６单，占１２．５％", [(1, "９６", DIGIT), (1, "１２．５％", DIGIT)]),
    "digit of a name": ("Jianxin 2016-1", [(1, "2016", DIGIT), (1, "1", DIGIT)]),
    "list item": ("1. first\n2. second", [(1, "1", DIGIT), (2, "2", DIGIT)]),
    "heading": ("## The 96 deals", [(1, "96", DIGIT)]),
    "link text": ("[96 deals](x.html)", [(1, "96", DIGIT)]),
    "emphasis": ("**12**", [(1, "12", DIGIT)]),
    "footnote text": ("[^1]: about 12", [(1, "12", DIGIT)]),
    "spelled in English": (
        "Twelve deals and twenty per cent",
        [(1, "Twelve deals", SPELLED), (1, "twenty per cent", SPELLED)],
    ),
    "spelled with a hyphen": ("a three-month lag", [(1, "three-month", SPELLED)]),
    "spelled in Chinese": (
        "共十三单项目，约五成，高出两倍，增加三个百分点",
        [(1, text, SPELLED) for text in ("十三单项目", "五成", "两倍", "三个百分点")],
    ),
    "spelled money": ("五百亿元", [(1, "五百亿元", SPELLED)]),
    "number printed by Jinja": ("{{ 96 }}", [(1, "96", DIGIT)]),
    "text printed by Jinja": ('{{ "96 deals" }}', [(1, "96", DIGIT)]),
    "number set by Jinja": ("{% set total = 96 %}{{ total }}", [(1, "96", DIGIT)]),
    "default": ('{{ x | default("12") }}', [(1, "12", DIGIT)]),
    "sum": ("{{ x + 12 }}", [(1, "12", DIGIT)]),
    "list": ("{% for x in [12, 13] %}{{ x }}{% endfor %}", [(1, "12", DIGIT), (1, "13", DIGIT)]),
    "argument of another function": ("{{ range(12) }}{{ x.y(13) }}", [(1, "12", DIGIT), (1, "13", DIGIT)]),
    "text of a link": (
        '{{ link("p2", "all 96 deals") }}{{ link("p2", text="in 2016") }}',
        [(1, "96", DIGIT), (1, "2016", DIGIT)],
    ),
    "caption of a tile": ('{{ tile("t1", "r2", "c3", "of 96 deals") }}', [(1, "96", DIGIT)]),
    "text in a pattern": (
        '{{ each(x, "{by_6} of 96") }}{{ opening("12 deals") }}',
        [(1, "96", DIGIT), (1, "12", DIGIT)],
    ),
    "text as a section": ('{{ section("96 deals") }}', [(1, "96", DIGIT)]),
    "names joined": ('{{ together(["2016", "x"]) }}', [(1, "2016", DIGIT)]),
    "multiples": (
        "it has doubled, tripling twofold; 翻番，翻了一番，翻两倍",
        [(1, "twofold", SPELLED), *((1, text, TOLD) for text in ("doubled", "tripling", "翻番", "翻了一番", "翻两倍"))],
    ),
    "text of a branch": ("{% if x %}12{% else %}13{% endif %}", [(1, "12", DIGIT), (1, "13", DIGIT)]),
}


@pytest.mark.parametrize("form", FORBIDDEN)
def test_forbidden(form: str):
    source, expected = FORBIDDEN[form]
    assert sorted(found(source), key=str) == sorted(expected, key=str)


def test_line_numbers_count_the_front_matter_and_silenced_lines():
    source = (
        "---\ntitle: 12\ndescription: 13\n---\n\nText.\n<!-- a\ncomment\n14 -->\nLine ten has 15.\n{% if x %}\nLine "
        "twelve: {{ 16 }}\n{% endif %}\n"
    )
    assert found(source) == [(10, "15", DIGIT), (12, "16", DIGIT)]


def test_line_numbers_without_front_matter():
    assert found("one\n\nthree: 3\n") == [(3, "3", DIGIT)]
    assert found("---\nno front matter: 1") == [(2, "1", DIGIT)]


def test_a_text_inside_another_file_counts_from_its_first_line():
    (problem,) = hand_typed("a\nb 12", "x.toml", first_line=40)
    assert problem.row == 41


def test_where_the_body_starts():
    assert body_start("---\na: 1\n---\nText") == len("---\na: 1\n---\n")
    assert body_start("Text\n---\na: 1\n---\n") == 0


def test_the_problem_says_what_to_write_instead():
    (problem,) = hand_typed("In all 96.", "report/en/index.qmd")
    assert str(problem) == (
        "report/en/index.qmd, row 1: found '96': a figure typed by hand\n"
        '    → take it from a table with {{ n("table", "row", "column") }}; a date is {{ date("2020-03-17") }}, '
        'anything else {{ verbatim("…", why="…") }}'
    )


def test_a_template_that_does_not_parse_is_left_to_the_renderer():
    assert found("12 {{ broken") == []
    assert found("12 {% if x %}") == []


def test_pandoc_s_identifier_is_no_jinja_comment():
    assert found("## Heading {#id} with 12\n\nmore {#other}") == [(1, "12", DIGIT)]
