"""The console's own rooms and messages, kept through this port."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.chat.card import Card
from bot.core.chat.console import ConsoleFile, ConsoleMessage, ConsoleRoom
from bot.core.people import PersonId, Viewer


class ConsoleFiles(Protocol):
    """Which files there are, and in whose message; what is in them lies on the disk."""

    def add(self, file: ConsoleFile, room: str, person: PersonId) -> None: ...

    def get(self, file: str) -> tuple[ConsoleFile, str]:
        """The file and its room. Raises ``NotFound``."""
        ...

    def claim(self, files: Sequence[str], room: str, person: PersonId) -> tuple[ConsoleFile, ...]:
        """Files that this person put into this room and has not said yet. Raises ``NotFound``."""
        ...

    def forget(self, files: Iterable[str]) -> None: ...

    def forget_unposted(self, before: datetime) -> int:
        """Forget those that were brought before then and never said."""
        ...

    def known(self) -> set[str]: ...


class ConsoleStore(Protocol):
    """The console keeps its rooms and messages here; every change is in the caller's transaction."""

    def make_room(self, room: ConsoleRoom) -> ConsoleRoom:
        """Insert, or return the room with that marker. A taken name gets -2, -3 …"""
        ...

    def room(self, room: str) -> ConsoleRoom:
        """Raises ``NotFound``."""
        ...

    def room_named(self, name: str) -> ConsoleRoom | None: ...

    def room_marked(self, marker: str) -> ConsoleRoom | None: ...

    def save_room(self, room: ConsoleRoom) -> None: ...

    def rooms_for(self, viewer: Viewer) -> list[ConsoleRoom]: ...

    def direct(self, one: PersonId, other: PersonId) -> ConsoleRoom: ...

    def dismiss(self, room: str, person: PersonId) -> None:
        """They are not of the room any more, and see a private one no more. Idempotent."""
        ...

    def invite(self, room: str, people: Iterable[PersonId]) -> None: ...

    def may_see(self, room: str, viewer: Viewer) -> bool: ...

    def post(
        self,
        room: str,
        author: PersonId,
        content: str | Card,
        marker: str = "",
        thread: str = "",
        files: Sequence[ConsoleFile] = (),
    ) -> ConsoleMessage:
        """Idempotent by ``marker``: a second post with the same one returns the first message."""
        ...

    def marked(self, room: str, marker: str) -> ConsoleMessage | None: ...

    def message(self, message: str) -> ConsoleMessage:
        """Raises ``NotFound``."""
        ...

    def change(self, message: ConsoleMessage) -> ConsoleMessage:
        """Store text, card, reactions, pin and deletion, as the room's next change."""
        ...

    def changes(self, room: str, since: int, limit: int) -> list[ConsoleMessage]: ...

    def history(self, room: str, before: int, limit: int) -> list[ConsoleMessage]: ...

    def thread(self, parent: str, limit: int) -> list[ConsoleMessage]:
        """A message and what answers it, in order."""
        ...

    def pinned(self, room: str, limit: int) -> list[ConsoleMessage]:
        """The latest pinned ones, newest first."""
        ...

    def search(
        self, words: str, viewer: Viewer, limit: int, room: str = "", before: datetime | None = None
    ) -> list[ConsoleMessage]:
        """Newest first; ``before`` an instant, and in one room when it is named."""
        ...

    def mention(self, message: ConsoleMessage, people: Iterable[PersonId]) -> None:
        """Whom a message calls by name, in the place of whom it called before."""
        ...

    def mentions(self, person: PersonId) -> dict[str, int]:
        """How many unread messages call this person, by room."""
        ...

    def read_up_to(self, room: str, person: PersonId, seq: int) -> None: ...

    def readers(self, room: str) -> dict[PersonId, int]:
        """How far each person has read in one room."""
        ...

    def reads(self, person: PersonId) -> dict[str, int]: ...
