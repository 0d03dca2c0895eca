"""A ``Reply`` brought to whoever asked: in the acknowledgement, through a response URL, as a modal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import aiohttp
import structlog

from bot.core.chat.card import Button, Buttons, Card, RoomLink, Style, Text, line, text
from bot.core.chat.vocabulary import Refused, Reply, Retry
from bot.core.ports.clock import Clock
from handlers.chat.slack.api.calls import Calls
from handlers.chat.slack.directory import Directory
from handlers.chat.slack.rendering.forms import ViewContext, modal, shown
from handlers.chat.slack.rendering.render import Json, message

log = structlog.get_logger()

Ack = Callable[..., Awaitable[Any]]

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Replying:
    calls: Calls
    directory: Directory
    clock: Clock

    @staticmethod
    def missed(method: str, error: Exception) -> None:
        """An answer that Slack would not show; what was asked for is done all the same."""
        log.warning("slack.not_shown", method=method, error=str(error))

    async def card(self, reply: Reply) -> Card | None:
        """What the reply says, with the room to go to."""
        if reply.card is None or reply.go is None:
            return reply.card
        there = RoomLink(reply.go.platform, reply.go.id, reply.go.name, reply.go.url)
        return replace(reply.card, blocks=(*reply.card.blocks, Text(line("Go to ", there))))

    async def message(self, reply: Reply) -> Json | None:
        """For one person's eyes, as Slack takes it in an acknowledgement or at a response URL."""
        card = await self.card(reply)
        if card is None:
            return None
        said = message(card, await self.directory.ids(card))
        return {"response_type": "ephemeral", **said}

    # --- modals ---

    async def open(
        self, trigger: str, reply: Reply, where: ViewContext, inside: str = ""
    ) -> Reply | None:
        """Spend the trigger on the reply's form, first thing; on top of the modal ``inside`` if there is
        one. Returns what must be said instead when Slack would not open it."""
        if reply.form is None:
            return reply
        ids = await self.directory.ids_of(
            [each.value.lstrip("@") for each in reply.form.inputs if each.value.startswith("@")]
        )
        view = modal(
            reply.form, replace(where, command=reply.form.command), await self.services(), ids
        )
        method = "views.push" if inside else "views.open"
        try:
            await self.calls.call(method, trigger_id=trigger, view=view)
        except (Retry, Refused) as error:
            self.missed(method, error)
            return Reply(too_late(where.command or reply.form.command))
        return None

    async def services(self) -> list[str]:
        found = await self.directory.memory.read(lambda uow: sorted(uow.org.services))
        return [str(name) for name in found]

    async def show(
        self, trigger: str, card: Card, where: ViewContext, method: str = "views.open"
    ) -> None:
        """A card as a modal, where there is no message to answer."""
        view = shown(card, where, await self.directory.ids(card))
        try:
            await self.calls.call(method, trigger_id=trigger, view=view)
        except (Retry, Refused) as error:
            self.missed(method, error)

    async def view(self, card: Card, where: ViewContext) -> Json:
        return shown(card, where, await self.directory.ids(card))

    async def update(self, view: str, card: Card, where: ViewContext) -> None:
        """The card in the place of a modal that is open."""
        try:
            shown_ = await self.view(card, where)
            await self.calls.call("views.update", view_id=view, view=shown_)
        except (Retry, Refused) as error:
            self.missed("views.update", error)

    # --- where there is no acknowledgement to carry it ---

    async def respond(self, url: str, reply: Reply, *, over: bool = False) -> None:
        """Through a response URL; ``over`` replaces the message that was pressed."""
        said = await self.message(reply)
        if said is None or not url:
            return
        await self.send(url, {**said, "replace_original": over})

    async def send(self, url: str, payload: Mapping[str, Any]) -> None:
        session = self.calls.session
        for turn in range(1, _TRIES + 1):
            try:
                async with session.post(url, json=payload) as answer:
                    if answer.status < 500 and answer.status != 429:
                        return
            except (aiohttp.ClientError, TimeoutError) as error:
                log.warning("slack.respond", error=type(error).__name__)
            await self.clock.wait(asyncio.Event(), self.clock.now() + timedelta(seconds=turn))

    async def whisper(self, channel: str, user: str, reply: Reply, thread: str = "") -> None:
        """To one person in a channel; in our conversation with them, plainly."""
        said = await self.message(reply)
        if said is None:
            return
        said.pop("response_type")
        more: dict[str, Any] = {"thread_ts": thread} if thread else {}
        try:
            if channel.startswith("D"):
                await self.calls.call("chat.postMessage", channel, **said, **more)
            else:
                await self.calls.call("chat.postEphemeral", channel, user=user, **said, **more)
        except (Retry, Refused) as error:
            self.missed("chat.postEphemeral", error)


def too_late(command: str) -> Card:
    """Slack opens a form only within three seconds: here is the button that asks again."""
    words = "The form did not open in time. Nothing is lost."
    return Card("", (text(words), Buttons((Button("Open it", command, Style.PRIMARY),))))


def asks(command: str) -> Card:
    """Where nothing was pressed there is no form to open, only a button for it."""
    return Card(
        "",
        (
            text("A few answers are needed."),
            Buttons((Button("Open the form", command, Style.PRIMARY),)),
        ),
    )
