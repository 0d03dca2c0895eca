"""Where rooms of closed incidents go: out of the way at first, and out of a server that is nearly full."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.core.chat.vocabulary import Room
from handlers.chat.discord.api.calls import Api
from handlers.chat.discord.api.refusals import ERRORS, worded
from handlers.chat.discord.rendering import limits
from handlers.chat.discord.rendering.presses import nonce_of
from handlers.chat.discord.warrooms.rooms import CATEGORY, ROOM, TEXT, Found, Rooms
from handlers.chat.discord.warrooms.threads import PRIVATE, PUBLIC

_MESSAGES = "/channels/{channel_id}/messages"
_PAGE = 100
# A file of eight million characters is what every server takes; a room beyond it keeps its beginning.
_MOST = 7_500_000


@dataclass(slots=True)
class Archiver:
    api: Api
    rooms: Rooms

    async def archive(self, room: str) -> None:
        """Closed: out of the way. A thread is closed as threads are; a channel goes below the others."""
        channel = await self.api.call("GET", ROOM, channel_id=room)
        if channel["type"] in (PUBLIC, PRIVATE):
            body: dict[str, object] = {"archived": True, "locked": True}
            needs = ("MANAGE_THREADS",)
        else:
            body = {"parent_id": await self._category(channel.get("parent_id"))}
            needs = ("MANAGE_CHANNELS",)
        await self.api.call("PATCH", ROOM, body, needs=needs, channel_id=room)

    async def _category(self, now: object) -> str:
        """``Incidents archive``, or the next one with a place left; where the room is in one, that one."""
        base = f"{self.rooms.config.category} archive"
        channels = await self.rooms.all()
        for name in (base, *(f"{base} {n}" for n in range(2, limits.IN_A_GUILD))):
            found = next((c for c in channels if _is_called(c, CATEGORY, name)), None)
            if found is None:
                return str((await self.rooms.create({"name": name, "type": CATEGORY}))["id"])
            held = sum(str(c.get("parent_id")) == str(found["id"]) for c in channels)
            if str(found["id"]) == str(now) or held < limits.IN_A_CATEGORY:
                return str(found["id"])
        raise AssertionError("a server has no place for so many categories")

    async def write_down(self, room: Room, reference: str) -> str:
        """Everything that was said, as a file in the channel of announcements' archive; its address.
        Done twice there are two files: nothing is removed before one is there."""
        text = "\n".join([line async for line in self._said(room.id)])[:_MOST]
        place = await self._place()
        file = discord.File(io.BytesIO(text.encode()), filename=f"{room.name}.txt")
        there = self.api.client.get_partial_messageable(int(place))
        words = f"**{reference}**: what was said in #{room.name}, which was removed to make place."
        try:
            sent = await there.send(
                words,
                file=file,
                nonce=nonce_of(f"{room.id}:file"),
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except ERRORS as error:
            raise worded(error, ("SEND_MESSAGES", "ATTACH_FILES")) from error
        return f"https://discord.com/channels/{self.rooms.config.guild}/{place}/{sent.id}"

    async def _place(self) -> str:
        name = f"{self.rooms.config.announce}-archive"
        for channel in await self.rooms.all():
            if _is_called(channel, TEXT, name):
                return str(channel["id"])
        words = "What was said in rooms that made place for others."
        made = await self.rooms.create({"name": name, "type": TEXT, "topic": words})
        return str(made["id"])

    async def _said(self, room: str) -> AsyncIterator[str]:
        after = "0"
        while True:
            page = await self.api.call(
                "GET", _MESSAGES, params={"limit": _PAGE, "after": after}, channel_id=room
            )
            for message in sorted(page, key=lambda m: int(m["id"])):
                yield _line(message)
            if len(page) < _PAGE:
                return
            after = max((str(m["id"]) for m in page), key=int)

    async def remove(self, room: str) -> None:
        """Idempotent."""
        await self.api.call("DELETE", ROOM, needs=("MANAGE_CHANNELS",), channel_id=room)


def _is_called(channel: Found, kind: int, name: str) -> bool:
    return channel["type"] == kind and str(channel["name"]).casefold() == name.casefold()


def _line(message: Mapping[str, Any]) -> str:
    author = message["author"]
    name = author.get("global_name") or author.get("username") or author["id"]
    cards = [
        part
        for embed in message.get("embeds") or ()
        for part in (embed.get("title"), embed.get("description"))
        if part
    ]
    files = [str(each.get("url")) for each in message.get("attachments") or ()]
    words = "\n    ".join([str(message.get("content") or ""), *cards, *files]).strip()
    return f"{message['timestamp']} {name}: {words}"
