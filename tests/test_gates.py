"""The benchmarks' gates on their short forms: what must hold on any machine, as ratios or generous bounds.

The figures themselves are printed by ``make bench``; see docs/performance.md.
"""

from __future__ import annotations

import pytest

from bench import console, declare, history, jobs, language, oncall, paging, slack, startup

pytestmark = pytest.mark.gate


async def test_twenty_declares_at_once_cost_little_more_than_their_rows() -> None:
    ratio = await declare.main(7)
    assert ratio <= 3


async def test_jobs_start_at_once_and_flow(capsys: pytest.CaptureFixture[str]) -> None:
    found = await jobs.main(2)
    print(capsys.readouterr().out)
    assert found["latency_p99"] <= 0.05
    assert found["lateness_p99"] <= 0.1
    assert found["effects"] >= 300
    assert found["free"] >= 2000
    assert found["fanned_ratio"] <= 5, "5 s for 100,000 on a quiet machine"
    assert found["page"] <= 0.15, "50 ms on a quiet machine"


def test_asking_a_schedule_costs_little_more_than_reading_the_clock() -> None:
    """Milliseconds belong to a quiet machine; a thousand bare conversions of time zones go along in turn."""
    found = oncall.main(5)
    assert found["on_call_ratio"] <= 0.3
    assert found["year_ratio"] <= 40
    assert found["age"] <= 1.5
    assert found["asking_age"] <= 1.5
    assert found["decade"] <= 15


@pytest.mark.timeout(300)
async def test_a_seconds_escalations_are_found_and_fired_in_it_by_far() -> None:
    """10,000 people, 500 schedules, 2,000 open pages, the whole size; the same rows are written bare in turn."""
    found = await paging.main()
    assert found["due_p50"] <= 0.1
    assert found["due_ratio"] <= 40
    assert found["due_worst_ratio"] <= 25  # a disk that stalls stalls both
    assert found["page"] <= 1


@pytest.mark.timeout(300)
async def test_a_war_room_in_slack_is_ready_soon_after_the_calls_that_it_takes() -> None:
    """A fence on a few runs of a shared machine; what is promised is measured by 30, see docs/performance.md."""
    found = await slack.main(7, 1)
    assert found["in_a_row"] <= 3
    assert found["ratio"] <= 1.5
    assert found["together"] <= 4.5
    assert found["ack"] <= 0.5


async def test_history_does_not_slow_it() -> None:
    """5,000 incidents and 100,000 entries; the long form, ten times as many, is ``make bench``."""
    found = await history.main(5_000, 40)
    slowed = {name for name, ratio in found.items() if ratio > 1.5}
    assert slowed <= history.SCANS, found


def test_starting_costs_little_more_than_importing() -> None:
    time, memory = startup.main(3)
    assert time <= 2, "1.7 on a quiet machine: reading our own files waits for the disk, too"
    assert memory <= 1.6


async def test_a_sentence_is_read_and_completed_at_once() -> None:
    found = await language.main(50)
    assert found["parsing"] <= 2, "0.5 ms on a quiet machine"
    assert found["completing"] <= 20


@pytest.mark.browser
async def test_the_console_shows_something_useful_at_once_and_weighs_little() -> None:
    """With 1,000 rooms, in a real browser on loopback."""
    found = await console.main(9)
    assert found["again"] <= 300
    assert found["beside_bare"] <= 3, "a first visit, beside a page of a few lines"
    assert found["weight"] <= 100_000
    assert found["elsewhere"] == 0
