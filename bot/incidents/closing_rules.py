"""What must be there before an incident is closed: the roles of a major one, the postmortem, and the
requester's word. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bot.core.incident import Incident, Mode, Role, Status
from bot.core.timeline import Entry, Kind


class WriteUp(StrEnum):
    """How it stands with the postmortem. The values are stored, and typed."""

    DRAFT = "draft"
    DONE = "done"
    SKIPPED = "skip"


class Point(StrEnum):
    """Something that a close waits for."""

    COMMANDER = "commander"
    COMMUNICATIONS = "communications"
    POSTMORTEM = "postmortem"
    CONFIRMATION = "confirmation"

    def words(self, requester: str) -> str:
        """What is to be done about it."""
        match self:
            case Point.COMMANDER:
                return "Name who led it: /incident lead @who."
            case Point.COMMUNICATIONS:
                return "Name who had communications: /incident role communications @who."
            case Point.POSTMORTEM:
                return "The postmortem is open: /incident postmortem done, or skip."
            case Point.CONFIRMATION:
                return f"{requester} has not said that it is fixed: /incident confirm for them."


# What a major incident has to name before it is closed; while it goes on, it is asked for.
REQUIRED = {Role.COMMANDER: Point.COMMANDER, Role.COMMUNICATIONS: Point.COMMUNICATIONS}


def standing_of(entries: Sequence[Entry]) -> WriteUp:
    """By the last word on it; ``entries`` are folded."""
    said = [e.data.get("to", "") for e in entries if e.kind is Kind.POSTMORTEM]
    return WriteUp(said[-1]) if said else WriteUp.DRAFT


def lacking(incident: Incident, entries: Sequence[Entry]) -> tuple[Point, ...]:
    """A test needs none of it, and what was written down afterwards no roles and nobody's confirmation; a
    confirmation counts for the resolution that it followed."""
    if incident.mode is Mode.TEST:
        return ()
    found: list[Point] = []
    if incident.is_major and incident.mode is not Mode.RETROSPECTIVE:
        found += [point for role, point in REQUIRED.items() if role not in incident.roles]
    standing = standing_of(entries)
    if standing is WriteUp.DRAFT or (standing is WriteUp.SKIPPED and incident.is_major):
        found.append(Point.POSTMORTEM)
    if incident.mode is not Mode.RETROSPECTIVE and not _confirmed(entries):
        found.append(Point.CONFIRMATION)
    return tuple(found)


def _confirmed(entries: Sequence[Entry]) -> bool:
    resolved = max((e.id for e in entries if _resolves(e)), default=0)
    return any(e.kind is Kind.CONFIRMED and e.id > resolved for e in entries)


def _resolves(entry: Entry) -> bool:
    return entry.kind is Kind.STATUS and entry.data.get("to") == Status.RESOLVED.value
