"""What a build is made by: read from the metadata of the installed distributions and from the system's libraries, so
that an upgrade builds again."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from npl_report.build.building import build
from npl_report.build.job import Options
from npl_report.files import environment as module
from npl_report.files.environment import MISSING, differences, environment, library_versions, own_libraries, pandoc
from npl_report.load.project import Project
from tests.helpers.archiving import quiet
from tests.helpers.running import EDITION

COMPUTING = ("scipy", "statsmodels", "linearmodels", "factor-analyzer", "scikit-learn", "pyarrow")


def test_the_libraries_are_those_that_the_metadata_ask_for():
    found = library_versions()
    own = {
        canonicalize_name(item.name) for item in map(Requirement, requires("npl-report") or ()) if item.marker is None
    }
    assert own_libraries() == own
    assert own <= set(found)
    assert set(COMPUTING) <= set(found)
    assert {"pydyf", "markupsafe", "pillow"} <= set(found)  # what these ask for
    assert "zopfli" in found  # what WeasyPrint asks of fontTools as an extra
    assert not {"pytest", "ruff", "mypy", "npl-report", "playwright"} & set(found)  # extras of the program
    assert MISSING not in found.values()
    assert {name: version(name) for name in found} == found
    assert list(found) == sorted(found)


def absent(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Make distributions as if they were not installed."""
    real = module.distribution

    def distribution(name: str) -> Distribution:
        if name in names:
            raise PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(module, "distribution", distribution)


def test_what_the_program_asks_for_and_is_not_there_is_missing(monkeypatch: pytest.MonkeyPatch):
    absent(monkeypatch, "scipy", "zopfli", "pyarrow")
    found = library_versions()
    assert found["scipy"] == MISSING
    assert "pyarrow" not in found  # an extra's
    assert "zopfli" not in found  # asked for by another, so perhaps for another system


def test_without_metadata_of_its_own_everything_installed_counts(monkeypatch: pytest.MonkeyPatch):
    absent(monkeypatch, "npl-report")
    found = library_versions()
    assert {"scipy", "pytest"} <= set(found)
    assert own_libraries() == set()


def test_the_system_is_told_with_its_libraries():
    from weasyprint.text.ffi import pango

    told = environment()["system"]
    assert told["Python"] == ".".join(map(str, __import__("sys").version_info[:3]))
    assert told["arithmetic"] == "common to the family"
    number = pango.pango_version()
    assert told["Pango"] == f"{number // 10000}.{number // 100 % 100}.{number % 100}"  # as WeasyPrint sees it
    for name in ("HarfBuzz", "FreeType", "Fontconfig", "pandoc"):
        assert re.fullmatch(r"\d+(\.\d+)+", told[name]), name
    assert told["HarfBuzz-Subset"] in ("present", "absent")


def test_the_pandoc_is_that_of_the_lock_whatever_the_path_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # pypandoc itself takes the newest that it finds, which writes other pages
    other = tmp_path / "pandoc"
    other.write_text("#!/bin/sh\necho pandoc 99.0\n", encoding="utf-8")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert pandoc().endswith("pypandoc/files/pandoc")


def test_what_differs_is_named_with_both_versions():
    then = {"libraries": {"numpy": "2.4.6", "scipy": "1.17.1"}, "system": {"Pango": "1.50.12"}}
    now = {"libraries": {"numpy": "2.4.6", "scipy": "1.18.0", "zopfli": "0.4.3"}, "system": {"Pango": "1.56.3"}}
    assert differences(then, now) == [
        "scipy 1.17.1 (here 1.18.0)",
        "zopfli absent (here 0.4.3)",
        "Pango 1.50.12 (here 1.56.3)",
    ]
    assert differences(now, now) == []
    assert differences({}, {"system": {"Pango": "1"}}) == ["Pango absent (here 1)"]  # a manifest of before


@pytest.mark.parametrize(
    ("group", "name"),
    [
        *(("libraries", name) for name in COMPUTING),
        ("system", "Python"),
        ("system", "Pango"),
        ("system", "HarfBuzz-Subset"),
        ("system", "pandoc"),
    ],
)
def test_an_upgrade_builds_again(archive: Project, monkeypatch: pytest.MonkeyPatch, group: str, name: str):
    assert not build(archive, Options(EDITION), quiet).unchanged
    assert build(archive, Options(EDITION), quiet).unchanged
    here: Any = environment()
    monkeypatch.setattr("npl_report.build.building.environment", lambda: here | {group: here[group] | {name: "99.0"}})
    assert not build(archive, Options(EDITION), quiet).unchanged
