"""Steering a server that runs as another process: people act, and what came of it is told."""

from __future__ import annotations

from aiohttp import web

from tests.fakes.discord.faults import Trouble, When
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.model import Channel, Json
from tests.fakes.discord.server import Discord


def steered(discord: Discord) -> list[web.AbstractRouteDef]:
    """The extra routes, all below ``/_``."""

    async def slash(request: web.Request) -> web.Response:
        asked = await request.json()
        person = discord.person(request.match_info["name"])
        channel = discord.world.named(asked.get("channel", "general"))
        begun = person.slash(channel, asked["path"], **asked.get("options", {}))
        if asked.get("wait", True):
            await begun.until_acknowledged()
        return web.json_response(_interaction(begun))

    async def interactions(request: web.Request) -> web.Response:
        return web.json_response([_interaction(i) for i in discord.interactions.listed.values()])

    async def seen(request: web.Request) -> web.Response:
        rooms = [_room(discord, c) for c in discord.world.standing()]
        live = len(discord.gateway.live())
        about = {"syncs": discord.world.syncs, "refused": discord.rates.refused, "sessions": live}
        return web.json_response({"rooms": rooms, **about})

    async def rates(request: web.Request) -> web.Response:
        asked = await request.json()
        discord.rates.on = asked.get("on", discord.rates.on)
        discord.rates.pace = asked.get("pace", discord.rates.pace)
        discord.gateway.identify_every = asked.get("identify_every", discord.gateway.identify_every)
        discord.rates.buckets.clear()
        return web.json_response({})

    async def fault(request: web.Request) -> web.Response:
        asked = await request.json()
        when = When.AFTER if asked.get("after") else When.BEFORE
        more = {key: asked[key] for key in ("times", "nth") if key in asked}
        discord.faults.add(asked["route"], Trouble(asked["trouble"]), when, **more)
        return web.json_response({})

    return [
        web.post("/_people/{name}/slash", slash),
        web.get("/_interactions", interactions),
        web.get("/_seen", seen),
        web.post("/_rates", rates),
        web.post("/_faults", fault),
    ]


def _interaction(one: Interaction) -> Json:
    return {
        "id": str(one.id), "made": one.made, "acked": one.acked, "deferred": one.deferred,
        "refused": one.refused, "said": [m.content or m.embeds or m.components for m in one.messages],
    }  # fmt: skip


def _room(discord: Discord, one: Channel) -> Json:
    return {
        "id": str(one.id), "name": one.name, "topic": one.topic, "parent": one.parent,
        "kind": int(one.kind), "pins": len(one.pins), "members": len(one.overwrites),
        "said": [m.id for m in one.said()],
    }  # fmt: skip
