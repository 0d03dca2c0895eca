"""Memory on PostgreSQL, for one replica among several: one connection a transaction."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.ports import Clock, Memory, OutcomeUnknown, Unavailable, UnitOfWork
from storage.engine import Listeners, why
from storage.unit_of_work import House, SqlUnitOfWork

T = TypeVar("T")


# SQLSTATE classes that pass by themselves: no connection, no room, an operator's hand, a lock or a
# deadlock (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_PASSING = ("08", "53", "57", "55P03", "40")


class _Phase(Enum):
    CONNECT = auto()
    WORK = auto()
    COMMIT = auto()


class PostgresMemory:
    """``Memory`` on PostgreSQL, for one replica among several."""

    def __init__(self, url: str, clock: Clock, house: House, replica: str) -> None:
        self.url = url
        self.house = house
        self._clock = clock
        self._replica = replica
        self._engine: AsyncEngine | None = None
        self._listeners = Listeners()

    async def start(self) -> None:
        self._engine = create_async_engine(
            self.url,
            hide_parameters=True,  # an error of a statement would quote what people wrote
            pool_size=10,
            max_overflow=10,
            pool_timeout=5,
            pool_pre_ping=False,
            connect_args={
                "timeout": 5,
                "command_timeout": 30,
                "server_settings": {"lock_timeout": "5000", "application_name": "tocsin"},
            },
        )

    async def stop(self) -> None:
        if self._engine is not None:
            await self._engine.dispose()

    def listen(self, topic: str, callback: Callable[[str], None]) -> None:
        self._listeners.add(topic, callback)

    def heard(self, payload: str) -> None:
        """A NOTIFY from another replica: <replica> <topic>. Our own were told at commit."""
        replica, _, topic = payload.partition(" ")
        if replica != self._replica:
            self._listeners.tell({topic})

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        if self._engine is None:
            raise Unavailable("The database is not open.")
        phase = _Phase.CONNECT
        topics: set[str] = set()
        try:
            async with self._engine.connect() as connection:
                transaction = await connection.begin()
                phase = _Phase.WORK
                result = await connection.run_sync(lambda c: self._run(c, work, topics))
                phase = _Phase.COMMIT
                await transaction.commit()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            fault = _fault(error, phase)
            if fault is error:
                raise
            raise fault from error
        self._listeners.tell(topics)
        return result

    def _run(self, connection: Connection, work: Callable[[UnitOfWork], T], topics: set[str]) -> T:
        uow = SqlUnitOfWork(connection, self._clock.now(), self.house)
        result = work(uow)
        topics |= uow.topics()
        for topic in sorted(topics):
            payload = f"{self._replica} {topic}"
            connection.execute(text("SELECT pg_notify('tocsin', :payload)"), {"payload": payload})
        return result

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        if self._engine is None:
            raise Unavailable("The database is not open.")
        phase = _Phase.CONNECT
        try:
            async with self._engine.connect() as connection, connection.begin():
                phase = _Phase.WORK
                return await connection.run_sync(
                    lambda c: work(SqlUnitOfWork(c, self._clock.now(), self.house))
                )
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            fault = _fault(error, phase)
            if fault is error:
                raise
            raise fault from error

    async def glimpse(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.read(work)


def _fault(error: Exception, phase: _Phase) -> Exception:
    """What a failure means: not done, perhaps done, or a mistake of ours (then ``error`` itself)."""
    passing = isinstance(error, (OperationalError, InterfaceError, PoolTimeout, OSError))
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        passing = passing or error.connection_invalidated or state.startswith(_PASSING)
    if phase is _Phase.COMMIT and (passing or isinstance(error, DBAPIError)):
        return OutcomeUnknown(why(error))
    if passing or phase is _Phase.CONNECT:
        return Unavailable(why(error))
    return error


def _conforms(memory: PostgresMemory) -> Memory:
    return memory
