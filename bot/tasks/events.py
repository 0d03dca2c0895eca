"""What happens to tasks and follow-ups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.events.base import IncidentEvent, Said
from bot.core.people import PersonId
from bot.tasks.model import Horizon


@dataclass(frozen=True, slots=True)
class TaskAdded(IncidentEvent):
    """There is something to do, during the incident or after it. ``source`` is the message that it was made of."""

    number: int
    horizon: Horizon
    text: Said
    owner: PersonId | None
    due: datetime | None
    source: Said


@dataclass(frozen=True, slots=True)
class TaskFinished(IncidentEvent):
    """It is done."""

    number: int
    text: Said


@dataclass(frozen=True, slots=True)
class TaskReopened(IncidentEvent):
    """It is not done after all."""

    number: int


@dataclass(frozen=True, slots=True)
class TaskRemoved(IncidentEvent):
    """It was taken back, as if it had never been added."""

    number: int
