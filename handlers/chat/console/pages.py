"""The console over HTTP: the page itself, its files, and the WebSocket."""

from __future__ import annotations

import asyncio
import itertools
import zlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from aiohttp import WSMsgType, web

from bot.accounts.model import Session, SessionId
from bot.core.chat.text import render
from bot.core.ports.jobs import Unavailable
from handlers.assets import Assets
from handlers.chat.console.adapter import Adapter
from handlers.chat.console.frames import Frame
from handlers.chat.console.greeting import first_view
from handlers.chat.console.hub import Connection
from handlers.chat.console.joining import joined

log = structlog.get_logger()

STATIC = Path(__file__).parent / "static"
FRAME_LIMIT = 64 * 1024
_PAGE = {
    "Cache-Control": "no-store",
    "Content-Type": "text/html; charset=utf-8",
    "Vary": "Accept-Encoding",
}
_PACKED = {"Content-Encoding": "gzip"}
LOGGED_OUT = 4401
# The room where this browser was last; the page writes it (static/console.js).
LAST_ROOM = "tocsin-room"
_PING = 5.0
_CLOSE_WAIT = 1.0
_LOOK_AGAIN = 6


def console_assets() -> Assets:
    """The files of the page, with the modules that it starts as one script, ``all.js``."""
    modules = {path.stem: path.read_text("utf-8") for path in STATIC.glob("*.js")}
    return Assets(STATIC, "console", {"all.js": joined(modules, "console")})


@dataclass(frozen=True, slots=True)
class Console:
    """``required`` tells who is logged in or turns the request away; ``session`` tells, or None;
    ``lives`` says whether the session of an open page is still good."""

    listener: Adapter
    required: Callable[[web.Request], Awaitable[Session]]
    session: Callable[[web.Request], Awaitable[Session | None]]
    lives: Callable[[SessionId], Awaitable[bool]]
    org_name: str
    assets: Assets = field(default_factory=console_assets)

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/", self.index),
            web.get("/ws", self.socket),
            *self.assets.routes(),
        ]

    async def index(self, request: web.Request) -> web.StreamResponse:
        """The page, and at its end what it shows first: nobody waits for a socket to see their rooms, nor
        the browser for our database before it fetches what the page is made of."""
        session = await self.required(request)
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        response = web.StreamResponse(headers={**_PAGE, **(_PACKED if packed else {})})
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        pack = zlib.compressobj(wbits=31)  # gzip's own frame
        shell = render("console/index.html.j2", organisation=self.org_name, assets=self.assets)
        with suppress(ConnectionError):  # a browser that went away
            await response.write(_bytes(shell, pack if packed else None))
            first = await self._first(session, request.cookies.get(LAST_ROOM, ""))
            rest = render("console/first.html.j2", first=first)
            await response.write(_bytes(rest, pack if packed else None))
            await response.write_eof(pack.flush() if packed else b"")
        return response

    async def _first(self, session: Session, last: str) -> Frame | None:
        adapter = self.listener
        try:
            return await adapter.memory.read(
                lambda uow: first_view(adapter, uow, session.person, last)
            )
        except Unavailable:
            return None  # the socket brings it as soon as the database is back

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """One browser's conversation. Its origin was checked with every unsafe request.

        A socket whose session is over is opened and closed with 4401, since a browser is not told
        of a status before that.
        """
        session = await self.session(request)
        socket = web.WebSocketResponse(max_msg_size=FRAME_LIMIT, heartbeat=20)
        try:
            await socket.prepare(request)
        except ConnectionError:  # a page that was left before it was connected
            return socket
        if session is None:
            await socket.close(code=LOGGED_OUT, message=b"log in again")
            return socket
        connection = Connection(session.person, session.id)
        self.listener.hub.join(connection)
        loop = asyncio.get_running_loop()
        sender = loop.create_task(_send(connection, socket))
        pinger = loop.create_task(self._ping(connection))
        try:
            await self._receive(connection, socket)
        finally:
            self.listener.hub.leave(connection)
            pinger.cancel()
            # The sender says goodbye before it goes: a browser that hears it reconnects at once.
            connection.stop()
            await asyncio.wait({sender}, timeout=_CLOSE_WAIT)
            sender.cancel()
            await asyncio.gather(sender, pinger, return_exceptions=True)
        return socket

    async def _receive(self, connection: Connection, socket: web.WebSocketResponse) -> None:
        """Requests of one browser run side by side, so that a slow one holds up no other."""
        working: set[asyncio.Task[None]] = set()
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            try:
                frame = message.json()
            except ValueError:
                break
            if not isinstance(frame, dict):
                break
            task = asyncio.get_running_loop().create_task(self._answer(connection, frame))
            working.add(task)
            task.add_done_callback(working.discard)
            task.add_done_callback(_logged)
            if len(working) > 50:
                await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)

    async def _ping(self, connection: Connection) -> None:
        """A frame every five seconds: a browser that hears none for twelve says that the bot is away.

        Every sixth one asks whether the session is still good: it may have run out, and its person
        may have left the organisation.
        """
        for count in itertools.count(1):
            await asyncio.sleep(_PING)  # noqa: TID251 - the socket's own ping, not a time of the application
            connection.send({"t": "ping"})
            if count % _LOOK_AGAIN == 0 and not await self._good(connection):
                connection.end()

    async def _good(self, connection: Connection) -> bool:
        try:
            return await self.lives(connection.session)
        except Unavailable:
            return True  # nobody is disconnected because the database is away

    async def _answer(self, connection: Connection, frame: dict[str, object]) -> None:
        await self.listener.receive(connection, frame)


def _bytes(text: str, pack: zlib._Compress | None) -> bytes:
    """``text`` as it travels, and nothing of it held back."""
    body = text.encode()
    return body if pack is None else pack.compress(body) + pack.flush(zlib.Z_SYNC_FLUSH)


def _logged(task: asyncio.Task[None]) -> None:
    """What no answer foresaw reaches the log."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("console.fault", exc_info=error)


async def _send(connection: Connection, socket: web.WebSocketResponse) -> None:
    while not connection.lost.is_set():
        text = await connection.outbox.get()
        if text is None:
            break
        try:
            await socket.send_str(text)
        except (ConnectionError, RuntimeError):
            break
    over = b"log in again" if connection.over.is_set() else b""
    await socket.close(code=LOGGED_OUT if over else 1001, message=over)
