"""Schedules for tests: short ways to write them, and strategies that make any of the whole vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.core.people import PersonId
from bot.oncall.engine.schedule import Schedule
from bot.organisation.schedules.parser import parse_schedule

PEOPLE = ["ana", "bo", "cy", "mia"]
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Asia/Beirut",
    "America/Havana",
    "Antarctica/Troll",
    "UTC",
]
# A change of the clock, or the whole of a skipped day, is never far: each zone's days of interest.
CHANGES = [
    datetime(2026, 3, 8, 7, tzinfo=UTC),  # New York, spring
    datetime(2026, 11, 1, 6, tzinfo=UTC),  # New York, autumn
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Berlin, spring
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # Berlin, autumn
    datetime(2026, 4, 4, 15, tzinfo=UTC),  # Lord Howe, half an hour back
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),  # Lord Howe, half an hour forward
    datetime(1985, 12, 31, 18, 30, tzinfo=UTC),  # Kathmandu, a quarter of an hour forward, for good
    datetime(2011, 12, 30, 10, tzinfo=UTC),  # Apia, a whole day forward, for good
    datetime(2026, 3, 28, 22, tzinfo=UTC),  # Beirut, spring: there is no midnight
    datetime(2026, 11, 1, 5, tzinfo=UTC),  # Havana, autumn: midnight comes twice
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # Troll, autumn: two hours come twice
]


def utc(text: str) -> datetime:
    """``2026-03-29 01:30`` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def schedule(*layers: dict[str, Any], zone: str = "Europe/Berlin", **more: Any) -> Schedule:
    return parse_schedule({"timezone": zone, "layers": list(layers), **more})


def rotation(unit: str, start: str, *order: Any, **more: Any) -> dict[str, Any]:
    """A layer that turns among ``order``; what else it says is keyword by keyword."""
    turn = {"turn_length": more.pop("turn_length", 1)}
    return {"rotation": {"unit": unit, "start": start, "participants": list(order), **turn}, **more}


def recurrence(freq: str, start: str, seconds: int, *order: Any, **more: Any) -> dict[str, Any]:
    """A layer of separate shifts; participants may be single names."""
    groups = [[name] if isinstance(name, str) else name for name in order]
    rule = {"freq": freq, "start": start, "duration_s": seconds, "participants": groups, **more}
    return {"recurrence": rule}


def users(*names: str, **more: Any) -> dict[str, Any]:
    return {"users": list(names), **more}


def names(people: frozenset[PersonId]) -> str:
    """``ana bo``; empty for nobody."""
    return " ".join(sorted(people))


def every(step: timedelta, start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += step


# --- strategies --------------------------------------------------------------------------------

people = st.sampled_from(PEOPLE)
zones = st.sampled_from(ZONES)
_groups = st.lists(people, min_size=1, max_size=2, unique=True)
_orders = st.lists(_groups, min_size=1, max_size=4)
_days = st.lists(st.sampled_from(DAYS), max_size=4, unique=True)
_clocks = st.sampled_from(["00:00", "00:10", "01:30", "01:45", "02:00", "02:15", "09:00", "23:30"])
_lengths = st.sampled_from([900, 3600, 5400, 8 * 3600, 86400, 30 * 3600, 8 * 86400])


def changes() -> st.SearchStrategy[datetime]:
    """A change of the clock, the same one all through an example."""
    return st.shared(st.sampled_from(CHANGES), key="change")


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Within some days of a change of the clock, half of them at about its time of day."""
    change = draw(changes())
    if draw(st.booleans()):
        days, quarters = draw(st.integers(-5, 2)), draw(st.integers(-10, 10))
        return change + timedelta(days=days, minutes=15 * quarters)
    return change + timedelta(minutes=15 * draw(st.integers(-600, 600)))


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A moment as a schedule has it: with an offset, or as wall time."""
    moment = draw(moments())
    return moment.isoformat() if draw(st.booleans()) else moment.replace(tzinfo=None).isoformat()


@st.composite
def beginnings(draw: st.DrawFn) -> str:
    """A moment, or the same long before: what began then is counted on until now."""
    text = draw(texts())
    long = draw(st.sampled_from([0, 0, 0, 1, 31, 400, 1461]))
    return (datetime.fromisoformat(text) - timedelta(days=long)).isoformat()


@st.composite
def intervals(draw: st.DrawFn) -> dict[str, Any]:
    """Instants, so that it is never empty."""
    start = draw(moments())
    end = start + timedelta(minutes=15 * draw(st.integers(1, 500)))
    return {"start": start.isoformat(), "end": end.isoformat()}


@st.composite
def wall_intervals(draw: st.DrawFn) -> dict[str, Any]:
    """The same, or from wall time to wall time: longer than any change of the clock, but for Apia's day."""
    within = draw(intervals())
    start, end = (datetime.fromisoformat(within[name]) for name in ("start", "end"))
    if draw(st.booleans()) or end - start < timedelta(hours=30):
        return within
    return {
        "start": start.replace(tzinfo=None).isoformat(),
        "end": end.replace(tzinfo=None).isoformat(),
    }


@st.composite
def rotations(draw: st.DrawFn) -> dict[str, Any]:
    unit = draw(st.sampled_from(["hour", "day", "week", "month"]))
    order = draw(_orders)
    length = draw(st.integers(1, 5))
    rule = {"unit": unit, "start": draw(beginnings()), "participants": order, "turn_length": length}
    anchor = {"at": draw(texts()), "person": draw(st.sampled_from(draw(st.sampled_from(order))))}
    return {"rotation": rule, **draw(st.sampled_from([{}, {"anchor": anchor}]))}


@st.composite
def recurrences(draw: st.DrawFn) -> dict[str, Any]:
    freq = draw(st.sampled_from(["once", "hour", "day", "week", "month"]))
    start, seconds, order = draw(beginnings()), draw(_lengths), draw(_orders)
    more: dict[str, Any] = {"every": draw(st.integers(1, 4)), "hold": draw(st.integers(1, 3))}
    if freq != "once":
        more |= {"by_day": draw(_days), "week_start": draw(st.sampled_from(DAYS))}
    if freq not in ("once", "week"):
        more["by_monthday"] = draw(st.lists(st.sampled_from([1, 15, 29, 31, -1, -3]), max_size=3))
    return recurrence(freq, start, seconds, *order, **more)


@st.composite
def restrictions(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["days", "daily", "weekly", "wallclock"]))
    start, end, days = draw(_clocks), draw(_clocks), draw(_days)
    if kind == "days":
        return {"days": days, "start": start, "end": end}
    if kind == "wallclock":
        months = draw(st.sampled_from([[], [3, 4, 10], [[3, 11]]]))
        dates = draw(st.sampled_from([[], [[1, 7]], [[-7, -1]], [[29, 31], [4, 4]]]))
        years = draw(st.sampled_from([[], [], [2026], [[2011, 2025]]]))
        more = {"months": months, "days_of_month": dates, "years": years}
        return {"type": kind, "days": days, "start": start, "end": end, **more}
    day = {"start_day": draw(st.sampled_from(DAYS))} if kind == "weekly" else {}
    return {"type": kind, "start": start, "duration_s": draw(_lengths), **day}


@st.composite
def layers(draw: st.DrawFn) -> dict[str, Any]:
    always = st.builds(lambda name: {"users": [name]}, people)
    layer: dict[str, Any] = draw(st.one_of(rotations(), recurrences(), always))
    layer |= {"priority": draw(st.integers(0, 2))}
    layer |= {"timezone": draw(st.sampled_from([None, *ZONES]))}
    layer |= {"restrictions": draw(st.lists(restrictions(), max_size=2))}
    if draw(st.booleans()):
        within = draw(wall_intervals())
        layer |= {"effective_from": within["start"], "effective_until": within["end"]}
    return layer


@st.composite
def overrides(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["replace_all", "replace_user", "add", "remove"]))
    who = {} if kind == "remove" else {"user": draw(people)}
    whom = {"replaces": draw(people)} if kind in ("replace_user", "remove") else {}
    return {
        "kind": kind,
        **who,
        **whom,
        **draw(wall_intervals()),
        "priority": draw(st.integers(0, 2)),
    }


@st.composite
def swaps(draw: st.DrawFn) -> dict[str, Any]:
    who = {"requester": draw(people), "taker": draw(st.one_of(st.none(), people))}
    return {**who, **draw(wall_intervals()), "deleted": draw(st.booleans())}


@st.composite
def fixed_periods(draw: st.DrawFn) -> dict[str, Any]:
    shift = st.builds(lambda within, name: {**within, "user": name}, wall_intervals(), people)
    return {**draw(wall_intervals()), "shifts": draw(st.lists(shift, max_size=3))}


@st.composite
def mappings(draw: st.DrawFn) -> dict[str, Any]:
    """Any schedule at all."""
    return {
        "timezone": draw(zones),
        "layers": draw(st.lists(layers(), max_size=4)),
        "fixed_periods": draw(st.lists(fixed_periods(), max_size=2)),
        "overrides": draw(st.lists(overrides(), max_size=6)),
        "swaps": draw(st.lists(swaps(), max_size=3)),
    }
