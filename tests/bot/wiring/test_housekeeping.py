"""What was done long ago is forgotten; what is dead or due stays."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.core.bus import After
from bot.core.events.base import ActId
from bot.core.people import BOT
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.events import Declared
from bot.incidents.lifecycle.service import Declare, declare
from bot.retention.service import Retention, tidy, tidy_soon
from storage import tables
from tests.world import World


async def test_old_deliveries_and_done_jobs_go_and_dead_ones_stay(world: World) -> None:
    await world.memory.write(tidy_soon)
    await world.person("bo").says("/incident declare x sev5", delivery="old")
    await world.passes(days=1)
    assert await world.read(lambda uow: uow.deliveries.get("old")) is not None

    await world.passes(days=14, hours=2)
    assert await world.read(lambda uow: uow.deliveries.get("old")) is None
    due = await world.read(lambda uow: uow.jobs.next_due())
    assert due is not None, "it comes again"


async def test_by_default_no_word_is_forgotten(world: World) -> None:
    ana = world.person("ana")
    await ana.says("/incident declare payroll is late sev5")
    await ana.says("/incident cancel INC-1")
    world.clock.move_to(world.clock.now() + timedelta(days=400))
    await world.memory.write(lambda uow: tidy(uow, Retention()))
    assert (await world.incident("INC-1")).title == "payroll is late"


async def test_the_words_of_incidents_long_over_go_and_the_timeline_says_so(world: World) -> None:
    ana = world.person("ana")
    await ana.says("/incident declare payroll is late sev5")
    await ana.says('/incident note INC-1 "Ms Smith rang"')
    await ana.says("/incident cancel INC-1")
    await ana.says("/incident declare still going on sev5")
    await world.room("INC-1")
    before = await world.incident("INC-1")
    later = Retention(incidents=timedelta(days=90), console=timedelta(days=30))
    await world.passes(days=80)
    await world.memory.write(lambda uow: tidy(uow, later))
    assert (await world.incident("INC-1")).title == "payroll is late"

    await world.passes(days=20)
    await world.memory.write(lambda uow: tidy(uow, later))
    after = await world.incident("INC-1")
    assert (after.title, after.status, after.severity) == (
        "Forgotten",
        before.status,
        before.severity,
    )
    assert after.times == before.times
    entries = await world.timeline("INC-1")
    assert "forgotten" in entries[-1].text
    assert not any("Smith" in e.text or "payroll" in str(e.data) for e in entries)
    assert (await world.incident("INC-2")).title == "still going on"
    assert "still going on" in (await world.room("INC-2")).card


async def test_what_is_forgotten_is_in_no_corner_of_the_file(world: World, tmp_path: Path) -> None:
    ana = world.person("ana")
    await ana.says("/incident declare zanzibar sev5")
    await ana.says('/incident task INC-1 "zanzibar again"')
    await ana.says("/incident cancel INC-1")
    await world.room("INC-1")
    later = Retention(incidents=timedelta(days=90), console=timedelta(days=30))
    await world.passes(days=100)
    await world.memory.write(lambda uow: tidy(uow, later))
    with sqlite3.connect(tmp_path / "tocsin.db") as file:
        left = [row for row in file.iterdump() if "zanzibar" in row.casefold()]
    assert left == []


async def test_stored_events_are_kept_for_ninety_days(world: World) -> None:
    heard = frozenset({Declared})
    bus = replace(world.memory.installation.bus, after=(After("somebody", heard),))
    world.memory.installation = replace(world.memory.installation, bus=bus)
    await world.memory.write(lambda uow: declare(uow, BOT, Declare("checkout is down")))
    (act,) = await world.read(acts)
    for days, left in ((89, 1), (2, 0)):
        world.clock.move_to(world.clock.now() + timedelta(days=days))
        await world.memory.write(lambda uow: tidy(uow, Retention()))
        assert len(await world.read(lambda uow: uow.occurrences.of(act))) == left


def acts(uow: UnitOfWork) -> list[ActId]:
    query = select(tables.events.c.act)
    return [ActId(act) for act in uow.occurrences._c.execute(query).scalars()]
