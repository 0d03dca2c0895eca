"""Who hears of an act afterwards hears it once, wherever the process dies on the way; on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.core.bus import TELL, After, Bus
from bot.core.chat.card import text
from bot.core.incident import IncidentId
from bot.core.people import SYSTEM, Actor, PersonId
from bot.core.ports.occurrences import Occurrence
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.events import Declared
from bot.incidents.lifecycle.service import Declare, declare
from bot.jobs.registry import JobContext
from bot.jobs.worker import Worker
from bot.plugins.api import Answer, Plugin, Snapshot
from bot.plugins.loading import Found
from bot.wiring.tasks import all_tasks
from storage import tables
from tests.databases import fresh_postgres, fresh_sqlite
from tests.world import BASE, World, make_world

BO = Actor(PersonId("bo"), "Bo", "console")
MOST = 60


class _Killed(BaseException):
    """The process is gone."""


@dataclass
class _Mortal:
    """Memory of a process that dies at its n-th write, just before or just after the commit."""

    inner: Any
    left: int
    after: bool
    dead: bool = False

    def __getattr__(self, name: str) -> Any:
        if self.dead:
            raise _Killed
        return getattr(self.inner, name)

    async def write(self, work: Callable[[UnitOfWork], Any]) -> Any:
        if self.dead:
            raise _Killed
        self.left -= 1
        if self.left >= 0:
            return await self.inner.write(work)
        if self.after:
            await self.inner.write(work)
        self.dead = True
        raise _Killed


def asks(snapshot: Snapshot) -> Answer:
    return Answer([text("Somebody looks after it.")], "Looked after", ['task "Look after it"'])


def count(uow: UnitOfWork, rows: list[Occurrence]) -> None:
    """What one of the core's own does: it says in a row of its own how often it was told of an incident."""
    key = f"counted:{rows[0].incident}"
    uow.key_values.put(key, str(int(uow.key_values.get(key) or "0") + 1))


@pytest.fixture(params=["sqlite", "postgres"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    url = fresh_sqlite(tmp_path) if request.param == "sqlite" else fresh_postgres()
    plugin = Plugin("keeper", hears=(Declared,), heard=asks)
    async with make_world(tmp_path, url=url, plugins=lambda: Found((plugin,))) as made:
        bus = made.extensions.bus
        counting = After("counter", frozenset({Declared}), count)  # type: ignore[arg-type]
        made.memory.installation = replace(
            made.memory.installation, bus=replace(bus, after=(*bus.after, counting))
        )
        yield made


def worker(world: World, memory: Any) -> Worker:
    bus: Bus = world.memory.installation.bus
    tasks = all_tasks(bus, world.extensions.effects)
    return Worker(JobContext(memory, world.clock, world.platforms, BASE), tasks, "one")


async def died(world: World, number: int, *, after: bool) -> bool:
    """Declare, and die at the n-th write of what follows; then another process goes on. Whether it died."""
    await world.memory.write(lambda uow: declare(uow, BO, Declare("checkout is down")))
    mortal = _Mortal(world.memory, number, after)
    with suppress(_Killed):
        await worker(world, mortal).drain()
    await world.memory.write(lambda uow: uow.jobs.reap(everything=True))
    await worker(world, world.memory).drain()
    return mortal.dead


async def test_each_is_told_once_wherever_it_dies(world: World) -> None:
    for after in (False, True):
        for number in range(MOST):
            if not await died(world, number, after=after):
                break
        else:
            pytest.fail("it never came to an end")

    await world.passes(seconds=30)  # what is said waits for its room

    def results(uow: UnitOfWork) -> list[tuple[str | None, int, int]]:
        last = max(head.id for head in uow.incidents.open_heads(SYSTEM, 500))
        return [_result(uow, IncidentId(n)) for n in range(1, last + 1)]

    found = await world.read(results)
    assert len(found) > 20, "a declare with all that follows is more writes than that"
    assert set(found) == {("1", 1, 1)}


def _result(uow: UnitOfWork, number: IncidentId) -> tuple[str | None, int, int]:
    """How often the core's own was told, what the plug-in asked for was done, and what it said was said."""
    told = [m for m in uow.rooms.messages(number) if ":plugin:keeper:" in m.key]
    return uow.key_values.get(f"counted:{number}"), len(uow.tasks.of(number)), len(told)


async def test_it_is_one_job_an_act_until_then(world: World) -> None:
    await world.memory.write(lambda uow: declare(uow, BO, Declare("checkout is down")))
    waiting = await world.read(lambda uow: uow.jobs.state().ready)
    assert waiting.get("plugin", 0) == 0, "found out later, by a timer"
    assert await world.read(_tells) == 1


def _tells(uow: UnitOfWork) -> int:
    query = select(func.count()).where(tables.jobs.c.task == TELL)
    return int(uow.jobs._c.execute(query).scalar_one())
