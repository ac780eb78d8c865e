"""A project that mails a small published edition to a list."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from delivering import LIST, environment

from tests.helpers.mailing import FOLDER, fake_project
from tests.helpers.running import Command, Ran


@pytest.fixture
def sender(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an edition and a list, and no pause between attempts."""
    monkeypatch.setattr("npl_report.delivery.delivery.PAUSES", (0.0, 0.0))
    for name in [name for name in os.environ if name.startswith("NPL_SMTP_")]:
        monkeypatch.delenv(name)
    project = fake_project(tmp_path / "project")
    (project / "investors.csv").write_text(LIST, encoding="utf-8")
    return project


@pytest.fixture
def distribute(npl_report: Command, sender: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs the command in this process against a server on a port."""

    def run(port: int, *arguments: str, **settings: str) -> Ran:
        for name, value in environment(port, **settings).items():
            monkeypatch.setenv(name, value)
        return npl_report("distribute", FOLDER, "--to", "investors.csv", *arguments, cwd=sender)

    return run
