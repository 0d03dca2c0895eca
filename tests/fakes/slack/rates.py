"""How often each method may be called: Slack's tiers, per method, and one post a second a channel."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL = 0

TIERS = {
    "apps.connections.open": 3,
    "auth.test": SPECIAL,
    "bookmarks.add": 2,
    "bookmarks.edit": 2,
    "bookmarks.list": 3,
    "bookmarks.remove": 2,
    "chat.delete": 3,
    "chat.getPermalink": SPECIAL,
    "chat.postEphemeral": 4,
    "chat.postMessage": SPECIAL,
    "chat.update": 3,
    "conversations.archive": 2,
    "conversations.create": 2,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.invite": 3,
    "conversations.join": 3,
    "conversations.kick": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.rename": 2,
    "conversations.replies": 3,
    "conversations.setPurpose": 2,
    "conversations.setTopic": 2,
    "conversations.unarchive": 2,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "pins.add": 2,
    "pins.list": 2,
    "pins.remove": 2,
    "reactions.add": 3,
    "reactions.get": 3,
    "team.info": 3,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "users.conversations": 3,
    "users.info": 4,
    "users.list": 2,
    "users.lookupByEmail": 3,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}
POSTS_AT_ONCE = 4
POSTS_A_MINUTE = 300


@dataclass
class Rates:
    """``enforced`` off: nobody is refused. ``minute`` is the window's length in the workspace's seconds."""

    enforced: bool = False
    minute: float = 60.0
    refused: list[str] = field(default_factory=list)
    _calls: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, method: str, channel: str, now: float) -> int:
        """0 when the call may be made (and is counted), else what ``Retry-After`` says, in seconds."""
        if not self.enforced:
            return 0
        windows = self._windows(method, channel)
        waits = [self._full(key, most, length, now) for key, most, length in windows]
        longest = max(waits, default=0.0)
        if longest > 0:
            self.refused.append(method)
            return max(1, math.ceil(longest))
        for key, _, _ in windows:
            self._calls[key].append(now)
        return 0

    def _windows(self, method: str, channel: str) -> list[tuple[str, int, float]]:
        if method == "chat.postMessage":
            second = self.minute / 60
            return [
                (f"posts:{channel}", POSTS_AT_ONCE, POSTS_AT_ONCE * second),
                ("posts", POSTS_A_MINUTE, self.minute),
            ]
        tier = TIERS.get(method, 3)
        return [(method, PER_MINUTE[tier], self.minute)] if tier else []

    def _full(self, key: str, most: int, length: float, now: float) -> float:
        calls = self._calls[key]
        while calls and calls[0] <= now - length:
            calls.popleft()
        return calls[0] + length - now if len(calls) >= most else 0.0
