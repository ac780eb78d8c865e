"""The preview of an edition: a server on this machine alone, whose pages load again when something changes."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import re
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from html import escape
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from watchfiles import awatch

from npl_report.files.owned import CODE, WORDS
from npl_report.live.edition import LiveEdition, only_looks, problems_of
from npl_report.load.brand import FILE as BRAND
from npl_report.load.project import Project
from npl_report.model import InputError, Problem

HOST = "127.0.0.1"
_OWN = "~live"
"""Folder of the preview's own files, which no edition has."""
_WATCHED = "data", "report", "templates", *CODE, WORDS, BRAND
_LOOK = 500
"""Milliseconds after which it is looked whether all watched folders are there."""
_PAUSE = 0.5
"""Seconds before a folder is watched again that went or came."""
_GRACE = 1
"""Seconds that open pages have when the preview ends."""
_FRESH = {"Cache-Control": "no-store"}


class Preview:
    """Answers requests and tells pages of changes; ``state`` counts the changes."""

    def __init__(self, project: Project, edition: LiveEdition, said: Callable[[str], None]) -> None:
        self._project, self._edition, self._said = project, edition, said
        self._lock = threading.Lock()
        self._listeners: set[asyncio.Queue[str]] = set()
        self._pages: dict[str, str] = {}
        self._state = 0

    def app(self) -> Starlette:
        """The server."""
        routes = [
            Route("/", self._door),
            Route(f"/{_OWN}/events", self._events),
            Route(f"/{_OWN}/notes", self._notes),
            Route(f"/{_OWN}/{{name}}", _own),
            Route("/{path:path}", self._file),
        ]
        hosts = Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
        return Starlette(routes=routes, middleware=[hosts], lifespan=self._watching)

    @asynccontextmanager
    async def _watching(self, _: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(self._watch())
        yield
        task.cancel()

    async def _watch(self) -> None:
        """Take in changes as they come, and tell the pages."""
        polling = False
        while True:
            try:
                await self._watch_folders(_places(self._project.root), polling=polling)
            except OSError as error:
                self._said(f"changes cannot be watched ({error.strerror or error}): looking for them again and again")
                polling = True
            await asyncio.sleep(_PAUSE)

    async def _watch_folders(self, places: list[Path], *, polling: bool) -> None:
        """Until a folder goes, comes, or is another one; what was saved before the watch began is a change too."""
        if not places:
            return
        root, begun = self._project.root, False
        look = awatch(*places, force_polling=polling or None, rust_timeout=_LOOK, yield_on_timeout=True)
        async for changes in look:
            changed = sorted({_below(root, path) for _, path in changes})
            if kept := [path for path in changed if self._edition.concerns(path)]:
                self._said(", ".join(kept))
                await self._take(kept)
            elif not begun and self._edition.stale():
                await self._take([])
            begun = True
            if places != _places(root) or set(changed) & {*_WATCHED}:
                return

    async def _take(self, changed: list[str]) -> None:
        await asyncio.to_thread(self._refresh, changed)
        for problem in self._edition.problems:
            self._said(str(problem))
        self._state += 1
        for listener in list(self._listeners):
            await listener.put("looks" if changed and only_looks(changed) else "pages")

    def _refresh(self, changed: list[str]) -> None:
        with self._lock:
            self._edition.refresh(changed)

    async def _events(self, request: Request) -> Response:
        """What changed, as it changes (server-sent events); a page of an earlier state is told at once."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._listeners.add(queue)
        if request.query_params.get("at", str(self._state)) != str(self._state):
            await queue.put("pages")

        async def told() -> AsyncIterator[str]:
            try:
                yield "retry: 500\n\n"
                while True:
                    yield f"data: {json.dumps(await queue.get())}\n\n"
            finally:
                self._listeners.discard(queue)

        return StreamingResponse(told(), media_type="text/event-stream", headers=_FRESH)

    def _notes(self, request: Request) -> Response:
        """What the sidebar says of a page: where its prose stands and what to look at; of a wrong one nothing."""
        with self._lock:
            try:
                file, notes = self._edition.notes(request.query_params.get("page", "").strip("/"))
            except InputError:  # it stands above the page
                file, notes = "", ()
        return JSONResponse({"file": file, "notes": [*dict.fromkeys(map(str, notes))]}, headers=_FRESH)

    def _door(self, _: Request) -> Response:
        """To the first page, or to what is wrong."""
        with self._lock:
            languages = self._edition.languages
        return RedirectResponse(f"/{languages[0]}/index.html") if languages else self._page("", self._edition.problems)

    def _file(self, request: Request) -> Response:
        """A file of the edition; of a page that cannot be made the last that was right, with what is wrong above it."""
        path = str(request.path_params["path"]).strip("/")
        if path in self._edition.languages:
            return RedirectResponse(f"/{path}/index.html")
        state = self._state
        with self._lock:
            try:
                data, problems = self._edition.file(path), self._edition.problems
            except Exception as error:  # noqa: BLE001 -- whatever it is, the last page that was right is shown
                data, problems = None, (*self._edition.problems, *problems_of(error))
        if not path.endswith(".html"):
            return _plain(path, data, problems)
        if data is not None:
            self._pages[path] = data.decode()
        elif not problems:
            self._pages.pop(path, None)
            problems = (Problem(path, rule="there is no such page", fix="look at its name, and at the menus"),)
            return self._page("", problems, 404, state)
        return self._page(self._pages.get(path, ""), problems, 200, state)

    def _page(self, page: str, problems: Iterable[Problem], status: int = 200, state: int | None = None) -> Response:
        """A page with what makes it load again, and what is wrong above it."""
        text = page or '<!doctype html><html lang="en"><head><title>npl-report</title></head><body></body></html>'
        at = self._state if state is None else state
        own = f'<link rel="stylesheet" href="/{_OWN}/live.css"><script src="/{_OWN}/live.js?at={at}" defer></script>'
        start = re.search(r"<body[^>]*>", text)
        place = start.end() if start else 0
        return HTMLResponse(f"{text[:place]}{own}{_told(problems)}{text[place:]}", status, _FRESH)


def _plain(path: str, data: bytes | None, problems: Iterable[Problem]) -> Response:
    """A file that is no page."""
    if data is not None:
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return Response(data, media_type=kind, headers=_FRESH)
    said = "\n".join(map(str, problems))
    return PlainTextResponse(said or f"{path}: there is no such file", 500 if said else 404, _FRESH)


def _places(root: Path) -> list[Path]:
    """The watched folders, and the file of the brand, that are there."""
    return [root / name for name in _WATCHED if (root / name).exists()]


def _below(root: Path, path: str) -> str:
    """A path in the project; one that lies elsewhere stays as it is."""
    place = Path(path)
    return place.relative_to(root).as_posix() if place.is_relative_to(root) else path


def _told(problems: Iterable[Problem]) -> str:
    """What is wrong, as the command line says it: no template, for a project's may be what is wrong."""
    items = "".join(f"<li>{escape(str(problem))}</li>" for problem in dict.fromkeys(problems))
    return f'<aside class="npl-live" role="alert"><ul>{items}</ul></aside>' if items else ""


def _own(request: Request) -> Response:
    """The preview's own script and style."""
    place = Path(__file__).with_name(Path(str(request.path_params["name"])).name)
    kinds = {".js": "text/javascript", ".css": "text/css"}
    if place.suffix not in kinds or not place.is_file():
        return Response(status_code=404)
    return Response(place.read_bytes(), media_type=kinds[place.suffix], headers=_FRESH)


def listening(port: int) -> socket.socket:
    """A socket at the port of this machine; InputError if another program has it."""
    found = socket.socket()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((HOST, port))
        found.listen()  # whoever reads the address may come at once
    except OSError as error:
        found.close()
        fix = "name another with --port, or 0 for any that is free"
        raise InputError(
            [Problem("--port", value=str(port), rule=f"cannot be used: {error.strerror}", fix=fix)]
        ) from None
    return found


def serve(project: Project, edition: LiveEdition, place: socket.socket, said: Callable[[str], None]) -> None:
    """Answer until the program is stopped."""
    config = uvicorn.Config(
        Preview(project, edition, said).app(), log_level="warning", timeout_graceful_shutdown=_GRACE, lifespan="on"
    )
    uvicorn.Server(config).run(sockets=[place])
