"""Text that its author thinks hidden is refused with its line.

Remarks in the source of a page do not reach readers.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from npl_report.engines.quarto.pages import qmd
from npl_report.model import InputError
from npl_report.present.templates import Templates
from npl_report.typesetting.pandoc import Pandoc
from tests.engines.quarto.tiny_site import tiny_pages
from tests.engines.quarto.tiny_site import tiny_project as site_project
from tests.helpers.running import Command
from tests.helpers.snapshots import assert_told

HIDING = {
    "a block for one format": '::: {.content-hidden when-format="html"}\nSecret.\n:::\n',
    "a block for one profile": '::: {.content-visible when-profile="internal"}\nSecret.\n:::\n',
    "a block unless": '::: {.content-visible unless-format="pdf"}\nSecret.\n:::\n',
    "a block by its class alone": "::: content-hidden\nSecret.\n:::\n",
    "a longer fence around others": ":::: {.note}\n\n::: {.content-hidden}\nSecret.\n:::\n\n::::\n",
    "a block in a list": "1. One\n\n   ::: {.content-hidden}\n   Secret.\n   :::\n",
    "a block in a quotation": "> ::: {.content-hidden}\n> Secret.\n> :::\n",
    "a fence too far to the right, which is printed": "- one\n\n    ::: {.content-hidden}\n    Secret.\n    :::\n",
    "a fence that is not closed, which is printed": '::: {.content-hidden when-format="html"\nSecret.\n:::\n',
    "a span": "Known. [Secret.]{.content-hidden}\n",
    "a span by its condition alone": 'Known. [Secret.]{when-meta="internal"}\n',
    "a cell of a table": "| a | b |\n|---|---|\n| [Secret]{.content-visible} | d |\n",
    "a heading": "## Secret {.content-hidden}\n",
    "a block of code": "``` {.python .content-hidden}\nsecret = 1\n```\n",
    "code in the line": "`secret`{.content-hidden}\n",
    "HTML": '<div class="content-hidden">\n\nSecret.\n\n</div>\n',
    "raw HTML": '```{=html}\n<p class="content-hidden">Secret</p>\n```\n',
    "the class of Quarto that shows nothing": "::: {.hidden}\nSecret.\n:::\n",
    "an attribute of HTML": '[Secret]{hidden="hidden"}\n',
    "a style, which the site takes away": '[Secret]{style="display: none"}\n',
}
SHOWN = {
    "a block of code": "```\n::: {.content-hidden}\nSecret.\n:::\n```\n",
    "a block between tildes": "~~~~ markdown\n```\n[x]{.content-hidden}\n```\n~~~~\n",
    "an indented block of code": "Write:\n\n    ::: {.content-hidden}\n    Text.\n    :::\n",
    "code in the line": 'The class `.content-hidden` and `[x]{when-format="pdf"}`.\n',
    "the words alone": "Hidden risks: content-hidden is a class of Quarto, which when-format goes with.\n",
}


@pytest.fixture
def pandoc(tmp_path: Path) -> Pandoc:
    return Pandoc("en", tmp_path / "none.bib", tmp_path / "none.csl", tmp_path)


def refused(pandoc: Pandoc, text: str) -> int | None:
    """The line that is refused, nought without one; None if the page is converted."""
    try:
        pandoc.html(text, "page.qmd", source=text)
    except InputError as error:
        return error.problems[0].row or 0
    return None


def test_every_form_is_refused_where_it_is_written(pandoc: Pandoc):
    found = {name: refused(pandoc, f"One.\n\n{text}") for name, text in HIDING.items()}
    expected = {
        name: next(
            2 + number
            for number, line in enumerate(text.splitlines(), 1)
            if "idden" in line or "-visible" in line or "when-" in line or "none" in line
        )
        for name, text in HIDING.items()
    }
    assert found == expected


def test_what_shows_the_form_is_no_such_block(pandoc: Pandoc):
    assert {name: refused(pandoc, text) for name, text in SHOWN.items()} == dict.fromkeys(SHOWN)


def test_examples_and_remarks_beside_a_block_are_not_told(pandoc: Pandoc):
    text = (
        f"{{## one\n::: {{.content-hidden}} ##}}\n\n{SHOWN['a block of code']}\n{SHOWN['code in the line']}\n"
        f"{HIDING['a span']}"
    )
    with pytest.raises(InputError) as raised:
        pandoc.html(text.partition("##}")[2], "report/en/market.qmd", source=text)
    assert_told("hidden-span", raised.value.problems)


def test_a_block_that_a_helper_writes_is_refused_without_a_line(pandoc: Pandoc):
    with pytest.raises(InputError) as raised:
        pandoc.html(HIDING["a span"], "report/en/market.qmd", source="{{ text }}")
    assert_told("hidden-generated", raised.value.problems)


def test_check_and_build_tell_it(npl_report: Command, tiny_project: Path):
    page = tiny_project / "report" / "en" / "recovery.qmd"
    lines = page.read_text(encoding="utf-8").count("\n")
    page.write_text(
        page.read_text(encoding="utf-8") + '\n::: {.content-hidden when-format="html"}\nFor ourselves.\n:::\n',
        encoding="utf-8",
    )
    for command in (
        ("check", "--edition", "2020-03"),
        ("build", "--edition", "2020-03", "--lang", "en", "--no-pdf", "--jobs", "1"),
    ):
        ran = npl_report(*command, cwd=tiny_project)
        assert (ran.code, ran.err.count("report/en/recovery.qmd")) == (1, 1), ran.err
        assert (
            f"report/en/recovery.qmd, row {lines + 2}: found "
            "'::: {.content-hidden when-format=\"html\"}': hidden or conditional content"
        ) in ran.err


def test_remarks_in_html_do_not_reach_the_page(pandoc: Pandoc):
    html = pandoc.html(
        "One <!-- a remark --> two.\n\n<!-- over\nlines -->\n\nThree `<!-- shown -->`.\n", "page.qmd"
    ).html
    assert "remark" not in html
    assert "over" not in html
    assert "<code>&lt;!-- shown --&gt;</code>" in html


def test_nor_quarto_s_page(tmp_path: Path):
    """Quarto passes the option on to pandoc."""
    project = site_project(tmp_path)
    _, pages = tiny_pages(project)
    assert all(
        "\nstrip-comments: true\n" in qmd(page, Templates(project.templates)).partition("\n---\n")[0] + "\n"
        for page in pages.values()
    )
