"""Steering a server that runs as another process: people act, and what came of it is told."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from tests.fakes.discord.faults import Trouble, When
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.model import Channel, Json
from tests.fakes.discord.posting import PINNED_NOTICE
from tests.fakes.discord.server import Discord


def steered(discord: Discord) -> list[web.AbstractRouteDef]:
    """The extra routes, all below ``/_``."""
    steering = Steering(discord)
    return [
        web.post("/_people/{name}/slash", steering.slash),
        web.post("/_people/{name}", steering.join),
        web.get("/_interactions", steering.interactions),
        web.get("/_ready/{interaction}", steering.ready),
        web.get("/_seen", steering.seen),
        web.post("/_rates", steering.rates),
        web.post("/_faults", steering.fault),
    ]


@dataclass
class Steering:
    discord: Discord

    async def slash(self, request: web.Request) -> web.Response:
        asked = await request.json()
        person = self.discord.person(request.match_info["name"])
        channel = self.discord.world.named(asked.get("channel", "general"))
        begun = person.slash(channel, asked["path"], **asked.get("options", {}))
        if asked.get("wait", True):
            await begun.until_acknowledged()
        return web.json_response(_interaction(begun))

    async def join(self, request: web.Request) -> web.Response:
        return web.json_response({"id": self.discord.person(request.match_info["name"]).id})

    async def ready(self, request: web.Request) -> web.Response:
        """Seconds from a command to its whole room: pinned, announced, people invited; else null."""
        begun = self.discord.interactions.listed[int(request.match_info["interaction"])]
        return web.json_response({"seconds": ready_after(self.discord, begun)})

    async def interactions(self, request: web.Request) -> web.Response:
        listed = self.discord.interactions.listed.values()
        return web.json_response([_interaction(one) for one in listed])

    async def seen(self, request: web.Request) -> web.Response:
        rooms = [_room(one) for one in self.discord.world.standing()]
        live = len(self.discord.gateway.live())
        refused = self.discord.rates.refused
        about = {"syncs": self.discord.world.syncs, "refused": refused, "sessions": live}
        return web.json_response({"rooms": rooms, **about})

    async def rates(self, request: web.Request) -> web.Response:
        asked = await request.json()
        rates, gateway = self.discord.rates, self.discord.gateway
        self.discord.faults.latency = asked.get("latency", self.discord.faults.latency)
        rates.on = asked.get("on", rates.on)
        rates.pace = asked.get("pace", rates.pace)
        gateway.identify_every = asked.get("identify_every", gateway.identify_every)
        rates.buckets.clear()
        return web.json_response({})

    async def fault(self, request: web.Request) -> web.Response:
        asked = await request.json()
        when = When.AFTER if asked.get("after") else When.BEFORE
        more = {key: asked[key] for key in ("times", "nth") if key in asked}
        self.discord.faults.add(asked["route"], Trouble(asked["trouble"]), when, **more)
        return web.json_response({})


def ready_after(discord: Discord, begun: Interaction) -> float | None:
    """The room is the first channel that was made after the command; times are what the ids hold."""
    made = [c for c in discord.world.standing() if c.id > begun.id and c.topic and c.parent]
    places = [c for c in discord.world.standing() if c.name == "incidents"]
    if not made or not places:
        return None
    room = min(made, key=lambda c: c.id)
    ends = [
        [m.id for m in room.messages.values() if m.type == PINNED_NOTICE],
        [m.id for m in room.messages.values() if m.mentions],
        [m.id for m in places[0].messages.values() if m.id > begun.id],
    ]
    if not all(ends):
        return None
    last = max(min(found) for found in ends)
    return ((last >> 22) - (begun.id >> 22)) / 1000


def _interaction(one: Interaction) -> Json:
    return {
        "id": str(one.id), "made": one.made, "acked": one.acked, "deferred": one.deferred,
        "refused": one.refused, "said": [m.content or m.embeds or m.components for m in one.messages],
    }  # fmt: skip


def _room(one: Channel) -> Json:
    return {
        "id": str(one.id), "name": one.name, "topic": one.topic, "parent": one.parent,
        "kind": int(one.kind), "pins": len(one.pins), "members": len(one.overwrites),
        "said": [m.id for m in one.said()],
    }  # fmt: skip
