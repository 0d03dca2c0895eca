"""Slack's rates, kept before Slack refuses: calls a minute by method, posts by channel."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.chat.vocabulary import Busy
from bot.core.ports.clock import Clock

MINUTE = timedelta(minutes=1)
_REMEMBERED = 1000
# Slack's tiers in calls a minute, by method, workspace and app.
T2, T3, T4 = 20, 50, 100
METHODS = {
    "apps.connections.open": T3,
    "bookmarks.add": T2,
    "bookmarks.edit": T2,
    "bookmarks.list": T3,
    "chat.postEphemeral": T4,
    "chat.update": T3,
    "conversations.archive": T2,
    "conversations.create": T2,
    "conversations.history": T3,
    "conversations.info": T3,
    "conversations.invite": T3,
    "conversations.join": T3,
    "conversations.list": T2,
    "conversations.open": T3,
    "conversations.rename": T2,
    "conversations.replies": T3,
    "conversations.setTopic": T2,
    "conversations.unarchive": T2,
    "pins.add": T2,
    "reactions.add": T3,
    "usergroups.users.list": T2,
    "users.conversations": T3,
    "users.info": T4,
    "users.lookupByEmail": T3,
    "views.open": T4,
    "views.publish": T4,
    "views.push": T4,
    "views.update": T4,
}
# A channel takes one post a second, and a short burst before that; the workspace so many a minute.
POSTS_AT_ONCE = 3
POSTS_A_MINUTE = 240
# What merely informs leaves this part of a method's rate to what is urgent.
SPARE = 0.3


@dataclass(slots=True)
class Pace:
    """One replica's share of the rates; ``replicas`` says among how many they are shared, ``times`` how
    many times the documented rates the app is granted.

    A sliding window, exact where Slack's is: no more than the rate in any minute.
    """

    clock: Clock
    replicas: Callable[[], int] = lambda: 1
    times: float = 1.0
    _made: dict[str, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    _closed: dict[str, datetime] = field(default_factory=dict)

    def take(self, method: str, channel: str = "", *, informs: bool = False) -> None:
        """Count one call. Raises ``Busy`` when it must wait; then it is not counted.

        ``informs`` is for what can wait: it leaves a part of the rate alone.
        """
        now = self.clock.now()
        windows = self._windows(method, channel, informs=informs)
        free = max(
            (self._free(key, most, length, now) for key, most, length in windows), default=now
        )
        free = max(free, self._closed.get(method, now))
        if free > now:
            raise Busy(f"{method} waits for Slack's rate limit", free - now)
        for key, _, _ in windows:
            self._made[key].append(now)
        if len(self._made) > _REMEMBERED:
            self._made = defaultdict(
                deque, {k: v for k, v in self._made.items() if now - v[-1] < MINUTE}
            )

    def closed(self, method: str, after: timedelta) -> None:
        """Slack said 429: nothing of that method until then."""
        self._closed[method] = self.clock.now() + after

    def _windows(
        self, method: str, channel: str, *, informs: bool
    ) -> list[tuple[str, int, timedelta]]:
        if method == "chat.postMessage":
            burst = timedelta(seconds=POSTS_AT_ONCE)
            whole = self._share(POSTS_A_MINUTE, informs=informs)
            here = max(1, int(POSTS_AT_ONCE * self.times))
            return [(f"post:{channel}", here, burst), ("post", whole, MINUTE)]
        rate = METHODS.get(method)
        return [] if rate is None else [(method, self._share(rate, informs=informs), MINUTE)]

    def _share(self, rate: int, *, informs: bool) -> int:
        share = rate * self.times / max(1, self.replicas())
        return max(1, int(share * (1 - SPARE) if informs else share))

    def _free(self, key: str, most: int, length: timedelta, now: datetime) -> datetime:
        """When the next call may be made."""
        made = self._made[key]
        while made and made[0] <= now - max(length, MINUTE):
            made.popleft()
        recent = [at for at in made if at > now - length]
        return recent[-most] + length if len(recent) >= most else now
