"""kill -9 and trouble on Discord: afterwards every incident has one room, one card, one announcement."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from tests.databases import fresh_postgres
from tests.fakes.discord import Discord, Trouble, When
from tests.process.bot_process import until
from tests.process.discord_stage import DiscordStage, another, on_discord

pytestmark = pytest.mark.process

# Every route that opening a war room takes, and how often it is called before the room is whole.
ROUTES = {
    "POST /guilds/{guild_id}/channels": 1,
    "POST /channels/{channel_id}/messages": 3,
    "PUT /channels/{channel_id}/messages/pins/{message_id}": 1,
    "POST /interactions/{webhook_id}/{webhook_token}/callback": 1,
    "PATCH /channels/{channel_id}/messages/{message_id}": 1,
    "POST /users/@me/channels": 1,
    "GET /guilds/{guild_id}/channels": 1,
}
# Trouble before the write, trouble after it: then the answer is lost, or says that it failed.
TROUBLES = [
    (Trouble.BUSY, When.BEFORE),
    (Trouble.FAIL, When.BEFORE),
    (Trouble.FAIL, When.AFTER),
    (Trouble.UNAVAILABLE, When.AFTER),
    (Trouble.RESET, When.BEFORE),
    (Trouble.RESET, When.AFTER),
    (Trouble.HANG, When.AFTER),
]
# Routes that only the first room calls: what they make is there when the second one opens.
ONCE = ("POST /users/@me/channels", "GET /guilds/{guild_id}/channels")
DECLARE = "declare checkout is down sev1 #checkout"
# A card that was right from the start is never edited: for this one somebody says something.
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
DECLARES = int(os.environ.get("TOCSIN_DECLARES", "200"))
SEED = int(os.environ.get("TOCSIN_SEED", "20260105"))


def database(kind: str) -> str:
    return fresh_postgres() if kind == "postgres" else ""


# --- killed after each call ------------------------------------------------------------------


async def killed_after(stage: DiscordStage, route: str, nth: int) -> None:
    """Declare; kill the bot when that call was done and before it is answered; start it again."""
    seen = stage.discord.faults.counts[route]
    await killed_when(stage, lambda name, count: name == route and count == seen + nth, DECLARE)


async def killed_when(stage: DiscordStage, done: Callable[[str, int], bool], text: str) -> None:
    """Say it; kill the bot once ``done`` says so of a call that is not yet answered; start it again."""
    called = asyncio.Event()

    async def witness(name: str, count: int) -> bool:
        if done(name, count) and not called.is_set():
            assert stage.bot.process is not None
            stage.bot.process.send_signal(signal.SIGKILL)
            called.set()
            return False
        return True

    stage.discord.faults.witness = witness
    stage.says(text)
    async with asyncio.timeout(60):
        await called.wait()
    await stage.bot.kill()
    stage.discord.faults.witness = answers
    await stage.bot.start()
    await stage.bot.ready()
    await stage.listening()


async def answers(route: str, nth: int) -> bool:
    return True


@pytest.mark.timeout(600)
async def test_killed_right_after_each_call_of_a_war_room(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as stage:
        places = [(route, n) for route, many in ROUTES.items() for n in range(1, many + 1)]
        places = [place for place in places if place[0] not in (*ONCE, EDIT)]
        recorded: list[int] = []
        for route, nth in places:
            await killed_after(stage, route, nth)
            recorded = await stage.bot.incidents()
            await stage.complete(recorded, 60)
        assert len(recorded) >= len(places) - 1, "killed at the answer, it was recorded before"
        first = recorded[0]

        def shown() -> set[bool]:
            return {"SEV2" in text for text in (stage.card(first), stage.announcement(first))}

        # An edit of another incident, or one made before the command was heard, is none of this.
        await killed_when(stage, lambda name, _: name == EDIT and True in shown(), f"sev INC-{first} 2")  # fmt: skip
        await until(lambda: shown() == {True}, 60, "the card or the announcement is as it was")
        assert stage.doubled(recorded) == []


# --- trouble on every route ------------------------------------------------------------------


def trouble(stage: DiscordStage, seed: random.Random, pair: Sequence[str]) -> str:
    """Each route of ``pair`` misbehaves once in one of its ways; returns what was arranged, to be printed."""
    told = []
    for route in pair:
        what, when = seed.choice(TROUBLES)
        nth = seed.randint(1, ROUTES[route])
        stage.discord.faults.add(route, what, when, nth=nth, seconds=0.2)
        told.append(f"{what} {when} of {route} ({nth})")
    return ", ".join(told)


async def declared_under(stage: DiscordStage, chance: random.Random, count: int) -> None:
    """One route at a time, then pairs; now and then the gateway drops, doubles, or the bot is killed."""
    alone = [(route,) for route in ROUTES]
    pairs = list(itertools.combinations(ROUTES, 2))
    for number in range(count):
        arranged = trouble(stage, chance, alone[number] if number < len(alone) else chance.choice(pairs))  # fmt: skip
        print(f"{number}: {arranged}")
        stage.discord.gateway.duplicate = chance.random() < 0.3
        stage.declare(f"checkout is down {number} sev1 #checkout")
        if chance.random() < 0.15:
            stage.discord.gateway.drop()
        if chance.random() < 0.1:
            await killed_somewhere(stage, chance)
        await settled(stage, chance)
    stage.discord.gateway.duplicate = False


async def killed_somewhere(stage: DiscordStage, chance: random.Random) -> None:
    calls, wanted = stage.discord.calls, chance.randint(1, 8)
    from_here = len(calls)
    with suppress(AssertionError):  # killed while it has nothing to do counts as well
        await until(lambda: len(calls) >= from_here + wanted, 1.5, "few calls")
    await stage.bot.kill()
    await stage.bot.start()
    await stage.bot.ready()
    await stage.listening()


async def settled(stage: DiscordStage, chance: random.Random) -> None:
    """Let some calls pass before the next: rooms open side by side, in many orders."""
    calls, from_here, wanted = stage.discord.calls, len(stage.discord.calls), chance.randint(0, 12)
    with suppress(AssertionError):
        await until(lambda: len(calls) >= from_here + wanted, 0.6, "few calls")


async def soaked(folder: Path, kind: str, count: int, seed: int, seconds: float) -> None:
    chance = random.Random(seed)
    async with on_discord(folder, database(kind)) as stage:
        await declared_under(stage, chance, count)
        await stage.listening()
        recorded = await stage.bot.incidents()
        await stage.complete(recorded, seconds)
        struck = sum(fault.done for fault in stage.discord.faults.listed)
        told = stage.told()
        assert set(told) <= set(recorded), "told as recorded, and is not"
        assert stage.doubled(recorded) == []
        assert places(stage.discord) == {"incidents": 1, "Incidents": 1 + (len(recorded) - 1) // 50}
        lost = count - len(recorded)
        print(
            f"{kind}, seed {seed}: {count} declares, {lost} not heard by a dead bot, {struck} faults struck, "
            f"{stage.bot.starts - 1} kills, {len(recorded)} complete, 0 doubled"
        )


def places(discord: Discord) -> dict[str, int]:
    """How many announcement channels and categories there are: one, and one for each fifty rooms."""
    names = [c.name for c in discord.world.places()]
    found = {name: names.count(name) for name in ("incidents", "Incidents")}
    more = [name for name in names if name.startswith("Incidents ")]
    return {**found, "Incidents": found["Incidents"] + len(more)}


@pytest.mark.timeout(300)
async def test_one_room_one_card_one_announcement_whatever_goes_wrong(tmp_path: Path) -> None:
    await soaked(tmp_path, "sqlite", 14, SEED, 120)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_two_hundred_declares_under_faults_and_kills(kind: str, tmp_path: Path) -> None:
    seed = int(os.environ.get("TOCSIN_SEED", "0")) or random.SystemRandom().randrange(10**6)
    print(f"seed {seed}: TOCSIN_SEED={seed} repeats this run")
    await soaked(tmp_path, kind, DECLARES, seed, 300)


# --- one session among replicas --------------------------------------------------------------


@pytest.mark.timeout(180)
async def test_when_the_leader_is_killed_another_takes_over_within_seconds(tmp_path: Path) -> None:
    shared = fresh_postgres()
    async with on_discord(tmp_path / "one", shared) as stage:
        second = another(stage.discord, tmp_path / "two", shared)
        await second.start()
        try:
            await second.ready()
            assert len(stage.discord.gateway.live()) == 1, "one session a bot"
            before = len(stage.discord.gateway.identifies)
            killed = stage.discord.world.watch.now()

            await stage.bot.kill()
            await until(lambda: len(stage.discord.gateway.identifies) > before, 30, "no take-over")
            took = stage.discord.gateway.identifies[-1] - killed
            print(f"another replica leads after {took:.1f} s")

            begun = await stage.hears()
            await begun.until_answered()
            await stage.complete(await second.incidents(), 30)
            assert stage.doubled(await second.incidents()) == []
            assert took < 10
        finally:
            await second.kill()
