"""``npl-report distribute`` stopped on its way, and the ledger from which the next run goes on.

Nobody gets the note twice, nobody is left out.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from delivering import EN, EVERYBODY, ZH, environment, events
from filelock import FileLock

from npl_report.delivery.ledger import Ledger, read_ledger
from tests.helpers.mailing import FOLDER, Mailbox, mail_server
from tests.helpers.running import Ran


def test_killed_between_intent_and_sent(distribute: Callable[..., Ran], sender: Path):
    """The server has the message and has not answered when the program is killed."""
    box = Mailbox()
    arrived, answer = threading.Event(), threading.Event()

    def hold(_: object, taken: int) -> None:
        if taken == 2:
            arrived.set()
            answer.wait(30)

    box.on_data = hold
    with mail_server(box) as port:
        command = [sys.executable, "-m", "npl_report", "distribute", FOLDER, "--to", "investors.csv", "--send"]
        running = subprocess.Popen(
            command,
            cwd=sender,
            env=os.environ | environment(port),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert arrived.wait(60)
        os.kill(running.pid, signal.SIGKILL)
        assert running.wait(30) == -signal.SIGKILL
        answer.set()
        box.on_data = None
        assert events(sender) == ["intent", "sent", "intent"]
        ran = distribute(port, "--send")
        assert (ran.code, ran.out.splitlines()[-1]) == (1, "1 sent before, 1 uncertain, 1 sent")
        assert box.mailed == EVERYBODY
        assert distribute(port, "--send", "--resend-uncertain").code == 0
    assert box.mailed == [*EVERYBODY, EN]
    assert box.taken[1][1]["Message-ID"] == box.taken[3][1]["Message-ID"]


@pytest.mark.parametrize(
    ("full_at", "mailed", "told"),
    [(3, [ZH], "1 sent before, 2 to send"), (4, [ZH, EN], "1 sent before, 1 uncertain, 1 to send")],
)
def test_a_full_disk_stops_the_run(
    distribute: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, full_at: int, mailed: list[str], told: str
):
    """Nothing is sent that cannot be recorded; what was sent and could not be recorded is uncertain."""
    write, lines = os.write, []

    def full(handle: int, data: bytes) -> int:
        if data.startswith(b'{"event"'):
            lines.append(data)
            if len(lines) >= full_at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, data)

    box = Mailbox()
    with mail_server(box) as port:
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", full)
            ran = distribute(port, "--send")
        assert ran.code == 1
        assert ran.out.splitlines()[-1] == "1 sent"
        assert "deliveries/2020-03.jsonl: cannot be written: No space left on device" in ran.err
        assert "nothing was written" not in ran.err
        assert box.mailed == mailed
        assert distribute(port).out.splitlines()[-1].startswith(told)


def test_stopped_by_the_user(distribute: Callable[..., Ran], sender: Path, monkeypatch: pytest.MonkeyPatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    box = Mailbox()
    with mail_server(box) as port:
        with monkeypatch.context() as patch:
            patch.setattr(
                "smtplib.SMTP.send",
                lambda smtp, data: (
                    stop() if len(data) > 1000 else smtp.sock.sendall(data.encode() if isinstance(data, str) else data)
                ),
            )
            ran = distribute(port, "--send")
        assert ran.code == 1
        assert "distribute: stopped\n    → run it again: it goes on where it stopped" in ran.err
        assert events(sender) == ["intent"]
        assert distribute(port, "--send").out.splitlines()[-1] == "1 uncertain, 2 sent"


def test_one_run_at_a_time(distribute: Callable[..., Ran], sender: Path):
    (sender / "deliveries").mkdir()
    box = Mailbox()
    with mail_server(box) as port, FileLock(sender / "deliveries" / ".lock"):
        ran = distribute(port, "--send")
    assert ran.code == 1
    assert "deliveries: another run is sending" in ran.err
    assert box.sessions == 0


def test_a_line_that_a_crash_cut_off_is_no_line(distribute: Callable[..., Ran], sender: Path):
    box = Mailbox()
    place = sender / "deliveries" / f"{FOLDER}.jsonl"
    with mail_server(box) as port:
        distribute(port, "--send", "--lang", "zh")
        whole = place.read_bytes()
        place.write_bytes(whole + b'{"event": "int')
        assert distribute(port, "--send").code == 0
        assert place.read_bytes().startswith(whole + b'{"event": "intent"')
        place.write_bytes(whole[:-20])  # the line that says sent
        assert distribute(port).out.splitlines()[-1] == "1 uncertain, 2 to send; nothing was sent: give --send to send"
    assert sorted(box.mailed) == sorted(EVERYBODY)


def test_a_damaged_ledger_sends_nothing(distribute: Callable[..., Ran], sender: Path):
    box = Mailbox()
    with mail_server(box) as port:
        distribute(port, "--send", "--lang", "zh")
        place = sender / "deliveries" / f"{FOLDER}.jsonl"
        place.write_bytes(b'{"event": "posted", "recipient": "x"}\n[]\n' + place.read_bytes())
        ran = distribute(port, "--send")
    assert ran.code == 1
    assert "deliveries/2020-03.jsonl, row 1: is no line of this ledger" in ran.err
    assert "deliveries/2020-03.jsonl, row 2: is no line of this ledger" in ran.err
    assert box.mailed == [ZH]


def test_what_was_sent_once_stays_sent(tmp_path: Path):
    place = tmp_path / "ledger.jsonl"
    ledger = Ledger(place)
    for event in ("intent", "sent", "intent", "failed"):
        ledger.write(event, "somebody", {})  # type: ignore[arg-type]
    assert (ledger.state("somebody"), read_ledger(place).state("somebody")) == ("sent", "sent")
