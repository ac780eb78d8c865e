"""The preview of an edition: a server on this machine alone, whose pages load again when something changes."""

from __future__ import annotations

import asyncio
import json
import mimetypes
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
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from watchfiles import awatch

from npl_report.live.edition import LiveEdition
from npl_report.load.project import Project
from npl_report.model import InputError, Problem

HOST = "127.0.0.1"
_OWN = "~live"
"""Folder of the preview's own files, which no edition has."""
_WATCHED = "data", "report", "templates"
_GRACE = 1
"""Seconds that open pages have when the preview ends."""
_FRESH = {"Cache-Control": "no-store"}


class Preview:
    """Answers requests and tells pages of changes; ``pages`` are the last that were right, by path."""

    def __init__(self, project: Project, edition: LiveEdition, said: Callable[[str], None]) -> None:
        self._project, self._edition, self._said = project, edition, said
        self._lock = threading.Lock()
        self._listeners: set[asyncio.Queue[str]] = set()
        self._pages: dict[str, bytes] = {}

    def app(self) -> Starlette:
        """The server."""
        routes = [
            Route("/", self._door),
            Route(f"/{_OWN}/events", self._events),
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
        root = self._project.root
        places = [root / name for name in _WATCHED if (root / name).is_dir()]
        async for changes in awatch(*places):
            changed = sorted({Path(path).relative_to(root).as_posix() for _, path in changes})
            if kept := [path for path in changed if not _hidden(path)]:
                self._said(", ".join(kept))
                await asyncio.to_thread(self._take, kept)
                await self._tell("looks" if self._edition.only_looks(kept) else "pages")

    def _take(self, changed: list[str]) -> None:
        with self._lock:
            self._edition.refresh(changed)
        for problem in self._edition.problems:
            self._said(str(problem))

    async def _tell(self, what: str) -> None:
        for listener in self._listeners:
            await listener.put(what)

    async def _events(self, _: Request) -> Response:
        """What changed, as it changes (server-sent events)."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._listeners.add(queue)

        async def told() -> AsyncIterator[str]:
            try:
                yield "retry: 500\n\n"
                while True:
                    yield f"data: {json.dumps(await queue.get())}\n\n"
            finally:
                self._listeners.discard(queue)

        return StreamingResponse(told(), media_type="text/event-stream", headers=_FRESH)

    def _door(self, _: Request) -> Response:
        """To the first page, or to what is wrong."""
        with self._lock:
            languages = self._edition.languages
        return RedirectResponse(f"/{languages[0]}/index.html") if languages else _page(b"", self._edition.problems)

    def _file(self, request: Request) -> Response:
        """A file of the edition; of a page that cannot be made the last that was right, with what is wrong above it."""
        path = str(request.path_params["path"])
        if path.endswith("/"):
            return RedirectResponse(f"/{path}index.html")
        with self._lock:
            try:
                data, problems = self._edition.file(path), self._edition.problems
            except InputError as error:
                data, problems = None, (*self._edition.problems, *error.problems)
        if data is not None and not path.endswith(".html"):
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            return Response(data, media_type=kind, headers=_FRESH)
        if data is not None:
            self._pages[path] = data
        last = self._pages.get(path, b"")
        if not last and not problems:
            problems = (Problem(path, rule="there is no such page", fix="npl-report build makes all files"),)
        return _page(last, problems, 200 if last or self._edition.problems else 404)


def _page(page: bytes, problems: Iterable[Problem], status: int = 200) -> Response:
    """A page with what makes it load again, and what is wrong above it."""
    text = page.decode() or '<!doctype html><html lang="en"><head><title>npl-report</title></head><body></body></html>'
    head, end, body = text.partition("</head>")
    start = body.index(">") + 1
    own = f'<link rel="stylesheet" href="/{_OWN}/live.css"><script src="/{_OWN}/live.js" defer></script>'
    return HTMLResponse(f"{head}{own}{end}{body[:start]}{_told(problems)}{body[start:]}", status, _FRESH)


def _told(problems: Iterable[Problem]) -> str:
    """What is wrong, as the command line says it."""
    items = "".join(f"<li>{escape(str(problem))}</li>" for problem in dict.fromkeys(problems))
    return f'<aside class="npl-live" role="alert"><ul>{items}</ul></aside>' if items else ""


def _own(request: Request) -> Response:
    """The preview's own script and style."""
    place = Path(__file__).with_name(Path(str(request.path_params["name"])).name)
    kinds = {".js": "text/javascript", ".css": "text/css"}
    if place.suffix not in kinds or not place.is_file():
        return Response(status_code=404)
    return Response(place.read_bytes(), media_type=kinds[place.suffix], headers=_FRESH)


def _hidden(path: str) -> bool:
    """Whether a file is one that editors leave there."""
    name = path.rpartition("/")[2]
    return name.startswith((".", "~$")) or name.endswith("~")


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
