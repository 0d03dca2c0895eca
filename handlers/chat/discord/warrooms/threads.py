"""War rooms that are threads of a channel or posts of a forum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord

from bot.core.chat.vocabulary import RoomSpec, Secrecy
from handlers.chat.discord.api.calls import Api
from handlers.chat.discord.api.refusals import THREAD_THERE, Coded
from handlers.chat.discord.rendering import limits
from handlers.chat.discord.rendering.limits import clipped
from handlers.chat.discord.rendering.markdown import cleaned
from handlers.chat.discord.rendering.presses import mark_of, nonce_of
from handlers.chat.discord.rendering.render import SILENT

PUBLIC, PRIVATE = 11, 12
_A_WEEK = 10080
_THREADS = "/channels/{channel_id}/threads"

Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Threads:
    api: Api
    guild: str

    async def open(self, spec: RoomSpec, parent: str) -> Found:
        """A thread of ``parent``; a private one for a private incident, which hangs on no message."""
        if spec.secrecy is Secrecy.INVITED:
            body = {"name": _name(spec), "type": PRIVATE, "auto_archive_duration": _A_WEEK}
            needs = ("CREATE_PRIVATE_THREADS",)
            made: Found = await self.api.call(
                "POST", _THREADS, body, needs=needs, channel_id=parent
            )
            return made
        return await self._from_message(spec, parent)

    async def post(self, spec: RoomSpec, forum: str) -> Found:
        first = {"content": _starter(spec), "allowed_mentions": SILENT}
        body = {"name": _name(spec), "message": first, "auto_archive_duration": _A_WEEK}
        needs = ("SEND_MESSAGES", "CREATE_PUBLIC_THREADS")
        made: Found = await self.api.call("POST", _THREADS, body, needs=needs, channel_id=forum)
        return made

    async def _from_message(self, spec: RoomSpec, parent: str) -> Found:
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
        body = {"name": _name(spec), "auto_archive_duration": _A_WEEK}
        try:
            made: Found = await self.api.call(
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
            made = {"id": message["id"], "name": body["name"]}
        return made

    async def find(self, spec: RoomSpec, since: datetime) -> Found | None:
        """Ours, by its name and its age."""
        path = "/guilds/{guild_id}/threads/active"
        found = await self.api.call("GET", path, guild_id=self.guild)
        for thread in found["threads"]:
            ours = str(thread.get("owner_id")) == self.api.me and thread["name"] == _name(spec)
            if ours and discord.utils.snowflake_time(int(thread["id"])) >= since:
                known: Found = thread
                return known
        return None


def _name(spec: RoomSpec) -> str:
    return clipped(spec.name, limits.CHANNEL_NAME)


def _starter(spec: RoomSpec) -> str:
    return f"**{clipped(cleaned(spec.topic).replace('*', ''), 1800)}**\n-# {mark_of(spec.marker)}"
