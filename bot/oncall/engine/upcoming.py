"""What comes next in a schedule: until when the present people are on call, and who follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.core.people import PersonId
from bot.oncall.engine.coverage import Gap, Shift, on_call, shifts
from bot.oncall.engine.restriction import merged
from bot.oncall.engine.schedule import Schedule

# Looked through one after the other: the next hand-off is mostly near.
_HORIZONS = tuple(timedelta(days=days) for days in (2, 9, 70, 400))


def until(schedule: Schedule, at: datetime) -> datetime | None:
    """When those on call at an instant change next; None if not within about a year."""
    now = on_call(schedule, at)
    for horizon in _HORIZONS:
        for moment in _edges(schedule, at, at + horizon):
            if on_call(schedule, moment) != now:
                return moment
    return None


def _edges(schedule: Schedule, start: datetime, end: datetime) -> list[datetime]:
    found = {edge for shift in shifts(schedule, start, end) for edge in shift[:2]}
    return sorted(edge for edge in found if start < edge < end)


def following(schedule: Schedule, at: datetime) -> tuple[Shift, ...]:
    """The next shifts to begin with somebody who is not on call now, all that begin together."""
    now = on_call(schedule, at)
    for horizon in _HORIZONS:
        found = shifts(schedule, at, at + horizon)
        ahead = [shift for shift in found if shift.start > at and shift.person not in now]
        if ahead:
            return tuple(shift for shift in ahead if shift.start == ahead[0].start)
    return ()


def own(schedule: Schedule, person: PersonId, start: datetime, end: datetime) -> list[Shift]:
    """One person's shifts."""
    return [shift for shift in shifts(schedule, start, end) if shift.person == person]


def uncovered(
    schedule: Schedule, start: datetime, end: datetime, here: Callable[[PersonId], bool]
) -> list[Gap]:
    """Where within [start, end) nobody is on call, or only people who are not ``here`` any more."""
    held = merged((s.start, s.end) for s in shifts(schedule, start, end) if here(s.person))
    edges = [start, *(edge for hours in held for edge in hours), end]
    return [Gap(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
