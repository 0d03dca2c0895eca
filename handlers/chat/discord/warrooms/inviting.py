"""Letting people into a war room and out of it, and naming them there once: that is what Discord notifies by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.chat.vocabulary import Refused
from handlers.chat.discord.api.calls import Api
from handlers.chat.discord.api.refusals import (
    NO_ACCESS,
    NO_PERMISSION,
    UNKNOWN_MEMBER,
    UNKNOWN_OVERWRITE,
    Coded,
)
from handlers.chat.discord.rendering.presses import nonce_of
from handlers.chat.discord.warrooms.rooms import ROOM, Rooms, overwrite
from handlers.chat.discord.warrooms.threads import PRIVATE, PUBLIC

_MESSAGES = "/channels/{channel_id}/messages"
_PERMISSION = "/channels/{channel_id}/permissions/{target_id}"
_THREAD_MEMBER = "/channels/{channel_id}/thread-members/{user_id}"
_SEND = ("SEND_MESSAGES", "EMBED_LINKS")
_PAGE, _FRESH = 100, 500
_THREADS = (10, PUBLIC, PRIVATE)
_INVITED = "Come in: "


@dataclass(slots=True)
class Inviting:
    """``creators`` are who declared in rooms that we opened lately: they are in already."""

    api: Api
    rooms: Rooms
    creators: dict[str, str] = field(default_factory=dict)

    def opened(self, room: str, creator: str) -> None:
        self.creators[room] = creator
        while len(self.creators) > _FRESH:
            del self.creators[next(iter(self.creators))]

    async def invite(self, room: str, people: Sequence[str]) -> Sequence[str]:
        """Let in who is not, and name them once in the room: that is what Discord notifies by."""
        creator = self.creators.get(room)
        if creator is not None and set(people) <= {creator}:
            self.rooms.made.pop(room, None)
            return ()
        made = self.rooms.made.pop(room, None)
        channel = made or await self.api.call("GET", ROOM, channel_id=room)
        left_out = [who for who in people if not await self._let_in(channel, who)]
        said = [] if made else await self._recent(room)
        called = [who for who in people if who not in (*left_out, creator)]
        await self._name(room, called, said)
        return left_out

    async def _let_in(self, channel: Mapping[str, Any], person: str) -> bool:
        room = str(channel["id"])
        try:
            if channel["type"] in _THREADS:
                await self.api.call("PUT", _THREAD_MEMBER, channel_id=room, user_id=person)
            elif _is_private(channel) and person not in _inside(channel):
                body = {k: v for k, v in overwrite(person).items() if k != "id"}
                needs = ("MANAGE_ROLES",)
                await self.api.call(
                    "PUT", _PERMISSION, body, needs=needs, channel_id=room, target_id=person
                )
        except Coded as error:
            if error.code in (NO_PERMISSION, NO_ACCESS):
                raise
            return False
        return True

    async def remove(self, room: str, people: Sequence[str]) -> None:
        """Out of a private channel, or out of a thread. Idempotent."""
        if self.creators.get(room) in people:
            del self.creators[room]  # invited again, they are let in again
        self.rooms.made.pop(room, None)
        channel = await self.api.call("GET", ROOM, channel_id=room)
        in_thread = channel["type"] in _THREADS
        path = _THREAD_MEMBER if in_thread else _PERMISSION
        them = "user_id" if in_thread else "target_id"
        needs = ("MANAGE_THREADS",) if in_thread else ("MANAGE_ROLES",)
        for who in people:
            try:
                await self.api.call(
                    "DELETE", path, None, None, needs, channel_id=room, **{them: who}
                )
            except Coded as error:
                if error.code not in (UNKNOWN_MEMBER, UNKNOWN_OVERWRITE):
                    raise

    async def seal(self, room: str, people: Sequence[str]) -> None:
        """A channel that everybody saw is seen by ``people`` and us alone, in one call. Idempotent."""
        self.rooms.made.pop(room, None)
        channel = await self.api.call("GET", ROOM, channel_id=room)
        if channel["type"] in _THREADS:
            fix = "Move what must stay private elsewhere, and delete the thread."
            raise Refused("a thread is seen by whoever sees its channel", fix)
        body = self.rooms.closed(people)
        await self.api.call("PATCH", ROOM, body, needs=("MANAGE_ROLES",), channel_id=room)

    async def _name(
        self, room: str, people: Sequence[str], said: Sequence[Mapping[str, Any]]
    ) -> None:
        named = {who for m in said for who in _named(m, self.api.me)}
        fresh = [who for who in people if who not in named]
        if not fresh:
            return
        body = {
            "content": _INVITED + " ".join(f"<@{who}>" for who in fresh[:80]),
            "allowed_mentions": {"parse": [], "users": fresh[:80]},
            "nonce": nonce_of(f"{room}:{','.join(sorted(fresh))}"),
            "enforce_nonce": True,
        }
        await self.api.call("POST", _MESSAGES, body, needs=_SEND, channel_id=room)

    async def _recent(self, room: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.api.call(
            "GET", _MESSAGES, params={"limit": _PAGE}, channel_id=room
        )
        return found


def _is_private(channel: Mapping[str, Any]) -> bool:
    return any(
        o["id"] == channel.get("guild_id") and int(o["deny"]) & 1 << 10
        for o in channel.get("permission_overwrites") or ()
    )


def _inside(channel: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(
        str(o["id"])
        for o in channel.get("permission_overwrites") or ()
        if int(o["allow"]) & 1 << 10
    )


def _named(said: Mapping[str, Any], me: str) -> list[str]:
    """Whom an invitation of ours named."""
    if str(said["author"]["id"]) != me or not str(said.get("content", "")).startswith(_INVITED):
        return []
    return [word.strip("<@>") for word in str(said["content"])[len(_INVITED) :].split()]
