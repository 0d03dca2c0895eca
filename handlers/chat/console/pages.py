"""The console over HTTP: the page itself, log-in, and the WebSocket."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from aiohttp import WSMsgType, web

from bot.domain.people import PersonId
from bot.ports import Clock, Memory
from bot.views.text import render
from handlers.chat.console.door import Listener
from handlers.chat.console.hub import Connection
from handlers.chat.console.sessions import COOKIE, LASTS, Sessions

log = structlog.get_logger()

STATIC = Path(__file__).parent / "static"
FRAME_LIMIT = 64 * 1024
_PING = 5.0


@dataclass(frozen=True, slots=True)
class Console:
    """``choosing`` says whether a person may simply be chosen: the sample organisation on loopback."""

    listener: Listener
    memory: Memory
    clock: Clock
    sessions: Sessions
    choosing: Callable[[web.Request], bool]
    org_name: str

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/", self.index),
            web.get("/login", self.login_page),
            web.post("/login", self.login),
            web.post("/logout", self.logout),
            web.get("/ws", self.socket),
            web.get("/static/console/{name}", self.static),
        ]

    def person(self, request: web.Request) -> PersonId | None:
        """Who is logged in."""
        token = request.cookies.get(COOKIE, "")
        found = self.sessions.person(token, self.clock.now())
        return None if found is None else PersonId(found)

    async def index(self, request: web.Request) -> web.StreamResponse:
        if self.person(request) is None:
            raise web.HTTPSeeOther("/login")
        return _html("console/index.html.j2", organisation=self.org_name)

    async def login_page(self, request: web.Request) -> web.StreamResponse:
        people = []
        if self.choosing(request):
            found = await self.memory.read(lambda uow: list(uow.org.people.values()))
            people = [{"id": p.id, "name": p.name, "admin": p.standing == "admin"} for p in found]
        return _html("console/login.html.j2", organisation=self.org_name, people=people)

    async def login(self, request: web.Request) -> web.StreamResponse:
        """Choosing a person, where that is allowed. A POST, since a GET never acts."""
        if not self.choosing(request):
            raise web.HTTPForbidden(text="Ask for a log-in link: tocsin login-link <you>")
        person = str((await request.post()).get("person", ""))
        known = await self.memory.read(lambda uow: PersonId(person) in uow.org.people)
        if not known:
            raise web.HTTPBadRequest(text="There is no such person in the organisation.")
        response = web.HTTPSeeOther("/")
        response.set_cookie(
            COOKIE,
            self.sessions.issue(person, self.clock.now()),
            max_age=int(LASTS.total_seconds()),
            httponly=True,
            samesite="Strict",
            secure=request.secure,
        )
        raise response

    async def logout(self, request: web.Request) -> web.StreamResponse:
        response = web.HTTPSeeOther("/login")
        response.del_cookie(COOKIE)
        raise response

    async def static(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        path = STATIC / name
        if "/" in name or name.startswith(".") or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Cache-Control": "no-cache"})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """One browser's conversation. Its origin was checked with every unsafe request."""
        person = self.person(request)
        if person is None:
            raise web.HTTPUnauthorized(text="Log in first.")
        socket = web.WebSocketResponse(max_msg_size=FRAME_LIMIT, heartbeat=20)
        await socket.prepare(request)
        connection = Connection(person)
        self.listener.hub.join(connection)
        loop = asyncio.get_running_loop()
        helpers = [
            loop.create_task(_send(connection, socket)),
            loop.create_task(_ping(connection)),
        ]
        try:
            await self._receive(connection, socket)
        finally:
            self.listener.hub.leave(connection)
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
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

    async def _answer(self, connection: Connection, frame: dict[str, object]) -> None:
        await self.listener.receive(connection, frame)


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
    await socket.close()


async def _ping(connection: Connection) -> None:
    """A frame every five seconds: a browser that hears none for twelve says that the bot is away."""
    while True:
        await asyncio.sleep(_PING)  # noqa: TID251 - the wire's own rhythm, not the domain's time
        connection.send({"t": "ping"})


def asset(name: str) -> str:
    """The address of a static file, with its hash so that a new version is fetched."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/console/{name}?v={digest}"


def _html(template: str, **context: object) -> web.Response:
    body = render(template, asset=asset, **context)
    return web.Response(text=body, content_type="text/html", headers={"Cache-Control": "no-store"})
