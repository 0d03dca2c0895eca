"""Transactions on both databases: what commits, what does not, and what is said when it cannot."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from bot.core.organisation import Organisation
from bot.core.ports.jobs import JobSpec, Queue, Unavailable
from bot.core.ports.unit_of_work import UnitOfWork
from bot.wiring.clock import SystemClock
from storage import tables
from storage.database.lock import AlreadyLocked, FileLock
from storage.database.migrate import migrate
from storage.database.postgres import PostgresMemory
from storage.database.replicas import NotificationListener
from storage.database.sqlite import SqliteMemory, sqlite_path
from storage.unit_of_work import Installation
from tests.databases import fresh_postgres
from tests.fakes.clock import FakeClock

AnyMemory = SqliteMemory | PostgresMemory


async def test_pieces_of_work_that_commit_together_fail_alone(memory: AnyMemory) -> None:
    def breaks(uow: UnitOfWork) -> None:
        uow.jobs.enqueue(JobSpec("broken", Queue.CHAT))
        raise LookupError("mine alone")

    works = [memory.write(lambda uow: uow.jobs.enqueue(JobSpec("ok", Queue.CHAT)))] * 1
    outcomes = await asyncio.gather(
        *works,
        memory.write(breaks),
        memory.write(lambda uow: uow.jobs.enqueue(JobSpec("ok", Queue.CHAT))),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [type(None), LookupError, type(None)]
    state = await memory.read(lambda uow: uow.jobs.state())
    assert state.ready == {"chat": 2}


async def test_a_reader_never_waits_for_a_writer(memory: AnyMemory) -> None:
    release = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(uow: UnitOfWork) -> str:
        uow.jobs.enqueue(JobSpec("slow", Queue.CHAT))
        if isinstance(memory, SqliteMemory):
            asyncio.run_coroutine_threadsafe(release.wait(), loop).result(timeout=5)
        return "written"

    writing = asyncio.ensure_future(memory.write(slow))
    state = await memory.read(lambda uow: uow.jobs.state())
    release.set()

    assert state.ready in ({}, {"chat": 1})
    assert await writing == "written"


async def test_a_signal_is_heard_after_the_commit_and_not_after_a_failure(
    memory: AnyMemory,
) -> None:
    heard: list[str] = []
    memory.listen("console:", heard.append)

    def breaks(uow: UnitOfWork) -> None:
        uow.signal("console:lost")
        raise LookupError("no")

    with pytest.raises(LookupError):
        await memory.write(breaks)
    await memory.write(lambda uow: uow.signal("console:room1"))
    await memory.read(lambda uow: uow.now)

    assert heard == ["console:room1"]


async def test_reads_cannot_write(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/t.db"
    installation = Installation(Organisation("Acme"), await migrate(url, "test"), ("console",))
    memory = SqliteMemory(url, FakeClock(), installation)
    await memory.start()
    with pytest.raises(Unavailable, match="readonly"):
        await memory.read(lambda uow: uow.jobs.enqueue(JobSpec("x", Queue.CHAT)))
    await memory.stop()


async def test_a_locked_file_is_said_to_be_unavailable_and_written_later(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/t.db"
    installation = Installation(Organisation("Acme"), await migrate(url, "test"), ("console",))
    memory = SqliteMemory(url, FakeClock(), installation)
    await memory.start()
    other = sqlite3.connect(sqlite_path(url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable, match="locked"):
        await memory.write(lambda uow: uow.jobs.enqueue(JobSpec("x", Queue.CHAT)))
    other.execute("ROLLBACK")
    other.close()
    await memory.write(lambda uow: uow.jobs.enqueue(JobSpec("x", Queue.CHAT)))

    assert (await memory.read(lambda uow: uow.jobs.state())).ready == {"chat": 1}
    await memory.stop()


async def test_commits_are_durable_and_journalled(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/t.db"
    installation = Installation(Organisation("Acme"), await migrate(url, "test"), ("console",))
    memory = SqliteMemory(url, FakeClock(), installation)
    await memory.start()

    def pragmas(uow: UnitOfWork) -> tuple[object, ...]:
        connection = uow._c
        names = ("journal_mode", "synchronous", "foreign_keys")
        return tuple(connection.execute(text(f"PRAGMA {n}")).scalar_one() for n in names)

    full = 2
    assert await memory.write(pragmas) == ("wal", full, 1)
    await memory.stop()


def test_one_process_owns_a_sqlite_file(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    first.take()
    with pytest.raises(AlreadyLocked, match=r"process \d+"):
        second.take()
    first.release()
    second.take()
    second.release()


async def test_one_replica_hears_what_another_has_written() -> None:
    url = fresh_postgres()
    installation = Installation(Organisation("Acme"), await migrate(url, "test"), ("console",))
    clock = SystemClock()
    one = PostgresMemory(url, clock, installation, "one")
    two = PostgresMemory(url, clock, installation, "two")
    await one.start()
    await two.start()
    heard = asyncio.Event()
    two.listen("jobs", lambda _: heard.set())
    listener = asyncio.ensure_future(NotificationListener(url, clock, two.heard).run())
    async with asyncio.timeout(10):
        while not heard.is_set():
            await one.write(lambda uow: uow.jobs.enqueue(JobSpec("x", Queue.CHAT)))
    listener.cancel()
    await asyncio.gather(listener, return_exceptions=True)
    await one.stop()
    await two.stop()


async def test_a_replica_whose_clock_is_wrong_takes_the_databases() -> None:
    url = fresh_postgres()
    clock = SystemClock()
    clock.offset = timedelta(minutes=7)
    listener = asyncio.ensure_future(NotificationListener(url, clock, lambda _: None).run())
    async with asyncio.timeout(10):
        while abs(clock.offset) > timedelta(seconds=1):
            await asyncio.to_thread(lambda: None)
    listener.cancel()
    await asyncio.gather(listener, return_exceptions=True)


async def test_the_error_of_a_statement_quotes_nothing_that_somebody_wrote(
    memory: AnyMemory,
) -> None:
    """It may end in a log: what was to be written is not part of what it says."""

    def twice(uow: UnitOfWork) -> None:
        row = {"id": "r1", "name": "x", "kind": "war", "topic": "zanzibar is down", "marker": None}
        rest: dict[str, object] = {
            "private": False,
            "archived": False,
            "seq": 0,
            "changed": 0,
            "bookmarks": [],
        }
        for _ in range(2):
            uow._c.execute(insert(tables.console_rooms), {**row, **rest})

    with pytest.raises(IntegrityError) as caught:
        await memory.write(twice)
    assert "console_rooms" in str(caught.value)
    assert "zanzibar" not in str(caught.value)
