"""Which of the addresses here are served on which side."""

from __future__ import annotations

from aiohttp import web

from bot.core.ports.clock import Clock
from bot.core.ports.unit_of_work import Memory
from handlers.oncall.feeds import Feeds
from handlers.oncall.links import PageLinks


def inside(memory: Memory, organisation: str) -> list[web.AbstractRouteDef]:
    """Calendars are for people inside, whatever the links."""
    return Feeds(memory, organisation).routes()


def answering(
    memory: Memory, clock: Clock, keys: tuple[bytes, ...], wanted: str, side: str
) -> list[web.AbstractRouteDef]:
    """Links that answer pages, if this is the side that is wanted for them."""
    return PageLinks(memory, clock, keys).routes() if wanted == side else []
