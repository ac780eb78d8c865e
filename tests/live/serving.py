"""A preview that runs in a process of its own on loopback, as its user starts it, and is stopped."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

LONGEST = 120
"""Seconds that an answer may take on a slow machine."""


@dataclass
class Served:
    """A preview that answers; ``code`` is its exit code once it has ended."""

    port: int
    code: int | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str, **headers: str) -> tuple[HTTPResponse, str]:
        """What is answered, and its text."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        try:
            connection.request("GET", path, headers=headers)
            found = connection.getresponse()
            return found, found.read().decode(errors="replace")
        finally:
            connection.close()

    def text(self, path: str) -> str:
        return self.answer(path)[1]

    @contextmanager
    def told(self, at: int | None = None) -> Iterator[queue.Queue[str]]:
        """What a page is told of changes, as it comes; ``at``: the state that it shows."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        connection.request("GET", "/~live/events" + ("" if at is None else f"?at={at}"))
        stream, heard = connection.getresponse(), queue.Queue[str]()

        def listen() -> None:
            try:
                for line in stream:
                    if line.startswith(b"data: "):
                        heard.put(json.loads(line.removeprefix(b"data: ")))
            except (OSError, ValueError, AttributeError):  # closed by the test
                return

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield heard
        finally:
            if connection.sock:
                connection.sock.close()


@contextmanager
def serving(root: Path, *options: str) -> Iterator[Served]:
    """The preview of a project, stopped by Ctrl-C at the end."""
    command = [sys.executable, "-m", "npl_report", "serve", "--port", "0", "--no-pdf", *options]
    process = subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ
    )
    try:
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                break
        else:
            raise AssertionError(f"no address: {''.join(said)}")
        drain = threading.Thread(target=process.stdout.read, daemon=True)
        drain.start()
        served = Served(int(found[1]))
        yield served
        process.send_signal(signal.SIGINT)
        served.code = process.wait(timeout=LONGEST)
        drain.join(timeout=LONGEST)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
