"""Escalation: whom to try, in which order, and what a page is while we try.

Pure; a page carries a snapshot of its policy, so editing the policy never changes a page under way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.domain.incident import IncidentId
from bot.domain.people import PersonId

PageId = NewType("PageId", int)


class TargetKind(StrEnum):
    PERSON = "person"
    SCHEDULE = "schedule"
    TEAM = "team"
    CHANNEL = "channel"


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


@dataclass(frozen=True, slots=True)
class Step:
    """``after`` is how long after the step before it this one fires; zero for the first."""

    notify: tuple[Target, ...]
    after: timedelta = timedelta(0)
    direction: Direction = Direction.FUNCTIONAL


@dataclass(frozen=True, slots=True)
class Policy:
    """``repeat`` is how many times the steps are gone through before the catch-all."""

    name: str
    steps: tuple[Step, ...]
    repeat: int = 1


class PageState(StrEnum):
    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


OPEN_STATES = (PageState.TRIGGERED,)

# The last step waits this long for an acknowledgement before the round begins again or the page
# goes to the catch-all.
LAST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Page:
    """One attempt to reach people. ``level`` counts steps fired, through all rounds, from 0."""

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


def step_at(policy: Policy, level: int) -> Step | None:
    """The step to fire at ``level``, or None when every round is over: then the catch-all."""
    if not policy.steps or level >= len(policy.steps) * max(1, policy.repeat):
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
