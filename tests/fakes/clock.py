"""A clock that stands still until a test moves it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.core.ports.clock import Clock

# A Tuesday at ten in Berlin: office hours, and the first week's turn of the sample schedules.
START = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)


class FakeClock:
    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._waiting: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    async def wait(self, event: asyncio.Event, until: datetime) -> None:
        if until <= self._now or event.is_set():
            await asyncio.sleep(0)  # noqa: TID251 - this is the Clock
            return
        due: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((until, due))
        heard = asyncio.ensure_future(event.wait())
        both: set[asyncio.Future[object]] = {due, heard}  # type: ignore[arg-type]  # invariance
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            heard.cancel()
            self._waiting = [(at, waiter) for at, waiter in self._waiting if waiter is not due]

    def move_to(self, moment: datetime) -> None:
        """Set the clock, never back, and wake whoever waited until then."""
        self._now = max(self._now, moment)
        for until, waiter in self._waiting:
            if until <= self._now and not waiter.done():
                waiter.set_result(None)

    def waits(self) -> bool:
        """Whether somebody waits for a moment."""
        return bool(self._waiting)

    def passes(self, **length: float) -> None:
        self.move_to(self._now + timedelta(**length))


def _conforms(clock: FakeClock) -> Clock:
    return clock
