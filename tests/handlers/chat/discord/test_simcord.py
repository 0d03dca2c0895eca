"""A second opinion on our own Discord: the unmodified discord.py against simcord's model of it, in process
and on its virtual clock. What simcord does not model, tests/fakes/discord does and says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.core.people import PersonId
from bot.core.ports.platforms import PlatformContext
from bot.core.timeline import Kind
from bot.org import sample_org
from handlers.chat.discord.platform import Discord
from storage.database.leading import SoleLeadership
from tests.fakes.platform import FakePlatform
from tests.world import BASE, World, make_world

pytestmark = pytest.mark.filterwarnings("ignore:.*audioop.*:DeprecationWarning")
GUILD = 4_000_000_000_000_000_001


@dataclass
class Server:
    """A server of simcord's, with the people of the sample organisation in it and a channel to type in."""

    world: World
    env: simcord.Env
    guild: Any
    general: Any
    bo: Any
    ana: Any

    async def follows(self) -> None:
        """Whatever is due runs, and discord.py has heard of it."""
        await self.world.passes(seconds=3)
        await self.env.settle()

    def channel(self, name: str) -> Any:
        return self.guild.channels[name]

    def said(self, name: str) -> list[discord.Message]:
        found: list[discord.Message] = self.channel(name).history()
        return found

    def card(self) -> discord.Message:
        [card] = self.channel("inc-1-checkout-is-down").pinned_messages()
        assert isinstance(card, discord.Message)
        return card


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Server]:
    org = sample_org()
    rules = {"discord": {"allowed_roles": ("everyone",)}}
    chat = replace(org.chat, rooms=("discord",), allowed=rules)
    extra = {"discord": FakePlatform("discord")}
    async with make_world(folder, replace(org, chat=chat), extra) as world:
        environ = {"DISCORD_TOKEN": "x", "DISCORD_GUILD_ID": str(GUILD)}
        context = PlatformContext(
            environ, lambda: world.memory.installation.org, "abc", "incident", world.clock, world.memory,
            BASE, BASE, SoleLeadership(),
        )  # fmt: skip
        platform = Discord(context)
        world.platforms["discord"] = platform
        session = platform.listen(world.dispatcher)
        async with simcord.run(platform.client) as env:
            guild = env.create_guild(id=GUILD)
            people = {who: guild.add_member(env.create_user(who)) for who in ("bo", "ana")}
            met = {
                who: replace(world.org.people[PersonId(who)], identities={"discord": str(user.id)})
                for who, user in people.items()
            }
            known = {**world.org.people, **{PersonId(who): each for who, each in met.items()}}
            world.memory.installation = replace(
                world.memory.installation, org=replace(world.memory.installation.org, people=known)
            )
            await session._register()
            general = guild.create_text_channel("general")
            yield Server(world, env, guild, general, people["bo"], people["ana"])


async def test_declared_a_room_a_pinned_card_and_an_announcement(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        told = await server.bo.slash(server.general, "inc", text="declare checkout is down sev1")
        assert told.ephemeral
        assert "Declared. " in str([e.to_dict() for e in told.response.embeds])
        await server.follows()

        assert "SEV1" in server.card().content
        assert len(server.said("incidents")) == 1


async def test_a_button_changes_the_incident_and_the_card(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        await server.bo.slash(server.general, "inc", text="declare checkout is down")
        await server.follows()
        await server.bo.click(server.card(), label="Take the lead")
        await server.follows()

        assert (await server.world.incident("INC-1")).lead == "bo"
        assert server.bo.mention in str([e.to_dict() for e in server.card().embeds])


async def test_a_form_is_a_modal_and_its_answer_declares(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        shown = await server.bo.slash(server.general, "inc")
        assert shown.modal is not None
        [title, *_] = [c for c in shown.modal["components"] if "component" in c]
        await server.bo.submit_modal(shown, {title["component"]["custom_id"]: "checkout is down"})
        await server.follows()

        assert (await server.world.incident("INC-1")).title == "checkout is down"


async def test_a_reaction_keeps_a_message_on_the_timeline(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        await server.bo.slash(server.general, "inc", text="declare checkout is down")
        await server.follows()
        said = await server.bo.send(
            server.channel("inc-1-checkout-is-down"), "CPU went up at 14:02"
        )
        await server.ana.react(said, "📌")
        await server.follows()

        kept = [e.text for e in await server.world.timeline("INC-1") if e.kind is Kind.MESSAGE]
        assert kept == ["CPU went up at 14:02"]
