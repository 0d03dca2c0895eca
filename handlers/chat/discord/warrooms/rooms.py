"""Where war rooms are on Discord: channels under a category, or threads and forum posts by a setting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import discord

from bot.core.chat.vocabulary import Room, RoomSpec, Secrecy
from handlers.chat.discord.api.calls import Api
from handlers.chat.discord.api.permissions import number
from handlers.chat.discord.api.refusals import GUILD_FULL, WRONG_FORM, Coded
from handlers.chat.discord.config import Config, Style
from handlers.chat.discord.rendering import limits
from handlers.chat.discord.rendering.markdown import NAME
from handlers.chat.discord.rendering.topics import marker_in, topic_with
from handlers.chat.discord.warrooms.threads import Threads

__all__ = ["Rooms", "marker_in", "overwrite", "topic_with"]

TEXT, CATEGORY, _NEWS, FORUM = 0, 4, 5, 15
_ROLE, _MEMBER = 0, 1
INSIDE = number(("VIEW_CHANNEL", "SEND_MESSAGES", "EMBED_LINKS", "READ_MESSAGE_HISTORY"))
_CHANNEL = ("MANAGE_CHANNELS",)
ROOM = "/channels/{channel_id}"

Found = Mapping[str, Any]


@dataclass(slots=True)
class Rooms:
    """Opens and finds rooms. What it knows of the server's categories is asked for once and then kept."""

    api: Api
    settings: Callable[[], Config]
    places: dict[tuple[int, str], str] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    channels: int = 0
    names: set[str] = field(default_factory=set)
    # Channels as their creation answered, until people are invited: nothing need be asked about them.
    made: dict[str, Found] = field(default_factory=dict)
    _known: str = ""
    _lookup_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _placing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def config(self) -> Config:
        return self.settings()

    @property
    def threads(self) -> Threads:
        return Threads(self.api, self.config.guild)

    # --- opening ---

    async def open(self, spec: RoomSpec) -> Room:
        """A forum holds no private posts: a private incident gets a thread that only those in it see."""
        style, private = self.config.rooms_as, spec.secrecy is Secrecy.INVITED
        if style is Style.FORUM and not private:
            return self.room(await self.threads.post(spec, await self.place(FORUM)))
        if style is not Style.CHANNELS:
            return self.room(await self.threads.open(spec, await self.place()))
        try:
            return await self._channel(spec)
        except Coded as error:
            if error.code != GUILD_FULL:
                raise
            # Threads do not count: an incident gets its room in a full server too.
            return self.room(await self.threads.open(spec, await self.place()))

    async def _channel(self, spec: RoomSpec) -> Room:
        for last in (False, True):
            parent = await self._category()
            body = {
                "name": self._free(spec.name),
                "type": TEXT,
                "topic": topic_with(spec.topic, spec.marker),
                "parent_id": parent,
                **self._secrecy(spec),
            }
            try:
                made = await self.create(body)
            except Coded as error:
                if last or error.code != WRONG_FORM or "parent" not in error.said.lower():
                    raise
                self._known = ""  # somebody else filled or deleted the category meanwhile
            else:
                self.categories[parent] = self.categories.get(parent, 0) + 1
                self.made[str(made["id"])] = made
                return self.room(made)
        raise AssertionError("the second attempt returns or raises")

    async def create(self, body: Mapping[str, object]) -> Found:
        made: Found = await self.api.call(
            "POST",
            "/guilds/{guild_id}/channels",
            body,
            needs=_CHANNEL,
            guild_id=self.config.guild,
        )
        self.channels += 1
        self.names.add(str(made["name"]))
        return made

    def _free(self, name: str) -> str:
        """Discord takes a name twice; people tell rooms apart by it, so a taken one gets a number."""
        wanted = name[: limits.CHANNEL_NAME - 4]
        numbered = (f"{wanted}-{n}" for n in range(2, limits.IN_A_GUILD * 2))
        return next(each for each in (wanted, *numbered) if each not in self.names)

    def _secrecy(self, spec: RoomSpec) -> dict[str, object]:
        """Who sees a private room: nobody, but us and whoever declared. In the call that opens it."""
        if spec.secrecy is not Secrecy.INVITED:
            return {}
        return self.closed([spec.creator] if spec.creator else [])

    def closed(self, people: Sequence[str]) -> dict[str, object]:
        """What makes a channel one that only ``people`` and we see."""
        inside = dict.fromkeys(who for who in (self.api.me, *people) if who)
        everybody = {"id": self.config.guild, "type": _ROLE, "allow": "0", "deny": "1024"}
        return {"permission_overwrites": [everybody, *(overwrite(who) for who in inside)]}

    async def _category(self) -> str:
        """One with a place left; the next one is made when all are full."""
        async with self._lookup_lock:
            base = self.config.category
            if self._known != base:
                self._learn(await self.all(), base.casefold())
            self._known = ""  # until one is found: after a lost answer it is looked for first
            category = self._with_a_place() or await self._next_category(base)
            self._known = base
            return category

    def _with_a_place(self) -> str:
        held = self.categories.items()
        return next((category for category, n in held if n < limits.IN_A_CATEGORY), "")

    async def _next_category(self, base: str) -> str:
        number_ = len(self.categories) + 1
        name = base if number_ == 1 else f"{base} {number_}"
        made = await self.create({"name": name, "type": CATEGORY})
        first = await self._first_of((CATEGORY,), name, str(made["id"]))
        self.categories[first] = 0
        return first

    def _learn(self, channels: list[Found], wanted: str) -> None:
        ours = {
            str(c["id"]): 0
            for c in channels
            if c["type"] == CATEGORY and _is_of(str(c["name"]).casefold(), wanted)
        }
        for channel in channels:
            parent = str(channel.get("parent_id") or "")
            if parent in ours:
                ours[parent] += 1
        self.categories, self.channels = ours, len(channels)
        self.names = {str(channel["name"]) for channel in channels}

    async def all(self) -> list[Found]:
        """Every channel of the server, without threads."""
        found: list[Found] = await self.api.call(
            "GET",
            "/guilds/{guild_id}/channels",
            needs=("VIEW_CHANNEL",),
            guild_id=self.config.guild,
        )
        return found

    async def place(self, kind: int = TEXT) -> str:
        """The channel of announcements, or the forum that holds posts; made when absent, and once: whoever
        asks meanwhile waits, and after a lost answer it is looked for first."""
        now = self.config
        name = now.parent if kind == FORUM else now.announce
        if name.isdecimal():
            return name
        async with self._placing:
            known = self.places.get((kind, name))
            if known is None:
                known = self.places[kind, name] = await self._found_or_made(kind, name)
        return known

    async def _found_or_made(self, kind: int, name: str) -> str:
        kinds = (FORUM,) if kind == FORUM else (TEXT, _NEWS)
        for channel in await self.all():
            if channel["type"] in kinds and channel["name"] == name:
                return str(channel["id"])
        words = "Every incident, once, kept up to date."
        made = await self.create({"name": name, "type": kind, "topic": words})
        return await self._first_of(kinds, name, str(made["id"]))

    async def _first_of(self, kinds: Sequence[int], name: str, made: str) -> str:
        """Two replicas may each have made one in the same moment: the older one stays."""
        same = [str(c["id"]) for c in await self.all() if c["type"] in kinds and c["name"] == name]
        first = min(same, key=int, default=made)
        if first != made:
            await self.api.call("DELETE", ROOM, needs=_CHANNEL, channel_id=made)
        return first

    def forget(self, channel: str) -> bool:
        """It is gone: nothing is put there any more. Returns whether something was."""
        before = len(self.places)
        self.places = {key: known for key, known in self.places.items() if known != channel}
        return len(self.places) < before

    # --- finding ---

    async def find(self, spec: RoomSpec, since: datetime) -> Room | None:
        for channel in await self.all():
            marked = marker_in(str(channel.get("topic") or "")) == spec.marker
            if marked and discord.utils.snowflake_time(int(channel["id"])) >= since:
                return self.room(channel)
        found = await self.threads.find(spec, since)
        return None if found is None else self.room(found)

    def room(self, channel: Found) -> Room:
        url = f"https://discord.com/channels/{self.config.guild}/{channel['id']}"
        return Room(NAME, str(channel["id"]), str(channel["name"]), url)


def overwrite(person: str) -> dict[str, object]:
    """What lets one person, or the bot, into a room."""
    return {"id": person, "type": _MEMBER, "allow": str(INSIDE), "deny": "0"}


def _is_of(name: str, wanted: str) -> bool:
    """``Incidents``, ``Incidents 2``, ``Incidents 3`` …"""
    return name == wanted or (name.startswith(f"{wanted} ") and name[len(wanted) + 1 :].isdecimal())
