"""A running Tocsin on the fake Discord: people there do what people do, and conditions are waited for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import App
from tests.fakes.discord import (
    TOKEN,
    Channel,
    Discord,
    Intent,
    Interaction,
    Kind,
    Message,
    Person,
    serving,
)
from tests.installation import running, until


@dataclass
class Scene:
    discord: Discord
    app: App
    general: Channel

    def person(self, name: str) -> Person:
        """An engineer, who may use Tocsin."""
        role = next(r for r in self.discord.world.roles.values() if r.name == "engineers")
        return self.discord.person(name, [role])

    async def declared(self, by: str, title: str, **options: object) -> Channel:
        """An incident, and its war room once the card in it is pinned."""
        asked = self.person(by).slash(self.general, "incident declare", title=title, **options)
        await asked.until_answered()
        await until(lambda: any(c.pins for c in self.rooms()))
        return self.rooms()[-1]

    def rooms(self) -> list[Channel]:
        found = [c for c in self.discord.world.standing() if ":room" in (c.topic or "")]
        return sorted(found, key=lambda c: c.id)

    def card(self, room: Channel) -> Message:
        """The pinned card; people may have been called before it came."""
        return self.discord.world.pinned(room)[0]

    def announced(self) -> list[Message]:
        """What the announcement channel shows; it is made for the first announcement."""
        made = [c for c in self.discord.world.standing() if c.name == "incidents"]
        return made[0].said() if made else []

    def named(self, name: str) -> Channel:
        return self.discord.world.named(name)

    async def said(
        self, person: str, path: str, room: Channel | None = None, **options: object
    ) -> Message:
        """The private answer to a command."""
        asked = self.person(person).slash(room or self.general, path, **options)
        return only(await asked.until_answered())


def only(asked: Interaction) -> Message:
    assert asked.messages, f"no message, but the form {asked.modal}"
    return asked.messages[-1]


def words(message: Message) -> str:
    """All that a message says."""
    parts = [message.content]
    for embed in message.embeds:
        parts.append(str(embed.get("description", "")))
        parts += [f"{f['name']} {f['value']}" for f in embed.get("fields", ())]
    return "\n".join(parts)


@asynccontextmanager
async def scene(folder: Path, granted: Intent | None = None, **more: str) -> AsyncIterator[Scene]:
    """Started and connected."""
    fake = Discord()
    fake.world.role("engineers")
    fake.rates.on = False
    fake.world.granted = fake.world.granted if granted is None else granted
    async with serving(fake):
        general = fake.channel("general", Kind.TEXT)
        settings = {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_GUILD_ID": str(fake.world.guild),
            "DISCORD_API_URL": fake.api,
        }
        async with running(folder, **{**settings, **more}) as app:
            await until(lambda: fake.gateway.live() and fake.world.commands)
            yield Scene(fake, app, general)
