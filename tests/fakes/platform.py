"""A chat platform in memory that can be told to misbehave: for stories about the plan and its steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from bot.core.chat.card import Card
from bot.core.chat.vocabulary import (
    Limits,
    LookupUnavailable,
    MessageRef,
    Refused,
    Retry,
    Room,
    RoomSpec,
)
from bot.core.ports.platforms import ChatPlatform

Fault = Callable[[str], None]


@dataclass(slots=True)
class FakeMessage:
    id: str
    room: str
    card: Card
    marker: str
    edits: int = 0
    pinned: bool = False


@dataclass(slots=True)
class FakeRoom:
    id: str
    name: str
    marker: str
    topic: str
    private: bool
    members: set[str] = field(default_factory=set)
    bookmarks: dict[str, str] = field(default_factory=dict)
    archived: bool = False


@dataclass(slots=True)
class FakePlatform:
    """``before`` and ``after`` are called with each method's name; what they raise is the fault."""

    name: str = "fake"
    limits: Limits = field(default_factory=Limits)
    rooms: dict[str, FakeRoom] = field(default_factory=dict)
    messages: dict[str, FakeMessage] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    before: Fault = lambda method: None
    after: Fault = lambda method: None
    blind: bool = False
    _ids: count[int] = field(default_factory=lambda: count(1))

    def _begin(self, method: str) -> None:
        self.calls.append(method)
        self.before(method)

    def _new_id(self) -> str:
        return f"F{next(self._ids)}"

    async def open_room(self, spec: RoomSpec) -> Room:
        self._begin("open_room")
        names = {room.name for room in self.rooms.values()}
        name = next(n for n in self._candidates(spec.name) if n not in names)
        room = FakeRoom(self._new_id(), name, spec.marker, spec.topic, spec.secrecy == "invited")
        room.members.add(spec.creator)
        self.rooms[room.id] = room
        self.after("open_room")
        return Room(self.name, room.id, room.name, f"https://chat.example/{room.id}")

    @staticmethod
    def _candidates(name: str) -> list[str]:
        return [name, *(f"{name[:75]}-{n}" for n in range(2, 200))]

    async def find_room(self, spec: RoomSpec, since: datetime) -> Room | None:
        self._begin("find_room")
        for room in self.rooms.values():
            if room.marker == spec.marker:
                return Room(self.name, room.id, room.name, f"https://chat.example/{room.id}")
        return None

    def _room(self, room: str) -> FakeRoom:
        if room not in self.rooms:
            raise Refused("channel_not_found", "Open the room again.")
        return self.rooms[room]

    async def invite(self, room: str, people: Sequence[str]) -> Sequence[str]:
        self._begin("invite")
        self._room(room).members.update(people)
        self.after("invite")
        return ()

    async def remove(self, room: str, people: Sequence[str]) -> None:
        self._begin("remove")
        self._room(room).members.difference_update(people)
        self.after("remove")

    async def post(self, room: str, card: Card, marker: str, thread: str = "") -> MessageRef:
        self._begin("post")
        self._room(room)
        message = FakeMessage(self._new_id(), room, card, marker)
        self.messages[message.id] = message
        self.after("post")
        return MessageRef(self.name, room, message.id)

    async def find_message(self, room: str, marker: str, since: datetime) -> MessageRef | None:
        self._begin("find_message")
        if self.blind:
            raise LookupUnavailable("no scope to read history")
        for message in self.messages.values():
            if message.room == room and message.marker == marker:
                return MessageRef(self.name, room, message.id)
        return None

    async def edit(self, ref: MessageRef, card: Card) -> None:
        self._begin("edit")
        message = self.messages[ref.message]
        self.messages[ref.message] = replace(message, card=card, edits=message.edits + 1)
        self.after("edit")

    async def pin(self, ref: MessageRef) -> None:
        self._begin("pin")
        self.messages[ref.message].pinned = True
        self.after("pin")

    async def set_topic(self, room: str, topic: str) -> None:
        self._begin("set_topic")
        self._room(room).topic = topic
        self.after("set_topic")

    async def bookmark(self, room: str, title: str, url: str) -> None:
        self._begin("bookmark")
        self._room(room).bookmarks[title] = url
        self.after("bookmark")

    async def announce_room(self) -> str:
        self._begin("announce_room")
        return self._named("incidents")

    async def direct_room(self, person: str) -> str:
        self._begin("direct_room")
        return self._named(f"@{person}")

    def _named(self, name: str) -> str:
        for room in self.rooms.values():
            if room.name == name:
                return room.id
        room = FakeRoom(self._new_id(), name, "", "", private=False)
        self.rooms[room.id] = room
        return room.id

    async def archive(self, room: str) -> None:
        self._begin("archive")
        self._room(room).archived = True
        self.after("archive")

    # --- what tests look at ---

    def war_rooms(self) -> list[FakeRoom]:
        return [room for room in self.rooms.values() if room.marker]

    def said_in(self, name: str) -> list[FakeMessage]:
        ids = {room.id for room in self.rooms.values() if room.name == name}
        return [message for message in self.messages.values() if message.room in ids]


def down(*methods: str, after: timedelta | None = None) -> Fault:
    """A fault: the methods (all, when none are named) fail for now."""

    def fault(method: str) -> None:
        if not methods or method in methods:
            raise Retry(f"{method} failed", after)

    return fault


def _conforms(platform: FakePlatform) -> ChatPlatform:
    return platform
