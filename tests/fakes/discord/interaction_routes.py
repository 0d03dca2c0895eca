"""End points through which an interaction is answered, now and for a quarter of an hour."""

from __future__ import annotations

from tests.fakes.discord import checks, posting, shape
from tests.fakes.discord.errors import unknown
from tests.fakes.discord.interactions import COMPONENT, SUBMIT, Interaction
from tests.fakes.discord.model import LOADING, Channel, Json, Message
from tests.fakes.discord.routing import Answer, Call, route

_SAY, _DEFER, _UPDATE = 4, 5, 7


@route("POST", "/interactions/{webhook_id}/{webhook_token}/callback", free=True)
async def callback(call: Call) -> Answer:
    found = call.stage.interactions.acknowledge(
        call.id("webhook_id"), call.path["webhook_token"], call.body
    )
    channel = call.world.channels[found.channel]
    data = call.body.get("data") or {}
    if found.answer == _SAY:
        found.original = _say(call, found, channel, data)
    elif found.answer == _UPDATE and found.on is not None:
        posting.edit(call.world, call.gateway, channel, found.on, data)
        found.original = found.on
    elif found.kind in {COMPONENT, SUBMIT} and found.deferred and found.answer != _DEFER:
        found.original = found.on
    found.changed.set()
    return (200, _told(call, found)) if call.query.get("with_response") else (204, None)


def _told(call: Call, found: Interaction) -> Json:
    ephemeral = bool(found.flags & 64)
    about: Json = {
        "id": str(found.id), "type": found.kind, "channel_id": str(found.channel),
        "response_message_ephemeral": ephemeral, "response_message_loading": found.answer == _DEFER,
    }  # fmt: skip
    resource: Json = {"type": found.answer}
    if found.original is not None:
        about["response_message_id"] = str(found.original.id)
        resource["message"] = shape.message(call.world, found.original)
    elif found.answer == _DEFER:
        about["response_message_id"] = str(found.id)
    return {"interaction": about, "resource": resource}


def _say(call: Call, found: Interaction, channel: Channel, body: Json) -> Message:
    """A message by the application; one that only the person sees is in no history."""
    made = Message(call.world.new_id(), channel.id, call.world.me, webhook=call.world.me.id)
    made.interaction, made.seen_by = found.id, found.person
    posting.fill(call.world, channel, made, body)
    posting.keep(call.gateway, channel, made)
    return made


@route("POST", "/webhooks/{webhook_id}/{webhook_token}", free=True)
async def follow_up(call: Call) -> Answer:
    found = call.stage.interactions.by_token(call.path["webhook_token"])
    checks.message(call.body)
    first = found.answer == _DEFER and found.original is None
    flags = call.stage.interactions.inherits(found, call.body.get("flags") or 0)
    made = _say(call, found, call.world.channels[found.channel], {**call.body, "flags": flags})
    if first:
        found.original = made
    else:
        found.followups.append(made)
    found.changed.set()
    return 200, shape.message(call.world, made)


def _answered(call: Call, found: Interaction) -> Message:
    """The message of the path. Raises 10008."""
    wanted = call.path["message_id"]
    if wanted == "@original":
        if found.original is None or found.original.deleted:
            raise unknown("Message")
        return found.original
    for one in found.messages:
        if str(one.id) == wanted and not one.deleted:
            return one
    raise unknown("Message")


@route("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", free=True)
async def get(call: Call) -> Answer:
    found = call.stage.interactions.by_token(call.path["webhook_token"])
    if found.answer == _DEFER and found.original is None and call.path["message_id"] == "@original":
        waiting = Message(found.id, found.channel, call.world.me, flags=LOADING | found.flags)
        return 200, shape.message(call.world, waiting)
    return 200, shape.message(call.world, _answered(call, found))


@route("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", free=True)
async def edit(call: Call) -> Answer:
    """Editing the original of a deferral is answering it."""
    found = call.stage.interactions.by_token(call.path["webhook_token"])
    channel = call.world.channels[found.channel]
    if found.answer == _DEFER and found.original is None and call.path["message_id"] == "@original":
        checks.message(call.body)
        flags = call.stage.interactions.inherits(found, call.body.get("flags") or 0)
        found.original = _say(call, found, channel, {**call.body, "flags": flags})
        told = found.original
    else:
        told = _answered(call, found)
        posting.edit(call.world, call.gateway, channel, told, call.body)
    found.changed.set()
    return 200, shape.message(call.world, told)


@route("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", free=True)
async def delete(call: Call) -> Answer:
    found = call.stage.interactions.by_token(call.path["webhook_token"])
    told = _answered(call, found)
    posting.delete(call.world, call.gateway, call.world.channels[found.channel], told)
    return 204, None
