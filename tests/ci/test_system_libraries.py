"""What comes from the system: asked for library by library, installed where that is allowed, told where it is not."""

from __future__ import annotations

import ast
import os
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from npl_report.build.job import Outcome
from npl_report.files import systemlibraries
from npl_report.files.systemlibraries import LIBRARIES, SUBSET, Requirement
from npl_report.model import InputError
from npl_report.note import pdf
from tests.ci.programs import called, program, standin
from tests.helpers.running import Command

PANGO = tuple(library for library in LIBRARIES if library.name.startswith("Pango"))


def calls_of_weasyprint() -> dict[str, tuple[set[str], bool]]:
    """Library → the names by which WeasyPrint loads it, and whether it does without."""
    spec = find_spec("weasyprint")
    assert spec
    assert spec.submodule_search_locations
    tree = ast.parse((Path(spec.submodule_search_locations[0]) / "text" / "ffi.py").read_text(encoding="utf-8"))
    found = {}
    for item in tree.body:
        if (
            isinstance(item, ast.Assign)
            and isinstance(item.value, ast.Call)
            and getattr(item.value.func, "id", "") == "_dlopen"
        ):
            names = {name.value for name in item.value.args if isinstance(name, ast.Constant)}
            found[item.targets[0].id] = names, bool(item.value.keywords)
    return found


def test_every_library_that_weasyprint_loads_is_asked_for():
    calls = calls_of_weasyprint()
    calls.pop("harfbuzz_vector")  # draws coloured emoji
    ours = {library.name: (set(library.files), not library.needed) for library in LIBRARIES}
    assert len(ours) == len(LIBRARIES) == len(calls)
    matched = [
        name
        for name, (files, optional) in ours.items()
        for names, without in calls.values()
        if files <= names and optional == without
    ]
    assert matched == list(ours)


def test_here_all_of_them_load():
    assert systemlibraries.missing() == ()
    assert systemlibraries.slower() is None


@pytest.mark.parametrize(
    ("manager", "told"),
    [
        (
            "apt-get",
            "sudo apt-get install --no-install-recommends libpango-1.0-0 libharfbuzz-subset0 libpangoft2-1.0-0",
        ),
        ("dnf", "sudo dnf install pango harfbuzz"),
        ("brew", "brew install pango; if they are not found then: export DYLD_FALLBACK_LIBRARY_PATH="),
        ("", "install with the system's package manager: Pango HarfBuzz-Subset PangoFT2"),
    ],
)
def test_the_command_is_that_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manager: str, told: str):
    if manager:
        standin(tmp_path, manager)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(systemlibraries, "_SUDO", "sudo ")
    assert systemlibraries.command([PANGO[0], SUBSET, PANGO[1]]).startswith(told)


def test_a_note_without_pango(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    """All that is missing is named at once, and WeasyPrint, which prints on standard output, is not asked."""
    monkeypatch.setattr(pdf, "missing", lambda: (*PANGO, SUBSET))
    with pytest.raises(InputError) as caught:
        pdf._weasyprint()
    text = str(caught.value)
    assert text.startswith("WeasyPrint: system libraries are missing: Pango, PangoFT2\n")
    assert "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; or build without the PDF: --no-pdf" in text
    assert capfd.readouterr() == ("", "")


def test_harfbuzz_too_old_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(systemlibraries, "_OLDEST_SUBSET", (99, 0, 0))
    slow = systemlibraries.slower()
    assert slow
    assert (
        " is older than 99.0.0, so fontTools cuts the fonts of the notes, which is slower\n    → use a newer release"
        in str(slow)
    )


@pytest.fixture
def without_subset(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a desktop: Pango is there, HarfBuzz-Subset is not."""
    monkeypatch.setattr(systemlibraries, "missing", lambda: (SUBSET,))
    monkeypatch.setattr("npl_report.cli.doctor.missing", lambda: (SUBSET,))


@pytest.mark.usefixtures("without_subset")
def test_build_tells_once_that_it_could_be_faster(npl_report: Command, project: Path, monkeypatch: pytest.MonkeyPatch):
    outcome = Outcome("2020-03", project / "build" / "2020-03", unchanged=False, pages=1, files=1, bytes=1)
    monkeypatch.setattr("npl_report.build.building.build", lambda *_: outcome)
    ran = npl_report("build", cwd=project)
    assert ran.code == 0
    assert ran.err.startswith(
        "HarfBuzz-Subset: is not installed, so fontTools cuts the fonts of the notes, which is slower\n    → "
    )
    assert ran.err.count("libharfbuzz-subset0") == 1
    assert npl_report("build", "--no-pdf", cwd=project).err == ""
    assert npl_report("build", "--json", cwd=project).err == ""


@pytest.mark.usefixtures("without_subset")
def test_doctor_names_it_and_finds_no_fault(npl_report: Command, project: Path):
    ran = npl_report("doctor", cwd=project)
    assert ran.code == 0
    assert re.search(r"^ok       Pango                        \d+\.\d+\.\d+$", ran.out, re.MULTILINE)
    assert (
        "slower   HarfBuzz-Subset              is not installed, so fontTools cuts the fonts of the "
        "notes, which is slower\n         → "
    ) in ran.out


def test_doctor_names_every_library_that_is_missing(
    npl_report: Command, project: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("npl_report.cli.doctor.missing", lambda: PANGO)
    ran = npl_report("doctor", cwd=project)
    assert ran.code == 1
    assert [line.split()[1] for line in ran.out.splitlines() if line.startswith("MISSING")] == ["Pango", "PangoFT2"]


class System:
    """A system without the libraries given, whose apt-get, if its user may call it, brings them."""

    def __init__(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        libraries: tuple[Requirement, ...],
        *,
        user: int,
        programs: tuple[str, ...] = (),
    ) -> None:
        self.folder, self.module = folder, program("system_libraries")
        for name in ("apt-get", "env", "apt-cache", *programs):
            standin(
                folder,
                name,
                line='[ "$1" != DEBIAN_FRONTEND=noninteractive ] || shift; [ "$1" != apt-get ] || "$@"'
                if name == "env"
                else "",
            )
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/nowhere")
        monkeypatch.setattr(os, "geteuid", lambda: user)
        monkeypatch.setattr(systemlibraries, "_SUDO", "sudo " if user else "")
        monkeypatch.setattr(self.module, "missing", lambda: () if self.installed else libraries)

    @property
    def installed(self) -> bool:
        return any(" install " in line for line in self.apt)

    @property
    def apt(self) -> list[str]:
        return [line for line in called(self.folder) if line.startswith("apt-get")]


TESTING = ("chromium", "pdftoppm")


def test_nothing_is_done_where_all_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    system = System(tmp_path, monkeypatch, (), user=0, programs=TESTING)
    assert [system.module.main(purpose) for purpose in ("run", "test")] == [0, 0]
    assert (system.apt, capsys.readouterr().out) == ([], "")


def test_root_installs_what_is_missing_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    system = System(tmp_path, monkeypatch, (SUBSET,), user=0)
    assert system.module.main("run") == 0
    assert [line.split(" ", 4)[-1] for line in system.apt] == [
        "update",
        "install -y --no-install-recommends libharfbuzz-subset0",
    ]
    assert capsys.readouterr().out == "installing libharfbuzz-subset0\n"


def test_an_ordinary_user_is_told_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    system = System(tmp_path, monkeypatch, (*PANGO, SUBSET), user=1000)
    assert system.module.main("run") == 1
    told = (
        "Missing from the system: Pango, PangoFT2, HarfBuzz-Subset. Please run once:\n"
        "    sudo apt-get install --no-install-recommends "
    )
    assert capsys.readouterr().out == f"{told}libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0\n"
    assert system.apt == []


def test_without_harfbuzz_subset_an_ordinary_user_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    system = System(tmp_path, monkeypatch, (SUBSET,), user=1000)
    assert system.module.main("run") == 0
    assert (system.apt, capsys.readouterr().out) == ([], "")  # the build tells it


def test_tests_without_a_browser_are_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Where apt-cache knows no chromium, its package has Ubuntu's name."""
    system = System(tmp_path, monkeypatch, (), user=1000)
    assert system.module.main("test") == 0
    out = capsys.readouterr().out
    assert (
        "Missing from the system: Chromium, poppler. Please run once:\n"
        "    sudo apt-get install --no-install-recommends chromium-browser poppler-utils\n"
    ) in out
    assert out.endswith("The tests that need it are skipped.\n")


def test_an_apt_get_that_fails_ends_the_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Such as on a machine that is offline."""
    system = System(tmp_path, monkeypatch, PANGO, user=0)
    monkeypatch.setattr(system.module, "missing", lambda: PANGO)
    standin(tmp_path, "apt-get", status=100)
    assert system.module.main("run") == 1
    assert (
        "Please run once:\n    apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0\n"
        in capsys.readouterr().out
    )
