"""What happens to plain messages in war rooms: said, edited, deleted, pinned, reacted to; and mentions of us.

One room's events are taken one after another, in the order in which Discord tells them.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any
from weakref import WeakValueDictionary

import discord

from bot.core.chat.card import Card, Tone, text
from bot.core.chat.vocabulary import (
    REACTIONS,
    Admission,
    Delivery,
    Invocation,
    Refused,
    Reply,
    Retry,
    Speaker,
)
from bot.core.ports.unit_of_work import Memory
from bot.language.dispatch import Dispatcher
from handlers.chat.discord.config import Config
from handlers.chat.discord.gateway import DiscordGateway
from handlers.chat.discord.listening.listeners import about_of, acting_on, introduced
from handlers.chat.discord.listening.people import People
from handlers.chat.discord.listening.replying import SILENTLY, Replying
from handlers.chat.discord.rendering import menus
from handlers.chat.discord.rendering.markdown import NAME
from handlers.chat.discord.rendering.presses import About

_MESSAGE = "/channels/{channel_id}/messages/{message_id}"
# Longer than an incident: said once in a room.
_SAID = timedelta(days=365)
_PAUSES = (timedelta(seconds=1), timedelta(seconds=3), timedelta(seconds=6), timedelta(0))
_UNREAD = Card(
    "",
    (text("That message could not be read. Right-click it, Apps, Add to timeline."),),
    Tone.WARNING,
)
_PINNED = "discord:pinned:"
_LOST = (
    "Discord does not show me what is written here: I keep no quotes by 📌, and I do not hear that "
    "somebody wrote. Commands, buttons and the message menu work. An administrator can allow it: "
    "developer portal, Bot, Message Content Intent."
)


@dataclass(slots=True)
class MessageListener:
    dispatcher: Dispatcher
    gateway: DiscordGateway
    replying: Replying
    people: People
    memory: Memory
    config: Config
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _heard: count[int] = field(default_factory=lambda: count(1))
    _run: str = field(default_factory=lambda: secrets.token_hex(4))

    @asynccontextmanager
    async def _turn(self, room: str) -> AsyncIterator[None]:
        lock = self._locks.get(room)
        if lock is None:
            lock = self._locks[room] = asyncio.Lock()
        async with lock:
            yield

    async def _is_war_room(self, room: str) -> bool:
        found = await self.memory.read(lambda uow: uow.rooms.incident_in(NAME, room))
        return found is not None

    # --- messages ---

    async def message(self, message: discord.Message) -> None:
        room = str(message.channel.id)
        if message.type is discord.MessageType.pins_add:
            await self._pinned(message)
        elif not message.author.bot and message.is_system() is False:
            async with self._turn(room):
                await self._said(message, room)

    async def _said(self, message: discord.Message, room: str) -> None:
        speaker = await self.people.speaker(message.author)
        call = Invocation(NAME, f"{NAME}:{message.id}", speaker, "", room, kind=Delivery.SAID)
        called = f"<@{self.gateway.api.me}>"
        text = message.content.replace(f"<@!{self.gateway.api.me}>", called).strip()
        if message.guild is None or text.startswith(called):
            await self._addressed(message, replace(call, text=text.removeprefix(called).strip()))
        elif str(message.guild.id) == self.config.guild:
            about = _about(message)
            await self.dispatcher.room_message(acting_on(call, about, self.config.guild))
            if not message.content and not message.attachments and not message.stickers:
                await self._lost(room)

    async def _addressed(self, message: discord.Message, call: Invocation) -> None:
        """A mention, or a direct message. The answer may be for their eyes only, so it comes directly."""
        users = {str(u.id): {"username": u.display_name, "bot": u.bot} for u in message.mentions}
        known = await introduced(self.dispatcher, menus.mentions(call.text), users)
        text = menus.with_people(call.text, known)
        room = call.room if message.guild is not None else ""
        meant = replace(call, text=text, kind=Delivery.MENTION, room=room)
        await self._told(call.speaker, room, meant)

    async def _told(self, speaker: Speaker, room: str, call: Invocation) -> None:
        async def later(reply: Reply) -> None:
            await self.replying.direct(speaker.id, room, reply)

        await later(await self.dispatcher.handle(call, later))

    async def _lost(self, room: str) -> None:
        """Say once in a war room what is lost without MESSAGE_CONTENT."""
        if self.gateway.api.client.intents.message_content or not await self._is_war_room(room):
            return
        key = f"discord:lost:{room}"
        if await self.memory.read(lambda uow: uow.key_values.get(key)) is None:
            await self.gateway.say(room, _LOST, key)
            await self.memory.write(lambda uow: uow.key_values.put(key, "said", uow.now + _SAID))

    async def edited(self, payload: discord.RawMessageUpdateEvent) -> None:
        """A change of words, or a pin taken off; Discord tells of previews by the same event."""
        data: Mapping[str, Any] = payload.data
        if data.get("pinned") is False:
            await self._unpinned(str(payload.channel_id), str(payload.message_id))
        if not data.get("content") or not data.get("edited_timestamp"):
            return
        if data.get("author", {}).get("bot", True) or "timestamp" not in data:
            return
        room = str(payload.channel_id)
        async with self._turn(room):
            about = about_of(room, data)
            speaker = Speaker(about.author, about.name)
            key = f"{NAME}:edit:{about.message}:{data['edited_timestamp']}"
            call = Invocation(NAME, key, speaker, "", room, kind=Delivery.EDITED)
            await self.dispatcher.room_message(acting_on(call, about, self.config.guild))

    async def deleted(self, room: str, message: str) -> None:
        async with self._turn(room):
            me = self.gateway.api.me
            key = f"{NAME}:delete:{message}"
            call = Invocation(NAME, key, Speaker(me, me), "", room, kind=Delivery.DELETED)
            about = About(room, message)
            await self.dispatcher.room_message(acting_on(call, about, self.config.guild))

    # --- pins and reactions ---

    async def _pinned(self, notice: discord.Message) -> None:
        """Somebody pinned a message: the notice says who, and which. Our own pins are no capture."""
        reference = notice.reference
        if notice.author.bot or reference is None or reference.message_id is None:
            return
        speaker = await self.people.speaker(notice.author)
        room, message = str(notice.channel.id), str(reference.message_id)
        if await self._is_war_room(room):
            await self._keep_pin(message, speaker.id)
        await self.captured(room, message, speaker, "capture")

    async def _unpinned(self, room: str, message: str) -> None:
        """Discord does not say who took the pin off: it counts for whoever had put it there."""
        key = _PINNED + message
        pinned_by = await self.memory.read(lambda uow: uow.key_values.get(key))
        if pinned_by:
            await self._keep_pin(message, "")
            await self.captured(room, message, await self.people.known_as(pinned_by), "uncapture")

    async def _keep_pin(self, message: str, who: str) -> None:
        await self.memory.write(
            lambda uow: uow.key_values.put(_PINNED + message, who, uow.now + _SAID)
        )

    async def reacted(self, payload: discord.RawReactionActionEvent) -> None:
        meaning = REACTIONS.get(str(payload.emoji))
        if meaning is None or str(payload.user_id) == self.gateway.api.me:
            return
        taken_back = payload.event_type == "REACTION_REMOVE"
        member = payload.member
        if member is not None:
            speaker = await self.people.speaker(member)
        else:
            speaker = await self.people.known_as(str(payload.user_id))
        text = f"un{meaning}" if taken_back else meaning
        await self.captured(str(payload.channel_id), str(payload.message_id), speaker, text)

    async def captured(self, room: str, message: str, speaker: Speaker, text: str) -> None:
        """In war rooms only. Discord has no private answer to a reaction: it comes directly, without a sound."""
        if speaker.admission is not Admission.ALLOWED:
            return
        async with self._turn(room):
            if not await self._is_war_room(room):
                return
            about = await self._look_up(room, message)
            if about is None:
                await self.replying.direct(speaker.id, "", Reply(_UNREAD), SILENTLY)
                return
            # Discord gives a reaction no id of its own; another process counts from another beginning.
            key = f"{NAME}:react:{message}:{speaker.id}:{text}:{self._run}-{next(self._heard)}"
            call = Invocation(NAME, key, speaker, text, room, kind=Delivery.REACTION)
            await self._handled(acting_on(call, about, self.config.guild))

    async def _handled(self, call: Invocation) -> None:
        async def later(reply: Reply) -> None:
            await self.replying.direct(call.speaker.id, "", reply, SILENTLY)

        await later(await self.dispatcher.handle(call, later))

    async def _look_up(self, room: str, message: str) -> About | None:
        """The message itself; without MESSAGE_CONTENT its text is not among what we are told. Discord's
        trouble is waited out for a little while: nobody reacts twice to the same message."""
        needs, clock = ("READ_MESSAGE_HISTORY",), self.people.clock
        for pause in _PAUSES:
            try:
                found = await self.gateway.api.call(
                    "GET", _MESSAGE, needs=needs, channel_id=room, message_id=message
                )
            except Refused:
                return None
            except Retry:
                await clock.wait(asyncio.Event(), clock.now() + pause)
            else:
                return about_of(room, found)
        return None


def _about(message: discord.Message) -> About:
    return About(
        str(message.channel.id),
        str(message.id),
        str(message.author.id),
        message.author.display_name,
        message.created_at.isoformat(),
        message.content[:4000],
    )
