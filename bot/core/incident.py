"""The incident and its life cycle: which status follows which, and when each was first entered.

Pure: every function takes ``now`` (an aware UTC instant) and returns a new incident.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.core.errors import IllegalMove, Invalid
from bot.core.people import PersonId, ServiceId
from bot.core.severity import Severity

IncidentId = NewType("IncidentId", int)


class Status(StrEnum):
    """Where an incident stands. The first three and the last two are off the main line."""

    TRIAGE = "triage"
    DECLINED = "declined"
    MERGED = "merged"
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


MAIN_LINE = (
    Status.INVESTIGATING,
    Status.IDENTIFIED,
    Status.MONITORING,
    Status.RESOLVED,
    Status.CLOSED,
)
OPEN = (Status.TRIAGE, Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING)
ENDED = (Status.DECLINED, Status.MERGED, Status.CANCELLED)

_LEGAL: Mapping[Status, frozenset[Status]] = {
    Status.TRIAGE: frozenset(
        {*MAIN_LINE[:4], Status.DECLINED, Status.MERGED, Status.CANCELLED},
    ),
    **{
        status: frozenset({*MAIN_LINE[:4], Status.MERGED, Status.CANCELLED} - {status})
        for status in MAIN_LINE[:3]
    },
    Status.RESOLVED: frozenset({*MAIN_LINE[:3], Status.CLOSED}),
    Status.CLOSED: frozenset({Status.INVESTIGATING}),
    Status.DECLINED: frozenset({Status.INVESTIGATING}),
    Status.CANCELLED: frozenset({Status.INVESTIGATING}),
    Status.MERGED: frozenset(),
}


class Mode(StrEnum):
    """``test`` tells nobody outside and counts nowhere; ``retrospective`` was recorded afterwards."""

    STANDARD = "standard"
    TEST = "test"
    RETROSPECTIVE = "retrospective"


class Visibility(StrEnum):
    """``public`` to the company, or ``private``: to those who were invited."""

    PUBLIC = "public"
    PRIVATE = "private"


class Role(StrEnum):
    """Incident command roles; the commander is who ``/incident lead`` names."""

    COMMANDER = "commander"
    COMMUNICATIONS = "communications"
    OPERATIONS = "operations"
    SCRIBE = "scribe"

    @property
    def word(self) -> str:
        """What people call it, and may type. The values are stored; never rename one."""
        return "lead" if self is Role.COMMANDER else self.value


class Major(StrEnum):
    """What was said of an incident's being major. The values are stored; never rename one."""

    BY_SEVERITY = ""
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Incident:
    """``times`` holds the first entry into each status; ``resolved_at`` of the latest resolution."""

    id: IncidentId
    title: str
    reporter: PersonId
    declared_at: datetime
    status: Status = Status.INVESTIGATING
    severity: Severity | None = None
    major: Major = Major.BY_SEVERITY
    summary: str = ""
    impact: str = ""
    services: tuple[ServiceId, ...] = ()
    mode: Mode = Mode.STANDARD
    visibility: Visibility = Visibility.PUBLIC
    roles: Mapping[Role, PersonId] = field(default_factory=dict)
    times: Mapping[Status, datetime] = field(default_factory=dict)
    next_update_at: datetime | None = None
    paused_at: datetime | None = None
    pause_reason: str = ""
    merged_into: IncidentId | None = None
    call_url: str = ""
    revision: int = 0

    @property
    def reference(self) -> str:
        return f"INC-{self.id}"

    @property
    def call(self) -> str:
        """The call's address; it is stored before the incident has its number."""
        return self.call_url.replace("$reference", self.reference.lower())

    @property
    def lead(self) -> PersonId | None:
        return self.roles.get(Role.COMMANDER)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_major(self) -> bool:
        """SEV1 is major unless somebody said otherwise."""
        if self.major is Major.BY_SEVERITY:
            return self.severity is Severity.SEV1
        return self.major is Major.YES


def move(incident: Incident, status: Status, now: datetime) -> Incident:
    """Enter ``status``; statuses of the main line that were jumped over are back-filled with ``now``.

    Raises ``IllegalMove`` naming the moves there are.
    """
    if status not in _LEGAL[incident.status]:
        raise IllegalMove(_refusal(incident, status))
    times = dict(incident.times)
    for entered in _entered(incident.status, status):
        times.setdefault(entered, now)
    return replace(
        incident,
        status=status,
        times=times,
        paused_at=None,
        pause_reason="",
        next_update_at=incident.next_update_at if status in OPEN else None,
    )


def pause(incident: Incident, why: str, now: datetime) -> Incident:
    """Nothing can be done for now: nobody is nudged, no update is promised. Raises ``IllegalMove``."""
    if incident.status not in OPEN:
        raise IllegalMove(
            f"{incident.reference} is not open (status: {incident.status}). First: /incident reopen"
        )
    if incident.paused_at is not None:
        raise IllegalMove(f"{incident.reference} is already paused. /incident resume ends that.")
    return replace(incident, paused_at=now, pause_reason=why, next_update_at=None)


def resume(incident: Incident) -> Incident:
    """Raises ``IllegalMove`` when it is not paused."""
    if incident.paused_at is None:
        raise IllegalMove(f"{incident.reference} is not paused. Nothing to do.")
    return replace(incident, paused_at=None, pause_reason="")


def _entered(old: Status, new: Status) -> tuple[Status, ...]:
    """The statuses that a move passes through, the new one last."""
    if new not in MAIN_LINE:
        return (new,)
    return MAIN_LINE[: MAIN_LINE.index(new) + 1]


def moves(incident: Incident) -> tuple[Status, ...]:
    """The statuses that may follow, in the order of the life cycle."""
    return tuple(status for status in Status if status in _LEGAL[incident.status])


def _refusal(incident: Incident, wanted: Status) -> str:
    if wanted is incident.status:
        return f"{incident.reference} status is already {wanted}. Nothing to do."
    allowed = moves(incident)
    if not allowed:
        return f"{incident.reference} was merged. Work goes on in the other one."
    if wanted is Status.CLOSED and Status.RESOLVED in allowed:
        return f"{incident.reference} is not resolved (status: {incident.status}). First: /incident resolved"
    names = ", ".join(status for status in allowed if status is not Status.MERGED)
    return f"{incident.reference} status: {incident.status}. Next can be: {names}."


def correct_time(incident: Incident, status: Status, at: datetime, now: datetime) -> Incident:
    """Set by hand when ``status`` was first entered; the order of the main line must still hold.

    Statuses that were back-filled with the same instant move with it.
    """
    if status not in incident.times:
        raise Invalid(
            f"{incident.reference} has not been {status}, so it has no time to correct. First: /incident status {status}"
        )
    if at > now:
        raise Invalid("That time lies in the future. Say when it was: at 14:32")
    old = incident.times[status]
    with_it = _entered(status, status) if status in MAIN_LINE else (status,)
    times = {s: at if was == old and s in with_it else was for s, was in incident.times.items()}
    ordered = [times[s] for s in MAIN_LINE if s in times]
    if ordered != sorted(ordered):
        raise Invalid(
            f"Then {status} would be out of order: {_listed(times)}. Correct the others first."
        )
    return replace(incident, times=times)


def _listed(times: Mapping[Status, datetime]) -> str:
    return ", ".join(f"{s} {times[s]:%d %b %H:%M} UTC" for s in MAIN_LINE if s in times)


class Membership(StrEnum):
    INVITED = "invited"
    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which incidents a list shows. Empty means any; ``limit`` rows, newest first."""

    open_only: bool = False
    member: PersonId | None = None
    words: str = ""
    status: str = ""
    severity: int | None = None
    service: str = ""
    before: IncidentId | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Head:
    """As much of an incident as it takes to see whether another is like it."""

    id: IncidentId
    title: str
    services: tuple[ServiceId, ...]
    declared_at: datetime
    severity: int | None = None

    @property
    def reference(self) -> str:
        return f"INC-{self.id}"
