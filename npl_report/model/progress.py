"""What long work tells its user."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]
"""Receives one line per step."""


def unheard(_: str) -> None:
    """Nobody listens."""
