"""What a browser is told first: with the page itself one screenful, over the socket everything."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.core.chat.console import ConsoleRoom, RoomKind
from bot.core.people import PersonId, Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from handlers.chat.console.adapter import Adapter, framed
from handlers.chat.console.frames import Frame, room_frame
from handlers.chat.console.hub import Connection

# As many rooms of a kind as the sidebar shows before it is unfolded, and messages as on one screen.
SCREENFUL = 25
_MESSAGES = 30
_MISSED = 10_000
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Marks:
    """How far one person has read, and how many unread messages call them, by room."""

    reads: Mapping[str, int]
    calls: Mapping[str, int]

    def loudness(self, room: ConsoleRoom, last: str) -> int:
        """As the sidebar counts it."""
        unread = room.seq > self.reads.get(room.id, 0)
        calling = room.id in self.calls or (unread and room.kind is RoomKind.DIRECT)
        return 4 * (room.id == last) + 2 * calling + unread


async def hello(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    """Everything at once: who is here, the rooms, and what was missed in those already known."""
    since = {str(k): int(v) for k, v in dict(frame.get("since") or {}).items()}
    welcome, missed = await adapter.memory.read(
        lambda uow: _greeting(adapter, uow, connection, since)
    )
    connection.send(welcome)
    for message in missed:
        connection.send({"t": "message", "message": message})
    return {"t": "synced"}


def _greeting(
    adapter: Adapter, uow: UnitOfWork, connection: Connection, since: Mapping[str, int]
) -> tuple[Frame, list[Frame]]:
    rooms = uow.console.rooms_for(Viewer(connection.person))
    missed: list[Frame] = []
    for room in rooms:
        connection.cursor[room.id] = room.changed
        if since.get(room.id, room.changed) < room.changed:
            missed += framed(uow, uow.console.changes(room.id, since[room.id], _MISSED))
    marks = Marks(uow.console.reads(connection.person), uow.console.mentions(connection.person))
    return _welcome(adapter, uow, connection.person, rooms, marks), missed


def first_view(adapter: Adapter, uow: UnitOfWork, person: PersonId, last: str) -> Frame:
    """A ``welcome`` with one screenful of rooms, how many more of each kind there are (``rest``), and the
    end of one room: ``last``, where this browser was before, or the first channel.

    All from one transaction, so that the socket goes on exactly where this ends.
    """
    marks = Marks(uow.console.reads(person), uow.console.mentions(person))
    shown, rest = _screenful(uow.console.rooms_for(Viewer(person)), marks, last)
    welcome = _welcome(adapter, uow, person, shown, marks)
    here = next((room.id for room in shown if room.id == last), None) or _channel(shown)
    messages = uow.console.history(here, 0, _MESSAGES) if here else []
    page = {"room": here, "messages": framed(uow, messages), "more": len(messages) == _MESSAGES}
    return {**welcome, "rest": rest, "page": page}


def _welcome(
    adapter: Adapter, uow: UnitOfWork, person: PersonId, rooms: list[ConsoleRoom], marks: Marks
) -> Frame:
    me = uow.people.get(person)
    return {
        "t": "welcome",
        "me": {
            "id": me.id,
            "name": me.name,
            "timezone": me.timezone,
            "admin": me.standing == "admin",
        },
        "command": f"/{adapter.command}",
        "people": [{"id": p.id, "name": p.name} for p in uow.people.all()],
        "rooms": [
            {
                **room_frame(room, person, marks.reads.get(room.id, 0)),
                "mentions": marks.calls.get(room.id, 0),
            }
            for room in rooms
        ],
        "reactions": {
            meaning.removeprefix("to"): name for name, meaning in adapter.reactions.items()
        },
    }


def _screenful(
    rooms: list[ConsoleRoom], marks: Marks, last: str
) -> tuple[list[ConsoleRoom], dict[str, int]]:
    """The rooms that the sidebar begins with (static/sidebar.js, ``some``); of the archived only the last."""
    kinds: defaultdict[str, list[ConsoleRoom]] = defaultdict(list)
    for room in rooms:
        kinds["archived" if room.archived else room.kind].append(room)
    shown: list[ConsoleRoom] = []
    rest: dict[str, int] = {}
    for kind, all_of_it in kinds.items():
        ordered = sorted(all_of_it, key=lambda room: _natural(room.name), reverse=kind == "war")
        ordered.sort(key=lambda room: marks.loudness(room, last), reverse=True)
        limit = SCREENFUL if kind != "archived" else sum(room.id == last for room in ordered)
        shown += ordered[:limit]
        rest[kind] = len(ordered) - len(ordered[:limit])
    return shown, rest


@lru_cache(8192)
def _natural(name: str) -> tuple[str | int, ...]:
    """Words and numbers in turn, so that inc-9 stands before inc-10."""
    parts = _DIGITS.split(name.casefold())
    return tuple(int(part) if at % 2 else part for at, part in enumerate(parts))


def _channel(rooms: list[ConsoleRoom]) -> str:
    return next(
        (room.id for room in rooms if room.kind is RoomKind.CHANNEL and not room.archived), ""
    )
