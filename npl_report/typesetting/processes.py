"""Processes for the work of a language, and the slow steps in it: drawings, letters, web fonts, the chart engine.

Each step takes and gives plain values, and imports what it needs.
"""

from __future__ import annotations

import io
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Protocol

from npl_report.files.owned import Owned, owned, take
from npl_report.files.sealed import reused
from npl_report.typesetting.lettering import Lettering

_PNG_DPI = 192
"""Twice the 96 pixels an inch of CSS, so that a picture stands in a document as large as its SVG."""


class Submit(Protocol):
    """Starts a call, now or in another process."""

    def __call__(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Start ``function(*arguments)``."""
        ...


@contextmanager
def workers(jobs: int, *, early: Sequence[str] = ()) -> Iterator[Submit]:
    """``jobs`` processes, or this one alone for 1.

    They start when there is work, or at once if modules are named that they import ``early``, while this one reads.

    Started fresh (spawn), so that no thread or lock of ours is copied.
    """
    if jobs <= 1:
        yield here
        return
    fresh = get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=fresh, initializer=_begin, initargs=(owned(),)) as pool:
        for _ in range(jobs if early else 0):
            pool.submit(_warm, early)  # what cannot be imported shows up where it is used, and can be told
        yield pool.submit


def here(function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
    """Call now, in this process."""
    future: Future[Any] = Future()
    try:
        future.set_result(function(*arguments))
    except Exception as error:  # noqa: BLE001 -- as a pool does: the caller asks for the result
        future.set_exception(error)
    return future


def _begin(own: Owned) -> None:
    """A worker uses the things of the project, before it is sent any; and ends when the program that started it does.

    It would wait for work for ever if that was killed.
    """

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            wait([parent.sentinel])
            os._exit(1)

    take(own)
    threading.Thread(target=watch, daemon=True).start()


def _warm(modules: Sequence[str]) -> None:
    for module in modules:
        import_module(module)


def draw(specs: Iterable[str], fonts: Path) -> list[str]:
    """Vega-Lite specifications (JSON) → SVG, measured with the fonts that pages and PDFs show."""
    import vl_convert

    vl_convert.register_font_directory(str(fonts))
    return [vl_convert.vegalite_to_svg(json.loads(spec), allowed_base_urls=[]) for spec in specs]


def letter(pictures: Iterable[str], fonts: Path) -> list[tuple[str, bytes]]:
    """Pictures (SVG with texts) → each with its letters as outlines, and as PNG of twice its size."""
    lettering = Lettering(fonts)
    outlined = [lettering.outlined(svg) for svg in pictures]
    return [(svg, _png(svg)) for svg in outlined]


def _png(svg: str) -> bytes:
    """The picture as a PNG that is packed tightly and has no transparency: a third of the size, bit for bit the same.

    The drawing library packs loosely, and keeps a transparency that an opaque picture has no use for.
    """
    import vl_convert
    from PIL import Image

    out = io.BytesIO()
    with Image.open(io.BytesIO(vl_convert.svg_to_png(svg, scale=2))) as picture:
        picture.convert("RGB").save(out, "PNG", dpi=(_PNG_DPI, _PNG_DPI))
    return out.getvalue()


def chart_engine(cache: Path) -> bytes:
    """The chart engine (vega, vega-lite, vega-embed) as one script.

    It comes from the drawing library itself, so that both draw alike.
    """

    def made() -> bytes:
        import vl_convert

        return vl_convert.javascript_bundle().encode()  # type: ignore[call-arg]  # its stub forgets the default

    return reused(cache / f"vega-{version('vl-convert-python')}.js", made)
