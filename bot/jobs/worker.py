"""The worker: claims, calls, settles. The one place, besides the door, that catches everything."""

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
from bot.jobs import firing
from bot.jobs.firing import fire, note
from bot.jobs.hands import LEASE, POLL, Hands, Taken
from bot.jobs.limits import CONCURRENCY
from bot.jobs.registry import Desk, Effect, Settle, Tasks
from bot.jobs.retry import Again, backoff, decide, put_back

log = structlog.get_logger()

T = TypeVar("T")
RENEW = timedelta(seconds=5)
# After so long another replica's commit, which could not be seen at first, can.
AGAIN = timedelta(milliseconds=250)
_TIMED = frozenset((Queue.ALARM, Queue.TIMER))

# With more than so many ends waiting for the writer, only the last few look for what follows.
_ENDING = 2


def spawn(work: Coroutine[Any, Any, Any], among: set[asyncio.Task[Any]]) -> asyncio.Task[Any]:
    """Start a task that is kept referenced in ``among`` until it ends."""
    task = asyncio.get_running_loop().create_task(work)
    among.add(task)
    task.add_done_callback(among.discard)
    return task


class Company(StrEnum):
    """Whether other processes work on the same database; then leases are renewed, and reaped."""

    ALONE = "alone"
    SHARED = "shared"


class Worker:
    """Runs jobs until stopped. One a process; several processes may share a PostgreSQL."""

    def __init__(
        self, desk: Desk, tasks: Tasks, owner: str, company: Company = Company.ALONE
    ) -> None:
        self._company = company
        self._desk = desk
        self._tasks = tasks
        self._wake = asyncio.Event()
        self._hands = Hands(desk.memory, owner)
        # Ends of jobs that wait for the writer, who takes them in turn.
        self._closing: set[JobId] = set()
        self._owing = False
        self._looking: set[asyncio.Task[Any]] = set()
        self.beat: datetime | None = None

    async def run(self) -> None:
        """Work until ``stop``. Memory that cannot be reached is waited for."""
        self._desk.memory.listen("jobs", lambda _: self._wake.set())
        self._wake.set()
        while not self._hands.closed:
            self._wake.clear()
            due = await self._round()
            now = self._desk.clock.now()
            until = min(due or now + POLL, now + POLL)
            await self._desk.clock.wait(self._wake, until)

    async def _round(self) -> datetime | None:
        """Fire what is due and take what there is room for. Returns when the next row comes due."""
        doubts = self._hands.doubts
        try:
            due, taken = await self._hands.taking(
                lambda uow, taken: self._turn(uow, taken, doubts > 0)
            )
        except (Unavailable, OutcomeUnknown) as error:
            log.warning("memory.unavailable", error=str(error))
            return self._desk.clock.now() + timedelta(seconds=1)
        self._hands.doubts -= doubts
        self.beat = self._desk.clock.now()
        self._go_on(taken)
        return due

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """As ``Memory.write``; what follows from it begins at once, taken in the same commit."""

        def both(uow: UnitOfWork, taken: Taken) -> T:
            result = work(uow)
            self._hands.follow(uow, taken)
            return result

        result, taken = await self._hands.taking(both)
        self._go_on(taken)
        return result

    def _go_on(self, taken: Taken) -> None:
        for job in taken.jobs:
            self._start(job)
        if taken.more:
            self._wake.set()
        elif taken.again and not self._looking:
            spawn(self._look_again(), self._looking)

    async def _look_again(self) -> None:
        await self._desk.clock.wait(asyncio.Event(), self._desk.clock.now() + AGAIN)
        self._wake.set()

    def _turn(self, uow: UnitOfWork, taken: Taken, doubtful: bool) -> datetime | None:
        if doubtful:
            self._hands.give_back(uow)
        seen = uow.jobs.glance()
        if seen.lost and self._company is Company.SHARED:
            uow.jobs.reap()
        # A timer's work takes a while: calls that can start meanwhile do, and the next round fires first.
        self._owing = bool(seen.ready & _TIMED) and not self._owing
        if self._owing and self._hands.take(uow, taken, CONCURRENCY, seen.ready):
            return uow.now
        fired = fire(uow, self._tasks.timers) if seen.ready & _TIMED else 0
        # What a timer enqueued goes out at once: that is how somebody is paged.
        self._hands.take(uow, taken, CONCURRENCY, uow.jobs.glance().ready if fired else seen.ready)
        more = fired == firing.AT_ONCE or seen.ready >= _TIMED
        return uow.now if more else seen.next_due

    def _start(self, job: Job) -> None:
        task = spawn(self._perform(job), self._hands.tasks[job.queue])
        self._hands.held[task] = job
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        job = self._hands.held.pop(task, None)
        if job is not None:
            self._hands.over.discard(job.id)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("worker.broken", error=loggable(error))
            # Leased, and in nobody's hands: the next round gives it back.
            self._hands.doubts += 1

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
                    settle = await effect.run(self._desk, job)
            except Exception as error:  # noqa: BLE001 - the worker's own broad except
                doing.failure = type(error).__name__
                await self._failed(effect, job, error)
            else:
                await self._settle(job, settle)

    async def _settle(self, job: Job, settle: Settle | None) -> None:
        self._closing.add(job.id)
        try:
            _, taken = await self._insist(
                lambda: self._hands.taking(lambda uow, taken: self._end(uow, taken, job, settle))
            )
        except Fenced as error:
            measures.JOBS_FENCED.inc()
            log.warning("job.fenced", task=job.task, error=str(error))
            self._wake.set()
        except Exception as error:  # noqa: BLE001 - a result that cannot be written is a failure
            await self._failed(self._tasks.effects.get(job.task), job, error)
        else:
            measures.JOBS_DONE.inc()
            self._go_on(taken)

    def _end(self, uow: UnitOfWork, taken: Taken, job: Job, settle: Settle | None) -> None:
        self._closing.discard(job.id)
        self._hands.over.add(job.id)
        uow.jobs.finish(job)
        if settle is not None:
            with uow.acting(cause_of(job.args)):
                settle(uow)
        if len(self._closing) <= _ENDING:  # else whoever is written last looks for all of us
            self._hands.follow(uow, taken)

    async def _failed(self, effect: Effect | None, job: Job, error: Exception) -> None:
        decision = decide(job, error, self._desk.clock.now())
        why = str(error) or type(error).__name__
        if not isinstance(decision, Again) or not decision.unsent:
            note(job, decision, error)
        try:
            await self._insist(
                lambda: self._desk.memory.write(
                    tracing.continued(lambda uow: put_back(uow, effect, job, decision, why))
                )
            )
        except Fenced:
            measures.JOBS_FENCED.inc()
        except Exception:  # a job whose failure cannot be told of comes again all the same
            log.exception("job.untold", task=job.task)
            at = self._desk.clock.now() + backoff(job.attempt)
            await self._insist(
                lambda: self._desk.memory.write(lambda uow: uow.jobs.again(job, at, why))
            )
        self._wake.set()

    async def _insist(self, write: Callable[[], Awaitable[T]]) -> T:
        """Write an outcome, however long memory is away: the effect has happened and must be known."""
        while True:
            try:
                return await write()
            except Unavailable:
                moment = self._desk.clock.now() + timedelta(seconds=0.5)
                await self._desk.clock.wait(asyncio.Event(), moment)
            except OutcomeUnknown:
                self._hands.doubts += 1  # the fence tells whether it was written

    # --- timers ---

    async def _fire_timers(self) -> int:
        return await self._desk.memory.write(lambda uow: fire(uow, self._tasks.timers))

    # --- leases, the end ---

    async def renew(self) -> None:
        """Keep our leases, where replicas come and go."""
        while not self._hands.closed:
            await self._desk.clock.wait(asyncio.Event(), self._desk.clock.now() + RENEW)
            try:
                await self._desk.memory.write(
                    lambda uow: uow.jobs.renew(
                        self._hands.owner, uow.now + LEASE, self._hands.mine()
                    )
                )
            except (Unavailable, OutcomeUnknown) as error:
                log.warning("lease.not_renewed", error=str(error))

    async def drain(self, told: Callable[[int], None] = lambda _: None) -> None:
        """Run everything that is due now, and what follows from it, then return. ``told`` hears each
        round how many are in hand."""
        while True:
            busy = bool(self._hands.held)  # then something may have been held back
            fired = await self._fire_timers()
            _, taken = await self._hands.taking(
                lambda uow, taken: self._hands.take(
                    uow, taken, CONCURRENCY, uow.jobs.glance().ready
                )
            )
            self._go_on(taken)
            if not taken.jobs and not fired and not busy and not self._hands.held:
                return
            told(len(self._hands.held))
            if self._hands.held:
                await asyncio.wait(list(self._hands.held), return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, patience: float = 20.0) -> None:
        """Take no new job; wait ``patience`` seconds for those in hand, then cancel and release them."""
        self._hands.closed = True
        self._wake.set()
        for looking in list(self._looking):
            looking.cancel()
        await self._hands.empty(patience)
        left = dict(self._hands.held)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(list(left), timeout=2)
            await self._desk.memory.write(lambda uow: self._release(uow, list(left.values())))

    @staticmethod
    def _release(uow: UnitOfWork, jobs: list[Job]) -> None:
        """Cancelled in the middle of its call: the attempt counts, so the next one looks first."""
        for job in jobs:
            try:
                with uow.savepoint():
                    uow.jobs.again(job, uow.now, "stopped while under way")
            except Fenced:
                continue
