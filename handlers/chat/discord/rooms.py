"""Where war rooms are on Discord: channels under a category, or threads and forum posts by a setting."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import discord

from bot.chat import Room, RoomSpec, Secrecy
from handlers.chat.discord import limits
from handlers.chat.discord.calls import Api
from handlers.chat.discord.config import Config, Style
from handlers.chat.discord.limits import clipped
from handlers.chat.discord.markdown import NAME, cleaned
from handlers.chat.discord.permissions import number
from handlers.chat.discord.presses import mark_of, nonce_of
from handlers.chat.discord.refusals import GUILD_FULL, THREAD_THERE, WRONG_FORM, Coded
from handlers.chat.discord.render import SILENT
from handlers.chat.discord.topics import marker_in, topic_with

__all__ = ["Rooms", "marker_in", "overwrite", "topic_with"]

_TEXT, _CATEGORY, _NEWS, _FORUM = 0, 4, 5, 15
_PUBLIC_THREAD, _PRIVATE_THREAD = 11, 12
_ROLE, _MEMBER = 0, 1
_A_WEEK = 10080
INSIDE = number(("VIEW_CHANNEL", "SEND_MESSAGES", "EMBED_LINKS", "READ_MESSAGE_HISTORY"))
_CHANNEL = ("MANAGE_CHANNELS",)
_ROOM = "/channels/{channel_id}"

Found = Mapping[str, Any]


@dataclass(slots=True)
class Rooms:
    """Opens and finds rooms. What it knows of the server's categories is asked for once and then kept."""

    api: Api
    config: Config
    announcements: str = ""
    categories: dict[str, int] = field(default_factory=dict)
    channels: int = 0
    names: set[str] = field(default_factory=set)
    # Channels as their creation answered, until people are invited: nothing need be asked about them.
    made: dict[str, Found] = field(default_factory=dict)
    _known: bool = False
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    # --- opening ---

    async def open(self, spec: RoomSpec) -> Room:
        private = spec.secrecy is Secrecy.INVITED
        if self.config.rooms_as is Style.THREADS or (self._posts and not private):
            return await self._thread(spec)
        try:
            return await self._channel(spec)
        except Coded as error:
            if error.code != GUILD_FULL:
                raise
            # Threads do not count: an incident gets its room in a full server too.
            return await self._thread(spec)

    @property
    def _posts(self) -> bool:
        return self.config.rooms_as is Style.FORUM

    async def _channel(self, spec: RoomSpec) -> Room:
        for last in (False, True):
            parent = await self._category()
            body = {
                "name": self._free(spec.name),
                "type": _TEXT,
                "topic": topic_with(spec.topic, spec.marker),
                "parent_id": parent,
                **self._secrecy(spec),
            }
            try:
                made = await self._create(body)
            except Coded as error:
                if last or error.code != WRONG_FORM or "parent" not in error.said.lower():
                    raise
                self._known = False  # the category filled, or went, behind our back
            else:
                self.categories[parent] = self.categories.get(parent, 0) + 1
                self.made[str(made["id"])] = made
                return self.room(made)
        raise AssertionError("the second attempt returns or raises")

    async def _create(self, body: Mapping[str, object]) -> Found:
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
        me = self.api.me
        inside = [who for who in (me, spec.creator) if who]
        everybody = {"id": self.config.guild, "type": _ROLE, "allow": "0", "deny": "1024"}
        return {"permission_overwrites": [everybody, *(overwrite(who) for who in inside)]}

    async def _category(self) -> str:
        """One with a place left; the next one is made when all are full."""
        async with self._looking:
            await self._look()
            for category, held in self.categories.items():
                if held < limits.IN_A_CATEGORY:
                    return category
            number_ = len(self.categories) + 1
            name = self.config.category if number_ == 1 else f"{self.config.category} {number_}"
            made = await self._create({"name": name, "type": _CATEGORY})
            self.categories[str(made["id"])] = 0
            return str(made["id"])

    async def _look(self) -> None:
        if not self._known:
            self._learn(await self.all())
            self._known = True

    def _learn(self, channels: list[Found]) -> None:
        wanted = self.config.category.casefold()
        ours = {
            str(c["id"]): 0
            for c in channels
            if c["type"] == _CATEGORY and _is_of(str(c["name"]).casefold(), wanted)
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

    # --- threads and posts ---

    async def _thread(self, spec: RoomSpec) -> Room:
        parent = await self.parent(_FORUM if self._posts else _TEXT)
        name = clipped(spec.name, limits.CHANNEL_NAME)
        if spec.secrecy is Secrecy.INVITED:
            body = {"name": name, "type": _PRIVATE_THREAD, "auto_archive_duration": _A_WEEK}
            needs = ("CREATE_PRIVATE_THREADS",)
            path = "/channels/{channel_id}/threads"
            return self.room(
                await self.api.call("POST", path, body, needs=needs, channel_id=parent)
            )
        if self._posts:
            return await self._post(spec, parent, name)
        return await self._from_message(spec, parent, name)

    async def _post(self, spec: RoomSpec, forum: str, name: str) -> Room:
        first = {"content": _starter(spec), "allowed_mentions": SILENT}
        body = {"name": name, "message": first, "auto_archive_duration": _A_WEEK}
        made = await self.api.call(
            "POST",
            "/channels/{channel_id}/threads",
            body,
            needs=("SEND_MESSAGES", "CREATE_PUBLIC_THREADS"),
            channel_id=forum,
        )
        return self.room(made)

    async def _from_message(self, spec: RoomSpec, parent: str, name: str) -> Room:
        """A thread bears the id of the message that it hangs on, so a second one cannot come of it."""
        first = {
            "content": _starter(spec),
            "allowed_mentions": SILENT,
            "nonce": nonce_of(spec.marker),
            "enforce_nonce": True,
        }
        path = "/channels/{channel_id}/messages"
        needs = ("SEND_MESSAGES", "CREATE_PUBLIC_THREADS")
        message = await self.api.call("POST", path, first, needs=needs, channel_id=parent)
        body = {"name": name, "auto_archive_duration": _A_WEEK}
        try:
            made = await self.api.call(
                "POST",
                path + "/{message_id}/threads",
                body,
                needs=needs,
                channel_id=parent,
                message_id=str(message["id"]),
            )
        except Coded as error:
            if error.code != THREAD_THERE:
                raise
            made = {"id": message["id"], "name": name}
        return self.room(made)

    async def parent(self, kind: int = _TEXT) -> str:
        """The channel of announcements, or the one that holds threads or posts; made when absent."""
        threads = self.config.rooms_as is not Style.CHANNELS and kind == _FORUM
        name = self.config.parent if threads else self.config.announce
        if name.isdecimal():
            return name
        if kind == _TEXT and self.announcements:
            return self.announcements
        kinds = (_FORUM,) if kind == _FORUM else (_TEXT, _NEWS)
        for channel in await self.all():
            if channel["type"] in kinds and channel["name"] == name:
                return self._remember(kind, str(channel["id"]))
        words = "Every incident, once, kept up to date."
        made = await self._create({"name": name, "type": kind, "topic": words})
        return self._remember(kind, str(made["id"]))

    def _remember(self, kind: int, channel: str) -> str:
        if kind == _TEXT:
            self.announcements = channel
        return channel

    # --- finding ---

    async def find(self, spec: RoomSpec, since: datetime) -> Room | None:
        for channel in await self.all():
            marked = marker_in(str(channel.get("topic") or "")) == spec.marker
            if marked and discord.utils.snowflake_time(int(channel["id"])) >= since:
                return self.room(channel)
        return await self._find_thread(spec, since)

    async def _find_thread(self, spec: RoomSpec, since: datetime) -> Room | None:
        path = "/guilds/{guild_id}/threads/active"
        found = await self.api.call("GET", path, guild_id=self.config.guild)
        for thread in found["threads"]:
            ours = str(thread.get("owner_id")) == self.api.me and thread["name"] == clipped(
                spec.name, limits.CHANNEL_NAME
            )
            if ours and discord.utils.snowflake_time(int(thread["id"])) >= since:
                return self.room(thread)
        return None

    async def archive(self, room: str) -> None:
        """Closed: out of the way, where nobody but us writes any more. A thread is closed as threads are."""
        channel = await self.api.call("GET", _ROOM, channel_id=room)
        if channel["type"] in (_PUBLIC_THREAD, _PRIVATE_THREAD):
            body: dict[str, object] = {"archived": True, "locked": True}
            needs = ("MANAGE_THREADS",)
        else:
            body = {"parent_id": await self._archived()}
            needs = _CHANNEL
        await self.api.call("PATCH", _ROOM, body, needs=needs, channel_id=room)

    async def _archived(self) -> str | None:
        """The category of closed rooms with a place left; none when there is not."""
        name = f"{self.config.category} archive"
        channels = await self.all()
        for channel in channels:
            if channel["type"] == _CATEGORY and channel["name"] == name:
                held = sum(str(c.get("parent_id")) == str(channel["id"]) for c in channels)
                return str(channel["id"]) if held < limits.IN_A_CATEGORY else None
        made = await self._create({"name": name, "type": _CATEGORY})
        return str(made["id"])

    def room(self, channel: Found) -> Room:
        url = f"https://discord.com/channels/{self.config.guild}/{channel['id']}"
        return Room(NAME, str(channel["id"]), str(channel["name"]), url)


def overwrite(person: str) -> dict[str, object]:
    """What lets one person, or the bot, into a room."""
    return {"id": person, "type": _MEMBER, "allow": str(INSIDE), "deny": "0"}


def _is_of(name: str, wanted: str) -> bool:
    """``Incidents``, ``Incidents 2``, ``Incidents 3`` …"""
    return name == wanted or (name.startswith(f"{wanted} ") and name[len(wanted) + 1 :].isdecimal())


def _starter(spec: RoomSpec) -> str:
    return f"**{clipped(cleaned(spec.topic).replace('*', ''), 1800)}**\n-# {mark_of(spec.marker)}"
