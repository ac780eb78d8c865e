"""What the commands print: progress on stderr, results on stdout, problems in full."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from npl_report.model.errors import Problem

_MOST = 40
"""Problems printed on a terminal; the rest is counted, and --json prints all."""


def as_json_wanted(arguments: list[str]) -> bool:
    """Whether this run was asked for JSON."""
    return "--json" in arguments


def listed(items: Iterable[Problem], word: str = "") -> Iterator[str]:
    """As many as a reader takes in, each with the word before it, and how many more there are."""
    every = list(items)
    yield from (f"{word}: {item}" if word else str(item) for item in every[:_MOST])
    if len(every) > _MOST:
        yield f"… and {len(every) - _MOST} more {f'{word}s' if word else ''}".rstrip() + "; --json prints all of them"


def report_problems(problems: Iterable[Problem], *, as_json: bool) -> None:
    """Print what the user can put right."""
    every = list(problems)
    if as_json:
        tell(ok=False, problems=[problem.as_dict() for problem in every])
        return
    for line in listed(every):
        print(line, file=sys.stderr)  # noqa: T201
    count = "1 problem" if len(every) == 1 else f"{len(every)} problems"
    print(f"{count}; nothing was written", file=sys.stderr)  # noqa: T201


def unreadable(error: OSError) -> Problem:
    """A file or folder that the program may not use as it stands."""
    place = shown(Path(str(error.filename))) if error.filename else "a file"
    fix = "make it a plain file or folder, as in the sample, that you may read and write"
    return Problem(place, rule=f"cannot be used: {error.strerror}", fix=fix)


def report_bug(error: BaseException) -> None:
    """Say that this is our fault, and where the details are."""
    details = "".join(traceback.format_exception(error))
    if os.environ.get("NPL_REPORT_TRACEBACK"):
        print(details, file=sys.stderr)  # noqa: T201
        return
    with tempfile.NamedTemporaryFile("w", prefix="npl-report-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(details)
    what = f"npl-report met a bug of its own ({type(error).__name__}: {error}). Nothing was published."
    message = f"{what}\n    → please report it with {log.name}"
    print(message, file=sys.stderr)  # noqa: T201


class ProgressLine:
    """One line a step: a spinner with the elapsed time on a terminal, plain lines elsewhere."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._start = time.monotonic()
        self._status = None
        if not quiet and sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True).status("")
            self._status.start()

    def __call__(self, step: str) -> None:
        """Announce the step that begins."""
        if self._quiet:
            return
        line = f"[{time.monotonic() - self._start:5.1f} s] {step}"
        if self._status:
            self._status.update(line.replace("[", "\\["))
        else:
            print(line, file=sys.stderr, flush=True)  # noqa: T201

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def seconds(self) -> float:
        """Time since the start."""
        return time.monotonic() - self._start

    def stop(self) -> None:
        """Clear the line."""
        if self._status:
            self._status.stop()


def shown(path: Path) -> str:
    """A path as the user would type it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def echo(text: str) -> None:
    """A result, on stdout."""
    print(text, flush=True)  # noqa: T201


def tell(**facts: object) -> None:
    """Facts as JSON, on stdout. ``ok`` comes first; it is true unless they say otherwise."""
    echo(json.dumps({"ok": True, **facts}, ensure_ascii=False, indent=1))


def warn(notice: Problem | None) -> None:
    """What could be better, on stderr; nothing where there is none."""
    if notice:
        print(notice, file=sys.stderr)  # noqa: T201
