"""Escalation: whom to try, in which order, and what a page is while we try.

Pure; a page carries a snapshot of its policy, so editing the policy never changes a page under way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.core.incident import IncidentId
from bot.core.people import Hours, PersonId
from bot.core.severity import Severity

PageId = NewType("PageId", int)


class TargetKind(StrEnum):
    PERSON = "person"
    SCHEDULE = "schedule"
    TEAM = "team"
    NEXT = "next"  # who comes on call next in a schedule
    CHANNEL = "channel"  # platform/room, such as slack/C0123


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a step notifies, such as ``schedule:payments-primary``."""

    kind: TargetKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


class Direction(StrEnum):
    """Functional adds skill, hierarchical adds authority (ITIL 4, incident management)."""

    FUNCTIONAL = "functional"
    HIERARCHICAL = "hierarchical"


class Choose(StrEnum):
    """Everybody whom a step reaches, or one of them in turn, a different one for each page."""

    ALL = "all"
    ROUND_ROBIN = "round_robin"


@dataclass(frozen=True, slots=True)
class Step:
    """``after`` is how long after the step before it this one fires; zero for the first.

    With ``severities`` it is for incidents of those only, and of none yet; with ``hours`` for people on
    whose own clock it is then. A step that is for nobody is passed over at once.
    """

    notify: tuple[Target, ...]
    after: timedelta = timedelta(0)
    direction: Direction = Direction.FUNCTIONAL
    severities: tuple[Severity, ...] = ()
    hours: Hours | None = None
    choose: Choose = Choose.ALL

    def concerns(self, severity: Severity | None) -> bool:
        return severity is None or not self.severities or severity in self.severities


@dataclass(frozen=True, slots=True)
class Policy:
    """``repeat`` is how many times the steps are gone through before the catch-all; after
    ``ack_timeout`` without a second sign, an acknowledged page goes round again."""

    name: str
    steps: tuple[Step, ...]
    repeat: int = 1
    ack_timeout: timedelta | None = None

    @property
    def length(self) -> int:
        """Steps in all rounds together."""
        return len(self.steps) * max(1, self.repeat)


class PageState(StrEnum):
    """PENDING waits for quiet hours to end; SNOOZED comes back by itself; the last three are final."""

    PENDING = "pending"
    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


# Somebody is still to be reached.
OPEN_STATES = (PageState.PENDING, PageState.TRIGGERED)
# Not over: it may open again.
LIVE_STATES = (*OPEN_STATES, PageState.ACKNOWLEDGED, PageState.SNOOZED)

# After the catch-all a page stays open this long; then it expires, and its message says so.
EXPIRES_AFTER = timedelta(hours=24)
# The last step waits this long for an acknowledgement before the round begins again or the page
# goes to the catch-all.
LAST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Page:
    """One attempt to reach people. ``level`` counts steps fired, through all rounds, from 0, and goes on
    counting when the page opens again: ``origin`` is the level at which the present rounds began.
    """

    id: PageId
    incident: IncidentId
    policy: Policy
    created_at: datetime
    state: PageState = PageState.TRIGGERED
    level: int = 0
    text: str = ""
    asked_by: PersonId | None = None
    acknowledged_by: PersonId | None = None
    acknowledged_at: datetime | None = None
    origin: int = 0
    snoozed_until: datetime | None = None

    @property
    def past(self) -> bool:
        """Whether every round is over and the catch-all was told."""
        return self.level - self.origin >= self.policy.length


def step_at(policy: Policy, level: int) -> Step | None:
    """The step to fire at ``level``, or None when every round is over: then the catch-all."""
    if level >= policy.length:
        return None
    return policy.steps[level % len(policy.steps)]


def wait_after(policy: Policy, level: int) -> timedelta:
    """How long to wait for an acknowledgement once the step at ``level`` has fired."""
    following = step_at(policy, level + 1)
    if following is None or (level + 1) % len(policy.steps) == 0:
        return LAST_WAIT
    return following.after


def reach(
    targets: Iterable[Target], who: Callable[[Target], Iterable[PersonId]]
) -> tuple[PersonId, ...]:
    """The people behind ``targets``, each once, in order; ``who`` looks one target up."""
    return tuple(dict.fromkeys(person for target in targets for person in who(target)))


class NoticeState(StrEnum):
    """SPARED: it was to follow later, and somebody had acknowledged by then."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    SPARED = "spared"


@dataclass(frozen=True, slots=True)
class Notice:
    """One person told of one page on one platform, or by one channel.

    ``remark`` is why it failed, or the mark that the message carries.
    """

    page: PageId
    person: PersonId
    platform: str
    level: int
    state: NoticeState
    at: datetime
    remark: str = ""
