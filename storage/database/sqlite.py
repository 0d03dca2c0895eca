"""The database in one SQLite file. One writer thread takes whatever waits and commits it together, each piece
of work in its own savepoint; readers have a read-only pool."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import StaticPool

from bot.core.ports.clock import Clock
from bot.core.ports.jobs import OutcomeUnknown, Unavailable
from bot.core.ports.unit_of_work import Memory
from storage.database.listeners import Listeners
from storage.sql.direct import OnSqlite
from storage.sql.faults import why
from storage.sql.plan import Plans
from storage.unit_of_work import Installation, UnitOfWork

T = TypeVar("T")
Work = Callable[[UnitOfWork], Any]

# How long a writer waits for SQLite's lock before it says that it could not write.
BUSY_MS = 1000
# Readers at once.
READERS = 4
# What is committed together: so many transactions at most, and no more than so many seconds of work.
GROUP, MOMENT = 64, 0.02


def sqlite_path(url: str) -> Path:
    """The file of a ``sqlite+aiosqlite:///`` address."""
    return Path(url.split("///", 1)[1].split("?", 1)[0])


def sync_sqlite(path: Path, *, pool: Any = StaticPool) -> Engine:
    """The writer's engine: durable commits, and transactions that take the lock when they begin."""
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=pool,
        hide_parameters=True,
        connect_args={"check_same_thread": False},
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


def _readers(path: Path, count: int, busy_ms: int) -> Engine:
    """An engine for so many readers at once, each waiting so long for a lock."""

    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (f"busy_timeout={busy_ms}", "query_only=ON", "cache_size=-16000"):
            connection.execute(f"PRAGMA {pragma}").close()

    same = {"check_same_thread": False}
    engine = create_engine(
        f"sqlite:///{path}",
        pool_size=count,
        max_overflow=0,
        connect_args=same,
        hide_parameters=True,
    )
    event.listen(engine, "connect", prepare)
    return engine


@contextmanager
def _by_hand(connection: Connection) -> Iterator[None]:
    """A transaction that reads, on a connection kept for it: through SQLAlchemy, connecting and beginning cost
    as much as the reading."""
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    driver.execute("BEGIN")
    try:
        yield
    finally:
        driver.execute("ROLLBACK")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


@dataclass(frozen=True, slots=True)
class _Asked:
    work: Work
    answer: Future[Any]


class SqliteMemory:
    """``Memory`` on one SQLite file. Open with ``start`` and close with ``stop``."""

    def __init__(self, url: str, clock: Clock, installation: Installation) -> None:
        self.url = url
        self.installation = installation
        self._clock = clock
        self._path = sqlite_path(url)
        self._asked: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._listeners = Listeners()
        self._plans = Plans()
        self._writer: threading.Thread | None = None
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="tocsin-reader")
        self._reading: Engine | None = None
        self._inline_reads: Engine | None = None
        self._reading_inline: Connection | None = None

    async def start(self) -> None:
        engine = sync_sqlite(self._path)
        self._writer = threading.Thread(
            target=self._write_loop, args=(engine,), name="tocsin-writer", daemon=True
        )
        self._writer.start()
        self._reading = _readers(self._path, READERS, BUSY_MS)
        event.listen(self._reading, "begin", _begin_deferred)
        self._inline_reads = _readers(self._path, 1, 0)

    async def stop(self) -> None:
        if self._writer is not None:
            self._asked.put(None)
            await asyncio.to_thread(self._writer.join)
        self._readers.shutdown()
        self._forget_inline_reads()
        for engine in (self._reading, self._inline_reads):
            if engine is not None:
                engine.dispose()

    def listen(self, topic: str, callback: Callable[[str], None]) -> None:
        self._listeners.add(topic, callback)

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        asked = _Asked(work, Future())
        self._asked.put(asked)
        return cast("T", await asyncio.wrap_future(asked.answer))

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def read_inline(self, work: Callable[[UnitOfWork], T]) -> T:
        """In the event loop: for a few rows, a hand-over to a thread and back costs more. Nothing is waited
        for: what cannot be read at once is left to a reader."""
        if self._inline_reads is None:
            raise Unavailable("The database is not open.")
        try:
            self._reading_inline = self._reading_inline or self._inline_reads.connect()
            with _by_hand(self._reading_inline):
                return work(self._unit(self._reading_inline))
        except (OperationalError, sqlite3.Error):
            self._forget_inline_reads()
            return await self.read(work)

    def _unit(self, connection: Connection) -> UnitOfWork:
        return UnitOfWork(OnSqlite(connection, self._plans), self._clock.now(), self.installation)

    def _forget_inline_reads(self) -> None:
        connection, self._reading_inline = self._reading_inline, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def _read(self, work: Callable[[UnitOfWork], T]) -> T:
        if self._reading is None:
            raise Unavailable("The database is not open.")
        try:
            with self._reading.begin() as connection:
                return work(self._unit(connection))
        except (OperationalError, PoolTimeout) as error:
            raise Unavailable(why(error)) from error

    # --- the writer's thread ---

    def _write_loop(self, engine: Engine) -> None:
        connection: Connection | None = None
        while (first := self._asked.get()) is not None:
            group: list[_Asked] = []
            try:
                connection = connection or engine.connect()
                self._commit_together(connection, self._together(first, group))
            except Exception as error:  # noqa: BLE001 - a writer that ends would hang everybody
                _drop(connection)
                connection = None
                known = isinstance(error, DBAPIError | sqlite3.Error)
                _fail(group or [first], Unavailable(why(error)) if known else error, error)
        if connection is not None:
            connection.close()
        engine.dispose()

    def _together(self, first: _Asked, group: list[_Asked]) -> Iterator[_Asked]:
        """What shares a commit: whatever is waiting, for a moment's work and no longer, since nobody in the
        group is answered before all are written. A stop found here is put back for the loop to see."""
        until, asked = perf_counter() + MOMENT, first
        while True:
            group.append(asked)
            yield asked
            if len(group) >= GROUP or perf_counter() > until or self._asked.empty():
                return
            found = self._asked.get()
            if found is None:
                self._asked.put(None)
                return
            asked = found

    def _commit_together(self, connection: Connection, group: Iterable[_Asked]) -> None:
        topics: set[str] = set()
        transaction = connection.begin()
        try:
            outcomes = [(asked, *self._one(connection, asked, topics)) for asked in group]
        except BaseException:
            transaction.rollback()
            raise
        try:
            transaction.commit()
        except DBAPIError as error:
            _drop(connection, transaction)
            _fail([asked for asked, _, _ in outcomes], OutcomeUnknown(why(error)), error)
            return
        # Before whoever asked goes on, so that the order is always the same.
        self._listeners.tell(topics)
        for asked, result, failure in outcomes:
            _answer(asked, result, failure)

    def _one(
        self, connection: Connection, asked: _Asked, topics: set[str]
    ) -> tuple[Any, BaseException | None]:
        uow = self._unit(connection)
        try:
            with uow.savepoint():
                result = asked.work(uow)
                uow.finish()
        except (OperationalError, sqlite3.Error):  # the latter: the savepoint's own
            raise  # the whole group is rolled back
        except BaseException as failure:  # noqa: BLE001 - handed to whoever asked
            return None, failure
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
    if fault is not cause:
        fault.__cause__ = cause
    for asked in group:
        if not asked.answer.done():
            _answer(asked, None, fault)


def _drop(connection: Connection | None, transaction: Any = None) -> None:
    """Drop a connection whose state is unknown; the next group opens a new one."""
    for thing in (transaction, connection):
        if thing is not None:
            try:
                thing.rollback()
            except DBAPIError:
                continue


def _conforms(memory: SqliteMemory) -> Memory:
    return memory
