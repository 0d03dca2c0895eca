"""The vocabulary of schedules, told in ``docs/oncall.md``: a mapping in, a ``Schedule`` out."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.times.wallclock import DAY, SECOND
from bot.oncall.engine.recurrence import Freq, Recurrence, Weekday
from bot.oncall.engine.restriction import (
    EVERY_DAY,
    MIDNIGHT,
    ClockReading,
    Range,
    Restriction,
    Window,
    since_midnight,
)
from bot.oncall.engine.rotation import Anchor, People, Rotation, Unit
from bot.oncall.engine.schedule import (
    Always,
    FixedPeriod,
    FixedShift,
    Layer,
    Override,
    OverrideKind,
    Schedule,
    Source,
    Swap,
)
from bot.organisation.schedules.cells import (
    Cell,
    begin,
    choice,
    clock,
    closing,
    day,
    days,
    fields,
    finish,
    group,
    items,
    person,
    text,
    wall,
    whole,
    yes,
    zone_name,
)

LONGEST = 366 * 86400  # of one shift or window, in seconds
MOST = 10_000  # units in a turn, units between occurrences, occurrences held
PRIORITIES = (-1_000_000, 1_000_000)


def parse_schedule(mapping: object, people: Container[str] | None = None) -> Schedule:
    """Raises ``ScheduleError`` at the first mistake. ``people`` are the ids it may name; None allows any
    and lets a source be empty.

    Numbers may be texts; a field that is absent, null or "" has its default. Moments without an
    offset are wall time in the layer's zone, outside layers in the schedule's.
    """
    top = fields(
        Cell(mapping, (), people), "timezone", "layers", "fixed_periods", "overrides", "swaps"
    )
    name = zone_name(top["timezone"], "UTC")
    zone = ZoneInfo(name)
    return Schedule(
        name,
        tuple(_layer(cell, name) for cell in items(top["layers"])),
        tuple(_fixed_period(cell, zone) for cell in items(top["fixed_periods"])),
        tuple(_override(cell, zone) for cell in items(top["overrides"])),
        tuple(_swap(cell, zone) for cell in items(top["swaps"])),
    )


# --- layers ------------------------------------------------------------------------------------


def _layer(cell: Cell, default_zone: str) -> Layer:
    of = fields(
        cell,
        "name",
        "priority",
        "timezone",
        "users",
        "rotation",
        "recurrence",
        "anchor",
        "restrictions",
        "effective_from",
        "effective_until",
    )
    own_zone = zone_name(of["timezone"], "")
    zone = ZoneInfo(own_zone or default_zone)
    start, end = of["effective_from"], of["effective_until"]
    since = None if start.absent else begin(start, zone)
    return Layer(
        _source(cell, of, zone),
        text(of["name"]),
        whole(of["priority"], *PRIORITIES, default=0),
        own_zone or None,
        tuple(_restriction(item) for item in items(of["restrictions"])),
        since,
        None if end.absent else finish(end, zone, since, "effective_from"),
    )


def _source(cell: Cell, of: dict[str, Cell], zone: ZoneInfo) -> Source:
    given = [name for name in ("users", "rotation", "recurrence") if not of[name].absent]
    if len(given) != 1:
        found = f", not {' and '.join(given)}" if given else ""
        raise cell.wrong(f"needs exactly one of users, rotation, recurrence{found}.")
    if not of["anchor"].absent and given != ["rotation"]:
        raise of["anchor"].wrong("goes with a rotation only.")
    match given[0]:
        case "rotation":
            return _rotation(of["rotation"], of["anchor"], zone)
        case "recurrence":
            return _recurrence(of["recurrence"], zone)
        case _:
            return Always(_somebody(of["users"], group(of["users"])))


def _rotation(cell: Cell, anchor: Cell, zone: ZoneInfo) -> Rotation:
    of = fields(cell, "unit", "turn_length", "start", "participants")
    unit, order = choice(of["unit"], Unit), _participants(of["participants"])
    return Rotation(
        unit,
        wall(of["start"], zone),
        order,
        whole(of["turn_length"], 1, MOST, default=1),
        None if anchor.absent else _anchor(anchor, order, zone),
    )


def _anchor(cell: Cell, order: tuple[People, ...], zone: ZoneInfo) -> Anchor:
    of = fields(cell, "at", "person")
    holder = person(of["person"])
    if not any(holder in people for people in order):
        everybody = sorted({name for people in order for name in people})
        raise of["person"].refused(f"one of the participants, {', '.join(everybody)}")
    return Anchor(begin(of["at"], zone), holder)


def _participants(cell: Cell) -> tuple[People, ...]:
    order = tuple(group(item) for item in items(cell))
    _somebody(cell, tuple(name for people in order for name in people))
    return order


def _somebody(cell: Cell, people: People) -> People:
    """In the organisation file nobody is a mistake; elsewhere it is a layer that others show through."""
    if not people and cell.people is not None:
        raise cell.wrong("must name somebody.")
    return people


def _recurrence(cell: Cell, zone: ZoneInfo) -> Recurrence:
    of = fields(
        cell,
        "freq",
        "every",
        "hold",
        "by_day",
        "by_monthday",
        "week_start",
        "start",
        "duration_s",
        "participants",
    )
    freq = choice(of["freq"], Freq)
    for name in {Freq.ONCE: ("by_day", "by_monthday"), Freq.WEEK: ("by_monthday",)}.get(freq, ()):
        if items(of[name]):
            raise of[name].wrong(f"does not go with freq {freq}.")
    return Recurrence(
        freq,
        wall(of["start"], zone),
        _length(of["duration_s"]),
        _participants(of["participants"]),
        whole(of["every"], 1, MOST, default=1),
        whole(of["hold"], 1, MOST, default=1),
        days(of["by_day"]),
        frozenset(_monthday(item) for item in items(of["by_monthday"])),
        Weekday.MO if of["week_start"].absent else day(of["week_start"]),
    )


def _monthday(cell: Cell) -> int:
    number = whole(cell, -31, 31)
    if number == 0:
        raise cell.wrong("0 is no day of a month; the last is -1.")
    return number


def _length(cell: Cell) -> timedelta:
    return whole(cell, 1, LONGEST) * SECOND


# --- restrictions ------------------------------------------------------------------------------


def _restriction(cell: Cell) -> Restriction:
    kind = cell.value.get("type") if isinstance(cell.value, Mapping) else None
    match kind:
        case None | "":
            return _window(cell)
        case "daily":
            of = fields(cell, "type", "start", "duration_s")
            return Window(EVERY_DAY, clock(of["start"]), _length(of["duration_s"]))
        case "weekly":
            of = fields(cell, "type", "start_day", "start", "duration_s")
            first_day = frozenset({day(of["start_day"])})
            return Window(first_day, clock(of["start"]), _length(of["duration_s"]))
        case "wallclock":
            return _clock_reading(cell)
        case _:
            raise cell.part("type", kind).refused("one of daily, weekly, wallclock (or absent)")


def _window(cell: Cell) -> Window:
    of = fields(cell, "type", "days", "start", "end")
    start = clock(of["start"])
    length = since_midnight(closing(of["end"])) - since_midnight(start)
    after = length if length > timedelta() else length + DAY
    return Window(days(of["days"]) or EVERY_DAY, start, after)


def _clock_reading(cell: Cell) -> ClockReading:
    of = fields(cell, "type", "days", "start", "end", "months", "days_of_month", "years")
    return ClockReading(
        days(of["days"]) or EVERY_DAY,
        MIDNIGHT if of["start"].absent else clock(of["start"]),
        MIDNIGHT if of["end"].absent else closing(of["end"]),
        tuple(_range(item, 1, 12) for item in items(of["months"])),
        tuple(_range(item, -31, 31) for item in items(of["days_of_month"])),
        tuple(_range(item, 1900, 2999) for item in items(of["years"])),
    )


def _range(cell: Cell, low: int, high: int) -> Range:
    """A number, or [first, last]."""
    ends = items(cell) if isinstance(cell.value, list | tuple) else [cell, cell]
    if len(ends) != 2:
        raise cell.refused("a number or [first, last]")
    since, until = (whole(end, low, high) for end in ends)
    if 0 in (since, until):
        raise cell.wrong("0 is no day of a month; the last is -1.")
    if since > until and (since > 0) == (until > 0):
        raise cell.wrong("the first is after the last.")
    return since, until


# --- what changes the layers -------------------------------------------------------------------


def _fixed_period(cell: Cell, zone: ZoneInfo) -> FixedPeriod:
    of = fields(cell, "start", "end", "shifts")
    start, end = _interval(of, zone)
    return FixedPeriod(start, end, tuple(_fixed_shift(item, zone) for item in items(of["shifts"])))


def _fixed_shift(cell: Cell, zone: ZoneInfo) -> FixedShift:
    of = fields(cell, "start", "end", "user")
    return FixedShift(*_interval(of, zone), person(of["user"]))


def _override(cell: Cell, zone: ZoneInfo) -> Override:
    of = fields(cell, "kind", "start", "end", "user", "replaces", "priority")
    kind = choice(of["kind"], OverrideKind)
    for name, kinds in _NEEDS.items():
        if kind not in kinds and not of[name].absent:
            raise of[name].wrong(f"goes with {' or '.join(kinds)}, not with {kind}.")
    user, replaces = (person(of[name]) if kind in kinds else None for name, kinds in _NEEDS.items())
    priority = whole(of["priority"], *PRIORITIES, default=0)
    return Override(kind, *_interval(of, zone), user, replaces, priority)


_NEEDS = {
    "user": (OverrideKind.REPLACE_ALL, OverrideKind.REPLACE_USER, OverrideKind.ADD),
    "replaces": (OverrideKind.REPLACE_USER, OverrideKind.REMOVE),
}


def _swap(cell: Cell, zone: ZoneInfo) -> Swap:
    of = fields(cell, "requester", "taker", "start", "end", "deleted")
    taker = None if of["taker"].absent else person(of["taker"])
    return Swap(person(of["requester"]), *_interval(of, zone), taker, yes(of["deleted"]))


def _interval(of: dict[str, Cell], zone: ZoneInfo) -> tuple[datetime, datetime]:
    start = begin(of["start"], zone)
    return start, finish(of["end"], zone, start)
