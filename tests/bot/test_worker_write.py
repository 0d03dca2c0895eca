"""A command's first jobs are taken in its own commit; in doubt they are given back, and no others are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.jobs.registry import Desk, Effect, Settle, collect
from bot.jobs.worker import Worker
from bot.ports import Job, JobSpec, OutcomeUnknown, Queue, UnitOfWork
from tests.world import World

ASKED = JobSpec("call", Queue.ROOM, {})


@dataclass
class Doubtful:
    """The world's memory, whose next commit may come back as unknown though it was written."""

    inner: Any
    unknown: str = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def write(self, work: Callable[[UnitOfWork], Any]) -> Any:
        result = await self.inner.write(work)
        if self.unknown:
            self.unknown = ""
            raise OutcomeUnknown("connection lost in commit")
        return result


@dataclass
class Calls:
    """One effect: it counts, and waits until it may end."""

    attempts: list[int] = field(default_factory=list)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, desk: Desk, job: Job) -> Settle | None:
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
    return Worker(Desk(memory, world.clock, {}), collect(effect), "one")


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
