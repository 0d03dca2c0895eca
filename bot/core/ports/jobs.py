"""Jobs as the core sees them: what is asked for, what is claimed, and the table behind both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.core.errors import Fault
from bot.core.incident import IncidentId

JobId = NewType("JobId", int)
Args = Mapping[str, str | int]


class Queue(StrEnum):
    """Classes of work, each with its own concurrency, the most urgent first.

    ALARM and TIMER hold timers: those that wake people go before all others that are due.
    """

    PAGE = "page"
    ALARM = "alarm"
    TIMER = "timer"
    ROOM = "room"
    CHAT = "chat"
    MAIL = "mail"
    PLUGIN = "plugin"


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A job to be. ``lane`` is the thing whose order matters; ``queueing_lock`` keeps one waiting row.

    ``run_at`` None is at once. ``destination`` is what a 429 parks.
    """

    task: str
    queue: Queue
    args: Args = field(default_factory=dict)
    lane: str | None = None
    queueing_lock: str | None = None
    run_at: datetime | None = None
    incident: IncidentId | None = None
    destination: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job. ``attempt`` counts from 1; above 1 an earlier attempt may have had its effect."""

    id: JobId
    task: str
    queue: Queue
    args: Args
    lane: str | None
    attempt: int
    run_at: datetime
    created_at: datetime
    incident: IncidentId | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class DeadJob:
    job: Job
    error: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QueueState:
    """For metrics: rows ready by queue, and how long the oldest has been ready, in seconds."""

    ready: Mapping[str, int]
    leased: int
    dead: int
    oldest_ready: float


class Fenced(Fault):
    """The job was taken over meanwhile; its result must not be written."""


class Unavailable(Fault):
    """Memory cannot be reached, is locked or is full. Nothing was written."""


class OutcomeUnknown(Fault):
    """The commit did not come back. Look the delivery up before claiming either."""


@dataclass(frozen=True, slots=True)
class JobsDue:
    """Which queues have a row that is due (its lane may yet be blocked), when the next comes due, and whether a
    lease has run out."""

    ready: frozenset[Queue]
    next_due: datetime | None
    lost: bool = False
