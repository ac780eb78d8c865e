"""``deliveries/<folder>.jsonl``: who was mailed an edition, one line a step, on the disk before the step is taken.

``intent`` before a message is handed to the server, ``sent`` after the server took it, ``failed`` if it certainly did
not. An ``intent`` that nothing follows is a message of which nobody knows: the run was stopped, or the connection
broke, between the two. The file names nobody: an address is there as a hash, salted with series and edition.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from npl_report.delivery.recipients import same_mailbox
from npl_report.editions.folder import Published
from npl_report.files.hashing import digest
from npl_report.model import InputError, Problem

Event = Literal["intent", "sent", "failed"]
_EVENTS: tuple[Event, ...] = get_args(Event)
State = Literal["new", "sent", "uncertain", "failed"]


def key_of(published: Published, email: str) -> str:
    """How the ledger names a mailbox."""
    return digest(f"{published.manifest.series}\0{published.folder}\0{same_mailbox(email)}".encode())


@dataclass
class Ledger:
    """The deliveries of one edition. ``place``: the file; ``states``: hash of an address → how it stands."""

    place: Path
    states: dict[str, State] = field(default_factory=dict)

    def state(self, key: str) -> State:
        """How it stands with a mailbox."""
        return self.states.get(key, "new")

    def write(self, event: Event, key: str, facts: Mapping[str, str]) -> None:
        """Add a line and wait until the disk has it."""
        line = json.dumps({"event": event, "recipient": key, **facts}, ensure_ascii=False) + "\n"
        try:
            handle = os.open(self.place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                if os.write(handle, line.encode()) != len(line.encode()):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            fix = "change the permissions or make room on the disk, then run again: it goes on where it stopped"
            raise InputError(
                [Problem(shown_ledger(self.place), rule=f"cannot be written: {error.strerror}", fix=fix)]
            ) from None
        self.states[key] = _after(self.state(key), event)


def shown_ledger(place: Path) -> str:
    """The file as messages name it."""
    return f"{place.parent.name}/{place.name}"


def _after(state: State, event: Event) -> State:
    """What was sent once stays sent."""
    if state == "sent" or event == "sent":
        return "sent"
    return "uncertain" if event == "intent" else "failed"


def read_ledger(place: Path) -> Ledger:
    """The deliveries so far; none if there is no file.

    A last line that a crash cut off is passed over: what it was to say had not happened, or is uncertain without it.
    """
    ledger = Ledger(place)
    shown = shown_ledger(place)
    try:
        lines = place.read_bytes().split(b"\n") if place.exists() else [b""]
    except OSError as error:
        raise InputError(
            [
                Problem(
                    shown,
                    rule=f"cannot be read: {error.strerror}",
                    fix="change its permissions; without it nobody knows who was mailed",
                )
            ]
        ) from None
    problems = []
    for number, line in enumerate(lines[:-1], start=1):
        try:
            told = json.loads(line)
            key = str(told["recipient"])
            ledger.states[key] = _after(ledger.state(key), _EVENTS[_EVENTS.index(told["event"])])
        except (ValueError, KeyError, TypeError):
            problems.append(
                Problem(
                    shown,
                    number,
                    rule="is no line of this ledger",
                    fix="restore the file from a copy; nothing is sent while nobody knows who was mailed",
                )
            )
    if problems:
        raise InputError(problems)
    return ledger


@contextmanager
def sending(place: Path) -> Iterator[Ledger]:
    """The ledger, open for one run at a time; what a crash cut off at its end is removed."""
    from filelock import FileLock, Timeout

    folder = place.parent
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with FileLock(folder / ".lock", timeout=0):
            yield _opened(place)
    except Timeout:
        raise InputError([Problem(folder.name, rule="another run is sending", fix="wait until it has ended")]) from None
    except PermissionError as error:
        raise InputError(
            [
                Problem(
                    folder.name,
                    rule=f"cannot be written: {error.strerror}",
                    fix="change its permissions; nothing is sent that cannot be recorded",
                )
            ]
        ) from None


def _opened(place: Path) -> Ledger:
    ledger = read_ledger(place)
    with place.open("ab") as file:
        if not (whole := place.read_bytes()).endswith(b"\n"):
            file.truncate(whole.rfind(b"\n") + 1)
        os.fsync(file.fileno())
    folder = os.open(place.parent, os.O_RDONLY)  # so that the name of a new file is on the disk as well
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return ledger
