"""PostgreSQL connections that are kept open: taking one out of SQLAlchemy's pool and returning it costs as much
as the statement that it is for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import cast

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage.sql.faults import FAULTS, in_doubt

# How long somebody waits for a connection when all are in use (seconds).
TIMEOUT = 5.0
# Whoever has waited so long for their turn overtakes those before them (seconds).
LATE = 0.01


@dataclass(frozen=True, slots=True)
class Open:
    """One connection, and its driver's."""

    connection: AsyncConnection
    driver: asyncpg.Connection

    @property
    def usable(self) -> bool:
        return not (self.driver.is_closed() or self.driver.is_in_transaction())

    async def discard(self) -> None:
        """Without a word to the server, which may not listen."""
        self.driver.terminate()
        with suppress(*FAULTS):
            await self.connection.invalidate()
            await self.connection.close()


class Connections:
    """At most ``most`` at once, of which ``kept`` stay open; the one used last is used first, since it has
    everything prepared. A lock is waited for ``lock_ms``."""

    def __init__(self, url: str, lock_ms: int, kept: int, most: int) -> None:
        self._engine = _engine(url, lock_ms)
        self._kept = kept
        self._free: list[Open] = []
        self._room = asyncio.Semaphore(most)
        self._turn = asyncio.Lock()
        self._in_turn = 0

    @asynccontextmanager
    async def in_turn(self) -> AsyncIterator[Open]:
        """As ``one``, in the order asked: side by side on two cores, the first would end with the last."""
        self._in_turn += 1
        mine = False
        try:
            mine = await self._waited()
            async with self.one() as found:
                yield found
        finally:
            self._in_turn -= 1
            if mine:
                self._turn.release()

    async def _waited(self) -> bool:
        """Whether it is our turn now; else those before us take long."""
        try:
            async with asyncio.timeout(LATE if self._in_turn > 1 else None):
                return await self._turn.acquire()
        except TimeoutError:
            return False

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Open]:
        """Raises ``TimeoutError`` when all have been in use for 5 s, and what connecting raises."""
        async with asyncio.timeout(TIMEOUT if self._room.locked() else None):
            await self._room.acquire()
        try:
            found = await self._open()
            try:
                yield found
            except (*FAULTS, asyncio.CancelledError) as error:
                if in_doubt(error):
                    await self._discard(found)
                raise
            finally:
                await self._give_back(found)
        finally:
            self._room.release()

    async def _open(self) -> Open:
        while self._free:
            found = self._free.pop()
            if found.usable:
                return found
            await found.discard()
        connection = await self._engine.connect()
        pooled = await connection.get_raw_connection()
        return Open(connection, cast("asyncpg.Connection", pooled.driver_connection))

    async def _give_back(self, found: Open) -> None:
        if found.connection.closed:
            return
        if found.usable and len(self._free) < self._kept:
            self._free.append(found)
        else:
            await _parted(found)

    async def _discard(self, found: Open) -> None:
        """Drop it and all unused ones: what broke one has mostly broken all."""
        free, self._free = self._free, []
        for each in (found, *free):
            await each.discard()

    async def close(self) -> None:
        while self._free:
            await _parted(self._free.pop())
        await self._engine.dispose()


async def _parted(found: Open) -> None:
    """Close it in order, where that is still possible. An answer that came before stays certain."""
    if found.usable:
        with suppress(*FAULTS):
            await found.connection.close()
    else:
        await found.discard()


def _engine(url: str, lock_ms: int) -> AsyncEngine:
    return create_async_engine(
        url,
        hide_parameters=True,  # an error of a statement would quote what people wrote
        poolclass=NullPool,
        # A read is no transaction, since in READ COMMITTED each statement sees the newest anyway; a write
        # begins and commits its own.
        isolation_level="AUTOCOMMIT",
        connect_args={
            "timeout": 5,
            "command_timeout": 30,
            # More than we have, and for good: preparing is a round trip.
            "statement_cache_size": 500,
            "max_cached_statement_lifetime": 0,
            "prepared_statement_cache_size": 500,
            "server_settings": {"lock_timeout": str(lock_ms), "application_name": "tocsin"},
        },
    )
