"""Building again, a tiny project: what is up to date stays untouched.

What was tampered with, left over or locked is dealt with.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from filelock import FileLock

from npl_report.files.writing import building, standing, write_tree
from npl_report.model import InputError
from tests.helpers.manifests import some_manifest
from tests.helpers.running import EDITION, Command

FILES = {"a.html": b"new", "deep/b.csv": b"1"}


def _state(folder: Path) -> dict[str, tuple[int, int, str]]:
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_mtime_ns,
            path.stat().st_ino,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_unchanged_build_says_so_and_touches_nothing(tiny_rebuilt: Path, npl_report: Command):
    before = _state(tiny_rebuilt)
    pages = sum(path.endswith(".html") for path in before if path.startswith(f"build/{EDITION}/"))
    ran = npl_report("build", "--edition", EDITION, cwd=tiny_rebuilt)
    assert (ran.code, ran.err) == (0, "")
    assert f"build/2020-03 is up to date ({pages} pages); --force builds it again" in ran.out
    assert _state(tiny_rebuilt) == before


def test_unchanged_build_imports_nothing_heavy(tiny_rebuilt: Path):
    program = f"""
        import sys
        sys.argv = ["npl-report", "build", "--edition", "{EDITION}"]
        from npl_report.cli import main
        try:
            main()
        except SystemExit as end:
            assert not end.code
        heavy = {{"pandas", "numpy", "altair", "jinja2", "weasyprint", "pikepdf", "fontTools", "vl_convert"}}
        print(sorted(heavy & set(sys.modules)))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=tiny_rebuilt, capture_output=True, text=True, check=True
    )
    assert "is up to date" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_tampering_makes_the_next_build_build(tiny_rebuilt: Path, npl_report: Command):
    """Without PDFs, to be quick: the first build sets the stage."""
    assert npl_report("build", "--edition", EDITION, "--no-pdf", "--jobs", "1", cwd=tiny_rebuilt).code == 0
    folder = tiny_rebuilt / "build" / "2020-03"
    whole = _contents(folder)
    with (folder / "en" / "index.html").open("a", encoding="utf-8") as file:
        file.write(" ")
    ran = npl_report("build", "--edition", EDITION, "--no-pdf", "--jobs", "1", cwd=tiny_rebuilt)
    assert ran.code == 0
    assert "up to date" not in ran.out
    assert _contents(folder) == whole


@pytest.mark.parametrize("path", ["a.html", "deep/b.csv", "SHA256SUMS", "manifest.json"])
@pytest.mark.parametrize("damage", ["changed", "emptied", "removed"])
def test_no_damage_goes_unseen(tmp_path: Path, path: str, damage: str):
    write_tree(tmp_path / "x", FILES, some_manifest(fingerprint="1"))
    place = tmp_path / "x" / path
    assert standing(tmp_path / "x") is not None
    if damage == "removed":
        place.unlink()
    else:
        place.write_bytes(place.read_bytes() + b" " if damage == "changed" else b"")
    assert standing(tmp_path / "x") is None


@pytest.mark.parametrize("manifest", [b"[]", b"{}", b'{"outputs": []}', b'{"outputs": {"a": 1}}', b"\xff"])
def test_a_foreign_manifest_counts_as_no_build(tmp_path: Path, manifest: bytes):
    (tmp_path / "manifest.json").write_bytes(manifest)
    (tmp_path / "SHA256SUMS").write_bytes(b"")
    assert standing(tmp_path) is None


def test_a_changed_input_or_option_builds_again(tiny_rebuilt: Path, npl_report: Command):
    with (tiny_rebuilt / "templates" / "html" / "assets" / "site.css").open("a", encoding="utf-8") as file:
        file.write("/* wider */\n")
    ran = npl_report("build", "--edition", EDITION, "--no-pdf", "--lang", "en", "--jobs", "1", cwd=tiny_rebuilt)
    folder = tiny_rebuilt / "build" / "2020-03"
    assert "up to date" not in ran.out
    assert not (folder / "zh").exists()
    assert not list(folder.rglob("*.pdf"))
    assert (folder / "assets" / "site.css").read_text(encoding="utf-8").endswith("/* wider */\n")
    assert "note.pdf" not in (folder / "en" / "index.html").read_text(encoding="utf-8")


def test_a_build_killed_before_the_swap_leaves_the_former_one(tiny_rebuilt: Path, npl_report: Command):
    """``.new-`` is half written: it goes; the former edition stands and is built again only if its inputs changed."""
    left = tiny_rebuilt / "build" / ".new-2020-03"
    shutil.copytree(tiny_rebuilt / "build" / "2020-03" / "en", left / "en")
    assert npl_report("build", "--edition", EDITION, "--no-pdf", "--jobs", "1", cwd=tiny_rebuilt).code == 0
    assert sorted(path.name for path in (tiny_rebuilt / "build").iterdir()) == [".cache", ".lock", "2020-03"]


def test_a_build_killed_between_the_two_renames_is_put_right(tiny_rebuilt: Path, npl_report: Command):
    """``.old-`` is the former edition and nothing stands in its place: even a failing build puts it back."""
    folder = tiny_rebuilt / "build" / "2020-03"
    former = _contents(folder)
    folder.rename(tiny_rebuilt / "build" / ".old-2020-03")
    (tiny_rebuilt / "data" / "deals.csv").unlink()
    assert npl_report("build", "--edition", EDITION, cwd=tiny_rebuilt).code == 1
    assert _contents(folder) == former
    assert not (tiny_rebuilt / "build" / ".old-2020-03").exists()


def test_two_builds_at_once(tiny_rebuilt: Path, npl_report: Command):
    before = _contents(tiny_rebuilt / "build" / "2020-03")
    with FileLock(tiny_rebuilt / "build" / ".lock"):
        ran = npl_report("build", "--edition", EDITION, "--force", cwd=tiny_rebuilt)
    assert ran.code == 1
    assert "another build is writing here" in ran.err
    assert "wait until it has ended" in ran.err
    assert _contents(tiny_rebuilt / "build" / "2020-03") == before


def test_two_processes_at_once(tiny_rebuilt: Path, command: Command):
    """The lock is the system's: another process holds it."""
    program = (
        "import sys\nfrom npl_report.files.writing import building\nfrom pathlib import Path\n"
        "with building(Path('build')):\n    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=tiny_rebuilt, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdin
        assert holder.stdout.readline() == "held\n"
        ran = command("build", "--edition", EDITION, "--force", cwd=tiny_rebuilt)
        holder.stdin.close()
    assert ran.code == 1
    assert ran.err.splitlines()[-3:] == [
        "build: another build is writing here",
        "    → wait until it has ended",
        "1 problem; nothing was written",
    ]


def test_a_folder_that_refuses(tiny_project: Path, npl_report: Command, monkeypatch: pytest.MonkeyPatch):
    """As the next test, for root too."""

    def refuse(place: Path, **_: object) -> None:
        raise PermissionError(13, "Permission denied", str(place))

    monkeypatch.setattr(Path, "mkdir", refuse)
    ran = npl_report("build", "--edition", EDITION, "--no-pdf", cwd=tiny_project)
    assert ran.code == 1
    assert ran.err.startswith("build: cannot be read or written: Permission denied\n    → change its permissions")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written(tiny_rebuilt: Path, npl_report: Command):
    folder = tiny_rebuilt / "build"
    folder.chmod(0o555)
    try:
        ran = npl_report("build", "--edition", EDITION, "--force", cwd=tiny_rebuilt)
    finally:
        folder.chmod(0o755)
    assert ran.code == 1
    assert "cannot be read or written" in ran.err


def test_build_is_a_file(tiny_project: Path, npl_report: Command):
    (tiny_project / "build").write_text("in the way", encoding="utf-8")
    ran = npl_report("build", "--edition", EDITION, "--no-pdf", cwd=tiny_project)
    assert ran.code == 1
    assert ran.err.startswith("build: cannot be read or written: File exists")
    assert (tiny_project / "build").read_text(encoding="utf-8") == "in the way"


def test_write_tree_replaces_whole(tmp_path: Path):
    target = tmp_path / "2020-03"
    target.mkdir()
    (target / "old.html").write_bytes(b"old")
    size = write_tree(target, FILES, some_manifest())
    assert set(_contents(target)) == {*FILES, "manifest.json", "SHA256SUMS"}
    assert size == sum(map(len, _contents(target).values()))
    assert standing(target) is not None
    assert list(tmp_path.iterdir()) == [target]


def test_write_tree_that_fails_leaves_the_former_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / "2020-03"
    write_tree(target, {"a.html": b"old"}, some_manifest())
    former = _contents(target)
    write = Path.write_bytes

    def full(place: Path, data: bytes) -> int:
        if place.name == "SHA256SUMS":
            raise OSError(28, "No space left on device", str(place))
        return write(place, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="cannot write: No space left on device"):
        write_tree(target, FILES, some_manifest())
    assert _contents(target) == former
    assert list(tmp_path.iterdir()) == [target]


def test_write_tree_whose_swap_fails_puts_the_former_edition_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / "2020-03"
    write_tree(target, {"a.html": b"old"}, some_manifest())
    former = _contents(target)
    rename = Path.rename

    def refuse(place: Path, to: Path) -> Path:
        if place.name.startswith(".new-"):
            raise OSError(16, "Device or resource busy", str(place))
        return rename(place, to)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(InputError, match="the former build still stands"):
        write_tree(target, FILES, some_manifest())
    assert _contents(target) == former


def test_leftovers_of_other_editions_are_put_right_too(tmp_path: Path):
    (tmp_path / ".old-2019-12").mkdir()
    (tmp_path / ".old-2020-03").mkdir()
    (tmp_path / "2020-03").mkdir()
    (tmp_path / ".new-2020-03").mkdir()
    with building(tmp_path):
        assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["2019-12", "2020-03"]
