"""Discord: the real gateway and the unmodified discord.py, against the server on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.core.organisation import ChatRules
from bot.core.people import PersonId
from bot.core.ports.platforms import ChatPlatform
from bot.org import sample_org
from handlers.chat.discord.platform import Discord as Platform
from handlers.chat.discord.warrooms.rooms import marker_in
from tests.contracts.subjects import Place, Posted, Subject
from tests.fakes.clock import FakeClock
from tests.fakes.discord import Channel, Discord, May, Message, Trouble, When, World, serving
from tests.fakes.discord.model import Watch
from tests.world import make_world, platform_context

_POST = "POST /channels/{channel_id}/messages"
_CHANNEL = "PATCH /channels/{channel_id}"
ROUTES = {
    "open_room": "POST /guilds/{guild_id}/channels",
    "post": _POST,
    "edit": "PATCH /channels/{channel_id}/messages/{message_id}",
    "pin": "PUT /channels/{channel_id}/messages/pins/{message_id}",
    "set_topic": _CHANNEL,
    "invite": _POST,
    "remove": "DELETE /channels/{channel_id}/permissions/{target}",
    "archive": _CHANNEL,
}
# Public rooms have no list of members, so people are called by name instead.
INVITATION = "Come in: "


class Following(Watch):
    """The platform's clock is the story's."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp() + self.ahead


@dataclass(repr=False)
class DiscordSubject:
    discord: Discord
    platform: ChatPlatform
    clock: FakeClock
    people: tuple[str, str]
    outsider: str = ""

    def loses(self, method: str) -> None:
        nth = 2 if method == "open_room" and not self._category() else 1
        # aiohttp repeats a PUT and a DELETE whose connection was cut, once and by itself.
        times = 2 if ROUTES[method].startswith(("PUT", "DELETE")) else 1
        self.discord.faults.add(ROUTES[method], Trouble.RESET, When.AFTER, nth=nth, times=times)

    def _category(self) -> bool:
        return any(c.name == "Incidents" for c in self.discord.world.standing())

    def now(self) -> datetime:
        return self.clock.now()

    def passes(self, length: timedelta) -> None:
        self.clock.move_to(self.clock.now() + length)

    async def place(self, room: str) -> Place:
        world, found = self.discord.world, self.discord.world.channels[int(room)]
        mine = [m for m in found.said() if m.author is world.me]
        posts = [m for m in mine if not m.content.startswith(INVITATION)]
        parent = world.channels.get(found.parent or 0)
        topic = found.topic or ""
        return Place(
            found.name,
            topic.removesuffix(f" · {marker_in(topic)}"),
            not self._open_to_all(found),
            parent is not None and parent.name.endswith("archive"),
            frozenset(str(one) for one in world.members if world.sees(one, found)),
            {},
            tuple(self._posted(found, m) for m in posts),
        )

    def _open_to_all(self, channel: Channel) -> bool:
        everyone = channel.overwrites.get(self.discord.world.guild)
        return everyone is None or not everyone.deny & May.VIEW_CHANNEL

    def _posted(self, channel: Channel, message: Message) -> Posted:
        words = [message.content, *_of_embeds(message), *_texts(message)]
        labels = tuple(p["label"] for p in message.parts() if p.get("label") and p["type"] == 2)
        called = {str(one) for one in message.mentions}
        called |= {"everyone"} if message.mention_everyone or message.mention_roles else set()
        return Posted("\n".join(words), labels, frozenset(called), message.id in channel.pins)

    async def war_rooms(self) -> int:
        return len(self.discord.world.rooms())


def _texts(message: Message) -> list[str]:
    return [str(part["content"]) for part in message.parts() if part.get("content")]


def _of_embeds(message: Message) -> list[str]:
    words = []
    for embed in message.embeds:
        words += [str(embed.get("title") or ""), str(embed.get("description") or "")]
        words += [f"{one['name']} {one['value']}" for one in embed.get("fields") or ()]
    return words


@asynccontextmanager
async def subject(folder: Path) -> AsyncIterator[Subject]:
    org = sample_org()
    discord = Discord()
    async with serving(discord):
        native = {who: discord.person(who).id for who in ("ana", "bo")}
        people = {
            who: replace(person, identities={"discord": native.get(who, "")})
            for who, person in org.people.items()
        }
        rules: ChatRules = replace(org.chat, allowed={"discord": {"allowed_roles": ("everyone",)}})
        org = replace(
            org, people={PersonId(who): person for who, person in people.items()}, chat=rules
        )
        async with make_world(folder, org) as world:
            discord.world = _timed(discord, world.clock)
            env = {
                "DISCORD_TOKEN": discord.world.token,
                "DISCORD_GUILD_ID": str(discord.world.guild),
                "DISCORD_API_URL": discord.api,
            }
            platform = Platform(platform_context(env, world.memory, world.clock))
            try:
                yield DiscordSubject(discord, platform, world.clock, (native["ana"], native["bo"]))
            finally:
                await platform.client.close()


def _timed(discord: Discord, clock: FakeClock) -> World:
    discord.world.watch = discord.rates.watch = Following(clock)
    discord.rates.on = False
    return discord.world
