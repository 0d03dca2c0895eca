"""The real bot on a database in trouble: what people are told is true, and nothing is lost."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.databases import fresh_postgres
from tests.fakes.between import between
from tests.process.bot_process import Stage, staged, until

pytestmark = pytest.mark.process

# The person is told "not recorded yet" in between; the bot goes on trying for a minute.
TROUBLE = 10.0
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


async def told_pending_then_recorded(stage: Stage, delivery: str) -> None:
    """First "not recorded yet", while that is so; then recorded, once."""
    await until(lambda: bool(stage.world.told(delivery)), 5, "nobody was told anything")
    assert "Not recorded yet" in stage.world.told(delivery)[0]
    assert await stage.bot.incidents() == []


async def recorded_in_the_end(stage: Stage, delivery: str) -> None:
    await until(lambda: len(stage.world.told(delivery)) > 1, 30, "the outcome was not told")
    assert "INC-1" in stage.world.told(delivery)[-1]
    assert await stage.bot.incidents() == [1]
    await stage.complete([1], 60)
    assert stage.doubled([1]) == []
    await stage.bot.ready()


@pytest.mark.timeout(150)
async def test_a_file_that_somebody_locks_for_ten_seconds(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        with closing(sqlite3.connect(tmp_path / "tocsin.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            delivery = await stage.say("declare checkout is down sev1 #checkout")
            await told_pending_then_recorded(stage, delivery)
            await asyncio.sleep(TROUBLE)  # noqa: TID251 - the trouble lasts as long as it lasts
            assert len(stage.world.told(delivery)) == 1
            other.execute("ROLLBACK")
        await recorded_in_the_end(stage, delivery)


@pytest.mark.timeout(150)
async def test_a_disk_that_is_full_for_a_while(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        process = stage.bot.process
        assert process is not None
        # Files may not grow: what a full disk does, to this process alone.
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        delivery = await stage.say("declare checkout is down sev1 #checkout")
        await told_pending_then_recorded(stage, delivery)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, UNLIMITED)
        await recorded_in_the_end(stage, delivery)


@pytest.mark.timeout(150)
async def test_a_server_that_is_gone_for_ten_seconds(tmp_path: Path) -> None:
    database = fresh_postgres()
    with tempfile.TemporaryDirectory(prefix="tocsin-cut-") as short:
        async with (
            between(database, Path(short)) as (cable, address),
            staged(tmp_path, address) as stage,
        ):
            cable.cut()
            delivery = await stage.say("declare checkout is down sev1 #checkout")
            await until(lambda: bool(stage.world.told(delivery)), 5, "nobody was told")
            assert "Not recorded yet" in stage.world.told(delivery)[0]
            await asyncio.sleep(TROUBLE)  # noqa: TID251 - as above
            stage.bot.database = database
            assert await stage.bot.incidents() == []
            cable.mend()
            await recorded_in_the_end(stage, delivery)
