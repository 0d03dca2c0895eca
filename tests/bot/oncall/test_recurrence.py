"""Separate shifts, held against a slow reading of the rules that looks at every hour from the start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.people import PersonId
from bot.oncall.engine.coverage import shifts
from bot.oncall.engine.recurrence import Freq, Recurrence, Weekday, occurrences
from tests.schedules import every, recurrence, schedule, utc

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ORDER = tuple((PersonId(name),) for name in "abcdefg")


# --- the slow reading --------------------------------------------------------------------------


def slowly(rule: Recurrence, end: datetime) -> Iterator[tuple[datetime, int]]:
    """(wall time, place in the order) of every occurrence until ``end``."""
    picked = bool(rule.by_day or rule.by_monthday)
    by_unit = rule.freq in (Freq.WEEK, Freq.MONTH) and picked
    count = 0
    for wall in every(HOUR, rule.start, end):
        units = units_since(rule, wall)
        if units % rule.every == 0 and on_time(rule, wall) and on_date(rule, wall):
            yield wall, units // rule.every if by_unit else count
            count += 1


def units_since(rule: Recurrence, wall: datetime) -> int:
    match rule.freq:
        case Freq.HOUR:
            return (wall - rule.start) // HOUR
        case Freq.DAY:
            return (wall - rule.start) // DAY
        case Freq.WEEK:
            first = rule.start.date() - (rule.start.weekday() - rule.week_start) % 7 * DAY
            return (wall.date() - first).days // 7
        case Freq.MONTH:
            return (wall.year - rule.start.year) * 12 + wall.month - rule.start.month
        case Freq.ONCE:
            return 0


def on_time(rule: Recurrence, wall: datetime) -> bool:
    if rule.freq is Freq.ONCE:
        return wall == rule.start
    return rule.freq is Freq.HOUR or wall.time() == rule.start.time()


def on_date(rule: Recurrence, wall: datetime) -> bool:
    if not rule.by_day and not rule.by_monthday:
        same_weekday = rule.freq is not Freq.WEEK or wall.weekday() == rule.start.weekday()
        return same_weekday and (rule.freq is not Freq.MONTH or wall.day == rule.start.day)
    from_end = -next(n for n in range(1, 32) if (wall + n * DAY).month != wall.month)
    date = not rule.by_monthday or bool(rule.by_monthday & {wall.day, from_end})
    return date and (not rule.by_day or wall.weekday() in rule.by_day)


@st.composite
def rules(draw: st.DrawFn) -> Recurrence:
    freq = draw(st.sampled_from(Freq))
    start = datetime.fromisoformat("2026-01-01T00:00") + draw(st.integers(0, 24 * 90)) * HOUR
    days: st.SearchStrategy[Any] = st.frozensets(st.sampled_from(Weekday), max_size=3)
    dates: st.SearchStrategy[Any] = st.frozensets(
        st.sampled_from([1, 2, 15, 28, 29, 30, 31, -1, -2, -30, -31]), max_size=3
    )
    return Recurrence(
        freq,
        start,
        draw(st.integers(1, 50)) * HOUR,
        ORDER,
        draw(st.integers(1, 9)),
        draw(st.integers(1, 3)),
        draw(days) if freq is not Freq.ONCE else frozenset(),
        draw(dates) if freq not in (Freq.ONCE, Freq.WEEK) else frozenset(),
        draw(st.sampled_from(Weekday)),
    )


@settings(max_examples=400)
@given(rules(), st.integers(-100, 24 * 300), st.integers(1, 24 * 40))
def test_occurrences_are_those_of_the_slow_reading(rule: Recurrence, skip: int, hours: int) -> None:
    start = rule.start + skip * HOUR
    end = start + hours * HOUR
    expected = [
        (wall, wall + rule.length, ORDER[place // rule.hold % len(ORDER)])
        for wall, place in slowly(rule, end)
        if wall + rule.length > start
    ]
    aware = (start.replace(tzinfo=UTC), end.replace(tzinfo=UTC))
    found = [
        (since.replace(tzinfo=None), until.replace(tzinfo=None), people)
        for since, until, people in occurrences(rule, *aware, ZoneInfo("UTC"))
    ]
    assert found == expected


# --- examples ----------------------------------------------------------------------------------

# From Monday 5 January 2026 to the month's end: each shift's day, and who has it.
EXAMPLES = [
    ("once", {}, "5a"),
    ("day", {"every": 4}, "5a 9b 13c 17a 21b 25c 29a"),
    ("day", {"every": 4, "hold": 2}, "5a 9a 13b 17b 21c 25c 29a"),
    ("day", {"by_day": ["MO", "FR"]}, "5a 9b 12c 16a 19b 23c 26a 30b"),
    ("day", {"by_monthday": [6, -1]}, "6a 31b"),
    ("week", {}, "5a 12b 19c 26a"),
    ("week", {"by_day": ["MO", "FR"]}, "5a 9a 12b 16b 19c 23c 26a 30a"),
    ("week", {"by_day": ["MO", "FR"], "hold": 2}, "5a 9a 12a 16a 19b 23b 26b 30b"),
    ("week", {"by_day": ["MO", "SU"], "every": 2}, "5a 11a 19b 25b"),
    ("week", {"by_day": ["MO", "SU"], "week_start": "SU"}, "5a 11b 12b 18c 19c 25a 26a"),
    ("week", {"by_day": ["MO", "SU"], "every": 2, "week_start": "SU"}, "5a 18b 19b"),
    ("month", {"by_day": ["TU"]}, "6a 13a 20a 27a"),
    ("month", {"by_monthday": [9, -2]}, "9a 30a"),
    ("month", {"by_day": ["FR"], "by_monthday": [9, 10]}, "9a"),
]


@pytest.mark.parametrize(("freq", "more", "expected"), EXAMPLES)
def test_whose_shift_it_is(freq: str, more: dict[str, Any], expected: str) -> None:
    plan = schedule(recurrence(freq, "2026-01-05T00:00", 43200, *"abc", **more), zone="UTC")
    found = shifts(plan, utc("2026-01-01"), utc("2026-02-01"))
    assert " ".join(f"{shift.start.day}{shift.person}" for shift in found) == expected


def test_a_month_without_the_day_is_left_out_and_does_not_count() -> None:
    plan = schedule(recurrence("month", "2026-01-31T00:00", 3600, *"abc"), zone="UTC")
    found = shifts(plan, utc("2026-01-01"), utc("2026-09-01"))
    told = [(f"{s.start:%m-%d}", s.person) for s in found]
    assert told == [("01-31", "a"), ("03-31", "b"), ("05-31", "c"), ("07-31", "a"), ("08-31", "b")]


def test_months_with_picked_days_count_even_when_none_has_such_a_day() -> None:
    rule = recurrence("month", "2026-01-31T00:00", 3600, *"abc", by_monthday=[31])
    found = shifts(schedule(rule, zone="UTC"), utc("2026-01-01"), utc("2026-06-01"))
    assert [(f"{s.start:%m-%d}", s.person) for s in found] == [
        ("01-31", "a"),
        ("03-31", "c"),
        ("05-31", "b"),
    ]


def test_shifts_before_the_layer_begins_count_in_the_order() -> None:
    layer = recurrence("day", "2026-01-05T00:00", 86400, *"abc")
    plan = schedule({**layer, "effective_from": "2026-01-07T12:00"}, zone="UTC")
    first, *_ = shifts(plan, utc("2026-01-01"), utc("2026-02-01"))
    assert (first.start, first.person) == (utc("2026-01-07 12:00"), "c")


def test_long_shifts_overlap() -> None:
    plan = schedule(recurrence("day", "2026-01-05T00:00", 36 * 3600, *"abc"), zone="UTC")
    found = shifts(plan, utc("2026-01-06"), utc("2026-01-06 18:00"))
    assert [(s.end.hour, s.person) for s in found] == [(12, "a"), (18, "b")]
