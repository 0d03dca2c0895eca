"""Somebody's open page of the console, spoken to over its wire."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import aiohttp

from bot.app import App

_ids = count(1)


@dataclass
class Tab:
    """One person's open page."""

    app: App
    session: aiohttp.ClientSession
    socket: aiohttp.ClientWebSocketResponse
    welcome: dict[str, Any] = field(default_factory=dict)

    async def asks(self, **frame: Any) -> dict[str, Any]:
        """A request and its answer."""
        sent = {"id": f"t{next(_ids)}", **frame}
        await self.socket.send_json(sent)
        async with asyncio.timeout(10):
            while True:
                answer: dict[str, Any] = json.loads((await self.socket.receive()).data)
                if answer.get("id") == sent["id"]:
                    return answer

    def room(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(r for r in self.welcome["rooms"] if r["name"] == name)
        return found

    async def brings(self, body: bytes, room: str, name: str = "shot.png") -> tuple[int, Any]:
        base = self.app.settings.internal_url
        query = {"room": room, "name": name, "width": "640", "height": "480"}
        sent = self.session.post(
            f"{base}/files", params=query, data=io.BytesIO(body), headers={"Origin": base}
        )
        async with sent as answer:
            return answer.status, await answer.json(content_type=None)


@asynccontextmanager
async def tab(app: App, person: str) -> AsyncIterator[Tab]:
    base = app.settings.internal_url
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        await session.post(f"{base}/login", data={"person": person}, headers={"Origin": base})
        async with session.ws_connect(f"{base}/ws", headers={"Origin": base}) as socket:
            made = Tab(app, session, socket)
            await socket.send_json({"t": "hello", "since": {}})
            while (frame := json.loads((await socket.receive()).data))["t"] != "synced":
                made.welcome = frame if frame["t"] == "welcome" else made.welcome
            yield made
