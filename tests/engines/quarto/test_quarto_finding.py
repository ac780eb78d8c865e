"""Where Quarto is looked for, and what is said of one that cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from quartos import Standin, gone, make_standin

from npl_report.engines.quarto import finding
from npl_report.engines.quarto.finding import find_quarto
from npl_report.model import InputError


def _told(option: str | None = None) -> str:
    with pytest.raises(InputError) as caught:
        find_quarto(option)
    (problem,) = caught.value.problems
    assert ("pip install quarto-cli" in problem.fix) == ("there is no Quarto on PATH" in problem.rule), (
        "how to get one, where there is none"
    )
    assert "builtin engine needs none" in problem.fix
    return str(problem)


def test_the_option_before_the_variable_before_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    places = [
        make_standin(tmp_path / name, version=f"1.{number}.0")
        for number, name in ((5, "path"), (6, "variable"), (7, "option"))
    ]
    monkeypatch.setenv("PATH", str(places[0].parent), prepend=":")
    assert find_quarto().version == "1.5.0"
    monkeypatch.setenv("QUARTO_PATH", str(places[1]))
    assert find_quarto().version == "1.6.0"
    found = find_quarto(str(places[2]))
    assert (found.version, found.path) == ("1.7.0", places[2])


@pytest.mark.parametrize("inside", ["", "bin"])
def test_a_folder_that_holds_it(tmp_path: Path, inside: str):
    launcher = make_standin(tmp_path / "opt quarto 程序" / inside)
    assert find_quarto(str(tmp_path / "opt quarto 程序")).path == launcher


def test_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _told().startswith(
        "--engine quarto: there is no Quarto on PATH, and neither --quarto nor QUARTO_PATH names one"
    )


@pytest.mark.parametrize("version", ["1.4.999", "1.4.557", "0.9.80"])
def test_too_old(standin: Standin, version: str):
    assert f"is Quarto {version}; 1.5 or newer is needed" in _told(str(standin(version=version)))


@pytest.mark.parametrize("version", ["1.5", "1.5.57", "1.10.0", "2.0.1", "1.9.38-dev"])
def test_new_enough(standin: Standin, version: str):
    assert find_quarto(str(standin(version=version))).version == version


def test_a_file_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert "--quarto: found" in _told(str(tmp_path / "nowhere"))
    monkeypatch.setenv("QUARTO_PATH", "/nowhere/quarto")
    assert _told().startswith("QUARTO_PATH: found '/nowhere/quarto': there is no such file")


def test_a_folder_without_it(tmp_path: Path):
    assert "the folder holds no quarto" in _told(str(tmp_path))


def test_not_executable(standin: Standin):
    launcher = standin()
    launcher.chmod(0o644)
    assert "the file may not be executed" in _told(str(launcher))


def test_not_a_program(tmp_path: Path):
    file = tmp_path / "quarto"
    file.write_bytes(b"\x7fELF\x00 no program")
    file.chmod(0o755)
    assert "cannot be run: " in _told(str(file))


@pytest.mark.parametrize(("version", "code"), [("QUARTO: command failed", 0), ("1.9.38", 1), ("", 0)])
def test_no_answer_as_quarto_gives_it(standin: Standin, version: str, code: int):
    assert "it does not answer as Quarto does" in _told(str(standin(version=version, **{"version-code": code})))


def test_no_answer_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "quarto"
    pids = tmp_path / "pids"
    file.write_text(f'#!/bin/sh\nsleep 600 &\necho $$ $! > "{pids}"\nwait\n', encoding="utf-8")
    file.chmod(0o755)
    monkeypatch.setattr(finding, "_ANSWER", 2.0)
    assert "does not say its version within" in _told(str(file))
    assert gone(pids), "the launcher's child goes with it"


def test_it_is_asked_in_a_clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "quarto"
    file.write_text('#!/bin/sh\necho "1.9.${QUARTO_SHARE_PATH:-38}"\n', encoding="utf-8")
    file.chmod(0o755)
    monkeypatch.setenv("QUARTO_SHARE_PATH", "0")
    assert find_quarto(str(file)).version == "1.9.38"


def test_a_system_without_process_groups(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(os, "killpg")
    with pytest.raises(InputError) as error:
        find_quarto()
    assert [(problem.column, problem.value, problem.fix) for problem in error.value.problems] == [
        (None, "quarto", "use the builtin engine: npl-report build")
    ]
