"""The hash by which everything is known."""

from __future__ import annotations

import hashlib


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()
