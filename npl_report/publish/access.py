"""Whether readers without a mouse or without sight can use the pages: axe on a page of every kind.

Needs the extra ``access`` (playwright and axe) and Chromium; without them nothing is checked, and that is said.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from npl_report.model import InputError, Problem
from npl_report.model.progress import Progress

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_KIND = re.compile(rb'<body class="([^"]+)"')
_GRAVE = ("serious", "critical")


def check_access(files: Mapping[str, bytes], progress: Progress) -> None:
    """Raise InputError for every grave finding of axe on one page of each kind and language."""
    pages = page_kinds(files)
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    try:
        import axe_playwright_python  # noqa: F401
        import playwright  # noqa: F401
    except ImportError:
        browser = None
    if not pages:
        return
    if browser is None:
        progress("accessibility is not checked: it needs Chromium and pip install npl_report[access]")
        return
    progress(f"check the accessibility of {len(pages)} pages")
    with tempfile.TemporaryDirectory(prefix="npl-access-") as scratch:
        for path in (*pages, *(path for path in files if path.startswith("assets/"))):
            place = Path(scratch) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(files[path])
        found = list(_findings(browser, Path(scratch), pages, progress))
    if found:
        raise InputError(found)


def page_kinds(files: Mapping[str, bytes]) -> list[str]:
    """The first page of each kind and language, by path, and the pages of revisions, whose tables no other page has."""
    first: dict[tuple[str, bytes], str] = {}
    for path in sorted(files):
        language, _, rest = path.partition("/")
        if rest and path.endswith(".html") and (kind := _KIND.search(files[path])):
            first.setdefault((language, kind[1]), path)
    return sorted({*first.values(), *(path for path in files if path.endswith("/revisions.html"))})


def _is_root() -> bool:
    """Chromium's sandbox does not start for root, as in a container."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _findings(browser: str, folder: Path, pages: list[str], progress: Progress) -> Iterator[Problem]:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Error, sync_playwright

    axe = Axe()
    path = pages[0]
    try:
        with (
            sync_playwright() as play,
            play.chromium.launch(executable_path=browser, args=["--no-sandbox"] if _is_root() else []) as chromium,
        ):
            page = chromium.new_page()
            for path in pages:
                page.goto((folder / path).as_uri())
                for finding in axe.run(page).response["violations"]:
                    if finding["impact"] in _GRAVE:
                        where = str(finding["nodes"][0]["target"][0])
                        yield Problem(
                            path,
                            column=where,
                            value=finding["id"],
                            rule=f"accessibility: {finding['help']}",
                            fix=f"correct the prose, words or templates; {finding['helpUrl']}",
                        )
    except Error as error:
        progress(f"accessibility is not checked from {path} on: {str(error).splitlines()[0]}")
