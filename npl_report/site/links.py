"""Links of pages that lead nowhere: a site with one is not written."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

import numpy as np
import numpy.typing as npt

from npl_report.model import Problem
from npl_report.site.facts import PageFacts, leading, mark, page_facts

_TOGETHER = 2000
"""Pages whose links are sorted together."""


def dead_links(
    files: Mapping[str, bytes], beside: Collection[str] = (), facts: Mapping[str, PageFacts] | None = None
) -> list[Problem]:
    """A problem for every relative link, picture, specification or anchor that leads nowhere.

    It leads somewhere if it is in ``files`` (path in the edition → content) or ``beside`` the edition's folder.
    ``facts``: what is known of pages already; the others are read.
    """
    known = facts or {}

    def pages() -> Iterator[tuple[str, PageFacts]]:
        """The pages with what is known of them, one after the other: of a large edition not all fit the memory."""
        for path in files:
            if path.endswith(".html"):
                yield path, known[path] if path in known else page_facts(path, files[path].decode())

    wanted = _each(_numbers(page.links) for _, page in pages())
    if not len(wanted):
        return []
    dead = np.ones(len(wanted), dtype=bool)
    named = array("Q", [*map(mark, files), *(mark(f"../{path}") for path in beside)])
    for there in chain([_numbers(named)], (_numbers(page.anchors) for _, page in pages())):
        places = np.minimum(np.searchsorted(wanted, there), len(wanted) - 1)
        dead[places[wanted[places] == there]] = False
    if not dead.any():
        return []
    none = frozenset(wanted[dead].tolist())
    suspects = [path for path, page in pages() if not none.isdisjoint(page.links)]
    return list(chain.from_iterable(_told(path, files[path].decode(), none) for path in suspects))


def _each(marks: Iterable[npt.NDArray[np.uint64]]) -> npt.NDArray[np.uint64]:
    """Every mark once, sorted; of many arrays no more than some thousand are held."""
    found, waiting = np.array([], dtype=np.uint64), []
    for some in marks:
        waiting.append(some)
        if len(waiting) > _TOGETHER:
            found, waiting = np.unique(np.concatenate([found, *waiting])), []
    return np.unique(np.concatenate([found, *waiting]))


def _numbers(marks: array[int]) -> npt.NDArray[np.uint64]:
    return np.frombuffer(marks, dtype=np.uint64)


def _told(path: str, page: str, none: Collection[int]) -> Iterator[Problem]:
    """The links of a page that lead to places which are not there."""
    for link, place in leading(path, page):
        if mark(place) in none:
            yield Problem(
                path,
                value=link,
                rule="the link leads nowhere",
                fix="correct the link in the prose; link() and ref() know every page and table",
            )
