"""Shared by the benchmarks: percentiles, a fresh memory, and rows written bare as the yardstick."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.clock import SystemClock
from bot.domain.organisation import Organisation
from storage.engine import SqliteMemory
from storage.migrate import migrate
from storage.unit_of_work import House


def percentile(samples: Sequence[float], percent: float) -> float:
    """Nearest rank; ``samples`` in any order."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def shown(name: str, samples: Sequence[float]) -> str:
    """Milliseconds at p50 and p99."""
    middle, worst = percentile(samples, 50) * 1000, percentile(samples, 99) * 1000
    return f"{name}: p50 {middle:.2f} ms, p99 {worst:.2f} ms ({len(samples)} samples)"


@asynccontextmanager
async def memory(org: Organisation) -> AsyncIterator[SqliteMemory]:
    """A fresh SQLite memory on disk, as the bot opens it."""
    with TemporaryDirectory(dir=Path.cwd()) as folder:
        url = f"sqlite+aiosqlite:///{folder}/tocsin.db"
        install = await migrate(url, "bench")
        made = SqliteMemory(url, SystemClock(), House(org, install, ("console",)))
        await made.start()
        try:
            yield made
        finally:
            await made.stop()


def rows_of(path: str, before: dict[str, int]) -> dict[str, int]:
    """How many rows each table has gained since ``before``."""
    with sqlite3.connect(path) as connection:
        names = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        counts = {n: connection.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in names}  # noqa: S608 - names of our own tables
    return {name: count - before.get(name, 0) for name, count in counts.items()}


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
