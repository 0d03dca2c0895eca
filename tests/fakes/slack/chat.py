"""chat.*: posting, editing, deleting, whispering; and what may be posted at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.args import Args, alive, method, plain_channel
from tests.fakes.slack.blocks import check_message
from tests.fakes.slack.model import BOT, BOT_USER, DOMAIN, Channel, Ephemeral, Json, Kind, Message
from tests.fakes.slack.model import SlackError as Refusal

if TYPE_CHECKING:
    from tests.fakes.slack.workspace import FakeSlack

CUT_AT = 40_000
LONGEST_EDIT = 4_000


def _attachments(args: Args) -> list[Json]:
    found: list[Json] = args.structure("attachments", "invalid_attachments") or []
    if len(found) > 100:
        raise Refusal("too_many_attachments")
    for attachment in found:
        check_message(attachment.get("blocks"))
    return found


def _metadata(args: Args) -> Json | None:
    found = args.structure("metadata", "invalid_metadata_format")
    if found is None:
        return None
    kind, payload = found.get("event_type"), found.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise Refusal("invalid_metadata_schema")
    if len(json.dumps(found)) > 8_000:
        raise Refusal("metadata_too_large")
    return dict(found)


def body_of(args: Args) -> tuple[str, list[Json], list[Json]]:
    """Text, blocks and attachments of what is to be shown. Raises ``no_text`` and Block Kit's errors."""
    blocks = check_message(args.structure("blocks", "invalid_blocks_format"))
    attachments = _attachments(args)
    text = args.text("text")
    if not text.strip() and not blocks and not attachments:
        raise Refusal("no_text")
    return text, blocks, attachments


def _target(slack: FakeSlack, args: Args) -> Channel:
    """Where a post goes: an id, a person's id (their direct conversation), or ``#name``."""
    name = args.need("channel")
    user = slack.users.get(name)
    if user is not None:
        if user.deleted:
            raise Refusal("channel_not_found")
        return slack.direct(name)
    by_name = [c for c in slack.channels.values() if c.kind is Kind.PUBLIC and f"#{c.name}" == name]
    channel = by_name[0] if by_name else slack.channels.get(name)
    if channel is None or (channel.private and BOT_USER not in channel.members):
        raise Refusal("channel_not_found")
    if channel.kind is Kind.PUBLIC and "chat:write.public" in slack.scopes:
        if channel.archived:
            raise Refusal("is_archived")
        return channel
    return alive(channel)


@method("chat.postMessage")
def post_message(slack: FakeSlack, args: Args) -> Json:
    channel = _target(slack, args)
    text, blocks, attachments = body_of(args)
    metadata, thread = _metadata(args), args.text("thread_ts")
    if thread and thread not in channel.messages:
        raise Refusal("thread_not_found")
    message = Message(
        slack.stamp(), channel.id, BOT_USER, text[:CUT_AT], blocks, attachments,
        bot=True, thread=thread, metadata=metadata,
    )  # fmt: skip
    slack.write(channel, message)
    return {"channel": channel.id, "ts": message.ts, "message": message.json(with_metadata=True)}


def _own(slack: FakeSlack, args: Args, wrong: str) -> tuple[Channel, Message]:
    channel = plain_channel(slack, args)
    message = channel.messages.get(args.need("ts"))
    if message is None:
        raise Refusal("message_not_found")
    if message.user != BOT_USER or message.subtype:
        raise Refusal(wrong)
    return channel, message


@method("chat.update")
def update(slack: FakeSlack, args: Args) -> Json:
    channel, message = _own(slack, args, "cant_update_message")
    if len(args.text("text")) > LONGEST_EDIT:
        raise Refusal("msg_too_long")
    text, blocks, attachments = body_of(args)
    metadata, before = _metadata(args), message.json()
    message.text, message.blocks, message.attachments = text, blocks, attachments
    # Unlike a post, an edit is parsed as if typed in a client, unless it says otherwise.
    message.loose = args.text("parse", "client") != "none"
    message.metadata = message.metadata if metadata is None else metadata
    message.edits += 1
    message.edited = slack.stamp()
    slack.rewritten(channel, message, before)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": text,
        "message": message.json(with_metadata=True),
    }


@method("chat.delete")
def delete(slack: FakeSlack, args: Args) -> Json:
    channel, message = _own(slack, args, "cant_delete_message")
    slack.removed(channel, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral")
def post_ephemeral(slack: FakeSlack, args: Args) -> Json:
    channel = plain_channel(slack, args)
    user = args.need("user")
    text, blocks, _ = body_of(args)
    if user not in channel.members:
        raise Refusal("user_not_in_channel")
    shown = Ephemeral(slack.stamp(), channel.id, user, text, blocks, "chat.postEphemeral")
    slack.ephemerals.append(shown)
    return {"message_ts": shown.ts}


@method("chat.getPermalink")
def permalink(slack: FakeSlack, args: Args) -> Json:
    channel = slack.channels.get(args.need("channel"))
    if channel is None or (channel.private and BOT_USER not in channel.members):
        raise Refusal("channel_not_found")
    ts = args.need("message_ts")
    if ts not in channel.messages:
        raise Refusal("message_not_found")
    link = f"https://{DOMAIN}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def respond(slack: FakeSlack, key: str, given: Any) -> Json:
    """A post to a response address: five times, for thirty minutes."""
    found = slack.response_urls.get(key)
    if found is None or slack.clock() - found.at > 1800:
        raise Refusal("expired_url")
    if found.uses >= 5:
        raise Refusal("used_url")
    if not isinstance(given, dict):
        raise Refusal("invalid_payload")
    found.uses += 1
    args = Args(given)
    if args.flag("delete_original"):
        return _deleted(slack, found.about)
    text, blocks, attachments = body_of(args)
    if args.flag("replace_original") and found.about:
        return _replaced(slack, found.channel, found.about, (text, blocks))
    channel = slack.channels[found.channel]
    if args.text("response_type") == "in_channel":
        message = Message(slack.stamp(), channel.id, BOT_USER, text, blocks, attachments, bot=True)
        slack.write(channel, message)
        return {}
    shown = Ephemeral(slack.stamp(), channel.id, found.user, text, blocks, "response_url")
    slack.ephemerals.append(shown)
    found.delivery.shown.append(shown)
    return {}


def _ephemeral(slack: FakeSlack, ts: str) -> Ephemeral | None:
    return next((each for each in slack.ephemerals if each.ts == ts), None)


def _deleted(slack: FakeSlack, about: str) -> Json:
    shown = _ephemeral(slack, about)
    if shown is not None:
        shown.gone = True
    for channel in slack.channels.values():
        message = channel.messages.get(about)
        if message is not None and message.user == BOT_USER:
            slack.removed(channel, message)
    return {}


def _replaced(slack: FakeSlack, where: str, about: str, now: tuple[str, list[Json]]) -> Json:
    shown = _ephemeral(slack, about)
    if shown is not None:
        shown.text, shown.blocks = now
        shown.replaced += 1
        return {}
    channel = slack.channels[where]
    message = channel.messages.get(about)
    if message is None:
        raise Refusal("message_not_found")
    before = message.json()
    message.text, message.blocks = now
    message.edits += 1
    slack.rewritten(channel, message, before)
    return {}


def acknowledged_with(slack: FakeSlack, channel: str, user: str, ack: Json) -> Ephemeral | None:
    """What a command's acknowledgement shows the person, when it holds words. BOT answers."""
    if not ack or not (ack.get("text") or ack.get("blocks") or ack.get("attachments")):
        return None
    text, blocks, attachments = body_of(Args(ack))
    if ack.get("response_type") == "in_channel":
        where = slack.channels[channel]
        message = Message(
            slack.stamp(), channel, BOT_USER, text, blocks, attachments, bot=bool(BOT)
        )
        slack.write(where, message)
        return None
    shown = Ephemeral(slack.stamp(), channel, user, text, blocks, "ack")
    slack.ephemerals.append(shown)
    return shown
