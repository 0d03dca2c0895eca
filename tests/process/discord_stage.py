"""The real bot as a process beside the fake Discord, which outlives it; and what must be there at the end."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from handlers.chat.discord.rendering.presses import nonce_of
from tests.fakes.discord import Channel, Discord, Interaction, Message, serving
from tests.process.bot_process import Bot, until

ORG = """\
organisation: Acme
chat: {{rooms: [discord], discord: {{allowed_roles: [everyone]}}}}
people:
  ana: {{name: Ana, discord: "{ana}"}}
  bo: {{name: Bo, discord: "{bo}"}}
teams:
  payments: {{members: [ana, bo], managers: [bo]}}
services:
  checkout: {{team: payments, escalation: payments}}
escalations:
  payments: {{steps: [{{notify: [person:ana]}}]}}
catch_all: {{notify: [person:bo]}}
"""
_RECORDED = re.compile(r"INC-(\d+) [^\n]*")


def organisation(discord: Discord) -> str:
    return ORG.format(ana=discord.person("ana").id, bo=discord.person("bo").id)


def settings(discord: Discord) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": discord.world.token,
        "DISCORD_GUILD_ID": str(discord.world.guild),
        "DISCORD_API_URL": discord.api,
    }


@dataclass
class DiscordStage:
    """A platform and one bot or more beside it."""

    discord: Discord
    bot: Bot
    general: Channel
    asked: list[Interaction] = field(default_factory=list)

    # --- people ---

    def declare(self, title: str = "checkout is down sev1 #checkout") -> Interaction:
        """Somebody types it; whoever leads hears it, and nobody when nobody does."""
        made = self.says(f"declare {title}")
        self.asked.append(made)
        return made

    def says(self, text: str) -> Interaction:
        return self.discord.person("bo").slash(self.general, "inc", text=text)

    async def listening(self, seconds: float = 30) -> None:
        """Wait until a session is open and the commands are registered."""
        world = self.discord.world
        await until(lambda: bool(self.discord.gateway.live()) and bool(world.commands), seconds, "no session")  # fmt: skip

    async def hears(self, seconds: float = 30) -> Interaction:
        """Declare until one is heard: what is said while nobody listens is lost, and Discord says so."""
        begun = self.declare()
        await begun.until_acknowledged(seconds)
        return begun

    # --- what there is ---

    def room(self, number: int) -> list[Channel]:
        mark = f":inc{number}:discord:room"
        return [c for c in self.discord.world.standing() if (c.topic or "").endswith(mark)]

    def _install(self, room: Channel) -> str:
        return (room.topic or "").rsplit(" ", 1)[-1].split(":", 1)[0]

    def bearing(self, channel: Channel, room: Channel, number: int, what: str) -> list[Message]:
        """The messages in ``channel`` that were posted as one thing of an incident: the nonce tells,
        whatever an edit has made of them since."""
        marker = f"{self._install(room)}:inc{number}:discord:{what}"
        nonce = nonce_of(f"{channel.id}:0:{marker}")
        said = [m for m in channel.said() if m.author is self.discord.world.me]
        return [m for m in said if m.nonce == nonce]

    def card(self, number: int) -> str:
        """What the card of an incident's room shows."""
        [room] = self.room(number)
        [card] = self.bearing(room, room, number, "card")
        return f"{card.content} {card.embeds}"

    def announcement(self, number: int) -> str:
        """What the announcement of an incident shows."""
        [room] = self.room(number)
        [said] = self.announcements(room, number)
        return f"{said.content} {said.embeds}"

    def announcements(self, room: Channel, number: int) -> list[Message]:
        places = [c for c in self.discord.world.standing() if c.name == "incidents"]
        return [m for c in places for m in self.bearing(c, room, number, "announcement")]

    def invitations(self, room: Channel) -> list[Message]:
        """Where Ana is called in; the card may name her too."""
        called = [m for m in room.said() if m.content.startswith("Come in: ")]
        return [m for m in called if int(self.discord.person("ana").id) in m.mentions]

    def missing(self, numbers: Iterable[int]) -> list[str]:
        return [text for number in numbers for text in self._missing(number)]

    def _missing(self, number: int) -> list[str]:
        rooms = self.room(number)
        if not rooms:
            return [f"INC-{number}: no room"]
        cards = self.bearing(rooms[0], rooms[0], number, "card")
        lacks = {
            "card": not cards,
            "pin": not any(card.id in rooms[0].pins for card in cards),
            "announcement": not self.announcements(rooms[0], number),
            "invitation": not self.invitations(rooms[0]),
            "page": not self.pages(number),
        }
        return [f"INC-{number}: no {name}" for name, absent in lacks.items() if absent]

    def pages(self, number: int) -> list[Message]:
        direct = self.discord.world.direct(int(self.discord.person("ana").id))
        return [
            m for m in direct.said() if re.search(rf"INC-{number}\b", str(m.embeds) + m.content)
        ]

    def doubled(self, numbers: Iterable[int]) -> list[str]:
        return [text for number in numbers for text in self._doubled(number)]

    def _doubled(self, number: int) -> list[str]:
        rooms = self.room(number)
        found = {"rooms": len(rooms)}
        for room in rooms[:1]:
            found["cards"] = len(self.bearing(room, room, number, "card"))
            found["announcements"] = len(self.announcements(room, number))
            found["invitations"] = len(self.invitations(room))
            found["pins"] = len(room.pins)
        return [f"INC-{number}: {n} {what}" for what, n in found.items() if n > 1]

    async def complete(self, numbers: Iterable[int], seconds: float) -> None:
        """Wait until each has its room, card, pin, announcement, invitation and page."""
        wanted = list(numbers)
        try:
            await until(lambda: not self.missing(wanted), seconds, "not complete")
        except AssertionError:
            lacks = "\n".join(self.missing(wanted))
            raise AssertionError(f"{lacks}\n{self.bot.log()}") from None

    def told(self) -> list[int]:
        """The incidents that people were told were recorded."""
        said = [str(m.embeds) + m.content for asked in self.asked for m in asked.messages]
        return [
            int(n)
            for text in said
            if "Declared. " in text
            for n in re.findall(r"INC-(\d+)", text)[:1]
        ]


@asynccontextmanager
async def on_discord(
    folder: Path, database: str = "", *, discord: Discord | None = None
) -> AsyncIterator[DiscordStage]:
    """A bot, ready and connected, beside a Discord that will outlive it. Its rate limits are shortened."""
    async with serving(discord) as made:
        made.rates.pace = 0.02
        made.gateway.identify_every = 0
        general = made.world.channel("general")
        bot = another(made, folder, database)
        stage = DiscordStage(made, bot, general)
        await bot.start()
        try:
            await bot.ready()
            await stage.listening()
            yield stage
        finally:
            await bot.kill()


def another(discord: Discord, folder: Path, database: str = "") -> Bot:
    """One more replica."""
    folder.mkdir(exist_ok=True)
    return Bot(folder, "", database, org=organisation(discord), settings=settings(discord))
