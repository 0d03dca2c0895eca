"""pins.*, bookmarks.* and reactions.*: what is attached to a channel or a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.fakes.slack.args import Args, method, plain_channel
from tests.fakes.slack.model import BOT_USER, Channel, Json, Message, SlackError, invalid

if TYPE_CHECKING:
    from tests.fakes.slack.workspace import FakeSlack


def _message(slack: FakeSlack, args: Args, name: str = "timestamp") -> tuple[Channel, Message]:
    channel = plain_channel(slack, args)
    if not args.text(name):
        raise SlackError("no_item_specified")
    message = channel.messages.get(args.text(name))
    if message is None:
        raise SlackError("message_not_found")
    return channel, message


@method("pins.add")
def pin(slack: FakeSlack, args: Args) -> Json:
    channel, message = _message(slack, args)
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    if message.subtype:
        raise SlackError("not_pinnable")
    if len(channel.pins) >= 100:
        raise SlackError("too_many_pins")
    pinned(slack, channel, message, BOT_USER)
    return {}


def pinned(slack: FakeSlack, channel: Channel, message: Message, by: str) -> None:
    """Slack leaves a line for it."""
    channel.pins.append(message.ts)
    message.pinned = True
    slack.system(channel, "pinned_item", by, f"<@{by}> pinned a message to this channel.")
    _told_of_pin(slack, "pin_added", channel, message, by)


def unpinned(slack: FakeSlack, channel: Channel, message: Message, by: str) -> None:
    channel.pins.remove(message.ts)
    message.pinned = False
    _told_of_pin(slack, "pin_removed", channel, message, by)


def _told_of_pin(slack: FakeSlack, kind: str, channel: Channel, message: Message, by: str) -> None:
    item = {
        "type": "message",
        "channel": channel.id,
        "message": message.json(),
        "created": int(slack.clock()),
        "created_by": by,
    }
    body = {"user": by, "channel_id": channel.id, "item": item, "item_user": message.user}
    slack.emit(kind, channel, {**body, "pin_count": len(channel.pins)})


@method("pins.remove")
def unpin(slack: FakeSlack, args: Args) -> Json:
    channel, message = _message(slack, args)
    if message.ts not in channel.pins:
        raise SlackError("no_pin")
    unpinned(slack, channel, message, BOT_USER)
    return {}


@method("pins.list")
def pins(slack: FakeSlack, args: Args) -> Json:
    channel = plain_channel(slack, args)
    items = [
        {"type": "message", "channel": channel.id, "message": message.json(), "created": 0}
        for message in channel.pinned[::-1]
    ]
    return {"items": items}


def _bookmark_channel(slack: FakeSlack, args: Args) -> Channel:
    return plain_channel(slack, args, "channel_id")


def _check_bookmark(given: Json) -> None:
    if not given["title"] or len(given["title"]) > 255:
        raise SlackError("invalid_title" if given["title"] else "title_required")
    if not re.match(r"https?://\S+$", given["link"]) or len(given["link"]) > 3000:
        raise SlackError("invalid_link")


@method("bookmarks.add")
def add_bookmark(slack: FakeSlack, args: Args) -> Json:
    channel = _bookmark_channel(slack, args)
    if args.need("type") != "link":
        raise SlackError("invalid_bookmark_type")
    if len(channel.bookmarks) >= 100:
        raise SlackError("too_many_bookmarks")
    key = slack.new("Bk")
    made: Json = {
        "id": key,
        "channel_id": channel.id,
        "title": args.text("title"),
        "link": args.text("link"),
        "emoji": args.text("emoji"),
        "type": "link",
        "date_created": int(slack.clock()),
    }
    _check_bookmark(made)
    channel.bookmarks[key] = made
    text = f'<@{BOT_USER}> added the bookmark "{made["title"]}"'
    slack.system(channel, "bookmark", BOT_USER, text)
    return {"bookmark": made}


def _bookmark(slack: FakeSlack, args: Args) -> tuple[Channel, Json]:
    channel = _bookmark_channel(slack, args)
    found = channel.bookmarks.get(args.need("bookmark_id"))
    if found is None:
        raise SlackError("not_found")
    return channel, found


@method("bookmarks.edit")
def edit_bookmark(slack: FakeSlack, args: Args) -> Json:
    _, found = _bookmark(slack, args)
    changed = {key: args.text(key) for key in ("title", "link", "emoji") if args.text(key)}
    if not changed:
        raise invalid("nothing to change")
    _check_bookmark({**found, **changed})
    found.update(changed)
    return {"bookmark": found}


@method("bookmarks.list")
def bookmarks(slack: FakeSlack, args: Args) -> Json:
    return {"bookmarks": list(_bookmark_channel(slack, args).bookmarks.values())}


@method("bookmarks.remove")
def remove_bookmark(slack: FakeSlack, args: Args) -> Json:
    channel, found = _bookmark(slack, args)
    del channel.bookmarks[found["id"]]
    return {}


def reacted(slack: FakeSlack, channel: Channel, message: Message, by: str, emoji: str) -> None:
    message.reactions.setdefault(emoji, []).append(by)
    _told_of_reaction(slack, "reaction_added", channel, message, by, emoji)


def unreacted(slack: FakeSlack, channel: Channel, message: Message, by: str, emoji: str) -> None:
    message.reactions[emoji].remove(by)
    if not message.reactions[emoji]:
        del message.reactions[emoji]
    _told_of_reaction(slack, "reaction_removed", channel, message, by, emoji)


def _told_of_reaction(
    slack: FakeSlack, kind: str, channel: Channel, message: Message, by: str, emoji: str
) -> None:
    item = {"type": "message", "channel": channel.id, "ts": message.ts}
    body = {"user": by, "reaction": emoji, "item": item, "item_user": message.user}
    slack.emit(kind, channel, body)


@method("reactions.add")
def react(slack: FakeSlack, args: Args) -> Json:
    channel, message = _message(slack, args)
    name = args.need("name").strip(":")
    if not re.fullmatch(r"[\w+'-]{1,100}(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    if BOT_USER in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    reacted(slack, channel, message, BOT_USER, name)
    return {}


@method("reactions.remove")
def unreact(slack: FakeSlack, args: Args) -> Json:
    channel, message = _message(slack, args)
    name = args.need("name").strip(":")
    if BOT_USER not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    unreacted(slack, channel, message, BOT_USER, name)
    return {}


@method("reactions.get")
def reactions(slack: FakeSlack, args: Args) -> Json:
    channel, message = _message(slack, args)
    return {"type": "message", "channel": channel.id, "message": message.json()}
