"""A server that fills up: admins are warned ahead, and rooms of closed incidents really make place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.core.timeline import Kind
from handlers.chat.discord.config import Full
from handlers.chat.discord.platform import Discord as Platform
from handlers.chat.discord.upkeep import CROWDED, ROOMY, WARNS, Upkeep
from tests.fakes.discord import Channel, Discord
from tests.fakes.discord import Kind as ChannelKind
from tests.stages.discord import DiscordStage
from tests.world import World, make_world


@asynccontextmanager
async def server(folder: Path) -> AsyncIterator[tuple[World, Discord, Upkeep]]:
    async with make_world(folder, on="discord") as world:
        platform = world.platforms["discord"]
        assert isinstance(platform, Platform)
        assert isinstance(world.stage, DiscordStage)
        yield world, world.stage.discord, platform.upkeep(world.dispatcher)


async def closed(world: World, title: str) -> None:
    bo = world.person("bo")
    told = await bo.says(f"/incident declare {title} sev3")
    number = str(told).split("INC-")[1].split()[0].strip(".:*")
    for text in ("resolved", "confirm", "postmortem", "close"):
        skip = " skip" if text == "postmortem" else ""
        await bo.says(f"/incident {text} INC-{number}{skip}")


def fill(discord: Discord, upto: int) -> None:
    for n in range(len(list(discord.world.places())), upto):
        discord.world.channel(f"filler-{n}")


def room(discord: Discord, number: int) -> Channel | None:
    found = [c for c in discord.world.standing() if c.name.startswith(f"inc-{number}-")]
    return found[0] if found else None


async def test_a_server_that_fills_up_is_announced_to_admins_once_a_day(tmp_path: Path) -> None:
    async with server(tmp_path) as (world, discord, upkeep):
        fill(discord, WARNS - 1)
        await upkeep.sweep()
        assert (await world.direct("ana")).saying("nears the 500 channels") == []
        fill(discord, WARNS)
        await upkeep.sweep()
        await upkeep.sweep()
        [told] = (await world.direct("ana")).saying("nears the 500 channels")
        assert "DISCORD_WHEN_FULL=threads" in told
        await world.passes(hours=25)
        await upkeep.sweep()
        assert len((await world.direct("ana")).saying("nears the 500 channels")) == 2


async def test_the_oldest_closed_rooms_are_written_down_and_make_place(tmp_path: Path) -> None:
    async with server(tmp_path) as (world, discord, upkeep):
        await closed(world, "disk is full")
        kept = room(discord, 1)
        assert kept is not None
        await world.passes(days=8)
        await closed(world, "replica lags")  # closed today: it is still read
        await world.person("bo").says("/incident declare payroll leaked --private")
        fill(discord, CROWDED)
        await upkeep.sweep()
        assert room(discord, 1) is not None, "a day's notice"
        await world.passes(hours=25)
        await upkeep.sweep()

        assert room(discord, 1) is None
        assert room(discord, 2) is not None
        assert room(discord, 3) is not None
        [message] = discord.world.named("incidents-archive").said()
        assert "INC-1" in message.content
        assert message.attachments[0]["filename"].startswith("inc-1-disk-is-full")
        assert "disk is full" in message.attachments[0]["text"]
        [entry] = [
            e for e in await world.timeline("INC-1") if e.kind is Kind.ROOM and "written" in e.text
        ]
        assert entry.url.endswith(str(message.id))


async def test_no_more_rooms_go_than_make_place_and_never_a_private_one(tmp_path: Path) -> None:
    async with server(tmp_path) as (world, discord, upkeep):
        for n in range(3):
            await closed(world, f"number {n}")
        await closed(world, "payroll leaked --private")
        await world.passes(days=8)
        fill(discord, CROWDED)
        held = len(list(discord.world.places()))
        for _ in range(3):
            await upkeep.sweep()
            await world.passes(hours=25)
        await upkeep.sweep()
        assert [room(discord, n) is None for n in (1, 2, 3, 4)] == [True, True, True, False]
        # One channel holds what was said in them all.
        assert len(list(discord.world.places())) == held - 3 + 1
        assert held - ROOMY > 3


async def test_where_nothing_may_be_removed_nothing_is(tmp_path: Path) -> None:
    async with server(tmp_path) as (world, discord, upkeep):
        await closed(world, "disk is full")
        await world.passes(days=30)
        fill(discord, CROWDED)
        careful = replace(upkeep, config=replace(upkeep.config, when_full=Full.THREADS))
        await careful.sweep()
        await world.passes(hours=25)
        await careful.sweep()
        assert room(discord, 1) is not None


async def test_a_closed_room_goes_out_of_the_way_after_the_time_that_is_set(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as (world, discord, upkeep):
        set_to = replace(upkeep, config=replace(upkeep.config, archive_after=timedelta(days=2)))
        await closed(world, "disk is full")
        kept = room(discord, 1)
        assert kept is not None
        await set_to.sweep()
        assert discord.world.channels[kept.parent or 0].name == "Incidents"
        await world.passes(days=3)
        full = discord.world.channel("Incidents archive", ChannelKind.CATEGORY)
        for n in range(50):
            discord.world.channel(f"old-{n}", parent=full.id)
        await set_to.sweep()
        await set_to.sweep()
        assert discord.world.channels[kept.parent or 0].name == "Incidents archive 2"
