"""Discord as a ``ChatPlatform``: rooms, cards, pins. Every call goes through discord.py's HTTP client."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.core.chat.card import Card
from bot.core.chat.vocabulary import Limits, LookupUnavailable, MessageRef, Retry, Room, RoomSpec
from bot.core.people import PersonId
from bot.core.ports.platforms import ChatPlatform
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from handlers.chat.discord.api.calls import Api
from handlers.chat.discord.api.refusals import (
    NO_ACCESS,
    NO_PERMISSION,
    Coded,
    MessageGone,
    RoomGone,
)
from handlers.chat.discord.rendering import limits
from handlers.chat.discord.rendering.limits import clipped
from handlers.chat.discord.rendering.markdown import NAME
from handlers.chat.discord.rendering.presses import KEEP, Ids, mark_of, marked, memory_key, nonce_of
from handlers.chat.discord.rendering.render import SILENT, calling, mentioned, message
from handlers.chat.discord.warrooms.archive import Archiver
from handlers.chat.discord.warrooms.inviting import Inviting
from handlers.chat.discord.warrooms.rooms import Rooms, marker_in, topic_with

_MESSAGES = "/channels/{channel_id}/messages"
_MESSAGE = "/channels/{channel_id}/messages/{message_id}"
_CHANNEL = "/channels/{channel_id}"
_SEND = ("SEND_MESSAGES", "EMBED_LINKS")
_PAGE, _PAGES = 100, 5
_FRESH = 500
_THREADS = (10, 11, 12)


class DiscordGateway:
    """``where`` is an address of ours whose fragment bears a message's mark when no button does."""

    def __init__(self, api: Api, rooms: Rooms, memory: Memory, where: str) -> None:
        self.api = api
        self.rooms = rooms
        self.archiver = Archiver(api, rooms)
        self.inviting = Inviting(api, rooms)
        self._memory = memory
        self._where = where
        self._directs: OrderedDict[str, str] = OrderedDict()
        # What rooms that we have just opened are about, so that nothing is asked that is known: good for
        # one look.
        self._topics: OrderedDict[str, str] = OrderedDict()
        # How many of our messages were found deleted in a room.
        self._deleted: OrderedDict[str, int] = OrderedDict()
        # What the database holds already: the same buttons stand on every card.
        self._kept: OrderedDict[str, None] = OrderedDict()

    @property
    def name(self) -> str:
        return NAME

    @property
    def limits(self) -> Limits:
        return Limits(text=4000, buttons=25, blocks=50, title=limits.FIELD_NAME)

    # --- rooms ---

    async def open_room(self, spec: RoomSpec) -> Room:
        await self.api.login()
        room = await self.rooms.open(spec)
        _remember(self._topics, room.id, spec.topic)
        self.inviting.opened(room.id, spec.creator)
        return room

    async def find_room(self, spec: RoomSpec, since: datetime) -> Room | None:
        await self.api.login()
        return await self.rooms.find(spec, since)

    async def invite(self, room: str, people: Sequence[str]) -> Sequence[str]:
        return await self.inviting.invite(room, people)

    async def remove(self, room: str, people: Sequence[str]) -> None:
        await self.inviting.remove(room, people)

    async def seal_room(self, room: str, people: Sequence[str]) -> None:
        await self.inviting.seal(room, people)

    async def set_topic(self, room: str, topic: str) -> None:
        """Two changes in ten minutes are allowed, so one that changes nothing is not made."""
        if self._topics.pop(room, None) == topic:
            return
        channel = await self.api.call("GET", _CHANNEL, channel_id=room)
        now = str(channel.get("topic") or "")
        wanted = topic_with(topic, marker_in(now)) if marker_in(now) else topic
        if channel["type"] in _THREADS or now == wanted:
            return
        body = {"topic": clipped(wanted, limits.TOPIC)}
        await self.api.call("PATCH", _CHANNEL, body, needs=("MANAGE_CHANNELS",), channel_id=room)

    async def bookmark(self, room: str, title: str, url: str) -> None:
        """Discord has none: the card carries the same links."""

    async def announce_room(self) -> str:
        await self.api.login()
        return await self.rooms.place()

    async def direct_room(self, person: str) -> str:
        known = self._directs.get(person)
        if known is None:
            body = {"recipient_id": person}
            made = await self.api.call("POST", "/users/@me/channels", body)
            known = str(made["id"])
            _remember(self._directs, person, known)
        return known

    async def archive(self, room: str) -> None:
        await self.api.login()
        await self.archiver.archive(room)

    # --- messages ---

    async def post(self, room: str, card: Card, marker: str, thread: str = "") -> MessageRef:
        """Within minutes a repeat returns the first message, by its nonce; later ``find_message``."""
        body = await self.rendered(card, Ids(mark_of(marker)), self._where)
        if room not in self._directs.values():
            body = calling(body, await self.natives(mentioned(card)))
        body |= {"nonce": self._nonce(room, marker), "enforce_nonce": True}
        if thread:
            body["message_reference"] = {"message_id": thread, "fail_if_not_exists": False}
        try:
            made = await self.api.call("POST", _MESSAGES, body, needs=_SEND, channel_id=room)
        except RoomGone as error:
            if not self.rooms.forget(room):
                raise
            raise Retry("the channel was deleted: another one is made", timedelta(0)) from error
        return self.ref(made)

    def _nonce(self, room: str, marker: str) -> str:
        """Another one in another room, and where something was deleted meanwhile: Discord would return
        the first message of a nonce, wherever and whatever has become of it."""
        return nonce_of(f"{room}:{self._deleted.get(room, 0)}:{marker}")

    async def rendered(self, card: Card, ids: Ids, where: str = "") -> dict[str, Any]:
        """The payload, once the database holds what its buttons cannot carry."""
        people = await self.natives(mentioned(card))
        body = message(card, people, ids, where)
        await self.keep(ids.keep)
        return body

    async def keep(self, texts: Mapping[str, str]) -> None:
        fresh = {key: text for key, text in texts.items() if key not in self._kept}
        if fresh:
            await self._memory.write(_keeping(fresh))
            for key in fresh:
                _remember(self._kept, key, None)

    async def natives(self, people: frozenset[str]) -> Mapping[str, str]:
        """Discord's ids of those of our people who have one."""
        if not people:
            return {}

        def read(uow: UnitOfWork) -> dict[str, str]:
            found = {who: uow.people.get(PersonId(who)).identities.get(NAME, "") for who in people}
            return {who: native for who, native in found.items() if native.isdecimal()}

        return await self._memory.read_inline(read)

    async def services(self) -> list[str]:
        """What can be chosen in a form."""
        return await self._memory.read_inline(lambda uow: sorted(uow.org.services))

    def ref(self, made: Mapping[str, Any]) -> MessageRef:
        room = str(made["channel_id"])
        place = f"{self.rooms.config.guild}/{room}/{made['id']}"
        return MessageRef(NAME, room, str(made["id"]), f"https://discord.com/channels/{place}")

    async def find_message(self, room: str, marker: str, since: datetime) -> MessageRef | None:
        mark = mark_of(marker)
        last = str(discord.utils.time_snowflake(since))
        for _ in range(_PAGES):
            page = await self._after(room, last)
            for found in page:
                if str(found["author"]["id"]) == self.api.me and marked(found, mark):
                    return self.ref(found)
            if len(page) < _PAGE:
                return None
            last = max((str(found["id"]) for found in page), key=int)
        raise LookupUnavailable("too much has been said since")

    async def _after(self, room: str, last: str) -> list[dict[str, Any]]:
        try:
            page: list[dict[str, Any]] = await self.api.call(
                "GET", _MESSAGES, params={"limit": _PAGE, "after": last}, channel_id=room
            )
        except Coded as error:
            if error.code in (NO_PERMISSION, NO_ACCESS):
                raise LookupUnavailable("Read Message History is not granted") from error
            raise
        return page

    async def edit(self, ref: MessageRef, card: Card) -> None:
        body = await self.rendered(card, Ids(mark_of(ref.message)))
        try:
            await self.api.call(
                "PATCH", _MESSAGE, body, needs=_SEND, channel_id=ref.room, message_id=ref.message
            )
        except MessageGone:
            _remember(self._deleted, ref.room, self._deleted.get(ref.room, 0) + 1)
            raise
        except RoomGone as error:
            if await self._memory.read(lambda uow: uow.rooms.incident_in(NAME, ref.room)):
                raise
            # The channel of announcements: what stood there is posted again in another one.
            self.rooms.forget(ref.room)
            raise MessageGone(error) from error

    async def pin(self, ref: MessageRef) -> None:
        path = "/channels/{channel_id}/messages/pins/{message_id}"
        needs = ("PIN_MESSAGES",)
        await self.api.call("PUT", path, needs=needs, channel_id=ref.room, message_id=ref.message)

    async def say(self, room: str, text: str, key: str, reply_to: str = "") -> None:
        """A line of our own words, once for each ``key`` within minutes."""
        body: dict[str, Any] = {
            "content": text[: limits.CONTENT],
            "allowed_mentions": SILENT,
            "nonce": nonce_of(key),
            "enforce_nonce": True,
        }
        if reply_to:
            body["message_reference"] = {"message_id": reply_to, "fail_if_not_exists": False}
        await self.api.call("POST", _MESSAGES, body, needs=_SEND, channel_id=room)


def _keeping(texts: Mapping[str, str]) -> Callable[[UnitOfWork], None]:
    def write(uow: UnitOfWork) -> None:
        for key, text in texts.items():
            uow.key_values.put(memory_key(key), text, uow.now + KEEP)

    return write


def _remember(among: OrderedDict[str, Any], key: str, value: object) -> None:
    among[key] = value
    while len(among) > _FRESH:
        among.popitem(last=False)


def _conforms(gateway: DiscordGateway) -> ChatPlatform:
    return gateway
