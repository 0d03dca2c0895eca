"""Who is on call: rotations, layers, and what goes before them."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

import pytest

from bot.core.people import PersonId
from bot.oncall.engine.coverage import Gap, Shift, gaps, on_call, shifts
from bot.oncall.engine.schedule import Schedule
from tests.schedules import names, recurrence, rotation, schedule, users, utc

WEEKLY = rotation("week", "2026-01-05T09:00", "ana", "bo", "cy")
DAY = timedelta(days=1)


def asked(plan: Schedule, at: str) -> str:
    return names(on_call(plan, utc(at)))


def listed(plan: Schedule, start: str, end: str) -> list[tuple[str, str, str]]:
    found = shifts(plan, utc(start), utc(end))
    return [(f"{s.start:%m-%d %H:%M}", f"{s.end:%m-%d %H:%M}", s.person) for s in found]


# --- rotations ---------------------------------------------------------------------------------


def test_turns_follow_one_another_and_are_clipped_to_what_was_asked() -> None:
    assert listed(schedule(WEEKLY), "2026-01-06 00:00", "2026-01-20 00:00") == [
        ("01-06 00:00", "01-12 08:00", "ana"),
        ("01-12 08:00", "01-19 08:00", "bo"),
        ("01-19 08:00", "01-20 00:00", "cy"),
    ]


def test_turns_extend_before_the_start() -> None:
    assert asked(schedule(WEEKLY), "2026-01-05 07:59") == "cy"
    assert asked(schedule(WEEKLY), "2025-12-29 07:59") == "bo"


def test_turns_of_one_person_are_one_shift() -> None:
    alone = schedule(rotation("hour", "2026-01-01T00:00", "ana"))
    start, end = utc("2026-02-01 00:00"), utc("2026-03-01 00:00")
    assert shifts(alone, start, end) == [Shift(start, end, PersonId("ana"))]


@pytest.mark.parametrize(
    ("unit", "length", "at", "expected"),
    [
        ("hour", 8, "2026-01-01 07:59", "ana"),
        ("hour", 8, "2026-01-01 08:00", "bo"),
        ("day", 3, "2026-01-03 23:59", "ana"),
        ("day", 3, "2026-01-04 00:00", "bo"),
        ("week", 2, "2026-01-14 23:59", "ana"),
        ("week", 2, "2026-01-15 00:00", "bo"),
        ("month", 2, "2026-02-28 23:59", "ana"),
        ("month", 2, "2026-03-01 00:00", "bo"),
    ],
)
def test_a_turn_may_last_several_units(unit: str, length: int, at: str, expected: str) -> None:
    layer = rotation(unit, "2026-01-01T00:00", "ana", "bo", turn_length=length)
    assert asked(schedule(layer, zone="UTC"), at) == expected


def test_months_count_from_the_original_start_and_day_31_is_the_last_day() -> None:
    monthly = schedule(rotation("month", "2026-01-31T12:00", "ana", "bo", "cy"), zone="UTC")
    found = shifts(monthly, utc("2026-01-31 12:00"), utc("2026-06-01 00:00"))
    assert [f"{s.start:%m-%d}" for s in found] == ["01-31", "02-28", "03-31", "04-30", "05-31"]


def test_the_29th_of_february_is_itself_in_a_leap_year() -> None:
    yearly = rotation("month", "2024-02-29T00:00", "ana", "bo", turn_length=12)
    found = shifts(schedule(yearly, zone="UTC"), utc("2024-02-29 00:00"), utc("2028-12-01 00:00"))
    starts = [f"{s.start:%y-%m-%d}" for s in found]
    assert starts == ["24-02-29", "25-02-28", "26-02-28", "27-02-28", "28-02-29"]


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        ({"at": "2026-01-07T00:00", "person": "ana"}, "ana"),
        ({"at": "2026-01-07T00:00", "person": "cy"}, "cy mia"),
        ({"at": "2026-01-14T00:00", "person": "ana"}, "cy mia"),
        ({"at": "2025-12-31T00:00", "person": "bo"}, "cy mia"),
    ],
)
def test_an_anchor_says_whose_turn_it_is(anchor: dict[str, str], expected: str) -> None:
    layer = rotation("week", "2026-01-05T09:00", "ana", "bo", ["cy", "mia"], anchor=anchor)
    assert asked(schedule(layer), "2026-01-07 00:00") == expected


def test_an_anchor_prefers_the_participant_who_stands_alone() -> None:
    anchor = {"at": "2026-01-06T00:00", "person": "cy"}
    layer = rotation("week", "2026-01-05T09:00", ["cy", "mia"], "cy", "bo", anchor=anchor)
    assert asked(schedule(layer), "2026-01-06 00:00") == "cy"
    assert asked(schedule(layer), "2026-01-13 00:00") == "bo"


# --- layers ------------------------------------------------------------------------------------


def test_the_highest_layer_that_has_anybody_wins() -> None:
    office = users("bo", priority=1, restrictions=[{"start": "09:00", "end": "17:00"}])
    plan = schedule(users("ana"), office, zone="UTC")
    assert asked(plan, "2026-01-05 12:00") == "bo"
    assert asked(plan, "2026-01-05 18:00") == "ana"


def test_equal_layers_are_united() -> None:
    assert asked(schedule(users("ana"), users("bo"), users("cy", priority=-1)), "2026-01-05") == (
        "ana bo"
    )


def test_a_layer_may_have_a_zone_of_its_own() -> None:
    tokyo = rotation("day", "2026-01-05T09:00", "ana", "bo", timezone="Asia/Tokyo")
    assert asked(schedule(tokyo), "2026-01-05 00:00") == "ana"
    assert asked(schedule(tokyo), "2026-01-04 23:59") == "bo"


def test_dates_clip_a_layer_without_moving_its_turns() -> None:
    dates = {"effective_from": "2026-01-14T00:00Z", "effective_until": "2026-01-15T00:00Z"}
    plan = schedule({**WEEKLY, **dates})
    assert listed(plan, "2026-01-01 00:00", "2026-02-01 00:00") == [
        ("01-14 00:00", "01-15 00:00", "bo")
    ]


def test_a_turn_with_nobody_is_a_gap_that_was_asked_for() -> None:
    plan = schedule(rotation("day", "2026-01-05T00:00", "ana", []), zone="UTC")
    assert gaps(plan, utc("2026-01-05"), utc("2026-01-08")) == [
        Gap(utc("2026-01-06"), utc("2026-01-07"))
    ]


# --- what goes before layers -------------------------------------------------------------------

NOON = {"start": "2026-01-05T10:00Z", "end": "2026-01-05T14:00Z"}
LATER = {"start": "2026-01-05T12:00Z", "end": "2026-01-05T16:00Z"}
BOTH = [users("ana"), users("bo")]


def over(kind: str, user: str | None = None, replaces: str | None = None, **more: Any) -> Any:
    return {"kind": kind, "user": user, "replaces": replaces, **NOON, **more}


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([over("replace_all", "cy")], "cy"),
        ([over("replace_all", "cy"), over("replace_all", "mia")], "mia"),
        ([over("replace_all", "cy", priority=1), over("replace_all", "mia")], "cy"),
        ([over("add", "cy")], "ana bo cy"),
        ([over("add", "cy"), over("replace_all", "mia")], "cy mia"),
        ([over("remove", replaces="ana")], "bo"),
        ([over("remove", replaces="cy")], "ana bo"),
        ([over("replace_user", "cy", "ana")], "bo cy"),
        ([over("replace_user", "bo", "ana")], "bo"),
        ([over("replace_user", "cy", "mia")], "ana bo"),
        # Each in the order made, on what those before it left.
        ([over("replace_user", "cy", "ana"), over("replace_user", "mia", "cy")], "bo mia"),
        ([over("replace_user", "mia", "cy"), over("replace_user", "cy", "ana")], "bo cy"),
        ([over("remove", replaces="ana"), over("add", "ana")], "ana bo"),
        ([over("add", "ana"), over("remove", replaces="ana")], "bo"),
        ([over("remove", replaces="ana", priority=1), over("add", "ana")], "bo"),
        # Nobody falls back to a lower layer.
        ([over("remove", replaces="ana"), over("remove", replaces="bo")], ""),
    ],
)
def test_overrides(overrides: list[dict[str, Any]], expected: str) -> None:
    plan = schedule(*BOTH, users("mia", priority=-1), overrides=overrides)
    assert asked(plan, "2026-01-05 12:00") == expected
    assert asked(plan, "2026-01-05 09:59") == asked(plan, "2026-01-05 14:00") == "ana bo"


def swap(requester: str, taker: str | None, **more: Any) -> dict[str, Any]:
    return {"requester": requester, "taker": taker, **NOON, **more}


@pytest.mark.parametrize(
    ("swaps", "expected"),
    [
        ([swap("ana", "cy")], "bo cy"),
        ([swap("ana", None)], "ana bo"),
        ([swap("ana", "cy", deleted=True)], "ana bo"),
        ([swap("mia", "cy")], "ana bo"),
        ([swap("ana", "cy"), swap("cy", "mia")], "bo mia"),
    ],
)
def test_swaps(swaps: list[dict[str, Any]], expected: str) -> None:
    assert asked(schedule(*BOTH, swaps=swaps), "2026-01-05 12:00") == expected


def test_a_swap_comes_after_the_overrides() -> None:
    plan = schedule(*BOTH, overrides=[over("add", "mia")], swaps=[swap("mia", "cy")])
    assert asked(plan, "2026-01-05 12:00") == "ana bo cy"


def test_only_its_own_shifts_count_in_a_fixed_period() -> None:
    shift = {"start": "2026-01-05T09:00Z", "end": "2026-01-05T11:00Z", "user": "mia"}
    plan = schedule(
        *BOTH,
        fixed_periods=[{**NOON, "shifts": [shift]}],
        overrides=[over("replace_all", "cy")],
        swaps=[swap("mia", "bo")],
    )
    assert listed(plan, "2026-01-05 09:30", "2026-01-05 14:30") == [
        ("01-05 09:30", "01-05 10:00", "ana"),
        ("01-05 09:30", "01-05 10:00", "bo"),
        ("01-05 10:00", "01-05 11:00", "mia"),
        ("01-05 14:00", "01-05 14:30", "ana"),
        ("01-05 14:00", "01-05 14:30", "bo"),
    ]


def test_overlapping_fixed_periods_are_united() -> None:
    one = {**NOON, "shifts": [{**NOON, "user": "cy"}]}
    other = {**LATER, "shifts": [{**LATER, "user": "mia"}]}
    plan = schedule(*BOTH, fixed_periods=[one, other])
    hours = ("10:00", "12:00", "14:00", "16:00")
    told = [asked(plan, f"2026-01-05 {hour}") for hour in hours]
    assert told == ["cy", "cy mia", "mia", "ana bo"]


# --- asking ------------------------------------------------------------------------------------


def test_nobody_is_on_call_without_layers() -> None:
    start, end = utc("2026-01-05"), utc("2026-01-06")
    assert asked(schedule(), "2026-01-05") == ""
    assert gaps(schedule(), start, end) == [Gap(start, end)]


def test_an_interval_of_nothing_has_nothing() -> None:
    start, end = utc("2026-01-05"), utc("2026-01-06")
    assert shifts(schedule(WEEKLY), end, start) == []
    assert gaps(schedule(), end, start) == []
    assert shifts(schedule(WEEKLY), start, start) == []


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="no offset"):
        on_call(schedule(WEEKLY), datetime.fromisoformat("2026-01-05T09:00"))


# --- what it costs -----------------------------------------------------------------------------

AGEING = [
    *(lambda start, unit=unit: rotation(unit, start, "a", "b") for unit in ("hour", "month")),
    lambda start: recurrence("hour", start, 600, "a", "b", every=5, by_day=["MO", "SA"]),
    lambda start: recurrence("week", start, 600, "a", "b", by_day=["MO", "SA"]),
    lambda start: recurrence("month", start, 600, "a", "b", by_monthday=[31, -1]),
    lambda start: users("a", restrictions=[{"start": "09:00", "end": "17:00"}]),
]


def calls(plan: Schedule) -> int:
    """How many functions run to list a week, once everything is remembered that can be."""
    start, count = utc("2026-06-01"), 0

    def tick(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    shifts(plan, start, start + 7 * DAY)
    sys.setprofile(tick)
    try:
        shifts(plan, start, start + 7 * DAY)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("layer", AGEING)
def test_an_old_schedule_costs_what_a_new_one_does(layer: Any) -> None:
    new, old = (schedule(layer(start)) for start in ("2026-05-04T09:00", "1926-05-03T09:00"))
    assert calls(old) <= 1.2 * calls(new) + 100
