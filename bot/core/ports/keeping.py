"""Leadership: what only one of several replicas may do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol


class Leadership(Protocol):
    """At most one process at a time does what only one may do, such as holding a bot's session."""

    async def lead(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Wait until this process leads ``name``, then do ``work``; cancel it when the lead is lost, and
        begin again. Returns when ``work`` does; runs until cancelled otherwise.
        """
        ...
