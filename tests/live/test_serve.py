"""The preview: what is written stands on the page, what is wrong stands above it, and nobody else is answered."""

from __future__ import annotations

import io
import queue
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from npl_report.build import kept
from npl_report.build.job import Options
from npl_report.live.edition import LiveEdition
from npl_report.load.project import find_project
from tests.helpers.running import Command
from tests.helpers.tinyproject import tiny_project
from tests.live.serving import LONGEST, Served, serving

PROSE = Path("report/en/recovery.qmd")
PAGE = "/en/recovery.html"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_project(tmp_path_factory.mktemp("live") / "project")


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    with serving(root, "--edition", "2020-03") as found:
        yield found


def changed(root: Path, path: Path, text: str) -> str:
    """Write a file at once, as editors do; what was there."""
    before = (root / path).read_text(encoding="utf-8")
    beside = (root / path).with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(root / path)
    return before


def hear(heard: queue.Queue[str], what: str, so: Callable[[], bool]) -> None:
    """Hear of a change until it has come to the page; ``so``: whether it has."""
    assert heard.get(timeout=LONGEST) == what
    while not so():  # a slow machine may tell one change as two
        assert heard.get(timeout=LONGEST) == what


def test_the_door_leads_to_the_first_page(served: Served):
    found, _ = served.answer("/")
    assert (found.status, found.getheader("location")) == (307, "/zh/index.html")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/en/index.html", "text/html; charset=utf-8"),
        ("/en/tables/recovery_by_type.html", "text/html; charset=utf-8"),
        ("/en/tables/index.html", "text/html; charset=utf-8"),
        ("/en/deals/index.html", "text/html; charset=utf-8"),
        ("/zh/originators/index.html", "text/html; charset=utf-8"),
        ("/assets/site.css", "text/css; charset=utf-8"),
        ("/assets/vega.js", "text/javascript; charset=utf-8"),
        ("/en/search-index.js", "text/javascript; charset=utf-8"),
        ("/downloads/tables/recovery_by_type.csv", "text/csv; charset=utf-8"),
        ("/downloads/tables/recovery_by_type.json", "application/json"),
        ("/downloads/charts/recovery_by_type.en.svg", "image/svg+xml"),
    ],
)
def test_every_kind_of_file_is_there(served: Served, path: str, kind: str):
    found, text = served.answer(path)
    assert (found.status, found.getheader("content-type")) == (200, kind)
    assert ("/~live/live.js" in text) == path.endswith(".html")


@pytest.mark.parametrize(
    "path", ["/en/none.html", "/en/deals/none.html", "/xx/index.html", "/assets/none.css", "/assets/%2e%2e/base.html"]
)
def test_what_is_not_there_is_said_so(served: Served, path: str):
    found, text = served.answer(path)
    assert found.status == 404
    assert "there is no such" in text


@pytest.mark.parametrize(("path", "to"), [("/en", "/en/index.html"), ("/zh/", "/zh/index.html")])
def test_a_language_leads_to_its_first_page(served: Served, path: str, to: str):
    found, _ = served.answer(path)
    assert (found.status, found.getheader("location")) == (307, to)


@pytest.mark.parametrize("path", ["/assets", "/downloads", "//example.org/", "/downloads/none.csv"])
def test_no_address_is_a_fault_of_the_program(served: Served, path: str):
    assert served.answer(path)[0].status == 404


@pytest.mark.parametrize("path", ["/~live/edition.py", "/~live/__init__.py", "/~live/%2e%2e/app.py"])
def test_the_program_is_not_served(served: Served, path: str):
    assert served.answer(path)[0].status == 404


def test_only_this_machine_is_answered(served: Served):
    """A page elsewhere may give its own name this machine's address."""
    assert served.answer("/en/index.html", Host="example.org")[0].status == 400


def test_a_changed_sentence_is_told_and_shown(served: Served, root: Path):
    assert "A further sentence." not in served.text(PAGE)
    with served.told() as heard:
        before = changed(root, PROSE, (root / PROSE).read_text(encoding="utf-8") + "\nA further sentence.\n")
        hear(heard, "pages", lambda: "A further sentence." in served.text(PAGE))
        changed(root, PROSE, before)
        hear(heard, "pages", lambda: "A further sentence." not in served.text(PAGE))


def test_a_style_is_told_alone(served: Served, root: Path):
    style = Path("templates/html/assets/site.css")
    with served.told() as heard:
        before = changed(root, style, "body { color: red; }\n")
        hear(heard, "looks", lambda: served.text("/assets/site.css").endswith("}\nbody { color: red; }\n"))
        changed(root, style, before)
        hear(heard, "looks", lambda: served.text("/assets/site.css").endswith(before))


def page(served: Served) -> str:
    """The page, whatever the state that it shows."""
    return re.sub(r"live\.js\?at=\d+", "live.js", served.text(PAGE))


def test_a_mistake_stands_above_the_last_good_page(served: Served, root: Path):
    good = page(served)
    assert 'role="alert"' not in good
    with served.told() as heard:
        before = changed(root, PROSE, (root / PROSE).read_text(encoding="utf-8") + "\n{{ table('no_such_table') }}\n")
        hear(heard, "pages", lambda: 'role="alert"' in served.text(PAGE))
        found, text = served.answer(PAGE)
        assert found.status == 200
        assert "report/en/recovery.qmd" in text
        assert "no_such_table" in text
        rules = served.text("/assets/site.css").split("@font-face")
        font = next(re.findall(r'url\("(.*?)"\)', rule)[0] for rule in rules if re.search(r"range: .*U\+24D8\b", rule))
        connection = HTTPConnection("127.0.0.1", served.port, timeout=LONGEST)
        connection.request("GET", f"/assets/{font}")
        cut = TTFont(io.BytesIO(connection.getresponse().read()))
        connection.close()
        assert ord("ⓘ") in cut.getBestCmap()  # the last good page shows it
        assert "Recovery rates" in text
        assert 'role="alert"' not in served.text("/en/index.html")  # of that page nothing is wrong
        changed(root, PROSE, before)
        hear(heard, "pages", lambda: page(served) == good)


def test_wrong_data_are_told_on_every_page_until_they_are_right(served: Served, root: Path):
    deals = Path("data/deals.csv")
    served.text(PAGE)
    with served.told() as heard:
        text = (root / deals).read_text(encoding="utf-8")
        before = changed(root, deals, text.replace("corporate", "no_such_type", 1))
        hear(heard, "pages", lambda: "no_such_type" in served.text(PAGE))
        assert "data/deals.csv" in served.text(PAGE)
        changed(root, deals, before)
        hear(heard, "pages", lambda: 'role="alert"' not in served.text(PAGE))


def test_what_is_wrong_with_the_data_stays_when_a_sentence_changes(served: Served, root: Path):
    deals = Path("data/deals.csv")
    with served.told() as heard:
        before = changed(
            root, deals, (root / deals).read_text(encoding="utf-8").replace("corporate", "no_such_type", 1)
        )
        hear(heard, "pages", lambda: "no_such_type" in served.text(PAGE))
        prose = changed(root, PROSE, (root / PROSE).read_text(encoding="utf-8") + "\nMore.\n")
        hear(heard, "pages", lambda: "no_such_type" in served.text(PAGE))
        changed(root, deals, before)
        hear(heard, "pages", lambda: "More." in served.text(PAGE) and 'role="alert"' not in served.text(PAGE))
        changed(root, PROSE, prose)
        hear(heard, "pages", lambda: "More." not in served.text(PAGE))


def test_a_page_of_an_earlier_state_is_told_at_once(served: Served):
    with served.told(at=-1) as heard:
        assert heard.get(timeout=LONGEST) == "pages"


def test_what_editors_leave_changes_nothing(served: Served, root: Path):
    with served.told() as heard:
        for name in ("4913", ".recovery.qmd.swp", "recovery.qmd~"):
            (root / "report" / "en" / name).write_text("x", encoding="utf-8")
            (root / "report" / "en" / name).unlink()
        with pytest.raises(queue.Empty):
            heard.get(timeout=3)


def test_a_folder_that_is_exchanged_is_watched_again(served: Served, root: Path):
    with served.told() as heard:
        (root / "report").rename(root / "report-away")
        hear(heard, "pages", lambda: 'role="alert"' in served.text(PAGE))
        (root / "report-away").rename(root / "report")
        hear(heard, "pages", lambda: 'role="alert"' not in served.text(PAGE))
        before = changed(root, PROSE, (root / PROSE).read_text(encoding="utf-8") + "\nWatched again.\n")
        hear(heard, "pages", lambda: "Watched again." in served.text(PAGE))
        changed(root, PROSE, before)
        hear(heard, "pages", lambda: "Watched again." not in served.text(PAGE))


def test_a_deleted_cache_is_made_again(served: Served, root: Path):
    before = served.text("/en/tables/recovery_by_type.csv"), page(served)
    shutil.rmtree(root / "build" / ".cache")
    assert (served.text("/en/tables/recovery_by_type.csv"), page(served)) == before
    assert served.answer("/en/deals/index.html")[0].status == 200


def test_nothing_that_is_made_here_is_kept_for_builds(served: Served, root: Path):
    """A file may be saved while a page is made from it."""
    served.text(PAGE)
    assert not (root / "build" / ".cache" / "made").exists()


def test_a_project_that_does_not_load_is_served_all_the_same(tmp_path: Path):
    root = tiny_project(tmp_path / "project")
    series = root / "report" / "en" / "_series.toml"
    right = series.read_text(encoding="utf-8")
    series.write_text("title = \n", encoding="utf-8")
    with serving(root) as served:
        found, text = served.answer("/")
        assert found.status == 200
        assert "report/en/_series.toml" in text
        with served.told() as heard:
            changed(root, series.relative_to(root), right)
            hear(heard, "pages", lambda: served.answer("/")[0].status == 307)
    assert served.code == 0


def test_nothing_is_written_to_the_edition(root: Path, served: Served):
    served.text("/en/index.html")
    assert [path.name for path in (root / "build").iterdir() if not path.name.startswith(".")] == []


def test_a_port_in_use_is_told(root: Path, npl_report: Command, tmp_path: Path):
    shutil.copytree(root, tmp_path / "project", ignore=shutil.ignore_patterns("build"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = npl_report("serve", "--port", str(taken.getsockname()[1]), cwd=tmp_path / "project")
    assert ran.code == 1
    assert "--port" in ran.err
    assert "name another with --port" in ran.err


@pytest.mark.parametrize(
    ("options", "said"), [(("--edition", "nope"), "there is no such edition"), (("--lang", "xx"), "no such language")]
)
def test_what_was_typed_wrong_is_told_at_once(root: Path, npl_report: Command, options: tuple[str, str], said: str):
    ran = npl_report("serve", "--port", "0", *options, cwd=root)
    assert ran.code == 1
    assert said in ran.err


def test_tables_that_are_gone_are_computed_again(root: Path, monkeypatch: pytest.MonkeyPatch):
    """Not all of them are in memory, and the cache may be deleted at any time."""
    monkeypatch.setattr(kept, "HELD", 1)
    with LiveEdition(find_project(root), Options(pdf=False), lambda _: None) as live:
        assert live.file("en/tables/recovery_by_originator.html")
        shutil.rmtree(root / "build" / ".cache")
        assert live.file("en/tables/deal_recovery.html")
        assert live.problems == ()
