"""conversations.*: making, naming, describing and reading channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.slack.args import Args, method, own_channel, page, seen_channel
from tests.fakes.slack.model import (
    BOT_USER,
    Channel,
    Json,
    Kind,
    Message,
    SlackError,
    check_name,
    invalid,
)
from tests.fakes.slack.scopes import of_kind, require

if TYPE_CHECKING:
    from tests.fakes.slack.workspace import FakeSlack


def _free(slack: FakeSlack, name: str) -> None:
    """Names are unique among all channels, archived ones too, and user groups' and people's own."""
    if any(channel.name == name for channel in slack.channels.values()):
        raise SlackError("name_taken")
    if any(group.handle == name for group in slack.groups.values()):
        raise SlackError("name_taken")


@method("conversations.create")
def create(slack: FakeSlack, args: Args) -> Json:
    kind = Kind.PRIVATE if args.flag("is_private") else Kind.PUBLIC
    require(slack.scopes, *of_kind("manage", kind))
    name = args.text("name")
    check_name(name)
    _free(slack, name)
    channel = slack.add_channel(name, BOT_USER, kind=kind, creator=BOT_USER)
    slack.system(channel, "channel_join", BOT_USER, f"<@{BOT_USER}> has joined the channel")
    slack.emit("channel_created", None, {"channel": channel.json()})
    return {"channel": channel.json()}


def _described(slack: FakeSlack, args: Args, what: str) -> tuple[Channel, str]:
    channel = own_channel(slack, args, "topic")
    if channel.kind is Kind.IM:
        raise SlackError("method_not_supported_for_channel_type")
    value = args.text(what)
    if len(value) > 250:
        raise SlackError("too_long")
    return channel, value


@method("conversations.setTopic")
def set_topic(slack: FakeSlack, args: Args) -> Json:
    channel, topic = _described(slack, args, "topic")
    channel.topic, channel.topic_by = topic, BOT_USER
    slack.system(
        channel, "channel_topic", BOT_USER, f"<@{BOT_USER}> set the channel topic: {channel.topic}"
    )
    return {"channel": channel.json()}


@method("conversations.setPurpose")
def set_purpose(slack: FakeSlack, args: Args) -> Json:
    channel, purpose = _described(slack, args, "purpose")
    channel.purpose = purpose
    text = f"<@{BOT_USER}> set the channel description: {channel.purpose}"
    slack.system(channel, "channel_purpose", BOT_USER, text)
    return {"channel": channel.json(), "purpose": channel.purpose}


@method("conversations.rename")
def rename(slack: FakeSlack, args: Args) -> Json:
    channel = own_channel(slack, args, "manage")
    if channel.creator != BOT_USER:
        raise SlackError("not_authorized")
    name = args.text("name")
    check_name(name)
    if name != channel.name:
        _free(slack, name)
        renamed(slack, channel, name, BOT_USER)
    return {"channel": channel.json()}


def renamed(slack: FakeSlack, channel: Channel, name: str, by: str) -> None:
    channel.previous.insert(0, channel.name)
    old, channel.name = channel.name, name
    text = f'has renamed the channel from "{old}" to "{name}"'
    slack.system(channel, "channel_name", by, text)
    about = {"id": channel.id, "name": name, "created": int(channel.created)}
    kind = "channel_rename" if channel.kind is Kind.PUBLIC else "group_rename"
    slack.emit(kind, channel, {"channel": about})


@method("conversations.archive")
def archive(slack: FakeSlack, args: Args) -> Json:
    channel = seen_channel(slack, args, "manage")
    if channel.archived:
        raise SlackError("already_archived")
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    archived(slack, channel, BOT_USER)
    return {}


def archived(slack: FakeSlack, channel: Channel, by: str) -> None:
    slack.system(channel, "channel_archive", by, "archived the channel")
    kind = "channel_archive" if channel.kind is Kind.PUBLIC else "group_archive"
    slack.emit(kind, channel, {"channel": channel.id, "user": by})
    channel.archived = True


@method("conversations.unarchive")
def unarchive(slack: FakeSlack, args: Args) -> Json:
    """Slack lets no bot do this: it is no longer in the channel that it archived."""
    channel = seen_channel(slack, args, "manage")
    if not channel.archived:
        raise SlackError("not_archived")
    raise SlackError("not_in_channel")


@method("conversations.list")
def list_all(slack: FakeSlack, args: Args) -> Json:
    return _listed(slack, args, list(slack.channels.values()))


@method("users.conversations")
def of_user(slack: FakeSlack, args: Args) -> Json:
    user = args.text("user", BOT_USER)
    mine = [channel for channel in slack.channels.values() if user in channel.members]
    return _listed(slack, args, mine)


def _listed(slack: FakeSlack, args: Args, channels: list[Channel]) -> Json:
    try:
        kinds = {Kind(name) for name in args.names("types") or ["public_channel"]}
    except ValueError:
        raise SlackError("invalid_types") from None
    for kind in kinds:
        require(slack.scopes, *of_kind("read", kind))
    found = [
        channel
        for channel in channels
        if channel.kind in kinds
        and (not channel.private or BOT_USER in channel.members)
        and not (args.flag("exclude_archived") and channel.archived)
    ]
    items, after = page(found, args)
    return {"channels": [channel.json() for channel in items], **after}


@method("conversations.info")
def info(slack: FakeSlack, args: Args) -> Json:
    return {"channel": seen_channel(slack, args, "read").json()}


@method("conversations.history")
def history(slack: FakeSlack, args: Args) -> Json:
    channel = _readable(slack, args)
    messages = [m for m in _shown(slack, channel) if not m.thread or m.thread == m.ts]
    return _messages(messages[::-1], args)


@method("conversations.replies")
def replies(slack: FakeSlack, args: Args) -> Json:
    channel = _readable(slack, args)
    parent = args.need("ts")
    if parent not in channel.messages:
        raise SlackError("thread_not_found")
    thread = [m for m in _shown(slack, channel) if parent in {m.ts, m.thread}]
    return _messages(thread, args)


def _readable(slack: FakeSlack, args: Args) -> Channel:
    channel = seen_channel(slack, args, "history")
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _shown(slack: FakeSlack, channel: Channel) -> list[Message]:
    now = slack.clock()
    return [message for message in channel.messages.values() if message.visible <= now]


def _messages(messages: list[Message], args: Args) -> Json:
    oldest, latest = args.text("oldest"), args.text("latest")
    inclusive = args.flag("inclusive")
    try:
        first, last = float(oldest or 0), float(latest or "inf")
    except ValueError:
        raise SlackError("invalid_ts_oldest") from None
    inside = [
        m
        for m in messages
        if first < float(m.ts) < last or (inclusive and float(m.ts) in {first, last})
    ]
    items, after = page(inside, args)
    return {
        "messages": [m.json(with_metadata=args.flag("include_all_metadata")) for m in items],
        "has_more": bool(after["response_metadata"]["next_cursor"]),
        **after,
    }


@method("conversations.open")
def open_direct(slack: FakeSlack, args: Args) -> Json:
    users = args.names("users")
    if not users and not args.text("channel"):
        raise SlackError("users_list_not_supplied")
    require(slack.scopes, *of_kind("manage", Kind.IM if len(users) == 1 else Kind.MPIM))
    for user in users:
        found = slack.users.get(user)
        if found is None:
            raise SlackError("user_not_found")
        if found.deleted:
            raise SlackError("user_disabled")
        if found.bot:
            raise SlackError("cannot_dm_bot")
    if len(users) > 1:
        raise invalid("the fake knows no conversations of several")
    channel = slack.direct(users[0])
    full = channel.json() if args.flag("return_im") else {"id": channel.id}
    return {"channel": full, "no_op": True, "already_open": True}
