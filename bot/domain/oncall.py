"""Who is on call at an instant: layers of rotations in the schedule's own wall-clock time.

Pure. A hand-off at 09:00 is at 09:00 before and after a clock change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.people import PersonId


class Unit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


_LENGTH = {
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
    Unit.WEEK: timedelta(weeks=1),
}


@dataclass(frozen=True, slots=True)
class Rotation:
    """Contiguous turns. ``start`` is the first hand-off, as wall time in the layer's zone."""

    unit: Unit
    start: datetime
    participants: tuple[tuple[PersonId, ...], ...]
    turn_length: int = 1


@dataclass(frozen=True, slots=True)
class Layer:
    """One source of people: always ``users``, or a rotation."""

    name: str
    priority: int = 0
    users: tuple[PersonId, ...] = ()
    rotation: Rotation | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """``timezone`` is an IANA name. The highest priority that has anybody wins; equal ones are united."""

    timezone: str
    layers: Sequence[Layer] = ()


def on_call(schedule: Schedule, at: datetime) -> frozenset[PersonId]:
    """The people on call at ``at`` (an aware instant)."""
    zone = ZoneInfo(schedule.timezone)
    for priority in sorted({layer.priority for layer in schedule.layers}, reverse=True):
        layers = [layer for layer in schedule.layers if layer.priority == priority]
        found = frozenset(p for layer in layers for p in _on_layer(layer, at, zone))
        if found:
            return found
    return frozenset()


def _on_layer(layer: Layer, at: datetime, zone: tzinfo) -> tuple[PersonId, ...]:
    if layer.rotation is None:
        return layer.users
    rotation = layer.rotation
    if not rotation.participants:
        return ()
    return rotation.participants[_turn(rotation, at, zone) % len(rotation.participants)]


def _turn(rotation: Rotation, at: datetime, zone: tzinfo) -> int:
    """Which turn holds ``at``: by the wall clock, then corrected around a change of it."""
    wall = at.astimezone(zone).replace(tzinfo=None)
    length = _LENGTH[rotation.unit] * rotation.turn_length
    turn = (wall - rotation.start) // length
    while _handoff(rotation, turn + 1, length, zone) <= at:
        turn += 1
    while _handoff(rotation, turn, length, zone) > at:
        turn -= 1
    return turn


def _handoff(rotation: Rotation, turn: int, length: timedelta, zone: tzinfo) -> datetime:
    """When a turn begins. A wall time that a change skips is the first instant after the gap."""
    wall = rotation.start + turn * length
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    before, after = wall.replace(tzinfo=zone, fold=1), wall.replace(tzinfo=zone, fold=0)
    gap = abs((after.utcoffset() or timedelta()) - (before.utcoffset() or timedelta()))
    moment = first - gap
    while moment.astimezone(zone).replace(tzinfo=None) < wall:
        moment += timedelta(minutes=1)
    return moment
