"""Bare Debian trees: made by debootstrap, kept as a tarball, laid out for one run, entered in namespaces of their own, removed.

All mounts are made inside a mount namespace that ends with its processes, so that whatever ends a run leaves none, and removing a tree can
never reach what was mounted in it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fresh.host import BUNDLE, Host

PACKAGES = ("python3", "python3-venv", "make", "git", "ca-certificates")
"""What the README asks for, and git and certificates to get the repository. machine.sh installs the same in a container."""
USER = 1000
_KEPT = 30 * 24 * 3600
"""Seconds that a base is kept: then security updates have changed it."""
_NAMESPACES = ("setpriv", "--pdeathsig", "KILL", "--", "unshare", "--mount", "--pid", "--fork", "--kill-child")
"""The kernel ends everything inside when this process ends, in whatever way."""
_BASE = 1200
_PREPARED = 600
_RUN = 2400
"""Seconds that making a base, preparing a tree, and a run may take at most."""


class TreeError(Exception):
    """A step in a tree failed; the text names the step and the log."""


@dataclass(frozen=True)
class Kind:
    """One kind of machine. Its ``steps`` are those of machine.sh.

    ``installed`` are packages that are there beforehand; an ``ordinary`` user may install nothing; ``later`` is a package that is installed
    after the steps, to see the edition built again with it.
    """

    name: str
    suite: str
    installed: tuple[str, ...] = ()
    ordinary: bool = False
    steps: tuple[str, ...] = ("report",)
    later: str = ""

    @property
    def home(self) -> Path:
        """The user's home inside the tree."""
        return Path("/home/user" if self.ordinary else "/root")


@dataclass(frozen=True)
class Cache:
    """What is kept between runs, below one folder."""

    folder: Path

    def base(self, suite: str) -> Path:
        """The tarball of a bare tree with these packages."""
        return self.folder / f"{suite}-{hashlib.sha256(' '.join(PACKAGES).encode()).hexdigest()[:8]}.tar.gz"

    def make(self, *names: str) -> Path:
        """A folder below it, made if need be."""
        place = self.folder.joinpath(*names)
        place.mkdir(parents=True, exist_ok=True)
        return place


def make_base(suite: str, host: Host, cache: Cache, log: Path) -> None:
    """Keep a bare tree of the suite as a tarball, unless there is one that is not old."""
    kept = cache.base(suite)
    if kept.exists() and time.time() - kept.stat().st_mtime < _KEPT:
        return
    with _folder(cache.make("trees") / f"base-{suite}") as place:
        part = kept.with_suffix(".part")
        bootstrap = ["debootstrap", "--force-check-gpg", "--variant=minbase", f"--include={','.join(PACKAGES)}", suite, str(place), host.mirror]
        leftovers = ["--exclude=./var/cache/apt/archives/*.deb", "--exclude=./var/lib/apt/lists/*_*"]
        pack = ["tar", "--create", "--one-file-system", *leftovers, "--use-compress-program=gzip -1", f"--file={part}", f"--directory={place}", "."]
        script = ["set -eu", f"mount -t tmpfs -o size=2g,mode=755 none {shlex.quote(str(place))}", shlex.join(bootstrap), shlex.join(pack)]
        enter(["/bin/sh", "-c", "\n".join(script)], log, _BASE, host.environment)  # in memory: dpkg waits for the disk after every file
        part.rename(kept)


@contextlib.contextmanager
def laid_out(kind: Kind, host: Host, cache: Cache, repository: Path, log: Path) -> Iterator[Path]:
    """A tree of this kind with this machine's settings and a clone of the repository as it is committed; removed afterwards, whatever happens."""
    with _folder(cache.make("trees") / kind.name) as tree:
        enter(["tar", "--extract", f"--file={cache.base(kind.suite)}", f"--directory={tree}"], log, _PREPARED)
        settings = {
            "apt/sources.list": host.sources(kind.suite),
            "apt/apt.conf.d/90host": host.apt,
            "dpkg/dpkg.cfg.d/90fresh": "force-unsafe-io\n",  # nobody minds if the tree is lost with the power
            "pip.conf": host.pip,
        }
        for path, text in settings.items():
            (tree / "etc" / path).write_text(text, encoding="utf-8")
        for path in (Path("/etc/resolv.conf"), BUNDLE):
            if path.exists():
                shutil.copyfile(path, tree / path.relative_to("/"))
        if kind.installed:
            run_in(tree, kind, host, cache, apt_install(*kind.installed), log, _PREPARED, root=True)
        if kind.ordinary:
            run_in(tree, kind, host, cache, f"useradd --uid {USER} --create-home user", log, _PREPARED, root=True)
        clone = tree / kind.home.relative_to("/") / "npl_report"
        enter(["git", "clone", "--quiet", "--no-hardlinks", str(repository), str(clone)], log, _PREPARED)
        if kind.ordinary:
            enter(["chown", "--recursive", f"{USER}:{USER}", str(clone)], log, _PREPARED)
        yield tree


def apt_install(*packages: str) -> str:
    """The shell command that installs packages in a tree."""
    return f"apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends {shlex.join(packages)}"


def run_in(tree: Path, kind: Kind, host: Host, cache: Cache, command: str, log: Path, limit: int = _RUN, *, root: bool = False) -> None:
    """Run a shell command inside the tree, as its user or as root."""
    ordinary = kind.ordinary and not root
    home = kind.home if ordinary else Path("/root")
    pip = cache.make("pip", "user" if ordinary else "root")  # pip uses none that is another's
    if ordinary:
        os.chown(pip, USER, USER)
    bound = {cache.make("apt", kind.suite): Path("/var/cache/apt/archives"), pip: home / ".cache" / "pip"}
    mounts = [f"mount -t proc proc {tree}/proc", *(f"mount --rbind {name} {tree}{name}" for name in ("/dev", "/sys"))]
    for source, place in [*bound.items(), *((path, path) for path in host.paths)]:
        inside = tree / place.relative_to("/")
        if source.is_dir():
            mounts += [shlex.join(["mkdir", "-p", str(inside)]), shlex.join(["mount", "--bind", str(source), str(inside)])]
        else:
            inside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, inside)
    if ordinary:
        mounts.append(f"chown {USER}:{USER} {tree}{home}/.cache")
    variables = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(home)} | host.environment
    words = ["chroot", *([f"--userspec={USER}:{USER}"] if ordinary else []), str(tree), "/usr/bin/env", "-i", *(f"{name}={value}" for name, value in variables.items())]
    script = "\n".join(["set -eu", *mounts, f"exec {shlex.join([*words, '/bin/sh', '-c', f'cd {home} && {command}'])}"])
    enter(["/bin/sh", "-c", script], log, limit)


def enter(command: Sequence[str], log: Path, limit: int, environment: dict[str, str] | None = None) -> None:
    """Run a command in namespaces of its own, its output in the log; TreeError if it fails or takes too long. It ends with this process."""
    with log.open("ab") as out:
        out.write(f"$ {shlex.join(command)}\n".encode())
        out.flush()
        variables = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"} | (environment or {})
        process = subprocess.Popen([*_NAMESPACES, *command], stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=variables, start_new_session=True)
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            raise TreeError(f"it took longer than {limit} seconds; see {log}") from None
        finally:
            _end(process)
    if code:
        raise TreeError(f"exit status {code}; see {log}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what still runs, and return when all of it is gone: the first process of a namespace is, when all others are."""
    if process.poll() is not None:
        return
    try:
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split():
            os.kill(int(child), signal.SIGKILL)
        process.wait(10)
    except (OSError, subprocess.TimeoutExpired):
        process.kill()
        process.wait()


@contextlib.contextmanager
def _folder(place: Path) -> Iterator[Path]:
    """An empty folder, removed afterwards."""
    remove(place)
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        impatient = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        remove(place)
        for number, before in impatient.items():
            signal.signal(number, before)


def remove(place: Path) -> None:
    """Remove a tree; in a session of its own, so that Control-C does not reach it."""
    subprocess.run(["rm", "--recursive", "--force", "--one-file-system", str(place)], check=True, start_new_session=True)
