"""``quarto render`` as processes of their own, followed line by line, within a time limit.

They are gone with all their children when it ends, however it ends. Quarto's launcher is a shell script that starts the
program and waits; ending it alone leaves the program running. Each therefore leads a process group.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, NoReturn

from npl_report.engines.quarto.environment import clean_environment
from npl_report.engines.quarto.finding import Quarto
from npl_report.engines.quarto.log import LogParser
from npl_report.engines.quarto.project import OUTPUT
from npl_report.model import InputError, Language, Problem
from npl_report.model.progress import Progress

LIMIT = "NPL_REPORT_QUARTO_SECONDS"
"""Variable that sets the time limit of one render."""
_BASE, _PER_PAGE = 180.0, 10.0
"""Seconds for a render and for each of its pages: twenty times what Quarto takes on two cores."""
_GRACE = 5.0
"""Seconds between the request to end and the end."""
_STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))
"""Signals that ask to end: from the keyboard, from another program, from a terminal that closes."""
_LINE = 1 << 16
_TEMPORARY = "temporary"
_TICK = 0.2


@dataclass
class Render:
    """A render of one language in its folder, and what came of it.

    ``code`` is None as long as it runs; ``late`` if the time limit ended it.
    """

    language: Language
    folder: Path
    pages: int
    limit: float
    log: LogParser = field(init=False)
    code: int | None = None
    late: bool = False

    def __post_init__(self) -> None:
        self.log = LogParser(str(self.folder))


def time_limit(pages: int) -> float:
    """Seconds that a render of so many pages may take."""
    given = os.environ.get(LIMIT)
    if not given:
        return _BASE + _PER_PAGE * pages
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise InputError(
            [
                Problem(
                    LIMIT,
                    value=given,
                    rule="must be a number of seconds above zero",
                    fix=f"write {LIMIT}=900, or leave it out",
                )
            ]
        )
    return seconds


@contextmanager
def private_folders(copies: Mapping[Language, Mapping[str, bytes]]) -> Iterator[dict[Language, Path]]:
    """A folder of its own for each language, with its files, outside the project; gone at the end.

    Beside them is one for Quarto's temporary files.
    """
    with _signals_raise():
        root: Path | None = None
        try:
            try:
                with _deferred():
                    root = Path(tempfile.mkdtemp(prefix="npl-report-quarto-")).resolve()
                _write(root, copies)
            except OSError as error:
                shown = str(root.parent) if root else "TMPDIR"
                fix = "make room in the folder for temporary files, or name another by TMPDIR"
                raise InputError(
                    [Problem(shown, rule=f"cannot hold the private copy for Quarto: {error.strerror}", fix=fix)]
                ) from None
            yield {language: root / language for language in copies}
        finally:
            if root:
                with _uninterrupted():
                    shutil.rmtree(root, ignore_errors=True)


def _write(root: Path, copies: Mapping[Language, Mapping[str, bytes]]) -> None:
    (root / _TEMPORARY).mkdir()
    for language, files in copies.items():
        for path, data in files.items():
            place = root / language / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)


def render(quarto: Quarto, renders: Sequence[Render], at_once: int, progress: Progress) -> None:
    """Run all of them in their ``private_folders``, ``at_once`` at a time.

    The first that fails ends those that still run.
    """
    waiting, running = list(renders), list[_Process]()
    try:
        while waiting or running:
            while waiting and len(running) < max(1, at_once):
                _Process(quarto, waiting.pop(0), running)
            time.sleep(_TICK)
            for process in list(running):
                process.tell(progress)
                if process.ended():
                    process.close()
                    running.remove(process)
                    if process.render.code or process.render.late:
                        return
    finally:
        with _uninterrupted():
            for process in running:
                process.close()
                process.render.code = None  # ended by us: what it says of its end is no news


class _Process:
    """A running render and the thread that reads what it says.

    It is in ``running`` from the moment on in which it exists.
    """

    def __init__(self, quarto: Quarto, render: Render, running: list[_Process]) -> None:
        self.render = render
        self._told = ""
        self._end = time.monotonic() + render.limit
        command = [str(quarto.path), "render", "--profile", render.language, "--output-dir", OUTPUT]
        pipe, environment = subprocess.PIPE, clean_environment() | {"TMPDIR": str(render.folder.parent / _TEMPORARY)}
        with _deferred():
            try:
                self._process = subprocess.Popen(
                    command,
                    cwd=render.folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=pipe,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise InputError(
                    [
                        Problem(
                            str(quarto.path),
                            rule=f"cannot be run: {error.strerror}",
                            fix="npl-report doctor says which Quarto is found",
                        )
                    ]
                ) from None
            self._thread = threading.Thread(target=_read, args=(self._process.stdout, render.log), daemon=True)
            running.append(self)
            self._thread.start()

    def tell(self, progress: Progress) -> None:
        """Say the page that it has come to, if it is another than the last time."""
        begun = self.render.log.begun
        if begun and begun.page != self._told:
            self._told = begun.page
            progress(f"quarto {self.render.language} {begun.number}/{begun.total} {begun.page}")

    def ended(self) -> bool:
        """Whether the launcher has ended, or has to."""
        if self._launcher_ended():
            return True
        self.render.late = time.monotonic() > self._end
        return self.render.late

    def close(self) -> None:
        """End the whole group: asked first, unless the launcher has ended, then made to."""
        if not self._launcher_ended():
            self._signal(signal.SIGTERM)
            end = time.monotonic() + _GRACE
            while time.monotonic() < end and not self._launcher_ended():
                time.sleep(_TICK / 4)
        self._signal(signal.SIGKILL)
        self.render.code = self._process.wait()
        if self._thread.is_alive():
            self._thread.join(_GRACE)
        if self._process.stdout and not self._thread.is_alive():
            self._process.stdout.close()

    def _launcher_ended(self) -> bool:
        """Asked without reaping it, so that its number still names its group and nobody else's.

        Where the system cannot (macOS, before Python 3.13), it is reaped.
        """
        if not hasattr(os, "waitid"):
            return self._process.poll() is not None
        return (
            self._process.returncode is not None
            or os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        )

    def _signal(self, number: int) -> None:
        if self._process.returncode is None or not hasattr(
            os, "waitid"
        ):  # not reaped by a close() that was interrupted
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)


def _read(stream: IO[bytes], said: LogParser) -> None:
    """Every line as it comes; of one without an end, pieces."""
    while line := stream.readline(_LINE):
        said.line(line.decode(errors="replace"))


def _heard() -> list[int]:
    """Signals that nobody has asked us to pass over: nohup's wish is kept."""
    return [number for number in _STOPPING if signal.getsignal(number) not in (signal.SIG_IGN, None)]


@contextmanager
def _deferred() -> Iterator[None]:
    """Signals that come meanwhile act at the end: what has been begun is noted before anything stops us.

    A process that is started does not inherit this.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in _heard()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in dict.fromkeys(came):
            signal.raise_signal(number)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Putting things away is not stopped by a second Control-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _signals_raise() -> Iterator[None]:
    """Being asked to end, or losing the terminal, must not leave Quarto behind; Control-C raises by itself."""

    def stop(number: int, _: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, stop) for number in _heard() if number != signal.SIGINT}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
