"""A project whose pages are a stand-in, and what tests of ``site/`` do with it."""

from __future__ import annotations

from pathlib import Path

from npl_report.build.job import Options
from npl_report.load.project import Project
from npl_report.publish.publishing import publish
from npl_report.publish.verify import verify


def quiet(_: str) -> None:
    """Progress that nobody reads."""


def put(project: Project, edition: str, *, revision: bool = False) -> Path:
    """Publish; the edition's folder."""
    return publish(project, Options(edition), quiet, revision=revision).folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file by its path, without the lock."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def check(project: Project) -> dict[str, int]:
    """``verify`` without a rebuild."""
    return verify(project, (), quiet, rebuild=False, jobs=1)
