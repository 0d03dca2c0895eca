"""The console's frames: our values to the JSON that docs/console.md describes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bot.core.chat.codec import card_data, form_data
from bot.core.chat.console import ConsoleFile, ConsoleMessage, ConsoleRoom, RoomKind
from bot.core.chat.vocabulary import Reply
from bot.core.people import BOT, PersonId

Frame = dict[str, Any]


def room_frame(room: ConsoleRoom, me: PersonId, read: int) -> Frame:
    """A room as ``me`` sees it; a direct conversation is named after the other one in it."""
    others = [who for who in room.members if who != me] if room.kind is RoomKind.DIRECT else []
    return {
        "id": room.id,
        "name": room.name,
        "kind": room.kind,
        "topic": room.topic,
        "private": room.private,
        "archived": room.archived,
        "seq": room.seq,
        "changed": room.changed,
        "read": read,
        "bookmarks": [{"title": title, "url": url} for title, url in room.bookmarks],
        **({"with": others[0] if others else me} if room.kind is RoomKind.DIRECT else {}),
    }


def message_frame(message: ConsoleMessage, names: Mapping[PersonId, str]) -> Frame:
    """A message; what was deleted keeps its place and loses its content."""
    shown = not message.deleted
    return {
        "id": message.id,
        "room": message.room,
        "seq": message.seq,
        "changed": message.changed,
        "author": author_frame(message.author, names),
        "at": message.at.isoformat(),
        "text": message.text if shown else "",
        "card": card_data(message.card) if message.card is not None and shown else None,
        "thread": message.thread,
        "replies": message.replies,
        "reactions": [
            {"name": name, "people": list(people)} for name, people in message.reactions.items()
        ],
        "pinned": message.pinned,
        "edited": message.edited,
        "deleted": message.deleted,
        "files": [file_frame(file) for file in message.files] if shown else [],
    }


def file_frame(file: ConsoleFile) -> Frame:
    """A file and where it is; ``w`` and ``h`` in pixels, 0 when nobody knows."""
    url = f"/files/{file.id}/{quote(file.name)}"
    return {"name": file.name, "type": file.type, "size": file.size, "w": file.width, "h": file.height, "url": url}  # fmt: skip


def author_frame(author: PersonId, names: Mapping[PersonId, str]) -> Frame:
    return {"id": author, "name": names.get(author, author), "bot": author == BOT.id}


def reply_frame(kind: str, request: str, room: str, reply: Reply) -> Frame:
    """A private reply: a card, a form, a room to go to."""
    return {
        "t": kind,
        "id": request,
        "room": room,
        "card": None if reply.card is None else card_data(reply.card),
        "form": None if reply.form is None else form_data(reply.form),
        "go": None if reply.go is None else reply.go.id,
    }
