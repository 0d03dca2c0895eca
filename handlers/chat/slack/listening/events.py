"""What happens in conversations without anybody asking: mentions, messages, reactions, pins, the home tab."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import structlog

from bot.core.chat.vocabulary import (
    REACTIONS,
    Delivery,
    Invocation,
    Refused,
    Renamed,
    Reply,
    Retry,
    Speaker,
)
from handlers.chat.slack.directory import NAME
from handlers.chat.slack.listening import home
from handlers.chat.slack.listening.adapter import Adapter
from handlers.chat.slack.listening.inbound import EMOJI, Body, by_event
from handlers.chat.slack.listening.replying import asks
from handlers.chat.slack.listening.wording import without_us
from handlers.chat.slack.rendering.forms import ViewContext

log = structlog.get_logger()

_OURS = ("bot_message", "channel_topic", "channel_purpose", "channel_join", "channel_name")


async def mention(adapter: Adapter, body: Body) -> None:
    """``@tocsin …`` anywhere, or anything said to us alone: a command, answered privately."""
    event = body["event"]
    if event.get("bot_id") or event.get("subtype"):
        return
    me = await adapter.directory.whoami()
    text = await adapter.wording.read(without_us(event.get("text", ""), me.user))
    where = ViewContext(text, event["channel"])
    call = await adapter.invocation(
        event["user"], by_event(body), text, where, Delivery.MENTION, event.get("user_team", "")
    )

    async def tell(reply: Reply) -> None:
        if reply.form is not None:
            reply = Reply(asks(text))
        thread = event.get("thread_ts", "")
        await adapter.replying.whisper(event["channel"], event["user"], reply, thread)

    await tell(await adapter.handle(call, tell))


async def message(adapter: Adapter, body: Body) -> None:
    """A plain message, its edit or its deletion, where an incident may listen."""
    event = body["event"]
    subtype = event.get("subtype", "")
    if subtype == "message_changed":
        await _edited(adapter, body, event)
    elif subtype == "message_deleted":
        gone = event.get("previous_message") or {"ts": event.get("deleted_ts", "")}
        await _heard(adapter, body, gone, Delivery.DELETED)
    elif event.get("bot_id") or subtype in _OURS:
        return
    elif event.get("channel_type") == "im":
        await mention(adapter, body)
    else:
        await _heard(adapter, body, event, Delivery.SAID)


async def _edited(adapter: Adapter, body: Body, event: Body) -> None:
    """Slack also says "changed" when a link unfurls or a thread grows: then the text stays."""
    now, before = event["message"], event.get("previous_message") or {}
    if now.get("bot_id") or now.get("text") == before.get("text"):
        return
    await _heard(adapter, body, now, Delivery.EDITED)


async def _heard(adapter: Adapter, body: Body, said: Body, kind: Delivery) -> None:
    channel = body["event"]["channel"]
    if not await _is_room(adapter, channel):
        return
    user = str(said.get("user") or "")
    speaker = Speaker(user, user)
    call = Invocation(NAME, by_event(body), speaker, "", channel, kind=kind)
    await adapter.dispatcher.room_message(await adapter.said(channel, said, call))


async def _is_room(adapter: Adapter, channel: str) -> bool:
    found = await adapter.directory.memory.read(lambda uow: uow.rooms.incident_in(NAME, channel))
    return found is not None


async def reaction(adapter: Adapter, body: Body) -> None:
    """📌 📋 ⏭️ in a war room; taken back, it is "un" + that."""
    event = body["event"]
    item = event.get("item") or {}
    meaning = REACTIONS.get(EMOJI.get(event.get("reaction", ""), ""))
    if (
        meaning is None
        or item.get("type") != "message"
        or not await _is_room(adapter, item["channel"])
    ):
        return
    text = meaning if event["type"] == "reaction_added" else f"un{meaning}"
    said = await _message(adapter, item["channel"], item["ts"])
    await _about(adapter, body, text, item["channel"], said)


async def pin(adapter: Adapter, body: Body) -> None:
    """Pinning by hand is 📌; our own card does not count."""
    event = body["event"]
    said = (event.get("item") or {}).get("message") or {}
    channel = event.get("channel_id", "")
    if said.get("bot_id") or not said.get("ts") or not await _is_room(adapter, channel):
        return
    text = "capture" if event["type"] == "pin_added" else "uncapture"
    await _about(adapter, body, text, channel, said)


async def _about(adapter: Adapter, body: Body, text: str, channel: str, said: Body) -> None:
    event = body["event"]
    where = ViewContext(text, channel)
    call = await adapter.invocation(event["user"], by_event(body), text, where, Delivery.REACTION)

    async def tell(reply: Reply) -> None:
        await adapter.replying.whisper(channel, event["user"], reply)

    await tell(await adapter.handle(await adapter.said(channel, said, call), tell))


async def _message(adapter: Adapter, channel: str, ts: str) -> Mapping[str, object]:
    """The message that was reacted to, also one inside a thread; empty when Slack does not show it."""
    around = {"latest": ts, "oldest": ts, "inclusive": True, "limit": 1}
    for method, more in (("conversations.history", around), ("conversations.replies", {"ts": ts})):
        try:
            answer = await adapter.calls.call(method, channel, **more)
        except (Retry, Refused) as error:
            log.warning("slack.message", method=method, error=str(error))
            continue
        found = [each for each in answer["messages"] if each.get("ts") == ts]
        if found:
            return dict(found[0])
    return {"ts": ts}


async def changed_user(adapter: Adapter, body: Body) -> None:
    """Somebody became a guest, or left."""
    adapter.directory.changed(body["event"]["user"])


async def renamed(adapter: Adapter, body: Body) -> None:
    """Somebody renamed a channel."""
    channel = body["event"]["channel"]
    if await _is_room(adapter, channel["id"]):
        await adapter.dispatcher.heard(Renamed(NAME, channel["id"], channel["name"]))


async def access_lost(adapter: Adapter, body: Body) -> None:
    """The app was removed, or its token revoked: whether that is so is looked at, at once."""
    log.warning("slack.shut_out", event_name=body["event"]["type"])
    adapter.calls.access_lost.set()


Heard = Callable[[Adapter, Body], Awaitable[None]]

EVENTS: Mapping[str, Heard] = {
    "app_home_opened": home.opened,
    "app_mention": mention,
    "app_uninstalled": access_lost,
    "channel_rename": renamed,
    "group_rename": renamed,
    "message": message,
    "reaction_added": reaction,
    "reaction_removed": reaction,
    "pin_added": pin,
    "pin_removed": pin,
    "tokens_revoked": access_lost,
    "user_change": changed_user,
}


async def heard(adapter: Adapter, body: Body) -> None:
    """One event, by its type; others mean nothing to us."""
    listener = EVENTS.get(body["event"]["type"])
    if listener is not None:
        await listener(adapter, body)
