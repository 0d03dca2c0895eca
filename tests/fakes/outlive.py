"""A chat platform behind a socket that outlives the bot: its state stays when the bot is killed.

The server is the in-memory fake over HTTP, in the test's own process. A test can have the answer of a
call withheld, so that the bot is killed between a write and its answer.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.core.chat.codec import card_from
from bot.core.chat.vocabulary import MessageRef, Refused, Retry, RoomSpec
from tests.fakes.platform import FakePlatform
from tests.installation import free_port

# Called after a write was done and before it is answered; returns whether to answer at all.
Witness = Callable[[str, int], Awaitable[bool]]


async def _answer(method: str, nth: int) -> bool:
    return True


@dataclass
class Outlive:
    """The server's side: what happened, and what was asked of the bot."""

    platform: FakePlatform = field(default_factory=lambda: FakePlatform(name="outlive"))
    witness: Witness = _answer
    counts: Counter[str] = field(default_factory=Counter)
    asked: asyncio.Queue[dict[str, str]] = field(default_factory=asyncio.Queue)
    replies: dict[str, str] = field(default_factory=dict)
    heard: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""
    caller: int = 0

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.post("/call/{method}", self.call),
            web.get("/next", self.next),
            web.post("/reply", self.reply),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        method, args = request.match_info["method"], await request.json()
        self.counts[method] += 1
        self.caller = int(request.headers["X-Bot"])
        nth = self.counts[method]
        try:
            result = await getattr(self, f"_{method}")(args)
        except Retry as error:
            return web.json_response({"retry": str(error)}, status=503)
        except Refused as error:
            return web.json_response({"refused": str(error)}, status=400)
        if not await self.witness(method, nth):
            transport = request.transport
            if transport is not None:
                transport.abort()
        return web.json_response(result)

    async def next(self, request: web.Request) -> web.Response:
        """The next thing that somebody says, or nothing for a second."""
        try:
            async with asyncio.timeout(1):
                return web.json_response(await self.asked.get())
        except TimeoutError:
            return web.json_response(None)

    async def reply(self, request: web.Request) -> web.Response:
        told = await request.json()
        self.replies[told["delivery"]] = told["text"]
        self.heard.append((told["delivery"], told["text"]))
        return web.json_response({})

    def told(self, delivery: str) -> list[str]:
        """Everything that was answered to one delivery, in order."""
        return [text for to, text in self.heard if to == delivery]

    # --- the platform's methods, over the wire ---

    async def _open_room(self, args: Mapping[str, Any]) -> Any:
        return asdict(await self.platform.open_room(RoomSpec(**args["spec"])))

    async def _find_room(self, args: Mapping[str, Any]) -> Any:
        found = await self.platform.find_room(RoomSpec(**args["spec"]), _long_ago())
        return None if found is None else asdict(found)

    async def _remove(self, args: Mapping[str, Any]) -> None:
        await self.platform.remove(args["room"], args["people"])

    async def _invite(self, args: Mapping[str, Any]) -> Any:
        return list(await self.platform.invite(args["room"], args["people"]))

    async def _post(self, args: Mapping[str, Any]) -> Any:
        card = card_from(args["card"])
        return asdict(await self.platform.post(args["room"], card, args["marker"]))

    async def _find_message(self, args: Mapping[str, Any]) -> Any:
        found = await self.platform.find_message(args["room"], args["marker"], _long_ago())
        return None if found is None else asdict(found)

    async def _edit(self, args: Mapping[str, Any]) -> Any:
        await self.platform.edit(MessageRef(**args["ref"]), card_from(args["card"]))

    async def _pin(self, args: Mapping[str, Any]) -> Any:
        await self.platform.pin(MessageRef(**args["ref"]))

    async def _set_topic(self, args: Mapping[str, Any]) -> Any:
        await self.platform.set_topic(args["room"], args["topic"])

    async def _bookmark(self, args: Mapping[str, Any]) -> Any:
        await self.platform.bookmark(args["room"], args["title"], args["url"])

    async def _announce_room(self, args: Mapping[str, Any]) -> Any:
        return await self.platform.announce_room()

    async def _direct_room(self, args: Mapping[str, Any]) -> Any:
        return await self.platform.direct_room(args["person"])

    async def _archive(self, args: Mapping[str, Any]) -> Any:
        await self.platform.archive(args["room"])


def _long_ago() -> datetime:
    return datetime.fromtimestamp(0).astimezone()


@asynccontextmanager
async def outliving() -> AsyncIterator[Outlive]:
    """A server that is up for the whole test, whatever becomes of the bot."""
    made = Outlive()
    app = web.Application()
    app.add_routes(made.routes())
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    made.url = f"http://127.0.0.1:{port}"
    try:
        yield made
    finally:
        await runner.cleanup()
