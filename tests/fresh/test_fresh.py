"""What ``make fresh`` reads from this machine's settings, and how it compares what was built.

And what it says where it cannot work.
"""

from __future__ import annotations

import configparser
import contextlib
import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fresh import __main__ as fresh
from tests.fresh.compare import MANIFEST, SUMS, differences
from tests.fresh.host import NotHereError, apt_settings, mirrors, pip_settings
from tests.fresh.tree import PACKAGES, Cache, TreeError, enter
from tests.helpers.running import ROOT

TARGETS = """\
http://mirror.example/debian/ bookworm main
http://mirror.example/debian/ bookworm contrib
http://mirror.example/debian/ bookworm-updates main
http://secure.example/debian-security/ bookworm-security main
https://other.example/chrome/ stable main
"""

PIP = """\
:env:.cert='/etc/ours.pem'
global.cert='/etc/theirs.pem'
global.index-url='https://index.example/simple'
global.extra-index-url='file:///srv/my%20index/simple https://more.example/simple'
global.find-links='/srv/wheels'
install.no-compile='true'
"""


def test_the_mirror_is_that_of_this_release():
    assert mirrors(TARGETS, "bookworm") == ("http://mirror.example/debian", "http://secure.example/debian-security")
    assert mirrors("http://mirror.example/debian bookworm main\n", "bookworm") == ("http://mirror.example/debian", "")


@pytest.mark.parametrize(
    ("targets", "codename"),
    [
        (TARGETS, "trixie"),
        ("", ""),
        ("cdrom://disk/ bookworm main\n", "bookworm"),
        ("http://mirror.example/ bookworm contrib\n", "bookworm"),
    ],
)
def test_without_a_mirror_of_this_release(targets: str, codename: str):
    with pytest.raises(NotHereError, match="apt's settings name no mirror of"):
        mirrors(targets, codename)


def test_apt_of_a_tree_fetches_as_here():
    dump = (
        'APT "";\nAcquire::http::Proxy "http://proxy.example:3128";\nAcquire::Check-Valid-Until "false";\n'
        'Acquire::Languages "";\nDir "/";\n'
    )
    assert (
        apt_settings(dump) == 'Acquire::http::Proxy "http://proxy.example:3128";\nAcquire::Check-Valid-Until "false";\n'
    )


def test_pip_of_a_tree_is_set_as_here():
    """What the environment says goes before the files, spaces are lists, and what lies on disk is named.

    Of an index the folder above, where its files are.
    """
    text, paths = pip_settings(PIP)
    read = configparser.RawConfigParser()
    read.read_string(text)
    assert dict(read["global"]) == {
        "cert": "/etc/ours.pem",
        "index-url": "https://index.example/simple",
        "extra-index-url": "file:///srv/my%20index/simple\nhttps://more.example/simple",
        "find-links": "/srv/wheels",
    }
    assert dict(read["install"]) == {"no-compile": "true"}
    assert set(paths) == {Path("/etc/ours.pem"), Path("/etc/theirs.pem"), Path("/srv/my index"), Path("/srv/wheels")}
    assert pip_settings("") == ("[global]\n\n", ())


def edition(
    folder: Path,
    *,
    page: bytes = b"<p>31%</p>",
    note: bytes = b"%PDF-",
    library: str = "1",
    pango: str = "1.50",
    extra: str = "",
) -> Path:
    """As much of a built edition as is compared."""
    folder.mkdir()
    files = {"zh/index.html": page, "zh/note.pdf": note} | ({extra: b""} if extra else {})
    outputs = {name: f"hash of {data.decode()}" for name, data in files.items()}
    environment = {
        "libraries": {"numpy": library},
        "system": {"Python": library, "Pango": pango, "HarfBuzz": "8", "HarfBuzz-Subset": "present", "FreeType": "2"},
    }
    manifest = json.dumps(
        {"environment": environment, "fingerprint": library, "edition": "2020-03", "outputs": outputs}
    ).encode()
    sums = "".join(
        f"{value.replace(' ', '')}  {name}\n" for name, value in (outputs | {MANIFEST: library}).items()
    ).encode()
    for name, data in (files | {MANIFEST: manifest, SUMS: sums}).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_the_same_on_another_environment(tmp_path: Path):
    """Where Pango is another, so may the note be."""
    first = edition(tmp_path / "a")
    assert differences(first, edition(tmp_path / "b", library="2")) == []
    assert differences(first, edition(tmp_path / "c", library="2", pango="1.56", note=b"%PDF-2")) == []


def test_what_differs_is_named(tmp_path: Path):
    first = edition(tmp_path / "a")
    assert differences(first, edition(tmp_path / "b", note=b"%PDF-2")) == ["zh/note.pdf"]
    assert differences(first, edition(tmp_path / "c", page=b"<p>32%</p>")) == ["zh/index.html"]
    assert differences(first, edition(tmp_path / "d", extra="zh/more.html")) == ["zh/more.html is only in one of them"]
    other = edition(tmp_path / "e")
    for name in (MANIFEST, SUMS):
        (other / name).write_bytes(
            (other / name).read_bytes().replace(b"index", b"other").replace(b"2020-03", b"2020-04")
        )
    lists = [
        "manifest.json: edition",
        *(f"{name}: zh/{page}.html" for name in (MANIFEST, SUMS) for page in ("index", "other")),
    ]
    assert differences(first, other) == lists


def test_the_comparison_as_a_program(tmp_path: Path):
    folders = [edition(tmp_path / "debian-12"), edition(tmp_path / "debian-13", page=b"<p>32%</p>")]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fresh.compare", *map(str, folders)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == "debian-12 and debian-13: not the same: 1"
    same = subprocess.run(
        [sys.executable, "-m", "tests.fresh.compare", str(folders[0]), str(folders[0])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (same.returncode, same.stdout) == (0, "debian-12 and debian-12: the same\n")


def told(capsys: pytest.CaptureFixture[str]) -> str:
    """What a machine is told that cannot do it: one line, and exit status 1."""
    assert fresh.main(["--ready"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("fresh machines cannot be made here: ")
    assert out.count("\n") == 1
    return out


def test_where_it_cannot_be_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Without root, without debootstrap, in a container without privileges, without apt, without network.

    One line each.
    """
    monkeypatch.setattr(fresh.signal, "signal", lambda *_: None)
    monkeypatch.setattr(fresh.os, "geteuid", lambda: 1000)
    assert "only root may" in told(capsys)
    monkeypatch.setattr(fresh.os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "debootstrap is not installed: apt-get install debootstrap" in told(capsys)
    for name in ("debootstrap", "setpriv", "git", "unshare"):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {int(name == 'unshare')}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    assert "no mounts of its own" in told(capsys)
    (tmp_path / "unshare").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "git").write_text("#!/bin/sh\nexit 128\n", encoding="utf-8")
    assert "no clone of the repository" in told(capsys)
    (tmp_path / "git").write_text("#!/bin/sh\n", encoding="utf-8")
    with monkeypatch.context() as full:
        full.setattr(fresh, "ROOM", 1 << 60)
        assert "GB are free" in told(capsys)
    assert "apt-get is not installed" in told(capsys)
    (tmp_path / "apt-get").write_text("#!/bin/sh\necho http://127.0.0.1:1/debian/ bookworm main\n", encoding="utf-8")
    (tmp_path / "apt-config").write_text("#!/bin/sh\n", encoding="utf-8")
    for name in ("apt-get", "apt-config"):
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: {"VERSION_CODENAME": "bookworm"})
    assert "the package mirror does not answer, or does not have bookworm" in told(capsys)


def test_wrong_usage(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        fresh.main(["debian-11"])
    assert stopped.value.code == 2
    assert "there is no machine debian-11; there are debian-12, debian-13, debian-12-desktop" in capsys.readouterr().err


def test_a_container_gets_what_a_tree_has():
    assert f"--no-install-recommends {' '.join(PACKAGES)}\n" in (ROOT / "tests" / "fresh" / "machine.sh").read_text(
        encoding="utf-8"
    )


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="mounts are root's")
def test_whatever_ends_a_run_leaves_no_mount_and_no_process(tmp_path: Path):
    place, log = tmp_path / "tree", tmp_path / "log"
    place.mkdir()
    unlike = f"61.{os.getpid()}"
    script = f"mount -t tmpfs none {place}; touch {place}/inside; sleep {unlike} & sleep {unlike}"
    with pytest.raises(TreeError, match="took longer than 1 seconds"):
        enter(["/bin/sh", "-c", script], log, 1)
    left = [
        path for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists() and unlike.encode() in path.read_bytes()
    ]
    assert (left, list(place.iterdir())) == ([], [])
    assert str(place) not in Path("/proc/self/mounts").read_text(encoding="utf-8")
    with pytest.raises(TreeError, match="exit status 3"):
        enter(["/bin/sh", "-c", "echo what is wrong; exit 3"], log, 10)
    assert log.read_text(encoding="utf-8").endswith("what is wrong\n")


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="users are changed by root")
def test_a_killed_run_leaves_no_process_of_another_user(tmp_path: Path):
    unlike = f"62.{os.getpid()}"
    program = f"""
        from pathlib import Path
        from tests.fresh.tree import enter
        command = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "sleep", "{unlike}"]
        enter(command, Path("{tmp_path}/log"), 60)
    """
    run = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT)
    command = f"sleep\0{unlike}\0".encode()
    assert waited(lambda: command in running()), "it does not begin"
    run.kill()
    run.wait()
    assert waited(lambda: command not in running())


def running() -> set[bytes]:
    """The command lines of all processes."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.add(path.read_bytes())
    return found


def waited(happens: Callable[[], bool]) -> bool:
    """Whether it happens within ten seconds."""
    until = time.monotonic() + 10
    while not happens() and time.monotonic() < until:
        time.sleep(0.05)
    return happens()


def test_trees_do_not_outlive_a_run(tmp_path: Path):
    """Neither those of this run, nor what a killed one left; and there is one run at a time."""
    (tmp_path / "trees" / "left").mkdir(parents=True)
    cache = Cache(tmp_path)

    def run() -> None:
        with cache.alone(), cache.place("debian-12") as place:
            assert [path.name for path in place.parent.iterdir()] == ["debian-12"]
            with pytest.raises(NotHereError, match="another run is under way"):
                Cache(tmp_path).alone().__enter__()
            (place / "etc").mkdir()
            raise TreeError

    with pytest.raises(TreeError):
        run()
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_a_stop_waits_until_trees_are_removed(tmp_path: Path):
    """It is not forgotten either."""
    program = f"""
        import os, signal, subprocess
        from pathlib import Path
        from tests.fresh.tree import Cache
        signal.signal(signal.SIGINT, signal.default_int_handler)  # it may have been ignored by what started the tests
        cache = Cache(Path({str(tmp_path)!r}))
        with cache.alone():
            command = f"kill -INT {{os.getpid()}}; sleep 0.2; touch {tmp_path}/done"
            cache._removals.append(subprocess.Popen(["sh", "-c", command]))
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "KeyboardInterrupt" in ran.stderr
    assert (tmp_path / "done").exists()


def test_the_base_of_other_packages_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    cache = Cache(tmp_path)
    before = cache.base("bookworm")
    monkeypatch.setattr("tests.fresh.tree.PACKAGES", ("make",))
    assert cache.base("bookworm") != before
