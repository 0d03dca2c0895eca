"""Shared by the benchmarks: percentiles, a fresh memory, and how much of the machine others took."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bot.core.organisation import Organisation
from bot.wiring.clock import SystemClock
from bot.wiring.packages import BUS
from storage.database.migrate import migrate
from storage.database.sqlite import SqliteMemory
from storage.unit_of_work import Installation


def percentile(samples: Sequence[float], percent: float) -> float:
    """Nearest rank; ``samples`` in any order."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def beside(ours: Sequence[float], yardstick: Sequence[float]) -> float:
    """How many times as long as its yardstick something took: the median over pairs measured one right after
    the other. A slow spell of the machine slows both of a pair, and a slow moment spoils one
    ratio of many; a ratio of two medians has neither property."""
    return median(one / other for one, other in zip(ours, yardstick, strict=True))


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
        made = SqliteMemory(url, SystemClock(), Installation(org, install, ("console",), bus=BUS))
        await made.start()
        try:
            yield made
        finally:
            await made.stop()


@contextmanager
def deployment() -> Iterator[None]:
    """Prints how busy the processors were meanwhile, and how much of it was not ours nor our children's:
    figures taken on a busy machine are not the program's. Linux only; elsewhere it says nothing."""
    if not Path("/proc/stat").exists():
        yield
        return
    before = (*_processors(), _ours())
    yield
    total, busy, ours = (
        now - then for now, then in zip((*_processors(), _ours()), before, strict=True)
    )
    print(
        f"processors: {busy / total:.0%} busy, {max(busy - ours, 0) / total:.0%} with the work of others"
    )


def _processors() -> tuple[int, int]:
    """Ticks of all processors since the start: all, and those that were not idle."""
    ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return sum(ticks), sum(ticks) - ticks[3] - ticks[4]


def _ours() -> int:
    """Ticks of this process and of all that it started and that still lives."""
    parents: dict[int, list[int]] = {}
    spent: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            words = stat.read_text().rpartition(")")[2].split()
            parents.setdefault(int(words[1]), []).append(int(stat.parent.name))
            # its own, and that of its children that have ended
            spent[int(stat.parent.name)] = sum(int(word) for word in words[11:15])
    found, waiting = 0, [os.getpid()]
    while waiting:
        found += spent.get(waiting[-1], 0)
        waiting += parents.get(waiting.pop(), [])
    return found
