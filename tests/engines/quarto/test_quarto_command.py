"""``build --engine quarto`` as a user meets it, ``doctor``, and a project of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from quartos import Standin, real_quarto

from npl_report.build.assembly import Gathered
from npl_report.build.building import build
from npl_report.build.engine import BUILTIN
from npl_report.build.job import Options
from npl_report.engines.quarto.engine import QuartoEngine
from npl_report.engines.quarto.finding import Quarto
from npl_report.load.project import Project
from npl_report.model import Edition
from npl_report.model.progress import Progress
from tests.helpers.running import EDITION, ROOT, Command


@pytest.fixture
def _no_quarto(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("_no_quarto")
def test_without_quarto(npl_report: Command, project: Path):
    ran = npl_report("build", "--engine", "quarto", cwd=project)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "--engine quarto: there is no Quarto on PATH, and neither --quarto nor QUARTO_PATH names one\n"
        "    → pip install quarto-cli, or its installer from quarto.org; the builtin engine needs none: "
        "npl-report build\n"
        "1 problem; nothing was written\n"
    )
    assert not (project / "build").exists()


@pytest.mark.usefixtures("_no_quarto")
def test_without_quarto_as_json(npl_report: Command, project: Path):
    ran = npl_report("build", "--engine", "quarto", "--json", cwd=project)
    assert (ran.code, ran.err) == (1, "")
    assert json.loads(ran.out)["problems"][0]["file"] == "--engine quarto"


@pytest.mark.usefixtures("_no_quarto")
def test_doctor_without_quarto(npl_report: Command, project: Path):
    ran = npl_report("doctor", "--json", cwd=project)
    (found,) = [item for item in json.loads(ran.out)["findings"] if item["name"].startswith("Quarto")]
    assert (found["ok"], found["needed"]) == (False, False)
    assert "there is no Quarto on PATH" in found["detail"]
    assert found["get"].startswith("pip install quarto-cli")


def test_doctor_tells_one_that_is_too_old(
    npl_report: Command, project: Path, standin: Standin, monkeypatch: pytest.MonkeyPatch
):
    launcher = standin(version="1.4.557")
    monkeypatch.setenv("QUARTO_PATH", str(launcher))
    ran = npl_report("doctor", cwd=project)
    (line,) = [line for line in ran.out.splitlines() if "Quarto (optional)" in line]
    assert line.startswith("too old  Quarto (optional)")
    assert line.endswith(f"{launcher}: is Quarto 1.4.557; 1.5 or newer is needed")
    assert "pip install quarto-cli" not in ran.out


def test_doctor_shows_path_and_version(
    npl_report: Command, project: Path, standin: Standin, monkeypatch: pytest.MonkeyPatch
):
    launcher = standin()
    monkeypatch.setenv("QUARTO_PATH", str(launcher))
    ran = npl_report("doctor", cwd=project)
    assert f"1.9.38 at {launcher}" in ran.out


def test_a_quarto_for_the_builtin_engine(npl_report: Command, project: Path):
    ran = npl_report("build", "--quarto", "/opt/quarto", cwd=project)
    assert ran.code == 1
    assert "--quarto: found '/opt/quarto': is for the engine quarto only" in ran.err


def test_a_failed_render_leaves_the_former_build(npl_report: Command, tiny_rebuilt: Path, standin: Standin):
    former = {path: path.read_bytes() for path in (tiny_rebuilt / "build" / EDITION).rglob("*") if path.is_file()}
    launcher = standin("replay", transcript="filter-crash", page="zh/recovery.qmd")
    ran = npl_report(
        "build",
        "--edition",
        EDITION,
        "--no-pdf",
        "--jobs",
        "1",
        "--engine",
        "quarto",
        "--quarto",
        str(launcher),
        cwd=tiny_rebuilt,
    )
    assert ran.code == 1
    assert "report/zh/recovery.qmd: Quarto ended with exit code 1:\nError running filter" in ran.err
    assert "attempt to index a nil value" in ran.err
    assert ran.err.endswith("1 problem; nothing was written\n")
    assert {
        path: path.read_bytes() for path in (tiny_rebuilt / "build" / EDITION).rglob("*") if path.is_file()
    } == former
    assert [
        path.name for path in (tiny_rebuilt / "build").iterdir() if path.name not in (EDITION, ".cache", ".lock")
    ] == []


def test_what_decides_that_a_build_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The engine, Quarto's version and its settings; an unchanged build runs nothing."""
    from tests.helpers.running import copy_project

    root = copy_project(tmp_path / "project")
    ran: list[str] = []

    def gather(project: Project, edition: Edition, options: Options, progress: Progress, **_: object) -> Gathered:
        ran.append("gather")
        return Gathered({"zh/index.html": b"builtin"}, {}, {})

    def with_quarto(project: Project, quarto: Quarto, files: dict[str, bytes], *rest: object) -> dict[str, bytes]:
        ran.append(quarto.version)
        return {"zh/index.html": quarto.version.encode()}

    monkeypatch.setattr("npl_report.build.assembly.gather", gather)
    monkeypatch.setattr("npl_report.engines.quarto.engine.with_quarto", with_quarto)

    def made(version: str = "") -> bool:
        engine = QuartoEngine(Quarto(Path("/opt/quarto"), version)) if version else BUILTIN
        return not build(Project(root), Options(EDITION, engine=engine), lambda _: None).unchanged

    assert [made(), made(), made("1.5.57"), made("1.5.57"), made("1.9.38"), made()] == [
        True,
        False,
        True,
        False,
        True,
        True,
    ]
    assert made("1.9.38")
    settings = root / "_quarto.yml"
    settings.write_text(settings.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert made("1.9.38")
    assert made()
    settings.write_text(settings.read_text(encoding="utf-8") + "# again\n", encoding="utf-8")
    assert not made(), "the builtin engine does not read it"


@pytest.mark.parametrize("command", ["build", "prepare"])
def test_wrong_settings_are_told_before_the_long_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str):
    from npl_report.engines.quarto.prepare import prepare
    from npl_report.model import InputError
    from tests.helpers.running import copy_project

    def gather(*_: object, **__: object) -> Gathered:
        pytest.fail("gathered before the settings were looked at")

    monkeypatch.setattr("npl_report.build.assembly.gather", gather)
    root = copy_project(tmp_path / "mine")
    (root / "_quarto-en.yml").write_text("project: [", encoding="utf-8")
    options = Options(EDITION, engine=QuartoEngine(Quarto(Path("/opt/quarto"), "1.9.38")))
    with pytest.raises(InputError) as caught:
        (build if command == "build" else prepare)(Project(root), options, lambda _: None)
    assert [problem.file for problem in caught.value.problems] == ["_quarto-en.yml"]
    assert not (root / "zh").exists()


def test_a_project_of_ones_own_has_the_settings(npl_report: Command, tmp_path: Path):
    ran = npl_report("init", "mine", cwd=tmp_path)
    assert ran.code == 0
    assert "report/, templates/, data/, _quarto*.yml\n" in ran.out
    assert (tmp_path / "mine" / ".gitignore").read_text(encoding="utf-8").splitlines() == [
        "/build/",
        "/site/",
        "/_site/",
        "/.quarto/",
    ]
    names = sorted(path.name for path in ROOT.glob("_quarto*.yml"))
    assert sorted(path.name for path in (tmp_path / "mine").glob("_quarto*.yml")) == names
    assert sorted(path.name for path in (tmp_path / "mine" / "templates" / "quarto").iterdir()) == sorted(
        path.name for path in (ROOT / "templates" / "quarto").iterdir()
    )


def test_the_wheel_carries_the_settings():
    import tomllib

    carried = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]["force-include"]
    assert {name for name in carried if name.startswith("_quarto")} == {path.name for path in ROOT.glob("_quarto*.yml")}
    assert carried["samples"] == "npl_report/_starter/samples"


def test_plain_quarto_renders_the_project(prepared: Path, tmp_path: Path):
    """``quarto render --profile en`` in the folder, with the real program.

    The pre-render step, the render list, the output folder.
    """
    import os
    import shutil
    import subprocess
    import sys

    quarto = real_quarto()
    root = Path(shutil.copytree(prepared, tmp_path / "project"))
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "npl-report").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m npl_report "$@"\n', encoding="utf-8")
    (tools / "npl-report").chmod(0o755)
    environment = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}", "NPL_REPORT_EDITION": EDITION, "NO_COLOR": "1"}
    done = subprocess.run(
        [quarto, "render", "--profile", "en"], cwd=root, env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr
    assert "WARN" not in done.stderr
    site = root / "_site"
    assert {path.relative_to(site / "en").as_posix() for path in (site / "en").rglob("*.html")} == {
        path.relative_to(root / "en").with_suffix(".html").as_posix() for path in (root / "en").rglob("*.qmd")
    }
    assert not (site / "zh").exists()
    assert (site / "assets" / "vega.js").is_file()
    assert (site / "search.json").is_file()
