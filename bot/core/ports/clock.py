"""The only source of time. A protocol, and nothing else."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of time. ``now`` is an aware UTC instant."""

    def now(self) -> datetime: ...

    async def wait(self, event: asyncio.Event, until: datetime) -> None:
        """Return when ``event`` is set or at ``until``, whichever comes first."""
        ...
