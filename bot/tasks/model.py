"""Tasks (work during the incident) and follow-ups (work after it)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.core.incident import IncidentId
from bot.core.people import PersonId

TaskId = NewType("TaskId", int)


class Horizon(StrEnum):
    """During the incident, or after it."""

    TASK = "task"
    FOLLOWUP = "followup"


@dataclass(frozen=True, slots=True)
class Task:
    """``number`` counts from 1 within its incident, tasks and follow-ups together: what ``done 3`` means.

    ``due_at`` is UTC. ``priority`` is P1 to P5 for follow-ups.
    """

    id: TaskId
    incident: IncidentId
    number: int
    horizon: Horizon
    text: str
    created_by: PersonId
    created_at: datetime
    owner: PersonId | None = None
    due_at: datetime | None = None
    priority: int | None = None
    done_at: datetime | None = None
    done_by: PersonId | None = None
