"""What the job table does on this machine: latency, timers, throughput, a flood beside a page.

    .venv/bin/python bench/jobs.py [--quick]

Milliseconds are printed; the gates (docs/performance.md) are asserted by tests/test_gates.py on the
short form.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any

from bench._measure import beside, memory, percentile, shown
from bot.core.organisation import Organisation
from bot.core.ports.jobs import Job, JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.jobs.registry import Effect, JobContext, Settle, Tasks, Timer, collect
from bot.jobs.worker import Worker
from storage.database.sqlite import SqliteMemory

# Of throughput, each beside its yardstick, which is written so often a round: it takes some 13 ms a time, and one slow
# commit of its two made it look up to six times as slow.
ROUNDS, BARE_ROUNDS = 5, 5


@dataclass
class Seen:
    """When each job's first line ran."""

    at: dict[int, float] = field(default_factory=dict)
    lateness: list[float] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    wanted: int = 0

    def note(self, job: Job) -> None:
        self.at[int(job.args["n"])] = time.perf_counter()
        if len(self.at) >= self.wanted:
            self.done.set()


def tasks(seen: Seen) -> Tasks:
    async def effect(context: JobContext, job: Job) -> Settle | None:
        seen.note(job)
        return None

    def timer(uow: UnitOfWork, job: Job) -> None:
        seen.lateness.append((uow.now - job.run_at).total_seconds())
        seen.note(job)

    def nothing(uow: UnitOfWork, job: Job, why: str, fix: str) -> None:
        return None

    return collect(Effect("effect", "none", effect, nothing), Timer("timer", timer))


def _enqueue(spec: JobSpec, uow: UnitOfWork) -> None:
    uow.jobs.enqueue(spec)


async def idle_latency(store: SqliteMemory, seen: Seen, count: int) -> list[float]:
    """From the commit's return to the handler's first line, one at a time."""
    samples = []
    for n in range(count):
        seen.at.clear()
        seen.wanted = 1
        seen.done.clear()
        spec = JobSpec("effect", Queue.PAGE, {"n": n})
        await store.write(partial(_enqueue, spec))
        committed = time.perf_counter()
        await seen.done.wait()
        samples.append(max(0.0, seen.at[n] - committed))
    return samples


async def timers(store: SqliteMemory, seen: Seen, count: int) -> list[float]:
    """Lateness of timers spread over two seconds."""
    seen.at.clear()
    seen.lateness.clear()
    seen.wanted = count
    seen.done.clear()

    def plant(uow: UnitOfWork) -> None:
        due = [uow.now + timedelta(seconds=0.5 + 2 * n / count) for n in range(count)]
        uow.jobs.enqueue(
            *(JobSpec("timer", Queue.TIMER, {"n": n}, run_at=at) for n, at in enumerate(due))
        )

    await store.write(plant)
    await seen.done.wait()
    return list(seen.lateness)


def _queue(task: str) -> Queue:
    return Queue.TIMER if task == "timer" else Queue.CHAT


async def throughput(store: SqliteMemory, seen: Seen, task: str, count: int) -> float:
    """Jobs a second, from a waiting queue to the last one's start."""
    seen.at.clear()
    seen.wanted = count
    seen.done.clear()
    specs = [JobSpec(task, _queue(task), {"n": n}) for n in range(count)]
    began = time.perf_counter()
    await store.write(lambda uow: uow.jobs.enqueue(*specs))
    await seen.done.wait()
    return count / (time.perf_counter() - began)


async def flood(store: SqliteMemory, seen: Seen, count: int) -> tuple[float, float]:
    """Seconds to fan ``count`` mails out, and how late a page started that was committed midway."""
    seen.at.clear()
    seen.wanted = 1
    seen.done.clear()
    later = timedelta(hours=1)

    def some(start: int) -> Callable[[UnitOfWork], None]:
        def work(uow: UnitOfWork) -> None:
            due = uow.now + later
            uow.jobs.enqueue(
                *(JobSpec("effect", Queue.MAIL, {"n": start + n}, run_at=due) for n in range(1000))
            )

        return work

    began = time.perf_counter()
    page: Awaitable[Any] | None = None
    committed = 0.0
    for start in range(0, count, 1000):
        await store.write(some(start))
        if page is None and start >= count // 2:
            spec = JobSpec("effect", Queue.PAGE, {"n": -1})
            await store.write(partial(_enqueue, spec))
            committed = time.perf_counter()
            page = asyncio.ensure_future(seen.done.wait())
    fanned = time.perf_counter() - began
    await seen.done.wait()
    return fanned, seen.at[-1] - committed


def bare(store: SqliteMemory, queue: Queue, count: int, times: int = 1) -> float:
    """Seconds to write rows of a queue once more with nothing but the driver, a thousand a commit; the median of
    so many ``times``."""
    with closing(sqlite3.connect(store._path, isolation_level=None)) as file:  # noqa: SLF001
        file.execute("PRAGMA synchronous=FULL")
        names = [row[1] for row in file.execute("PRAGMA table_info(jobs)") if row[1] != "id"]
        listed, marks = ", ".join(names), ", ".join("?" * len(names))
        found = f"SELECT {listed} FROM jobs WHERE queue = ? ORDER BY id LIMIT ?"
        rows = file.execute(found, (queue.value, count)).fetchall()
        assert len(rows) == count
        insert = f"INSERT INTO jobs ({listed}) VALUES ({marks})"
        return median(_written(file, insert, rows) for _ in range(times))


def _written(file: sqlite3.Connection, insert: str, rows: list[Any]) -> float:
    began = time.perf_counter()
    for start in range(0, len(rows), 1000):
        file.execute("BEGIN IMMEDIATE")
        file.executemany(insert, rows[start : start + 1000])
        file.execute("COMMIT")
    return time.perf_counter() - began


@dataclass(frozen=True)
class Flow:
    """Jobs a second, and how many rows the driver alone writes in the time of one."""

    rate: float
    ratio: float


async def flow(
    store: SqliteMemory, seen: Seen, task: str, count: int, *, twice: bool = False
) -> Flow:
    """Medians of rounds, each beside as many rows bare. ``twice``: two jobs are done for each that is counted, to see
    that the gate would notice."""
    queue, burden = _queue(task), 2 if twice else 1
    rates, floor = [], []
    for _ in range(ROUNDS):
        rates.append(await throughput(store, seen, task, burden * count) / burden)
        floor.append(count / await asyncio.to_thread(bare, store, queue, count, BARE_ROUNDS))
    return Flow(median(rates), beside(floor, rates))


async def main(scale: int, *, twice: bool = False) -> dict[str, float]:
    """Everything, printed; returned for the gates. ``twice``: see ``flow``."""
    async with memory(Organisation("Bench")) as store:
        seen = Seen()
        worker = Worker(JobContext(store, store._clock, {}), tasks(seen), "bench")  # noqa: SLF001
        running = asyncio.ensure_future(worker.run())
        latency = await idle_latency(store, seen, 30 * scale)
        lateness = await timers(store, seen, 40 * scale)
        effects = await flow(store, seen, "effect", 500 * scale, twice=twice)
        free = await flow(store, seen, "timer", 1000 * scale, twice=twice)
        fanned, page = await flood(store, seen, 10_000 * scale)
        await worker.stop()
        running.cancel()
        floor = await asyncio.to_thread(bare, store, Queue.MAIL, 10_000 * scale)
    print(shown("commit to start, idle", latency))
    print(shown("timer lateness", lateness))
    print(f"effects a second: {effects.rate:.0f}, each {effects.ratio:.1f} times its row bare")
    print(f"effect-free jobs a second: {free.rate:.0f}, each {free.ratio:.1f} times its row bare")
    print(
        f"{10_000 * scale:,} rows fanned out: {fanned:.2f} s, bare {floor:.2f} s: {fanned / floor:.1f} times; "
        f"a page meanwhile: {page * 1000:.1f} ms"
    )
    return {
        "latency_p99": percentile(latency, 99),
        "lateness_p99": percentile(lateness, 99),
        "effects": effects.rate,
        "effects_ratio": effects.ratio,
        "free": free.rate,
        "free_ratio": free.ratio,
        "fanned": fanned / scale * 10,
        "fanned_ratio": fanned / floor,
        "page": page,
    }


if __name__ == "__main__":
    asyncio.run(main(1 if "--quick" in sys.argv else 10))
