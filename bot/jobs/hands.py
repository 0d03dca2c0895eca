"""What is in hand, what has been leased and is on its way into a hand, and what there is room for."""

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
# How often is looked what a commit that was on its way has brought (seconds).
_LOOK = 0.05
# The slow poll that catches what no signal told us of.
POLL = timedelta(seconds=5)


@dataclass(slots=True)
class Taken:
    """Jobs leased in one transaction, and whether a round must look for what is left: now (``more``), or in a
    moment (``again``), since what its lane holds back may be free by a commit that was not to be seen yet."""

    jobs: list[Job] = field(default_factory=list)
    more: bool = False
    again: bool = False
    # Whoever asked was cancelled: nothing more is leased for them.
    gone: bool = False


@dataclass(slots=True)
class Hands:
    """``take`` and ``follow`` run in a transaction, on SQLite in the writer's thread; what they look at they
    take in at once. All else runs in the event loop."""

    memory: Memory
    owner: str
    tasks: dict[Queue, set[asyncio.Task[Any]]] = field(
        default_factory=lambda: {queue: set() for queue in CONCURRENCY}
    )
    held: dict[asyncio.Task[Any], Job] = field(default_factory=dict)
    # Written as ended, while their tasks are just about to end.
    over: set[JobId] = field(default_factory=set)
    # Leased by a commit that has not come back yet: in nobody's hands so far.
    coming: dict[JobId, Job] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    # How often something was leased, perhaps, that is in nobody's hands.
    doubts: int = 0
    closed: bool = False

    async def taking(self, work: Callable[[UnitOfWork, Taken], T]) -> tuple[T, Taken]:
        """Write, and lease jobs in the same commit. When it is not known whether that was written, the next
        round gives back what is in nobody's hands."""
        taken = Taken()

        def anew(uow: UnitOfWork) -> T:
            self._come(taken)
            # What an attempt took that was undone is not taken.
            taken.jobs, taken.more, taken.again = [], False, False
            return work(uow, taken)

        try:
            result = await self.memory.write(tracing.continued(anew))
        except (OutcomeUnknown, asyncio.CancelledError) as error:
            taken.gone = isinstance(error, asyncio.CancelledError)
            self.doubts += 1  # what was leased already is nobody's
            raise
        finally:
            self._come(taken)
        return result, taken

    def _come(self, taken: Taken) -> None:
        for job in taken.jobs:
            self.coming.pop(job.id, None)

    async def empty(self, patience: float) -> None:
        """Wait until nothing is in hand, nor on its way there by a commit that has not come back yet; at most
        ``patience`` seconds. What comes in the meantime has its time, too."""
        loop = asyncio.get_running_loop()
        until = loop.time() + patience
        while (self.held or self.coming) and loop.time() < until:
            # A commit that comes back starts its jobs: so each look is short.
            looked: list[asyncio.Future[Any]] = [*self.held] or [loop.create_future()]
            await asyncio.wait(looked, timeout=min(_LOOK, until - loop.time()))

    def mine(self) -> set[JobId]:
        """What is in hand or on its way there."""
        return {job.id for job in list(self.held.values())} | set(self.coming)

    def take(
        self, uow: UnitOfWork, taken: Taken, most: Mapping[Queue, int], ready: Collection[Queue]
    ) -> list[Job]:
        """Lease as much of each queue as there is room for, up to ``most``."""
        under_way = (*self.held.values(), *self.coming.values())
        opening = sum(job.queue is Queue.ROOM and job.id not in self.over for job in under_way)
        hands = {queue: len(tasks) for queue, tasks in self.tasks.items()}
        room = self.limits.free(most, ready, hands, opening, uow.now)
        if self.closed or taken.gone or not room:
            return []
        taken.jobs = uow.jobs.claim(room, self.owner, uow.now + LEASE)
        if not taken.gone:
            self.coming.update((job.id, job) for job in taken.jobs)
        return taken.jobs

    def follow(self, uow: UnitOfWork, taken: Taken) -> None:
        """Lease what can be begun at once; say whether a round must look for what is left."""
        if taken.gone:
            return
        seen = uow.jobs.glance()
        jobs = self.take(uow, taken, AT_ONCE, seen.ready)
        full = any(CONCURRENCY[q] - len(self.tasks[q]) < AT_ONCE[q] for q in AT_ONCE)
        taken.again = bool(seen.ready)
        taken.more = full or len(jobs) >= 16 or bool(seen.ready - AT_ONCE.keys())
        soon = seen.next_due is not None and seen.next_due <= uow.now + POLL
        if not taken.more and not soon:
            uow.jobs.hush()  # all is in hand: a round would find nothing, here or elsewhere

    def give_back(self, uow: UnitOfWork) -> None:
        """A claim whose commit was in doubt may have been written after all."""
        uow.jobs.give_back(self.owner, self.mine())
