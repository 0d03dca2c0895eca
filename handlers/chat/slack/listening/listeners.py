"""Commands, presses, submissions and shortcuts: each becomes an invocation and is answered where it was made.

Whatever happens behind, Slack hears within three seconds; a form is the first call, since its trigger
lives no longer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot.core.chat.card import Card
from bot.core.chat.card import text as block
from bot.core.chat.vocabulary import Delivery, Group, Reply
from handlers.chat.slack.listening.adapter import Adapter, with_title
from handlers.chat.slack.listening.home import show
from handlers.chat.slack.listening.inbound import (
    Body,
    by_press,
    by_trigger,
    by_view,
    message_of,
    room_of,
)
from handlers.chat.slack.listening.replying import Ack
from handlers.chat.slack.rendering.forms import (
    FORM,
    ViewContext,
    answers,
    suggestions,
    unpack_context,
)
from handlers.chat.slack.rendering.render import ASK, OPENS, unpack

# Slack waits 3 s for an acknowledgement.
PROMPT = timedelta(seconds=2)
# With others under way, whoever has waited so long is told that theirs is too: the answer is one call more.
IN_A_CROWD = timedelta(milliseconds=80)
UNDER_WAY = Card("", (block("Under way. You will be told here."),))
# Shortcuts by their callback ids in the manifest, and what each comes to.
SHORTCUTS = {
    "declare": "declare",
    "declare_from_message": "declare",
    "add_to_timeline": "capture",
    "make_task": "totask",
}


async def command(adapter: Adapter, ack: Ack, body: Body) -> None:
    """``/incident …`` and its like: the reply is the acknowledgement itself, a form is opened first. What
    is not done in time is acknowledged as under way, and answered when it is."""
    url = body.get("response_url", "")

    async def later(reply: Reply) -> None:
        await adapter.replying.respond(url, reply)

    work = asyncio.ensure_future(_replied(adapter, body, later))
    ended, clock = asyncio.Event(), adapter.replying.clock
    work.add_done_callback(lambda _: ended.set())
    await clock.wait(ended, clock.now() + (IN_A_CROWD if len(adapter.busy) > 1 else PROMPT))
    if not work.done():
        await ack(await adapter.replying.message(Reply(UNDER_WAY)))
        await _answered_late(adapter, body, *await work, later)
        return
    reply, where = work.result()
    if reply.form is None:
        await ack(await adapter.replying.message(reply) or "")
        return
    missed, _ = await asyncio.gather(adapter.replying.open(body["trigger_id"], reply, where), ack())
    if missed is not None:
        await later(missed)


async def _answered_late(
    adapter: Adapter,
    body: Body,
    reply: Reply,
    where: ViewContext,
    later: Callable[[Reply], Awaitable[None]],
) -> None:
    said = reply
    if reply.form is not None:
        missed = await adapter.replying.open(body["trigger_id"], reply, where)
        if missed is None:
            return
        said = missed
    await later(said)


async def _replied(
    adapter: Adapter, body: Body, later: Callable[[Reply], Awaitable[None]]
) -> tuple[Reply, ViewContext]:
    text = await adapter.wording.read(body.get("text", ""))
    where = ViewContext(text, body.get("channel_id", ""), adapter.group(body["command"]))
    call = await adapter.invocation(
        body["user_id"],
        by_trigger(body),
        text,
        where,
        Delivery.COMMAND,
        body.get("team_id", ""),
        body.get("user_name", ""),
    )
    return await adapter.handle(call, later), where


async def press(adapter: Adapter, ack: Ack, body: Body) -> None:
    """A button: its command is dispatched as if typed by whoever pressed."""
    action = body["actions"][0]
    if action["action_id"].startswith(OPENS):
        await ack()
        return
    view = body.get("view") or {}
    origin = unpack_context(view.get("private_metadata", ""))
    text = unpack(str(action.get("value", "")))
    group, text = _group(text, adapter)
    where = ViewContext(text, room_of(body, origin), group, origin.about)
    call = await adapter.invocation(
        body["user"]["id"],
        by_press(body, action),
        text,
        where,
        Delivery.PRESS,
        (body.get("team") or {}).get("id", ""),
        body["user"].get("name", ""),
    )
    answer = _Pressed(adapter, body, where)
    reply = await adapter.handle(call, answer.tell)
    if reply.form is not None:
        inside = view["id"] if view.get("type") == "modal" else ""
        opening = adapter.replying.open(body["trigger_id"], reply, where, inside)
        missed, _ = await asyncio.gather(opening, ack())
        if missed is not None:
            await answer.tell(missed)
        return
    await asyncio.gather(ack(), answer.tell(reply))


def _group(text: str, adapter: Adapter) -> tuple[Group, str]:
    """A button may name its group: ``/oncall next``."""
    if not text.startswith("/"):
        return Group.INCIDENT, text
    name, _, rest = text.partition(" ")
    return adapter.group(name), rest.strip()


class _Pressed:
    """Where a press is answered: beside the message, or in the modal, or over the home tab."""

    def __init__(self, adapter: Adapter, body: Body, where: ViewContext) -> None:
        self._adapter = adapter
        self._body = body
        self._where = where

    async def tell(self, reply: Reply) -> None:
        replying, body = self._adapter.replying, self._body
        view = body.get("view") or {}
        if not view:
            await replying.respond(body.get("response_url", ""), reply, over=self._question())
            return
        card = await replying.card(reply)
        if card is None:
            return
        if view.get("type") == "modal":
            await replying.update(view["id"], card, self._where)
            return
        await replying.show(body["trigger_id"], card, self._where)
        if view.get("type") == "home":
            await show(self._adapter, body["user"]["id"], f"home:{body['trigger_id']}")

    def _question(self) -> bool:
        """A private question gives way to its answer; whatever else was pressed stays."""
        private = bool((self._body.get("container") or {}).get("is_ephemeral"))
        asked = self._body["actions"][0]["action_id"].startswith(ASK)
        return private and asked


async def submit(adapter: Adapter, ack: Ack, body: Body) -> None:
    """A sent form. What is wrong is said beside the question, with everything typed kept; else the
    answer takes the form's place."""
    view = body["view"]
    if view.get("callback_id") != FORM:
        await ack()
        return
    origin = unpack_context(view.get("private_metadata", ""))
    values = {name: await adapter.wording.read(text) if text.startswith("<@") else text
              for name, text in answers(view).items()}  # fmt: skip
    call = await adapter.invocation(
        body["user"]["id"],
        by_view(body),
        origin.command,
        origin,
        Delivery.SUBMIT,
        (body.get("team") or {}).get("id", ""),
        body["user"].get("name", ""),
    )

    async def later(reply: Reply) -> None:
        card = await adapter.replying.card(reply)
        if card is not None:
            await adapter.replying.update(view["id"], card, origin)

    reply = await adapter.handle(replace(call, values=values), later)
    await _submitted(adapter, ack, view, origin, reply)


async def _submitted(
    adapter: Adapter, ack: Ack, view: Body, origin: ViewContext, reply: Reply
) -> None:
    if reply.refused:
        first = next(b["block_id"] for b in view["blocks"] if b["type"] == "input")
        await ack(response_action="errors", errors={first: reply.refused[:150]})
        return
    card = await adapter.replying.card(reply)
    if card is None:
        await ack()
        return
    await ack(response_action="update", view=await adapter.replying.view(card, origin))


async def shortcut(adapter: Adapter, ack: Ack, body: Body) -> None:
    """From a message's menu, or the global one: about that message, answered in a modal."""
    text = SHORTCUTS.get(body["callback_id"], "declare")
    channel = (body.get("channel") or {}).get("id", "")
    message = message_of(channel, body["message"]) if body.get("message") else {}
    where = ViewContext(text, channel, Group.INCIDENT, message)
    call = await adapter.invocation(
        body["user"]["id"],
        by_trigger(body),
        text,
        where,
        Delivery.PRESS,
        (body.get("team") or {}).get("id", ""),
        body["user"].get("username", "") or body["user"].get("name", ""),
    )
    answer = _Pressed(adapter, {**body, "view": {"type": "shortcut"}}, where)
    reply = await adapter.handle(call, answer.tell)
    if text == "declare":
        reply = with_title(reply, call.quoted.strip().partition("\n")[0])
    missed, _ = await asyncio.gather(adapter.replying.open(body["trigger_id"], reply, where), ack())
    if missed is not None:
        await answer.tell(missed)


async def suggest(adapter: Adapter, ack: Ack, body: Body) -> None:
    """Services for what is being typed."""
    names = await adapter.replying.services()
    await ack(options=suggestions(names, str(body.get("value", ""))))
