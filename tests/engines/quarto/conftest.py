"""A stand-in for Quarto's program, an edition built with it, and the real one where there is one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from quartos import Both, Standin, has_quarto, make_standin, real_quarto

from tests.helpers.running import EDITION, Ran, made_once, run_command


@pytest.fixture
def standin(tmp_path: Path) -> Standin:
    """Makes launchers in folders of the test."""
    return lambda mode="render", **settings: make_standin(tmp_path / f"quarto-{mode}", mode, **settings)


@pytest.fixture(autouse=True)
def _no_quarto_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests choose their Quarto themselves."""
    for name in ("QUARTO_PATH", "QUARTO_PROFILE", "NPL_REPORT_EDITION", "NPL_REPORT_QUARTO_SECONDS"):
        monkeypatch.delenv(name, raising=False)


whole = pytest.mark.whole
STANDIN = [pytest.param(("tiny", "standin")), pytest.param(("sample", "standin"), marks=whole)]
REAL = (
    [pytest.param(("tiny", "real"), marks=whole), pytest.param(("sample", "real"), marks=whole)] if has_quarto() else []
)


@pytest.fixture(scope="session", params=STANDIN + REAL, ids="-".join)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Edition 2020-03 of either engine, with its PDFs, of the tiny project and of the sample.

    By the stand-in everywhere, by the real Quarto where it is found.
    """
    size, program = request.param
    builtin = _builtin(request, size)

    def make(place: Path) -> list[Ran]:
        shutil.copytree(builtin.parents[1], place)
        launcher = real_quarto() if program == "real" else str(make_standin(place.with_name(f"{place.name}-quarto")))
        ran = run_command(
            "build",
            "--edition",
            EDITION,
            "--jobs",
            "2",
            "--engine",
            "quarto",
            "--quarto",
            launcher,
            cwd=place,
            QUARTO_SHARE_PATH="/nowhere",
        )
        if ran.code:
            shutil.rmtree(place / "build" / EDITION)  # the builtin engine's
        return [ran]

    return Both(
        builtin, made_once(tmp_path_factory, f"{size}-by-{program}", make, f"build/{EDITION}") / "build" / EDITION
    )


@pytest.fixture(scope="session", params=["tiny", pytest.param("sample", marks=whole)])
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the pages of edition 2020-03 for Quarto in it, and its build. Tests only read it."""
    builtin = _builtin(request, request.param)

    def make(place: Path) -> list[Ran]:
        shutil.copytree(builtin.parents[1], place)
        return [run_command("prepare", "--edition", EDITION, "--jobs", "1", cwd=place)]

    return made_once(tmp_path_factory, f"{request.param}-prepared", make, "zh", "en")


def _builtin(request: pytest.FixtureRequest, size: str) -> Path:
    """The edition of the builtin engine."""
    return Path(request.getfixturevalue("tiny_built" if size == "tiny" else "built"))
