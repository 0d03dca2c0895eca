"""Which jobs this process runs, which it has leased and is about to run, and how many more it may take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from bot.core import tracing
from bot.core.ports.jobs import Job, JobId, OutcomeUnknown, Queue
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from bot.jobs.limits import AT_ONCE, CONCURRENCY, Limits

T = TypeVar("T")
LEASE = timedelta(seconds=15)
# How often to look for the result of a commit that has not come back (seconds).
_LOOK = 0.05
# The slow poll that finds jobs whose signal was lost.
POLL = timedelta(seconds=5)


@dataclass(slots=True)
class Claimed:
    """Jobs leased in one transaction, and whether a round must look for what is left: now (``more``), or in a
    moment (``recheck``), since what its lane holds back may be free by a commit that was not to be seen yet."""

    jobs: list[Job] = field(default_factory=list)
    more: bool = False
    recheck: bool = False
    # Whoever asked was cancelled: nothing more is leased for them.
    cancelled: bool = False


@dataclass(slots=True)
class LeaseTracker:
    """``claim`` and ``claim_following`` run in a transaction, on SQLite in the writer's thread; what they look
    at they read at once. All else runs in the event loop."""

    memory: Memory
    owner: str
    tasks: dict[Queue, set[asyncio.Task[Any]]] = field(
        default_factory=lambda: {queue: set() for queue in CONCURRENCY}
    )
    held: dict[asyncio.Task[Any], Job] = field(default_factory=dict)
    # Written as ended, while their tasks are just about to end.
    finished: set[JobId] = field(default_factory=set)
    # Leased by a commit that has not come back yet: nobody runs them so far.
    in_flight: dict[JobId, Job] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    # How often a lease may have been taken for a job that nobody runs.
    doubts: int = 0
    closed: bool = False

    async def write_claiming(self, work: Callable[[UnitOfWork, Claimed], T]) -> tuple[T, Claimed]:
        """Write, and lease jobs in the same commit. When it is not known whether that was written, the next
        round releases what nobody runs."""
        claimed = Claimed()

        def anew(uow: UnitOfWork) -> T:
            self._arrived(claimed)
            # What a rolled-back attempt took is not taken.
            claimed.jobs, claimed.more, claimed.recheck = [], False, False
            return work(uow, claimed)

        try:
            result = await self.memory.write(tracing.continued(anew))
        except (OutcomeUnknown, asyncio.CancelledError) as error:
            claimed.cancelled = isinstance(error, asyncio.CancelledError)
            self.doubts += 1  # what it leased, if it was written, nobody runs
            raise
        finally:
            self._arrived(claimed)
        return result, claimed

    def _arrived(self, claimed: Claimed) -> None:
        for job in claimed.jobs:
            self.in_flight.pop(job.id, None)

    async def wait_until_empty(self, at_most: float) -> None:
        """Wait until nothing runs, nor is leased by a commit that has not come back yet; at most
        ``at_most`` seconds. What comes in the meantime has its time, too."""
        loop = asyncio.get_running_loop()
        until = loop.time() + at_most
        while (self.held or self.in_flight) and loop.time() < until:
            # A commit that comes back starts its jobs: so each look is short.
            looked: list[asyncio.Future[Any]] = [*self.held] or [loop.create_future()]
            await asyncio.wait(looked, timeout=min(_LOOK, until - loop.time()))

    def held_ids(self) -> set[JobId]:
        """What runs, or is about to."""
        return {job.id for job in list(self.held.values())} | set(self.in_flight)

    def claim(
        self, uow: UnitOfWork, claimed: Claimed, most: Mapping[Queue, int], ready: Collection[Queue]
    ) -> list[Job]:
        """Lease as much of each queue as there is room for, up to ``most``."""
        under_way = (*self.held.values(), *self.in_flight.values())
        opening = sum(job.queue is Queue.ROOM and job.id not in self.finished for job in under_way)
        running = {queue: len(tasks) for queue, tasks in self.tasks.items()}
        room = self.limits.free(most, ready, running, opening, uow.now)
        if self.closed or claimed.cancelled or not room:
            return []
        claimed.jobs = uow.jobs.claim(room, self.owner, uow.now + LEASE)
        if not claimed.cancelled:
            self.in_flight.update((job.id, job) for job in claimed.jobs)
        return claimed.jobs

    def claim_following(self, uow: UnitOfWork, claimed: Claimed) -> None:
        """Lease what can be begun at once; say whether a round must look for what is left."""
        if claimed.cancelled:
            return
        seen = uow.jobs.peek()
        jobs = self.claim(uow, claimed, AT_ONCE, seen.ready)
        full = any(CONCURRENCY[q] - len(self.tasks[q]) < AT_ONCE[q] for q in AT_ONCE)
        claimed.recheck = bool(seen.ready)
        claimed.more = full or len(jobs) >= 16 or bool(seen.ready - AT_ONCE.keys())
        soon = seen.next_due is not None and seen.next_due <= uow.now + POLL
        if not claimed.more and not soon:
            uow.jobs.suppress_wakeup()  # all of it runs: a round would find nothing, here or elsewhere

    def release_unheld(self, uow: UnitOfWork) -> None:
        """A claim whose commit was in doubt may have been written after all."""
        uow.jobs.release_unheld(self.owner, self.held_ids())
