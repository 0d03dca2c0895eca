""" "at 14:32" means the last time that the speaker's own clock showed it: past midnight and both clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.times.when import Reading, instant

BERLIN, NEW_YORK, SHANGHAI, LORD_HOWE = "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"  # fmt: skip
PAST, NEXT, DUE = Reading.PAST, Reading.NEXT, Reading.DUE

# Zone, now (UTC), what is said, how it is read, what it means (UTC).
MEANINGS = [
    # Before and after midnight, in the speaker's own zone.
    (BERLIN, "2026-03-03 14:00", "14:32", PAST, "2026-03-03 13:32"),
    (BERLIN, "2026-03-03 13:31", "14:32", PAST, "2026-03-02 13:32"),
    (BERLIN, "2026-03-03 23:10", "23:50", PAST, "2026-03-03 22:50"),
    (BERLIN, "2026-03-03 23:10", "00:05", PAST, "2026-03-03 23:05"),
    (SHANGHAI, "2026-03-03 17:00", "14:32", PAST, "2026-03-03 06:32"),
    (SHANGHAI, "2026-03-03 17:00", "00:30", PAST, "2026-03-03 16:30"),
    (NEW_YORK, "2026-03-03 04:10", "23:00", PAST, "2026-03-03 04:00"),
    (NEW_YORK, "2026-03-03 05:10", "23:59", PAST, "2026-03-03 04:59"),
    (BERLIN, "2026-03-03 22:50", "00:10", NEXT, "2026-03-03 23:10"),
    (BERLIN, "2026-03-03 23:10", "00:10", NEXT, "2026-03-04 23:10"),
    # The clock went from 02:00 to 03:00: 02:30 was never shown, and stands for the first instant after.
    (BERLIN, "2026-03-29 02:00", "01:59", PAST, "2026-03-29 00:59"),
    (BERLIN, "2026-03-29 02:00", "02:30", PAST, "2026-03-29 01:00"),
    (BERLIN, "2026-03-29 02:00", "03:30", PAST, "2026-03-29 01:30"),
    (BERLIN, "2026-03-29 01:10", "03:30", PAST, "2026-03-28 02:30"),
    (BERLIN, "2026-03-29 12:00", "14:32", PAST, "2026-03-28 13:32"),
    (BERLIN, "2026-03-28 23:00", "02:30", NEXT, "2026-03-29 01:00"),
    # It went from 03:00 to 02:00: 02:30 was shown twice. Past is the later one that has been, next the first.
    (BERLIN, "2026-10-25 00:40", "02:30", PAST, "2026-10-25 00:30"),
    (BERLIN, "2026-10-25 01:20", "02:30", PAST, "2026-10-25 00:30"),
    (BERLIN, "2026-10-25 01:40", "02:30", PAST, "2026-10-25 01:30"),
    (BERLIN, "2026-10-25 12:00", "02:30", PAST, "2026-10-25 01:30"),
    (BERLIN, "2026-10-25 00:10", "02:30", NEXT, "2026-10-25 00:30"),
    (BERLIN, "2026-10-25 00:40", "02:30", NEXT, "2026-10-25 01:30"),
    (NEW_YORK, "2026-11-01 06:10", "01:30", PAST, "2026-11-01 05:30"),
    (NEW_YORK, "2026-11-01 06:40", "01:30", PAST, "2026-11-01 06:30"),
    # Half an hour.
    (LORD_HOWE, "2026-04-04 15:20", "01:45", PAST, "2026-04-04 15:15"),
    (LORD_HOWE, "2026-04-04 15:10", "01:45", PAST, "2026-04-04 14:45"),
    # A due day ends a minute before its midnight, on the speaker's clock.
    (NEW_YORK, "2026-03-06 04:00", "fri", DUE, "2026-03-07 04:59"),
    (BERLIN, "2026-03-27 12:00", "sun", DUE, "2026-03-29 21:59"),
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("zone", "now", "said", "reading", "meant"), MEANINGS)
def test_a_time_is_on_the_speakers_clock(
    zone: str, now: str, said: str, reading: Reading, meant: str
) -> None:
    assert instant(said, utc(now), ZoneInfo(zone), reading) == utc(meant)


@given(
    st.integers(0, 3 * 365 * 24 * 3600),
    st.sampled_from([BERLIN, NEW_YORK, SHANGHAI, LORD_HOWE]),
    st.integers(0, 24 * 60 - 1),
)
def test_a_past_time_was_shown_within_the_last_day_and_a_bit(
    seconds: int, name: str, minute: int
) -> None:
    now, zone = utc("2025-01-01 00:00") + timedelta(seconds=seconds), ZoneInfo(name)
    said = f"{minute // 60:02}:{minute % 60:02}"
    found = instant(said, now, zone, PAST)
    assert found is not None
    assert found <= now
    assert now - found <= timedelta(hours=25)
    local = found.astimezone(zone)
    skipped = local.utcoffset() != (found - timedelta(seconds=1)).astimezone(zone).utcoffset()
    assert f"{local:%H:%M}" == said or skipped
