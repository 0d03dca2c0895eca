"""Rooms and messages that people delete by hand, and a token that is taken away: said, and mended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bot.core.chat.card import StepState
from bot.core.people import BOT, PersonId
from bot.core.ports.unit_of_work import UnitOfWork
from bot.wiring.clock import SystemClock
from tests.fakes.discord import Channel, posting
from tests.fakes.discord.channel_routes import delete
from tests.fakes.discord.routing import Call
from tests.handlers.chat.discord.scene import Scene
from tests.stages.discord import DiscordStage
from tests.world import World, make_world


def of(world: World) -> DiscordStage:
    assert isinstance(world.stage, DiscordStage)
    return world.stage


async def declared(world: World) -> Channel:
    await world.person("bo").says("/incident declare checkout is down sev1 #checkout")
    return of(world).discord.world.channels[int(await world.room_id("INC-1"))]


async def deleted(world: World, channel: Channel) -> None:
    await delete(Call(of(world).discord.stage, {"channel_id": str(channel.id)}, {}, {}))


async def texts(world: World) -> str:
    return "\n".join(entry.text for entry in await world.timeline("INC-1"))


async def test_the_next_action_opens_another_room_when_the_first_was_deleted(
    tmp_path: Path,
) -> None:
    async with make_world(tmp_path, on="discord") as world:
        old = await declared(world)
        await deleted(world, old)
        await world.person("bo").says('/incident update INC-1 "Failing over"')
        await world.passes(seconds=30)

        assert await world.room_id("INC-1") != str(old.id)
        assert "Failing over" in (await world.room("INC-1")).card
        assert "was deleted. Another one is being opened" in await texts(world)
        assert any("a new room" in m for m in (await world.direct("bo")).by_bot)
        assert len((await world.announcements()).by_bot) == 1
        plan = await world.read(lambda uow: uow.plans.of(1))  # type: ignore[arg-type]
        assert {step.state for step in plan} == {StepState.DONE}


async def test_a_card_that_was_deleted_is_posted_again(tmp_path: Path) -> None:
    async with make_world(tmp_path, on="discord") as world:
        room = await declared(world)
        discord = of(world).discord
        posting.delete(discord.world, discord.gateway, room, discord.world.pinned(room)[0])
        await world.person("bo").says('/incident update INC-1 "Failing over"')
        await world.passes(seconds=30)

        assert "Failing over" in (await world.room("INC-1")).card
        assert "The card on discord was deleted by hand" in await texts(world)


async def test_when_the_announcements_are_deleted_another_channel_holds_them(
    tmp_path: Path,
) -> None:
    async with make_world(tmp_path, on="discord") as world:
        await declared(world)
        await deleted(world, of(world).discord.world.named("incidents"))
        await world.person("bo").says('/incident update INC-1 "Failing over"')
        await world.passes(seconds=30)

        [again] = (await world.announcements()).by_bot
        assert "Failing over" in again
        await world.person("bo").says("/incident declare search is slow")
        assert len((await world.announcements()).by_bot) == 2


async def test_a_token_that_is_taken_away_reaches_an_admin_without_any_incident(
    on_discord: Scene,
) -> None:
    """They are told where they still can be, with what to do; once."""
    await on_discord.discord.revoke()

    clock, told = SystemClock(), list[str]()
    async with asyncio.timeout(30):
        while not told:
            told = await on_discord.app.memory.write(direct_of("ana"))
            await clock.wait(asyncio.Event(), clock.now() + timedelta(seconds=0.05))
    [notice] = told
    assert "does not accept DISCORD_TOKEN" in notice
    assert "Reset Token" in notice


def direct_of(who: str) -> Callable[[UnitOfWork], list[str]]:
    """What the console told one person."""

    def read(uow: UnitOfWork) -> list[str]:
        room = uow.console.direct(PersonId(who), BOT.id)
        return [str(message.card) for message in uow.console.history(room.id, 0, 50)]

    return read
