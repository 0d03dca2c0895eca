"""What every listener shares: who speaks, and the way into dispatch."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.chat.vocabulary import Delivery, Group, Invocation, Reply
from bot.language.dispatch import Dispatcher
from handlers.chat.slack.api.calls import Calls
from handlers.chat.slack.directory import NAME, Directory
from handlers.chat.slack.listening.inbound import Body, about, message_of
from handlers.chat.slack.listening.replying import Replying
from handlers.chat.slack.listening.wording import Wording
from handlers.chat.slack.rendering.forms import ViewContext

Later = Callable[[Reply], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Adapter:
    """``command`` is our command's name without its slash; ``url`` gives a message's address."""

    dispatcher: Dispatcher
    calls: Calls
    directory: Directory
    replying: Replying
    wording: Wording
    command: str
    url: Callable[[str, str], str]
    busy: set[asyncio.Task[Any]] = field(default_factory=set)

    async def invocation(
        self,
        user: str,
        delivery: str,
        text: str,
        where: ViewContext,
        kind: Delivery,
        team: str = "",
        name: str = "",
    ) -> Invocation:
        """One call in; ``text`` is as the grammar reads it."""
        speaker = await self.directory.speaker(user, team, name)
        call = Invocation(NAME, delivery, speaker, text, where.room, where.group, kind)
        return await self.about(call, where.about)

    async def about(self, call: Invocation, message: Mapping[str, str]) -> Invocation:
        """The same call about a message."""
        if not message:
            return call
        quoted = await self.wording.read(message["text"])
        return about(call, message, quoted, self.url(message["room"], message["ts"]))

    async def said(self, channel: str, message: Body, call: Invocation) -> Invocation:
        return await self.about(call, message_of(channel, message))

    async def handle(self, call: Invocation, later: Later) -> Reply:
        return await self.dispatcher.handle(call, later)

    def group(self, command: str) -> Group:
        oncall = command.strip("/").casefold().endswith("oncall")
        return Group.ONCALL if oncall else Group.INCIDENT

    async def idle(self) -> None:
        """Return when nothing that was received is being worked on."""
        while self.busy:
            await asyncio.wait(list(self.busy))

    async def tracked(self, work: Coroutine[Any, Any, None]) -> None:
        """Do the work, known to ``idle`` meanwhile."""
        task = asyncio.get_running_loop().create_task(work)
        self.busy.add(task)
        task.add_done_callback(self.busy.discard)
        await asyncio.shield(task)


def with_title(reply: Reply, title: str) -> Reply:
    """The declare form with its title proposed from a message."""
    if reply.form is None or not title:
        return reply
    filled = tuple(
        replace(each, value=title[: each.limit]) if each.name == "title" else each
        for each in reply.form.inputs
    )
    return replace(reply, form=replace(reply.form, inputs=filled))
