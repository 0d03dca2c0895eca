"""The yardstick of a war room on Discord: a bare discord.py bot that makes the same calls, side by side.

    python -m bench.discord_floor API GATEWAY TOKEN GUILD INVITED

Answers ``/incident declare`` privately, opens a channel with topic and category, then posts and pins
a card, announces and invites at once. It records nothing, looks for nothing and forgets everything. ``bench.discord_room`` starts it.
"""

from __future__ import annotations

import asyncio
import sys

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

QUIET = discord.AllowedMentions.none()


class Bare(discord.Client):
    def __init__(self, guild: int, invited: int) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = True
        super().__init__(intents=intents, max_messages=None, guild_ready_timeout=0.0)
        self.tree = app_commands.CommandTree(self)
        self.home, self.invited = discord.Object(guild), invited
        self.made = 0

    async def setup_hook(self) -> None:
        group = app_commands.Group(name="incident", description="incidents")

        @group.command(name="declare", description="declare an incident")
        async def declare(call: discord.Interaction, title: str) -> None:
            await call.response.send_message(f"Recorded: {title}", ephemeral=True)
            await self.war_room(title)

        self.tree.add_command(group, guild=self.home)
        await self.tree.sync(guild=self.home)

    async def on_ready(self) -> None:
        """The places that a bot makes once."""
        guild = self.guilds[0]
        self.category = await guild.create_category("Incidents")
        self.place = await guild.create_text_channel("incidents", topic="Every incident, once.")
        await self.place.send("ready")

    async def war_room(self, title: str) -> None:
        self.made += 1
        room = await self.guilds[0].create_text_channel(
            f"inc-{self.made}-{title}", topic=f"SEV1: {title}", category=self.category
        )
        await asyncio.gather(self.card(room, title), self.announce(title), self.invite(room))

    async def card(self, room: discord.TextChannel, title: str) -> None:
        said = await room.send(embed=_embed(title), view=_buttons(), allowed_mentions=QUIET)
        await said.pin()

    async def announce(self, title: str) -> None:
        await self.place.send(embed=_embed(title), view=_buttons(), allowed_mentions=QUIET)

    async def invite(self, room: discord.TextChannel) -> None:
        who = discord.AllowedMentions(users=[discord.Object(self.invited)])
        await room.send(f"Come in: <@{self.invited}>", allowed_mentions=who)


def _embed(title: str) -> discord.Embed:
    made = discord.Embed(title=title, description="Investigating since a moment ago.")
    for name in ("Severity", "Lead", "Services", "Reported by", "Next update", "Tasks"):
        made.add_field(name=name, value="–")
    return made


def _buttons() -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for label in ("Take the lead", "Update", "Resolve", "Page somebody"):
        view.add_item(discord.ui.Button(label=label, custom_id=label))
    return view


async def run(api: str, gateway: str, token: str, guild: str, invited: str) -> None:
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api, yarl.URL(gateway)
    async with Bare(int(guild), int(invited)) as client:
        await client.start(token)


if __name__ == "__main__" and sys.argv[1:]:
    asyncio.run(run(*sys.argv[1:6]))
