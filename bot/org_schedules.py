"""A schedule of the organisation file to the domain's. A mistake names the field and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from bot.domain.oncall import Layer, Rotation, Schedule, Unit
from bot.domain.people import PersonId


class ScheduleError(ValueError):
    """``path`` is where in the schedule."""

    def __init__(self, path: tuple[str | int, ...], text: str) -> None:
        super().__init__(text)
        self.path = path
        self.text = text


def parse_schedule(mapping: Mapping[str, Any]) -> Schedule:
    """Raises ``ScheduleError``."""
    _only(mapping, ("timezone", "layers"), ())
    zone = mapping.get("timezone") or "UTC"
    if zone not in available_timezones():
        raise ScheduleError(("timezone",), f"{zone} is no IANA time zone.")
    layers = mapping.get("layers") or []
    return Schedule(zone, tuple(_layer(layer, ("layers", at)) for at, layer in enumerate(layers)))


def _only(mapping: Mapping[str, Any], allowed: tuple[str, ...], at: tuple[str | int, ...]) -> None:
    for key in mapping:
        if key not in allowed:
            raise ScheduleError((*at, key), f"is not understood; allowed: {', '.join(allowed)}.")


def _layer(mapping: Mapping[str, Any], at: tuple[str | int, ...]) -> Layer:
    _only(mapping, ("name", "priority", "users", "rotation"), at)
    rotation = mapping.get("rotation")
    if (rotation is None) == ("users" not in mapping):
        raise ScheduleError(at, "needs exactly one of users and rotation.")
    return Layer(
        str(mapping.get("name", "")),
        int(mapping.get("priority") or 0),
        tuple(PersonId(person) for person in mapping.get("users", ())),
        None if rotation is None else _rotation(rotation, (*at, "rotation")),
    )


def _rotation(mapping: Mapping[str, Any], at: tuple[str | int, ...]) -> Rotation:
    _only(mapping, ("unit", "turn_length", "start", "participants"), at)
    if mapping.get("unit") not in set(Unit):
        raise ScheduleError((*at, "unit"), f"must be one of {', '.join(Unit)}.")
    people = tuple(_pair(item) for item in mapping.get("participants") or ())
    if not people:
        raise ScheduleError((*at, "participants"), "must name somebody.")
    try:
        start = datetime.fromisoformat(str(mapping.get("start")))
        length = int(mapping.get("turn_length") or 1)
    except ValueError:
        raise ScheduleError((*at, "start"), "must be such as 2026-01-05T09:00.") from None
    return Rotation(Unit(mapping["unit"]), start.replace(tzinfo=None), people, length)


def _pair(item: object) -> tuple[PersonId, ...]:
    names = item if isinstance(item, list) else [item]
    return tuple(PersonId(str(name)) for name in names)
