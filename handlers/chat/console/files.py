"""Files that people drop: bounded, looked at, kept beside the database, served so that they cannot act."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from bot.accounts.model import Session
from bot.core.chat.console import ConsoleFile
from bot.core.errors import Invalid, NotFound, UserError
from bot.core.people import Viewer
from bot.core.ports.clock import Clock
from bot.core.ports.jobs import Unavailable
from bot.core.ports.unit_of_work import Memory, UnitOfWork

# What a browser shows as a picture, by its first bytes. Its name and declared type do not count.
_PICTURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
)
TEXT = "text/plain"
_LARGEST_SIDE = 20_000
_EVERY = timedelta(hours=1)
_SAFE = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=3600",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Files:
    """``limit`` in bytes; ``folder`` is made when the first file comes."""

    memory: Memory
    required: Callable[[web.Request], Awaitable[Session]]
    folder: Path
    limit: int

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.post("/files", self.bring),
            web.get("/files/{file:[A-Za-z0-9_-]{16}}/{name}", self.serve),
        ]

    async def bring(self, request: web.Request) -> web.Response:
        """The body is the file; it is nobody's to see until it is said in a message."""
        session = await self.required(request)
        room = request.query.get("room", "")
        try:
            await self.memory.read(lambda uow: _inside(uow, room, Viewer(session.person)))
            body = await self._body(request)
            file = ConsoleFile(
                secrets.token_urlsafe(12),
                cleaned(request.query.get("name", "")),
                kind_of(body),
                len(body),
                _side(request, "width"),
                _side(request, "height"),
            )
            await asyncio.to_thread(_write, self.folder, file.id, body)
            await self.memory.write(lambda uow: uow.files.add(file, room, session.person))
        except UserError as error:
            return web.json_response({"error": str(error)}, status=422)
        except OSError:
            words = "The file could not be kept: the disk is full or not writable. An admin can see why in `tocsin doctor`."
            return web.json_response({"error": words}, status=507)
        return web.json_response({"id": file.id, "name": file.name, "type": file.type})

    async def _body(self, request: web.Request) -> bytes:
        """Never more than the limit is read, whatever the request says of its length."""
        body = bytearray()
        async for piece in request.content.iter_any():
            body += piece
            if len(body) > self.limit:
                most = self.limit // (1 << 20)
                raise Invalid(f"That file is larger than {most} MB, which is the most.")
        return bytes(body)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """To those who may see its room; to others it is no file."""
        session = await self.required(request)
        which = request.match_info["file"]

        def look(uow: UnitOfWork) -> ConsoleFile:
            file, room = uow.files.get(which)
            _inside(uow, room, Viewer(session.person))
            return file

        try:
            file = await self.memory.read(look)
        except NotFound:
            raise web.HTTPNotFound(text="There is no such file.") from None
        path = self.folder / file.id
        if not path.is_file():
            raise web.HTTPNotFound(text="There is no such file.")
        shown = "inline" if file.type != TEXT else "attachment"
        headers = {
            **_SAFE,
            "Content-Type": f"{TEXT}; charset=utf-8" if file.type == TEXT else file.type,
            "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(file.name)}",
        }
        return web.FileResponse(path, headers=headers)

    async def run(self, clock: Clock) -> None:
        """Sweep at the start and every hour, until cancelled."""
        while True:
            with contextlib.suppress(Unavailable):
                await self.sweep(clock.now())
            await clock.wait(asyncio.Event(), clock.now() + _EVERY)

    async def sweep(self, now: datetime) -> int:
        """Take from the disk what no message holds any more. Returns how many."""
        if not self.folder.is_dir():
            return 0
        there = await asyncio.to_thread(_older_files, self.folder, now - _EVERY)
        known = await self.memory.read(lambda uow: uow.files.known())
        gone = there - known
        for name in gone:
            (self.folder / name).unlink(missing_ok=True)
        return len(gone)


def _older_files(folder: Path, than: datetime) -> set[str]:
    """A younger one may be on its way into the database."""
    files = [path for path in folder.iterdir() if path.is_file()]
    return {path.name for path in files if path.stat().st_mtime <= than.timestamp()}


def _inside(uow: UnitOfWork, room: str, viewer: Viewer) -> None:
    if not uow.console.may_see(room, viewer):
        raise NotFound("There is no such room, or you are not in it.")


def _write(folder: Path, name: str, body: bytes) -> None:
    """Whole or not at all, and readable by us alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / f".{name}.part"
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        part.rename(folder / name)
    finally:
        part.unlink(missing_ok=True)


def kind_of(body: bytes) -> str:
    """What the bytes themselves are. Raises ``Invalid``."""
    for beginning, kind in _PICTURES:
        if beginning.match(body):
            return kind
    try:
        if body and b"\x00" not in body:
            body.decode()
            return TEXT
    except UnicodeDecodeError:
        pass
    raise Invalid("Only pictures (PNG, JPEG, GIF, WebP) and plain text can be dropped here.")


def cleaned(name: str) -> str:
    """The last part of a name, without what could mislead; never empty."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(c for c in last if c.isprintable()).strip(" .")
    return plain[-100:] or "file"


def _side(request: web.Request, name: str) -> int:
    text = request.query.get(name, "")
    return (
        min(int(text), _LARGEST_SIDE) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    )
