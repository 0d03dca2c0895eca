"""What people are told while the database is slow, locked or in doubt: it is true, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import pytest

from bot.core.chat.vocabulary import Admission, Invocation, Reply, Speaker
from bot.core.incident import Filter, IncidentId
from bot.core.people import SYSTEM
from bot.core.ports.jobs import OutcomeUnknown, Unavailable
from bot.core.ports.unit_of_work import Done, UnitOfWork
from bot.language.dispatch import Dispatcher
from bot.language.table import all_commands
from bot.wiring.packages import LISTENERS
from tests.words import words
from tests.world import BASE, AnyMemory, World

T = TypeVar("T")
Fault = Callable[[], None]


@dataclass
class Sick:
    """Memory that can be told to fail before its commit, or to lose the answer after it."""

    real: AnyMemory
    before: list[Exception] = field(default_factory=list)
    after: list[Exception] = field(default_factory=list)
    held: asyncio.Event | None = None
    in_hand: int = 0

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        if self.held is not None:
            await self.held.wait()
        if self.before:
            raise self.before.pop(0)
        result = await self._written(work)
        if self.after:
            raise self.after.pop(0)
        return result

    async def _written(self, work: Callable[[UnitOfWork], T]) -> T:
        self.in_hand += 1
        try:
            return await self.real.write(work)
        finally:
            self.in_hand -= 1

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.real.read(work)

    async def read_inline(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.real.read_inline(work)

    def listen(self, topic: str, callback: Callable[[str], None]) -> None:
        self.real.listen(topic, callback)


@dataclass
class Caller:
    world: World
    memory: Sick
    dispatcher: Dispatcher
    later: list[str] = field(default_factory=list)

    async def declare(self, delivery: str = "d1", text: str = "declare checkout is down") -> str:
        call = Invocation("console", delivery, Speaker("bo", "Bo"), text)

        async def follow(reply: Reply) -> None:
            self.later.append(words(reply.card))

        handling = asyncio.ensure_future(self.dispatcher.handle(call, follow))
        await self.until(handling.done, seconds=2)
        return words(handling.result().card)

    async def until(self, holds: Callable[[], bool], seconds: float) -> None:
        """Time passes in quarters of a second until ``holds``, at most ``seconds`` of it; while the
        real memory writes, it stands, however busy the machine is."""
        for _ in range(int(seconds * 4) + 1):
            for _ in range(10):
                if holds():
                    return
                await self.world.memory.read(lambda uow: uow.now)
            while self.memory.in_hand:
                await self.world.memory.read(lambda uow: uow.now)
            self.world.clock.passes(seconds=0.25)
        async with asyncio.timeout(20):  # the clock stands; only the machine may still be busy
            while not holds():
                await self.world.memory.read(lambda uow: uow.now)

    async def incidents(self) -> int:
        found = await self.world.read(lambda uow: uow.incidents.find(Filter(), SYSTEM))
        return len(found)


@pytest.fixture
def caller(world: World) -> Caller:
    memory = Sick(world.memory)
    return Caller(world, memory, Dispatcher(memory, world.clock, all_commands(), BASE, LISTENERS))


async def test_a_quick_commit_is_answered_at_once(caller: Caller) -> None:
    assert "Declared. " in await caller.declare()
    assert caller.later == []


async def test_a_database_locked_for_ten_seconds_is_said_to_be_pending_and_then_recorded(
    caller: Caller,
) -> None:
    caller.memory.before = [Unavailable("database is locked")] * 40

    told = await caller.declare()
    assert "Not recorded yet, still trying" in told
    assert await caller.incidents() == 0

    await caller.until(lambda: bool(caller.later), seconds=15)
    assert "Declared. " in caller.later[0]
    assert await caller.incidents() == 1


async def test_a_database_gone_for_a_minute_is_said_not_recorded_with_the_text_to_copy(
    caller: Caller,
) -> None:
    caller.memory.before = [Unavailable("disk is full")] * 10_000

    await caller.declare()
    await caller.until(lambda: bool(caller.later), seconds=70)

    assert "Not recorded" in caller.later[0]
    assert "/incident declare checkout is down" in caller.later[0]
    assert await caller.incidents() == 0


async def test_a_commit_whose_outcome_is_unknown_is_looked_up_and_not_repeated(
    caller: Caller,
) -> None:
    caller.memory.after = [OutcomeUnknown("connection lost in commit")]

    assert "INC-1" in await caller.declare()

    assert await caller.incidents() == 1


async def test_an_unknown_outcome_that_was_not_written_is_written_then(caller: Caller) -> None:
    caller.memory.before = [OutcomeUnknown("connection lost in commit")]

    assert "INC-1" in await caller.declare()

    assert await caller.incidents() == 1


async def test_a_commit_that_hangs_is_not_called_recorded(caller: Caller) -> None:
    caller.memory.held = asyncio.Event()

    assert "Not recorded yet" in await caller.declare()
    await caller.until(lambda: bool(caller.later), seconds=70)
    assert "This may not be recorded" in caller.later[0]

    caller.memory.held.set()
    await caller.until(lambda: len(caller.later) == 2, seconds=5)
    assert "Declared. " in caller.later[1]


async def test_a_fault_of_ours_is_owned_up_to_and_nothing_is_changed(caller: Caller) -> None:
    caller.memory.before = [ZeroDivisionError("a bug")]

    assert "broke on our side" in await caller.declare()
    assert await caller.incidents() == 0


async def test_somebody_outside_the_organisation_is_told_whom_to_ask(caller: Caller) -> None:
    call = Invocation(
        "console", "d1", Speaker("guest", "A guest", admission=Admission.REFUSED), "declare x"
    )

    async def follow(reply: Reply) -> None:
        raise AssertionError("nothing is to follow")

    handling = asyncio.ensure_future(caller.dispatcher.handle(call, follow))
    await caller.until(handling.done, seconds=2)

    assert "Ask somebody in the team" in words(handling.result().card)
    assert await caller.incidents() == 0


async def test_a_stranger_becomes_a_person_on_first_use(caller: Caller) -> None:
    call = Invocation("console", "d9", Speaker("U0NEW", "Nia New"), "declare printers are on fire")

    async def follow(reply: Reply) -> None:
        raise AssertionError("nothing is to follow")

    handling = asyncio.ensure_future(caller.dispatcher.handle(call, follow))
    await caller.until(handling.done, seconds=2)

    incident = await caller.world.read(lambda uow: uow.incidents.get(IncidentId(1), SYSTEM))
    person = await caller.world.read(lambda uow: uow.people.get(incident.reporter))
    assert person.name == "Nia New"


async def test_an_answer_that_an_older_release_stored_is_given_again(caller: Caller) -> None:
    """Up to 0.1.0 ``one_time`` was ``one_time``, and text."""
    card = '{"title":"","blocks":[{"block":"text","line":[{"span":"plain","text":"Stored."}]}]}'
    older = f'{{"card":{card},"form":null,"go":null,"refused":"","fleeting":""}}'
    await caller.world.memory.write(lambda uow: uow.deliveries.add(Done("d1", older, None)))

    assert "Stored." in await caller.declare("d1")
