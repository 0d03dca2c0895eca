"""How many calls are under way at once, by queue, and what gives way to what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.ports.jobs import Queue

# Platforms have limits of their own, and none need wait for another.
CONCURRENCY: Mapping[Queue, int] = {
    Queue.PAGE: 32,
    Queue.ROOM: 64,
    Queue.CHAT: 32,
    Queue.MAIL: 4,
    # Code of plug-ins, two seconds at most each: they delay only one another.
    Queue.PLUGIN: 2,
}
# Taken in the very commit that they follow from, so that a room's steps cost one commit each.
AT_ONCE: Mapping[Queue, int] = {Queue.PAGE: 16, Queue.ROOM: 16, Queue.CHAT: 16}
# What tells of an incident gives way while there are rooms to open: to so many at once, and for a moment
# only. When opening takes longer, something is wrong, and people on other platforms have to be told.
BESIDE_ROOMS, MOMENT = 1, timedelta(seconds=2)


@dataclass(slots=True)
class Limits:
    """``since`` is when rooms began to be opened without a pause."""

    since: datetime | None = None

    def free(
        self,
        most: Mapping[Queue, int],
        ready: Collection[Queue],
        running: Mapping[Queue, int],
        opening: int,
        now: datetime,
    ) -> dict[Queue, int]:
        """How many more of each queue that has something ready: ``running`` are those under way,
        ``opening`` how many of them open rooms and have not ended."""
        if opening or Queue.ROOM in ready:
            self.since = self.since or now
        else:
            self.since = None
        held = self.since is not None and now - self.since < MOMENT
        limit = {**CONCURRENCY, **({Queue.CHAT: BESIDE_ROOMS} if held else {})}
        return {
            queue: max(0, min(wanted, limit[queue] - running[queue]))
            for queue, wanted in most.items()
            if queue in ready
        }
