"""After kill -9 nothing is lost, nothing is doubled, a repeated page says so."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from pathlib import Path

import pytest

from tests.databases import fresh_postgres
from tests.process.bot_process import Bot, Stage, staged, until

pytestmark = pytest.mark.process

# Every call of the plan, and how often it comes before the plan is done.
CALLS = [
    ("open_room", 1), ("invite", 1), ("post", 1), ("post", 2), ("post", 3), ("pin", 1),
    ("set_topic", 1), ("bookmark", 1), ("announce_room", 1), ("direct_room", 1),
]  # fmt: skip
DECLARE = "declare checkout is down sev1 #checkout"
SEED = int(os.environ.get("TOCSIN_SEED", "20260105"))


def database(kind: str) -> str:
    return fresh_postgres() if kind == "postgres" else ""


@pytest.mark.timeout(180)
async def test_killed_right_after_each_call_of_the_plan(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        for number, (method, nth) in enumerate(CALLS, start=1):
            await killed_after(stage, method, nth, DECLARE)
            await stage.bot.ready()
            await stage.complete(range(1, number + 1), 30)
        await killed_after(stage, "edit", 1, "sev INC-1 2")
        await until(lambda: "SEV2" in stage.card(1), 30, "the card is as it was")
        assert stage.doubled(range(1, len(CALLS) + 1)) == []


async def killed_after(stage: Stage, method: str, nth: int, words: str) -> None:
    """Say it, kill the bot when that call was done and before it is answered, and start it again."""
    called = asyncio.Event()
    seen = stage.world.counts[method]

    async def witness(name: str, count: int) -> bool:
        if name == method and count == seen + nth:
            assert stage.bot.process is not None
            stage.bot.process.send_signal(signal.SIGKILL)
            called.set()
            return False
        return True

    stage.world.witness = witness
    delivery = await stage.say(words)
    async with asyncio.timeout(30):
        await called.wait()
    await stage.bot.kill()
    stage.world.witness = answers
    if delivery not in stage.world.replies:  # nobody was told: they type it again, as one delivery
        await stage.world.asked.put({"delivery": delivery, "person": "bo", "text": words})
    await stage.bot.start()


async def answers(method: str, nth: int) -> bool:
    return True


async def killed_at_random(stage: Stage, kills: int, seed: int) -> None:
    """Declares keep coming while the bot is killed at random instants."""
    chance = random.Random(seed)
    for _ in range(kills):
        for _ in range(3):
            await stage.say("declare checkout is down sev2 #checkout")
        await stage.calls_pass(chance.randint(1, 30))
        await stage.bot.kill()
        await stage.bot.start()
        await stage.bot.ready()


async def nothing_lost_nothing_doubled(stage: Stage, seconds: float) -> None:
    """Everything recorded is complete; everything told as recorded is among it."""
    await until(stage.all_taken, 20, "not everything that was said was heard")
    recorded = await stage.bot.incidents()
    await stage.complete(recorded, seconds)
    told = stage.recorded()
    assert set(told) <= {f"INC-{number}" for number in recorded}
    assert len(told) == len(set(told))
    assert stage.doubled(recorded) == []


@pytest.mark.timeout(240)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_killed_at_random(kind: str, tmp_path: Path) -> None:
    async with staged(tmp_path, database(kind)) as stage:
        await killed_at_random(stage, 4, SEED)
        await nothing_lost_nothing_doubled(stage, 60)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_killed_at_random_for_long(kind: str, tmp_path: Path) -> None:
    seed = int(os.environ.get("TOCSIN_SEED", "0")) or random.SystemRandom().randrange(10**6)
    print(f"seed {seed}: TOCSIN_SEED={seed} repeats this run")
    async with staged(tmp_path, database(kind)) as stage:
        await killed_at_random(stage, 25, seed)
        await nothing_lost_nothing_doubled(stage, 120)
        recorded, told = await stage.bot.incidents(), stage.recorded()
        repeats = sum("(repeat)" in t for n in recorded for t in stage.pages(n))
        print(
            f"{kind}: 25 kills, {len(recorded)} incidents recorded, {len(told)} told, 0 lost, "
            f"0 doubled, {repeats} pages repeated and marked"
        )


@pytest.mark.timeout(120)
async def test_a_second_replica_finishes_what_a_killed_one_began(tmp_path: Path) -> None:
    shared = fresh_postgres()
    (tmp_path / "two").mkdir()
    async with staged(tmp_path, shared) as stage:
        other = Bot(tmp_path / "two", stage.world.url, shared)
        await other.start()
        await other.ready()
        killed = asyncio.Event()

        async def witness(name: str, count: int) -> bool:
            if name == "open_room" and count == 1:
                os.kill(stage.world.caller, signal.SIGKILL)
                killed.set()
                return False
            return True

        stage.world.witness = witness
        await stage.say(DECLARE)
        async with asyncio.timeout(20):
            await killed.wait()
        await stage.complete([1], 20)
        assert stage.doubled([1]) == []
        await other.kill()


@pytest.mark.timeout(60)
async def test_asked_to_stop_it_finishes_what_is_in_hand(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        for _ in range(5):
            await stage.say("declare checkout is down sev2 #checkout")
        await stage.calls_pass(3)

        assert await stage.bot.terminate(within=25) == 0

        await stage.bot.start()
        await stage.bot.ready()
        await nothing_lost_nothing_doubled(stage, 30)
        assert not [t for n in await stage.bot.incidents() for t in stage.pages(n) if "(rep" in t]
