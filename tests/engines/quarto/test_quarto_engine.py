"""The engine on a publication of a few pages.

What it takes from Quarto, what it refuses, and that nothing is left behind.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from quartos import Run, Standin, engine_on, gone, members, problems_of
from tiny_site import tiny_pages, tiny_project

from npl_report.engines.quarto import running
from npl_report.load.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return tiny_project(tmp_path / "a project, 项目")


@pytest.fixture(autouse=True)
def _nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Temporary files of these tests are their own, and gone at the end."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield
    assert list(place.iterdir()) == []


@pytest.fixture
def run(project: Project, standin: Standin) -> Run:
    return engine_on(project, standin)


def test_the_pages_are_quartos_and_the_rest_is_kept(run: Run, project: Project):
    before, pages = tiny_pages(project)
    told: list[str] = []
    made = run(progress=told.append)
    assert set(before) - set(made) == {
        "zh/search-index.js",
        "en/search-index.js",
        "zh/figure-index.js",
        "en/figure-index.js",
    }
    assert {path for path in made if path.endswith(".html")} == {path for path in before if path.endswith(".html")}
    assert [path for path in pages if b"quarto-document-content" not in made[path]] == []
    assert [path for path in before if path not in pages and path in made and made[path] != before[path]] == []
    assert told[0] == "render 8 pages with Quarto 1.9.38"
    assert any(re.fullmatch(r"quarto (zh|en) [1-4]/4 \w+/\S+\.qmd", line) for line in told)


def test_each_language_has_its_search_and_libraries(run: Run):
    made = run()
    assert [entry["href"] for entry in json.loads(made["zh/search.json"])] == [
        "deals/index.html",
        "index.html",
        "originators/index.html",
        "tables/index.html",
    ]
    assert b'<meta name="quarto:offset" content="./">' in made["en/index.html"]
    assert b'<meta name="quarto:offset" content="../">' in made["en/tables/index.html"]
    assert b'src="site_libs/quarto-html/quarto.js"' in made["en/index.html"]
    assert b'src="../site_libs/quarto-html/quarto.js"' in made["en/tables/index.html"]
    assert "en/site_libs/quarto-html/quarto.js" in made


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_pages_whatever_the_number_of_processes(run: Run, jobs: int):
    assert run(jobs=jobs) == run(jobs=3 - jobs)


def test_a_page_that_is_not_written(run: Run):
    problems = problems_of(run, "half", code=0)
    assert [(problem.file, problem.rule) for problem in problems] == [
        (f"{language}/{page}/index.qmd", "Quarto ended well and did not write the page")
        for language in ("zh", "en")
        for page in ("tables", "originators")
    ]


@pytest.mark.parametrize(
    ("transcript", "file", "said"),
    [
        (
            "filter-crash",
            "report/zh/index.qmd",
            (
                "Quarto ended with exit code 1:\nError running filter QUARTO/main.lua:\n"
                "bad.lua:1: attempt to index a nil value (local 'x')"
            ),
        ),
        ("missing-bibliography", "report/zh/index.qmd", "File none.bib not found in resource path"),
        ("missing-include", "report/zh/index.qmd", "ERROR: Include directive failed."),
        ("schema-error-in-page", "report/zh/index.qmd", 'Field "toc" has value maybe'),
        ("bad-project-yaml", "_quarto.yml", "bad indentation of a mapping entry"),
        ("pre-render-fails", "quarto render", "from-pre-render"),
        ("quiet-failure", "quarto render", "it said nothing"),
        ("unresolved-references-rc0", "report/zh/index.qmd", "Unable to resolve crossref @tbl-none"),
        ("no-project-renders-nothing-rc0", "report/zh/index.qmd", "did not write the page"),
    ],
)
def test_what_quarto_says_of_a_failure(run: Run, transcript: str, file: str, said: str):
    problems = problems_of(run, "replay", transcript=transcript, page="zh/index.qmd", jobs=1)
    assert file in [problem.file for problem in problems]
    text = "\n".join(map(str, problems))
    assert said in text
    assert "quarto.js" not in text
    assert "stack trace" not in text.lower()
    assert all(problem.fix for problem in problems)


def test_a_failure_ends_the_other_language_and_is_told_once(run: Run):
    assert len(problems_of(run, "replay", transcript="filter-crash", page="zh/index.qmd")) <= 2


def test_a_half_written_site(run: Run):
    assert "Quarto ended with exit code 1" in str(problems_of(run, "half")[0])


def test_nothing_written_and_exit_code_0(run: Run):
    problems = problems_of(run, "nothing")
    assert len(problems) == 8
    assert {problem.rule for problem in problems} == {"Quarto ended well and did not write the page"}


@pytest.mark.parametrize("rest", ["", "ff3c2f68746d6c3e"])
def test_a_page_that_is_cut_off_or_torn(run: Run, rest: str):
    problems = problems_of(run, "cut", bytes=900, **{"and": rest})
    assert [(problem.file, problem.rule) for problem in problems] == [
        (f"{language}/tables/index.qmd", "the page that Quarto wrote is cut off, or not UTF-8")
        for language in ("zh", "en")
    ]


def test_no_search_index(run: Run):
    assert "en/search.json: Quarto did not write the search index" in "\n".join(map(str, problems_of(run, "no-search")))


def test_a_figure_that_was_lost_or_changed(run: Run):
    problems = problems_of(run, body="<p>{}<data value='9'></data><data value=\"9\">9</data></p>")
    assert "the figures of the page are not those of the tables" in problems[0].rule


def test_what_a_page_would_load_from_elsewhere(run: Run):
    problems = problems_of(run, body='<script src="https://cdn.example/x.js"></script>{}')
    assert (problems[0].value, problems[0].rule) == (
        "https://cdn.example/x.js",
        "the page would load it from elsewhere",
    )


def test_figures_of_menus_are_not_counted(run: Run):
    made = run(toc='<nav id="TOC"><data value="9" data-number="a/b/c">9</data></nav>')
    assert b'data-number="a/b/c"' in made["en/index.html"]


@pytest.mark.parametrize(
    ("without", "file", "value", "rule"),
    [
        (' id="part"', "zh/index.html", "part", "the page has lost an anchor that links lead to"),
        ("<p>Reconstructed.</p>", "zh/index.html", None, "the page has lost the notice on the data"),
        ('href="../zh/index.html"', "en/index.html", "zh-Hans", "the page has lost the link to another language"),
    ],
)
def test_what_a_page_must_not_lose(run: Run, without: str, file: str, value: str | None, rule: str):
    first = problems_of(run, without=without)[0]
    assert (first.file, first.value, first.rule) == (file, value, rule)


@pytest.mark.parametrize(
    "style",
    [
        '@import "https://fonts.example/x"; p{}',
        "@import url(//fonts.example/x);",
        "@font-face{src:url( 'https://fonts.example/x' )}",
        'p{background:URL("http://fonts.example/x")}',
    ],
)
def test_what_a_style_sheet_would_load_from_elsewhere(run: Run, style: str):
    problems = problems_of(run, libraries={"bootstrap/mine.css": style})
    assert [(problem.file, problem.rule) for problem in problems] == [
        (f"{language}/site_libs/bootstrap/mine.css", "the page would load it from elsewhere")
        for language in ("zh", "en")
    ]
    assert str(problems[0].value).endswith("//fonts.example/x")


def test_pictures_inside_a_style_sheet_are_no_request(run: Run):
    style = (
        "p{background:url(\"data:image/svg+xml,%3csvg xmlns='http://www.w3.org/2000/svg'%3e\")} "
        "q{background:url(./x.svg)} /* see https://example.org */"
    )
    assert "en/site_libs/bootstrap/mine.css" in run(libraries={"bootstrap/mine.css": style})


def test_the_users_looks_are_taken_where_pages_look_for_them(run: Run, project: Project):
    made = run()
    assert made["templates/quarto/favicon.svg"] == (project.templates / "quarto" / "favicon.svg").read_bytes()
    assert b'<link href="../templates/quarto/favicon.svg" rel="icon"' in made["en/index.html"]
    assert b'<link href="../../templates/quarto/favicon.svg" rel="icon"' in made["en/tables/index.html"]


def test_a_favicon_that_the_copy_does_not_have(run: Run, project: Project):
    settings = project.root / "_quarto.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("favicon: templates/quarto/favicon.svg", "favicon: logo.svg"),
        encoding="utf-8",
    )
    assert [(problem.file, problem.value, problem.rule) for problem in problems_of(run)] == [
        (
            "_quarto.yml",
            "logo.svg",
            f"Quarto's frame leads there from {language}/index.html and 3 more pages, and there is nothing",
        )
        for language in ("zh", "en")
    ]


def test_a_link_of_the_frame_that_leads_nowhere(run: Run):
    first = problems_of(run, body='<a href="nowhere.html">x</a>{}')[0]
    assert (first.file, first.value) == ("_quarto.yml", "zh/nowhere.html")
    assert "_quarto-zh.yml" in first.fix
    assert "prose" not in first.fix


def test_other_warnings_are_passed_on(run: Run):
    told: list[str] = []
    run(progress=told.append, says=["WARN: The option foo is deprecated"])
    assert "quarto zh warns: The option foo is deprecated" in told


def test_a_flood_is_read_and_not_kept(run: Run):
    problems = problems_of(run, "flood")
    assert len(str(problems[0])) < 20_000


def test_the_time_limit_ends_everything(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Launcher and child ignore the request to end.

    The clock jumps when Quarto has come to a page, however long it took to start.
    """
    late = [0.0]

    def progress(line: str) -> None:
        late[0] += 1000.0 if "zh/index.qmd" in line else 0.0

    monkeypatch.setattr(
        running, "time", SimpleNamespace(sleep=time.sleep, monotonic=lambda: time.monotonic() + late[0])
    )
    monkeypatch.setenv("NPL_REPORT_QUARTO_SECONDS", "900")
    monkeypatch.setattr(running, "_GRACE", 0.5)
    problems = problems_of(run, "hang", pids=str(tmp_path / "pids"), jobs=1, progress=progress)
    assert problems[0].file == "report/zh/index.qmd"
    assert problems[0].rule == "Quarto did not end within 900 seconds and was stopped"
    assert "NPL_REPORT_QUARTO_SECONDS=1800" in problems[0].fix
    assert gone(tmp_path / "pids")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT])
def test_a_stop_in_the_moment_of_starting(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
):
    """The signal comes when the process exists and nobody has been told of it."""
    started: list[subprocess.Popen[bytes]] = []

    class Stopped(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, command: list[str], **options: object) -> None:
            super().__init__(command, **options)  # type: ignore[call-overload]
            if "render" in command:
                started.append(self)
                signal.raise_signal(number)

    monkeypatch.setattr(subprocess, "Popen", Stopped)
    monkeypatch.setattr(running, "_GRACE", 0.5)
    before = signal.signal(number, signal.SIG_DFL)  # a shell starts what runs in its background with SIGQUIT ignored
    try:
        with pytest.raises(SystemExit) as caught:
            run("hang", pids=str(tmp_path / "pids"), jobs=1)
        assert signal.getsignal(number) == signal.SIG_DFL
    finally:
        signal.signal(number, before)
    assert caught.value.code == 128 + number
    assert [process.returncode is not None for process in started] == [True]
    end = time.monotonic() + 10
    while members(started[0].pid):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_no_room_for_the_private_copy(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", f"{tempfile.tempdir}/nowhere")
    (problem,) = problems_of(run)
    assert (problem.file, problem.rule) == (
        "TMPDIR",
        "cannot hold the private copy for Quarto: No such file or directory",
    )


@pytest.mark.parametrize("value", ["soon", "0", "-3", "inf", "nan"])
def test_a_time_limit_that_is_none(run: Run, monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv("NPL_REPORT_QUARTO_SECONDS", value)
    assert "must be a number of seconds above zero" in str(problems_of(run)[0])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_stop_leaves_no_process_and_no_file(
    project: Project, standin: Standin, tmp_path: Path, number: signal.Signals
):
    """As the command line is stopped: a process of its own, which gets the signal while Quarto hangs."""
    launcher, pids, place = standin("hang", pids=str(tmp_path / "pids")), tmp_path / "pids", tmp_path / "others"
    place.mkdir()
    program = f"""
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the tests were started with
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
sys.path[:0] = {sys.path!r}
from pathlib import Path
from tiny_site import tiny_pages
from npl_report.load.project import Project
from npl_report.engines.quarto import running
from npl_report.engines.quarto.engine import with_quarto
from npl_report.engines.quarto.finding import find_quarto
running._GRACE = 0.5
project = Project(Path({str(project.root)!r}))
with_quarto(project, find_quarto({str(launcher)!r}), *tiny_pages(project), 1, print)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env=os.environ | {"TMPDIR": str(place)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + 60
    while not pids.is_file() or not pids.read_text(encoding="ascii"):
        assert time.monotonic() < end
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    time.sleep(0.2)
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)  # impatient
    assert process.wait(30) != 0
    assert gone(pids)
    assert list(place.iterdir()) == []
