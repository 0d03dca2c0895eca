"""The gateway: sessions that are identified, kept alive, dropped and resumed, and what they are sent."""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from collections import deque
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.fakes.discord import shape
from tests.fakes.discord.model import PRIVILEGED, Channel, Intent, Json, Kind, Message
from tests.fakes.discord.world import World

HEARTBEAT = 41.25
REPLAY = 2000
RESUMABLE = 180.0
_MEMBER_EVENTS = frozenset({"GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE"})


class Socket:
    """One WebSocket; compresses when it was asked to, with one zlib stream for its whole life."""

    def __init__(self, ws: web.WebSocketResponse, compress: str) -> None:
        self.ws = ws
        self._deflate = zlib.compressobj() if compress == "zlib-stream" else None
        self._queue: asyncio.Queue[Json] = asyncio.Queue()
        self.last_beat = 0.0

    def put(self, packet: Json) -> None:
        self._queue.put_nowait(packet)

    async def pump(self) -> None:
        """Send what is put, in order, until the socket is gone."""
        while not self.ws.closed:
            text = json.dumps(await self._queue.get())
            try:
                if self._deflate is None:
                    await self.ws.send_str(text)
                else:
                    data = self._deflate.compress(text.encode())
                    await self.ws.send_bytes(data + self._deflate.flush(zlib.Z_SYNC_FLUSH))
            except (ConnectionError, RuntimeError):
                return

    async def close(self, code: int) -> None:
        await self.ws.close(code=code)

    def cut(self) -> None:
        """A hard reset: no close frame."""
        transport = self.ws._req.transport if self.ws._req is not None else None
        if transport is not None:
            transport.abort()


@dataclass
class Session:
    id: str
    intents: Intent
    socket: Socket | None
    seq: int = 0
    left: float = 0.0
    sent: deque[Json] = field(default_factory=lambda: deque(maxlen=REPLAY))

    def dispatch(self, event: str, data: Json) -> None:
        self.seq += 1
        packet = {"op": 0, "t": event, "s": self.seq, "d": data}
        self.sent.append(packet)
        if self.socket is not None:
            self.socket.put(packet)


@dataclass
class Gateway:
    """``duplicate``: every event is sent twice. ``shuffle``: holds events back and swaps neighbours.

    A second IDENTIFY does not end the first session: both then hear everything, as with Discord.
    """

    world: World
    url: str = ""
    sessions: dict[str, Session] = field(default_factory=dict)
    identifies: list[float] = field(default_factory=list)
    resumes: int = 0
    identify_every: float = 5.0
    interval: float = HEARTBEAT
    duplicate: bool = False
    shuffle: bool = False
    shut: bool = False
    closed: list[int] = field(default_factory=list)
    _held: tuple[str, Json] | None = None

    def live(self) -> list[Session]:
        return [one for one in self.sessions.values() if one.socket is not None]

    # --- what happens is told ---

    def tell(self, event: str, data: Json, *, needs: Intent = Intent.GUILDS) -> None:
        """To every session that asked for it; kept for those that are away."""
        if self.shuffle and self._held is None:
            self._held = (event, data)
            asyncio.get_running_loop().call_later(0.05, self._let_go)
            return
        self._send(event, data, needs)
        self._let_go()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self._send(held[0], held[1], Intent(0))

    def _send(self, event: str, data: Json, needs: Intent) -> None:
        for session in self.sessions.values():
            if session.intents & needs == needs:
                for _ in range(1 + self.duplicate):
                    session.dispatch(event, data)

    def tell_message(self, event: str, channel: Channel, message: Message) -> None:
        """MESSAGE_CREATE or MESSAGE_UPDATE, emptied for those without MESSAGE_CONTENT."""
        if message.ephemeral or not self.world.sees(self.world.me.id, channel):
            return
        direct = channel.kind == Kind.DM
        needs = Intent.DIRECT_MESSAGES if direct else Intent.GUILD_MESSAGES
        for session in self.sessions.values():
            if session.intents & needs:
                blind = not session.intents & Intent.MESSAGE_CONTENT
                told = shape.message(self.world, message, blind=blind)
                if not direct:
                    told["guild_id"] = str(self.world.guild)
                    author = self.world.members.get(message.author.id)
                    told |= {"member": shape.bare_member(author)} if author else {}
                for _ in range(1 + self.duplicate):
                    session.dispatch(event, told)

    def tell_channel(self, event: str, channel: Channel, *, more: Json | None = None) -> None:
        if self.world.sees(self.world.me.id, channel) and channel.kind != Kind.DM:
            self.tell(event, shape.channel(self.world, channel) | (more or {}))

    # --- trouble ---

    def drop(self) -> None:
        """Every socket is reset; the sessions can be resumed."""
        for session in self.live():
            assert session.socket is not None
            session.socket.cut()
            session.socket, session.left = None, self.world.watch.now()

    def reconnect(self) -> None:
        """Op 7."""
        for session in self.live():
            assert session.socket is not None
            session.socket.put({"op": 7, "d": None, "s": None, "t": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Op 9. Not resumable: the sessions are forgotten with all that they missed."""
        for session in self.live():
            assert session.socket is not None
            session.socket.put({"op": 9, "d": resumable, "s": None, "t": None})
        if not resumable:
            self.sessions.clear()

    async def close(self, code: int) -> None:
        """Close every socket with a code of the gateway's."""
        for session in self.live():
            assert session.socket is not None
            socket, session.socket = session.socket, None
            await socket.close(code)

    # --- one connection ---

    async def connect(self, request: web.Request) -> web.StreamResponse:
        ws = web.WebSocketResponse(max_msg_size=4096)
        await ws.prepare(request)
        socket = Socket(ws, request.query.get("compress", ""))
        if request.query.get("v") not in {"9", "10"}:
            await ws.close(code=4012)
            return ws
        pump = asyncio.get_running_loop().create_task(socket.pump())
        beat = {"heartbeat_interval": int(self.interval * 1000), "_trace": []}
        socket.put({"op": 10, "d": beat, "s": None, "t": None})
        session: Session | None = None
        try:
            async for message in ws:
                if message.type == WSMsgType.TEXT:
                    session = await self._heard(socket, session, json.loads(message.data))
        finally:
            pump.cancel()
            if session is not None and session.socket is socket:
                session.socket = None
                session.left = self.world.watch.now()
                self._left(session, ws.close_code)
        return ws

    def _left(self, session: Session, code: int | None) -> None:
        if code in {1000, 1001}:  # a clean goodbye ends the session
            self.sessions.pop(session.id, None)

    def _forget(self) -> None:
        """Sessions that have been away for too long cannot be resumed."""
        old = self.world.watch.now() - RESUMABLE
        for one in [s for s in self.sessions.values() if s.socket is None and 0 < s.left < old]:
            del self.sessions[one.id]

    async def _heard(self, socket: Socket, session: Session | None, packet: Json) -> Session | None:
        data = packet.get("d") or {}
        match packet.get("op"):
            case 1:
                socket.put({"op": 11, "d": None, "s": None, "t": None})
            case 2 if session is not None:
                await self._refuse(socket, 4005)
            case 2:
                return await self._identify(socket, data)
            case 6:
                return await self._resume(socket, data)
            case 3 | 4:
                pass
            case 8 if session is not None:
                self._members(session, data)
            case 8:
                await self._refuse(socket, 4003)
            case _:
                await self._refuse(socket, 4001)
        return session

    async def _refuse(self, socket: Socket, code: int) -> None:
        self.closed.append(code)
        await socket.close(code)

    async def _identify(self, socket: Socket, data: Json) -> Session | None:
        intents, now = Intent(data.get("intents", 0)), self.world.watch.now()
        if data.get("token") != self.world.token:
            await self._refuse(socket, 4004)
            return None
        if intents & PRIVILEGED & ~self.world.granted:
            await self._refuse(socket, 4014)
            return None
        if self.identifies and now - self.identifies[-1] < self.identify_every:
            socket.put({"op": 9, "d": False, "s": None, "t": None})
            return None
        self._forget()
        self.identifies.append(now)
        session = Session(secrets.token_hex(16), intents, socket)
        self.sessions[session.id] = session
        session.dispatch("READY", self._ready(session))
        session.dispatch("GUILD_CREATE", shape.guild(self.world, whole=True))
        return session

    def _ready(self, session: Session) -> Json:
        application = shape.application(self.world)
        return {
            "v": 10, "user": shape.me(self.world), "session_id": session.id, "shard": [0, 1],
            "guilds": [{"id": str(self.world.guild), "unavailable": True}],
            "application": {"id": application["id"], "flags": application["flags"]},
            "resume_gateway_url": self.url, "session_type": "normal", "private_channels": [],
        }  # fmt: skip

    async def _resume(self, socket: Socket, data: Json) -> Session | None:
        self._forget()
        session = self.sessions.get(str(data.get("session_id")))
        if data.get("token") != self.world.token:
            await self._refuse(socket, 4004)
            return None
        if session is None:
            socket.put({"op": 9, "d": False, "s": None, "t": None})
            return None
        if (data.get("seq") or 0) > session.seq:
            await self._refuse(socket, 4007)
            return None
        self.resumes += 1
        session.socket = socket
        for packet in session.sent:
            if packet["s"] > (data.get("seq") or 0):
                socket.put(packet)
        session.dispatch("RESUMED", {"_trace": []})
        return session

    def _members(self, session: Session, data: Json) -> None:
        everybody = list(self.world.members.values())
        if data.get("user_ids"):
            wanted = {int(one) for one in data["user_ids"]}
            everybody = [one for one in everybody if one.user.id in wanted]
        elif data.get("query"):
            everybody = [one for one in everybody if one.user.name.startswith(data["query"])]
        told = {
            "guild_id": str(self.world.guild), "members": [shape.member(m) for m in everybody],
            "chunk_index": 0, "chunk_count": 1, "not_found": [], "nonce": data.get("nonce"),
        }  # fmt: skip
        session.dispatch("GUILD_MEMBERS_CHUNK", told)
