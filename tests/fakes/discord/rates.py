"""Rate limits: 50 a second for a token, buckets of a route, and one that no header shows.

Discord does not publish the buckets' sizes; these are what its headers have been seen to say. ``pace``
shortens every window, for runs that would otherwise wait for minutes.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from tests.fakes.discord.errors import TooMany
from tests.fakes.discord.model import Watch

# Requests and seconds, for one channel, guild or webhook.
BUCKETS: dict[str, tuple[int, float]] = {
    "POST /channels/{channel_id}/messages": (5, 5.0),
    "PATCH /channels/{channel_id}/messages/{message_id}": (5, 5.0),
    "DELETE /channels/{channel_id}/messages/{message_id}": (5, 1.0),
    "PUT /channels/{channel_id}/messages/pins/{message_id}": (5, 4.0),
    "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me": (1, 0.25),
    "GET /channels/{channel_id}/messages": (5, 1.0),
    "POST /guilds/{guild_id}/channels": (10, 10.0),
    "PATCH /channels/{channel_id}": (5, 15.0),
    "PUT /channels/{channel_id}/permissions/{target}": (10, 15.0),
    "POST /users/@me/channels": (10, 10.0),
    "POST /webhooks/{webhook_id}/{webhook_token}": (5, 2.0),
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}": (5, 2.0),
    "GET /guilds/{guild_id}/members/search": (10, 10.0),
}
OTHER = (20, 1.0)
RENAMES = (2, 600.0)
GLOBAL = (50, 1.0)
INVALID = (10_000, 600.0)


@dataclass
class Bucket:
    """A window that begins with its first request."""

    limit: int
    per: float
    used: int = 0
    until: float = 0.0

    def take(self, now: float) -> float:
        """Seconds to wait; 0 when the request may pass, which it then has."""
        if now >= self.until:
            self.used, self.until = 0, now + self.per
        if self.used >= self.limit:
            return self.until - now
        self.used += 1
        return 0.0


@dataclass
class Rates:
    """``refused`` counts what came too early; ``on`` may be switched off."""

    watch: Watch
    on: bool = True
    pace: float = 1.0
    refused: int = 0
    buckets: dict[str, Bucket] = field(default_factory=dict)
    invalid: deque[float] = field(default_factory=deque)

    def _bucket(self, key: str, size: tuple[int, float]) -> Bucket:
        if key not in self.buckets:
            self.buckets[key] = Bucket(size[0], size[1] * self.pace)
        return self.buckets[key]

    def take(self, route: str, major: str, token: str) -> dict[str, str]:
        """The headers of an answer, or a 429."""
        if not self.on:
            return {}
        now = self.watch.now()
        if not route.startswith("POST /interactions/"):
            self._pass(self._bucket(f"global:{token}", GLOBAL), now, "global")
        bucket = self._bucket(f"{route}:{major}", BUCKETS.get(route, OTHER))
        try:
            self._pass(bucket, now, "user")
        except TooMany as error:
            error.headers = self._headers(bucket, route, now)
            raise
        return self._headers(bucket, route, now)

    def rename(self, channel: int) -> None:
        """Name and topic of a channel share two edits in ten minutes, which no header tells."""
        if self.on:
            self._pass(self._bucket(f"rename:{channel}", RENAMES), self.watch.now(), "user")

    def _pass(self, bucket: Bucket, now: float, scope: str) -> None:
        after = bucket.take(now)
        if after:
            self.refused += 1
            raise TooMany(after, scope)

    @staticmethod
    def _headers(bucket: Bucket, route: str, now: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(bucket.limit - bucket.used),
            "X-RateLimit-Reset": f"{bucket.until:.3f}",
            "X-RateLimit-Reset-After": f"{max(0.001, bucket.until - now):.3f}",
            "X-RateLimit-Bucket": f"{hash(route) & 0xFFFFFFFF:08x}",
        }

    def spoilt(self, status: int) -> bool:
        """Whether 401, 403 and 429 have been answered 10,000 times in ten minutes: the address is banned."""
        now = self.watch.now()
        while self.invalid and self.invalid[0] < now - INVALID[1]:
            self.invalid.popleft()
        if status in {401, 403, 429}:
            self.invalid.append(now)
        return len(self.invalid) >= INVALID[0]
