"""Links of pages that lead nowhere: a site with one is not written."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from npl_report.model import Problem
from npl_report.site.facts import PageFacts, leading, mark, page_facts


def dead_links(
    files: Mapping[str, bytes], beside: Collection[str] = (), facts: Mapping[str, PageFacts] | None = None
) -> list[Problem]:
    """A problem for every relative link, picture, specification or anchor that leads nowhere.

    It leads somewhere if it is in ``files`` (path in the edition → content) or ``beside`` the edition's folder.
    ``facts``: what is known of pages already; the others are read.
    """
    known = facts or {}
    pages = {path: known.get(path) for path in files if path.endswith(".html")}
    whole = {path: found or page_facts(path, files[path].decode()) for path, found in pages.items()}
    marks = array("Q", [*map(mark, files), *(mark(f"../{path}") for path in beside)])
    there = np.unique(np.concatenate([_numbers(marks), *(_numbers(page.anchors) for page in whole.values())]))
    problems: list[Problem] = []
    for path, page in whole.items():
        if not _among(_numbers(page.links), there).all():
            problems += _told(path, files[path].decode(), there)
    return problems


def _among(marks: npt.NDArray[np.uint64], there: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Whether each is there, of which all are sorted."""
    places = np.searchsorted(there, marks)
    found: npt.NDArray[np.bool_] = there[np.minimum(places, len(there) - 1)] == marks
    return found


def _numbers(marks: array[int]) -> npt.NDArray[np.uint64]:
    return np.frombuffer(marks, dtype=np.uint64)


def _told(path: str, page: str, there: npt.NDArray[np.uint64]) -> Iterator[Problem]:
    """The links of a page that are not there."""
    for link, place in leading(path, page):
        if not _among(np.array([mark(place)], dtype=np.uint64), there).all():
            yield Problem(
                path,
                value=link,
                rule="the link leads nowhere",
                fix="correct the link in the prose; link() and ref() know every page and table",
            )
