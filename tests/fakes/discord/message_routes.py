"""End points of messages, pins and reactions."""

from __future__ import annotations

from urllib.parse import unquote

from tests.fakes.discord import errors, posting, shape
from tests.fakes.discord.model import Channel, Intent, Json, Kind, May, Message
from tests.fakes.discord.routing import Answer, Call, route


def _shown(call: Call, message: Message) -> Json:
    blind = not call.world.granted & Intent.MESSAGE_CONTENT
    return shape.message(call.world, message, blind=blind)


def _writable(call: Call) -> Channel:
    found = call.channel()
    direct = found.kind == Kind.DM
    if direct and found.recipient is not None and not found.recipient.takes_direct:
        raise errors.Refusal(403, 50007, "Cannot send messages to this user")
    needs = May.SEND_MESSAGES_IN_THREADS if found.thread else May.SEND_MESSAGES
    call.world.may(call.world.me.id, found, needs)
    if found.locked and found.archived:
        raise errors.Refusal(400, 50083, "Thread is archived")
    return found


@route("POST", "/channels/{channel_id}/messages")
async def create(call: Call) -> Answer:
    found = _writable(call)
    if (
        call.body.get("embeds")
        and not call.world.permissions(call.world.me.id, found) & May.EMBED_LINKS
    ):
        raise errors.no_permission()
    made = posting.post(call.world, call.gateway, found, call.world.me, call.body)
    return 200, _shown(call, made)


@route("GET", "/channels/{channel_id}/messages")
async def history(call: Call) -> Answer:
    """Newest first, at most 100. Without READ_MESSAGE_HISTORY there is nothing."""
    found = call.channel()
    limit = int(call.query.get("limit", 50))
    if not 1 <= limit <= 100:
        raise errors.form(
            "limit", "NUMBER_TYPE_MAX", "int value should be less than or equal to 100."
        )
    if not call.world.permissions(call.world.me.id, found) & May.READ_MESSAGE_HISTORY:
        return 200, []
    seen = [m for m in found.messages.values() if not m.deleted and not m.ephemeral]
    after, before = int(call.query.get("after", 0)), int(call.query.get("before", 1 << 63))
    seen = sorted((m for m in seen if after < m.id < before), key=lambda m: m.id)
    page = seen[:limit] if "after" in call.query else seen[-limit:]
    return 200, [_shown(call, one) for one in reversed(page)]


@route("GET", "/channels/{channel_id}/messages/pins")
async def pins(call: Call) -> Answer:
    found = call.channel(May.READ_MESSAGE_HISTORY)
    limit = int(call.query.get("limit", 50))
    items = sorted(found.pins.items(), key=lambda item: item[1], reverse=True)
    told = [
        {"pinned_at": at.isoformat(), "message": _shown(call, found.messages[one])}
        for one, at in items
    ]
    return 200, {"items": told[:limit], "has_more": len(told) > limit}


@route("GET", "/channels/{channel_id}/pins")
async def old_pins(call: Call) -> Answer:
    found = call.channel(May.READ_MESSAGE_HISTORY)
    return 200, [_shown(call, found.messages[one]) for one in reversed(found.pins)][:50]


@route("GET", "/channels/{channel_id}/messages/{message_id}")
async def get(call: Call) -> Answer:
    found = call.channel(May.READ_MESSAGE_HISTORY)
    return 200, _shown(call, call.message(found))


@route("PATCH", "/channels/{channel_id}/messages/{message_id}")
async def edit(call: Call) -> Answer:
    found = call.channel()
    message = call.message(found)
    if message.author is not call.world.me:
        raise errors.Refusal(403, 50005, "Cannot edit a message authored by another user")
    posting.edit(call.world, call.gateway, found, message, call.body)
    return 200, _shown(call, message)


@route("DELETE", "/channels/{channel_id}/messages/{message_id}")
async def delete(call: Call) -> Answer:
    found = call.channel()
    message = call.message(found)
    if message.author is not call.world.me:
        call.world.may(call.world.me.id, found, May.MANAGE_MESSAGES)
    posting.delete(call.world, call.gateway, found, message)
    return 204, None


@route("PUT", "/channels/{channel_id}/messages/pins/{message_id}")
@route("PUT", "/channels/{channel_id}/pins/{message_id}")
async def pin(call: Call) -> Answer:
    found = call.channel(May.PIN_MESSAGES, May.READ_MESSAGE_HISTORY)
    posting.pin(call.world, call.gateway, found, call.message(found), call.world.me)
    return 204, None


@route("DELETE", "/channels/{channel_id}/messages/pins/{message_id}")
@route("DELETE", "/channels/{channel_id}/pins/{message_id}")
async def unpin(call: Call) -> Answer:
    found = call.channel(May.PIN_MESSAGES)
    posting.unpin(call.world, call.gateway, found, call.message(found))
    return 204, None


# --- reactions -------------------------------------------------------------------------------


def react(call: Call, channel: Channel, message: Message, emoji: str, person: int) -> None:
    """Idempotent. Raises 30010 at the twenty-first kind."""
    who = message.reactions.setdefault(emoji, [])
    if len([one for one in message.reactions.values() if one]) >= 20 and not who:
        raise errors.Refusal(400, 30010, "Maximum number of reactions reached (20)")
    if person not in who:
        who.append(person)
        _tell(call, "MESSAGE_REACTION_ADD", channel, message, emoji, person)


def unreact(call: Call, channel: Channel, message: Message, emoji: str, person: int) -> None:
    who = message.reactions.get(emoji, [])
    if person in who:
        who.remove(person)
        _tell(call, "MESSAGE_REACTION_REMOVE", channel, message, emoji, person)


def _tell(
    call: Call, event: str, channel: Channel, message: Message, emoji: str, person: int
) -> None:
    world, direct = call.world, channel.kind == Kind.DM
    if not world.sees(world.me.id, channel):
        return
    told: Json = {
        "user_id": str(person), "channel_id": str(channel.id), "message_id": str(message.id),
        "emoji": {"id": None, "name": emoji}, "burst": False, "type": 0,
        "message_author_id": str(message.author.id),
    }  # fmt: skip
    if not direct:
        told["guild_id"] = str(world.guild)
        if event.endswith("ADD") and person in world.members:
            told["member"] = shape.member(world.members[person])
    needs = Intent.DIRECT_REACTIONS if direct else Intent.GUILD_REACTIONS
    call.gateway.tell(event, told, needs=needs)


@route("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me")
async def add_reaction(call: Call) -> Answer:
    found = call.channel(May.READ_MESSAGE_HISTORY, May.ADD_REACTIONS)
    react(call, found, call.message(found), unquote(call.path["emoji"]), call.world.me.id)
    return 204, None


@route("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/{who}")
async def remove_reaction(call: Call) -> Answer:
    found, mine = call.channel(), call.path["who"] == "@me"
    if not mine:
        call.world.may(call.world.me.id, found, May.MANAGE_MESSAGES)
    person = call.world.me.id if mine else call.id("who")
    unreact(call, found, call.message(found), unquote(call.path["emoji"]), person)
    return 204, None


@route("GET", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}")
async def reactions(call: Call) -> Answer:
    found = call.channel(May.READ_MESSAGE_HISTORY)
    who = call.message(found).reactions.get(unquote(call.path["emoji"]), [])
    return 200, [shape.user(call.world.users[one]) for one in who]
