"""The life of an incident, walked at random, and titles of every kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.core.errors import IllegalMove, Invalid
from bot.core.incident import MAIN_LINE, Incident, IncidentId, Status, correct_time, move, moves
from bot.core.people import PersonId

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def incident(status: Status = Status.INVESTIGATING) -> Incident:
    return Incident(IncidentId(1), "x", PersonId("ana"), START, status, times={status: START})


class Life(RuleBasedStateMachine):
    """Every reachable state has its times in order, and only legal moves are made."""

    @initialize(triage=st.booleans())
    def begin(self, *, triage: bool) -> None:
        self.now = START
        self.incident = incident(Status.TRIAGE if triage else Status.INVESTIGATING)

    @rule(minutes=st.integers(0, 600))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(status=st.sampled_from(Status))
    def somebody_moves_it(self, status: Status) -> None:
        before = self.incident
        if status in moves(before):
            self.incident = move(before, status, self.now)
            assert self.incident.status is status
            assert status in self.incident.times
        else:
            with pytest.raises(IllegalMove):
                move(before, status, self.now)

    @rule(status=st.sampled_from(MAIN_LINE), minutes=st.integers(-600, 10))
    def somebody_corrects_a_time(self, status: Status, minutes: int) -> None:
        at = self.now + timedelta(minutes=minutes)
        try:
            self.incident = correct_time(self.incident, status, at, self.now)
        except Invalid:
            return
        assert self.incident.times[status] == at

    @invariant()
    def the_main_line_is_in_order_without_holes(self) -> None:
        if not hasattr(self, "incident"):
            return
        times = self.incident.times
        entered = [times[s] for s in MAIN_LINE if s in times]
        assert entered == sorted(entered)
        if self.incident.status in MAIN_LINE:
            reached = MAIN_LINE[: MAIN_LINE.index(self.incident.status) + 1]
            assert all(status in times for status in reached)
        assert all(at <= self.now for at in times.values())


TestLife = Life.TestCase


def test_jumping_ahead_back_fills_what_was_skipped() -> None:
    later = START + timedelta(minutes=30)
    resolved = move(incident(), Status.RESOLVED, later)
    assert resolved.times[Status.IDENTIFIED] == resolved.times[Status.MONITORING] == later
    assert resolved.times[Status.INVESTIGATING] == START


def test_reopening_keeps_the_first_entry_into_each_status() -> None:
    resolved = move(incident(), Status.RESOLVED, START + timedelta(hours=1))
    again = move(resolved, Status.INVESTIGATING, START + timedelta(hours=2))
    assert again.times[Status.INVESTIGATING] == START
    assert again.is_open


def test_a_refused_move_names_the_moves_there_are() -> None:
    with pytest.raises(IllegalMove, match="Next can be: investigating, identified"):
        move(incident(Status.RESOLVED), Status.MERGED, START)


def test_a_corrected_time_must_keep_the_order() -> None:
    resolved = move(incident(), Status.RESOLVED, START + timedelta(hours=1))
    with pytest.raises(Invalid, match="out of order"):
        correct_time(
            resolved, Status.INVESTIGATING, START + timedelta(hours=2), START + timedelta(hours=3)
        )
