"""Reactions, pins, edits and deletions in war rooms; mentions; what is lost without MESSAGE_CONTENT."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.discord import Channel, Intent, Trouble
from tests.handlers.chat.discord.scene import Scene, scene, words
from tests.installation import until


async def timeline(on_discord: Scene, room: Channel) -> str:
    return words(await on_discord.said("ana", "incident timeline", room))


async def until_told(on_discord: Scene, person: str, what: str) -> None:
    direct = on_discord.discord.world.direct(int(on_discord.person(person).id))
    await until(lambda: any(what in words(m) for m in direct.said()))


async def test_a_pushpin_keeps_a_message_and_it_follows_its_edits(on_discord: Scene) -> None:
    room = await on_discord.declared("ana", "checkout is down")
    bo = on_discord.person("bo")
    said = bo.say(room, "disk is full")
    bo.react(said, "📌")
    await until_told(on_discord, "bo", "Added to the timeline")
    assert "disk is full" in await timeline(on_discord, room)

    bo.edit(said, "disk is full on db-2")
    while "db-2" not in await timeline(on_discord, room):
        continue
    bo.delete(said)
    while "db-2" in await timeline(on_discord, room):
        continue


async def test_pinning_keeps_a_message_too(on_discord: Scene) -> None:
    room = await on_discord.declared("ana", "checkout is down")
    bo = on_discord.person("bo")
    said = bo.say(room, "we rolled back")

    bo.pin(said)

    await until_told(on_discord, "bo", "Added to the timeline")
    assert "we rolled back" in await timeline(on_discord, room)


async def test_taking_the_pin_off_takes_the_message_off(on_discord: Scene) -> None:
    room = await on_discord.declared("ana", "checkout is down")
    bo = on_discord.person("bo")
    said = bo.say(room, "we rolled back")
    bo.pin(said)
    await until_told(on_discord, "bo", "Added to the timeline")

    on_discord.person("ana").unpin(said)
    while "we rolled back" in await timeline(on_discord, room):
        continue
    bo.pin(said)
    while "we rolled back" not in await timeline(on_discord, room):
        continue


async def test_a_reaction_counts_though_discord_is_in_trouble_just_then(on_discord: Scene) -> None:
    room = await on_discord.declared("ana", "checkout is down")
    bo = on_discord.person("bo")
    look = "GET /channels/{channel_id}/messages/{message_id}"
    on_discord.discord.faults.add(look, Trouble.FAIL, times=2)

    bo.react(bo.say(room, "disk is full"), "📌")

    await until_told(on_discord, "bo", "Added to the timeline")
    assert "disk is full" in await timeline(on_discord, room)


async def test_a_mention_is_a_command_and_the_answer_is_private(on_discord: Scene) -> None:
    ana = on_discord.person("ana")

    ana.say(on_discord.general, f"<@{on_discord.discord.world.me.id}> declare checkout is down")

    await until_told(on_discord, "ana", "INC-1")
    assert [m for m in on_discord.general.said() if m.author.bot] == []


async def test_without_message_content_the_room_says_once_what_is_lost(tmp_path: Path) -> None:
    async with scene(tmp_path, granted=Intent(0)) as on_discord:
        room = await on_discord.declared("ana", "checkout is down")
        bo = on_discord.person("bo")
        for words_ in ("one", "two", "three"):
            bo.say(room, words_)
            await until(lambda: [m for m in room.said() if "Message Content" in m.content])

        assert len([m for m in room.said() if "Message Content" in m.content]) == 1


async def test_nothing_said_during_a_drop_is_missed(on_discord: Scene) -> None:
    room = await on_discord.declared("ana", "checkout is down")
    bo = on_discord.person("bo")
    on_discord.discord.gateway.drop()

    bo.react(bo.say(room, "said while it was away"), "📌")

    await until_told(on_discord, "bo", "Added to the timeline")
    assert "said while it was away" in await timeline(on_discord, room)


@pytest.mark.timeout(90)
async def test_drops_in_a_row_are_each_over_within_seconds_and_nothing_is_missed(
    on_discord: Scene,
) -> None:
    room = await on_discord.declared("ana", "checkout is down")
    bo, gateway = on_discord.person("bo"), on_discord.discord.gateway
    for n in range(6):
        gateway.drop()
        bo.react(bo.say(room, f"seen {n}"), "📌")
        await until(gateway.live, 6)
    for n in range(6):
        while f"seen {n}" not in await timeline(on_discord, room):
            continue
    assert len(gateway.identifies) == 1, "resumed each time"
