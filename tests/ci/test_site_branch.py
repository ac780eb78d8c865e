"""``.ci/site.py`` and ``.ci/changes.py``, which the workflows call.

With a real git and a stand-in for ``npl-report``.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from npl_report.load.project import find_project
from tests.ci.programs import called, program, standin
from tests.helpers.manifests import some_manifest
from tests.helpers.running import copy_project


def git(*arguments: str, cwd: Path) -> str:
    return subprocess.run(["git", *arguments], cwd=cwd, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of a repository that has published nothing."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    git("init", "--quiet", "--bare", "--initial-branch=main", str(tmp_path / "origin.git"), cwd=tmp_path)
    git("clone", "--quiet", str(tmp_path / "origin.git"), "clone", cwd=tmp_path)
    monkeypatch.chdir(tmp_path / "clone")
    return tmp_path / "clone"


def test_the_branch_is_begun_and_continued(clone: Path, monkeypatch: pytest.MonkeyPatch):
    site = program("site")
    monkeypatch.setenv("GITHUB_ACTOR", "someone")
    for tag in ("edition-2020-03", "edition-2021-12"):
        site.main(["open"])
        (clone / "site" / tag).mkdir()
        (clone / "site" / tag / "index.html").write_text(tag, encoding="utf-8")
        (clone / "site" / ".lock").touch()
        site.main(["keep", tag])
        assert not (clone / "site" / ".git").exists(), "readers would get it"
        subprocess.run(["rm", "-r", "site"], check=True)
    assert (
        git("log", "--format=%s %an", "site", cwd=clone.parent / "origin.git")
        == "edition-2021-12 someone\nedition-2020-03 someone\n"
    )
    assert git("ls-tree", "-r", "--name-only", "site", cwd=clone.parent / "origin.git").split() == [
        "edition-2020-03/index.html",
        "edition-2021-12/index.html",
    ]


def test_without_the_server_nothing_is_begun(clone: Path, capfd: pytest.CaptureFixture[str]):
    """A branch that cannot be asked for is not one that is not there.

    A site without its editions must not be published.
    """
    git("remote", "set-url", "origin", str(clone.parent / "gone.git"), cwd=clone)
    with pytest.raises(SystemExit) as stopped:
        program("site").main(["open"])
    assert stopped.value.code not in (0, 2, None)
    assert "gone.git" in capfd.readouterr().err
    assert not (clone / "site").exists()


def test_a_tag_publishes_what_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    site = program("site")
    monkeypatch.setattr(site, "TOOL", str(standin(tmp_path, "npl-report")))
    site.main(["publish", "edition-2021-12"])
    site.main(["publish", "edition-2021-12-r2"])
    assert called(tmp_path) == [
        "npl-report publish 2021-12", "npl-report verify 2021-12 --rebuild", "npl-report verify",
        "npl-report publish 2021-12 --revision", "npl-report verify 2021-12-r2 --rebuild", "npl-report verify",
    ]  # fmt: skip
    standin(tmp_path, "npl-report", status=1)
    with pytest.raises(SystemExit) as stopped:
        site.main(["publish", "edition-2021-12"])
    assert stopped.value.code == 1
    assert called(tmp_path)[6:] == ["npl-report publish 2021-12"], "what failed is not gone on with"
    for tag in ("v1.0", "edition-", "2021-12"):
        with pytest.raises(SystemExit, match="a tag that publishes is edition-EDITION"):
            site.main(["publish", tag])
    assert "$" in capfd.readouterr().out


def test_wrong_usage_of_the_program(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        program("site").main([])
    assert stopped.value.code == 2
    assert "open|publish TAG|keep TAG" in capsys.readouterr().err


def publish_small(project: Path, edition: str, as_of: str) -> None:
    """As much of a published edition as says which it is."""
    folder = project / "site" / edition
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_bytes(some_manifest(edition=edition, as_of=as_of).written())
    ledger = project / "site" / "editions.json"
    listed = json.loads(ledger.read_bytes())["editions"] if ledger.exists() else []
    ledger.write_text(json.dumps({"editions": [*listed, {"folder": edition, "manifest_sha256": ""}]}), encoding="utf-8")


def test_editions_are_ordered_by_date(tmp_path: Path):
    """2019-10 sorts before 2019-9 as text."""
    project = copy_project(tmp_path / "project")
    editions = project / "report" / "editions"
    text = (editions / "2020-03.toml").read_text(encoding="utf-8")
    for path in editions.iterdir():
        path.unlink()
    sides = program("changes").sides
    (editions / "2019-9.toml").write_text(text.replace("as_of = 2020-03-17", "as_of = 2019-09-17"), encoding="utf-8")
    assert sides(find_project(project)) == ("2019-9", "")
    (editions / "2019-10.toml").write_text(text.replace("as_of = 2020-03-17", "as_of = 2019-10-17"), encoding="utf-8")
    assert sides(find_project(project)) == ("2019-10", "2019-9")
    publish_small(project, "2018-12", "2018-12-17")
    assert sides(find_project(project)) == ("2019-10", "2018-12")
    publish_small(project, "2019-10", "2019-10-17")
    publish_small(project, "2019-9", "2019-09-17")
    assert sides(find_project(project)) == ("2019-10", "")


def test_what_changes_is_told_as_markdown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    changes = program("changes")
    project = find_project(copy_project(tmp_path / "project"))
    monkeypatch.setattr(changes, "TOOL", str(standin(tmp_path / "bin", "npl-report", line='echo "$@"')))
    assert (
        changes.changes(project) == "What edition 2021-12 changes against 2020-03:\n\n```\ndiff 2020-03 2021-12\n```\n"
    )
    standin(tmp_path / "bin", "npl-report", status=1, line="echo it cannot be >&2")
    with pytest.raises(SystemExit, match="it cannot be"):
        changes.changes(project)
    publish_small(project.root, "2021-12", "2021-12-31")
    assert "The newest edition, 2021-12, is published or the first of all" in changes.changes(project)
