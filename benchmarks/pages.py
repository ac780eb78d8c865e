"""``make bench``: what pages of a built edition weigh and how smoothly they come up, printed as a table.

Asserts nothing. Chromium loads each page for the first time, from a server on this machine that packs text with gzip;
WOFF2 and PNG are packed already. Bytes are bodies as they are sent. The shift of the layout is Chromium's (the sum of
its ``layout-shift`` entries), on a phone and on a desk, with the network of a slow phone; the task is the longest that
blocks the page, at a quarter of the processor's speed.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from run import run, whole

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LEVEL = 6
"""Of gzip, as servers have it."""
PACKED = (".woff2", ".png", ".pdf", ".xlsx", ".zip")
DESK, PHONE = (1280, 900), (390, 844)
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
"""Milliseconds, and bytes in a second."""
TIMES = 4
"""By which the processor is slower than this machine's."""
RUNS = 3
"""Of the slow processor: the least disturbed counts."""
WATCH = """
globalThis.seen = { shift: 0, task: 0 };
const watch = (type, seen) => new PerformanceObserver((list) => list.getEntries().forEach(seen))
  .observe({ type, buffered: true });
watch("layout-shift", (item) => { if (!item.hadRecentInput) seen.shift += item.value; });
watch("longtask", (item) => { seen.task = Math.max(seen.task, item.duration); });
"""


def sent(path: Path) -> int:
    """Bytes of a file as a server sends them."""
    data = path.read_bytes()
    return len(data) if path.suffix in PACKED else len(gzip.compress(data, LEVEL, mtime=0))


class _Packing(SimpleHTTPRequestHandler):
    """Files of a folder, text packed."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Send a file."""
        place = Path(self.translate_path(self.path))
        if not place.is_file():
            self.send_error(404)
            return
        data = place.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(place)))
        if place.suffix not in PACKED:
            data = gzip.compress(data, LEVEL, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Address of a folder on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Packing, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@dataclass
class Seen:
    """What a first visit took: bytes by kind of file, shift by screen, the longest task in milliseconds."""

    sizes: dict[str, int] = field(default_factory=dict)
    shifts: list[float] = field(default_factory=list)
    task: float = 0.0


def visited(browser: Browser, folder: Path, address: str, path: str) -> Seen:
    """A page seen for the first time: on a phone, on a desk, and with a slow processor."""
    seen = Seen()
    for width, height in (PHONE, DESK):
        with browser.new_context(viewport={"width": width, "height": height}) as context:
            page = context.new_page()
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            _watch(page, "Network.emulateNetworkConditions", SLOW)
            page.goto(f"{address}/{path}", wait_until="networkidle")
            page.wait_for_timeout(500)
            seen.shifts.append(page.evaluate("seen.shift"))
            for url in dict.fromkeys(asked):
                file = folder / url.removeprefix(f"{address}/").partition("?")[0]
                kind = file.suffix.removeprefix(".")
                if (width, height) == DESK:
                    seen.sizes[kind] = seen.sizes.get(kind, 0) + sent(file)
    tasks = []
    for _ in range(RUNS):
        with browser.new_context(viewport={"width": DESK[0], "height": DESK[1]}) as context:
            page = context.new_page()
            _watch(page, "Emulation.setCPUThrottlingRate", {"rate": TIMES})
            page.goto(f"{address}/{path}", wait_until="networkidle")
            page.wait_for_timeout(500)
            tasks.append(page.evaluate("seen.task"))
    seen.task = min(tasks)
    return seen


def _watch(page: Page, command: str, settings: dict[str, object]) -> None:
    session = page.context.new_cdp_session(page)
    if command.startswith("Network"):
        session.send("Network.enable")
    session.send(command, settings)  # type: ignore[arg-type]
    page.add_init_script(WATCH)


def pages_of(folder: Path) -> list[str]:
    """Pages of every kind: chapters, the heaviest page of a table, lists, a deal and a bank, in each language."""
    found = []
    for language in sorted(path.name for path in folder.iterdir() if (path / "index.html").is_file()):
        place = folder / language
        chapters = sorted(place.glob("*.html"), key=lambda path: (path.name != "index.html", path.name))
        heavy = sorted((place / "tables").glob("*.html"), key=lambda path: -path.stat().st_size)[:3]
        deals = sorted((place / "deals").glob("*.html"), key=lambda path: path.stat().st_size)
        lists = [place / "deals" / "index.html", place / "tables" / "index.html"]
        found += [path for path in (*chapters, *heavy, *deals[-1:], *lists) if path.is_file()]
    return [path.relative_to(folder).as_posix() for path in dict.fromkeys(found)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="a built edition; without one the latest is built")
    parser.add_argument("pages", nargs="*", help="pages by their paths in it; without any, of every kind")
    given = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("no Chromium on PATH: apt-get install chromium")
    if given.folder:
        printed(chromium, given.folder, given.pages)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = whole(Path(scratch) / "project")
        run(folder, "build", "--no-pdf")
        printed(chromium, next((folder / "build").glob("*/index.html")).parent, [])


def printed(chromium: str, folder: Path, pages: list[str]) -> None:
    """Print what pages of an edition take."""
    from playwright.sync_api import sync_playwright

    head = ("page", "html", "css+js", "fonts", "all, kB", "shift 390", "shift 1280", f"task at 1/{TIMES}, ms")
    print(f"{head[0]:<40}" + "".join(f"{name:>12}" for name in head[1:-1]) + f"{head[-1]:>18}")
    with serving(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for path in pages or pages_of(folder):
            seen = visited(browser, folder, address, path)
            sizes = [seen.sizes.get("html", 0), seen.sizes.get("css", 0) + seen.sizes.get("js", 0)]
            sizes += [seen.sizes.get("woff2", 0), sum(seen.sizes.values())]
            row = [f"{size / 1000:.0f}" for size in sizes] + [f"{shift:.3f}" for shift in seen.shifts]
            print(f"{path:<40}" + "".join(f"{text:>12}" for text in row) + f"{seen.task:>18.0f}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
