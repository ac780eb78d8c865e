"""Publish and build that are stopped, crowded out or misled.

Afterwards the old state stands or the new, each whole, and nothing is lost.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from npl_report.build import assembly as gathering
from npl_report.build.assembly import Gathered
from npl_report.build.building import build
from npl_report.build.job import Options
from npl_report.editions.folder import ledger
from npl_report.files.writing import building, standing
from npl_report.load.project import Project
from npl_report.model import InputError
from npl_report.publish.publishing import mend
from tests.helpers.archiving import check, contents, put, quiet
from tests.helpers.running import EDITION
from tests.helpers.standins import standin, standin_with

_NOBODY = 65534
_REFUSED, _DONE = 3, 0


@pytest.mark.parametrize("place", ["site", "site/2020-03", "site/.lock", "site/.new-2020-03", "site/editions.json"])
def test_nothing_is_written_through_a_planted_link(archive: Project, tmp_path: Path, place: str):
    outside = tmp_path / "outside"
    if place.endswith((".lock", ".json")):
        outside.write_text("{}", encoding="utf-8")
    else:
        outside.mkdir()
    (archive.root / place).parent.mkdir(exist_ok=True)
    (archive.root / place).symlink_to(outside)
    with pytest.raises(InputError):
        put(archive, "2020-03")
    assert outside.read_text(encoding="utf-8") == "{}" if outside.is_file() else list(outside.iterdir()) == []


def test_two_publishes_at_once(archive: Project):
    archive.site.mkdir()
    with FileLock(archive.site / ".lock"), pytest.raises(InputError, match="another build is writing here"):
        put(archive, "2020-03")
    assert put(archive, "2020-03").is_dir()


@pytest.mark.parametrize("operation", range(1, 12))
def test_a_full_disk_leaves_the_site_as_it_was(archive: Project, monkeypatch: pytest.MonkeyPatch, operation: int):
    """Writing fails at one file after the other."""
    put(archive, "2020-03")
    before = contents(archive.site)
    write, done = Path.write_bytes, iter(range(1, 10_000))

    def full(path: Path, data: bytes) -> int:
        if next(done) >= operation:
            raise OSError(28, "No space left on device", str(path))
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left on device"):
        put(archive, "2021-12")
    monkeypatch.undo()
    mend(archive)
    left = contents(archive.site)
    assert left == before or check(archive)["editions"] == 2
    assert {path: data for path, data in left.items() if path.startswith("2020-03/")} == {
        path: data for path, data in before.items() if path.startswith("2020-03/")
    }


def many(mark: bytes) -> Callable[..., Gathered]:
    """A stand-in of fifty more files, all holding ``mark``."""
    return standin_with({f"downloads/{number}.csv": mark for number in range(50)})


def in_child(run: Callable[[], object], *, kill_at: int = 0, user: int = 0) -> int:
    """Run in a forked process, killed before its ``kill_at``-th change of the disk, or as another user.

    Its exit code, ``_REFUSED`` after an InputError.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a fork beside threads, which the child never uses
        child = os.fork()
    if child == 0:
        code = 1
        try:
            if user:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            if kill_at:
                for name in ("write_bytes", "rename", "replace", "mkdir"):
                    setattr(Path, name, _counted(getattr(Path, name), kill_at))
                shutil.rmtree = _counted(shutil.rmtree, kill_at)  # type: ignore[assignment]
            run()
            code = _DONE
        except InputError:
            code = _REFUSED
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


_changes = iter(range(1, sys.maxsize))


def _counted(method: Callable[..., object], kill_at: int) -> Callable[..., object]:
    def run(*given: object, **named: object) -> object:
        if next(_changes) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return method(*given, **named)

    return run


some_or_all = pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.whole)])
"""Killed at each seventh change of the disk, or at every one."""


@some_or_all
def test_publish_killed_at_changes_of_the_disk(archive: Project, monkeypatch: pytest.MonkeyPatch, stride: int):
    """Before the n-th change, until the edition stands; each time on what the last one left."""
    put(archive, "2020-03")
    first = contents(archive.site / "2020-03")
    monkeypatch.setattr(gathering, "gather", many(b"new"))
    killed = 0
    for step in range(1, 1000, stride):
        if in_child(lambda: put(archive, "2021-12"), kill_at=step) == _DONE:
            break
        killed += 1
        mend(archive)
        assert contents(archive.site / "2020-03") == first
        assert set(ledger(archive.site)) in ({"2020-03"}, {"2020-03", "2021-12"})
        assert check(archive)["editions"] == len(ledger(archive.site))
        if "2021-12" in ledger(archive.site):
            break  # it was there whole and is listed now: there is nothing left to publish
    assert killed >= 60 / stride - 1
    assert set(ledger(archive.site)) == {"2020-03", "2021-12"}
    assert check(archive)["editions"] == 2


@some_or_all
def test_build_killed_at_changes_of_the_disk(archive: Project, monkeypatch: pytest.MonkeyPatch, stride: int):
    """The next build, even one that fails, finds the former edition or the new one, whole."""
    target = archive.build / EDITION
    monkeypatch.setattr(gathering, "gather", many(b"old"))
    build(archive, Options(EDITION), quiet)
    monkeypatch.setattr(gathering, "gather", many(b"new"))
    killed, seen = 0, set()
    for step in range(1, 1000, stride):
        if in_child(lambda: build(archive, Options(EDITION, force=True), quiet), kill_at=step) == _DONE:
            break
        killed += 1
        with building(archive.build):
            pass
        assert standing(target) is not None
        seen.add((target / "downloads" / "7.csv").read_bytes())
        assert sorted(path.name for path in archive.build.iterdir()) == [".lock", EDITION]
    assert killed >= 60 / stride - 1
    assert seen == {b"old", b"new"} or (stride > 1 and seen == {b"old"})
    assert (target / "downloads" / "7.csv").read_bytes() == b"new"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="counts the processes in /proc")
def test_a_real_build_killed_at_random_times_leaves_no_process_and_no_half(tiny_rebuilt: Path):
    """Five times, at times drawn with a fixed seed; the former edition stands to the byte."""
    folder = tiny_rebuilt / "build" / EDITION
    former = contents(folder)
    draw = random.Random(7)  # noqa: S311 -- no secret
    for _ in range(5):
        running = subprocess.Popen(
            [sys.executable, "-m", "npl_report", "build", "--force", "--edition", EDITION, "--jobs", "2"],
            cwd=tiny_rebuilt,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(draw.uniform(0.3, 4.0))
        running.kill()
        assert running.wait(30) == -signal.SIGKILL
        for _ in range(100):
            if not processes_in(tiny_rebuilt):
                break
            time.sleep(0.1)
        assert processes_in(tiny_rebuilt) == []
        with building(tiny_rebuilt / "build"):
            pass
        assert contents(folder) == former


def processes_in(folder: Path) -> list[str]:
    """Ids of the processes whose working folder it is."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve() == folder.resolve():
                found.append(process.name)
        except OSError:
            continue
    return found


@pytest.fixture
def mounted(archive: Project) -> Iterator[Project]:
    """The project with a disk of 192 KB as its ``site/``."""
    archive.site.mkdir()
    if (
        os.geteuid()
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=192k", "none", str(archive.site)], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("a small disk cannot be mounted here: needs root and the right to mount")
    yield archive
    subprocess.run(["umount", str(archive.site)], check=True)


def test_a_small_disk_that_is_full(mounted: Project, monkeypatch: pytest.MonkeyPatch):
    """A real one: the second edition does not fit, and the first stands; with less to write it does."""
    monkeypatch.setattr(
        "npl_report.publish.publishing.input_hashes", lambda *_: {}
    )  # recorded inputs alone would fill it
    put(mounted, "2020-03")
    before = contents(mounted.site)
    monkeypatch.setattr(gathering, "gather", many(b"x" * 4000))
    with pytest.raises(InputError, match="No space left on device"):
        put(mounted, "2021-12")
    mend(mounted)
    assert contents(mounted.site) == before
    monkeypatch.setattr(gathering, "gather", standin)
    put(mounted, "2021-12")
    assert check(mounted)["editions"] == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="drops the rights of root to those of nobody")
@pytest.mark.parametrize("published", [(), ("2020-03",)])
def test_a_target_that_may_only_be_read(archive: Project, published: tuple[str, ...]):
    """As a user who may not write: one message, and everything as it was."""
    for edition in published:
        put(archive, edition)
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)
        project = Project(archive.root.rename(Path(scratch) / "project"))
        before = contents(project.root)
        assert in_child(lambda: put(project, "2021-12"), user=_NOBODY) == _REFUSED
        assert contents(project.root) == before


def test_a_clock_set_back_changes_nothing(archive: Project, monkeypatch: pytest.MonkeyPatch):
    """Neither manifest, ledger, recorded inputs, list, feed nor site map tell of the clock.

    Of the pages, ``test_published.py``.
    """
    put(archive, "2020-03")
    put(archive, "2021-12")
    now = contents(archive.site)
    for path in sorted(archive.site.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    monkeypatch.setattr(time, "time", lambda: 86400.0)
    put(archive, "2020-03")
    put(archive, "2021-12")
    assert contents(archive.site) == now


def test_what_half_a_publish_left_goes(archive: Project):
    put(archive, "2020-03")
    half = archive.site / ".new-2021-12"
    half.mkdir()
    (half / "index.html").write_bytes(b"half")
    put(archive, "2021-12")
    assert not half.exists()
    assert check(archive)["editions"] == 2


def test_mending_puts_it_away_too_and_not_under_another_writer(archive: Project):
    put(archive, "2020-03")
    half = archive.site / ".new-2021-12"
    half.mkdir()
    with FileLock(archive.site / ".lock"), pytest.raises(InputError, match="another build is writing here"):
        mend(archive)
    mend(archive)
    assert not half.exists()


def test_mending_nothing_makes_no_site(archive: Project):
    mend(archive)
    assert not archive.site.exists()
