"""Pages of the engine quarto in a browser.

Scripts run, nothing is asked of other hosts, nothing is wider than the window.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from quartos import Both

from npl_report.publish.access import page_kinds

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 -- the name is the library's
        """Say nothing."""


@pytest.fixture
def served(both: Both) -> Iterator[str]:
    """The edition on a port of this machine.

    Quarto's scripts are modules, which a page opened from disk may not load.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(both.quarto)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_run_by_themselves(both: Both, served: str, chromium: Browser, width: int, scheme: str):
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        wrong: list[str] = []
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda asked: wrong.append(asked.url) if not asked.url.startswith((served, "data:", "blob:")) else None,
        )
        for path in page_kinds({path: (both.quarto / path).read_bytes() for path in both.pages}):
            page.goto(f"{served}/{path}", wait_until="load")
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
            assert wrong == [], path
    finally:
        context.close()


def test_charts_and_scenarios_are_alive(both: Both, served: str, chromium: Browser):
    page = chromium.new_page()
    try:
        path = next(
            path
            for path in both.pages
            if path.startswith("zh/deals/") and 'class="scenario' in (both.quarto / path).read_text(encoding="utf-8")
        )
        page.goto(f"{served}/{path}")
        page.locator("figure.chart").first.dispatch_event("pointerenter")
        page.wait_for_selector("figure.chart[data-interactive]", timeout=20_000)
        assert page.locator("section.scenario .live").is_visible()
        first = page.locator('[data-out="senior.rate"]').inner_text()
        page.locator('input[name="recovery"]').fill("50")
        assert page.locator('[data-out="senior.rate"]').inner_text() != first
    finally:
        page.close()


def test_the_language_switch_leads_to_the_same_page(served: str, chromium: Browser):
    page = chromium.new_page()
    try:
        page.goto(f"{served}/zh/tables/recovery_by_type.html")
        page.click("a.language")
        assert page.url == f"{served}/en/tables/recovery_by_type.html"
        assert page.evaluate("document.documentElement.lang") == "en"
    finally:
        page.close()
