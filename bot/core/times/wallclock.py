"""What the clocks of a zone read, and when: the only place where wall times become instants.

Wall times are naive datetimes, instants are aware ones in UTC. The zone is an argument.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)

# Differences to these are cheaper than datetime.replace, and a year of turns takes thousands.
_WALL_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall time
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def first(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which the clocks read ``wall``; if they skip it, the end of the gap."""
    return _instant(wall if wall.fold == 0 else wall.replace(fold=0), zone)


def last(wall: datetime, zone: ZoneInfo) -> datetime:
    """The last instant at which the clocks read ``wall``; if they skip it, the end of the gap."""
    return _instant(wall.replace(fold=1), zone)


def instant(wall: datetime, offset: timedelta) -> datetime:
    """When clocks that are ``offset`` ahead of UTC read ``wall``."""
    return _EPOCH + (wall - _WALL_EPOCH - offset)


def reading(at: datetime, zone: ZoneInfo) -> datetime:
    """The wall time at an instant."""
    return _WALL_EPOCH + (at - _EPOCH + _offset_at(at, zone))


@lru_cache(maxsize=64)
def reach(at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """No wall time before the one is first or last read after ``at``; none after the other until ``at``.

    Both are what the clocks read now, except in an hour that they read twice. Remembered, since every
    layer asks about the same instants.
    """
    local = at.astimezone(zone)
    repeated = _offset(local.replace(fold=0), zone) - _offset(local.replace(fold=1), zone)
    wall, margin = reading(at, zone), max(repeated, timedelta())
    return wall - margin, wall + margin


def steady(
    start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """[start, end) in pieces (start, end, offset) over which the offset from UTC stays the same.

    Looks once a day: of two changes within a day only one would be seen.
    """
    since, offset, probe = start, _offset_at(start, zone), start
    while probe < end:
        before, probe = probe, min(probe + DAY, end)
        if _offset_at(probe, zone) != offset:
            change = _change(before, probe, zone)
            yield since, change, offset
            since, offset = change, _offset_at(change, zone)
    if since < end:
        yield since, end, offset


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    offset = _offset(wall, zone)
    found = instant(wall, offset)
    return found if _offset_at(found, zone) == offset else _after_gap(wall, zone)


def _after_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    offsets = (_offset(wall.replace(fold=fold), zone) for fold in (0, 1))
    low, high = sorted(instant(wall, offset) for offset in offsets)
    return _change(low, high, zone)


def _change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The first instant after ``low`` with the offset of ``high``. Clocks change on whole seconds."""
    low, after = low.replace(microsecond=0), _offset_at(high, zone)
    seconds = range((high - low) // SECOND + 1)
    count = bisect_left(
        seconds, x=True, key=lambda passed: _offset_at(low + passed * SECOND, zone) == after
    )
    return low + count * SECOND


def _offset(wall: datetime, zone: ZoneInfo) -> timedelta:
    """The offset at a wall time, of its first or second reading by its fold (PEP 495)."""
    return zone.utcoffset(wall) or timedelta()


def _offset_at(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()
