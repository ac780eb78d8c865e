"""The built edition in a browser.

From the disk and from a server on loopback, with an ear for everything that goes wrong.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from seeing import Heard

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that leaves a page hangs up; anything else is told."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture(scope="session")
def served(built: Path) -> Iterator[str]:
    """Address of the edition on a loopback server."""
    with _Server(("127.0.0.1", 0), partial(_Quiet, directory=str(built))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(params=["disk", "server"])
def site(request: pytest.FixtureRequest, built: Path) -> str:
    """Address of the edition, both ways."""
    return built.as_uri() if request.param == "disk" else request.getfixturevalue("served")


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A window of its own; media queries see a reader who wants no motion."""
    with chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce") as context:
        context.set_default_timeout(20_000)
        yield context


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def page(context: BrowserContext, heard: Heard) -> Page:
    """A page whose complaints and requests are kept in ``heard``."""
    page = context.new_page()
    heard.listen(page)
    return page
