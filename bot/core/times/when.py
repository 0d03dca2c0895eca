"""Times and durations as people type them, read in the speaker's own zone.

Pure: ``now`` (aware) and the zone are arguments; every instant that comes out is UTC, to the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum


class Reading(StrEnum):
    """Which of the instants that a clock time can mean is meant.

    PAST is the latest not after now. NEXT is the earliest after now. DUE is NEXT, except that a
    day alone means its last minute. EITHER is NEXT, except that a day or date may also be past.
    """

    PAST = "past"
    NEXT = "next"
    DUE = "due"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` until just before ``end``, both UTC."""

    start: datetime
    end: datetime


# What a day alone means: work begins, unless it is a due date.
_MORNING = time(9)
_LAST_MINUTE = time(23, 59)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(
    r"mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_RELATIVE = {"yesterday": -1, "today": 0, "tomorrow": 1}
_CLOCK = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?(?::([0-9]{2}))? ?(am|pm)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[t ]"
    r"([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)(z|[+-][0-9]{2}:?[0-9]{2})?"
)
_UNITS = {"w": 7 * 86400, "d": 86400, "h": 3600, "m": 60, "s": 1}
_AMOUNT = re.compile(
    r"([0-9]{1,5}) ?(w(?:eeks?)?|d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)"
    r"(?: ?(?=[0-9])|$)"
)
_LONGEST = timedelta(days=366)
_YEARS = range(2000, 2100)
_RANGE = re.compile(r"(.*?)([0-9][0-9:]*(?: ?[ap]m)?) ?(?:-|\u2013|\u2014| to | until ) ?([0-9].*)")


def duration(text: str) -> timedelta | None:
    """``20m``, ``1h30m``, ``2 hours``, ``3d``; None when it is not one, is nothing or exceeds a year."""
    rest, seconds = _plain(text), 0
    while rest:
        found = _AMOUNT.match(rest)
        if found is None:
            return None
        seconds += int(found[1]) * _UNITS[found[2][0]]
        rest = rest[found.end() :]
    length = timedelta(seconds=seconds)
    return length if timedelta(0) < length <= _LONGEST else None


def instant(text: str, now: datetime, zone: tzinfo, reading: Reading) -> datetime | None:
    """The instant that ``text`` means to somebody in ``zone``, or None when it cannot be read.

    A wall time that a clock change skips is the first instant after the gap; one that it repeats is
    whichever of the two the reading asks for.
    """
    words, now = _plain(text), now.astimezone(UTC)
    if words == "now":
        return None if reading in (Reading.NEXT, Reading.DUE) else _whole(now)
    counted = _counted(words, now, reading)
    if counted is not None:
        return counted
    exact = _exact(words, zone)
    if exact is not None:
        return exact if _allowed(exact, now, reading) else None
    return _named(words, now, zone, reading)


def period(text: str, now: datetime, zone: tzinfo) -> Period | None:
    """``18:00-22:00``, ``fri 18:00-22:00``, ``from fri 18:00 to 22:00``, ``2h`` from now, ``sat`` all day, or two ISO instants.

    The first such period that is not over; one whose end is not after its start ends the next day.
    """
    words, now = _plain(text).removeprefix("from "), now.astimezone(UTC)
    length = duration(words.removeprefix("for "))
    if length is not None:
        return Period(_whole(now), _whole(now) + length)
    first, slash, second = words.partition("/")
    if slash:
        return _between(_exact(first, zone), _exact(second, zone), now)
    days = _days(words, now, zone)
    if days is not None:
        return _soonest((_all_day(day, zone) for day in days), now)
    return _hours(words, now, zone)


def wall(moment: datetime, zone: tzinfo) -> list[datetime]:
    """The UTC instants at which a naive ``moment`` is on the clocks of ``zone``: two when it repeats.

    Never none: a skipped wall time is the first instant after the gap.
    """
    early, late = (moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early <= late:
        return [early] if early == late else [early, late]
    return [_after_gap(late, early, zone)]


def _after_gap(low: datetime, high: datetime, zone: tzinfo) -> datetime:
    """The first whole second of (low, high] that has the offset of ``high``."""
    offset, seconds = high.astimezone(zone).utcoffset(), int((high - low).total_seconds())
    below, above = 0, seconds
    while above - below > 1:
        middle = (below + above) // 2
        if (low + timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset:
            above = middle
        else:
            below = middle
    return low + timedelta(seconds=above)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _allowed(moment: datetime, now: datetime, reading: Reading) -> bool:
    match reading:
        case Reading.PAST:
            return moment <= now
        case Reading.NEXT | Reading.DUE:
            return moment > now
        case Reading.EITHER:
            return True


def _counted(words: str, now: datetime, reading: Reading) -> datetime | None:
    """A time counted from now: ``20m``, ``in 2h``, ``20m ago``."""
    back = words.endswith(" ago")
    length = duration(words.removesuffix(" ago").removeprefix("in "))
    ahead = words.startswith("in ")
    if length is None or (back and ahead):
        return None
    past = back or (reading is Reading.PAST and not ahead)
    moment = _whole(now - length if past else now + length)
    return moment if _allowed(moment, now, reading) else None


def _exact(words: str, zone: tzinfo) -> datetime | None:
    """An ISO 8601 date and time; without an offset it is wall time in ``zone``."""
    found = _ISO.fullmatch(words)
    if found is None or int(words[:4]) not in _YEARS:
        return None
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2]}{(found[3] or '').upper()}")
    except ValueError:
        return None
    return _whole(moment.astimezone(UTC) if moment.tzinfo else wall(moment, zone)[0])


def _named(words: str, now: datetime, zone: tzinfo, reading: Reading) -> datetime | None:
    """A day, a clock time, or both: ``fri``, ``14:32``, ``fri 17:00``, ``tomorrow at 9:00``."""
    for day, clock in _splits(words):
        at = _at(clock, reading)
        days = _days(day, now, zone)
        if at is not None and days is not None:
            candidates = [moment for d in days for moment in wall(datetime.combine(d, at), zone)]
            return _chosen(candidates, now, reading, day)
    return None


def _splits(words: str) -> Iterator[tuple[str, str]]:
    """(day, clock), either of which may be missing but not both."""
    yield "", words.removeprefix("at ")
    yield words, ""
    day, _, clock = words.partition(" ")
    yield day, clock.removeprefix("at ") or "?"


def _chosen(
    candidates: list[datetime], now: datetime, reading: Reading, day: str
) -> datetime | None:
    behind = [moment for moment in candidates if moment <= now]
    ahead = [moment for moment in candidates if moment > now]
    if reading is Reading.PAST:
        return max(behind, default=None)
    if reading is Reading.EITHER and day and not ahead:
        return max(behind, default=None)
    return min(ahead, default=None)


def _at(clock: str, reading: Reading) -> time | None:
    """The time of day; for a day alone what the reading makes of it (no past reading has one)."""
    if not clock:
        if reading is Reading.PAST:
            return None
        return _LAST_MINUTE if reading is Reading.DUE else _MORNING
    found = _CLOCK.fullmatch(clock)
    if found is None or not (found[2] or found[4]):
        return None
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[4] == "pm" else 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _days(day: str, now: datetime, zone: tzinfo) -> list[date] | None:
    """The dates that ``day`` may mean around now; no day at all is any of the nearest."""
    today = now.astimezone(zone).date()
    if not day:
        return [today + timedelta(days=n) for n in range(-2, 3)]
    if day in _RELATIVE:
        return [today + timedelta(days=_RELATIVE[day])]
    if _DAY.fullmatch(day):
        wanted = (_DAYS.index(day[:3]) - today.weekday()) % 7
        return [today + timedelta(days=wanted + n) for n in (-14, -7, 0, 7)]
    return _calendar_day(day)


def _calendar_day(day: str) -> list[date] | None:
    if not _DATE.fullmatch(day) or int(day[:4]) not in _YEARS:
        return None
    try:
        return [date.fromisoformat(day)]
    except ValueError:
        return None


def _hours(words: str, now: datetime, zone: tzinfo) -> Period | None:
    """``[day] 18:00-22:00``."""
    found = _RANGE.fullmatch(words)
    if found is None:
        return None
    first, last = _at(found[2], Reading.PAST), _at(found[3], Reading.PAST)
    days = _days(found[1].removesuffix(" at ").strip(), now, zone)
    if first is None or last is None or days is None:
        return None
    over = timedelta(days=1 if last <= first else 0)
    return _soonest(
        (
            Period(
                wall(datetime.combine(day, first), zone)[0],
                wall(datetime.combine(day + over, last), zone)[-1],
            )
            for day in days
        ),
        now,
    )


def _all_day(day: date, zone: tzinfo) -> Period:
    midnights = (wall(datetime.combine(d, time()), zone)[0] for d in (day, day + timedelta(days=1)))
    return Period(*midnights)


def _between(start: datetime | None, end: datetime | None, now: datetime) -> Period | None:
    if start is None or end is None or not start < end:
        return None
    return Period(start, end) if end > now else None


def _soonest(periods: Iterator[Period], now: datetime) -> Period | None:
    return next((p for p in periods if p.end > now and p.start < p.end), None)
