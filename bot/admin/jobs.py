"""The job table for operators: how much waits, what was given up and why, and another try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.admin.context import AdminContext
from bot.admin.request import Answer, Instant, PersonalRequest, Request
from bot.core.errors import Invalid
from bot.core.permissions import Action, may
from bot.core.ports.jobs import DeadJob, JobId, Queue
from bot.core.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp(Answer):
    """A dead job. ``incident`` is a reference such as INC-42; the job's arguments stay out."""

    id: JobId
    task: str
    queue: Queue
    incident: str | None
    attempts: int
    error: str
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsState(Answer):
    """``ready`` counts rows by queue. No text of an incident is in it."""

    ready: Mapping[str, int]
    leased: int
    oldest_ready_seconds: float
    next_due: Instant | None
    dead: tuple[GivenUp, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GetJobs(Request[JobsState]):
    """Counts by queue, and every dead row. Idempotent; refused by nothing."""


async def state(context: AdminContext, request: GetJobs) -> JobsState:
    def read(uow: UnitOfWork) -> JobsState:
        found = uow.jobs.state()
        return JobsState(
            ready=dict(found.ready),
            leased=found.leased,
            oldest_ready_seconds=round(found.oldest_ready, 3),
            next_due=uow.jobs.next_due(),
            dead=tuple(_given_up(each) for each in uow.jobs.dead()),
        )

    return await context.memory.read(read)


def _given_up(dead: DeadJob) -> GivenUp:
    job = dead.job
    return GivenUp(
        id=job.id,
        task=job.task,
        queue=job.queue,
        incident=f"INC-{job.incident}" if job.incident else None,
        attempts=job.attempt,
        error=dead.error,
        at=dead.at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed(Answer):
    """How many jobs are ready again."""

    replayed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayJobs(PersonalRequest[Replayed]):
    """Make dead jobs ready again: ``ids``, or all of them when that is empty.

    Idempotent but for a job that dies again. Raises ``NotAllowed``, and ``Invalid`` for a number that no dead
    job has.
    """

    ids: tuple[JobId, ...] = ()


async def replay(context: AdminContext, request: ReplayJobs) -> Replayed:
    def write(uow: UnitOfWork) -> int:
        may(context.actor(uow, request.as_), Action.REPAIR)
        known = [dead.job.id for dead in uow.jobs.dead()]
        missing = set(request.ids) - set(known)
        if missing:
            raise Invalid(f"No dead job has the number {min(missing)}; tocsin jobs lists them.")
        return uow.jobs.replay(request.ids or known)

    return Replayed(replayed=await context.memory.write(write))
