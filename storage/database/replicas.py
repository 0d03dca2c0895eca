"""What only several replicas on one PostgreSQL need: notifications, and one clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

import asyncpg
import structlog

from bot.core.ports.clock import Clock
from bot.core.ports.jobs import Unavailable
from storage.sql.types import instant

log = structlog.get_logger()

_RETRY = timedelta(seconds=1)
_CHECK = timedelta(seconds=10)
# The connection name of a running replica; a command of the command line has none.
REPLICA = "tocsin-replica"
_LISTENING = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE application_name = $1 AND datname = current_database()"
)
_NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"


class Adjustable(Clock, Protocol):
    """A clock that can be set: ``offset`` is what the database's is ahead of ours."""

    offset: timedelta


class NotificationListener:
    """A dedicated connection that LISTENs, and that keeps the clock in step with the database's."""

    def __init__(self, url: str, clock: Adjustable, heard: Callable[[str], None]) -> None:
        self._dsn = _dsn(url)
        self._clock = clock
        self._heard = heard

    async def run(self) -> None:
        """Listen until cancelled, reconnecting; what was missed meanwhile the slow poll finds."""
        while True:
            try:
                await self._once()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                log.warning("listen.lost", error=str(error))
            await self._clock.wait(asyncio.Event(), self._clock.now() + _RETRY)

    async def _once(self) -> None:
        named = {"application_name": REPLICA}
        connection = await asyncpg.connect(self._dsn, timeout=5, server_settings=named)
        try:
            await connection.add_listener("tocsin", lambda *told: self._heard(str(told[3])))
            while True:
                await self._measure(connection)
                await self._clock.wait(asyncio.Event(), self._clock.now() + _CHECK)
        finally:
            connection.terminate()

    async def _measure(self, connection: asyncpg.Connection) -> None:
        """The best of three. Its error is at most half the round trip."""
        samples = []
        for _ in range(3):
            before = self._clock.now()
            theirs = instant(await connection.fetchval(_NOW))
            after = self._clock.now()
            samples.append((after - before, theirs - (before + (after - before) / 2)))
        self._clock.offset += min(samples)[1]


async def replicas(url: str) -> int:
    """How many replicas of Tocsin listen on this database now. Raises ``Unavailable``."""
    try:
        connection = await asyncpg.connect(_dsn(url), timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        raise Unavailable(f"The database does not answer: {error}") from None
    try:
        found: int = await connection.fetchval(_LISTENING, REPLICA)
        return found
    finally:
        await connection.close()


async def skew(url: str, clock: Adjustable) -> timedelta:
    """What the database's clock is ahead of ``clock``, which is set. Raises ``Unavailable``."""
    try:
        await measure_once(url, clock)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        raise Unavailable(f"The database does not answer: {error}") from None
    return clock.offset


def _dsn(url: str) -> str:
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


async def measure_once(url: str, clock: Adjustable) -> None:
    """Set the clock before the first job is claimed."""
    listener = NotificationListener(url, clock, lambda _: None)
    connection = await asyncpg.connect(_dsn(url))
    try:
        await listener._measure(connection)  # noqa: SLF001 - the same module's own
    finally:
        await connection.close()
