"""The worker: claims, calls, settles. The one place, besides dispatch, that catches everything."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

import structlog

from bot.core import measures, tracing
from bot.core.errors import loggable
from bot.core.ports.jobs import Fenced, Job, JobId, OutcomeUnknown, Queue, Unavailable
from bot.core.ports.occurrences import cause_of
from bot.core.ports.unit_of_work import UnitOfWork
from bot.jobs import scheduler
from bot.jobs.leases import LEASE, POLL, Claimed, LeaseTracker
from bot.jobs.limits import CONCURRENCY
from bot.jobs.registry import Effect, JobContext, Settle, Tasks
from bot.jobs.retry import RetryLater, apply_decision, backoff, decide
from bot.jobs.scheduler import note, run_due

log = structlog.get_logger()

T = TypeVar("T")
RENEW = timedelta(seconds=5)
# After so long another replica's commit, which could not be seen at first, can.
AGAIN = timedelta(milliseconds=250)
_TIMED = frozenset((Queue.ALARM, Queue.TIMER))

# With more finished jobs than this waiting for the writer, only the last few look for what follows.
_ENDING = 2


def spawn(work: Coroutine[Any, Any, Any], among: set[asyncio.Task[Any]]) -> asyncio.Task[Any]:
    """Start a task that is kept referenced in ``among`` until it ends."""
    task = asyncio.get_running_loop().create_task(work)
    among.add(task)
    task.add_done_callback(among.discard)
    return task


class Deployment(StrEnum):
    """Whether one process works on the database, or several; then leases are renewed, and reaped."""

    SINGLE = "alone"
    SHARED = "shared"


class Worker:
    """Runs jobs until stopped. One a process; several processes may share a PostgreSQL."""

    def __init__(
        self,
        context: JobContext,
        tasks: Tasks,
        owner: str,
        deployment: Deployment = Deployment.SINGLE,
    ) -> None:
        self._deployment = deployment
        self._context = context
        self._tasks = tasks
        self._wake = asyncio.Event()
        self._leases = LeaseTracker(context.memory, owner)
        # Finished jobs that wait for the writer, in order.
        self._closing: set[JobId] = set()
        self._effects_first = False
        self._rechecks: set[asyncio.Task[Any]] = set()
        self.beat: datetime | None = None

    async def run(self) -> None:
        """Work until ``stop``. Memory that cannot be reached is waited for."""
        self._context.memory.listen("jobs", lambda _: self._wake.set())
        self._wake.set()
        while not self._leases.closed:
            self._wake.clear()
            due = await self._round()
            now = self._context.clock.now()
            until = min(due or now + POLL, now + POLL)
            await self._context.clock.wait(self._wake, until)

    async def _round(self) -> datetime | None:
        """Fire what is due and take what there is room for. Returns when the next row comes due."""
        doubts = self._leases.doubts
        try:
            due, claimed = await self._leases.write_claiming(
                lambda uow, claimed: self._turn(uow, claimed, doubtful=doubts > 0)
            )
        except (Unavailable, OutcomeUnknown) as error:
            log.warning("memory.unavailable", error=str(error))
            return self._context.clock.now() + timedelta(seconds=1)
        self._leases.doubts -= doubts
        self.beat = self._context.clock.now()
        self._start_claimed(claimed)
        return due

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """As ``Memory.write``; what follows from it begins at once, taken in the same commit."""

        def both(uow: UnitOfWork, claimed: Claimed) -> T:
            result = work(uow)
            self._leases.claim_following(uow, claimed)
            return result

        result, claimed = await self._leases.write_claiming(both)
        self._start_claimed(claimed)
        return result

    def _start_claimed(self, claimed: Claimed) -> None:
        for job in claimed.jobs:
            self._start(job)
        if claimed.more:
            self._wake.set()
        elif claimed.recheck and not self._rechecks:
            spawn(self._recheck_soon(), self._rechecks)

    async def _recheck_soon(self) -> None:
        await self._context.clock.wait(asyncio.Event(), self._context.clock.now() + AGAIN)
        self._wake.set()

    def _turn(self, uow: UnitOfWork, claimed: Claimed, *, doubtful: bool) -> datetime | None:
        if doubtful:
            self._leases.release_unheld(uow)
        seen = uow.jobs.peek()
        if seen.lost and self._deployment is Deployment.SHARED:
            uow.jobs.reap()
        # A timer's work takes a while: calls that can start meanwhile do, and the next round fires first.
        self._effects_first = bool(seen.ready & _TIMED) and not self._effects_first
        if self._effects_first and self._leases.claim(uow, claimed, CONCURRENCY, seen.ready):
            return uow.now
        fired = run_due(uow, self._tasks.timers) if seen.ready & _TIMED else 0
        # What a timer enqueued goes out at once: that is how somebody is paged.
        self._leases.claim(
            uow, claimed, CONCURRENCY, uow.jobs.peek().ready if fired else seen.ready
        )
        more = fired == scheduler.AT_ONCE or seen.ready >= _TIMED
        return uow.now if more else seen.next_due

    def _start(self, job: Job) -> None:
        task = spawn(self._perform(job), self._leases.tasks[job.queue])
        self._leases.held[task] = job
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        job = self._leases.held.pop(task, None)
        if job is not None:
            self._leases.finished.discard(job.id)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("worker.broken", error=loggable(error))
            # Leased, and no task runs it any more: the next round releases it.
            self._leases.doubts += 1

    # --- effects ---

    async def _perform(self, job: Job) -> None:
        effect = self._tasks.effects.get(job.task)
        about = tracing.span(f"job {job.task}", tracing.above(job.args), job=job.id,
            incident=job.incident, queue=job.queue.value, attempt=job.attempt)  # fmt: skip
        with (
            about as doing,
            structlog.contextvars.bound_contextvars(job=job.id, incident=job.incident),
        ):
            try:
                if effect is None:
                    raise LookupError(f"no task is called {job.task}")
                async with asyncio.timeout(effect.limit.total_seconds()):
                    settle = await effect.run(self._context, job)
            except Exception as error:  # noqa: BLE001 - the worker's own broad except
                doing.failure = type(error).__name__
                await self._failed(effect, job, error)
            else:
                await self._settle(job, settle)

    async def _settle(self, job: Job, settle: Settle | None) -> None:
        self._closing.add(job.id)
        try:
            _, claimed = await self._until_written(
                lambda: self._leases.write_claiming(
                    lambda uow, claimed: self._end(uow, claimed, job, settle)
                )
            )
        except Fenced as error:
            measures.JOBS_FENCED.inc()
            log.warning("job.fenced", task=job.task, error=str(error))
            self._wake.set()
        except Exception as error:  # noqa: BLE001 - a result that cannot be written is a failure
            await self._failed(self._tasks.effects.get(job.task), job, error)
        else:
            measures.JOBS_DONE.inc()
            self._start_claimed(claimed)

    def _end(self, uow: UnitOfWork, claimed: Claimed, job: Job, settle: Settle | None) -> None:
        self._closing.discard(job.id)
        self._leases.finished.add(job.id)
        uow.jobs.finish(job)
        if settle is not None:
            with uow.acting(cause_of(job.args)):
                settle(uow)
        if len(self._closing) <= _ENDING:  # else the one that is written last looks for all
            self._leases.claim_following(uow, claimed)

    async def _failed(self, effect: Effect | None, job: Job, error: Exception) -> None:
        decision = decide(job, error, self._context.clock.now())
        why = str(error) or type(error).__name__
        if not isinstance(decision, RetryLater) or not decision.unsent:
            note(job, decision, error)
        try:
            await self._until_written(
                lambda: self._context.memory.write(
                    tracing.continued(lambda uow: apply_decision(uow, effect, job, decision, why))
                )
            )
        except Fenced:
            measures.JOBS_FENCED.inc()
        except Exception:  # a job is retried even when nobody can be told of its failure
            log.exception("job.untold", task=job.task)
            at = self._context.clock.now() + backoff(job.attempt)
            await self._until_written(
                lambda: self._context.memory.write(lambda uow: uow.jobs.retry(job, at, why))
            )
        self._wake.set()

    async def _until_written(self, write: Callable[[], Awaitable[T]]) -> T:
        """Write an outcome, however long the database is away: the effect has happened and must be known."""
        while True:
            try:
                return await write()
            except Unavailable:
                moment = self._context.clock.now() + timedelta(seconds=0.5)
                await self._context.clock.wait(asyncio.Event(), moment)
            except OutcomeUnknown:
                self._leases.doubts += 1  # the fence tells whether it was written

    # --- timers ---

    async def _run_due_timers(self) -> int:
        return await self._context.memory.write(lambda uow: run_due(uow, self._tasks.timers))

    # --- leases; draining and stopping ---

    async def renew(self) -> None:
        """Keep our leases, where replicas come and go."""
        while not self._leases.closed:
            await self._context.clock.wait(asyncio.Event(), self._context.clock.now() + RENEW)
            try:
                await self._context.memory.write(
                    lambda uow: uow.jobs.renew(
                        self._leases.owner, uow.now + LEASE, self._leases.held_ids()
                    )
                )
            except (Unavailable, OutcomeUnknown) as error:
                log.warning("lease.not_renewed", error=str(error))

    async def drain(self, told: Callable[[int], None] = lambda _: None) -> None:
        """Run everything that is due now, and what follows from it, then return. ``told`` hears each
        round how many still run."""
        while True:
            busy = bool(self._leases.held)  # something may have waited for this
            fired = await self._run_due_timers()
            _, claimed = await self._leases.write_claiming(
                lambda uow, claimed: self._leases.claim(
                    uow, claimed, CONCURRENCY, uow.jobs.peek().ready
                )
            )
            self._start_claimed(claimed)
            if not claimed.jobs and not fired and not busy and not self._leases.held:
                return
            told(len(self._leases.held))
            if self._leases.held:
                await asyncio.wait(list(self._leases.held), return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, at_most: float = 20.0) -> None:
        """Take no new job; wait ``at_most`` seconds for those that run, then cancel and release them."""
        self._leases.closed = True
        self._wake.set()
        for recheck in list(self._rechecks):
            recheck.cancel()
        await self._leases.wait_until_empty(at_most)
        left = dict(self._leases.held)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(list(left), timeout=2)
            await self._context.memory.write(lambda uow: self._release(uow, list(left.values())))

    @staticmethod
    def _release(uow: UnitOfWork, jobs: list[Job]) -> None:
        """Cancelled in the middle of its call: the attempt counts, so the next one looks first."""
        for job in jobs:
            try:
                with uow.savepoint():
                    uow.jobs.retry(job, uow.now, "stopped while under way")
            except Fenced:
                continue
