"""What SQLite and PostgreSQL share: telling listeners."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Listeners:
    """Callbacks by topic prefix; called in the event loop that they were registered in."""

    callbacks: list[tuple[str, Callable[[str], None], asyncio.AbstractEventLoop]] = field(
        default_factory=list
    )

    def add(self, topic: str, callback: Callable[[str], None]) -> None:
        self.callbacks.append((topic, callback, asyncio.get_running_loop()))

    def tell(self, topics: set[str]) -> None:
        """Safe from any thread; a loop that has closed is left out."""
        for prefix, callback, loop in self.callbacks:
            for topic in topics:
                if topic.startswith(prefix) and not loop.is_closed():
                    loop.call_soon_threadsafe(callback, topic)
