"""The hours to which a layer is limited."""

from __future__ import annotations

from typing import Any

import pytest

from bot.oncall.engine.coverage import shifts
from tests.schedules import schedule, users, utc

WINDOWS: list[tuple[dict[str, Any], str]] = [
    # Monday 5 January to Sunday 11 January 2026, as day.hour of each beginning and end.
    ({"days": ["MO", "WE"], "start": "09:00", "end": "17:00"}, "5.09-5.17 7.09-7.17"),
    ({"days": ["MO", "TU"], "start": "22:00", "end": "06:00"}, "5.22-6.06 6.22-7.06"),
    ({"days": ["SA", "MO"], "start": "09:00", "end": "09:00"}, "5.09-6.09 10.09-11.09"),
    ({"days": ["MO", "TU"], "start": "09:00", "end": "09:00"}, "5.09-7.09"),
    ({"days": ["FR"], "start": "18:00", "end": "24:00"}, "9.18-10.00"),
    ({"days": ["SU"], "start": "18:00", "end": "06:00"}, "5.00-5.06 11.18-12.00"),
    ({"type": "weekly", "start_day": "FR", "start": "18:00", "duration_s": 223200}, "5.00-5.08 9.18-12.00"),
    ({"type": "daily", "start": "22:00", "duration_s": 93600}, "5.00-12.00"),
    ({"type": "wallclock", "days": ["TU"]}, "6.00-7.00"),
    ({"type": "wallclock", "days": ["TU"], "start": "20:00"}, "6.20-7.00"),
    ({"type": "wallclock", "days": ["TU"], "end": "08:00"}, "6.00-6.08"),
    ({"type": "wallclock", "days": ["TU"], "start": "20:00", "end": "08:00"}, "6.00-6.08 6.20-7.00"),
    ({"type": "wallclock", "months": [1], "years": [2026], "days_of_month": [7]}, "7.00-8.00"),
    ({"type": "wallclock", "months": [[2, 12]]}, ""),
    ({"type": "wallclock", "years": [[1990, 2025]]}, ""),
    ({"type": "wallclock", "days_of_month": [[-31, 6], [-21, -20]]}, "5.00-7.00 11.00-12.00"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "expected"), WINDOWS)
def test_a_restriction(rule: dict[str, Any], expected: str) -> None:
    plan = schedule(users("ana", restrictions=[rule]), zone="UTC")
    found = shifts(plan, utc("2026-01-05"), utc("2026-01-12"))
    told = [f"{s.start.day}.{s.start:%H}-{s.end.day}.{s.end:%H}" for s in found]
    assert " ".join(told) == expected


def test_restrictions_are_united() -> None:
    morning = {"days": ["MO"], "start": "08:00", "end": "12:00"}
    noon = {"type": "wallclock", "days": ["MO"], "start": "11:00", "end": "14:00"}
    plan = schedule(users("ana", restrictions=[morning, noon]), zone="UTC")
    (shift,) = shifts(plan, utc("2026-01-05"), utc("2026-01-12"))
    assert (shift.start.hour, shift.end.hour) == (8, 14)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([[29, 31]], []),
        ([[28, 31]], [28]),
        ([[-3, -1]], [26, 27, 28]),
        ([[-31, 2]], [1, 2]),
        ([[27, -1]], [27, 28]),
        ([-1, 1], [1, 28]),
    ],
)
def test_days_that_a_month_does_not_have_are_left_out(days: list[Any], expected: list[int]) -> None:
    rule = {"type": "wallclock", "days_of_month": days, "start": "09:00", "end": "10:00"}
    plan = schedule(users("ana", restrictions=[rule]), zone="UTC")
    found = shifts(plan, utc("2026-02-01"), utc("2026-03-01"))
    assert [shift.start.day for shift in found] == expected


def test_restrictions_follow_the_zone_of_the_layer() -> None:
    hours = [{"days": ["MO"], "start": "09:00", "end": "17:00"}]
    plan = schedule(users("ana", timezone="Asia/Tokyo", restrictions=hours))
    (shift,) = shifts(plan, utc("2026-01-04"), utc("2026-01-08"))
    assert (shift.start, shift.end) == (utc("2026-01-05 00:00"), utc("2026-01-05 08:00"))
