"""Plans, rooms, remembered messages and nudges, as memory offers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.chat import MessageRef, Room
from bot.domain.incident import IncidentId
from bot.views.card import StepState


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of an incident's plan on one platform."""

    incident: IncidentId
    platform: str
    step: str
    state: StepState = StepState.WAITING
    error: str = ""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A message of ours by its key, and when its last edit was sent. ``mark`` says that it may be there
    twice, and stays through edits."""

    key: str
    ref: MessageRef
    incident: IncidentId | None = None
    sent_at: datetime | None = None
    digest: str = ""
    mark: str = ""


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


@dataclass(frozen=True, slots=True)
class Nudged:
    """How often a cause was nudged for, and before when it must not be again."""

    count: int = 0
    not_before: datetime | None = None


class Nudges(Protocol):
    def get(self, incident: IncidentId, cause: str) -> Nudged: ...

    def put(self, incident: IncidentId, cause: str, state: Nudged) -> None: ...
