"""What comes next in a schedule: until when the present people are on call, and who follows."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from bot.domain.oncall import Shift, on_call, shifts
from bot.domain.people import PersonId
from bot.domain.schedule import Schedule

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


def differences(
    before: Schedule, after: Schedule, start: datetime, end: datetime
) -> list[tuple[datetime, datetime, frozenset[PersonId], frozenset[PersonId]]]:
    """Where [start, end) has other people on call, as (start, end, before, after); pieces are joined."""
    edges = {start, end, *_edges(before, start, end), *_edges(after, start, end)}
    found: list[tuple[datetime, datetime, frozenset[PersonId], frozenset[PersonId]]] = []
    for since, until_ in pairwise(sorted(edges)):
        old, new = on_call(before, since), on_call(after, since)
        if old == new:
            continue
        if found and found[-1][1] == since and found[-1][2:] == (old, new):
            found[-1] = (found[-1][0], until_, old, new)
        else:
            found.append((since, until_, old, new))
    return found
