"""A schedule as one value: layers, fixed periods, overrides and swaps. ``coverage`` says who is on call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.people import PersonId
from bot.oncall.engine.recurrence import Recurrence
from bot.oncall.engine.restriction import Restriction
from bot.oncall.engine.rotation import People, Rotation


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
    """``timezone`` is an IANA name; instants are in UTC. Overrides and swaps stand as they were made."""

    timezone: str
    layers: tuple[Layer, ...] = ()
    fixed_periods: tuple[FixedPeriod, ...] = ()
    overrides: tuple[Override, ...] = ()
    swaps: tuple[Swap, ...] = ()


def zone_of(schedule: Schedule, layer: Layer) -> ZoneInfo:
    return ZoneInfo(layer.timezone or schedule.timezone)
