"""A ``Schedule`` as the mapping that ``parse_schedule`` reads back to the same value."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.times.wallclock import DAY, SECOND
from bot.oncall.engine.recurrence import Recurrence, Weekday
from bot.oncall.engine.restriction import EVERY_DAY, ClockReading, Range, Restriction, Window
from bot.oncall.engine.rotation import Anchor, People, Rotation
from bot.oncall.engine.schedule import (
    Always,
    FixedPeriod,
    FixedShift,
    Layer,
    Override,
    Schedule,
    Source,
    Swap,
    zone_of,
)


def print_schedule(schedule: Schedule) -> dict[str, Any]:
    """Plain lists, texts and numbers, fit for YAML and JSON; what has its default is left out."""
    zone = ZoneInfo(schedule.timezone)
    return _filled(
        timezone=schedule.timezone,
        layers=[_layer(layer, zone_of(schedule, layer)) for layer in schedule.layers],
        fixed_periods=[_fixed_period(period, zone) for period in schedule.fixed_periods],
        overrides=[_override(override, zone) for override in schedule.overrides],
        swaps=[_swap(swap, zone) for swap in schedule.swaps],
    )


def _filled(**fields: object) -> dict[str, Any]:
    """Without what is none, zero or empty: defaults that are neither are always given."""
    return {name: value for name, value in fields.items() if value}


def _layer(layer: Layer, zone: ZoneInfo) -> dict[str, Any]:
    return _filled(
        name=layer.name,
        priority=layer.priority,
        timezone=layer.timezone,
        **_source(layer.source, zone),
        restrictions=[printed for rule in layer.restrictions for printed in _restriction(rule)],
        effective_from=_moment(layer.effective_from, zone),
        effective_until=_moment(layer.effective_until, zone),
    )


def _source(source: Source, zone: ZoneInfo) -> dict[str, Any]:
    match source:
        case Always():
            return {"users": list(source.people)}
        case Rotation():
            anchor = source.anchor
            return _filled(
                rotation=_rotation(source), anchor=None if anchor is None else _anchor(anchor, zone)
            )
        case Recurrence():
            return {"recurrence": _recurrence(source)}


def _rotation(rotation: Rotation) -> dict[str, Any]:
    return {
        "unit": rotation.unit.value,
        "turn_length": rotation.turn_length,
        "start": rotation.start.isoformat(),
        "participants": [_group(people) for people in rotation.participants],
    }


def _anchor(anchor: Anchor, zone: ZoneInfo) -> dict[str, Any]:
    return {"at": _moment(anchor.at, zone), "person": anchor.person}


def _group(people: People) -> list[str] | str:
    return people[0] if len(people) == 1 else list(people)


def _recurrence(recurrence: Recurrence) -> dict[str, Any]:
    return _filled(
        freq=recurrence.freq.value,
        every=recurrence.every,
        hold=recurrence.hold,
        by_day=_days(recurrence.by_day),
        by_monthday=sorted(recurrence.by_monthday),
        week_start=recurrence.week_start.name,
        start=recurrence.start.isoformat(),
        duration_s=recurrence.length // SECOND,
        participants=[list(people) for people in recurrence.participants],
    )


def _restriction(rule: Restriction) -> list[dict[str, Any]]:
    """One; but a window longer than a day, on some of the days, is one for each of them."""
    match rule:
        case ClockReading():
            return [_clock_reading(rule)]
        case Window() if rule.length <= DAY:
            start, end = _clock(rule.start), _clock(_later(rule.start, rule.length))
            return [_filled(days=_some_days(rule.days), start=start, end=end)]
        case Window():
            long = {"start": _clock(rule.start), "duration_s": rule.length // SECOND}
            if rule.days == EVERY_DAY:
                return [{"type": "daily", **long}]
            return [{"type": "weekly", "start_day": name, **long} for name in _days(rule.days)]


def _clock_reading(rule: ClockReading) -> dict[str, Any]:
    return _filled(
        type="wallclock",
        days=_some_days(rule.days),
        start=_clock(rule.start),
        end=_clock(rule.end),
        months=_ranges(rule.months),
        days_of_month=_ranges(rule.days_of_month),
        years=_ranges(rule.years),
    )


def _ranges(ranges: Iterable[Range]) -> list[list[int]]:
    return [list(ends) for ends in ranges]


def _some_days(days: frozenset[Weekday]) -> list[str]:
    return [] if days == EVERY_DAY else _days(days)


def _days(days: frozenset[Weekday]) -> list[str]:
    return [day.name for day in sorted(days)]


def _later(clock: time, length: timedelta) -> time:
    return (datetime.combine(date.min, clock) + length).time()


def _clock(clock: time) -> str:
    return clock.isoformat("seconds" if clock.second else "minutes")


def _moment(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat()


def _fixed_period(period: FixedPeriod, zone: ZoneInfo) -> dict[str, Any]:
    shifts = [_fixed_shift(shift, zone) for shift in period.shifts]
    return _filled(**_interval(period, zone), shifts=shifts)


def _fixed_shift(shift: FixedShift, zone: ZoneInfo) -> dict[str, Any]:
    return {**_interval(shift, zone), "user": shift.person}


def _override(override: Override, zone: ZoneInfo) -> dict[str, Any]:
    return _filled(
        kind=override.kind.value,
        **_interval(override, zone),
        user=override.person,
        replaces=override.replaces,
        priority=override.priority,
    )


def _swap(swap: Swap, zone: ZoneInfo) -> dict[str, Any]:
    who = {"requester": swap.requester, "taker": swap.taker}
    return _filled(**who, **_interval(swap, zone), deleted=swap.deleted)


def _interval(item: FixedPeriod | FixedShift | Override | Swap, zone: ZoneInfo) -> dict[str, Any]:
    return {"start": _moment(item.start, zone), "end": _moment(item.end, zone)}
