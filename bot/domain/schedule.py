"""A schedule as one value: layers, fixed periods, overrides and swaps. What follows from it is in ``oncall``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.people import PersonId
from bot.domain.recurrence import Recurrence, occurrences
from bot.domain.restriction import Hours, Restriction, open_hours
from bot.domain.rotation import People, Rotation, Stretch, turns


@dataclass(frozen=True, slots=True)
class Always:
    """These people, at all times."""

    people: People


Source = Always | Rotation | Recurrence


@dataclass(frozen=True, slots=True)
class Layer:
    """One source of people, within hours and dates that clip it and never move its turns.

    ``timezone`` replaces the schedule's for everything in the layer. The highest ``priority`` that
    has anybody wins.
    """

    source: Source
    name: str = ""
    priority: int = 0
    timezone: str | None = None
    restrictions: tuple[Restriction, ...] = ()
    effective_from: datetime | None = None
    effective_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class FixedShift:
    start: datetime
    end: datetime
    person: PersonId


@dataclass(frozen=True, slots=True)
class FixedPeriod:
    """Within it, only these shifts count. Overlapping periods are united."""

    start: datetime
    end: datetime
    shifts: tuple[FixedShift, ...] = ()


class OverrideKind(StrEnum):
    REPLACE_ALL = "replace_all"
    REPLACE_USER = "replace_user"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Override:
    """``person`` for everybody, for ``replaces``, or besides; or nobody for ``replaces``."""

    kind: OverrideKind
    start: datetime
    end: datetime
    person: PersonId | None = None
    replaces: PersonId | None = None
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Swap:
    """Once somebody has taken it, the taker stands in wherever the requester would be on call."""

    requester: PersonId
    start: datetime
    end: datetime
    taker: PersonId | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """``timezone`` is an IANA name; instants are aware. Overrides and swaps stand in the order they were made."""

    timezone: str
    layers: tuple[Layer, ...] = ()
    fixed_periods: tuple[FixedPeriod, ...] = ()
    overrides: tuple[Override, ...] = ()
    swaps: tuple[Swap, ...] = ()


def zone_of(schedule: Schedule, layer: Layer) -> ZoneInfo:
    return ZoneInfo(layer.timezone or schedule.timezone)


def planned(source: Source, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Stretch]:
    """What the source alone gives to [start, end), by start, not clipped to it."""
    match source:
        case Always():
            return iter([(start, end, source.people)])
        case Rotation():
            return turns(source, start, end, zone)
        case Recurrence():
            return occurrences(source, start, end, zone)


def layer_stretches(
    layer: Layer, start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[Stretch]:
    """What a layer gives to [start, end): its source within its dates and restrictions."""
    start, end = max(start, layer.effective_from or start), min(end, layer.effective_until or end)
    if start >= end:
        return iter(())
    found = planned(layer.source, start, end, zone)
    if not layer.restrictions:
        return found
    ...


