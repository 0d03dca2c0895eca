"""A command's first jobs are taken in its own commit; in doubt they are released, and no others are."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.core.ports.jobs import Job, JobSpec, OutcomeUnknown, Queue, Unavailable
from bot.core.ports.unit_of_work import UnitOfWork
from bot.jobs.leases import LEASE, POLL
from bot.jobs.registry import Effect, JobContext, Settle, Timer, collect
from bot.jobs.worker import Worker
from tests.world import World

ASKED = JobSpec("call", Queue.ROOM, {})


@dataclass
class Doubtful:
    """The world's memory, whose next commit may come back as unknown though it was written."""

    inner: Any
    unknown: str = ""
    held: asyncio.Event | None = None
    answer: asyncio.Event | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def write(self, work: Callable[[UnitOfWork], Any]) -> Any:
        if self.held is not None:
            await self.held.wait()
        result = await self.inner.write(work)
        if self.answer is not None:
            await self.answer.wait()
        if self.unknown:
            self.unknown = ""
            raise OutcomeUnknown("connection lost in commit")
        return result


@dataclass
class Calls:
    """One effect: it counts, and waits until it may end."""

    attempts: list[int] = field(default_factory=list)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, context: JobContext, job: Job) -> Settle | None:
        self.attempts.append(job.attempt)
        await self.may_end.wait()
        return None


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def memory(world: World) -> Doubtful:
    return Doubtful(world.memory)


@pytest.fixture
def worker(world: World, memory: Doubtful, calls: Calls) -> Worker:
    effect = Effect("call", "counts", calls.run, lambda *_: None)
    return Worker(JobContext(memory, world.clock, {}), collect(effect), "one")


def ask(uow: UnitOfWork) -> None:
    uow.jobs.enqueue(ASKED)


async def a_moment(memory: Doubtful) -> None:
    await memory.read(lambda uow: uow.now)


async def test_what_a_command_asks_for_begins_without_a_round(
    worker: Worker, memory: Doubtful, calls: Calls
) -> None:
    await worker.write(ask)
    await a_moment(memory)
    assert calls.attempts == [1]
    calls.may_end.set()
    await worker.drain()
    assert calls.attempts == [1]


async def test_taken_in_a_commit_in_doubt_it_begins_again_and_what_is_in_hand_does_not(
    worker: Worker, memory: Doubtful, calls: Calls
) -> None:
    await worker.write(ask)
    memory.unknown = "yes"
    with suppress(OutcomeUnknown):
        await worker.write(ask)
    await a_moment(memory)
    assert calls.attempts == [1], "of the second nobody knows yet"

    await worker._round()
    await a_moment(memory)
    assert sorted(calls.attempts) == [1, 2], "the second attempt looks first"
    calls.may_end.set()
    await worker.drain()
    assert sorted(calls.attempts) == [1, 2]


async def test_whoever_asked_may_go_before_it_is_written_and_what_they_asked_for_is_done(
    worker: Worker, memory: Doubtful, calls: Calls
) -> None:
    over = threading.Event()
    slow = asyncio.ensure_future(memory.write(lambda uow: over.wait(5)))
    await a_moment(memory)
    asking = asyncio.ensure_future(worker.write(ask))
    await a_moment(memory)
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking
    over.set()
    await slow
    async with asyncio.timeout(5):
        while not await memory.read(lambda uow: uow.jobs.state().ready):
            await a_moment(memory)
    assert not worker._leases.in_flight

    await worker._round()
    await a_moment(memory)
    assert calls.attempts == [1]
    calls.may_end.set()
    await worker.drain()
    assert calls.attempts == [1]


async def test_asked_to_stop_it_ends_what_a_commit_on_its_way_has_leased(
    worker: Worker, memory: Doubtful, calls: Calls
) -> None:
    """Else its call is cut off, and a page is sent again, marked, that nobody had to repeat."""
    memory.answer = asyncio.Event()
    asking = asyncio.ensure_future(worker.write(ask))
    async with asyncio.timeout(5):
        while not worker._leases.in_flight:
            await a_moment(memory)
    stopping = asyncio.ensure_future(worker.stop(10))
    await a_moment(memory)
    memory.answer.set()
    await asking
    await a_moment(memory)
    assert not stopping.done(), "it has begun, and may end"
    calls.may_end.set()
    await stopping
    assert calls.attempts == [1]
    assert not (await memory.read(lambda uow: uow.jobs.state())).ready


async def test_a_doubt_that_comes_while_another_is_looked_into_is_kept(
    worker: Worker, memory: Doubtful, calls: Calls
) -> None:
    memory.unknown = "yes"
    with suppress(OutcomeUnknown):
        await worker.write(ask)
    memory.held = asyncio.Event()
    looking = asyncio.ensure_future(worker._round())
    await a_moment(memory)
    worker._leases.doubts += 1
    memory.held.set()
    await looking
    assert worker._leases.doubts == 1
    await worker.stop(0)


async def test_what_a_lane_holds_back_is_looked_for_again_in_a_moment(
    worker: Worker, memory: Doubtful, calls: Calls, world: World
) -> None:
    """What frees the lane may be a commit that could not be seen yet."""
    lane = JobSpec("call", Queue.ROOM, {}, lane="x")
    await memory.write(lambda uow: uow.jobs.enqueue(lane))
    (other,) = await memory.write(
        lambda uow: uow.jobs.claim({Queue.ROOM: 1}, "two", uow.now + LEASE)
    )
    running = asyncio.ensure_future(worker.run())
    await a_moment(memory)
    await worker.write(lambda uow: uow.jobs.enqueue(lane))
    # The other replica's end of it: nobody here is told.
    await memory.write(lambda uow: uow.jobs.finish(other))
    await a_moment(memory)
    assert calls.attempts == []

    began = world.clock.now()
    async with asyncio.timeout(10):
        while not calls.attempts:
            world.clock.passes(seconds=0.05)
            await a_moment(memory)
    assert world.clock.now() - began < POLL, "not left to the slow poll"
    assert calls.attempts == [1]
    calls.may_end.set()
    await worker.stop(1)
    await running


async def test_a_timer_that_meets_a_passing_fault_is_rung_again_and_nothing_is_counted(
    world: World, memory: Doubtful
) -> None:
    met = []

    def rings(uow: UnitOfWork, job: Job) -> None:
        met.append(job.attempt)
        if len(met) == 1:
            raise Unavailable("lock timeout")

    worker = Worker(JobContext(memory, world.clock, {}), collect(Timer("ring", rings)), "one")
    await memory.write(lambda uow: uow.jobs.enqueue(JobSpec("ring", Queue.TIMER)))
    again = await worker._round()
    assert again is not None
    await worker._round()
    assert met == [1, 1]


async def test_nobody_is_woken_for_what_is_in_hand(worker: Worker, memory: Doubtful) -> None:
    heard: list[str] = []
    memory.listen("jobs", heard.append)
    await worker.write(ask)
    await a_moment(memory)
    assert heard == []
    await memory.write(ask)
    await a_moment(memory)
    assert heard == ["jobs"]
    await worker.stop(0)
