"""Links of pages that lead nowhere: a site with one is not written."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping
from functools import cache

from npl_report.model import Problem

_LINK = re.compile(r'<(?:a|img|link|script|div)\b[^>]*? (?:href|src|data-spec)="([^"]*)"')
"""Addresses in a page: of links, of what it shows, and of the specifications that ``charts.js`` loads."""
_ID = re.compile(r'\bid="([^"]+)"')
_SCRIPT = re.compile(r"(<script\b[^>]*>).*?(?=</script>)", re.DOTALL)
"""What stands inside scripts is no link, even if it looks like one."""


def dead_links(files: Mapping[str, bytes], beside: Collection[str] = ()) -> list[Problem]:
    """A problem for every relative link, picture, specification or anchor that leads nowhere.

    It leads somewhere if it is in ``files`` (path in the edition → content) or ``beside`` the edition's folder.
    """

    @cache
    def anchors(path: str) -> frozenset[str]:
        return frozenset(_ID.findall(files[path].decode()))

    problems = []
    for path, data in files.items():
        if not path.endswith(".html"):
            continue
        for link in dict.fromkeys(_LINK.findall(_SCRIPT.sub(r"\1", data.decode()))):
            target, _, anchor = link.partition("#")
            if re.match(r"[a-z]+:", target) or link.startswith("data:"):
                continue
            place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
            if place.removeprefix("../") in beside and place.startswith("../"):
                continue
            if place not in files or (anchor and place.endswith(".html") and anchor not in anchors(place)):
                problems.append(
                    Problem(
                        path,
                        value=link,
                        rule="the link leads nowhere",
                        fix="correct the link in the prose; link() and ref() know every page and table",
                    )
                )
    return problems
