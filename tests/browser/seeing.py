"""How tests look at a page.

What it complains of and asks for, and waiting without ``eval``, which the pages' policy forbids.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

LANGUAGES = ("zh", "en")
SOME_OR_ALL = ["some", pytest.param("all", marks=pytest.mark.whole)]
"""Pages that a test opens: a sample of every kind at every change, all of them once a day."""
_TRIES = 200


@dataclass
class Heard:
    """What a page said and asked for."""

    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        # an aborted request belongs to a page that was left before it was whole
        page.on(
            "requestfailed",
            lambda request: (
                self.complaints.append(f"{request.failure}: {request.url}")
                if request.failure != "net::ERR_ABORTED"
                else None
            ),
        )
        page.on(
            "response",
            lambda response: (
                self.complaints.append(f"{response.status}: {response.url}") if response.status >= 400 else None
            ),
        )
        page.on("request", lambda request: self.requests.append(request.url))


def wait_until(page: Page, condition: str) -> None:
    """Ask again until the JavaScript expression is true."""
    for _ in range(_TRIES):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never became true: {condition}")


def charts(page: Page) -> int:
    """Touch every chart and wait until it is interactive; how many there are."""
    figures = page.locator("figure.chart")
    count = figures.count()
    for figure in figures.all():
        figure.dispatch_event("pointerenter")
        expect(figure).to_have_attribute("data-interactive", "true")
    return count
