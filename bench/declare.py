"""What recording an incident costs, beside the same rows written bare by one thread, in one run.

    .venv/bin/python -m bench.declare [--quick]

Twenty people declare at once through the dispatcher (parsing, permission, reply and all); the yardstick
writes as many rows to the same tables, twenty transactions one after another on one connection.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from pathlib import Path

from bench._measure import beside, memory, percentile, shown
from bench._statements import Counted, counting
from bot.core.chat.vocabulary import Invocation, Reply, Speaker
from bot.jobs.registry import JobContext
from bot.jobs.worker import Worker
from bot.language.dispatch import Dispatcher
from bot.language.table import all_commands
from bot.org import sample_org
from bot.wiring.packages import LISTENERS
from bot.wiring.tasks import all_tasks
from handlers.chat.console.gateway import ConsoleGateway
from storage.database.migrate import migrate
from storage.database.sqlite import SqliteMemory, sqlite_path

AT_ONCE = 20


async def _later(_: Reply) -> None:
    return None


async def _one(dispatcher: Dispatcher, number: int, burden: int) -> float:
    text = f"declare checkout is down {number} sev1"
    began = time.perf_counter()
    for again in range(burden):
        call = Invocation("console", f"bench-{number}-{again}", Speaker("bo", "Bo"), text)
        reply = await dispatcher.handle(call, _later)
        assert reply.card is not None
        assert "INC-" in reply.card.title
    return time.perf_counter() - began


async def declares(
    store: SqliteMemory, rounds: int, first: int = 0, *, twice: bool = False
) -> list[float]:
    """Seconds from each invocation to its reply, twenty at a time; ``twice``: to the reply of the second of two."""
    dispatcher = Dispatcher(store, store._clock, all_commands(), "http://bench.test", LISTENERS)  # noqa: SLF001
    samples: list[float] = []
    for number in range(rounds):
        start = first + number * AT_ONCE
        samples += await asyncio.gather(
            *(_one(dispatcher, start + each, 2 if twice else 1) for each in range(AT_ONCE))
        )
    return samples


async def statements() -> Counted:
    """What one declare sends to SQLite with all that follows from it (the console's room, the page, the card): the
    median of five, since how often the worker looks for work is a matter of the moment. One was declared before, so
    that nothing is counted that happens once in a process."""
    found = []
    with counting() as counted:
        async with memory(sample_org()) as store:
            clock = store._clock  # noqa: SLF001
            gateway = ConsoleGateway(store, "http://bench.test")
            context = JobContext(store, clock, {"console": gateway}, "http://bench.test")
            worker = Worker(context, all_tasks(), "bench")
            dispatcher = Dispatcher(store, clock, all_commands(), "http://bench.test", LISTENERS)
            for number in range(6):
                counted.on = number > 0
                await _one(dispatcher, number, 1)
                await worker.drain()
                found += [counted.taken()] if counted.on else []
                counted.on = False
    return sorted(found, key=lambda each: each.total)[len(found) // 2]


class Bare:
    """The yardstick: the same rows in the same tables, their indexes kept too, written by plain sqlite3
    on one thread, each of twenty transactions in turn, timed from when the first began."""

    def __init__(self, path: str, model: str) -> None:
        self._rows = _rows_of_last(model)
        self._c = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16000"):
            self._c.execute(f"PRAGMA {pragma}").close()
        self._made = 0

    def round(self) -> list[float]:
        began, samples = time.perf_counter(), []
        for _ in range(AT_ONCE):
            self._c.execute("BEGIN IMMEDIATE")
            self._write_one()
            self._c.execute("COMMIT")
            samples.append(time.perf_counter() - began)
        return samples

    def _write_one(self) -> None:
        self._made += 1
        number = None
        for insert, row in self._rows:
            fresh = dict(row)
            if number is not None and "incident" in fresh:
                fresh["incident"] = number
            if fresh.get("dedupe"):
                fresh["dedupe"] = f"bare-{self._made}:{fresh['dedupe']}"
            if "key" in fresh:
                fresh["key"] = f"bare-{self._made}"
            done = self._c.execute(insert, fresh)
            number = number or done.lastrowid


def _rows_of_last(model: str) -> list[tuple[str, dict[str, object]]]:
    """Every row of the last incident in ``model``, with the statement that writes it again."""
    connection = sqlite3.connect(model)
    connection.row_factory = sqlite3.Row
    (last,) = connection.execute("SELECT max(id) FROM incidents").fetchone()
    found = []
    for table, key in (
        ("incidents", "id"),
        ("timeline", "incident"),
        ("members", "incident"),
        ("plan", "incident"),
        ("jobs", "incident"),
    ):
        rows = connection.execute(f"SELECT * FROM {table} WHERE {key} = ?", (last,))
        found += [(table, dict(row)) for row in rows]
    newest = connection.execute("SELECT * FROM deliveries ORDER BY at DESC LIMIT 1").fetchone()
    found.append(("deliveries", dict(newest)))
    connection.close()
    return [(_insert(table, row), row) for table, row in found if row.pop("id", True)]


def _insert(table: str, row: dict[str, object]) -> str:
    names = [name for name in row if name != "id"]
    marks = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"


async def main(rounds: int, *, twice: bool = False) -> dict[str, float]:
    """Ours and bare in turn; returns ``ratio``, the median over the rounds of ours beside bare at p99. ``twice``: each
    declares twice, to see that the gate would notice."""
    async with memory(sample_org()) as store:
        path = str(sqlite_path(store.url))
        await declares(store, 2, first=1_000_000)
        other = str(Path(path).with_name("bare.db"))
        await migrate(f"sqlite+aiosqlite:///{other}", "bare")
        yardstick = Bare(other, path)
        yardstick.round()
        ours, floor = [], []
        for number in range(rounds):
            ours.append(await declares(store, 1, first=number * AT_ONCE, twice=twice))
            floor.append(yardstick.round())
    print(f"rows a declare: {len(yardstick._rows)}")  # noqa: SLF001
    print(shown(f"declare, {AT_ONCE} at once", [s for samples in ours for s in samples]))
    print(shown("the same rows bare, one thread", [s for samples in floor for s in samples]))
    ratio = beside([percentile(s, 99) for s in ours], [percentile(s, 99) for s in floor])
    sent = await statements()
    print(f"statements of a declare with all that follows (console, sev1): {sent.total}")
    print(sent)
    print(f"p99 of a round, median of {rounds} rounds in turn: {ratio:.2f} times bare")
    return {"ratio": ratio, "statements": float(sent.total)}


if __name__ == "__main__":
    asyncio.run(main(5 if "--quick" in sys.argv else 30))
