"""The commands as a user meets them: help, exit codes, JSON, and messages for wrong usage."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from npl_report import __version__
from npl_report.cli.app import app
from tests.helpers.running import EDITION, EDITIONS, LATER_EDITION, Command

COMMANDS = [item.name or item.callback.__name__ for item in app.registered_commands if item.callback]


@pytest.mark.parametrize("name", COMMANDS)
def test_help(npl_report: Command, tmp_path: Path, name: str):
    ran = npl_report(name, "--help", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert f"npl-report {name} [OPTIONS]" in ran.out
    assert re.search(rf"Examples?: npl-report {name}", ran.out), "help without an example"


def test_help_names_every_command(npl_report: Command, tmp_path: Path):
    ran = npl_report("--help", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\w", ran.out, re.MULTILINE)


def test_version(npl_report: Command, tmp_path: Path):
    ran = npl_report("--version", cwd=tmp_path)
    assert (ran.code, ran.out, ran.err) == (0, f"npl-report {__version__}\n", "")


def test_as_a_module(command: Command, tmp_path: Path):
    ran = command("--version", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, f"npl-report {__version__}\n")


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("build", "--help"), ("build", "--nonsense")])
def test_help_imports_nothing_heavy(tmp_path: Path, arguments: tuple[str, ...]):
    program = f"""
        import sys
        sys.argv = ["npl-report", *{arguments!r}]
        from npl_report.cli import main
        try:
            main()
        except SystemExit:
            pass
        heavy = {{"pandas", "numpy", "altair", "jinja2", "weasyprint", "pikepdf", "fontTools", "vl_convert"}}
        heavy |= {{"pypandoc"}}
        print(sorted(heavy & set(sys.modules)))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("build", "--nonsense"), "No such option: --nonsense"),
        (("build", "--editon", "2020-03"), "--edition"),
        (("publsh",), "No such command 'publsh'"),
        (("build", "--as-of", "17.3.2020"), "'17.3.2020' does not match the format"),
        (("build", "--as-of", "2020-02-30"), "'2020-02-30' does not match the format"),
        (("build", "--jobs", "0"), "Invalid value for '--jobs'"),
        (("build", "--jobs", "many"), "Invalid value for '--jobs'"),
        (("build", "--edition"), "requires an argument"),
        (("check", "surplus"), "unexpected extra argument"),
    ],
)
def test_wrong_usage(npl_report: Command, project: Path, arguments: tuple[str, ...], said: str):
    ran = npl_report(*arguments, cwd=project)
    assert ran.code == 2
    assert said in ran.err
    assert "Error: " in ran.err
    assert ran.out == ""
    assert not (project / "build").exists()


@pytest.mark.parametrize("name", ["build", "check", "tieout"])
def test_outside_a_project(npl_report: Command, tmp_path: Path, name: str):
    ran = npl_report(name, cwd=tmp_path)
    assert ran.code == 1
    assert "neither this folder nor one above it holds report/series.toml" in ran.err
    assert "--project FOLDER" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_project_folder_that_does_not_exist(npl_report: Command, tmp_path: Path):
    ran = npl_report("build", "--project", "nowhere", cwd=tmp_path)
    assert ran.code == 1
    assert ran.err.startswith("nowhere: there is no such folder\n    → correct --project")


def test_project_is_found_from_inside_and_by_option(npl_report: Command, tiny_project: Path, tmp_path: Path):
    assert npl_report("check", "--edition", EDITION, cwd=tiny_project / "report" / "zh").code == 0
    assert npl_report("check", "--edition", EDITION, "--project", str(tiny_project), cwd=tmp_path).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("build", "--edition", "2020-3"),
            ("report/editions/2020-3.toml: there is no such edition", "did you mean 2020-03?"),
        ),
        (("check", "--edition", "1999-01"), ("there is no such edition", "known editions: 2020-03")),
        (("tieout", "--edition", "2020-4"), ("there is no such edition", "did you mean 2020-03?")),
        (
            ("build", "--as-of", "2015-12-31"),
            (
                "data/deals.csv: found '2015-12-31': no deal had been issued on the as-of date",
                "choose a later as-of date",
            ),
        ),
        (("check", "--as-of", "2015-12-31"), ("no deal had been issued on the as-of date",)),
        (("build", "--lang", "xx"), ("--lang: found 'xx': there is no such language", "languages with prose: en, zh")),
        (("build", "--lang", "en", "--lang", "fr"), ("--lang: found 'fr'",)),
        (("build", "--engine", "latex"), ("--engine: found 'latex'", "use builtin")),
    ],
)
def test_what_the_user_can_put_right(
    npl_report: Command, project: Path, arguments: tuple[str, ...], said: tuple[str, ...]
):
    ran = npl_report(*arguments, cwd=project)
    assert ran.code == 1
    for text in said:
        assert text in ran.err
    assert ran.err.endswith("1 problem; nothing was written\n")
    assert ran.out == ""
    assert not (project / "build" / "2020-03").exists()


def test_problems_name_file_row_and_column(npl_report: Command, project: Path):
    deals = project / "data" / "deals.csv"
    lines = deals.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[4] = re.sub(",(corporate|mortgage|unsecured),", ",morgage,", lines[4])
    deals.write_text("".join(lines), encoding="utf-8")
    ran = npl_report("check", cwd=project)
    assert ran.code == 1
    assert (
        "data/deals.csv, row 5, column asset_type: found 'morgage': "
        "data/market.toml describes no such class\n    → did you mean mortgage? Otherwise add a [[class]]"
    ) in ran.err


def test_many_problems_are_cut_on_the_terminal_and_whole_in_json(npl_report: Command, project: Path):
    collections = project / "data" / "collections.csv"
    text = collections.read_text(encoding="utf-8")
    wrong, count = re.subn(r"^((?:[^,\n]*,){4})(\d)", r"\1-1\2", text, flags=re.MULTILINE)  # collected
    collections.write_text(wrong, encoding="utf-8")
    ran = npl_report("check", cwd=project)
    assert ran.code == 1
    assert re.search(r"… and \d+ more; --json prints all of them\n\d+ problems; nothing was written\n$", ran.err)
    problems = json.loads(npl_report("check", "--json", cwd=project).out)["problems"]
    assert len(problems) == count > 1000
    assert set(problems[0]) == {"file", "row", "column", "value", "rule", "fix"}


@pytest.mark.parametrize("name", ["build", "check"])
def test_problems_as_json(npl_report: Command, project: Path, name: str):
    (project / "data" / "market.csv").unlink()
    ran = npl_report(name, "--json", cwd=project)
    answer = json.loads(ran.out)
    assert (ran.code, ran.err) == (1, "")
    assert answer["ok"] is False
    assert [(item["file"], item["rule"]) for item in answer["problems"]] == [("data/market.csv", "the file is missing")]


@pytest.mark.parametrize("kind", [RuntimeError, AttributeError, KeyError, RecursionError])
def test_a_bug_of_ours(npl_report: Command, project: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]):
    monkeypatch.delenv("NPL_REPORT_TRACEBACK", raising=False)

    def broken(*_: object, **__: object) -> None:
        raise kind("the moon")

    monkeypatch.setattr("npl_report.build.check.check", broken)
    ran = npl_report("check", cwd=project)
    assert ran.code == 3
    assert f"npl-report met a bug of its own ({kind.__name__}: " in ran.err
    assert "Traceback" not in ran.err
    log = re.search(r"→ please report it with (\S+/npl-report-\w+\.log)$", ran.err, re.MULTILINE)
    assert log
    assert "Traceback" in Path(log[1]).read_text(encoding="utf-8")


def test_a_bug_shows_its_traceback_if_asked(npl_report: Command, project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NPL_REPORT_TRACEBACK", "1")
    monkeypatch.setattr("npl_report.build.check.check", lambda *_, **__: 1 / 0)
    ran = npl_report("check", cwd=project)
    assert ran.code == 3
    assert "ZeroDivisionError" in ran.err
    assert "Traceback" in ran.err


def test_control_c(npl_report: Command, project: Path, monkeypatch: pytest.MonkeyPatch):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("npl_report.build.check.check", stop)
    ran = npl_report("check", cwd=project)
    assert ran.code == 130
    assert "Traceback" not in ran.err


def test_build_as_json(npl_report: Command, tiny_rebuilt: Path):
    ran = npl_report("build", "--edition", EDITION, "--json", cwd=tiny_rebuilt)
    answer = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert answer == {
        "ok": True,
        "edition": "2020-03",
        "folder": str(tiny_rebuilt / "build" / "2020-03"),
        "unchanged": True,
        "pages": answer["pages"],
        "files": answer["files"],
        "bytes": 0,
    }


@pytest.fixture(params=["tiny_project", pytest.param("project", marks=pytest.mark.whole)])
def sound(request: pytest.FixtureRequest) -> Path:
    """A project without a fault: the tiny one, and the sample, which ``make check`` looks at as well."""
    return Path(request.getfixturevalue(request.param))


def test_check(npl_report: Command, sound: Path):
    ran = npl_report("check", cwd=sound)
    assert ran.code == 0
    assert re.search(
        r"^no problem found: \d+ rows, \d+ corrections, \d+ accepted, \d+ tables, \d+ pages, 2 languages, "
        rf"{len(EDITIONS)} editions\n\Z",
        ran.out,
        re.MULTILINE,
    )
    assert not (sound / "build").exists()


def test_check_of_one_edition(npl_report: Command, sound: Path):
    counts = [json.loads(npl_report("check", "--edition", edition, "--json", cwd=sound).out) for edition in EDITIONS]
    every = json.loads(npl_report("check", "--json", cwd=sound).out)
    assert [count["editions"] for count in counts] == [1] * len(EDITIONS)
    assert every["pages"] == sum(count["pages"] for count in counts)
    assert every["tables"] == max(count["tables"] for count in counts)


def test_check_looks_at_every_edition_and_tells_the_same_once(npl_report: Command, project: Path):
    for edition in EDITIONS:
        path = project / "report" / "editions" / f"{edition}.toml"
        path.write_text(path.read_text(encoding="utf-8").replace("revision = 1", "revision = 0"), encoding="utf-8")
    ran = npl_report("check", cwd=project)
    assert ran.code == 1
    assert all(f"report/editions/{edition}.toml, column revision" in ran.err for edition in EDITIONS)
    assert ran.err.endswith(f"{len(EDITIONS)} problems; nothing was written\n")
    (project / "data" / "market.csv").unlink()
    for edition in EDITIONS:
        path = project / "report" / "editions" / f"{edition}.toml"
        path.write_text(path.read_text(encoding="utf-8").replace("revision = 0", "revision = 1"), encoding="utf-8")
    assert npl_report("check", cwd=project).err.endswith("1 problem; nothing was written\n")


def test_check_as_json(npl_report: Command, sound: Path):
    ran = npl_report("check", "--json", cwd=sound)
    answer = json.loads(ran.out)
    assert (ran.code, ran.err, answer["ok"], answer["languages"], answer["editions"]) == (0, "", True, 2, len(EDITIONS))


@pytest.mark.parametrize("edition", EDITIONS)
def test_tieout(npl_report: Command, project: Path, edition: str):
    ran = npl_report("tieout", "--edition", edition, cwd=project)
    assert ran.code == 0, ran.out
    assert re.search(r"^exact: \d+ equal", ran.out, re.MULTILINE)


def test_without_an_edition_the_latest_is_tied_out(npl_report: Command, project: Path):
    assert json.loads(npl_report("tieout", "--json", cwd=project).out)["edition"] == EDITIONS[-1]


def test_tieout_names_the_edition_in_which_a_figure_is_compared(npl_report: Command, project: Path):
    rows = {
        edition: json.loads(npl_report("tieout", "--edition", edition, "--json", cwd=project).out)["rows"]
        for edition in EDITIONS
    }
    first, later = ({row["id"]: row for row in rows[edition]} for edition in (EDITION, LATER_EDITION))
    assert later["L006"]["reason"] == "belongs to edition 2020-03 and is tied out there"
    assert (later["L006"]["verdict"], later["L006"]["elsewhere"]) == ("unreachable", EDITION)
    assert first["L148"]["reason"] == "part II of the series, in a later edition: the sample"
    assert not [row for row in first.values() if "elsewhere" in row]


@pytest.mark.parametrize("edition", EDITIONS)
def test_tieout_as_json(npl_report: Command, project: Path, edition: str):
    ran = npl_report("tieout", "--edition", edition, "--json", cwd=project)
    answer = json.loads(ran.out)
    assert (ran.code, answer["edition"]) == (0, edition)
    assert sum(answer["counts"]["exact"].values()) == sum(row["kind"] == "exact" for row in answer["rows"])
    assert {row["verdict"] for row in answer["rows"] if row["kind"] == "exact"} <= {"equal", "unreachable"}


def test_tieout_fails_when_a_figure_moves(npl_report: Command, project: Path):
    """A collection of one deal is made larger; the mean of its type moves."""
    path = project / "data" / "collections.csv"
    text = path.read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("jianxin-2016-1,"))
    head, collected, rest = row.rsplit(",", 9)[0], row.split(",")[4], ",".join(row.split(",")[5:])
    path.write_text(text.replace(row, f"{head},{float(collected) + 100:.4f},{rest}"), encoding="utf-8")
    ran = npl_report("tieout", "--edition", EDITION, cwd=project)
    assert ran.code == 1
    assert re.search(r"^exact: .*\d+ differs", ran.out, re.MULTILINE)


def test_doctor(npl_report: Command, project: Path):
    ran = npl_report("doctor", cwd=project)
    assert ran.code == 0
    assert f"ok       project                      editions {', '.join(EDITIONS)}; languages en, zh" in ran.out


def test_doctor_as_json(npl_report: Command, tmp_path: Path):
    """Outside a project it says so, and that is no error."""
    ran = npl_report("doctor", "--json", cwd=tmp_path)
    answer = json.loads(ran.out)
    findings = {item["name"]: item for item in answer["findings"]}
    assert (ran.code, answer["ok"], answer["npl_report"]) == (0, True, __version__)
    assert not findings["project"]["ok"]
    assert all(set(item) == {"name", "ok", "needed", "detail", "get", "state"} for item in findings.values())


def test_doctor_misses_a_library(npl_report: Command, project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("npl_report.cli.doctor.library_versions", lambda: {"altair": "missing"})
    ran = npl_report("doctor", cwd=project)
    assert ran.code == 1
    assert re.search(r"^MISSING +altair .*\n +→ pip install", ran.out, re.MULTILINE)
