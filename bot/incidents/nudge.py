"""Nudges: what is asked of people who forgot, how often, and when it is too late in the day to ask."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

MOST = 5
# So many top-level messages in a room within so long that no person asked for.
BUDGET = 6
BUDGET_WINDOW = timedelta(hours=1)
LONG_RUNNING = timedelta(hours=24)
SNOOZE = timedelta(minutes=15)
_OPENS, _CLOSES = time(9), time(17)
_SATURDAY = 5


class Cause(StrEnum):
    """Why somebody is nudged. The values are stored, and typed in ``snooze``."""

    LEAD = "lead"
    SEVERITY = "severity"
    QUIET = "quiet"
    ROLE = "role"
    UPDATE = "update"


FIRST_AFTER = {
    Cause.LEAD: timedelta(minutes=2),
    Cause.SEVERITY: timedelta(minutes=5),
    Cause.QUIET: timedelta(hours=2),
    Cause.ROLE: timedelta(minutes=15),
}


def interval(count: int) -> timedelta:
    """Between a nudge and the next for the same cause: 10 min, doubling, at most 2 h."""
    return min(timedelta(minutes=10) * (1 << count), timedelta(hours=2))


def office_moment(moment: datetime, zone: tzinfo) -> datetime:
    """``moment``, or the next 09:00 on a working day in ``zone`` when that is outside office hours."""
    local = moment.astimezone(zone)
    if local.weekday() < _SATURDAY and _OPENS <= local.time() < _CLOSES:
        return moment
    day = local.date() if local.time() < _OPENS else local.date() + timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, _OPENS, zone).astimezone(moment.tzinfo)
