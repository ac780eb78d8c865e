"""A stand-in for Quarto's program, an edition built with it, and the real one where there is one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from quartos import Standin, has_quarto, make_standin, real_quarto
from running import EDITION, run_command


@pytest.fixture
def standin(tmp_path: Path) -> Standin:
    """Makes launchers in folders of the test."""
    return lambda mode="render", **settings: make_standin(tmp_path / f"quarto-{mode}", mode, **settings)


@pytest.fixture(autouse=True)
def _no_quarto_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests choose their Quarto themselves."""
    for name in ("QUARTO_PATH", "QUARTO_PROFILE", "NPL_REPORT_EDITION", "NPL_REPORT_QUARTO_SECONDS"):
        monkeypatch.delenv(name, raising=False)


def _built_with(tmp_path_factory: pytest.TempPathFactory, built: Path, name: str, launcher: Callable[[Path], str]) -> Path:
    """The folder of edition 2020-03 with pages of a Quarto, built once from a copy of ``built`` for all workers."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    place = shared / name
    with FileLock(shared / f"{name}.lock"):
        if not place.is_dir():
            shutil.copytree(built.parents[1], place)
            ran = run_command("build", "--edition", EDITION, "--jobs", "2", "--engine", "quarto", "--quarto", launcher(shared / f"{name}-quarto"), cwd=place, QUARTO_SHARE_PATH="/nowhere")
            (place / "stderr.txt").write_text(ran.err, encoding="utf-8")
            if ran.code:
                shutil.rmtree(place / "build" / EDITION)  # the builtin engine's
    folder = place / "build" / EDITION
    if not folder.is_dir():
        pytest.fail(f"the edition cannot be built:\n{(place / 'stderr.txt').read_text(encoding='utf-8')}", pytrace=False)
    return folder


@pytest.fixture(scope="session", params=["standin", "real"] if has_quarto() else ["standin"])
def other_built(request: pytest.FixtureRequest, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Edition 2020-03 of the engine quarto, with its PDFs: by the stand-in everywhere, by the real Quarto where it is found."""
    if request.param == "real":
        path = real_quarto()
        return _built_with(tmp_path_factory, built, "built-by-quarto", lambda _: path)
    return _built_with(tmp_path_factory, built, "built-by-standin", lambda folder: str(make_standin(folder)))


@pytest.fixture(scope="session")
def prepared(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the pages of edition 2020-03 for Quarto in it. Tests only read it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    place = shared / "prepared"
    with FileLock(shared / "prepared.lock"):
        if not place.is_dir():
            shutil.copytree(built.parents[1], place)
            ran = run_command("prepare", "--edition", EDITION, "--jobs", "2", cwd=place)
            (place / "told.txt").write_text(ran.out + ran.err, encoding="utf-8")
    if not (place / "zh" / "index.qmd").is_file():
        pytest.fail(f"the pages cannot be prepared:\n{(place / 'told.txt').read_text(encoding='utf-8')}", pytrace=False)
    return place
