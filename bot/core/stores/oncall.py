"""On call as memory offers it: what is changed in chat, round robin, test pages and calendar feeds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.core.people import PersonId

if TYPE_CHECKING:
    from bot.oncall.changes import ChangeId, Cover, Feed, MadeOverride, RosterEntry, Trial


class OnCallStore(Protocol):
    """Nothing is deleted: what is taken back stays, marked."""

    def touched(self, schedule: str, since: datetime) -> bool:
        """Whether anything made in chat stands that counts after ``since``: for most schedules nothing does."""
        ...

    def overrides(self, schedule: str, since: datetime) -> list[MadeOverride]:
        """Those in force that end after ``since``, in the order made."""
        ...

    def add_override(self, override: MadeOverride) -> MadeOverride: ...

    def remove_override(self, number: ChangeId) -> MadeOverride | None:
        """The override, if it stood until now. Idempotent."""
        ...

    def covers(self, schedule: str, since: datetime) -> list[Cover]:
        """Those not withdrawn that end after ``since``, in the order made, taken or not."""
        ...

    def cover(self, number: ChangeId) -> Cover:
        """Locked. Raises ``NotFound``."""
        ...

    def add_cover(self, cover: Cover) -> Cover: ...

    def take_cover(self, number: ChangeId, taker: PersonId) -> None: ...

    def withdraw_cover(self, number: ChangeId) -> None: ...

    def roster(self, schedule: str) -> list[RosterEntry]: ...

    def add_roster(self, entry: RosterEntry) -> RosterEntry: ...

    def next_turn(self, name: str) -> int:
        """0, then 1, 2 … for each name: the next one in turn."""
        ...

    def turn(self, name: str) -> int:
        """What ``next_turn`` would give, without taking it."""
        ...

    def add_trial(self, trial: Trial) -> Trial: ...

    def trial(self, number: int) -> Trial:
        """Raises ``NotFound``."""
        ...

    def save_trial(self, trial: Trial) -> None: ...

    def trials(self, batch: str) -> list[Trial]: ...

    def add_feed(self, feed: Feed) -> None: ...

    def feed(self, digest: str) -> Feed | None: ...

    def feeds(self, owner: PersonId) -> list[Feed]: ...

    def revoke_feeds(self, owner: PersonId, schedule: str | None) -> int: ...
