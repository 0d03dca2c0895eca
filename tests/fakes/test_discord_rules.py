"""What the fake refuses, it refuses as Discord does: seen through the unmodified discord.py."""

from __future__ import annotations

import json
from collections.abc import Awaitable

import discord
import pytest
from discord.http import Route

from tests.fakes.discord import BOT, Discord, Kind, May
from tests.fakes.discord_client import Heard

Given = dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite]


async def refused(call: Awaitable[object], code: int, *words: str) -> None:
    with pytest.raises(discord.HTTPException) as caught:
        await call
    assert caught.value.code == code, caught.value
    for word in words:
        assert word in str(caught.value)


async def test_a_text_channel_is_named_as_discord_names_it(guild: discord.Guild) -> None:
    made = await guild.create_text_channel("INC-42  Checkout is down!", topic="marker")

    assert made.name == "inc-42-checkout-is-down"
    assert made.topic == "marker"


async def test_names_and_topics_have_lengths(guild: discord.Guild) -> None:
    await refused(guild.create_text_channel("a" * 101), 50035, "name", "100")
    await refused(guild.create_text_channel("  "), 50035, "name")
    await refused(guild.create_text_channel("a", topic="t" * 1025), 50035, "topic", "1024")


async def test_a_category_holds_fifty(platform: Discord, guild: discord.Guild) -> None:
    category = platform.world.channel("Incidents", Kind.CATEGORY)
    for n in range(50):
        platform.world.channel(f"inc-{n}", parent=category.id)

    call = guild.create_text_channel("one-more", category=discord.Object(category.id))  # type: ignore[arg-type]

    await refused(call, 50035, "Maximum number of channels in category reached")


async def test_a_guild_holds_five_hundred(platform: Discord, guild: discord.Guild) -> None:
    for n in range(500):
        platform.world.channel(f"c-{n}")

    await refused(guild.create_text_channel("one-more"), 30013)


async def test_a_private_channel_without_the_bot_is_lost_to_it(guild: discord.Guild) -> None:
    hidden: Given = {guild.default_role: discord.PermissionOverwrite(view_channel=False)}
    lost = await guild.create_text_channel("lost", overwrites=hidden)
    await refused(lost.send("hello?"), 50001)

    kept = await guild.create_text_channel(
        "kept", overwrites={**hidden, guild.me: discord.PermissionOverwrite(view_channel=True)}
    )
    await kept.send("hello")


async def test_one_gives_only_what_one_has(guild: discord.Guild) -> None:
    ban: Given = {guild.default_role: discord.PermissionOverwrite(ban_members=True)}
    await refused(guild.create_text_channel("x", overwrites=ban), 50013)
    roles: Given = {guild.default_role: discord.PermissionOverwrite(manage_roles=True)}
    await refused(guild.create_text_channel("x", overwrites=roles), 50013)


async def test_a_missing_permission_is_50013(platform: Discord, guild: discord.Guild) -> None:
    room = await guild.create_text_channel("room")
    said = await room.send("card")
    platform.world.bot_role.permissions = BOT & ~May.PIN_MESSAGES & ~May.MANAGE_CHANNELS

    await refused(said.pin(), 50013)
    await refused(guild.create_text_channel("another"), 50013)


async def test_two_hundred_and_fifty_pins(platform: Discord, guild: discord.Guild) -> None:
    room = await guild.create_text_channel("room")
    first, second = await room.send("one"), await room.send("two")
    await first.pin()
    await first.pin()
    held = platform.world.channels[room.id]
    assert len(held.pins) == 1
    assert [m.type for m in held.messages.values()] == [0, 0, 6], "one notice, not two"

    held.pins.update(dict.fromkeys(range(249), platform.world.watch.at()))
    await refused(second.pin(), 30003)


async def test_what_a_message_may_hold(guild: discord.Guild) -> None:
    room = await guild.create_text_channel("room")
    await refused(room.send("x" * 2001), 50035, "content", "2000")
    await refused(room.send(""), 50006)
    await refused(room.send(embed=discord.Embed(title="t" * 257)), 50035, "256")
    await refused(room.send(embed=discord.Embed(description="t" * 4097)), 50035, "4096")
    heavy = [discord.Embed(description="t" * 3001) for _ in range(2)]
    await refused(room.send(embeds=heavy), 50035, "6000")
    fields = discord.Embed()
    fields.add_field(name="n", value="v" * 1025)
    await refused(room.send(embed=fields), 50035, "1024")


async def _components(
    client: Heard, channel: int, components: list[object], **more: object
) -> None:
    payload = {"content": "card", "components": components, **more}
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
    await client.http.request(route, json=payload)


def _button(**more: object) -> dict[str, object]:
    return {"type": 2, "style": 1, "label": "Join", "custom_id": "join", **more}


def _row(*parts: object) -> dict[str, object]:
    return {"type": 1, "components": list(parts)}


@pytest.mark.parametrize(
    ("components", "words"),
    [
        ([_row(*[_button(custom_id=f"b{n}") for n in range(6)])], "5"),
        ([_row(_button(custom_id=f"b{n}")) for n in range(6)], "components"),
        ([_row(_button(label="x" * 81))], "80"),
        ([_row(_button(custom_id="x" * 101))], "100"),
        ([_row(_button(), _button())], "duplicated"),
        ([_row(_button(label=None))], "label or emoji"),
        ([_row({"type": 3, "custom_id": "s", "options": []})], "25"),
        (
            [_row({"type": 3, "custom_id": "s", "options": [{"label": "a", "value": str(n)} for n in range(26)]})],
            "25",
        ),
        ([_row({"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "1"}] * 2})], "already used"),
    ],
)  # fmt: skip
async def test_what_components_may_hold(
    client: Heard, guild: discord.Guild, components: list[object], words: str
) -> None:
    room = await guild.create_text_channel("room")
    await refused(_components(client, room.id, components), 50035, words)


async def test_the_newer_layout_has_no_content_and_forty_parts(
    client: Heard, guild: discord.Guild
) -> None:
    room = await guild.create_text_channel("room")
    text = {"type": 10, "content": "words"}
    await refused(_components(client, room.id, [text], flags=1 << 15), 50035, "content")
    box = {"type": 17, "components": [text] * 40}
    await refused(_components(client, room.id, [box], flags=1 << 15, content=""), 50035, "40")
    long = {"type": 10, "content": "w" * 2001}
    await refused(
        _components(client, room.id, [long, dict(long)], flags=1 << 15, content=""), 50035, "4000"
    )


async def test_an_enforced_nonce_gives_the_first_message_again(
    platform: Discord, guild: discord.Guild
) -> None:
    room = await guild.create_text_channel("room")
    first = await room.send("card", nonce="inc1:card")
    again = await room.send("card", nonce="inc1:card")
    assert again.id == first.id
    assert len(platform.world.channels[room.id].said()) == 1

    platform.world.watch.advance(180)
    late = await room.send("card", nonce="inc1:card")
    assert late.id != first.id, "a nonce is remembered for minutes only"
    await refused(room.send("card", nonce="n" * 26), 50035, "25")


async def test_mentions_count_as_allowed(platform: Discord, guild: discord.Guild) -> None:
    ana = platform.person("ana")
    room = await guild.create_text_channel("room")
    held = platform.world.channels[room.id]

    await room.send(f"{ana.mention} @everyone")
    await room.send(f"{ana.mention} @everyone", allowed_mentions=discord.AllowedMentions.none())

    loud, quiet = held.said()
    assert loud.pings == 2
    assert loud.allowed_mentions is None
    assert quiet.pings == 0
    mixed = {"content": "x", "allowed_mentions": {"parse": ["users"], "users": [ana.id]}}
    client = guild._state.http
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=room.id)
    await refused(client.request(route, json=mixed), 50035, "mutually exclusive")


async def test_name_and_topic_share_two_edits_in_ten_minutes(
    platform: Discord, guild: discord.Guild
) -> None:
    room = await guild.create_text_channel("room")
    await room.edit(topic="one")
    await room.edit(topic="two")
    with pytest.raises(discord.RateLimited) as limited:
        await room.edit(topic="three")
    assert limited.value.retry_after > 500

    assert platform.world.channels[room.id].topic == "two"


async def test_a_bucket_makes_discord_py_wait(platform: Discord, guild: discord.Guild) -> None:
    platform.rates.pace = 0.1
    room = await guild.create_text_channel("room")
    for n in range(6):
        await room.send(str(n))

    times = [c.at for c in platform.made("POST /channels/{channel_id}/messages")]
    assert times[5] - times[0] > 0.4
    assert platform.rates.refused == 0, "its headers are true, so nothing came too early"


def _tree(*commands: dict[str, object]) -> list[dict[str, object]]:
    return list(commands)


async def _sync(client: Heard, platform: Discord, tree: list[dict[str, object]]) -> None:
    await client.http.bulk_upsert_guild_commands(platform.world.me.id, platform.world.guild, tree)


def _command(name: str = "incident", **more: object) -> dict[str, object]:
    return {"name": name, "type": 1, "description": "d", **more}


async def test_what_commands_may_hold(client: Heard, platform: Discord) -> None:
    verbs = [{"type": 1, "name": f"v{n}", "description": "d"} for n in range(26)]
    await refused(_sync(client, platform, _tree(_command(options=verbs))), 50035, "25")
    long = [{"type": 1, "name": f"v{n}", "description": "d" * 100, "options": [
        {"type": 3, "name": f"o{m}", "description": "d" * 100} for m in range(4)]} for n in range(24)]  # fmt: skip
    await refused(_sync(client, platform, _tree(_command(options=long))), 50035, "8000")
    await refused(_sync(client, platform, _tree(_command("Incident"))), 50035, "name is invalid")
    mixed = [
        {"type": 1, "name": "a", "description": "d"},
        {"type": 3, "name": "b", "description": "d"},
    ]
    await refused(_sync(client, platform, _tree(_command(options=mixed))), 50035, "exclusive")
    choices = [{"name": str(n), "value": str(n)} for n in range(26)]
    option = {"type": 3, "name": "o", "description": "d", "choices": choices}
    await refused(_sync(client, platform, _tree(_command(options=[option]))), 50035, "25")


async def test_two_hundred_creates_a_day(client: Heard, platform: Discord) -> None:
    platform.rates.on = False
    await _sync(client, platform, [_command(f"c{n}") for n in range(100)])
    await _sync(client, platform, [_command(f"c{n}") for n in range(100)])
    await _sync(client, platform, [_command(f"d{n}") for n in range(100)])

    await refused(_sync(client, platform, [_command("e")]), 30034)
    told = json.dumps([c["name"] for c in platform.world.commands.values()])
    assert '"d99"' in told
