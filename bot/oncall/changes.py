"""What people change about on-call in chat: overrides, covers, joins and leaves; test pages and feeds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.core.people import PersonId
from bot.oncall.engine.schedule import OverrideKind

ChangeId = NewType("ChangeId", int)


@dataclass(frozen=True, slots=True)
class MadeOverride:
    """An override that somebody made in chat. Instants in UTC; ``id`` 0 before it is kept."""

    schedule: str
    kind: OverrideKind
    start: datetime
    end: datetime
    person: PersonId | None
    replaces: PersonId | None
    made_by: PersonId
    id: ChangeId = ChangeId(0)


@dataclass(frozen=True, slots=True)
class Cover:
    """A request to be stood in for; once somebody has taken it, a swap."""

    schedule: str
    requester: PersonId
    start: datetime
    end: datetime
    made_by: PersonId
    taker: PersonId | None = None
    removed: bool = False
    id: ChangeId = ChangeId(0)


class RosterChange(StrEnum):
    JOIN = "join"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """From ``at`` on ``person`` is, or is no more, among the participants of a layer's rotation."""

    schedule: str
    layer: int
    change: RosterChange
    person: PersonId
    at: datetime
    made_by: PersonId
    id: ChangeId = ChangeId(0)


class TrialState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Trial:
    """One message of a test page: to one person by one channel. ``seen_at``: they pressed its link."""

    person: PersonId
    channel: str
    batch: str
    state: TrialState
    at: datetime
    remark: str = ""
    seen_at: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar address. ``digest`` is all that is kept of it; without ``schedule`` it is the owner's own."""

    digest: str
    owner: PersonId
    schedule: str | None
    made_at: datetime
    revoked: bool = False
