"""What the tests of deliveries share.

A list of recipients, the environment of the command, and the ledger that it keeps.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.helpers.mailing import FOLDER, LOOPBACK

ZH, EN = "wang@example.cn", "anna@example.org"
LIST = f"email,name,language\n{ZH},王芳,zh\n{EN},Anna Schmidt,en\nbo@example.org,Bo,en\n"
EVERYBODY = [ZH, EN, "bo@example.org"]


def environment(port: int, **others: str) -> dict[str, str]:
    named = {"HOST": LOOPBACK, "PORT": str(port), "FROM": "Research <research@example.org>", "TLS": "off", **others}
    return {f"NPL_SMTP_{name}": value for name, value in named.items()} | {
        "NPL_UNSUBSCRIBE": "https://example.org/leave"
    }


def ledger(sender: Path) -> list[dict[str, str]]:
    return [
        json.loads(line)
        for line in (sender / "deliveries" / f"{FOLDER}.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def events(sender: Path) -> list[str]:
    return [line["event"] for line in ledger(sender)]
