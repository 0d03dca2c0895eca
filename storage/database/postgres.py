"""The database on PostgreSQL, for one replica among several. What waits to be written is committed together, since a
transaction costs as much as three statements; what fails together is done again alone."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, String, text

from bot.core.ports.clock import Clock
from bot.core.ports.jobs import OutcomeUnknown, Unavailable
from bot.core.ports.unit_of_work import Memory
from storage.database.connections import Connections, Open
from storage.database.listeners import Listeners
from storage.sql.direct import OnPostgres
from storage.sql.faults import FAULTS, passes, sqlstate, why
from storage.sql.plan import Plans
from storage.unit_of_work import Installation, UnitOfWork

T = TypeVar("T")
Work = Callable[[UnitOfWork], Any]

# What is committed together: so many transactions at most, and no more than so many seconds of work.
GROUP, MOMENT = 64, 0.02
# How long a lock is waited for alone, and in a group: two replicas that wait for one another soon stop.
LOCK_TIMEOUT_MS, FAIL_FAST_MS = 5000, 100
# Whoever has waited so long (seconds) for a group under way is written in another one.
LATE = 0.1
_NOTIFY = text("SELECT pg_notify('tocsin', one) FROM unnest(CAST(:told AS text[])) AS one").columns(
    one=String
)


class _Phase(Enum):
    CONNECT = auto()
    WORK = auto()
    COMMIT = auto()


@dataclass(frozen=True, slots=True)
class _Asked:
    work: Work
    answer: asyncio.Future[Any]


@dataclass(slots=True)
class _Turn:
    late: bool = False


class PostgresMemory:
    """``Memory`` on PostgreSQL, for one replica among several."""

    def __init__(self, url: str, clock: Clock, installation: Installation, replica: str) -> None:
        self.url = url
        self.installation = installation
        self._clock = clock
        self._replica = replica
        self._usual = Connections(url, LOCK_TIMEOUT_MS, 2, 20)
        self._fail_fast = Connections(url, FAIL_FAST_MS, 1, 10)
        self._reading = Connections(url, LOCK_TIMEOUT_MS, 4, 10)
        self._reading_inline = Connections(url, LOCK_TIMEOUT_MS, 3, 3)
        self._asked: deque[_Asked] = deque()
        self._at_work: set[asyncio.Task[None]] = set()
        self._writers = self._late = 0
        self._listeners = Listeners()
        self._plans = Plans()

    async def start(self) -> None:
        """Connections are made when they are needed."""

    async def stop(self) -> None:
        while self._at_work:
            await asyncio.wait(self._at_work)
        for each in (self._usual, self._fail_fast, self._reading, self._reading_inline):
            await each.close()

    def listen(self, topic: str, callback: Callable[[str], None]) -> None:
        self._listeners.add(topic, callback)

    def heard(self, payload: str) -> None:
        """A NOTIFY from another replica: <replica> <topic>. Our own were told at commit."""
        replica, _, topic = payload.partition(" ")
        if replica != self._replica:
            self._listeners.tell({topic})

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._read(self._reading.one(), work)

    async def read_inline(self, work: Callable[[UnitOfWork], T]) -> T:
        """On connections of its own: a long list holds up no page."""
        return await self._read(self._reading_inline.in_turn(), work)

    async def _read(
        self, one: AbstractAsyncContextManager[Open], work: Callable[[UnitOfWork], T]
    ) -> T:
        phase = _Phase.CONNECT
        try:
            async with one as found:
                phase = _Phase.WORK
                return await found.connection.run_sync(lambda c: work(self._unit(c)))
        except FAULTS as error:
            fault = _fault(error, phase)
            if fault is error:
                raise
            raise fault from error

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        asked = _Asked(work, asyncio.get_running_loop().create_future())
        self._asked.append(asked)
        if self._writers == self._late:
            self._begin_writing()
        return cast("T", await asked.answer)

    def _unit(self, connection: Connection) -> UnitOfWork:
        return UnitOfWork(OnPostgres(connection, self._plans), self._clock.now(), self.installation)

    # --- writing together ---

    def _begin_writing(self) -> None:
        self._writers += 1
        self._spawn(self._write_on())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def _write_on(self) -> None:
        """One group after another, while anybody waits."""
        try:
            while self._asked:
                await self._together()
        finally:
            self._writers -= 1

    async def _together(self) -> None:
        group: list[_Asked] = []
        turn = _Turn()
        timer = asyncio.get_running_loop().call_later(LATE, self._go_round, turn)
        try:
            results = await self._commit(self._fail_fast, self._waiting(group))
        except Exception as failure:  # noqa: BLE001 - handed to whoever asked
            self._undone(group, failure)
        else:
            _answer(group, results)
        finally:
            timer.cancel()
            self._late -= turn.late

    def _waiting(self, group: list[_Asked]) -> Iterator[Work]:
        """What shares a commit: whatever is waiting, for a moment's work and no longer."""
        loop = asyncio.get_running_loop()
        until = loop.time() + MOMENT
        while self._asked and len(group) < GROUP and loop.time() < until:
            asked = self._asked.popleft()
            group.append(asked)
            yield asked.work

    def _go_round(self, turn: _Turn) -> None:
        """A group takes long: those who wait, and those who come meanwhile, are written beside it."""
        turn.late = True
        self._late += 1
        if self._asked and self._writers == self._late:
            self._begin_writing()

    def _undone(self, group: list[_Asked], failure: Exception) -> None:
        """Nothing of a group was written. Each is done again alone, unless it was alone already."""
        if not group and isinstance(failure, OutcomeUnknown):
            return  # another task had taken all that waited: the group is empty
        if not group:  # no connection: all who wait are told so
            group = list(self._asked)
            self._asked.clear()
            _refuse(group, failure)
        elif isinstance(failure, OutcomeUnknown) or (
            len(group) == 1 and not isinstance(failure, Unavailable)
        ):
            _refuse(group, failure)
        else:
            for asked in group:
                self._spawn(self._alone(asked))

    async def _alone(self, asked: _Asked) -> None:
        try:
            results = await self._commit(self._usual, [asked.work])
        except Exception as failure:  # noqa: BLE001 - handed to whoever asked
            _refuse([asked], failure)
        else:
            _answer([asked], results)

    async def _commit(self, connections: Connections, group: Iterable[Work]) -> list[Any]:
        """All of it in one transaction, or nothing. Raises what the work raised, or the database's fault."""
        phase = _Phase.CONNECT
        topics: set[str] = set()
        try:
            async with connections.one() as found, found.driver.transaction():
                phase = _Phase.WORK
                results = await found.connection.run_sync(lambda c: self._run(c, group, topics))
                phase = _Phase.COMMIT
        except FAULTS as error:
            fault = _fault(error, phase)
            if fault is error:
                raise
            raise fault from error
        self._listeners.tell(topics)
        return results

    def _run(self, connection: Connection, group: Iterable[Work], topics: set[str]) -> list[Any]:
        results = []
        for work in group:
            uow = self._unit(connection)
            results.append(work(uow))
            uow.finish()
            topics |= uow.topics()
        if topics:
            told = [f"{self._replica} {topic}" for topic in sorted(topics)]
            OnPostgres(connection, self._plans).execute(_NOTIFY, {"told": told})
        return results


def _answer(group: Sequence[_Asked], results: Sequence[Any]) -> None:
    for asked, result in zip(group, results, strict=True):
        if not asked.answer.done():  # whoever asked may have gone
            asked.answer.set_result(result)


def _refuse(group: Sequence[_Asked], failure: Exception) -> None:
    for asked in group:
        if not asked.answer.done():
            asked.answer.set_exception(failure)


def _fault(error: Exception, phase: _Phase) -> Exception:
    """What a failure means: not done, perhaps done, or a mistake of ours (then ``error`` itself)."""
    passing = passes(error)
    if phase is _Phase.COMMIT and (passing or sqlstate(error)):
        return OutcomeUnknown(why(error))
    if passing or phase is _Phase.CONNECT:
        return Unavailable(why(error))
    return error


def _conforms(memory: PostgresMemory) -> Memory:
    return memory
