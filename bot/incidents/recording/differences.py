"""What changed between two states of one incident, as events: whichever way a change came, nothing of it is forgotten.

Pure. Every verb that saves an incident records what this finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.core.events.base import IncidentEvent, Said
from bot.core.incident import MAIN_LINE, Incident, Role, Status
from bot.core.people import Actor
from bot.incidents.events import (
    Description,
    DescriptionChanged,
    MajorChanged,
    MergedInto,
    Paused,
    PromiseChanged,
    Resumed,
    RoleGiven,
    ServicesChanged,
    SeverityChanged,
    StatusChanged,
    TimeCorrected,
    VisibilityChanged,
)


def differences(
    at: datetime, actor: Actor, before: Incident, after: Incident
) -> Iterator[IncidentEvent]:
    """One event for each changed fact, in the order in which people would tell them."""
    by = (at, actor, after)
    if after.status is not before.status:
        yield StatusChanged(*by, before.status, after.status)
    if after.merged_into not in (None, before.merged_into):
        yield MergedInto(*by, after.merged_into)
    if after.severity is not before.severity:
        yield SeverityChanged(*by, before.severity, after.severity)
    if after.is_major != before.is_major:
        yield MajorChanged(
            *by, before.is_major, after.is_major, by_severity=after.major == before.major
        )
    for role in Role:
        was, now = before.roles.get(role), after.roles.get(role)
        if was != now:
            yield RoleGiven(*by, role, was, now)
    if after.services != before.services:
        yield ServicesChanged(*by, before.services, after.services)
    yield from _described(at, actor, before, after)
    yield from _moved_in_time(at, actor, before, after)


def _described(
    at: datetime, actor: Actor, before: Incident, after: Incident
) -> Iterator[IncidentEvent]:
    for what in Description:
        was, now = str(getattr(before, what)), str(getattr(after, what))
        if was != now:
            yield DescriptionChanged(at, actor, after, what, Said(was), Said(now))
    if after.visibility is not before.visibility:
        yield VisibilityChanged(at, actor, after, before.visibility, after.visibility, Said(""))


def _moved_in_time(
    at: datetime, actor: Actor, before: Incident, after: Incident
) -> Iterator[IncidentEvent]:
    by = (at, actor, after)
    if after.paused_at is not None and before.paused_at is None:
        yield Paused(*by, Said(after.pause_reason))
    moved = after.status is not before.status
    if after.paused_at is None and before.paused_at is not None and after.is_open:
        yield Resumed(*by, by_status=moved)
    corrected = None if moved else _corrected(before, after)
    if corrected is not None:
        yield TimeCorrected(*by, corrected, before.times[corrected], after.times[corrected])


def _corrected(before: Incident, after: Incident) -> Status | None:
    """The status whose time was corrected: what was back-filled with the same instant moves with the last one."""
    line = (*(s for s in Status if s not in MAIN_LINE), *MAIN_LINE)
    changed = [s for s in line if s in before.times and before.times[s] != after.times.get(s)]
    return changed[-1] if changed else None


def promise(
    at: datetime, actor: Actor, before: Incident, after: Incident
) -> Iterator[PromiseChanged]:
    """Whether the next update comes at another time: told last, since it follows from the others."""
    if after.next_update_at != before.next_update_at:
        yield PromiseChanged(at, actor, after, before.next_update_at, after.next_update_at)
