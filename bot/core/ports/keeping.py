"""What a platform keeps for itself: a text under a key, for a while; and who of several replicas leads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol


class KeyValueStore(Protocol):
    """Texts by key (at most 120 characters), for what a platform's own messages cannot carry."""

    def put(self, key: str, text: str, until: datetime | None = None) -> None:
        """Keep, or replace; without ``until`` for ever. Idempotent."""
        ...

    def get(self, key: str) -> str | None: ...

    def prune(self, now: datetime) -> int:
        """Forget what was kept until before ``now``. Returns how many."""
        ...


class Leadership(Protocol):
    """At most one process at a time does what only one may do, such as holding a bot's session."""

    async def lead(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Wait until this process leads ``name``, then do ``work``; cancel it when the lead is lost, and
        begin again. Returns when ``work`` does; runs until cancelled otherwise.
        """
        ...
