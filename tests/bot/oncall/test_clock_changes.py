"""On call while the clocks change: decisions one by one, then walks past each change in steps of 30 seconds."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest

from bot.oncall.engine.coverage import Gap, gaps, on_call, shifts
from bot.oncall.engine.schedule import Schedule
from tests.schedules import every, names, recurrence, rotation, schedule, users, utc

HALF_MINUTE = timedelta(seconds=30)
DAY = timedelta(days=1)
NEW_YORK, BERLIN, LORD_HOWE = "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"
KATHMANDU, APIA = "Asia/Kathmandu", "Pacific/Apia"

# --- decisions ---------------------------------------------------------------------------------

HOURLY = rotation("hour", "2026-01-01T00:00", "ana", "bo", "cy")
AT_0230 = rotation("day", "2026-01-01T02:30", "ana", "bo")
AT_0900 = rotation("day", "2026-03-28T09:00", "ana", "bo")
AT_0145 = rotation("day", "2026-04-04T01:45", "ana", "bo")
APIA_NOON = rotation("day", "2011-12-28T12:00", "ana", "bo", "cy")
NIGHT = users("ana", restrictions=[{"start": "22:00", "end": "02:30"}])
FROM_0230 = users("ana", restrictions=[{"start": "02:30", "end": "06:00"}])
READS_0230 = users("ana", restrictions=[{"type": "wallclock", "start": "02:30", "end": "03:00"}])
SHIFT_0230 = recurrence("day", "2026-01-01T02:30", 3600, "ana")

DECISIONS = [
    # 24 wall hours are a day: the hand-off stays at 09:00, 23 real hours after the one before.
    (BERLIN, AT_0900, "2026-03-28 07:59:59", "bo"),
    (BERLIN, AT_0900, "2026-03-28 08:00:00", "ana"),
    (BERLIN, AT_0900, "2026-03-29 06:59:59", "ana"),
    (BERLIN, AT_0900, "2026-03-29 07:00:00", "bo"),
    # 02:30 does not exist on 29 March: the first instant after the gap.
    (BERLIN, AT_0230, "2026-03-29 00:59:59", "ana"),
    (BERLIN, AT_0230, "2026-03-29 01:00:00", "bo"),
    (BERLIN, FROM_0230, "2026-03-29 00:59:59", ""),
    (BERLIN, FROM_0230, "2026-03-29 01:00:00", "ana"),
    (BERLIN, NIGHT, "2026-03-29 00:59:59", "ana"),
    (BERLIN, NIGHT, "2026-03-29 01:00:00", ""),
    (BERLIN, SHIFT_0230, "2026-03-29 00:59:59", ""),
    (BERLIN, SHIFT_0230, "2026-03-29 01:00:00", "ana"),
    (BERLIN, SHIFT_0230, "2026-03-29 01:29:59", "ana"),
    (BERLIN, SHIFT_0230, "2026-03-29 01:30:00", ""),
    (BERLIN, READS_0230, "2026-03-29 01:00:00", ""),
    # 02:30 comes twice on 25 October: turns and shifts begin at the first, windows end at the last.
    (BERLIN, AT_0230, "2026-10-25 00:29:59", "ana"),
    (BERLIN, AT_0230, "2026-10-25 00:30:00", "bo"),
    (BERLIN, AT_0230, "2026-10-25 01:29:59", "bo"),
    (BERLIN, FROM_0230, "2026-10-25 00:29:59", ""),
    (BERLIN, FROM_0230, "2026-10-25 00:30:00", "ana"),
    (BERLIN, FROM_0230, "2026-10-25 01:15:00", "ana"),
    (BERLIN, NIGHT, "2026-10-25 01:29:59", "ana"),
    (BERLIN, NIGHT, "2026-10-25 01:30:00", ""),
    (BERLIN, SHIFT_0230, "2026-10-25 00:30:00", "ana"),
    (BERLIN, SHIFT_0230, "2026-10-25 02:30:00", ""),
    # Only a reading of the clock is true twice.
    (BERLIN, READS_0230, "2026-10-25 00:30:00", "ana"),
    (BERLIN, READS_0230, "2026-10-25 01:00:00", ""),
    (BERLIN, READS_0230, "2026-10-25 01:30:00", "ana"),
    (BERLIN, READS_0230, "2026-10-25 02:00:00", ""),
    # Wall hours: the skipped one is nobody's, the repeated one is one turn of two hours.
    (NEW_YORK, HOURLY, "2026-03-08 06:59:59", "bo"),
    (NEW_YORK, HOURLY, "2026-03-08 07:00:00", "ana"),
    (NEW_YORK, HOURLY, "2026-11-01 05:00:00", "bo"),
    (NEW_YORK, HOURLY, "2026-11-01 06:59:59", "bo"),
    (NEW_YORK, HOURLY, "2026-11-01 07:00:00", "cy"),
    # Half an hour: 02:00 becomes 01:30 on 5 April, and 01:45 comes twice.
    (LORD_HOWE, AT_0145, "2026-04-04 14:44:59", "ana"),
    (LORD_HOWE, AT_0145, "2026-04-04 14:45:00", "bo"),
    (LORD_HOWE, AT_0145, "2026-04-04 15:10:00", "bo"),
    (LORD_HOWE, AT_0145, "2026-04-05 15:14:59", "bo"),
    (LORD_HOWE, AT_0145, "2026-04-05 15:15:00", "ana"),
    # Half an hour: 02:00 becomes 02:30 on 4 October.
    (LORD_HOWE, FROM_0230, "2026-10-03 15:29:59", ""),
    (LORD_HOWE, FROM_0230, "2026-10-03 15:30:00", "ana"),
    # Apia had no 30 December 2011: bo's noon to noon ends with the 29th, and cy begins with the 31st.
    (APIA, APIA_NOON, "2011-12-30 09:59:59", "bo"),
    (APIA, APIA_NOON, "2011-12-30 10:00:00", "cy"),
    (APIA, APIA_NOON, "2011-12-30 21:59:59", "cy"),
    (APIA, APIA_NOON, "2011-12-30 22:00:00", "ana"),
]


@pytest.mark.parametrize(("zone", "layer", "at", "expected"), DECISIONS)
def test_a_decision(zone: str, layer: dict[str, object], at: str, expected: str) -> None:
    assert names(on_call(schedule(layer, zone=zone), utc(at))) == expected


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (BERLIN, "2026-03-28 08:00", 23),
        (BERLIN, "2026-10-24 07:00", 25),
        (NEW_YORK, "2026-03-07 14:00", 23),
        (NEW_YORK, "2026-10-31 13:00", 25),
        (LORD_HOWE, "2026-04-03 22:00", 24.5),
        (LORD_HOWE, "2026-10-02 22:30", 23.5),
        (BERLIN, "2026-06-01 07:00", 24),
    ],
)
def test_a_day_has_as_many_hours_as_its_clock_makes_it(zone: str, day: str, hours: float) -> None:
    daily = schedule(rotation("day", "2026-01-01T09:00", "ana", "bo"), zone=zone)
    (first, *_) = [s for s in shifts(daily, utc(day), utc(day) + 3 * DAY) if s.start == utc(day)]
    assert first.end - first.start == timedelta(hours=hours)


def test_shifts_overlap_in_a_repeated_hour_and_leave_no_gap() -> None:
    early = users("ana", restrictions=[{"start": "00:00", "end": "02:30"}])
    late = users("bo", restrictions=[{"start": "02:30", "end": "00:00"}])
    night = schedule(early, late)
    found = shifts(night, utc("2026-10-24 22:00"), utc("2026-10-25 12:00"))
    assert [(s.start, s.end, s.person) for s in found] == [
        (utc("2026-10-24 22:00"), utc("2026-10-25 01:30"), "ana"),
        (utc("2026-10-25 00:30"), utc("2026-10-25 12:00"), "bo"),
    ]


def test_a_gap_that_was_asked_for_is_one_whatever_the_clock_does() -> None:
    day = schedule(users("ana", restrictions=[{"start": "09:00", "end": "17:00"}]))
    assert gaps(day, utc("2026-03-28 12:00"), utc("2026-03-29 12:00")) == [
        Gap(utc("2026-03-28 16:00"), utc("2026-03-29 07:00"))
    ]


# --- walks -------------------------------------------------------------------------------------

WALKS = [
    (NEW_YORK, "2026-03-08 07:00"),
    (NEW_YORK, "2026-11-01 06:00"),
    (BERLIN, "2026-03-29 01:00"),
    (BERLIN, "2026-10-25 01:00"),
    (LORD_HOWE, "2026-04-04 15:00"),
    (LORD_HOWE, "2026-10-03 15:30"),
    (KATHMANDU, "1985-12-31 18:30"),
    (APIA, "2011-12-30 10:00"),
]
BEGUN = datetime.fromisoformat("1980-01-01T01:15")
TURNS = ("t0", "t1", "t2")
NIGHTS = ("n0", "n1")


def everything(zone: str) -> Schedule:
    """All kinds of sources and restrictions at once, each with people of its own."""
    return schedule(
        rotation("hour", BEGUN.isoformat(), *TURNS),
        recurrence("day", BEGUN.isoformat(), 25 * 3600, *NIGHTS),
        users("window", restrictions=[{"start": "01:45", "end": "02:10"}]),
        users("reader", restrictions=[{"type": "wallclock", "start": "01:45", "end": "02:10"}]),
        zone=zone,
    )


def expected(read: datetime, furthest: datetime, least: datetime) -> set[str]:
    """By what the clock reads, the most it has read until now, and the least it will from now on."""
    hour, day = timedelta(hours=1), (furthest - BEGUN) // DAY
    people = {TURNS[(furthest - BEGUN) // hour % 3]}
    for number in range(day - 3, day + 1):
        if least < BEGUN + number * DAY + 25 * hour:
            people.add(NIGHTS[number % 2])
    for midnight in (datetime.combine(furthest, time()) - n * DAY for n in range(3)):
        opens, closes = midnight + timedelta(minutes=105), midnight + timedelta(minutes=130)
        if furthest >= opens and least < closes:
            people.add("window")
    return people | ({"reader"} if time(1, 45) <= read.time() < time(2, 10) else set())


@pytest.mark.parametrize(("zone", "change"), WALKS)
def test_every_half_minute_around_a_change(zone: str, change: str) -> None:
    clock, middle, plan = ZoneInfo(zone), utc(change), everything(zone)
    steps = list(every(HALF_MINUTE, middle - 3 * DAY, middle + 3 * DAY))
    reads = [at.astimezone(clock).replace(tzinfo=None) for at in steps]
    furthest = list(accumulate(reads, max))
    least = list(accumulate(reversed(reads), min))[::-1]
    for at, *told in zip(steps, reads, furthest, least, strict=True):
        if abs(at - middle) < 1.5 * DAY:
            assert on_call(plan, at) == expected(*told), at
