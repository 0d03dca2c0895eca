"""What is told of an incident gives way to rooms that are being opened, and never for long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.ports.jobs import Queue
from bot.jobs.limits import AT_ONCE, BESIDE_ROOMS, CONCURRENCY, MOMENT, Limits

NOW = datetime(2026, 1, 6, 9, tzinfo=UTC)
NOTHING = dict.fromkeys(CONCURRENCY, 0)
NEWS = frozenset((Queue.CHAT,))


@pytest.mark.parametrize(("ready", "opening"), [(NEWS, 1), (NEWS | {Queue.ROOM}, 0)])
def test_news_gives_way_while_a_room_is_opened_or_waits(
    ready: frozenset[Queue], opening: int
) -> None:
    free = Limits().free(CONCURRENCY, ready, NOTHING, opening, NOW)
    assert free[Queue.CHAT] == BESIDE_ROOMS


def test_where_opening_takes_long_news_goes_out_all_the_same() -> None:
    limits = Limits()
    hung = {**NOTHING, Queue.ROOM: 3, Queue.CHAT: 1}
    assert limits.free(CONCURRENCY, NEWS, hung, 3, NOW)[Queue.CHAT] == 0
    later = limits.free(CONCURRENCY, NEWS, hung, 3, NOW + MOMENT)
    assert later[Queue.CHAT] == CONCURRENCY[Queue.CHAT] - 1


def test_the_next_room_is_given_way_to_again() -> None:
    limits = Limits()
    limits.free(CONCURRENCY, NEWS, NOTHING, 1, NOW)
    limits.free(CONCURRENCY, frozenset(), NOTHING, 0, NOW + timedelta(minutes=1))
    again = limits.free(CONCURRENCY, NEWS, NOTHING, 1, NOW + timedelta(minutes=2))
    assert again[Queue.CHAT] == BESIDE_ROOMS


def test_pages_never_give_way() -> None:
    busy = {**NOTHING, Queue.ROOM: CONCURRENCY[Queue.ROOM]}
    free = Limits().free(AT_ONCE, frozenset(Queue), busy, 64, NOW)
    assert free[Queue.PAGE] == AT_ONCE[Queue.PAGE]
    assert free[Queue.ROOM] == 0
