"""What a task is. An effect calls the outside under a lease; a timer is one transaction and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.chat.vocabulary import Retry
from bot.core.incident import IncidentId
from bot.core.links import LASTS, Grant, Purpose, signed
from bot.core.people import PersonId
from bot.core.ports.clock import Clock
from bot.core.ports.jobs import Job
from bot.core.ports.notifier import Notifier
from bot.core.ports.platforms import ChatPlatform
from bot.core.ports.unit_of_work import Memory, UnitOfWork

# What to write once the call has come back; runs in the transaction that marks the job done.
Settle = Callable[[UnitOfWork], None]


@dataclass(frozen=True, slots=True)
class Links:
    """Makes signed links. Without keys there are none, and messages do without."""

    keys: tuple[bytes, ...] = ()
    base_url: str = ""

    def to(self, purpose: Purpose, number: int, person: PersonId, now: datetime) -> str:
        if not self.keys:
            return ""
        grant = Grant(purpose, number, person, now + LASTS)
        return f"{self.base_url}/{purpose}/{signed(self.keys, grant)}"


@dataclass(frozen=True, slots=True)
class JobContext:
    """What an effect may use: memory to read, platforms to call, and where our pages are."""

    memory: Memory
    clock: Clock
    platforms: Mapping[str, ChatPlatform]
    internal_url: str = ""
    notifier: Notifier | None = None
    links: Links = Links()


def incident_of(job: Job) -> IncidentId:
    """The incident that a job is about."""
    return IncidentId(int(job.args["incident"]))


def platform_of(context: JobContext, job: Job) -> ChatPlatform:
    """The platform that a job is for. Raises ``Retry`` while it is not connected."""
    name = str(job.args["platform"])
    found = context.platforms.get(name)
    if found is None:
        raise Retry(f"{name} is not connected", timedelta(minutes=1))
    return found


@dataclass(frozen=True, slots=True)
class Effect:
    """A task with one outside call. ``bias`` says in words what happens when its answer was lost.

    ``failed`` runs when the job is retried or failed for good, in the same transaction.
    """

    name: str
    bias: str
    run: Callable[[JobContext, Job], Awaitable[Settle | None]]
    failed: Callable[[UnitOfWork, Job, str, str], None]
    limit: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Timer:
    """A task that only reads and writes memory: it and its consequences are one transaction.

    When due it looks whether it still applies. Fired once, by whichever replica locks the row.
    """

    name: str
    run: Callable[[UnitOfWork, Job], None]


@dataclass(frozen=True, slots=True)
class Tasks:
    """All tasks by name; naming one twice stops the start."""

    effects: Mapping[str, Effect] = field(default_factory=dict)
    timers: Mapping[str, Timer] = field(default_factory=dict)


def collect(*found: Effect | Timer) -> Tasks:
    """Raises ``ValueError`` for a name that is taken."""
    effects: dict[str, Effect] = {}
    timers: dict[str, Timer] = {}
    for task in found:
        if task.name in effects or task.name in timers:
            raise ValueError(f"two tasks are called {task.name}")
        if isinstance(task, Effect):
            effects[task.name] = task
        else:
            timers[task.name] = task
    return Tasks(effects, timers)
