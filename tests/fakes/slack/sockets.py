"""Socket Mode: the app's connections, their tickets, and the ways in which they end."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from tests.fakes.slack.model import APP, Json

if TYPE_CHECKING:
    from tests.fakes.slack.workspace import FakeSlack

MOST = 10


@dataclass
class Link:
    """One connection. ``stalled``: it looks open, and nothing goes through it, pings included."""

    ws: web.WebSocketResponse
    request: web.Request
    stalled: bool = False
    leaving: bool = False
    received: list[Json] = field(default_factory=list)

    @property
    def takes(self) -> bool:
        return not self.leaving and not self.ws.closed

    async def put(self, body: Json) -> None:
        if self.stalled:
            return
        try:
            await self.ws.send_str(json.dumps(body))
        except (ConnectionError, RuntimeError):
            self.leaving = True

    def reset(self) -> None:
        """A hard TCP reset: no close frame, no goodbye."""
        self.leaving = True
        cut(self.request)

    async def end(self) -> None:
        """Close it properly; the app may come again."""
        self.leaving = True
        await self.ws.close()


def cut(request: web.Request) -> None:
    """Reset the connection under a request."""
    transport = request.transport
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


@dataclass
class Sockets:
    """The end point behind the address that ``apps.connections.open`` gives; a ticket is good once."""

    slack: FakeSlack
    tickets: set[str] = field(default_factory=set)
    opened: int = 0

    def ticket(self) -> str:
        made = f"{self.slack.chance.getrandbits(96):024x}"
        self.tickets.add(made)
        return f"{self.slack.url.replace('http', 'ws', 1)}/link/?ticket={made}&app_id={APP}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if self.slack.faults.gone:
            cut(request)
            return web.Response()
        if ticket not in self.tickets:
            return web.Response(status=408, text="ticket unknown or used")
        self.tickets.discard(ticket)
        links = self.slack.post.links
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        link = Link(ws, request)
        if len(links) >= MOST:
            await link.put({"type": "disconnect", "reason": "too_many_websockets"})
            await ws.close()
            return ws
        links.append(link)
        self.opened += 1
        self.slack.touch()
        await link.put(
            {
                "type": "hello",
                "num_connections": len(links),
                "connection_info": {"app_id": APP},
                "debug_info": {"host": "applink-fake", "approximate_connection_time": 18060},
            }
        )
        try:
            await self._listen(link)
        finally:
            link.leaving = True
            if link in links:
                links.remove(link)
            self.slack.touch()
        return ws

    async def _listen(self, link: Link) -> None:
        async for message in link.ws:
            if link.stalled:
                continue
            if message.type is WSMsgType.PING:
                await link.ws.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                body = json.loads(message.data)
                link.received.append(body)
                self.slack.post.acknowledged(body.get("envelope_id", ""), body.get("payload") or {})

    # --- what can befall the connections ---

    def reset(self) -> None:
        """Every connection is reset at once."""
        for link in list(self.slack.post.links):
            link.reset()

    def stall(self) -> None:
        """Every connection of now stays open and falls silent; new ones work."""
        for link in self.slack.post.links:
            link.stalled = True

    async def close(self) -> None:
        """Every connection is closed with a close frame and no word of why."""
        await asyncio.gather(*(link.end() for link in list(self.slack.post.links)))

    async def refresh(self, warned: float = 0.0) -> None:
        """Slack's own renewal: a warning, and after ``warned`` seconds the request and the end."""
        from tests.fakes.slack.post import pause

        links = list(self.slack.post.links)
        for link in links:
            await link.put({"type": "disconnect", "reason": "warning", "debug_info": {}})
        await pause(warned)
        for link in links:
            await link.put({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})
            await link.end()

    async def disable(self) -> None:
        """Socket Mode was switched off."""
        for link in list(self.slack.post.links):
            await link.put({"type": "disconnect", "reason": "link_disabled", "debug_info": {}})
            await link.end()
