"""Wall times and instants, at and around every kind of change."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.times.wallclock import first, last, reach, reading, steady
from tests.schedules import ZONES, moments, utc

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "wall", "early", "late"),
    [
        ("Europe/Berlin", "2026-06-01T12:00", "2026-06-01 10:00", "2026-06-01 10:00"),
        ("Europe/Berlin", "2026-03-29T01:59", "2026-03-29 00:59", "2026-03-29 00:59"),
        ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29 01:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29T02:59:59.5", "2026-03-29 01:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29 01:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-10-25T02:00", "2026-10-25 00:00", "2026-10-25 01:00"),
        ("Europe/Berlin", "2026-10-25T03:00", "2026-10-25 02:00", "2026-10-25 02:00"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04 14:45", "2026-04-04 15:15"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03 15:30", "2026-10-03 15:30"),
        ("Asia/Kathmandu", "1986-01-01T00:10", "1985-12-31 18:30", "1985-12-31 18:30"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30 10:00", "2011-12-30 10:00"),
    ],
)
def test_when_a_wall_time_is(zone: str, wall: str, early: str, late: str) -> None:
    moment, clock = datetime.fromisoformat(wall), ZoneInfo(zone)
    assert first(moment, clock) == first(moment.replace(fold=1), clock) == utc(early)
    assert last(moment, clock) == utc(late)


@given(st.sampled_from(ZONES), moments())
def test_an_instant_is_among_those_that_its_reading_means(zone: str, at: datetime) -> None:
    clock = ZoneInfo(zone)
    assert at in (first(reading(at, clock), clock), last(reading(at, clock), clock))


@given(st.sampled_from(ZONES), moments(), st.integers(1, 2000))
def test_later_wall_times_are_never_earlier(zone: str, at: datetime, minutes: int) -> None:
    clock = ZoneInfo(zone)
    wall = reading(at, clock)
    assert first(wall, clock) <= first(wall + minutes * MINUTE, clock)
    assert last(wall, clock) <= last(wall + minutes * MINUTE, clock)


@given(st.sampled_from(ZONES), moments())
def test_reach_bounds_what_was_read_and_what_will_be(zone: str, at: datetime) -> None:
    clock = ZoneInfo(zone)
    least, furthest = reach(at, clock)
    for minutes in range(0, 150, 15):
        assert reading(at - minutes * MINUTE, clock) <= furthest
        assert reading(at + minutes * MINUTE, clock) >= least


@given(st.sampled_from(ZONES), moments(), st.integers(1, 20))
def test_pieces_of_a_steady_offset_join(zone: str, at: datetime, days: int) -> None:
    clock, end = ZoneInfo(zone), at + days * DAY
    reached = at
    for since, until, offset in steady(at, end, clock):
        assert since == reached < until
        assert since.astimezone(clock).utcoffset() == offset
        assert (until - MINUTE).astimezone(clock).utcoffset() == offset
        reached = until
    assert reached == end
