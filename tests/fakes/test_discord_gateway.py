"""The fake's gateway and its faults: resumed with nothing missed, refused, doubled, dropped, gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp
import discord
import pytest

from tests.fakes.discord import Discord, Intent, Kind, Trouble, When
from tests.fakes.discord_client import Heard, connected

POST = "POST /channels/{channel_id}/messages"


async def until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.01)  # noqa: TID251 - polls what came over a socket


async def test_a_dropped_socket_is_resumed_with_what_was_missed(
    platform: Discord, client: Heard
) -> None:
    room, ana = platform.channel("general"), platform.person("ana")
    platform.gateway.drop()
    ana.say(room, "missed")

    await until(lambda: "message" in client.names())

    assert platform.gateway.resumes == 1
    assert len(platform.gateway.identifies) == 1
    assert client.names().count("message") == 1


async def test_op_seven_reconnects(platform: Discord, client: Heard) -> None:
    platform.gateway.reconnect()
    await until(lambda: platform.gateway.resumes == 1)


async def test_op_nine_identifies_again(platform: Discord, client: Heard) -> None:
    platform.gateway.identify_every = 0
    platform.gateway.invalidate()
    await until(lambda: len(platform.gateway.identifies) == 2, 10)
    assert platform.gateway.resumes == 0


async def test_a_second_identify_hears_everything_too(platform: Discord, client: Heard) -> None:
    platform.gateway.identify_every = 0
    room, ana = platform.channel("general"), platform.person("ana")
    async with connected(platform.api, platform.gateway.url, platform.world.token) as second:
        ana.say(room, "to both")
        await until(lambda: "message" in client.names() and "message" in second.names())
        assert len(platform.gateway.live()) == 2


async def test_identifies_are_five_seconds_apart(platform: Discord, client: Heard) -> None:
    url = f"{platform.gateway.url}?v=10&encoding=json"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        assert (await ws.receive_json())["op"] == 10
        await ws.send_json({"op": 2, "d": {"token": platform.world.token, "intents": 1}})
        assert (await ws.receive_json())["op"] == 9


async def test_a_wrong_token_and_an_intent_not_granted(platform: Discord) -> None:
    platform.world.granted = Intent(0)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with connected(platform.api, platform.gateway.url, platform.world.token):
            pass
    with pytest.raises(discord.LoginFailure):
        async with connected(platform.api, platform.gateway.url, "wrong"):
            pass


async def test_a_revoked_token_is_401_and_4004(platform: Discord, client: Heard) -> None:
    room = platform.channel("general")
    await platform.revoke()

    await until(client.is_closed)

    async with aiohttp.ClientSession() as session:
        head = {"Authorization": "Bot fake.discord.token"}
        url = f"{platform.api}/channels/{room.id}"
        async with session.get(url, headers=head) as response:
            assert response.status == 401


async def test_events_can_come_twice(platform: Discord, client: Heard) -> None:
    room, ana = platform.channel("general"), platform.person("ana")
    platform.gateway.duplicate = True
    ana.say(room, "twice")
    await until(lambda: client.names().count("message") == 2)


async def test_events_can_come_in_the_wrong_order(platform: Discord, client: Heard) -> None:
    room, ana = platform.channel("general"), platform.person("ana")
    said = ana.say(room, "one")
    platform.gateway.shuffle = True
    ana.react(said, "📌")
    ana.unreact(said, "📌")
    await until(lambda: "raw_reaction_add" in client.names())
    reactions = [n for n in client.names() if n.startswith("raw_reaction")]
    assert reactions == ["raw_reaction_remove", "raw_reaction_add"]


async def test_an_answer_is_lost_after_the_write(platform: Discord, guild: discord.Guild) -> None:
    room = await guild.create_text_channel("room")
    lost = platform.faults.add(POST, Trouble.RESET, When.AFTER)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await room.send("card", nonce="n1")

    assert lost.done == 1
    again = await room.send("card", nonce="n1")
    assert [m.id for m in platform.world.channels[room.id].said()] == [again.id]


async def test_trouble_before_the_write_writes_nothing(
    platform: Discord, guild: discord.Guild
) -> None:
    room = await guild.create_text_channel("room")
    platform.faults.add(POST, Trouble.RESET)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await room.send("card")
    platform.faults.add(POST, Trouble.BUSY, seconds=0.01)
    platform.faults.add(POST, Trouble.LATENCY, seconds=0.05)
    await room.send("card")
    platform.faults.add(POST, Trouble.DENIED)
    with pytest.raises(discord.Forbidden):
        await room.send("card")
    platform.faults.add(POST, Trouble.HANG)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(room.send("card"), 0.1)

    assert len(platform.world.channels[room.id].said()) == 1


async def test_the_platform_goes_and_comes_back(
    platform: Discord, client: Heard, guild: discord.Guild
) -> None:
    room = await guild.create_text_channel("room")
    platform.go()
    with pytest.raises((aiohttp.ClientError, OSError)):
        await room.send("card")
    platform.come_back()
    await room.send("card")
    await until(lambda: len(platform.gateway.live()) == 1, 20)


async def test_the_witness_withholds_an_answer(platform: Discord, guild: discord.Guild) -> None:
    room = await guild.create_text_channel("room")

    async def witness(route: str, nth: int) -> bool:
        return not (route == POST and nth == 2)

    platform.faults.witness = witness
    await room.send("one")
    with pytest.raises((aiohttp.ClientError, OSError)):
        await room.send("two")
    assert len(platform.world.channels[room.id].said()) == 2


async def test_threads_and_forum_posts(
    platform: Discord, client: Heard, guild: discord.Guild
) -> None:
    forum = platform.channel("incidents", Kind.FORUM)
    text = await guild.create_text_channel("room")
    start = await text.send("start")
    thread = await start.create_thread(name="INC-1 Checkout")
    await thread.send("in the thread")
    with pytest.raises(discord.HTTPException) as caught:
        await start.create_thread(name="again")
    assert caught.value.code == 160004

    route = discord.http.Route("POST", "/channels/{channel_id}/threads", channel_id=forum.id)
    made = await client.http.request(route, json={"name": "INC-2", "message": {"content": "card"}})
    assert made["message"]["id"] == made["id"]
    await thread.edit(archived=True)
    await thread.send("wakes it")
    assert not platform.world.channels[thread.id].archived
    assert platform.world.channels[thread.id].name == "INC-1 Checkout"


async def test_history_pins_reactions_and_members(
    platform: Discord, client: Heard, guild: discord.Guild
) -> None:
    ana = platform.person("ana")
    room = await guild.create_text_channel("room")
    said = [await room.send(str(n)) for n in range(3)]
    await said[0].pin()
    await said[0].add_reaction("👀")

    assert [m.content async for m in room.history(limit=2)] == ["", "2"], (
        "the pin's notice is newest"
    )
    assert [m.id async for m in room.pins()] == [said[0].id]
    assert [u.id async for u in (await room.fetch_message(said[0].id)).reactions[0].users()] == [client.user and client.user.id]  # fmt: skip
    assert (await guild.fetch_member(int(ana.id))).name == "ana"
    assert [m.name for m in await guild.query_members("an", limit=5)] == ["ana"]
    direct = await (await client.fetch_user(int(ana.id))).create_dm()
    await direct.send("psst")
    assert platform.world.direct(int(ana.id)).said()[0].content == "psst"
    ana.member.user.takes_direct = False
    with pytest.raises(discord.Forbidden) as caught:
        await direct.send("psst")
    assert caught.value.code == 50007


async def test_as_a_process_of_its_own() -> None:
    import json
    import sys

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.discord", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        told = json.loads(await process.stdout.readline())
        gateway = told["api"].replace("http", "ws").replace("/api/v10", "/gateway")
        async with connected(told["api"], gateway, told["token"]) as client:
            found = client.get_guild(int(told["guild"]))
            assert found is not None
            await found.create_text_channel("room")
        async with aiohttp.ClientSession() as session:
            root = told["api"].removesuffix("/api/v10")
            async with session.get(f"{root}/_seen") as response:
                seen = await response.json()
        assert [room["name"] for room in seen["rooms"]] == ["general", "room"]
    finally:
        process.kill()
        await process.wait()
