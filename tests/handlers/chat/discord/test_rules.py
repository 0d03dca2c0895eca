"""Discord's rules: a late answer, lost answers, limits, missing permissions, full categories and servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from handlers.chat.discord.api.permissions import NEEDED
from tests.fakes.discord import Channel, Kind, Trouble, When
from tests.handlers.chat.discord.scene import Scene, only, words
from tests.installation import until
from tests.stages.discord import DiscordStage
from tests.world import make_world

CREATE = "POST /guilds/{guild_id}/channels"
POST = "POST /channels/{channel_id}/messages"


@asynccontextmanager
async def reads_held(on_discord: Scene) -> AsyncIterator[None]:
    """Memory answers nobody until the block ends."""
    memory, held = on_discord.app.memory, asyncio.Event()
    read = memory.read

    async def slowly(work: object) -> object:
        await held.wait()
        return await read(work)  # type: ignore[arg-type]

    memory.read = slowly  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        memory.read = read  # type: ignore[method-assign]
        held.set()


async def test_an_answer_that_takes_long_is_announced_in_time(on_discord: Scene) -> None:
    async with reads_held(on_discord):
        asked = on_discord.person("ana").slash(on_discord.general, "incident list")
        await asked.until_acknowledged()
        assert asked.deferred
        assert asked.took < 3
    await until(lambda: asked.messages and "incident" in words(only(asked)).lower())
    assert only(asked).ephemeral


async def test_in_a_crowd_everybody_is_heard_at_once_and_answered_once(on_discord: Scene) -> None:
    async with reads_held(on_discord):
        said = [f"show INC-{number}" for number in range(1, 9)]
        crowd = [
            on_discord.person("ana").slash(on_discord.general, "incident do", text=words)
            for words in said
        ]
        for asked in crowd[1:]:
            await asked.until_acknowledged()
            assert asked.deferred
        assert not [asked for asked in crowd if asked.messages]
    await until(lambda: all(asked.messages for asked in crowd))
    assert {only(asked).ephemeral for asked in crowd} == {True}


async def test_an_answer_that_comes_after_the_tokens_life_comes_directly(
    on_discord: Scene,
) -> None:
    direct = on_discord.discord.world.direct(int(on_discord.person("ana").id))
    async with reads_held(on_discord):
        asked = on_discord.person("ana").slash(on_discord.general, "incident list")
        await asked.until_acknowledged()
        on_discord.discord.world.watch.advance(16 * 60)
    await until(lambda: any("Open incidents" in str(m.embeds) + m.content for m in direct.said()))
    assert not [m for m in on_discord.general.said() if m.author.bot and not m.ephemeral]


async def test_the_same_interaction_told_twice_is_done_once(on_discord: Scene) -> None:
    asked = on_discord.person("ana").slash(on_discord.general, "incident declare", title="once")
    on_discord.discord.gateway.tell("INTERACTION_CREATE", asked.payload)
    await asked.until_answered()
    await until(lambda: asked.refused)

    await until(on_discord.rooms)
    assert "INC-1" in words(only(asked))
    told = words(await on_discord.said("ana", "incident list"))
    assert "INC-2" not in told


async def test_a_room_whose_answer_was_lost_is_adopted(on_discord: Scene) -> None:
    on_discord.discord.faults.add(CREATE, Trouble.RESET, When.AFTER, nth=3)
    on_discord.discord.faults.add(POST, Trouble.FAIL, When.AFTER)

    await on_discord.declared("ana", "checkout is down")

    await until(on_discord.announced)
    assert len(on_discord.rooms()) == 1
    assert len(on_discord.announced()) == 1
    assert len([m for m in on_discord.rooms()[0].said() if m.embeds]) == 1


async def test_a_missing_permission_reaches_a_person_with_what_to_grant(on_discord: Scene) -> None:
    on_discord.discord.world.bot_role.permissions &= ~(1 << NEEDED["PIN_MESSAGES"].bit)

    await on_discord.said("ana", "incident declare", title="checkout is down")

    direct = on_discord.discord.world.direct(int(on_discord.person("ana").id))
    await until(lambda: any("«Pin Messages»" in words(m) for m in direct.said()))


async def test_the_topic_is_set_in_the_call_that_opens_the_room_and_again_at_the_end(
    on_discord: Scene,
) -> None:
    room = await on_discord.declared("ana", "checkout is down")
    assert room.topic_edits == 0

    await on_discord.said("ana", "incident do", room, text="resolved")

    await until(lambda: "Resolved" in (room.topic or ""))
    assert room.topic_edits == 1
    assert (room.topic or "").endswith(":room")


async def test_the_next_category_is_opened_when_one_is_full(on_discord: Scene) -> None:
    full = on_discord.discord.channel("Incidents", Kind.CATEGORY)
    for n in range(50):
        on_discord.discord.channel(f"old-{n}", parent=full.id)

    room = await on_discord.declared("ana", "checkout is down")

    parent = on_discord.discord.world.channels[room.parent or 0]
    assert parent.name == "Incidents 2"


async def test_in_a_full_server_the_room_is_a_thread(on_discord: Scene) -> None:
    standing = len(list(on_discord.discord.world.standing()))
    on_discord.discord.channel("incidents")
    for n in range(standing + 1, 500):
        on_discord.discord.channel(f"old-{n}")

    await on_discord.said("ana", "incident declare", title="checkout is down")

    def threads() -> list[Channel]:
        return [c for c in on_discord.discord.world.channels.values() if c.thread]

    await until(lambda: threads() and threads()[0].pins)
    assert threads()[0].name == "inc-1-checkout-is-down"


async def test_people_are_let_into_a_private_room_and_named_there(on_discord: Scene) -> None:
    room = await on_discord.declared("ana", "payroll leaked", private=True)
    on_discord.person("bo")
    await on_discord.said("ana", "incident invite", room, people="@payments")

    text = f"invite <@{on_discord.person('bo').id}>"
    await on_discord.said("ana", "incident do", room, text=text)

    await until(lambda: int(on_discord.person("bo").id) in room.overwrites)
    await until(lambda: any(on_discord.person("bo").mention in m.content for m in room.said()))


async def test_a_long_429_parks_the_job_and_not_the_worker(tmp_path: Path) -> None:
    """discord.py would wait inside the call; the room comes when Discord said, and once."""
    async with make_world(tmp_path, on="discord") as world:
        assert isinstance(world.stage, DiscordStage)
        discord = world.stage.discord
        discord.faults.add(CREATE, Trouble.BUSY, nth=2, seconds=45)
        bo = world.person("bo")
        await bo.says("/incident declare checkout is down sev1 #checkout")
        await world.passes(seconds=40)
        assert not [c for c in discord.world.places() if c.name.startswith("inc-")]
        await bo.says('/incident note INC-1 "still at work"')
        await world.passes(seconds=10)
        assert "SEV1" in (await world.room("INC-1")).card
        assert len([c for c in discord.world.places() if c.name.startswith("inc-")]) == 1
        assert len((await world.announcements()).by_bot) == 1
