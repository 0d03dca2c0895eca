"""Who leads: on SQLite the one process there is; on PostgreSQL whoever holds an advisory lock."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg
import structlog

from bot.core.ports.clock import Clock
from bot.core.ports.keeping import Leadership

log = structlog.get_logger()

_RETRY = timedelta(seconds=1)
# A leader whose connection says nothing for this long has lost the lead, and knows it before the
# server, which hears of a dead peer by its own keepalive, has given the lead to another.
_CHECK = timedelta(seconds=1)
_TIMEOUT = 3.0
# Our namespace among the server's advisory locks.
_SPACE = 0x746F6373


class SoleLeadership:
    """One process owns a SQLite file, so it leads."""

    async def lead(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        await work()


class LockLeadership:
    """A dedicated connection holds ``pg_advisory_lock`` for as long as we lead: the server gives it to
    the next in the queue the moment that the connection is gone.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self._dsn = url.replace("postgresql+asyncpg://", "postgresql://", 1)
        self._clock = clock

    async def lead(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                if await self._once(name, work):
                    return
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                log.warning("lead.lost", what=name, error=str(error))
            await self._clock.wait(asyncio.Event(), self._clock.now() + _RETRY)

    async def _once(self, name: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Whether ``work`` came to its end while we led."""
        connection = await asyncpg.connect(
            self._dsn, timeout=5, server_settings={"tcp_keepalives_idle": "5"}
        )
        try:
            key = zlib.crc32(name.encode()) & 0x7FFFFFFF
            await connection.execute("SELECT pg_advisory_lock($1, $2)", _SPACE, key)
            log.info("lead.taken", what=name)
            return await self._while_held(connection, work)
        finally:
            connection.terminate()

    async def _while_held(
        self, connection: asyncpg.Connection, work: Callable[[], Awaitable[None]]
    ) -> bool:
        task = asyncio.ensure_future(work())
        ended = asyncio.Event()
        task.add_done_callback(lambda _: ended.set())
        try:
            while not task.done():
                await self._clock.wait(ended, self._clock.now() + _CHECK)
                await connection.execute("SELECT 1", timeout=_TIMEOUT)
        finally:
            task.cancel()
            await asyncio.wait([task])
        await task
        return True


def _conforms(alone: SoleLeadership, lock: LockLeadership) -> tuple[Leadership, Leadership]:
    return alone, lock
