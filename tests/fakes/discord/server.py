"""The server: every request is counted, troubled, checked, limited, answered; and the gateway beside it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.discord import (
    channel_routes,
    guild_routes,
    interaction_routes,
    message_routes,
)
from tests.fakes.discord.errors import Refusal, TooMany, no_token
from tests.fakes.discord.faults import Dropped, Faults, When, cut
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import Interactions
from tests.fakes.discord.model import Channel, Json, Kind, Role
from tests.fakes.discord.people import Person
from tests.fakes.discord.rates import Rates
from tests.fakes.discord.routing import ROUTES, Answer, Call, Route, Stage
from tests.fakes.discord.world import World
from tests.installation import free_port

# Importing them fills the table.
END_POINTS = (channel_routes, guild_routes, interaction_routes, message_routes)
_MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")


@dataclass
class Made:
    """One request that was made, and how it ended; 0 when it was cut."""

    route: str
    path: dict[str, str]
    body: Json
    at: float
    status: int = 0
    done: float = 0.0


@dataclass
class Discord:
    """The whole platform. ``api`` is what DISCORD_API_URL is set to."""

    world: World = field(default_factory=World)
    faults: Faults = field(default_factory=Faults)
    calls: list[Made] = field(default_factory=list)
    api: str = ""

    def __post_init__(self) -> None:
        self.gateway = Gateway(self.world)
        self.rates = Rates(self.world.watch)
        self.interactions = Interactions(self.world)
        self.stage = Stage(self.world, self.gateway, self.rates, self.interactions)
        self.people: dict[str, Person] = {}

    def person(self, name: str, roles: Iterable[Role] = ()) -> Person:
        """A member of the guild, who joins when asked for first."""
        if name not in self.people:
            self.people[name] = Person(self.stage, self.world.join(name, roles))
        return self.people[name]

    def channel(self, name: str, kind: Kind = Kind.TEXT, *, parent: int | None = None) -> Channel:
        """Somebody makes a channel by hand, and everybody is told."""
        made = self.world.channel(name, kind, parent=parent)
        self.gateway.tell_channel("CHANNEL_CREATE", made)
        return made

    def made(self, route: str) -> list[Made]:
        """The requests of one route that were answered well."""
        return [one for one in self.calls if one.route == route and 200 <= one.status < 300]

    def go(self) -> None:
        """The whole platform goes away: requests are cut and the gateway is dropped."""
        self.faults.gone = True
        self.gateway.drop()

    def come_back(self) -> None:
        self.faults.gone = False

    async def revoke(self) -> None:
        """The token is worth nothing any more: 401, and 4004 on the gateway."""
        self.world.token = "revoked"
        await self.gateway.close(4004)

    # --- serving ---

    def application(self, more: Iterable[web.AbstractRouteDef] = ()) -> web.Application:
        app = web.Application(client_max_size=16 * 2**20)
        app.router.add_routes(more)
        for one in ROUTES:
            template = f"/api/v10{one.template}"
            app.router.add_route(one.method, template, self._serve(one))
        app.router.add_get("/gateway", self._connect)
        app.router.add_route("*", "/{rest:.*}", self._nothing)
        return app

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        return cut(request) if self.faults.gone else await self.gateway.connect(request)

    async def _nothing(self, request: web.Request) -> web.StreamResponse:
        self.calls.append(
            Made(f"{request.method} {request.path}", {}, {}, self.world.watch.now(), 404)
        )
        return _json({"message": "404: Not Found", "code": 0}, 404, {})

    def _serve(self, one: Route) -> Any:
        async def serve(request: web.Request) -> web.StreamResponse:
            body = await _body(request)
            plain = body if isinstance(body, dict) else {}
            made = Made(one.name, dict(request.match_info), plain, self.world.watch.now())
            self.calls.append(made)
            headers: dict[str, str] = {}
            try:
                status, told = await self._handle(one, request, body, headers)
            except Dropped:
                return cut(request)
            except Refusal as error:
                status, told = error.status, error.body()
                headers |= _too_many(error) if isinstance(error, TooMany) else {}
            made.status, made.done = status, self.world.watch.now()
            if self.rates.spoilt(status):  # banned by the edge: no `Via`, no JSON
                return web.Response(status=429, text="error code: 1015")
            return _json(told, status, headers)

        return serve

    async def _handle(
        self, one: Route, request: web.Request, body: Any, headers: dict[str, str]
    ) -> Answer:
        await self.faults.strike(one.name, When.BEFORE)
        token = request.headers.get("Authorization", "")
        if not one.free and token != f"Bot {self.world.token}":
            raise no_token()
        path = dict(request.match_info)
        major = "+".join(path[name] for name in _MAJOR if name in path)
        headers |= self.rates.take(one.name, major, token)
        call = Call(self.stage, path, dict(request.query), body if isinstance(body, dict) else {})
        call.items = body if isinstance(body, list) else []
        answer = await one.handler(call)
        await self.faults.witnessed(one.name)
        await self.faults.strike(one.name, When.AFTER)
        return answer


async def _body(request: web.Request) -> Any:
    if not request.can_read_body:
        return {}
    if not request.content_type.startswith("multipart/"):
        return json.loads(await request.text() or "{}")
    fields = await request.post()
    body: Json = json.loads(str(fields.get("payload_json", "{}")))
    files = [value for value in fields.values() if isinstance(value, web.FileField)]
    body["attachments"] = [
        {"id": str(at), "filename": file.filename, "size": 1, "url": f"https://cdn.example/{at}", "proxy_url": "", "text": file.file.read().decode()}
        for at, file in enumerate(files)
    ]  # fmt: skip
    return body


def _too_many(error: TooMany) -> dict[str, str]:
    scope = {"Retry-After": f"{error.after:.3f}", "X-RateLimit-Scope": error.scope}
    shared = {"X-RateLimit-Global": "true"} if error.scope == "global" else {}
    return {**scope, **shared, **error.headers}


def _json(told: Any, status: int, headers: dict[str, str]) -> web.Response:
    # discord.py compares the type as a whole, so there is no charset; and without `Via` a 429 is a ban.
    headers = {"Via": "1.1 google", **headers}
    if told is None:
        return web.Response(status=status, headers=headers)
    body = json.dumps(told).encode()
    return web.Response(
        body=body, status=status, headers={**headers, "Content-Type": "application/json"}
    )


@asynccontextmanager
async def serving(discord: Discord | None = None) -> AsyncIterator[Discord]:
    """On loopback, for the whole test, whatever becomes of the bot."""
    made = discord or Discord()
    async with listening(made.application(), made):
        yield made


@asynccontextmanager
async def listening(app: web.Application, made: Discord) -> AsyncIterator[Discord]:
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    made.api = f"http://127.0.0.1:{port}/api/v10"
    made.gateway.url = f"ws://127.0.0.1:{port}/gateway"
    try:
        yield made
    finally:
        made.faults.clear()
        await made.gateway.close(1001)
        await runner.cleanup()
