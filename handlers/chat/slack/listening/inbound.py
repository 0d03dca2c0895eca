"""Slack's payloads as parts of an ``Invocation``: who, where, which message, and the delivery's id. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.core.chat.vocabulary import Invocation, MessageRef
from handlers.chat.slack.directory import NAME
from handlers.chat.slack.rendering.forms import ViewContext

Body = Mapping[str, Any]

# Slack's names of the emoji that mean something (bot.core.chat.vocabulary.REACTIONS).
EMOJI = {
    "pushpin": "📌",
    "round_pushpin": "📌",
    "clipboard": "📋",
    "black_right_pointing_double_triangle_with_vertical_bar": "⏭️",
    "next_track_button": "⏭️",
}


def by_trigger(body: Body) -> str:
    """A command or a shortcut: its trigger is unique, and the same when Slack sends it again."""
    return f"{NAME}:trigger:{body['trigger_id']}"


def by_event(body: Body) -> str:
    """An event: Slack repeats it under the same id."""
    return f"{NAME}:event:{body['event_id']}"


def by_view(body: Body) -> str:
    """A submission: the view, as it stood. Sent twice, it is done once; a refused one may be sent anew."""
    view = body["view"]
    return f"{NAME}:view:{view['id']}:{view.get('hash', '')}"


def by_press(body: Body, action: Body) -> str:
    """A press: the message, the action, the person, and the card's revision (its last edit)."""
    place = body.get("container") or {}
    message = body.get("message") or {}
    view = body.get("view") or {}
    where = [
        str(place.get("channel_id", "")),
        str(place.get("message_ts") or message.get("ts") or view.get("id") or ""),
        str((message.get("edited") or {}).get("ts") or view.get("hash") or ""),
        str(action.get("action_id", "")),
        str(action.get("value", "")),
        str(body["user"]["id"]),
    ]
    digest = hashlib.sha256("\0".join(where).encode()).hexdigest()[:32]
    return f"{NAME}:press:{digest}"


def room_of(body: Body, about: ViewContext) -> str:
    """Where it happened: the channel, or where the view was opened."""
    channel = (body.get("channel") or {}).get("id") or (body.get("container") or {}).get(
        "channel_id"
    )
    return str(channel or about.room)


def instant(ts: str) -> datetime | None:
    """A message's ``ts`` is when it was written (UTC)."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except ValueError:
        return None


def message_of(channel: str, message: Body) -> dict[str, str]:
    """What a view or an invocation keeps of a message."""
    author = str(message.get("user") or message.get("bot_id") or "")
    return {
        "room": channel,
        "ts": str(message.get("ts", "")),
        "user": author,
        "text": str(message.get("text", "")),
    }


def about(call: Invocation, kept: Mapping[str, str], text: str, url: str) -> Invocation:
    """The same call about a message; ``text`` is its text as people read it."""
    if not kept:
        return call
    return replace(
        call,
        source=MessageRef(NAME, kept["room"], kept["ts"], url),
        quoted=text,
        quoted_by=kept["user"],
        quoted_at=instant(kept["ts"]),
    )
