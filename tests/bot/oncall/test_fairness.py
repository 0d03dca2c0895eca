"""How being on call is shared out: hours, nights and weekends, on each one's own clock."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.core.people import PersonId
from bot.oncall.engine.coverage import shifts
from bot.oncall.engine.fairness import Load, even, loads
from bot.organisation.schedules.parser import parse_schedule
from tests.schedules import utc

HOUR = timedelta(hours=1)
ANA, BO = PersonId("ana"), PersonId("bo")
BERLIN = ZoneInfo("Europe/Berlin")


def weekly(*people: str, zone: str = "UTC"):  # type: ignore[no-untyped-def]  # a schedule
    turn = {"unit": "week", "start": "2026-01-05T00:00", "participants": list(people)}
    return parse_schedule({"timezone": zone, "layers": [{"rotation": turn}]})


def zone_of(zone: str):  # type: ignore[no-untyped-def]  # as loads takes it
    return lambda person: ZoneInfo(zone)


def test_a_week_has_its_nights_and_its_weekend() -> None:
    start, end = utc("2026-01-05"), utc("2026-01-12")
    (load,) = loads(weekly("ana"), [ANA], start, end, zone_of("UTC"))
    assert load == Load(ANA, 168 * HOUR, 56 * HOUR, 48 * HOUR)


def test_night_is_when_it_is_night_for_whoever_would_be_woken() -> None:
    """08:00 to 16:00 UTC: all day in Berlin, and half of it night in Los Angeles."""
    window = {"start": "08:00", "end": "16:00"}
    plan = parse_schedule({"layers": [{"users": ["ana", "bo"], "restrictions": [window]}]})
    zones = {ANA: BERLIN, BO: ZoneInfo("America/Los_Angeles")}
    found = loads(plan, [], utc("2026-01-05"), utc("2026-01-06"), zones.__getitem__)
    nights = {load.person: load.nights for load in found}
    assert nights == {ANA: timedelta(), BO: 6 * HOUR}


def test_the_night_in_which_clocks_go_forward_is_an_hour_shorter() -> None:
    start, end = utc("2026-03-28 12:00"), utc("2026-03-29 12:00")
    (load,) = loads(weekly("ana"), [], start, end, zone_of("Europe/Berlin"))
    assert load.nights == 7 * HOUR


def test_who_has_nothing_is_named_and_what_would_be_even_is_said() -> None:
    found = loads(weekly("ana"), [ANA, BO], utc("2026-01-05"), utc("2026-01-12"), zone_of("UTC"))
    assert [(load.person, load.whole) for load in found] == [(ANA, 168 * HOUR), (BO, timedelta())]
    assert even(found) == 84 * HOUR
    assert even([]) == timedelta()


@given(st.integers(1, 4), st.integers(0, 70), st.sampled_from(["UTC", "Asia/Kathmandu", "Australia/Lord_Howe"]))  # fmt: skip
def test_everybodys_hours_together_are_the_shifts(people: int, days: int, zone: str) -> None:
    plan = weekly(*"abcd"[:people], zone=zone)
    start, end = utc("2026-03-01"), utc("2026-03-01") + timedelta(days=days)
    found = loads(plan, [], start, end, zone_of(zone))
    whole = sum((s.end - s.start for s in shifts(plan, start, end)), timedelta())
    assert sum((load.whole for load in found), timedelta()) == whole
    for load in found:
        assert timedelta() <= load.nights <= load.whole
        assert timedelta() <= load.weekends <= load.whole
