"""Joining and leaving a rotation: from then on, and without disturbing whose turn it is."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.people import PersonId
from bot.oncall.engine.coverage import Gap, gaps, on_call
from bot.oncall.engine.roster import joined, left, next_handoff
from bot.oncall.engine.upcoming import following, uncovered, until
from tests.schedules import names, rotation, schedule, utc

WEEKLY = rotation("week", "2026-01-05T09:00", "ana", "bo", "cy")
PLAN = schedule(WEEKLY, zone="UTC")
START = utc("2026-01-05 09:00")
HOUR = timedelta(hours=1)
MIA, BO = PersonId("mia"), PersonId("bo")


@given(st.integers(0, 24 * 70), st.sampled_from(["ana", "bo", "cy", "mia"]))
def test_nobody_changes_at_the_moment_of_a_join(hours: int, who: str) -> None:
    at = START + hours * HOUR
    after = joined(PLAN, 0, PersonId(who), at)
    assert on_call(after, at) == on_call(PLAN, at)
    before = [START + n * 6 * HOUR for n in range(hours // 6)]
    assert [on_call(after, then) for then in before] == [on_call(PLAN, then) for then in before]
    assert gaps(after, START, at + 2000 * HOUR) == []


@given(st.integers(0, 24 * 70))
def test_who_leaves_is_never_on_call_again_and_nobody_is_missing(hours: int) -> None:
    at = START + hours * HOUR
    after = left(PLAN, 0, BO, at)
    assert gaps(after, START, at + 2000 * HOUR) == []
    assert all(BO not in on_call(after, at + n * 12 * HOUR) for n in range(150))
    if BO not in on_call(PLAN, at):
        assert on_call(after, at) == on_call(PLAN, at)


def test_joining_twice_is_joining_once_and_the_last_one_stays() -> None:
    once = joined(PLAN, 0, MIA, START)
    assert joined(once, 0, MIA, START + HOUR) == once
    alone = schedule(rotation("week", "2026-01-05T09:00", "ana"), zone="UTC")
    assert left(alone, 0, PersonId("ana"), START) == alone


def test_until_and_following() -> None:
    at = START + HOUR
    assert until(PLAN, at) == utc("2026-01-12 09:00")
    assert [names(frozenset([s.person])) for s in following(PLAN, at)] == ["bo"]
    alone = schedule(rotation("week", "2026-01-05T09:00", "ana"), zone="UTC")
    assert until(alone, at) is None
    assert following(alone, at) == ()


def test_the_next_hand_off_is_found_on_the_day_that_most_years_lack() -> None:
    assert next_handoff(PLAN, 0, utc("2028-02-29 12:00")) == utc("2028-03-06 09:00")


def test_uncovered_is_where_nobody_is_or_only_who_has_left() -> None:
    start, end = utc("2026-01-05 09:00"), utc("2026-01-26 09:00")
    week = timedelta(days=7)
    assert uncovered(PLAN, start, end, lambda person: True) == []
    assert uncovered(PLAN, start, end, lambda person: person != BO) == [
        Gap(start + week, start + 2 * week)
    ]
    both = schedule(WEEKLY, {"users": ["mia"]}, zone="UTC")
    assert uncovered(both, start, end, lambda person: person == MIA) == []
    assert uncovered(both, start, end, lambda person: False) == [Gap(start, end)]
