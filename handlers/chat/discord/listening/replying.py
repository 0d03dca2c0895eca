"""A ``Reply`` brought to whoever asked: in the interaction's answer, as a modal, later, or as a direct message."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import discord
import structlog

from bot.core.chat.card import Button, Buttons, Card, Form, RoomLink, Style, Text, line, text
from bot.core.chat.vocabulary import Group, Refused, Reply, Retry, Room
from bot.core.errors import loggable
from bot.core.ports.clock import Clock
from handlers.chat.discord.api.refusals import ERRORS
from handlers.chat.discord.gateway import DiscordGateway
from handlers.chat.discord.rendering.forms import modal
from handlers.chat.discord.rendering.presses import NOTHING, About, Ids, Press

log = structlog.get_logger()

# Discord takes follow-ups for 15 minutes; this leaves a margin.
TOKEN_LIVES = timedelta(minutes=14, seconds=30)
_ANSWER, _DEFER, _COMPLETE, _MODAL = 4, 5, 8, 9
_EPHEMERAL = 64
# A message without a notification.
SILENTLY = 4096
_ACKNOWLEDGED, _UNKNOWN = 40060, 10062
_CALLBACK = "/interactions/{webhook_id}/{webhook_token}/callback"
_ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"


@dataclass(slots=True)
class Turn:
    """One interaction that wants an answer. ``spent`` once its first answer is given."""

    id: str
    token: str
    application: str
    person: str
    room: str
    began: datetime
    group: Group = Group.INCIDENT
    about: About = NOTHING
    opens_forms: bool = True
    spent: bool = False


@dataclass(frozen=True, slots=True)
class Replying:
    gateway: DiscordGateway
    clock: Clock

    async def answer(self, turn: Turn, reply: Reply) -> None:
        """The first answer while there has been none, else in the place of it."""
        if turn.spent:
            await self._instead(turn, reply)
        elif reply.form is not None and turn.opens_forms:
            await self._first(
                turn, {"type": _MODAL, "data": await self._modal(turn, reply.form)}, reply
            )
        else:
            await self._first(
                turn, {"type": _ANSWER, "data": await self._message(turn, reply)}, reply
            )

    async def defer(self, turn: Turn) -> None:
        """Say that an answer comes; nobody else sees it."""
        await self._first(turn, {"type": _DEFER, "data": {"flags": _EPHEMERAL}}, None)

    async def complete(self, turn: Turn, choices: list[dict[str, str]]) -> None:
        """Offer completions; too late is no matter."""
        turn.spent = True
        await self._call(turn, {"type": _COMPLETE, "data": {"choices": choices}})

    async def _first(self, turn: Turn, body: dict[str, Any], reply: Reply | None) -> None:
        turn.spent = True
        code = await self._call(turn, body)
        if code == _UNKNOWN and reply is not None:
            await self.direct(turn.person, turn.room, reply)

    async def _call(self, turn: Turn, body: dict[str, Any]) -> int:
        """Returns Discord's code when it would not take it. Tried twice: a repeat is refused as such."""
        for last in (False, True):
            try:
                await self.gateway.api.raw(
                    "POST", _CALLBACK, body, webhook_id=turn.id, webhook_token=turn.token
                )
            except discord.HTTPException as error:
                if error.status < 500 and error.status != 429:
                    if error.code != _ACKNOWLEDGED:
                        log.warning("discord.answer", code=error.code, error=error.text[:300])
                    return error.code
            except ERRORS as error:
                log.warning("discord.answer", error=loggable(error)[:200])
            else:
                return 0
            if last:
                break
        return _UNKNOWN

    async def _instead(self, turn: Turn, reply: Reply) -> None:
        if self.clock.now() - turn.began < TOKEN_LIVES:
            body = await self._message(turn, reply)
            body.pop("flags")
            try:
                await self.gateway.api.raw(
                    "PATCH",
                    _ORIGINAL,
                    body,
                    webhook_id=turn.application,
                    webhook_token=turn.token,
                )
            except ERRORS as error:
                log.warning("discord.follow_up", error=loggable(error)[:200])
            else:
                return
        await self.direct(turn.person, turn.room, reply)

    async def direct(self, person: str, room: str, reply: Reply, flags: int = 0) -> None:
        """Where no private answer is possible: a direct message; where that is refused, a line in the
        channel that says nothing of what was asked.
        """
        body = await self._body(reply, Ids("d")) | ({"flags": flags} if flags else {})
        path = "/channels/{channel_id}/messages"
        try:
            channel = await self.gateway.direct_room(person)
            await self.gateway.api.call("POST", path, body, channel_id=channel)
        except (Refused, Retry) as error:
            log.warning("discord.direct", error=str(error))
            if room:
                await self._hint(room, person)

    async def _hint(self, room: str, person: str) -> None:
        words = (
            f"<@{person}> I have an answer for you and cannot send you direct messages. Ask again."
        )
        body = {"content": words, "allowed_mentions": {"parse": [], "users": [person]}}
        try:
            await self.gateway.api.call(
                "POST", "/channels/{channel_id}/messages", body, channel_id=room
            )
        except (Refused, Retry) as error:
            log.warning("discord.hint", error=str(error))

    # --- what is sent ---

    async def _message(self, turn: Turn, reply: Reply) -> dict[str, Any]:
        body = await self._body(reply, Ids("r", turn.about, turn.group))
        return {**body, "flags": _EPHEMERAL}

    async def _body(self, reply: Reply, ids: Ids) -> dict[str, Any]:
        return await self.gateway.rendered(shown(reply), ids)

    async def _modal(self, turn: Turn, form: Form) -> dict[str, Any]:
        ids = Ids("f", turn.about, turn.group)
        custom_id = ids.of_press(Press(form.command, turn.group, about=turn.about))
        await self.gateway.keep(ids.keep)
        named = frozenset(each.value.lstrip("@") for each in form.inputs if each.value)
        people = await self.gateway.natives(named)
        return modal(form, custom_id, people, await self.gateway.services())


def shown(reply: Reply) -> Card:
    """The reply as a card: a form that cannot open now is a button, and the room to go to is a link."""
    if reply.form is not None:
        opens = Button(f"{reply.form.title} …"[:80], reply.form.command, Style.PRIMARY)
        return Card(blocks=(text("A few answers are needed."), Buttons((opens,))))
    made = reply.card or Card("Done.")
    return made if reply.go is None else replace(made, blocks=(*made.blocks, _there(reply.go)))


def _there(room: Room) -> Text:
    return Text(line("Go to ", RoomLink(room.platform, room.id, room.name, room.url)))
