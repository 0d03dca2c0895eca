"""Restrictions: the hours to which a layer is limited. Several are united."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.times.wallclock import DAY, first, instant, last, reach, reading, steady
from bot.oncall.engine.recurrence import Weekday

EVERY_DAY = frozenset(Weekday)
MIDNIGHT = time()

# Both ends count.
Range = tuple[int, int]
Hours = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` on each of ``days`` for ``length`` of wall time.

    It begins when the clocks first read ``start`` and ends when they last read the end, so that two
    windows that touch on paper leave no gap when an hour repeats.
    """

    days: frozenset[Weekday]
    start: time
    length: timedelta


@dataclass(frozen=True, slots=True)
class ClockReading:
    """True whenever the clocks read so, twice in an hour that they read twice.

    From ``start`` until just before ``end``, both on the same day; an end not after the start is two
    pieces of the same day, its morning and its evening. ``days_of_month`` count from the month's end
    when negative, and what a month does not have is left out. An empty condition is always true.
    """

    days: frozenset[Weekday] = EVERY_DAY
    start: time = MIDNIGHT
    end: time = MIDNIGHT
    months: tuple[Range, ...] = ()
    days_of_month: tuple[Range, ...] = ()
    years: tuple[Range, ...] = ()


Restriction = Window | ClockReading


def open_hours(
    restrictions: Iterable[Restriction], start: datetime, end: datetime, zone: ZoneInfo
) -> list[Hours]:
    """What the restrictions allow of [start, end), in order, no two of them touching."""
    found: list[Hours] = []
    for restriction in restrictions:
        match restriction:
            case Window():
                found += _windows(restriction, start, end, zone)
            case ClockReading():
                found += _readings(restriction, start, end, zone)
    clipped = ((max(since, start), min(until, end)) for since, until in found)
    return merged((since, until) for since, until in clipped if since < until)


def merged(hours: Iterable[Hours]) -> list[Hours]:
    """In order, those that touch or overlap made one."""
    result: list[Hours] = []
    for since, until in sorted(hours):
        if result and since <= result[-1][1]:
            result[-1] = (result[-1][0], max(until, result[-1][1]))
        else:
            result.append((since, until))
    return result


def _windows(window: Window, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Hours]:
    (low, _), (_, high) = reach(start, zone), reach(end, zone)
    low -= window.length
    wall = datetime.combine(low.date(), window.start)
    while wall <= high:
        if low <= wall and wall.weekday() in window.days:
            yield first(wall, zone), last(wall + window.length, zone)
        wall += DAY


def _readings(
    rule: ClockReading, start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[Hours]:
    for since, until, offset in steady(start, end, zone):
        day = datetime.combine(reading(since, zone).date(), MIDNIGHT)
        while (begin := instant(day, offset)) < until:
            if _is_day(rule, day):
                hours = ((begin + low, begin + high) for low, high in _hours_of_day(rule))
                yield from ((max(low, since), min(high, until)) for low, high in hours)
            day += DAY


def _hours_of_day(rule: ClockReading) -> tuple[tuple[timedelta, timedelta], ...]:
    start, end = since_midnight(rule.start), since_midnight(rule.end)
    return ((start, end),) if start < end else ((timedelta(), end), (start, DAY))


def _is_day(rule: ClockReading, day: datetime) -> bool:
    return (
        day.weekday() in rule.days
        and _within(day.month, rule.months)
        and _within(day.year, rule.years)
        and _within(day.day, _real_days(rule, day))
    )


def _within(number: int, ranges: Sequence[Range]) -> bool:
    """No range at all is no condition."""
    return not ranges or any(low <= number <= high for low, high in ranges)


def _real_days(rule: ClockReading, day: datetime) -> list[Range]:
    """The ranges of days with those from the month's end counted from its beginning."""
    count = monthrange(day.year, day.month)[1]
    return [
        (low if low > 0 else count + 1 + low, high if high > 0 else count + 1 + high)
        for low, high in rule.days_of_month
    ]


def since_midnight(clock: time) -> timedelta:
    """On a day of 24 hours."""
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
