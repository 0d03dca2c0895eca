"""The people's side of the fake: commands, forms, buttons, and the clock of their acknowledgement."""

from __future__ import annotations

import asyncio

import discord
import pytest
from discord import app_commands

from tests.fakes.discord import Channel, Discord, Intent
from tests.fakes.discord.people import Person
from tests.fakes.discord_client import Heard, connected


class Form(discord.ui.Modal, title="Declare"):
    what: discord.ui.TextInput[Form] = discord.ui.TextInput(label="What?", custom_id="title")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"got {self.what.value}", ephemeral=True)


@pytest.fixture
async def room(platform: Discord, client: Heard) -> Channel:
    """A tree that does one of everything."""
    group = app_commands.Group(name="incident", description="d")
    _declaring(group)
    _answering(group)

    async def capture(call: discord.Interaction, message: discord.Message) -> None:
        await call.response.send_message(f"kept {message.content}", ephemeral=True)

    client.tree.add_command(group)
    client.tree.add_command(app_commands.ContextMenu(name="Keep", callback=capture))
    at = discord.Object(platform.world.guild)
    client.tree.copy_global_to(guild=at)
    await client.tree.sync(guild=at)
    return platform.channel("general")


def _declaring(group: app_commands.Group) -> None:
    @group.command(name="declare", description="d")
    @app_commands.describe(title="t", sev="s", who="w")
    @app_commands.choices(sev=[app_commands.Choice(name="SEV1", value="sev1")])
    async def declare(
        call: discord.Interaction,
        title: str,
        sev: str | None = None,
        who: discord.Member | None = None,
    ) -> None:
        told = f"{title} {sev} {who.mention if who else ''}"
        await call.response.send_message(told, ephemeral=True)

    @declare.autocomplete("title")
    async def titles(call: discord.Interaction, text: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{text} is down", value=text)]


def _answering(group: app_commands.Group) -> None:
    @group.command(name="slow", description="d")
    async def slow(call: discord.Interaction) -> None:
        await call.response.defer(ephemeral=True)
        await call.followup.send("done")
        await call.followup.send("more", ephemeral=True)

    @group.command(name="form", description="d")
    async def form(call: discord.Interaction) -> None:
        await call.response.send_modal(Form())

    @group.command(name="card", description="d")
    async def card(call: discord.Interaction) -> None:
        view = discord.ui.View()
        view.add_item(discord.ui.Button(label="Join", custom_id="join"))
        view.add_item(discord.ui.Select(custom_id="sev", options=[discord.SelectOption(label="1")]))
        await call.response.send_message("card", view=view)


async def test_a_command_is_answered_privately_and_timed(platform: Discord, room: Channel) -> None:
    ana, bo = platform.person("ana"), platform.person("bo")

    asked = await ana.slash(
        room, "incident declare", title="checkout", sev="sev1", who=bo.id
    ).until_answered()

    assert asked.took < 1.0
    assert asked.ephemeral
    assert asked.messages[0].content == f"checkout sev1 {bo.mention}"
    assert ana.sees(room) == asked.messages
    assert bo.sees(room) == []


async def test_what_the_client_does_not_offer_cannot_be_sent(
    platform: Discord, room: Channel
) -> None:
    ana = platform.person("ana")
    for path, options in [
        ("incident", {}),
        ("incident nope", {}),
        ("other", {}),
        ("incident declare", {}),
        ("incident declare", {"title": "t", "sev": "sev9"}),
        ("incident declare", {"title": "t", "nope": "x"}),
    ]:
        with pytest.raises(AssertionError):
            ana.slash(room, path, **options)


async def test_an_option_completes(platform: Discord, room: Channel) -> None:
    asked = platform.person("ana").complete(room, "incident declare", "title", "check")
    await asked.until_answered()
    assert asked.choices == [{"name": "check is down", "value": "check"}]


async def test_a_deferral_is_private_and_followed_up(platform: Discord, room: Channel) -> None:
    asked = await platform.person("ana").slash(room, "incident slow").until_answered()
    async with asyncio.timeout(5):
        while len(asked.messages) < 2:
            asked.changed.clear()
            await asked.changed.wait()

    assert asked.deferred
    assert [m.content for m in asked.messages] == ["done", "more"]
    assert asked.ephemeral, "the first follow-up is as private as the deferral"


async def test_a_form_is_opened_and_sent(platform: Discord, room: Channel) -> None:
    ana = platform.person("ana")
    opened = await ana.slash(room, "incident form").until_answered()

    sent = await ana.submit(opened, {"title": "checkout is down"}).until_answered()

    assert sent.messages[0].content == "got checkout is down"
    with pytest.raises(AssertionError):
        ana.submit(opened, {})


async def test_buttons_selects_and_menus(platform: Discord, client: Heard, room: Channel) -> None:
    pressed: list[str] = []

    @client.event
    async def on_interaction(call: discord.Interaction) -> None:
        if call.type == discord.InteractionType.component:
            pressed.append(str(dict(call.data or ()).get("custom_id")))
            await call.response.defer()

    ana = platform.person("ana")
    card = (await ana.slash(room, "incident card").until_answered()).messages[0]
    await ana.press(card, "Join").until_acknowledged()
    await ana.pick(card, "sev", "1").until_acknowledged()
    assert pressed == ["join", "sev"]
    with pytest.raises(AssertionError):
        ana.press(card, "Leave")

    said = ana.say(room, "it is the database")
    kept = await ana.menu(room, said, "Keep").until_answered()
    assert kept.messages[0].content == "kept it is the database"


class Late:
    """Holds an interaction back, to answer it by hand."""

    def __init__(self, client: Heard) -> None:
        self.got: asyncio.Future[discord.Interaction] = asyncio.get_running_loop().create_future()
        self.client = client

        @client.event
        async def on_interaction(call: discord.Interaction) -> None:
            if not self.got.done():
                self.got.set_result(call)


async def _held(client: Heard, platform: Discord, ana: Person) -> discord.Interaction:
    await client.http.bulk_upsert_guild_commands(
        platform.world.me.id, platform.world.guild, [{"name": "raw", "description": "d", "type": 1}]
    )  # fmt: skip
    late = Late(client)
    client.tree.clear_commands(guild=None)
    ana.slash(platform.channel("general"), "raw")
    return await late.got


@pytest.fixture
def tree_errors(client: Heard) -> None:
    async def ignore(call: discord.Interaction, error: Exception) -> None:
        """The tree does not know the command; the test answers by hand."""

    client.tree.on_error = ignore  # type: ignore[method-assign]


async def test_an_interaction_is_acknowledged_once(
    client: Heard, platform: Discord, tree_errors: None
) -> None:
    call = await _held(client, platform, platform.person("ana"))
    await call.response.defer()
    call.response._response_type = None
    with pytest.raises(discord.HTTPException) as caught:
        await call.response.send_message("twice")
    assert caught.value.code == 40060


async def test_after_three_seconds_it_is_unknown(
    client: Heard, platform: Discord, tree_errors: None
) -> None:
    call = await _held(client, platform, platform.person("ana"))
    platform.world.watch.advance(3.1)
    with pytest.raises(discord.NotFound) as caught:
        await call.response.defer()
    assert caught.value.code == 10062


async def test_after_a_quarter_of_an_hour_its_token_is_dead(
    client: Heard, platform: Discord, tree_errors: None
) -> None:
    call = await _held(client, platform, platform.person("ana"))
    with pytest.raises(discord.HTTPException) as early:
        await call.followup.send("before any response")
    assert early.value.code == 10015
    await call.response.defer()
    platform.world.watch.advance(901)
    with pytest.raises(discord.HTTPException) as caught:
        await call.followup.send("late")
    assert caught.value.code == 50027


async def test_people_write_react_and_pin(client: Heard, platform: Discord) -> None:
    room, ana = platform.channel("general"), platform.person("ana")
    said = ana.say(room, "first")
    ana.edit(said, "second")
    ana.react(said, "📌")
    ana.unreact(said, "📌")
    ana.pin(said)
    ana.delete(said)
    last = ana.say(room, "end")

    async with asyncio.timeout(5):
        while client.names().count("message") < 3:
            await asyncio.sleep(0.01)  # noqa: TID251 - polls what came over a socket
    wanted = [
        "message",
        "raw_message_edit",
        "raw_reaction_add",
        "raw_reaction_remove",
        "raw_message_delete",
    ]
    assert [n for n in client.names() if n in wanted and n != "message"][:3] == wanted[1:4]
    assert "raw_message_delete" in client.names()
    assert "guild_channel_pins_update" in client.names()
    assert last.pings == 0


async def test_without_message_content_other_peoples_words_are_empty(platform: Discord) -> None:
    platform.world.granted = Intent.MEMBERS
    room, ana = platform.channel("general"), platform.person("ana")
    intents = discord.Intents.all()
    intents.message_content = intents.presences = False
    async with connected(
        platform.api, platform.gateway.url, platform.world.token, intents
    ) as client:
        ana.say(room, "hidden")
        ana.say(room, f"<@{platform.world.me.id}> shown")
        async with asyncio.timeout(5):
            while client.names().count("message") < 2:
                await asyncio.sleep(0.01)  # noqa: TID251 - polls what came over a socket
        heard = [
            m.content for n, m in client.heard if n == "message" and isinstance(m, discord.Message)
        ]
        assert heard == ["", f"<@{platform.world.me.id}> shown"]
        channel = client.get_channel(room.id)
        assert isinstance(channel, discord.TextChannel)
        assert [m.content async for m in channel.history()][1] == ""
