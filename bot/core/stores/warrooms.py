"""Plans, rooms, remembered messages and nudges, as memory offers them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from bot.core.chat.remembered import Nudged, Remembered
from bot.core.chat.vocabulary import Room
from bot.core.incident import IncidentId

if TYPE_CHECKING:
    from bot.incidents.plan import PlanStep


class Plans(Protocol):
    def write(self, steps: Sequence[PlanStep]) -> None: ...

    def mark(self, step: PlanStep) -> None: ...

    def done(self, incident: IncidentId, platform: str, step: str) -> str:
        """Mark a step done. Returns the trouble that it was in, empty if none. Idempotent."""
        ...

    def of(self, incident: IncidentId) -> list[PlanStep]: ...


class Rooms(Protocol):
    def add(self, incident: IncidentId, room: Room) -> None: ...

    def remove(self, platform: str, room: str) -> None:
        """It is no war room any more. Idempotent."""
        ...

    def of(self, incident: IncidentId) -> list[Room]: ...

    def of_closed(self, platform: str, unmarked: str, limit: int) -> list[tuple[IncidentId, Room]]:
        """Rooms of closed incidents of which nothing is kept under ``unmarked`` and the room's id;
        the oldest incidents first."""
        ...

    def incident_in(self, platform: str, room: str) -> IncidentId | None: ...

    def remember(self, message: Remembered) -> None: ...

    def recall(self, key: str) -> Remembered | None: ...

    def messages(self, incident: IncidentId) -> list[Remembered]:
        """Everything remembered of one incident, by key."""
        ...

    def forget(self, key: str) -> None: ...


class Nudges(Protocol):
    def get(self, incident: IncidentId, cause: str) -> Nudged: ...

    def put(self, incident: IncidentId, cause: str, state: Nudged) -> None: ...
