"""End points of channels: made, changed, deleted; overwrites; threads and forum posts; conversations."""

from __future__ import annotations

from tests.fakes.discord import checks, errors, posting, shape
from tests.fakes.discord.model import (
    ALL,
    THREADS,
    Channel,
    Intent,
    Json,
    Kind,
    May,
    Overwrite,
)
from tests.fakes.discord.routing import Answer, Call, route

GUILD_CHANNELS, CATEGORY_CHANNELS, ACTIVE_THREADS = 500, 50, 1000


@route("GET", "/channels/{channel_id}")
async def get(call: Call) -> Answer:
    return 200, shape.channel(call.world, call.channel())


@route("POST", "/guilds/{guild_id}/channels")
async def create(call: Call) -> Answer:
    call.guild()
    world, body = call.world, call.body
    kind = Kind(body.get("type", 0))
    if not world.guild_permissions(world.me.id) & May.MANAGE_CHANNELS:
        raise errors.no_permission()
    name = checks.channel_name(body.get("name"), plain=kind == Kind.CATEGORY)
    if body.get("topic") is not None:
        errors.length("topic", body["topic"], 1024)
    if len(world.places()) >= GUILD_CHANNELS:
        told = f"Maximum number of guild channels reached ({GUILD_CHANNELS})"
        raise errors.Refusal(400, 30013, told)
    made = Channel(world.new_id(), kind, name, body.get("topic"), position=len(world.channels))
    parent = _parent(call, body.get("parent_id"))
    made.parent = None if parent is None else parent.id
    given = body.get("permission_overwrites")
    made.overwrites = (
        _overwrites(call, given) if given else dict(parent.overwrites if parent else {})
    )
    made.tags = body.get("available_tags") or []
    world.channels[made.id] = made
    call.gateway.tell_channel("CHANNEL_CREATE", made)
    return 201, shape.channel(world, made)


def _parent(call: Call, wanted: str | None) -> Channel | None:
    if wanted is None:
        return None
    world = call.world
    parent = world.channels.get(int(wanted))
    if parent is None or parent.deleted or parent.kind != Kind.CATEGORY:
        raise errors.form("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist")
    world.may(world.me.id, parent, May.MANAGE_CHANNELS)
    if len([c for c in world.places() if c.parent == parent.id]) >= CATEGORY_CHANNELS:
        told = f"Maximum number of channels in category reached ({CATEGORY_CHANNELS})"
        raise errors.form("parent_id", "CHANNEL_PARENT_MAX_CHANNELS", told)
    return parent


def _overwrites(call: Call, given: list[Json]) -> dict[int, Overwrite]:
    """One may give and take only what one has; MANAGE_ROLES in a channel is for administrators."""
    have = call.world.guild_permissions(call.world.me.id)
    made: dict[int, Overwrite] = {}
    for at, one in enumerate(errors.count("permission_overwrites", given, 1000)):
        wanted = Overwrite(int(one["id"]), int(one["type"]), int(one.get("allow") or 0), int(one.get("deny") or 0))  # fmt: skip
        if wanted.type == 0 and wanted.id not in call.world.roles:
            raise errors.form(f"permission_overwrites.{at}", "OVERWRITE_UNKNOWN", "Unknown role")
        changed = wanted.allow | wanted.deny
        if have != ALL and (changed & ~have or changed & May.MANAGE_ROLES):
            raise errors.no_permission()
        made[wanted.id] = wanted
    return made


@route("PATCH", "/channels/{channel_id}")
async def edit(call: Call) -> Answer:
    found, body, world = call.channel(), call.body, call.world
    if found.thread:
        return await _edit_thread(call, found)
    world.may(world.me.id, found, May.MANAGE_CHANNELS)
    if body.get("name") is not None:
        body["name"] = checks.channel_name(body["name"], plain=found.kind == Kind.CATEGORY)
    if body.get("topic") is not None:
        errors.length("topic", body["topic"], 1024)
    if "name" in body or "topic" in body:
        call.stage.rates.rename(found.id)
    if "parent_id" in body and body["parent_id"] != (found.parent and str(found.parent)):
        parent = _parent(call, body["parent_id"])
        found.parent = None if parent is None else parent.id
        if body.get("lock_permissions") and parent is not None:
            found.overwrites = dict(parent.overwrites)
    if body.get("permission_overwrites") is not None:
        world.may(world.me.id, found, May.MANAGE_ROLES)
        found.overwrites = _overwrites(call, body["permission_overwrites"])
    found.name, found.topic = body.get("name") or found.name, body.get("topic", found.topic)
    found.topic_edits += "topic" in body
    call.gateway.tell_channel("CHANNEL_UPDATE", found)
    return 200, shape.channel(world, found)


@route("DELETE", "/channels/{channel_id}")
async def delete(call: Call) -> Answer:
    found = call.channel()
    call.world.may(
        call.world.me.id, found, May.MANAGE_THREADS if found.thread else May.MANAGE_CHANNELS
    )
    told = shape.channel(call.world, found)
    call.gateway.tell_channel("THREAD_DELETE" if found.thread else "CHANNEL_DELETE", found)
    found.deleted = True
    for child in call.world.standing():
        if child.parent == found.id:
            child.parent = None
    return 200, told


@route("PUT", "/channels/{channel_id}/permissions/{target}")
async def permit(call: Call) -> Answer:
    found = call.channel(May.MANAGE_ROLES)
    if found.thread or found.kind == Kind.DM:
        raise errors.Refusal(400, 50024, "Cannot execute action on this channel type")
    found.overwrites |= _overwrites(call, [{**call.body, "id": call.path["target"]}])
    call.gateway.tell_channel("CHANNEL_UPDATE", found)
    return 204, None


@route("DELETE", "/channels/{channel_id}/permissions/{target}")
async def forbid(call: Call) -> Answer:
    found = call.channel(May.MANAGE_ROLES)
    if found.overwrites.pop(call.id("target"), None) is None:
        raise errors.unknown("Permission Overwrite")
    call.gateway.tell_channel("CHANNEL_UPDATE", found)
    return 204, None


@route("POST", "/channels/{channel_id}/typing")
async def typing(call: Call) -> Answer:
    call.channel(May.SEND_MESSAGES)
    return 204, None


@route("POST", "/users/@me/channels")
async def converse(call: Call) -> Answer:
    person = int(call.body.get("recipient_id") or 0)
    if person not in call.world.users:
        raise errors.form("recipient_id", "USER_INVALID", "Unknown user")
    if call.world.users[person].bot:
        raise errors.Refusal(400, 50007, "Cannot send messages to this user")
    return 200, shape.channel(call.world, call.world.direct(person))


# --- threads ---------------------------------------------------------------------------------


@route("POST", "/channels/{channel_id}/threads")
async def thread(call: Call) -> Answer:
    """A thread of a text channel, or a post of a forum with its first message."""
    forum = call.world.find_channel(call.id("channel_id")).kind == Kind.FORUM
    private = not forum and call.body.get("type", int(Kind.PRIVATE_THREAD)) == Kind.PRIVATE_THREAD
    needs = May.CREATE_PRIVATE_THREADS if private else May.CREATE_PUBLIC_THREADS
    parent = call.channel(May.SEND_MESSAGES if forum else needs)
    made = _thread(call, parent, Kind.PRIVATE_THREAD if private else Kind.PUBLIC_THREAD)
    told = shape.channel(call.world, made)
    if forum:
        if not call.body.get("message"):
            raise errors.form("message", "BASE_TYPE_REQUIRED", "This field is required")
        checks.message(call.body["message"])
        made.applied = [int(tag) for tag in call.body.get("applied_tags") or ()]
        body = {**call.body["message"], "enforce_nonce": False}
        call.world.channels[made.id] = made
        first = posting.post(call.world, call.gateway, made, call.world.me, body)
        del made.messages[first.id]
        first.id = made.id
        made.messages[made.id] = first
        told = {**shape.channel(call.world, made), "message": shape.message(call.world, first)}
    call.world.channels[made.id] = made
    call.gateway.tell_channel("THREAD_CREATE", made, more={"newly_created": True})
    return 201, told


@route("POST", "/channels/{channel_id}/messages/{message_id}/threads")
async def thread_from(call: Call) -> Answer:
    parent = call.channel(May.CREATE_PUBLIC_THREADS)
    start = call.message(parent)
    if start.id in call.world.channels:
        raise errors.Refusal(400, 160004, "A thread has already been created for this message")
    made = _thread(call, parent, Kind.PUBLIC_THREAD)
    made.id = start.id
    call.world.channels[made.id] = made
    call.gateway.tell_channel("THREAD_CREATE", made, more={"newly_created": True})
    return 201, shape.channel(call.world, made)


def _thread(call: Call, parent: Channel, kind: Kind) -> Channel:
    name = checks.channel_name(call.body.get("name"), plain=True)
    if parent.thread or parent.kind in {Kind.DM, Kind.CATEGORY}:
        raise errors.Refusal(400, 50024, "Cannot execute action on this channel type")
    if len([c for c in call.world.standing() if c.thread and not c.archived]) >= ACTIVE_THREADS:
        raise errors.Refusal(400, 160006, "Maximum number of active threads reached")
    me = call.world.me.id
    return Channel(call.world.new_id(), kind, name, parent=parent.id, owner=me, members={me})


async def _edit_thread(call: Call, found: Channel) -> Answer:
    body = call.body
    if found.owner != call.world.me.id or body.get("locked") is not None:
        call.world.may(call.world.me.id, found, May.MANAGE_THREADS)
    if found.archived and set(body) - {"archived", "locked"} and body.get("archived") is not False:
        raise errors.Refusal(400, 50083, "Thread is archived")
    if body.get("name") is not None:
        found.name = checks.channel_name(body["name"], plain=True)
        call.stage.rates.rename(found.id)
    found.archived = body.get("archived", found.archived)
    found.locked = body.get("locked", found.locked)
    found.applied = [int(tag) for tag in body.get("applied_tags", found.applied)]
    call.gateway.tell_channel("THREAD_UPDATE", found)
    return 200, shape.channel(call.world, found)


@route("PUT", "/channels/{channel_id}/thread-members/@me")
async def join(call: Call) -> Answer:
    call.channel().members.add(call.world.me.id)
    return 204, None


@route("PUT", "/channels/{channel_id}/thread-members/{user_id}")
async def add(call: Call) -> Answer:
    found, person = call.channel(May.SEND_MESSAGES_IN_THREADS), call.id("user_id")
    if person not in call.world.members:
        raise errors.unknown("Member")
    found.members.add(person)
    return 204, None


@route("DELETE", "/channels/{channel_id}/thread-members/{user_id}")
async def remove(call: Call) -> Answer:
    call.channel(May.MANAGE_THREADS).members.discard(call.id("user_id"))
    return 204, None


@route("GET", "/channels/{channel_id}/thread-members")
async def thread_members(call: Call) -> Answer:
    found = call.channel()
    if not call.world.granted & Intent.MEMBERS:
        raise errors.no_access()
    at = shape.born(found.id)
    ids = {"id": str(found.id), "join_timestamp": at, "flags": 0}
    return 200, [{**ids, "user_id": str(person)} for person in found.members]


@route("GET", "/guilds/{guild_id}/threads/active")
async def active(call: Call) -> Answer:
    call.guild()
    return 200, _threads(call, [c for c in call.world.standing() if c.thread and not c.archived])


@route("GET", "/channels/{channel_id}/threads/archived/{kind}")
async def archived(call: Call) -> Answer:
    parent = call.channel(May.READ_MESSAGE_HISTORY)
    kind = Kind.PRIVATE_THREAD if call.path["kind"] == "private" else Kind.PUBLIC_THREAD
    found = [c for c in call.world.standing() if c.parent == parent.id and c.archived]
    return 200, {
        **_threads(call, [c for c in found if c.kind in THREADS & {kind}]),
        "has_more": False,
    }


def _threads(call: Call, found: list[Channel]) -> Json:
    seen = [c for c in found if call.world.sees(call.world.me.id, c)]
    return {"threads": [shape.channel(call.world, c) for c in seen], "members": []}
