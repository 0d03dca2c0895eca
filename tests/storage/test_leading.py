"""One leads at a time; when its connection is gone, the next one does within seconds."""

from __future__ import annotations

import asyncio

import asyncpg

from bot.wiring.clock import SystemClock
from storage.database.leading import LockLeadership, SoleLeadership
from tests.databases import fresh_postgres
from tests.installation import until


async def test_the_second_takes_over_when_the_first_ones_connection_is_cut() -> None:
    url, clock, at_work = fresh_postgres(), SystemClock(), list[str]()

    async def work(who: str) -> None:
        at_work.append(who)
        try:
            await asyncio.Event().wait()
        finally:
            at_work.remove(who)

    first = asyncio.ensure_future(LockLeadership(url, clock).lead("chat", lambda: work("first")))
    await until(lambda: at_work == ["first"])
    second = asyncio.ensure_future(LockLeadership(url, clock).lead("chat", lambda: work("second")))
    await _waiting_for_the_lock(url)
    assert at_work == ["first"]

    first.cancel()

    await until(lambda: at_work == ["second"])
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)


async def test_who_loses_the_connection_stops_and_comes_again() -> None:
    url, began = fresh_postgres(), list[str]()

    async def work() -> None:
        began.append("once more")
        await asyncio.Event().wait()

    leading = asyncio.ensure_future(LockLeadership(url, SystemClock()).lead("chat", work))
    await until(lambda: len(began) == 1)

    await _run(url, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")

    await until(lambda: len(began) == 2)
    leading.cancel()
    await asyncio.gather(leading, return_exceptions=True)


async def test_alone_one_leads_at_once() -> None:
    done = list[str]()

    async def work() -> None:
        done.append("led")

    await SoleLeadership().lead("chat", work)

    assert done == ["led"]


async def _run(url: str, query: str) -> object:
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://", 1))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def _waiting_for_the_lock(url: str) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    async with asyncio.timeout(15):
        while await _run(url, waiting) != 1:
            continue
