"""The console's own rooms, messages and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.chat.card import Card
from bot.core.people import PersonId


class RoomKind(StrEnum):
    CHANNEL = "channel"
    WAR = "war"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class ConsoleRoom:
    """``changed`` grows with every change in the room."""

    id: str
    name: str
    kind: RoomKind
    topic: str = ""
    private: bool = False
    archived: bool = False
    seq: int = 0
    changed: int = 0
    marker: str = ""
    bookmarks: tuple[tuple[str, str], ...] = ()
    members: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsoleFile:
    """A picture or a text that somebody dropped; ``size`` in bytes, the rest in pixels, 0 for unknown."""

    id: str
    name: str
    type: str
    size: int
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class ConsoleMessage:
    """``text`` or ``card`` is set, or there are ``files``. ``thread`` is the id of the message it answers."""

    id: str
    room: str
    seq: int
    changed: int
    author: PersonId
    at: datetime
    text: str = ""
    card: Card | None = None
    thread: str = ""
    replies: int = 0
    reactions: Mapping[str, tuple[PersonId, ...]] = field(default_factory=dict)
    pinned: bool = False
    edited: bool = False
    deleted: bool = False
    files: tuple[ConsoleFile, ...] = ()
