"""The system's clock behind the port; on PostgreSQL it follows the database's."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.core.ports.clock import Clock


class SystemClock:
    """``offset`` is what the database's clock is ahead of ours: replicas then agree on the time."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset  # noqa: TID251 - this is the Clock

    async def wait(self, event: asyncio.Event, until: datetime) -> None:
        seconds = (until - self.now()).total_seconds()
        if seconds <= 0:
            await asyncio.sleep(0)  # noqa: TID251 - this is the Clock
            return
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return


def _conforms(clock: SystemClock) -> Clock:
    return clock
