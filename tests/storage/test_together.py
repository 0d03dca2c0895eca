"""PostgreSQL commits together what waits. Whoever is slow, stuck or wrong holds up nobody else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest
from sqlalchemy import text

from bot.core.organisation import Organisation
from bot.core.ports.jobs import Unavailable
from bot.core.ports.unit_of_work import UnitOfWork
from bot.wiring.clock import SystemClock
from storage.database.migrate import migrate
from storage.database.postgres import PostgresMemory
from storage.unit_of_work import Installation
from tests.databases import fresh_postgres


@pytest.fixture
async def pair() -> AsyncIterator[tuple[PostgresMemory, PostgresMemory]]:
    """Two replicas on one database."""
    url = fresh_postgres()
    installation = Installation(Organisation("Acme"), await migrate(url, "test"), ("console",))
    one, two = (PostgresMemory(url, SystemClock(), installation, name) for name in ("one", "two"))
    for each in (one, two):
        await each.start()
    yield one, two
    for each in (one, two):
        await each.stop()


def transaction(uow: UnitOfWork) -> int:
    found: int = uow._c.execute(text("SELECT txid_current()")).scalar_one()
    return found


def sleeps(uow: UnitOfWork, seconds: float) -> None:
    uow._c.execute(text("SELECT pg_sleep(:s)"), {"s": seconds})


async def test_what_waits_shares_a_transaction(pair: tuple[PostgresMemory, PostgresMemory]) -> None:
    memory, _ = pair
    await memory.write(transaction)
    found = await asyncio.gather(*(memory.write(transaction) for _ in range(10)))
    assert len(set(found)) < len(found)


async def test_one_that_is_wrong_is_refused_alone_and_the_rest_is_written(
    pair: tuple[PostgresMemory, PostgresMemory],
) -> None:
    memory, _ = pair

    def wrong(uow: UnitOfWork) -> None:
        uow.key_values.put("wrong", "x")
        raise ValueError("no")

    right = [memory.write(lambda uow, n=n: uow.key_values.put(f"k{n}", "x")) for n in range(4)]  # type: ignore[misc]
    found = await asyncio.gather(right[0], memory.write(wrong), *right[1:], return_exceptions=True)

    assert [type(each) for each in found if each] == [ValueError]
    kept = await memory.read(lambda uow: [uow.key_values.get(f"k{n}") for n in range(4)])
    assert kept == ["x"] * 4
    assert await memory.read(lambda uow: uow.key_values.get("wrong")) is None


async def test_whoever_takes_long_holds_up_nobody(
    pair: tuple[PostgresMemory, PostgresMemory],
) -> None:
    memory, _ = pair
    await memory.write(transaction)
    long = asyncio.ensure_future(memory.write(lambda uow: sleeps(uow, 5)))
    await memory.read(lambda uow: sleeps(uow, 0.3))
    began = time.monotonic()
    for _ in range(3):
        await memory.write(transaction)
        assert not long.done()
    assert time.monotonic() - began < 2.5
    await long


async def test_two_replicas_that_wait_for_one_another_part_soon(
    pair: tuple[PostgresMemory, PostgresMemory],
) -> None:
    """Each has one row and wants the other's."""
    one, two = pair
    for key in ("a", "b"):
        await one.write(lambda uow, key=key: uow.key_values.put(key, "none"))  # type: ignore[misc]

    def crossing(first: str, then: str, who: str) -> Callable[[UnitOfWork], None]:
        def work(uow: UnitOfWork) -> None:
            uow.key_values.put(first, who)
            sleeps(uow, 0.2)
            uow.key_values.put(then, who)

        return work

    began = time.monotonic()
    async with asyncio.timeout(20):
        await asyncio.gather(
            one.write(crossing("a", "b", "one")),
            two.write(crossing("b", "a", "two")),
        )
    assert time.monotonic() - began < 5
    kept = await one.read(lambda uow: {uow.key_values.get("a"), uow.key_values.get("b")})
    assert len(kept) == 1


async def test_glimpses_end_in_the_order_asked(
    pair: tuple[PostgresMemory, PostgresMemory],
) -> None:
    """Side by side the first of many would end with the last."""
    memory, _ = pair
    await memory.read_inline(lambda uow: uow.key_values.get("x"))
    ended: list[int] = []

    async def asked(number: int) -> None:
        await memory.read_inline(lambda uow: [uow.key_values.get("x") for _ in range(3)])
        ended.append(number)

    await asyncio.gather(*(asked(number) for number in range(3)))
    assert ended == [0, 1, 2]


async def test_a_glimpse_that_takes_long_is_gone_round(
    pair: tuple[PostgresMemory, PostgresMemory],
) -> None:
    memory, _ = pair
    long = asyncio.ensure_future(memory.read_inline(lambda uow: sleeps(uow, 5)))
    began = time.monotonic()
    for _ in range(3):
        await memory.read_inline(lambda uow: uow.key_values.get("x"))
        assert not long.done()
    assert time.monotonic() - began < 2.5
    await long


async def test_a_connection_that_was_cut_is_not_used_again(
    pair: tuple[PostgresMemory, PostgresMemory],
) -> None:
    memory, other = pair
    for _ in range(2):
        await memory.read_inline(lambda uow: uow.key_values.get("x"))
        await memory.write(lambda uow: uow.key_values.put("x", "1"))

    def cut(uow: UnitOfWork) -> None:
        uow._c.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )

    await other.read(cut)
    for _ in range(4):
        with suppress(Unavailable):
            assert await memory.read_inline(lambda uow: uow.key_values.get("x")) == "1"
            await memory.write(lambda uow: uow.key_values.put("x", "1"))
            break
    else:
        pytest.fail("still unavailable after four attempts")


async def test_a_reader_who_is_called_off_holds_up_nobody(
    pair: tuple[PostgresMemory, PostgresMemory],
) -> None:
    memory, _ = pair

    reading = asyncio.ensure_future(memory.read_inline(lambda uow: sleeps(uow, 5)))
    await memory.read(lambda uow: sleeps(uow, 0.1))
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading
    began = time.monotonic()
    assert await memory.read_inline(lambda uow: uow.key_values.get("x")) is None
    assert time.monotonic() - began < 2.5


async def test_a_timer_in_company_waits_for_a_lock_as_long_as_alone(
    pair: tuple[PostgresMemory, PostgresMemory],
) -> None:
    """A fault that passes is none of the piece's own: whoever catches those must not see it."""
    one, two = pair
    await one.write(lambda uow: uow.key_values.put("row", "before"))

    def holds(uow: UnitOfWork) -> None:
        uow.key_values.put("row", "theirs")
        sleeps(uow, 0.5)

    def careful(uow: UnitOfWork) -> str:
        try:
            with uow.savepoint():
                uow.key_values.put("row", "ours")
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 - as the timers do
            return "taken for a mistake"
        return "written"

    holding = asyncio.ensure_future(two.write(holds))
    await one.read(lambda uow: sleeps(uow, 0.1))
    assert await one.write(careful) == "written"
    await holding


async def test_a_server_that_only_reads_is_left(
    pair: tuple[PostgresMemory, PostgresMemory],
) -> None:
    """After a fail-over the old one still answers: what writes is told to come again, on a new connection."""
    memory, _ = pair
    await memory.write(lambda uow: uow.key_values.put("x", "1"))
    async with memory._fail_fast.one() as found:
        await found.driver.execute("SET default_transaction_read_only = on")
    await memory.write(lambda uow: uow.key_values.put("x", "2"))
    assert await memory.read(lambda uow: uow.key_values.get("x")) == "2"
