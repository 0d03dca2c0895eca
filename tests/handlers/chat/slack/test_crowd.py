"""Many declare at once while the database is slow: each hears in a moment that theirs is under way, and is
told what came of it where they typed."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.core.ports.unit_of_work import UnitOfWork
from handlers.chat.slack.listening.listeners import IN_A_CROWD
from tests.handlers.chat.slack.running import Tocsin


@asynccontextmanager
async def slow_database(tocsin: Tocsin) -> AsyncIterator[None]:
    """Nothing is written until the block ends, or for five seconds."""
    held, over = threading.Event(), threading.Event()

    def holds(uow: UnitOfWork) -> None:
        held.set()
        over.wait(5)

    writing = asyncio.ensure_future(tocsin.memory.write(holds))
    await tocsin.until(held.is_set)
    try:
        yield
    finally:
        over.set()
        await writing


async def test_in_a_crowd_everybody_hears_soon_and_is_answered_once(tocsin: Tocsin) -> None:
    people = [tocsin.person(name) for name in ("ana", "bo", "cy")]
    async with slow_database(tocsin):
        told = [
            who.sends_command(f"/incident declare {what} is down")
            for who in people
            for what in ("checkout", "search")
        ]
        await tocsin.until(lambda: all(each.acked for each in told), "heard")
        assert all("Under way" in each.words for each in told)
        assert max(each.ack_seconds for each in told) < 1.5, "nobody waits for the database"

    await tocsin.until(
        lambda: all(f"INC-{n}" in _all(tocsin) for n in range(1, 7)), "told what came of it"
    )
    answers = [e for p in people for e in tocsin.slack.private_to(p.id) if "INC-" in e.words]
    assert len(answers) == len(told)


async def test_whoever_is_alone_is_answered_at_once_or_waits_a_little(tocsin: Tocsin) -> None:
    """One answer instead of two: nothing is said in between while it may still come in time."""
    bo = tocsin.person("bo")
    async with slow_database(tocsin):
        told = bo.sends_command("/incident declare checkout is down")
        early = time.monotonic() + 3 * IN_A_CROWD.total_seconds()
        await tocsin.until(lambda: time.monotonic() > early)
        assert not told.acked
    await tocsin.until(lambda: told.acked, "answered")
    assert "INC-1" in told.words
    assert "Under way" not in told.words


def _all(tocsin: Tocsin) -> str:
    people = [tocsin.person(name) for name in ("ana", "bo", "cy")]
    return "\n".join(e.words for who in people for e in tocsin.slack.private_to(who.id))
