"""Shared by the benchmarks: percentiles, a fresh memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.clock import SystemClock
from bot.domain.organisation import Organisation
from storage.migrate import migrate
from storage.sqlite import SqliteMemory
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
