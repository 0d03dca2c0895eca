"""How evenly being on call is shared out: hours, nights and weekends of each person. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.people import PersonId
from bot.core.times.wallclock import DAY, first, reading
from bot.oncall.engine.coverage import Shift, shifts
from bot.oncall.engine.schedule import Schedule

# On the clock of whoever would be woken.
NIGHT = (time(22), time(6))
_SATURDAY = 5
_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Load:
    """One person's time on call. ``nights`` is what falls between 22:00 and 06:00, ``weekends`` what falls on
    Saturday and Sunday, both on the person's own clock; the two may overlap."""

    person: PersonId
    whole: timedelta
    nights: timedelta
    weekends: timedelta


def loads(
    schedule: Schedule,
    people: Iterable[PersonId],
    start: datetime,
    end: datetime,
    zone_of: Callable[[PersonId], ZoneInfo],
) -> list[Load]:
    """The load of each of ``people``, and of whoever else is on call, within [start, end): most first."""
    held: dict[PersonId, list[Shift]] = {person: [] for person in people}
    for shift in shifts(schedule, start, end):
        held.setdefault(shift.person, []).append(shift)
    found = [_load(person, mine, zone_of(person)) for person, mine in held.items()]
    return sorted(found, key=lambda load: (-load.whole, load.person))


def _load(person: PersonId, mine: list[Shift], zone: ZoneInfo) -> Load:
    return Load(
        person,
        sum((s.end - s.start for s in mine), _NONE),
        sum((_within(s, hours) for s in mine for hours in _nights(s, zone)), _NONE),
        sum((_within(s, hours) for s in mine for hours in _weekends(s, zone)), _NONE),
    )


def _within(shift: Shift, hours: tuple[datetime, datetime]) -> timedelta:
    return max(_NONE, min(shift.end, hours[1]) - max(shift.start, hours[0]))


def _days(shift: Shift, zone: ZoneInfo) -> Iterator[date]:
    """The days on which the shift's nights and weekends may begin."""
    day, until = reading(shift.start, zone).date() - DAY, reading(shift.end, zone).date()
    while day <= until:
        yield day
        day += DAY


def _nights(shift: Shift, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    for day in _days(shift, zone):
        dusk, dawn = datetime.combine(day, NIGHT[0]), datetime.combine(day + DAY, NIGHT[1])
        yield first(dusk, zone), first(dawn, zone)


def _weekends(shift: Shift, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    for day in _days(shift, zone):
        if day.weekday() >= _SATURDAY:
            midnight = datetime.combine(day, time())
            yield first(midnight, zone), first(midnight + DAY, zone)


def even(found: Iterable[Load]) -> timedelta:
    """What each would have if all had the same; zero without anybody."""
    shares = [load.whole for load in found]
    return sum(shares, _NONE) / len(shares) if shares else _NONE
