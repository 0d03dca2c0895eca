"""Rows of the console's tables to its rooms and messages, and back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, or_, select

from bot.core.chat.card import Card
from bot.core.chat.codec import card_from, card_json
from bot.core.chat.console import ConsoleFile, ConsoleMessage, ConsoleRoom, RoomKind
from bot.core.people import PersonId, Viewer
from storage import tables

_r = tables.console_rooms
_p = tables.console_members


def visible(viewer: Viewer) -> Any:
    """Open rooms, and those that the viewer was invited to."""
    if viewer.person is None:
        return _r.c.id == _r.c.id
    inside = select(_p.c.room).where(
        _p.c.room == _r.c.id, _p.c.person == viewer.person, _p.c.is_invited
    )
    return or_(~_r.c.is_private, inside.exists())


def flags(**values: bool) -> dict[str, bool]:
    """Flags as a row holds them: for this release, and for the one before (see the migration v0009)."""
    return values | {f"is_{name}": value for name, value in values.items()}


def new_id() -> str:
    return secrets.token_urlsafe(9)


def room_values(room: ConsoleRoom) -> dict[str, Any]:
    return {
        "id": room.id,
        "name": room.name,
        "kind": room.kind.value,
        "topic": room.topic,
        **flags(private=room.private, archived=room.archived),
        "seq": 0,
        "changed": 0,
        "marker": room.marker or None,
        "bookmarks": [list(mark) for mark in room.bookmarks],
    }


# For lists of very many rooms: reading a row by position costs half of reading it by name.
ROOM = (_r.c.is_private, _r.c.marker, _r.c.bookmarks, _r.c.id, _r.c.name, _r.c.kind, _r.c.topic, _r.c.is_archived, _r.c.seq, _r.c.changed)  # fmt: skip


def of_columns(row: Sequence[Any], members: Mapping[str, tuple[PersonId, ...]]) -> ConsoleRoom:
    """A row of ``ROOM``."""
    private, marker, bookmarks, key, name, kind, topic, archived, seq, changed = row
    marks = tuple((title, url) for title, url in bookmarks)
    inside = members.get(key, ())
    return ConsoleRoom(key, name, RoomKind(kind), topic, private, archived, seq, changed, marker or "", marks, inside)  # fmt: skip


def to_room(row: RowMapping, members: tuple[PersonId, ...]) -> ConsoleRoom:
    return ConsoleRoom(
        row["id"],
        row["name"],
        RoomKind(row["kind"]),
        row["topic"],
        row["is_private"],
        row["is_archived"],
        row["seq"],
        row["changed"],
        row["marker"] or "",
        tuple((title, url) for title, url in row["bookmarks"]),
        members,
    )


def new_message(
    room: str,
    seq: int,
    changed: int,
    author: PersonId,
    at: datetime,
    content: str | Card,
    thread: str,
    files: Sequence[ConsoleFile],
) -> ConsoleMessage:
    text, card = (content, None) if isinstance(content, str) else ("", content)
    return ConsoleMessage(
        new_id(),
        room,
        seq,
        changed,
        author,
        at,
        text=text,
        card=card,
        thread=thread,
        files=tuple(files),
    )


def message_values(message: ConsoleMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "room": message.room,
        "seq": message.seq,
        "changed": message.changed,
        "author": message.author,
        "at": message.at,
        "text": message.text,
        "card": None if message.card is None else card_json(message.card),
        "thread": message.thread,
        "replies": message.replies,
        "reactions": {name: list(people) for name, people in message.reactions.items()},
        **flags(pinned=message.pinned, edited=message.edited, deleted=message.deleted),
        "files": [[f.id, f.name, f.type, f.size, f.width, f.height] for f in message.files],
    }


def to_message(row: RowMapping) -> ConsoleMessage:
    return ConsoleMessage(
        row["id"],
        row["room"],
        row["seq"],
        row["changed"],
        PersonId(row["author"]),
        row["at"],
        row["text"],
        None if row["card"] is None else card_from(row["card"]),
        row["thread"],
        row["replies"],
        {name: tuple(people) for name, people in row["reactions"].items()},
        row["is_pinned"],
        row["is_edited"],
        row["is_deleted"],
        tuple(ConsoleFile(*file) for file in row["files"]),
    )
