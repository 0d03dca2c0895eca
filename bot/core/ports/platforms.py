"""A running chat platform as the core uses it: ``ChatPlatform`` is what each can do, and each protocol besides
is an ability that a platform may have. The core asks for one with ``isinstance``.

What a platform's module says of itself before it runs is in ``bot.core.ports.declarations``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from bot.core.chat.card import Card
from bot.core.chat.vocabulary import Limits, MessageRef, Room, RoomSpec
from bot.core.organisation import Organisation
from bot.core.ports.clock import Clock
from bot.core.ports.keeping import Leadership
from bot.core.ports.unit_of_work import Memory


class Level(StrEnum):
    """How bad a finding is. A fault makes ``tocsin doctor`` end with a code of its own."""

    FINE = "fine"
    NOTE = "note"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that ``tocsin doctor`` looked at: ``says`` is a sentence, ``fix`` what to do about it."""

    level: Level
    about: str
    says: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class PlatformContext:
    """What a platform is built with. ``environ`` holds the settings as text, ``install`` the id of
    this installation's database, ``command`` the name of the command without its slash; ``organisation``
    says which one counts at the moment, since another may be applied at any time; with
    ``leadership`` one of several replicas does what only one may do.
    """

    environ: Mapping[str, str]
    organisation: Callable[[], Organisation]
    install: str
    command: str
    clock: Clock
    memory: Memory
    internal_url: str
    public_url: str
    leadership: Leadership


@runtime_checkable
class Connector(Protocol):
    """A platform whose settings are present, before the database is open."""

    @property
    def name(self) -> str: ...

    def build(self, context: PlatformContext) -> ChatPlatform:
        """Called once."""
        ...


@runtime_checkable
class Listening(Protocol):
    """A platform that hears what people say and do there."""

    async def run(self, dispatcher: Any) -> None:
        """Listens until it is cancelled. ``dispatcher`` is the ``bot.language.dispatch.Dispatcher``, which ports
        may not import."""
        ...


@runtime_checkable
class Serving(Protocol):
    """A platform that calls us over HTTP."""

    def routes(self) -> Sequence[Any]:
        """What the public side serves for it; each is a ``handlers.server.Route``, which is aiohttp's."""
        ...


@runtime_checkable
class Sealing(Protocol):
    """A platform that can close a room which was open to everybody."""

    async def seal_room(self, room: str, people: Sequence[str]) -> None:
        """Only ``people`` may see it from now on. Idempotent. Raises ``Retry`` or ``Refused``."""
        ...


@runtime_checkable
class ChatPlatform(Protocol):
    """One chat platform as the core uses it. Rooms and people are given by the platform's own ids.

    Every call raises ``Retry`` or ``Refused`` and nothing else on purpose, and is bounded in time by
    the caller. ``marker`` finds again what an attempt whose answer was lost has made.
    """

    @property
    def name(self) -> str: ...

    @property
    def limits(self) -> Limits: ...

    async def open_room(self, spec: RoomSpec) -> Room:
        """Make a room. Not idempotent: after a lost answer ``find_room`` first."""
        ...

    async def find_room(self, spec: RoomSpec, since: datetime) -> Room | None:
        """The room that an earlier attempt made. Raises ``LookupUnavailable``."""
        ...

    async def invite(self, room: str, people: Sequence[str]) -> Sequence[str]:
        """Set-like: who is in already is no error. Returns those who cannot be invited."""
        ...

    async def remove(self, room: str, people: Sequence[str]) -> None:
        """Out of a room that only those invited see. Set-like: who is not in is no error."""
        ...

    async def post(self, room: str, card: Card, marker: str, thread: str = "") -> MessageRef:
        """Not idempotent unless the platform says so: after a lost answer ``find_message``."""
        ...

    async def find_message(self, room: str, marker: str, since: datetime) -> MessageRef | None:
        """What an earlier attempt posted. Raises ``LookupUnavailable``."""
        ...

    async def edit(self, ref: MessageRef, card: Card) -> None:
        """Idempotent."""
        ...

    async def pin(self, ref: MessageRef) -> None:
        """Idempotent."""
        ...

    async def set_topic(self, room: str, topic: str) -> None:
        """Idempotent."""
        ...

    async def bookmark(self, room: str, title: str, url: str) -> None:
        """Idempotent by title."""
        ...

    async def announce_room(self) -> str:
        """The id of the announcement channel, made when the platform lets us."""
        ...

    async def direct_room(self, person: str) -> str:
        """The id of our conversation with one person; idempotent."""
        ...

    async def archive(self, room: str) -> None:
        """Idempotent."""
        ...
