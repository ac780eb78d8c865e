"""``.ci/run``, with stand-ins for make, Python and the system's programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.ci.programs import called, standin
from tests.helpers.running import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """As much of the repository as ``.ci/run`` touches; ``bin`` is all that is on PATH beside the shell's own."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    (tmp_path / ".venv").mkdir()
    (tmp_path / "bin").mkdir()
    for name in ("sh", "dirname", "env"):
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    standin(tmp_path / "bin", "make")
    standin(tmp_path / "bin", "id", line="echo 1000")
    standin(tmp_path / ".venv" / "bin", "python")
    return tmp_path


def run(clone: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [clone / ".ci" / "run", *words],
        cwd="/",
        env={"PATH": str(clone / "bin"), "CI": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def made(clone: Path) -> list[str]:
    return [line for line in called(clone / "bin") if line.startswith(("make", "apt-get"))]


@pytest.mark.parametrize(("words", "tests"), [((), "test"), (("all",), "test-all")])
def test_the_tests_then_fresh_machines(clone: Path, words: tuple[str, ...], tests: str):
    ran = run(clone, *words)
    assert (ran.returncode, ran.stderr, made(clone)) == (0, "", [f"make {tests}", "make fresh"])
    assert called(clone / ".venv" / "bin") == ["python -m tests.fresh --ready"]


def test_what_is_left_out_is_said(clone: Path):
    standin(clone / ".venv" / "bin", "python", status=1, line="echo fresh machines cannot be made here: only root may")
    ran = run(clone, "all")
    assert (ran.returncode, made(clone)) == (0, ["make test-all"])
    assert ran.stdout.endswith("== make fresh\nfresh machines cannot be made here: only root may\n")


@pytest.mark.parametrize("fails", ["test-all", "fresh"])
def test_a_failure_is_one(clone: Path, fails: str):
    standin(clone / "bin", "make", line=f'[ "$1" != {fails} ] || exit 2')
    assert run(clone, "all").returncode == 2
    assert made(clone)[-1] == f"make {fails}"


@pytest.mark.parametrize("status", [0, 100])
def test_root_gets_debootstrap(clone: Path, status: int):
    """Where it cannot be installed, the tests run all the same."""
    standin(clone / "bin", "id", line="echo 0")
    standin(clone / "bin", "apt-get", status=status)
    assert run(clone, "all").returncode == 0
    update = ["apt-get update -qq"]
    install = ["apt-get install -y -qq --no-install-recommends debootstrap"] if status == 0 else []
    assert made(clone) == [*update, *install, "make test-all", "make fresh"]
    standin(clone / "bin", "debootstrap")
    os.truncate(clone / "bin" / "called", 0)
    assert run(clone, "all").returncode == 0
    assert made(clone) == ["make test-all", "make fresh"]
