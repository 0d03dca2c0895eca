"""Recurrences: separate shifts on days that a calendar rule picks, in the sense of iCalendar (RFC 5545).

Everything is counted on the wall clock; only the last step makes instants of it. A participant's
place is computed, so that an old schedule costs what a new one does; only where dates of a month narrow
days or hours down is it counted up from the start, month by month, and remembered.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from functools import lru_cache
from itertools import accumulate
from math import gcd
from zoneinfo import ZoneInfo

from bot.core.times.wallclock import DAY, first, last, reach
from bot.oncall.engine.rotation import LENGTHS, People, Stretch, Unit, add_months, months_between

WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=1)
WEEK_HOURS = 168
# Every month has these days.
COMMON_DAYS = 28


class Weekday(IntEnum):
    """Numbered as ``datetime.weekday`` does."""

    MO = 0
    TU = 1
    WE = 2
    TH = 3
    FR = 4
    SA = 5
    SU = 6


class Freq(StrEnum):
    ONCE = "once"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Shifts of ``length`` wall time, at ``start`` (wall time) and then in every ``every``-th unit.

    ``by_day`` and ``by_monthday`` (negative from the month's end) narrow hours and days down, and
    pick the days of a week or month. Participants change at each occurrence, but where days of a
    week or month are picked at each active week or month; each keeps ``hold`` of them.
    A date that a month does not have is left out.
    """

    freq: Freq
    start: datetime
    length: timedelta
    participants: tuple[People, ...]
    every: int = 1
    hold: int = 1
    by_day: frozenset[Weekday] = frozenset()
    by_monthday: frozenset[int] = frozenset()
    week_start: Weekday = Weekday.MO


def occurrences(
    recurrence: Recurrence, start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[Stretch]:
    """The shifts that touch [start, end), whole, by their start. They may overlap."""
    if not recurrence.participants:
        return
    (low, _), (_, high) = reach(start, zone), reach(end, zone)
    order = recurrence.participants
    for place, wall in _placed(recurrence, low - recurrence.length, high):
        since, until = first(wall, zone), last(wall + recurrence.length, zone)
        if since < min(until, end) and until > start:
            yield since, until, order[place // recurrence.hold % len(order)]


# --- on the wall clock -------------------------------------------------------------------------


def _placed(r: Recurrence, low: datetime, high: datetime) -> Iterator[tuple[int, datetime]]:
    """(place in the order of participants, wall time) of the occurrences from ``low`` to ``high``."""
    steps = _steps(r, low, high)
    if _changes_with_each_step(r):
        yield from steps
        return
    place = None
    for number, wall in steps:
        place = _before(r, number, wall) if place is None else place + 1
        yield place, wall


def _changes_with_each_step(r: Recurrence) -> bool:
    if r.freq in (Freq.ONCE, Freq.WEEK):
        return True
    picked = bool(r.by_day or r.by_monthday)
    return picked or r.start.day <= COMMON_DAYS if r.freq is Freq.MONTH else not picked


def _steps(r: Recurrence, low: datetime, high: datetime) -> Iterator[tuple[int, datetime]]:
    """(number of the active unit, wall time): several in a week or month, one or none otherwise."""
    if r.freq is Freq.ONCE:
        found = iter([(0, r.start)])
    elif r.freq is Freq.MONTH:
        found = _in_months(r, low, high)
    elif r.freq is Freq.WEEK and r.by_day:
        found = _in_weeks(r, low, high)
    else:
        found = _at_steps(r, low, high)
    return ((number, wall) for number, wall in found if wall >= r.start and low <= wall <= high)


def _at_steps(r: Recurrence, low: datetime, high: datetime) -> Iterator[tuple[int, datetime]]:
    step = _step(r)
    number = max(0, (low - r.start) // step)
    while (wall := r.start + number * step) <= high:
        if _picked(r, wall):
            yield number, wall
        number += 1


def _in_weeks(r: Recurrence, low: datetime, high: datetime) -> Iterator[tuple[int, datetime]]:
    week = r.start - (r.start.weekday() - r.week_start) % 7 * DAY
    days = sorted((day - r.week_start) % 7 for day in r.by_day)
    number = max(0, (low - week) // (r.every * WEEK))
    while (begin := week + number * r.every * WEEK) <= high:
        yield from ((number, begin + day * DAY) for day in days)
        number += 1


def _in_months(r: Recurrence, low: datetime, high: datetime) -> Iterator[tuple[int, datetime]]:
    number = max(0, months_between(r.start, low) // r.every)
    while (month := add_months(_month(r.start), number * r.every)) <= high:
        clock = r.start - _midnight(r.start)
        yield from ((number, day + clock) for day in _dates(r, month))
        number += 1


def _dates(r: Recurrence, month: datetime) -> list[datetime]:
    """The picked days of the month that begins with ``month``; without a pick, the day of ``start``."""
    count = monthrange(month.year, month.month)[1]
    named = r.by_monthday or (range(1, count + 1) if r.by_day else (r.start.day,))
    numbers = {day if day > 0 else count + 1 + day for day in named}
    days = (month + (number - 1) * DAY for number in sorted(numbers) if 1 <= number <= count)
    return [day for day in days if not r.by_day or day.weekday() in r.by_day]


def _picked(r: Recurrence, wall: datetime) -> bool:
    if r.by_day and wall.weekday() not in r.by_day:
        return False
    return not r.by_monthday or _midnight(wall) in _dates(r, _month(wall))


# --- how many came before ----------------------------------------------------------------------


def _before(r: Recurrence, number: int, wall: datetime) -> int:
    """How many occurrences came before that of step ``number``, at ``wall``."""
    if r.freq is Freq.MONTH or r.by_monthday:
        month, midnight = months_between(r.start, wall), _midnight(wall)
        today = 0 if r.freq is Freq.MONTH else number - _steps_before(r, midnight)
        return _before_month(r, month) + _in_month(r, month, midnight) + today
    cycle = _week_cycle(r)
    whole, rest = divmod(number, len(cycle) - 1)
    return whole * cycle[-1] + cycle[rest]


@lru_cache(maxsize=512)
def _week_cycle(r: Recurrence) -> tuple[int, ...]:
    """Running counts over the steps after which the days of the week repeat."""
    size = WEEK_HOURS // gcd(WEEK_HOURS, _step(r) // HOUR)
    picked = ((r.start + n * _step(r)).weekday() in r.by_day for n in range(size))
    return tuple(accumulate(picked, initial=0))


@lru_cache(maxsize=512)
def _before_month(r: Recurrence, month: int) -> int:
    """Occurrences before a month, counted from that of ``start``: dates follow no short cycle."""
    begin = _month(r.start)
    return sum(_in_month(r, number, add_months(begin, number + 1)) for number in range(month))


def _in_month(r: Recurrence, month: int, end: datetime) -> int:
    """Occurrences in a month on days before ``end``."""
    days = [day for day in _dates(r, add_months(_month(r.start), month)) if day < end]
    if r.freq is Freq.MONTH:
        return 0 if month % r.every else len(days)
    return sum(_steps_before(r, day + DAY) - _steps_before(r, day) for day in days)


def _steps_before(r: Recurrence, wall: datetime) -> int:
    return max(0, -((r.start - wall) // _step(r)))


def _step(r: Recurrence) -> timedelta:
    return LENGTHS[Unit(r.freq)] * r.every


def _month(wall: datetime) -> datetime:
    return _midnight(wall).replace(day=1)


def _midnight(wall: datetime) -> datetime:
    return wall.replace(hour=0, minute=0, second=0, microsecond=0)
