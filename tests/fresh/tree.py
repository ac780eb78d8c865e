"""Bare Debian trees: made by debootstrap, kept as a tarball, laid out for one run, entered in namespaces, removed.

All mounts are made inside a mount namespace that ends with its processes, so that whatever ends a run leaves none,
and removing a tree can never reach what was mounted in it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fresh.host import BUNDLE, Host, NotHereError

PACKAGES = ("python3", "python3-venv", "make", "git", "ca-certificates")
"""What the README asks for, and what it takes to get the repository. machine.sh installs the same in a container."""
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
USER, ROOT = 1000, 0
HOME = Path("/home/user")
CLONE = HOME / "npl_report"
"""Where things are in a tree; root's home is the same."""
_KEPT = 30 * 24 * 3600
"""Seconds that a base is kept: then security updates have changed it."""
_NAMESPACES = (
    *("setpriv", "--pdeathsig", "KILL", "--", "unshare", "--mount", "--pid", "--fork", "--kill-child"),
    *("/bin/sh", "-c", '"$@"; exit $?', "sh"),
)
"""The kernel ends everything inside when this process ends, in whatever way.

The first process inside is a shell that stays root's: one that becomes another user's is no longer ended so.
"""
_BASE = 1200
_PREPARED = 600
_RUN = 2400
"""Seconds that making a base, preparing a tree, and a run may take at most."""


class TreeError(Exception):
    """A step in a tree failed; the text names the step and the log."""


@dataclass(frozen=True)
class Kind:
    """One kind of machine. Its ``steps`` are those of machine.sh.

    ``installed`` are packages that are there beforehand; an ``ordinary`` user may install nothing; ``later`` is a
    package that an administrator installs after the steps, to see the edition built again with it.
    """

    name: str
    suite: str
    installed: tuple[str, ...] = ()
    ordinary: bool = False
    steps: tuple[str, ...] = ("report",)
    later: str = ""


@dataclass(frozen=True)
class Cache:
    """What is kept between runs, below one folder, and the trees of this one, which are not."""

    folder: Path
    _removals: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def base(self, suite: str) -> Path:
        """The tarball of a bare tree with these packages."""
        return self.folder / f"{suite}-{hashlib.sha256(' '.join(PACKAGES).encode()).hexdigest()[:8]}.tar.gz"

    def make(self, *names: str) -> Path:
        """A folder below it, made if need be."""
        place = self.folder.joinpath(*names)
        place.mkdir(parents=True, exist_ok=True)
        return place

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """One run at a time.

        What a killed run left is removed first, and what is left of this one last, come what may.
        """
        with (self.make() / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise NotHereError("another run is under way") from None
            self._remove(self.make("trees")).wait()
            try:
                yield
            finally:
                before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
                for removal in [*self._removals, self._remove(self.folder / "trees")]:
                    removal.wait()
                signal.pthread_sigmask(signal.SIG_SETMASK, before)

    @contextlib.contextmanager
    def place(self, name: str) -> Iterator[Path]:
        """An empty folder for a tree; it is removed afterwards, while the next is made."""
        folder = self.make("trees") / name
        folder.mkdir()
        try:
            yield folder
        finally:
            self._removals.append(self._remove(folder))

    @staticmethod
    def _remove(folder: Path) -> subprocess.Popen[bytes]:
        """In a session of its own, so that Control-C does not reach it."""
        return subprocess.Popen(
            ["rm", "--recursive", "--force", "--one-file-system", str(folder)],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def make_base(suite: str, host: Host, cache: Cache, log: Path) -> None:
    """Keep a bare tree of the suite as a tarball, unless there is one that is not old."""
    kept = cache.base(suite)
    if kept.exists() and time.time() - kept.stat().st_mtime < _KEPT:
        return
    with cache.place(f"base-{suite}") as place:  # in memory, because dpkg waits for the disk after every file
        part = kept.with_suffix(".part")
        bootstrap = [
            "debootstrap",
            "--force-check-gpg",
            "--variant=minbase",
            f"--include={','.join(PACKAGES)}",
            suite,
            str(place),
            host.mirror,
        ]
        leftovers = ["--exclude=./var/cache/apt/archives/*.deb", "--exclude=./var/lib/apt/lists/*_*"]
        pack = [
            "tar",
            "--create",
            "--one-file-system",
            *leftovers,
            "--use-compress-program=gzip -1",
            f"--file={part}",
            f"--directory={place}",
            ".",
        ]
        script = [
            "set -eu",
            f"mount -t tmpfs -o size=2g,mode=755 none {shlex.quote(str(place))}",
            shlex.join(bootstrap),
            shlex.join(pack),
        ]
        enter(["/bin/sh", "-c", "\n".join(script)], log, _BASE, host.environment)
        part.rename(kept)


@dataclass(frozen=True)
class Tree:
    """A tree that was laid out, and what it was laid out from."""

    place: Path
    kind: Kind
    host: Host
    cache: Cache
    log: Path

    def inside(self, path: Path) -> Path:
        """A path of the tree as this machine sees it."""
        return self.place / path.relative_to("/")

    def run(self, command: str, limit: int = _RUN, *, root: bool = False) -> None:
        """Run a shell command in it, as its user or as root."""
        user = USER if self.kind.ordinary and not root else ROOT
        owner = f"{user}:{user}"
        variables = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(HOME),
        } | self.host.environment
        environment = ["/usr/bin/env", "-i", *(f"{name}={value}" for name, value in variables.items())]
        chroot = [
            "chroot",
            f"--userspec={owner}",
            str(self.place),
            *environment,
            "/bin/sh",
            "-c",
            f"cd {HOME} && {command}",
        ]
        mine = ["chown", owner, str(self.inside(HOME)), str(self.inside(HOME / ".cache"))]
        script = ["set -eu", *map(shlex.join, [*self._mounts(user), mine]), f"exec {shlex.join(chroot)}"]
        enter(["/bin/sh", "-c", "\n".join(script)], self.log, limit, shown=command)

    def install(self, *packages: str) -> None:
        """Install packages as an administrator would."""
        names = shlex.join(packages)
        self.run(
            "apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y "
            f"--no-install-recommends {names}",
            _PREPARED,
            root=True,
        )

    def _mounts(self, user: int) -> Iterator[list[str]]:
        """Commands for what comes from outside: the kernel's file systems, what is kept, what pip's settings name."""
        yield ["mount", "-t", "proc", "proc", str(self.place / "proc")]
        yield from (["mount", "--rbind", name, f"{self.place}{name}"] for name in ("/dev", "/sys"))
        pip = self.cache.make("pip", str(user))
        os.chown(pip, user, user)  # pip uses no cache that is another's
        kept = {Path("/var/cache/apt/archives"): self.cache.make("apt", self.kind.suite), HOME / ".cache" / "pip": pip}
        for place, source in (kept | {path: path for path in self.host.paths}).items():
            target = self.inside(place)
            yield ["mkdir", "-p", str(target if source.is_dir() else target.parent)]
            yield [*(["mount", "--bind"] if source.is_dir() else ["cp"]), str(source), str(target)]


@contextlib.contextmanager
def laid_out(kind: Kind, host: Host, cache: Cache, repository: Path, log: Path) -> Iterator[Tree]:
    """A tree of this kind with this machine's settings and a clone of the repository; removed whatever happens."""
    with cache.place(kind.name) as place:
        tree = Tree(place, kind, host, cache, log)
        enter(["tar", "--extract", f"--file={cache.base(kind.suite)}", f"--directory={place}"], log, _PREPARED)
        settings = {
            "apt/sources.list": host.sources(kind.suite),
            "apt/apt.conf.d/90host": host.apt,
            "dpkg/dpkg.cfg.d/90fresh": "force-unsafe-io\n",  # nobody minds if the tree is lost with the power
            "pip.conf": host.pip,
        }
        for name, text in settings.items():
            (place / "etc" / name).write_text(text, encoding="utf-8")
        for path in (Path("/etc/resolv.conf"), BUNDLE):
            if path.exists():
                shutil.copyfile(path, tree.inside(path))
        if kind.installed:
            tree.install(*kind.installed)
        if kind.ordinary:
            tree.run(f"useradd --uid {USER} --home-dir {HOME} user", _PREPARED, root=True)
        enter(["git", "clone", "--quiet", "--no-hardlinks", str(repository), str(tree.inside(CLONE))], log, _PREPARED)
        if kind.ordinary:
            enter(["chown", "--recursive", f"{USER}:{USER}", str(tree.inside(CLONE))], log, _PREPARED)
        yield tree


def enter(
    command: Sequence[str],
    log: Path,
    limit: int,
    environment: dict[str, str] | None = None,
    shown: str = "",
) -> None:
    """Run a command in namespaces of its own, which end with this process; TreeError if it fails or takes too long.

    Its output goes to the log, after the command, or what is ``shown`` for it.
    """
    with log.open("ab") as out:
        out.write(f"$ {shown or shlex.join(command)}\n".encode())
        out.flush()
        variables = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"} | (environment or {})
        process = subprocess.Popen(
            [*_NAMESPACES, *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=variables,
            start_new_session=True,
        )
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            raise TreeError(f"it took longer than {limit} seconds; see {log}") from None
        finally:
            _end(process)
    if code:
        raise TreeError(f"exit status {code}; see {log}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what still runs, and wait until all of it is gone: the first process of a namespace goes last."""
    if process.poll() is not None:
        return
    try:
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split():
            os.kill(int(child), signal.SIGKILL)
        process.wait(10)
    except (OSError, subprocess.TimeoutExpired):
        process.kill()
        process.wait()
