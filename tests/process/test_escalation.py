"""Each step of a page under kill -9 and with two replicas: told once, or again and marked (repeat)."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.databases import fresh_postgres
from tests.process.bot_process import ORG, Bot, Stage, staged, until

pytestmark = pytest.mark.process

STEPS = ("ana", "bo", "cy")
# The catch-all is nobody of a step: in a long run it is told after the last wait, and that is no second time.
CATCH_ALL = "dee"
LATER = (
    ORG.replace("  bo: {", "  cy: {name: Cy, identities: {outlive: cy}}\n  bo: {")
    .replace("  bo: {", "  dee: {name: Dee, identities: {outlive: dee}}\n  bo: {")
    .replace("catch_all: {notify: [person:bo]}", f"catch_all: {{notify: [person:{CATCH_ALL}]}}")
    .replace(
        "[{notify: [person:ana]}]",
        "[{notify: [person:ana]}, {notify: [person:bo], after: 3s}, {notify: [person:cy], after: 3s}]",
    )
)
DECLARE = "declare checkout is down sev1 #checkout"
BOTH = pytest.mark.parametrize("kind", ["sqlite", "postgres"])


def database(kind: str) -> str:
    return fresh_postgres() if kind == "postgres" else ""


def told(stage: Stage, person: str, number: int = 1) -> list[str]:
    """The titles of the pages that reached somebody about an incident."""
    said = stage.world.platform.said_in(f"@{person}")
    return [m.card.title for m in said if "📟" in m.card.title and f"INC-{number} " in m.card.title]


async def all_told(stage: Stage, numbers: Iterable[int], seconds: float = 60) -> None:
    """Wait until every step has been told for each incident."""
    wanted = [(person, number) for number in numbers for person in STEPS]

    def lacking() -> list[tuple[str, int]]:
        return [(person, number) for person, number in wanted if not told(stage, person, number)]

    try:
        await until(lambda: not lacking(), seconds, "not everybody was told")
    except AssertionError:
        raise AssertionError(f"not told: {lacking()}\n{stage.bot.log()}") from None


async def once_or_marked(stage: Stage, numbers: Iterable[int]) -> None:
    """Nobody was told twice without the mark, and no step was fired twice at all."""
    for number in numbers:
        for person in (*STEPS, CATCH_ALL):
            plain = [title for title in told(stage, person, number) if "(repeat)" not in title]
            assert len(plain) <= 1, f"INC-{number}: {person} {len(plain)} times"
    query = "SELECT page, person, count(DISTINCT level) FROM notices GROUP BY page, person"
    assert {count for _, _, count in await stage.bot.rows(query)} == {1}


@BOTH
@pytest.mark.timeout(240)
async def test_each_step_is_told_though_the_bot_is_killed_at_every_message(
    kind: str, tmp_path: Path
) -> None:
    """A message is out and its answer is not: the worst moment, once for each step."""
    async with staged(tmp_path, database(kind), LATER) as stage:
        killed: asyncio.Queue[str] = asyncio.Queue()
        struck: set[str] = set()

        async def witness(name: str, nth: int) -> bool:
            for person in STEPS:
                if name == "post" and told(stage, person) and person not in struck:
                    struck.add(person)
                    os.kill(stage.world.caller, signal.SIGKILL)
                    killed.put_nowait(person)
                    return False
            return True

        stage.world.witness = witness
        await stage.say(DECLARE)
        for person in STEPS:
            async with asyncio.timeout(60):
                assert await killed.get() == person
            await stage.bot.kill()
            await stage.bot.start()
        # The message before the kill is repeated, and says so; one repeat may meet the next kill.
        await until(
            lambda: all(len(told(stage, person)) >= 2 for person in STEPS), 60, "not repeated"
        )
        await once_or_marked(stage, [1])


@BOTH
@pytest.mark.timeout(240)
async def test_a_step_that_came_due_while_the_bot_was_dead_is_told_once_it_is_back(
    kind: str, tmp_path: Path
) -> None:
    async with staged(tmp_path, database(kind), LATER) as stage:
        await stage.say(DECLARE)
        await until(lambda: bool(told(stage, "ana")), 60, "the first step was not told")
        await stage.bot.kill()
        assert told(stage, "bo") == []
        await stage.bot.start()
        await all_told(stage, [1])
        await once_or_marked(stage, [1])


@asynccontextmanager
async def two_replicas(folder: Path) -> AsyncIterator[tuple[Stage, Bot]]:
    shared, second = fresh_postgres(), folder / "two"
    second.mkdir()
    async with staged(folder, shared, LATER) as stage:
        other = Bot(second, stage.world.url, shared, org=LATER)
        await other.start()
        try:
            await other.ready()
            yield stage, other
        finally:
            await other.kill()


@pytest.mark.timeout(240)
async def test_two_replicas_tell_each_step_once(tmp_path: Path) -> None:
    async with two_replicas(tmp_path) as (stage, _):
        for _ in range(4):
            await stage.say(DECLARE)
        await all_told(stage, range(1, 5))
        found = [len(told(stage, person, n)) for n in range(1, 5) for person in STEPS]
        assert found == [1] * 12
        await once_or_marked(stage, range(1, 5))


@pytest.mark.timeout(240)
async def test_a_replica_goes_on_with_the_steps_of_one_that_was_killed(tmp_path: Path) -> None:
    """Killed with its message out: the other one repeats it after the lease, marked, and goes on."""
    async with two_replicas(tmp_path) as (stage, _):
        struck: set[int] = set()

        async def witness(name: str, nth: int) -> bool:
            if name == "post" and told(stage, "ana") and not struck:
                struck.add(stage.world.caller)
                os.kill(stage.world.caller, signal.SIGKILL)
                return False
            return True

        stage.world.witness = witness
        await stage.say(DECLARE)
        await all_told(stage, [1])
        await until(lambda: len(told(stage, "ana")) == 2, 60, "not repeated")
        assert "(repeat)" in told(stage, "ana")[1]
        await once_or_marked(stage, [1])


@BOTH
@pytest.mark.soak
@pytest.mark.timeout(1200)
async def test_killed_at_random_while_pages_escalate(kind: str, tmp_path: Path) -> None:
    seed = int(os.environ.get("TOCSIN_SEED", "0")) or random.SystemRandom().randrange(10**6)
    print(f"seed {seed}: TOCSIN_SEED={seed} repeats this run")
    chance, kills = random.Random(seed), 20
    async with staged(tmp_path, database(kind), LATER) as stage:
        for _ in range(kills):
            for _ in range(3):
                await stage.say(DECLARE)
            await stage.calls_pass(chance.randint(1, 40))
            await stage.bot.kill()
            await stage.bot.start()
            await stage.bot.ready()
        await until(stage.all_taken, 60, "not everything that was said was heard")
        recorded = await stage.bot.incidents()
        await all_told(stage, recorded, 240)
        await once_or_marked(stage, recorded)
        pages = [title for n in recorded for person in STEPS for title in told(stage, person, n)]
        repeats = sum("(repeat)" in title for title in pages)
        print(
            f"{kind}: {kills} kills, {len(recorded)} incidents of {len(STEPS)} steps, {len(pages)} pages "
            f"told, 0 lost, 0 doubled, {repeats} repeated and marked"
        )
