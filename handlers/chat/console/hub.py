"""Who is connected, and bringing every change of a room to each of them once and in order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.accounts.model import SessionId
from bot.core.chat.console import ConsoleMessage, ConsoleRoom
from bot.core.people import PersonId
from bot.core.ports.clock import Clock
from bot.core.ports.jobs import Unavailable
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from handlers.chat.console.frames import Frame, message_frame, room_frame

# A browser this far behind is disconnected; it reconnects and asks for what it missed.
BACKLOG = 2000
_CHANGES = 500
_AGAIN = timedelta(seconds=1)

log = structlog.get_logger()


@dataclass(slots=True, eq=False)
class Connection:
    """One browser. ``cursor`` is the highest ``changed`` that it was sent, by room."""

    person: PersonId
    session: SessionId
    outbox: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(BACKLOG))
    cursor: dict[str, int] = field(default_factory=dict)
    lost: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def send(self, frame: Frame) -> None:
        try:
            self.outbox.put_nowait(json.dumps(frame, ensure_ascii=False))
        except asyncio.QueueFull:
            self.lost.set()

    def stop(self) -> None:
        """Nothing more is sent, not even what waits: the socket is closed."""
        self.lost.set()
        if self.outbox.full():
            self.outbox.get_nowait()
        self.outbox.put_nowait(None)

    def end(self) -> None:
        """As ``stop``, since its session is over."""
        self.over.set()
        self.stop()


@dataclass(frozen=True, slots=True)
class _News:
    room: ConsoleRoom
    messages: list[ConsoleMessage]
    reads: Mapping[PersonId, int]
    may: frozenset[PersonId]
    names: Mapping[PersonId, str]


class Hub:
    """Fed by the memory's signals ``console:<room>``, from this process and from other replicas."""

    def __init__(self, memory: Memory, clock: Clock) -> None:
        self._memory = memory
        self._clock = clock
        self._connections: set[Connection] = set()
        self._dirty: set[str] = set()
        self._wake = asyncio.Event()

    def start(self) -> None:
        self._memory.listen("console:", self._heard)
        self._memory.listen("session:", self._ended)

    def _heard(self, topic: str) -> None:
        self._dirty.add(topic.partition(":")[2])
        self._wake.set()

    def _ended(self, topic: str) -> None:
        """A session was revoked: its open pages are cut off at once."""
        which = topic.partition(":")[2]
        for connection in [c for c in self._connections if c.session == which]:
            connection.end()

    def join(self, connection: Connection) -> None:
        self._connections.add(connection)

    def leave(self, connection: Connection) -> None:
        self._connections.discard(connection)

    def tell(self, person: PersonId, frame: Frame) -> None:
        """To every browser of one person."""
        for connection in self._connections:
            if connection.person == person:
                connection.send(frame)

    async def pump(self) -> None:
        """Bring changes to the connected until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            rooms, self._dirty = self._dirty, set()
            for room in sorted(rooms):
                if self._connections:
                    await self._try(room)

    async def _try(self, room: str) -> None:
        """Memory that is away is tried again; browsers lose nothing, since changes are kept there."""
        try:
            await self._flush(room)
        except Unavailable as error:
            log.warning("console.waiting", error=str(error))
            await self._clock.wait(asyncio.Event(), self._clock.now() + _AGAIN)
            self._heard(f"console:{room}")

    async def _flush(self, room: str) -> None:
        people = {connection.person for connection in self._connections}
        cursors = [c.cursor[room] for c in self._connections if room in c.cursor]
        news = await self._memory.read(_news_of(room, min(cursors, default=0), people))
        for connection in list(self._connections):
            if connection.person in news.may:
                _bring(connection, news)
        if len(news.messages) == _CHANGES:
            self._heard(f"console:{room}")


def _bring(connection: Connection, news: _News) -> None:
    seen = connection.cursor.get(news.room.id, 0)
    read = news.reads.get(connection.person, 0)
    connection.send({"t": "room", "room": room_frame(news.room, connection.person, read)})
    for message in news.messages:
        if message.changed > seen:
            connection.send({"t": "message", "message": message_frame(message, news.names)})
            seen = message.changed
    connection.cursor[news.room.id] = seen


def _news_of(room: str, since: int, people: set[PersonId]) -> Callable[[UnitOfWork], _News]:
    def read(uow: UnitOfWork) -> _News:
        known = uow.console.room(room)
        may = frozenset(people & set(known.members) if known.private else people)
        messages = uow.console.changes(room, since, _CHANGES)
        names = {m.author: uow.people.name(m.author) for m in messages}
        return _News(known, messages, uow.console.readers(room), may, names)

    return read
