"""What is read from Quarto's error stream, over transcripts of real runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from npl_report.engines.quarto.log import LogParser

FOLDER = Path(__file__).with_name("transcripts")
ROOT = "/private/copy"


def _said(name: str) -> LogParser:
    stream = (FOLDER / f"{name}.txt").read_bytes().decode().partition("--- stderr\n")[2].partition("--- files")[0]
    said = LogParser(ROOT)
    for line in stream.replace("PROJECT", ROOT).split("\n"):
        said.line(line)
    return said


FAILURES = {
    "bad-front-matter": (
        "",
        3,
        (
            "ERROR: YAMLException: unexpected end of the stream within a flow collection (3:1)\n 1 |\n"
            " 2 | title: [unclosed\n 3 |\n-----^"
        ),
    ),
    "bad-project-yaml": (
        "_quarto.yml",
        3,
        (
            "ERROR: YAMLException: bad indentation of a mapping entry (_quarto.yml, 3:14)\n"
            "2:   type: website\n3:    output-dir: [\n               ~~"
        ),
    ),
    "filter-crash": (
        "c.qmd",
        None,
        "Error running filter QUARTO/main.lua:\nbad.lua:1: attempt to index a nil value (local 'x')",
    ),
    "missing-bibliography": ("c.qmd", None, "File none.bib not found in resource path"),
    "missing-include": (
        "c.qmd",
        None,
        "ERROR: Include directive failed.\n  in file c.qmd,\n  could not find file missing.md.",
    ),
    "missing-input": ("", None, "ERROR: No valid input files passed to render"),
    "pre-render-fails": ("", None, "Running script 'sh'\nfrom-pre-render"),
    "quiet-failure": ("", None, ""),
    "unknown-command": ("", None, 'ERROR: Unknown command "rendr". Did you mean command "render"?'),
}
FINE = {"ok-website", "no-project-renders-nothing-rc0", "version", "unresolved-references-rc0"}


@pytest.mark.parametrize("name", sorted(FAILURES))
def test_the_useful_part_of_an_error(name: str):
    failure = _said(name).failure()
    assert (failure.file, failure.line, failure.text) == FAILURES[name]


def test_an_error_of_many_lines():
    failure = _said("schema-error-in-page").failure()
    assert (failure.file, failure.line) == ("c.qmd", 3)
    assert failure.text.startswith(
        "ERROR: Validation of YAML front matter failed.\nERROR: In file c.qmd\n(line 3, columns 6--10) Field"
    )
    assert len(failure.text.splitlines()) <= 12


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.txt")))
def test_no_stack_trace_is_shown(name: str):
    assert name in FAILURES or name in FINE or name == "schema-error-in-page", (
        "a new transcript has its expectation here"
    )
    text = _said(name).failure().text
    assert "quarto.js" not in text
    assert "stack trace" not in text.lower()
    assert "Error encountered when rendering files" not in text


def test_progress():
    said = LogParser()
    said.line("\r[ 12/160] zh/deals/index.qmd\n")
    assert said.begun
    assert (said.begun.number, said.begun.total, said.begun.page) == (12, 160, "zh/deals/index.qmd")


def test_warnings_with_their_page_and_without_colours():
    warned = _said("unresolved-references-rc0").warnings
    assert [(item.page, item.text, item.wrong) for item in warned] == [
        ("c.qmd", "Unable to resolve crossref @tbl-none", True),
        ("c.qmd", "Unable to resolve link target: zzz.qmd", True),
    ]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("[WARNING] Citeproc: citation nobody not found", True),
        ("WARN: Unknown shortcode bla found", True),
        ("WARNING (main.lua:1) Duplicate identifier x", True),
        ("WARN: Could not fetch resource images/nowhere.png", True),
        ("WARN: The option foo is deprecated", False),
        ("[WARNING] Could not load translations for xx", False),
    ],
)
def test_which_warnings_stop_a_build(line: str, *, wrong: bool):
    said = LogParser()
    said.line(line)
    assert [item.wrong for item in said.warnings] == [wrong]


@pytest.mark.parametrize("name", ["filter-crash", "missing-include"])
def test_an_error_is_known_whatever_the_exit_code(name: str):
    assert _said(name).crashed
    assert not _said("unresolved-references-rc0").crashed


def test_no_number_of_harmless_warnings_hides_a_wrong_one():
    said = LogParser()
    for number in range(400):
        said.line(f"WARN: The option foo-{number} is deprecated")
    said.line("[1/1] zh/index.qmd")
    said.line("WARN: Unable to resolve link target: nowhere.qmd")
    assert [(item.page, item.text) for item in said.warnings if item.wrong] == [
        ("zh/index.qmd", "Unable to resolve link target: nowhere.qmd")
    ]


def test_what_is_said_many_times_is_kept_once():
    said = LogParser()
    for _ in range(3):
        said.line("WARN: The option foo is deprecated")
        said.line("WARN: Unknown shortcode bla found")
    assert [(item.text, item.wrong) for item in said.warnings] == [
        ("Unknown shortcode bla found", True),
        ("The option foo is deprecated", False),
    ]


def test_a_flood_is_not_kept():
    said = LogParser()
    for number in range(100_000):
        said.line(f"WARN: noise {number}\n")
        said.line(f"WARN: Unable to resolve crossref @tbl-{number}\n")
    assert [sum(item.wrong == wrong for item in said.warnings) for wrong in (True, False)] == [400, 400]
    assert len(said.failure().text.splitlines()) <= 12
