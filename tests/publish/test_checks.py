"""What is checked before an edition is published, each with a file that fails it."""

from __future__ import annotations

import shutil

import pytest
import weasyprint

from npl_report.model import InputError
from npl_report.publish.access import check_access, page_kinds
from npl_report.publish.checks import check_files

NUMBER = '<data value="{value}" data-number="t/{row}/x">{text}</data>'
TABLE = b'{"rows": {"a": {"x": 0.125}, "b": {"x": 1234.5}}}'


def page(*numbers: tuple[str, float, str]) -> bytes:
    figures = " ".join(NUMBER.format(row=row, value=value, text=text) for row, value, text in numbers)
    return (
        '<!doctype html><html lang="en"><head><title>t</title></head>'
        f'<body class="chapter"><main><h1>T</h1><p>{figures}</p></main></body></html>'
    ).encode()


def note(text: str) -> bytes:
    written: bytes = weasyprint.HTML(string=f"<p>{text}</p>").write_pdf()
    return written


def problems(files: dict[str, bytes], *languages: str) -> list[str]:
    with pytest.raises(InputError) as error:
        check_files(files, languages or ("en",), ["market"])
    return [f"{problem.file} {problem.column} {problem.value}: {problem.rule}" for problem in error.value.problems]


def test_a_figure_that_differs_from_its_download():
    files = {"downloads/tables/t.json": TABLE, "en/market.html": page(("a", 0.126, "12.60%"))}
    assert problems(files) == ["en/market.html t/a/x 0.126: the download holds 0.125"]


@pytest.mark.pdf
def test_a_figure_that_the_note_lacks():
    """Number by number, whole, because lines break elsewhere.

    A chapter that the note does not carry is not looked for.
    """
    files = {
        "downloads/tables/t.json": TABLE,
        "en/market.html": page(("a", 0.125, "12.50%"), ("b", 1234.5, "CNY 1,235 mn")),
        "en/data.html": page(("a", 0.125, "12.5%")),
    }
    check_files(files | {"en/note.pdf": note("12.50% of CNY<br>1,235 mn")}, ("en",), ["market"])
    assert problems(files | {"en/note.pdf": note("112.50% of CNY 1,235 mn")}) == [
        "en/note.pdf t/a/x 12.50%: the note lacks this figure of en/market.html"
    ]


def test_a_page_that_a_language_lacks():
    files = {"zh/market.html": page(), "en/market.html": page(), "en/recovery.html": page()}
    assert problems(files, "zh", "en") == ["zh/recovery.html None None: the page is missing in zh"]


def test_a_page_of_every_kind_and_language():
    files = {path: page() for path in ("en/market.html", "en/recovery.html", "zh/market.html", "index.html")}
    files["en/deals/a.html"] = b'<body class="deal">'
    assert page_kinds(files) == ["en/deals/a.html", "en/market.html", "zh/market.html"]


@pytest.mark.browser
def test_a_page_that_a_reader_without_sight_cannot_use():
    said: list[str] = []
    check_access({"en/market.html": page()}, said.append)
    assert said == ["check the accessibility of 1 pages"]
    with pytest.raises(InputError) as error:
        check_access({"en/market.html": page().replace(b"<h1>", b'<img src="x.png"><h1>')}, said.append)
    (problem,) = error.value.problems
    assert (problem.file, problem.column, problem.value) == ("en/market.html", "img", "image-alt")


def test_without_a_browser_it_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    said: list[str] = []
    check_access({"en/market.html": page()}, said.append)
    assert said == ["accessibility is not checked: it needs Chromium and pip install npl_report[access]"]
