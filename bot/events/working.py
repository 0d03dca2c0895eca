"""What people say and do while they work: updates, tasks, and what comes after the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.closing import WriteUp
from bot.domain.incident import Status
from bot.domain.nudge import Cause
from bot.domain.people import PersonId
from bot.domain.tasks import Horizon
from bot.events.base import IncidentEvent, Said, Word


@dataclass(frozen=True, slots=True)
class UpdatePosted(IncidentEvent):
    """It was said where things stand, for people inside."""

    words: Said
    status: Status


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


@dataclass(frozen=True, slots=True)
class FixConfirmed(IncidentEvent):
    """The requester says that it is fixed, or somebody for them (``requester`` is then who)."""

    requester: PersonId | None


@dataclass(frozen=True, slots=True)
class PostmortemSettled(IncidentEvent):
    """The postmortem is done, or not needed."""

    outcome: WriteUp
    why: Said


@dataclass(frozen=True, slots=True)
class DebriefSet(IncidentEvent):
    """When people come together over what happened."""

    meets: datetime


@dataclass(frozen=True, slots=True)
class NudgeSnoozed(IncidentEvent):
    """Somebody does not want to be asked for a while."""

    cause: Cause
    until: datetime


@dataclass(frozen=True, slots=True)
class DrillBegun(IncidentEvent):
    """The incident is a drill; its players are told what comes next."""

    scenario: Word
