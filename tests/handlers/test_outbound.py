"""The heartbeat: while Tocsin works somebody outside hears it; when it does not, nobody does."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from aiohttp import web
from aiohttp.test_utils import TestServer

from handlers.outbound import heartbeat
from tests.fakes.clock import FakeClock


async def test_it_beats_once_a_minute_while_alive_and_not_otherwise() -> None:
    heard: list[float] = []
    clock, alive = FakeClock(), True
    began = clock.now()

    async def hear(request: web.Request) -> web.Response:
        heard.append((clock.now() - began) / timedelta(minutes=1))
        return web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"})

    app = web.Application()
    app.add_routes([web.get("/beat", hear)])
    async with TestServer(app) as server:
        beating = asyncio.ensure_future(
            heartbeat(str(server.make_url("/beat")), clock, lambda: alive)
        )
        for minute in (0, 1):
            async with asyncio.timeout(10):
                while len(heard) <= minute:
                    await asyncio.to_thread(lambda: None)
            while not clock.waits():
                await asyncio.to_thread(lambda: None)
            alive = minute == 0
            clock.passes(minutes=1)
        for _ in range(50):
            await asyncio.to_thread(lambda: None)
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
    assert heard == [0.0, 1.0]
