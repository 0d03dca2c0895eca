"""End points of the application, the guild and its people."""

from __future__ import annotations

from tests.fakes.discord import command_checks, shape
from tests.fakes.discord.errors import Refusal, form, no_access, unknown
from tests.fakes.discord.model import Intent, Json
from tests.fakes.discord.routing import Answer, Call, route

DAY = 86_400.0


@route("GET", "/users/@me")
async def me(call: Call) -> Answer:
    return 200, shape.me(call.world)


@route("GET", "/users/@me/guilds")
async def guilds(call: Call) -> Answer:
    have = str(call.world.guild_permissions(call.world.me.id))
    mine: Json = {
        "id": str(call.world.guild),
        "name": call.world.guild_name,
        "icon": None,
        "features": [],
    }
    return 200, [{**mine, "owner": False, "permissions": have}]


@route("GET", "/applications/@me")
@route("GET", "/oauth2/applications/@me")
async def application(call: Call) -> Answer:
    return 200, shape.application(call.world)


@route("GET", "/gateway/bot")
async def gateway_bot(call: Call) -> Answer:
    used = len([at for at in call.gateway.identifies if at > call.world.watch.now() - DAY])
    limit = {"total": 1000, "remaining": 1000 - used, "reset_after": 86_400_000}
    start = {"session_start_limit": {**limit, "max_concurrency": 1}}
    return 200, {"url": call.gateway.url, "shards": 1, **start}


@route("GET", "/gateway", free=True)
async def gateway(call: Call) -> Answer:
    return 200, {"url": call.gateway.url}


@route("GET", "/users/{user_id}")
async def user(call: Call) -> Answer:
    found = call.world.users.get(call.id("user_id"))
    if found is None:
        raise unknown("User")
    return 200, shape.user(found)


@route("GET", "/guilds/{guild_id}")
async def guild(call: Call) -> Answer:
    call.guild()
    told = shape.guild(call.world, whole=False)
    many = len(call.world.members)
    return 200, {**told, "approximate_member_count": many, "approximate_presence_count": many}


@route("GET", "/guilds/{guild_id}/channels")
async def channels(call: Call) -> Answer:
    call.guild()
    return 200, [shape.channel(call.world, one) for one in call.world.places()]


@route("GET", "/guilds/{guild_id}/roles")
async def roles(call: Call) -> Answer:
    call.guild()
    return 200, [shape.role(one) for one in call.world.roles.values()]


@route("GET", "/guilds/{guild_id}/members")
async def members(call: Call) -> Answer:
    call.guild()
    if not call.world.granted & Intent.MEMBERS:
        raise no_access()
    after = int(call.query.get("after", 0))
    found = sorted(
        (m for m in call.world.members.values() if m.user.id > after), key=lambda m: m.user.id
    )
    return 200, [shape.member(one) for one in found[: int(call.query.get("limit", 1))]]


@route("GET", "/guilds/{guild_id}/members/search")
async def search(call: Call) -> Answer:
    call.guild()
    text = call.query.get("query", "").lower()
    if not text:
        raise form("query", "BASE_TYPE_REQUIRED", "This field is required")
    found = [m for m in call.world.members.values() if m.user.name.lower().startswith(text)]
    return 200, [shape.member(one) for one in found[: int(call.query.get("limit", 1))]]


@route("GET", "/guilds/{guild_id}/members/{user_id}")
async def member(call: Call) -> Answer:
    call.guild()
    found = call.world.members.get(call.id("user_id"))
    if found is None:
        raise unknown("Member")
    return 200, shape.member(found)


# --- application commands --------------------------------------------------------------------


@route("GET", "/applications/{application_id}/guilds/{guild_id}/commands")
async def guild_commands(call: Call) -> Answer:
    call.guild()
    return 200, [one for one in call.world.commands.values() if one.get("guild_id")]


@route("GET", "/applications/{application_id}/commands")
async def global_commands(call: Call) -> Answer:
    return 200, [one for one in call.world.commands.values() if not one.get("guild_id")]


@route("PUT", "/applications/{application_id}/guilds/{guild_id}/commands")
async def sync_guild(call: Call) -> Answer:
    call.guild()
    return 200, _overwrite(call, {"guild_id": str(call.world.guild)})


@route("PUT", "/applications/{application_id}/commands")
async def sync_global(call: Call) -> Answer:
    return 200, _overwrite(call, {})


def _overwrite(call: Call, where: Json) -> list[Json]:
    """What has a new name is a create, and a day allows 200 of those. Raises 30034."""
    world, now = call.world, call.world.watch.now()
    command_checks.commands(call.items)
    world.syncs += 1
    here = [c for c in world.commands.values() if c.get("guild_id") == where.get("guild_id")]
    had = {(c["type"], c["name"]): c for c in here}
    new = [c for c in call.items if (c.get("type", 1), c["name"]) not in had]
    while world.creates and world.creates[0] < now - DAY:
        world.creates.popleft()
    if len(world.creates) + len(new) > 200:
        told = "Max number of daily application command creates has been reached (200)"
        raise Refusal(400, 30034, told)
    world.creates.extend(now for _ in new)
    for one in here:
        del world.commands[int(one["id"])]
    return [
        _made(call, one, had.get((one.get("type", 1), one["name"])), where) for one in call.items
    ]


def _made(call: Call, one: Json, before: Json | None, where: Json) -> Json:
    number = call.world.new_id() if before is None else int(before["id"])
    made = {
        "default_member_permissions": None, "nsfw": False, "options": [], "description": "",
        **one, **where, "id": str(number), "type": one.get("type", 1),
        "application_id": str(call.world.me.id), "version": str(call.world.new_id()),
    }  # fmt: skip
    call.world.commands[number] = made
    return made
