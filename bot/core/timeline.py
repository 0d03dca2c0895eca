"""The timeline: append-only entries, and the fold that shows what they add up to.

Edits, removals and undo are entries that supersede; only redaction erases, and it is an entry too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from bot.core.events.base import IncidentEvent
from bot.core.incident import IncidentId
from bot.core.people import PersonId

EntryId = NewType("EntryId", int)


class Kind(StrEnum):
    """What an entry records. The values are stored; never rename one."""

    DECLARED = "declared"
    STATUS = "status"
    SEVERITY = "severity"
    TITLE = "title"
    SUMMARY = "summary"
    IMPACT = "impact"
    SERVICES = "services"
    ROLE = "role"
    JOINED = "joined"
    LEFT = "left"
    INVITED = "invited"
    UPDATE = "update"
    NOTE = "note"
    DECISION = "decision"
    MESSAGE = "message"
    TASK = "task"
    TASK_DONE = "task_done"
    FOLLOWUP = "followup"
    PAGED = "paged"
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    UNREACHED = "unreached"
    ROOM = "room"
    TROUBLE = "trouble"
    PUBLISHED = "published"
    CONFIRMED = "confirmed"
    TIME = "time"
    LINK = "link"
    MERGED = "merged"
    PAUSED = "paused"
    RESUMED = "resumed"
    VISIBILITY = "visibility"
    NUDGE = "nudge"
    POSTMORTEM = "postmortem"
    MAJOR = "major"
    DEBRIEF = "debrief"
    EDITED = "edited"
    REMOVED = "removed"
    UNDONE = "undone"
    REDACTED = "redacted"


# How an entry of ``Kind.MAJOR`` stores what the incident became (``to``).
MAJOR_STORED = {True: "yes", False: "no"}

SUPERSEDING = frozenset({Kind.EDITED, Kind.REMOVED, Kind.UNDONE, Kind.REDACTED})


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened.

    ``happened_at`` and ``recorded_at`` are UTC. ``data`` holds scalars by name (such as ``from`` and
    ``to`` of a change). ``source`` is the message it came from: platform, room and message id.
    ``supersedes`` is the entry that this one edits or takes back. Entries of one ``act`` came of one command.
    """

    id: EntryId
    incident: IncidentId
    kind: Kind
    happened_at: datetime
    recorded_at: datetime
    author: PersonId | None = None
    platform: str = ""
    text: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    url: str = ""
    supersedes: EntryId | None = None
    act: str = ""


def fold(entries: Iterable[Entry]) -> list[Entry]:
    """What readers see: edits applied, removals gone; by when it happened, then by when recorded.

    Pure and idempotent; the superseding entries themselves are not shown.
    """
    seen: dict[EntryId, Entry] = {}
    for entry in sorted(entries, key=lambda e: e.id):
        target = entry.supersedes
        if entry.kind not in SUPERSEDING or target is None:
            seen[entry.id] = entry
        elif entry.kind in (Kind.REMOVED, Kind.UNDONE):
            seen.pop(target, None)
        elif target in seen:
            seen[target] = replace(seen[target], text=entry.text)
    return sorted(seen.values(), key=lambda e: (e.happened_at, e.id))


# What is had; of another role somebody is made the holder.
_HAD = {
    "commander": "the lead",
    "communications": "communications",
    "operations": "operations",
}


def role_given(entry: Entry, name: str, before: str) -> str:
    """What a ``ROLE`` entry says: ``name`` is the new holder, empty for none; ``before`` had the role."""
    role = entry.data.get("role", "")
    if not name:
        return f"took {before} off as {'lead' if role == 'commander' else role}"
    had = _HAD.get(role)
    if entry.author is not None and entry.author == entry.data.get("person"):
        return f"took {had}" if had else f"became {role}"
    return f"gave {name} {had}" if had else f"made {name} {role}"


# An update's words; who reads the timeline finds there what was said, to whom.
INTERNAL, PUBLIC = "internal", "public"


@dataclass(frozen=True, slots=True)
class Line:
    """What an event comes to on the timeline."""

    kind: Kind
    text: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    source: str = ""


# How an event is written down, or why it is not.
Lines = Mapping[type[IncidentEvent], Callable[[Any], Line | None] | str]
