"""Jobs as the core sees them: what is asked for, what is claimed, and the table behind both."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol

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


class Jobs(Protocol):
    def enqueue(self, *specs: JobSpec) -> None:
        """Add rows; one whose ``queueing_lock`` is already waiting is left out."""
        ...

    def suppress_wakeup(self) -> None:
        """What was enqueued so far in this transaction is leased already: nobody need be woken for it."""
        ...

    def claim(self, room: Mapping[Queue, int], owner: str, lease_until: datetime) -> list[Job]:
        """Lease up to ``room[queue]`` due heads of lanes, and count the attempt. Raises ``Unavailable`` when
        another replica leased one of them at the same moment: then the transaction is to be done again."""
        ...

    def take_due(self, limit: int) -> list[Job]:
        """Due timers, marked done; ``retry`` and ``fail`` may take one of them back. Alarms alone when there are
        any, and of too many the latest, since a page that begins now must not wait for a backlog that is late
        already."""
        ...

    def finish(self, job: Job) -> None:
        """Mark done. Raises ``Fenced`` when the lease is no longer ours."""
        ...

    def retry(self, job: Job, at: datetime, error: str) -> None: ...

    def fail(self, job: Job, error: str) -> None: ...

    def release(self, job: Job, at: datetime) -> None:
        """Give a claimed job back unstarted, for then; the attempt is not counted."""
        ...

    def park(self, destination: str, until: datetime) -> None: ...

    def renew(self, owner: str, lease_until: datetime, held: Collection[JobId]) -> int:
        """Keep the leases of what ``owner`` holds; another of theirs runs out, and comes again."""
        ...

    def release_unheld(self, owner: str, held: Collection[JobId]) -> int:
        """What ``owner`` has leased and does not hold is ready again: a claim in doubt was written."""
        ...

    def reap(self, everything_of: str | None = None) -> int:
        """Return expired leases to ready; with ``everything_of`` "all", every lease."""
        ...

    def peek(self) -> JobsDue: ...

    def next_due(self) -> datetime | None:
        """The earliest instant after now at which a row, a parked destination or a lease runs out."""
        ...

    def dead(self, incident: IncidentId | None = None) -> list[DeadJob]: ...

    def notifications(
        self, incident: IncidentId, tasks: Sequence[str], since: datetime
    ) -> list[tuple[str, str, datetime]]:
        """Platform, task and moment of each row of these tasks made since then, in order; those that a
        person asked for (argument ``asked``) left out."""
        ...

    def replay(self, ids: Iterable[JobId]) -> int: ...

    def state(self) -> QueueState: ...

    def prune(self, before: datetime) -> int: ...
