"""War rooms that are threads or forum posts, by a setting."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.chat.vocabulary import RoomSpec, Secrecy
from handlers.chat.discord.config import Style
from handlers.chat.discord.platform import Discord as Platform
from tests.fakes.discord import Channel, Discord, Kind, Trouble, When
from tests.stages.discord import DiscordStage
from tests.world import World, make_world

FROM_MESSAGE = "POST /channels/{channel_id}/messages/{message_id}/threads"
OF_CHANNEL = "POST /channels/{channel_id}/threads"


@asynccontextmanager
async def with_rooms_as(folder: Path, style: Style) -> AsyncIterator[tuple[World, Discord]]:
    async with make_world(folder, on="discord") as world:
        assert isinstance(world.stage, DiscordStage)
        org = world.memory.installation.org
        said = {**org.chat.allowed["discord"], "rooms_as": style.value}
        chat = replace(org.chat, allowed={**org.chat.allowed, "discord": said})
        # As `tocsin org apply` does: the platform follows without a restart.
        world.memory.installation = replace(world.memory.installation, org=replace(org, chat=chat))
        yield world, world.stage.discord


def threads(discord: Discord) -> list[Channel]:
    return [c for c in discord.world.standing() if c.thread]


async def room(world: World, discord: Discord) -> Channel:
    return discord.world.channels[int(await world.room_id("INC-1"))]


async def test_a_room_is_a_thread_of_the_announcements_when_that_is_applied(tmp_path: Path) -> None:
    async with with_rooms_as(tmp_path, Style.THREADS) as (world, discord):
        await world.person("bo").says("/incident declare checkout is down sev1 #checkout")
        await world.passes(seconds=5)
        made = await room(world, discord)
        assert made.kind is Kind.PUBLIC_THREAD
        assert discord.world.channels[made.parent or 0].name == "incidents"
        assert made.name == "inc-1-checkout-is-down"
        assert len(discord.world.pinned(made)) == 1
        await world.person("bo", room="INC-1").says('/incident update "Failing over"')
        assert "Failing over" in (await world.room("INC-1")).card


async def test_a_room_is_a_post_of_the_forum(tmp_path: Path) -> None:
    async with with_rooms_as(tmp_path, Style.FORUM) as (world, discord):
        await world.person("bo").says("/incident declare checkout is down sev1 #checkout")
        await world.person("bo").says("/incident declare search is slow")
        await world.passes(seconds=5)
        made = await room(world, discord)
        forum = discord.world.channels[made.parent or 0]
        assert (forum.kind, forum.name) == (Kind.FORUM, "war-rooms")
        assert len(discord.world.pinned(made)) == 1
        assert len([c for c in discord.world.standing() if c.kind is Kind.FORUM]) == 1
        assert len(threads(discord)) == 2


@pytest.mark.parametrize("style", [Style.THREADS, Style.FORUM])
async def test_a_private_room_is_a_private_thread_and_people_are_let_in(
    style: Style, tmp_path: Path
) -> None:
    async with with_rooms_as(tmp_path, style) as (world, discord):
        bo = world.person("bo", room="INC-1")
        await bo.says("/incident declare payroll leaked --private")
        await bo.says("/incident invite @cy")
        await world.passes(seconds=5)
        made = await room(world, discord)
        assert made.kind is Kind.PRIVATE_THREAD
        assert isinstance(world.stage, DiscordStage)
        assert {int(world.stage.people[who].id) for who in ("bo", "cy")} <= made.members
        assert (await world.announcements()).by_bot == []


@pytest.mark.parametrize(
    ("style", "route"), [(Style.THREADS, FROM_MESSAGE), (Style.FORUM, OF_CHANNEL)]
)
async def test_a_thread_whose_answer_was_lost_is_adopted(
    style: Style, route: str, tmp_path: Path
) -> None:
    async with with_rooms_as(tmp_path, style) as (world, discord):
        discord.faults.add(route, Trouble.RESET, When.AFTER)
        await world.person("bo").says("/incident declare checkout is down")
        await world.passes(minutes=1)
        assert [c.name for c in threads(discord)] == ["inc-1-checkout-is-down"]
        assert len(discord.world.pinned(await room(world, discord))) == 1


async def test_a_closed_thread_is_archived_and_locked(tmp_path: Path) -> None:
    async with with_rooms_as(tmp_path, Style.THREADS) as (world, discord):
        await world.person("bo").says("/incident declare checkout is down")
        made = await room(world, discord)
        await world.platforms["discord"].archive(str(made.id))
        assert (made.archived, made.locked) == (True, True)


async def test_what_is_made_once_for_all_is_made_once_whatever_goes_wrong(tmp_path: Path) -> None:
    """Category and announcement channel: asked for by many at once, and after lost answers."""
    async with make_world(tmp_path, on="discord") as world:
        assert isinstance(world.stage, DiscordStage)
        discord, platform = world.stage.discord, world.platforms["discord"]
        assert isinstance(platform, Platform)
        for nth in (1, 2):
            discord.faults.add(
                "POST /guilds/{guild_id}/channels", Trouble.RESET, When.AFTER, nth=nth
            )
        for n in range(5):
            await world.person("bo").says(f"/incident declare number {n}")
        await world.passes(minutes=2)
        names = [c.name for c in discord.world.places()]
        assert names.count("Incidents") == 1
        assert names.count("incidents") == 1
        assert len([name for name in names if name.startswith("inc-")]) == 5
        spec = RoomSpec("inc-9-x", "x", "abc:inc9:discord:room", Secrecy.OPEN)
        assert (await platform.open_room(spec)).name == "inc-9-x"
