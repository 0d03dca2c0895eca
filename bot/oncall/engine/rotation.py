"""Rotations: turns that follow one another without a gap, counted on the wall clock."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.people import PersonId
from bot.core.times.wallclock import first, reach

People = tuple[PersonId, ...]
Stretch = tuple[datetime, datetime, People]


class Unit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


LENGTHS = {
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
    Unit.WEEK: timedelta(weeks=1),
}


@dataclass(frozen=True, slots=True)
class Anchor:
    """``person`` holds the turn that contains the instant ``at``; the order goes on from there."""

    at: datetime
    person: PersonId


@dataclass(frozen=True, slots=True)
class Rotation:
    """``start`` is the wall time of a hand-off to the first participants; there are turns before it too.

    Turn k begins ``k * turn_length`` units of wall time after ``start``. Months are added to
    ``start`` itself, and day 29 to 31 of a shorter month is its last day.
    """

    unit: Unit
    start: datetime
    participants: tuple[People, ...]
    turn_length: int = 1
    anchor: Anchor | None = None


def turns(rotation: Rotation, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Stretch]:
    """The turns that touch [start, end), whole, in order. One that a clock change swallows is left out."""
    if not rotation.participants:
        return
    (number, since), order = _turn(rotation, start, zone), rotation.participants
    ahead = _ahead(rotation, zone)
    while since < end:
        until = _handoff(rotation, number + 1, zone)
        if since < until:
            yield since, until, order[(number + ahead) % len(order)]
        number, since = number + 1, until


def add_months(wall: datetime, months: int) -> datetime:
    """The same day and time of another month, or that month's last day."""
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    day = min(wall.day, monthrange(year, month + 1)[1])
    return wall.replace(year=year, month=month + 1, day=day)


def months_between(start: datetime, wall: datetime) -> int:
    """How many calendar months ``wall`` is after the month of ``start``."""
    return (wall.year - start.year) * 12 + wall.month - start.month


def _ahead(rotation: Rotation, zone: ZoneInfo) -> int:
    """How far the anchor moves the order on. A participant alone goes before one in company."""
    anchor = rotation.anchor
    if anchor is None:
        return 0
    places = [at for at, people in enumerate(rotation.participants) if anchor.person in people]
    place = min(places, key=lambda at: len(rotation.participants[at]))
    return place - _turn(rotation, anchor.at, zone)[0]


def _turn(rotation: Rotation, at: datetime, zone: ZoneInfo) -> tuple[int, datetime]:
    """The number of the turn that contains an instant, and when it began."""
    _, furthest = reach(at, zone)
    if rotation.unit is Unit.MONTH:
        number = months_between(rotation.start, furthest) // rotation.turn_length
    else:
        number = (furthest - rotation.start) // (LENGTHS[rotation.unit] * rotation.turn_length)
    while (since := _handoff(rotation, number, zone)) > at:
        number -= 1
    return number, since


def _handoff(rotation: Rotation, number: int, zone: ZoneInfo) -> datetime:
    count = number * rotation.turn_length
    if rotation.unit is Unit.MONTH:
        return first(add_months(rotation.start, count), zone)
    return first(rotation.start + LENGTHS[rotation.unit] * count, zone)
