"""The two databases behind one port: a function of a transaction is run, committed and signalled.

SQLite: one writer thread takes whatever waits and commits it together, each piece of work in its own
savepoint; readers have a read-only pool. PostgreSQL: one connection a transaction.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from bot.ports import Clock, Memory, OutcomeUnknown, Unavailable, UnitOfWork
from storage.unit_of_work import House, SqlUnitOfWork

T = TypeVar("T")
Work = Callable[[UnitOfWork], Any]

# How long a writer waits for SQLite's lock before it says that it could not write.
BUSY_MS = 1000
# Readers at once.
READERS = 4
# The most transactions that are committed together.
GROUP = 64


@dataclass(slots=True)
class Listeners:
    """Callbacks by topic prefix; called in the event loop that they were registered in."""

    callbacks: list[tuple[str, Callable[[str], None], asyncio.AbstractEventLoop]] = field(
        default_factory=list
    )

    def add(self, topic: str, callback: Callable[[str], None]) -> None:
        self.callbacks.append((topic, callback, asyncio.get_running_loop()))

    def tell(self, topics: set[str]) -> None:
        """Safe from any thread; a loop that has closed is left out."""
        for prefix, callback, loop in self.callbacks:
            for topic in topics:
                if topic.startswith(prefix) and not loop.is_closed():
                    loop.call_soon_threadsafe(callback, topic)


def sqlite_path(url: str) -> Path:
    """The file of a ``sqlite+aiosqlite:///`` address."""
    return Path(url.split("///", 1)[1].split("?", 1)[0])


def sync_sqlite(path: Path, *, pool: Any = StaticPool) -> Engine:
    """The writer's engine: durable commits, and transactions that take the lock when they begin."""
    engine = create_engine(
        f"sqlite:///{path}", poolclass=pool, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", _durable)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _durable(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_MS}",
        "foreign_keys=ON",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _reader(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_MS}", "query_only=ON", "cache_size=-16000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


@dataclass(frozen=True, slots=True)
class _Asked:
    work: Work
    answer: Future[Any]


class SqliteMemory:
    """``Memory`` on one SQLite file. Open with ``start`` and close with ``stop``."""

    def __init__(self, url: str, clock: Clock, house: House) -> None:
        self.url = url
        self.house = house
        self._clock = clock
        self._path = sqlite_path(url)
        self._asked: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._listeners = Listeners()
        self._writer: threading.Thread | None = None
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="tocsin-reader")
        self._reading: Engine | None = None

    async def start(self) -> None:
        engine = sync_sqlite(self._path)
        self._writer = threading.Thread(
            target=self._write_loop, args=(engine,), name="tocsin-writer", daemon=True
        )
        self._writer.start()
        self._reading = create_engine(
            f"sqlite:///{self._path}",
            pool_size=READERS,
            max_overflow=0,
            connect_args={"check_same_thread": False},
        )
        event.listen(self._reading, "connect", _reader)
        event.listen(self._reading, "begin", _begin_deferred)

    async def stop(self) -> None:
        if self._writer is not None:
            self._asked.put(None)
            await asyncio.to_thread(self._writer.join)
        self._readers.shutdown()
        if self._reading is not None:
            self._reading.dispose()

    def listen(self, topic: str, callback: Callable[[str], None]) -> None:
        self._listeners.add(topic, callback)

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        asked = _Asked(work, Future())
        self._asked.put(asked)
        return cast("T", await asyncio.wrap_future(asked.answer))

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    def _read(self, work: Callable[[UnitOfWork], T]) -> T:
        if self._reading is None:
            raise Unavailable("The database is not open.")
        try:
            with self._reading.begin() as connection:
                return work(SqlUnitOfWork(connection, self._clock.now(), self.house))
        except (OperationalError, PoolTimeout) as error:
            raise Unavailable(_why(error)) from error

    # --- the writer's thread ---

    def _write_loop(self, engine: Engine) -> None:
        connection: Connection | None = None
        while (first := self._asked.get()) is not None:
            group = [first, *self._waiting()]
            try:
                connection = connection or engine.connect()
                self._commit_together(connection, group)
            except (OperationalError, InterfaceError) as error:
                _drop(connection)
                connection = None
                _fail(group, Unavailable(_why(error)), error)
        if connection is not None:
            connection.close()
        engine.dispose()

    def _waiting(self) -> Sequence[_Asked]:
        """What else is waiting now. A stop found here is put back for the loop to see."""
        found: list[_Asked] = []
        while len(found) < GROUP and not self._asked.empty():
            asked = self._asked.get()
            if asked is None:
                self._asked.put(None)
                break
            found.append(asked)
        return found

    def _commit_together(self, connection: Connection, group: Sequence[_Asked]) -> None:
        topics: set[str] = set()
        transaction = connection.begin()
        try:
            outcomes = [(asked, *self._one(connection, asked, topics)) for asked in group]
        except BaseException:
            transaction.rollback()
            raise
        try:
            transaction.commit()
        except (OperationalError, InterfaceError) as error:
            _drop(connection, transaction)
            _fail(group, OutcomeUnknown(_why(error)), error)
            return
        for asked, result, failure in outcomes:
            _answer(asked, result, failure)
        self._listeners.tell(topics)

    def _one(
        self, connection: Connection, asked: _Asked, topics: set[str]
    ) -> tuple[Any, BaseException | None]:
        uow = SqlUnitOfWork(connection, self._clock.now(), self.house)
        # By hand: a savepoint of SQLAlchemy's costs as much as two statements.
        connection.exec_driver_sql("SAVEPOINT piece")
        try:
            result = asked.work(uow)
        except OperationalError:
            raise  # the whole group is rolled back
        except BaseException as failure:  # noqa: BLE001 - handed to whoever asked
            connection.exec_driver_sql("ROLLBACK TO piece")
            connection.exec_driver_sql("RELEASE piece")
            return None, failure
        connection.exec_driver_sql("RELEASE piece")
        topics |= uow.topics()
        return result, None


def _answer(asked: _Asked, result: Any, failure: BaseException | None) -> None:
    if asked.answer.cancelled() or not asked.answer.set_running_or_notify_cancel():
        return
    if failure is None:
        asked.answer.set_result(result)
    else:
        asked.answer.set_exception(failure)


def _fail(group: Sequence[_Asked], fault: Exception, cause: Exception) -> None:
    fault.__cause__ = cause
    for asked in group:
        if not asked.answer.done():
            _answer(asked, None, fault)


def _drop(connection: Connection | None, transaction: Any = None) -> None:
    """Forget a connection in doubt; the next group opens a new one."""
    for thing in (transaction, connection):
        if thing is not None:
            try:
                thing.rollback()
            except DBAPIError:
                continue


def _why(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


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
        phase = "begin"
        topics: set[str] = set()
        try:
            async with self._engine.connect() as connection:
                transaction = await connection.begin()
                result = await connection.run_sync(lambda c: self._run(c, work, topics))
                phase = "commit"
                await transaction.commit()
        except (OperationalError, InterfaceError, PoolTimeout, OSError, TimeoutError) as error:
            fault = OutcomeUnknown if phase == "commit" else Unavailable
            raise fault(_why(error)) from error
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            fault = OutcomeUnknown if phase == "commit" else Unavailable
            raise fault(_why(error)) from error
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
        try:
            async with self._engine.connect() as connection, connection.begin():
                return await connection.run_sync(
                    lambda c: work(SqlUnitOfWork(c, self._clock.now(), self.house))
                )
        except (OperationalError, InterfaceError, PoolTimeout, OSError, TimeoutError) as error:
            raise Unavailable(_why(error)) from error


def _conforms(sqlite: SqliteMemory, postgres: PostgresMemory) -> tuple[Memory, Memory]:
    return sqlite, postgres
