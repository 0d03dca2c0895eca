"""conversations.invite, join, kick, leave, members: who is in a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.slack.args import Args, known_user, method, own_channel, page, seen_channel
from tests.fakes.slack.model import BOT_USER, Channel, Json, Kind, SlackError

if TYPE_CHECKING:
    from tests.fakes.slack.workspace import FakeSlack

MOST_AT_ONCE = 100


def joined(slack: FakeSlack, channel: Channel, user: str, inviter: str = "") -> None:
    """Somebody is in from now on; Slack leaves a line."""
    channel.members.append(user)
    subtype = "channel_join" if channel.kind is Kind.PUBLIC else "group_join"
    slack.system(channel, subtype, user, f"<@{user}> has joined the channel")
    about = {"user": user, "channel": channel.id, "channel_type": "C", "inviter": inviter}
    slack.emit("member_joined_channel", channel, about)


def left(slack: FakeSlack, channel: Channel, user: str) -> None:
    about = {"user": user, "channel": channel.id, "channel_type": "C"}
    slack.emit("member_left_channel", channel, about)
    channel.members.remove(user)


def why_not(slack: FakeSlack, channel: Channel, user: str) -> str:
    """Slack's code for why this person cannot be invited, or nothing."""
    if user == BOT_USER:
        return "cant_invite_self"
    found = slack.users.get(user)
    if found is None:
        return "user_not_found"
    reasons = {
        "user_not_found": found.deleted,
        "already_in_channel": user in channel.members,
        "ura_max_channels": found.ultra_restricted,
        "user_is_restricted": found.restricted,
        "cant_invite": found.stranger,
    }
    return next((code for code, holds in reasons.items() if holds), "")


@method("conversations.invite")
def invite(slack: FakeSlack, args: Args) -> Json:
    """Without ``force`` one who cannot be invited fails all; with it the others come in."""
    channel = own_channel(slack, args, "invite")
    if channel.kind in {Kind.IM, Kind.MPIM}:
        raise SlackError("method_not_supported_for_channel_type")
    users = list(dict.fromkeys(args.names("users")))
    if not users:
        raise SlackError("no_user")
    if len(users) > MOST_AT_ONCE:
        raise SlackError("too_many_users")
    refused = {user: why for user in users if (why := why_not(slack, channel, user))}
    errors = [{"user": user, "ok": False, "error": why} for user, why in refused.items()]
    if refused and (not args.flag("force") or len(refused) == len(users)):
        raise SlackError(next(iter(refused.values())), errors=errors)
    for user in users:
        if user not in refused:
            joined(slack, channel, user, BOT_USER)
    return {"channel": channel.json(), **({"errors": errors} if errors else {})}


@method("conversations.join")
def join(slack: FakeSlack, args: Args) -> Json:
    channel = slack.channels.get(args.need("channel"))
    if channel is None or (channel.private and BOT_USER not in channel.members):
        raise SlackError("channel_not_found")
    if channel.archived:
        raise SlackError("is_archived")
    if channel.private:
        raise SlackError("method_not_supported_for_channel_type")
    if BOT_USER in channel.members:
        return {"channel": channel.json(), "warning": "already_in_channel"}
    joined(slack, channel, BOT_USER)
    return {"channel": channel.json()}


@method("conversations.leave")
def leave(slack: FakeSlack, args: Args) -> Json:
    channel = seen_channel(slack, args, "manage")
    if BOT_USER not in channel.members:
        return {"not_in_channel": True}
    left(slack, channel, BOT_USER)
    return {}


@method("conversations.kick")
def kick(slack: FakeSlack, args: Args) -> Json:
    channel = own_channel(slack, args, "manage")
    user = known_user(slack, args.need("user")).id
    if user == BOT_USER:
        raise SlackError("cant_kick_self")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    left(slack, channel, user)
    return {}


@method("conversations.members")
def members(slack: FakeSlack, args: Args) -> Json:
    channel = seen_channel(slack, args, "read")
    items, after = page(list(channel.members), args)
    return {"members": items, **after}
