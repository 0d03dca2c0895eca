"""The table of end points, and what each is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.fakes.discord.errors import form, unknown
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import Interactions
from tests.fakes.discord.model import Channel, Json, May, Message
from tests.fakes.discord.rates import Rates
from tests.fakes.discord.world import World


@dataclass
class Stage:
    """The state and what changes with it."""

    world: World
    gateway: Gateway
    rates: Rates
    interactions: Interactions


@dataclass
class Call:
    """One request: its path's ids, its query and its body."""

    stage: Stage
    path: dict[str, str]
    query: dict[str, str]
    body: Json
    items: list[Json] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.stage.world

    @property
    def gateway(self) -> Gateway:
        return self.stage.gateway

    def id(self, name: str) -> int:
        """Raises 50035 for what is no snowflake."""
        if not self.path[name].isdecimal():
            told = f'Value "{self.path[name]}" is not snowflake.'
            raise form(name, "NUMBER_TYPE_COERCE", told)
        return int(self.path[name])

    def channel(self, *wanted: May) -> Channel:
        """The channel of the path, when the bot may. Raises 10003, 50001, 50013."""
        found = self.world.find_channel(self.id("channel_id"))
        self.world.may(self.world.me.id, found, *wanted)
        return found

    def message(self, channel: Channel) -> Message:
        return self.world.find_message(channel, self.id("message_id"))

    def guild(self) -> None:
        """Raises 10004 for another guild than the one there is."""
        if self.id("guild_id") != self.world.guild:
            raise unknown("Guild")


Answer = tuple[int, Json | list[Json] | None]
Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True)
class Route:
    method: str
    template: str
    handler: Handler
    free: bool

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"


ROUTES: list[Route] = []


def route(method: str, template: str, *, free: bool = False) -> Callable[[Handler], Handler]:
    """Registers an end point. ``free``: the address itself is the secret, no bot token is asked for."""

    def register(handler: Handler) -> Handler:
        ROUTES.append(Route(method, template, handler, free))
        return handler

    return register
