"""What the platform can be told to do wrong, by route, before or after it has written."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import web

from tests.fakes.discord.errors import Refusal, TooMany, no_access, no_permission, no_token

# Called after a write and before its answer, with the route and which call of it this is.
Witness = Callable[[str, int], Awaitable[bool]]


class Trouble(StrEnum):
    LATENCY = "latency"
    BUSY = "429"
    FAIL = "500"
    UNAVAILABLE = "503"
    RESET = "reset"
    HANG = "hang"
    DENIED = "denied"
    UNSEEN = "unseen"
    REVOKED = "revoked"


class When(StrEnum):
    BEFORE = "before the write"
    AFTER = "after the write"


class Dropped(Exception):
    """The connection is cut instead of an answer."""


@dataclass
class Fault:
    """``route`` as in ``POST /channels/{channel_id}/messages``, or ``*``; ``times`` calls from ``nth`` on.

    RESET after the write is the lost answer. ``seconds`` is the latency, the hang, or the Retry-After.
    """

    route: str
    trouble: Trouble
    when: When = When.BEFORE
    times: int = 1
    nth: int = 1
    seconds: float = 0.2
    seen: int = 0
    done: int = 0

    def due(self, route: str, when: When) -> bool:
        if self.when != when or self.route not in {"*", route}:
            return False
        self.seen += 1
        due = self.nth <= self.seen < self.nth + self.times
        self.done += due
        return due


async def _answer(route: str, nth: int) -> bool:
    return True


@dataclass
class Faults:
    """``gone``: the whole platform is away, REST and gateway. ``latency``: seconds that every call takes."""

    listed: list[Fault] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    witness: Witness = _answer
    gone: bool = False
    latency: float = 0.0
    free: asyncio.Event = field(default_factory=asyncio.Event)

    def add(
        self, route: str, trouble: Trouble, when: When = When.BEFORE,
        *, times: int = 1, nth: int = 1, seconds: float = 0.2,
    ) -> Fault:  # fmt: skip
        made = Fault(route, trouble, when, times, nth, seconds)
        self.listed.append(made)
        return made

    def clear(self) -> None:
        """No more trouble; what hangs is let go."""
        self.listed.clear()
        self.gone = False
        self.free.set()
        self.free = asyncio.Event()

    async def strike(self, route: str, when: When) -> None:
        """Raises what the first fault that is due says."""
        if self.gone:
            raise Dropped
        if when == When.BEFORE and self.latency:
            await self._wait(self.latency)
        for fault in self.listed:
            if fault.due(route, when):
                await self._act(fault)
                return

    async def _act(self, fault: Fault) -> None:
        if fault.trouble == Trouble.LATENCY:
            await self._wait(fault.seconds)
            return
        if fault.trouble == Trouble.HANG:
            await self._wait(max(fault.seconds, 60.0))
        raise _error(fault)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.free.wait()
        except TimeoutError:
            return

    async def witnessed(self, route: str) -> None:
        """The call was made; whether it is answered is the witness's to say."""
        self.counts[route] += 1
        if not await self.witness(route, self.counts[route]):
            raise Dropped


def _error(fault: Fault) -> Exception:
    errors: dict[Trouble, Exception] = {
        Trouble.BUSY: TooMany(fault.seconds, "shared"),
        Trouble.FAIL: Refusal(500, 0, "500: Internal Server Error"),
        Trouble.UNAVAILABLE: Refusal(503, 0, "503: Service Unavailable"),
        Trouble.DENIED: no_permission(),
        Trouble.UNSEEN: no_access(),
        Trouble.REVOKED: no_token(),
    }
    return errors.get(fault.trouble, Dropped())


def cut(request: web.Request) -> web.Response:
    """Close the socket hard; what is returned is never read."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
