"""Stored events on both databases: in order, without what others stored, forgotten a piece at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.events.base import ActId
from bot.core.incident import IncidentId
from bot.core.people import PersonId
from bot.core.ports.occurrences import Cause, Occurrence
from storage.database.postgres import PostgresMemory
from storage.database.sqlite import SqliteMemory
from tests.fakes.clock import START


def row(act: str, ordinal: int, at: datetime = START) -> Occurrence:
    cause = Cause(ActId("before"), 2)
    who = PersonId("bo")
    data = {"before": None, "after": 1}
    return Occurrence(
        ActId(act), ordinal, "severity_changed", 1, at, who, IncidentId(7), cause, data
    )


async def test_what_was_added_is_read_in_order(memory: SqliteMemory | PostgresMemory) -> None:
    rows = [row("one", 1), row("two", 0), row("one", 0)]
    await memory.write(lambda uow: uow.occurrences.add(rows))
    found = await memory.read(lambda uow: uow.occurrences.of(ActId("one")))
    assert found == [row("one", 0), row("one", 1)]


async def test_what_is_older_is_forgotten(memory: SqliteMemory | PostgresMemory) -> None:
    rows = [row("old", 0), row("old", 1), row("new", 0, START + timedelta(days=2))]
    await memory.write(lambda uow: uow.occurrences.add(rows))
    later = START + timedelta(days=1)
    assert await memory.write(lambda uow: uow.occurrences.prune(later)) == 2
    assert await memory.read(lambda uow: uow.occurrences.of(ActId("old"))) == []
    assert len(await memory.read(lambda uow: uow.occurrences.of(ActId("new")))) == 1
