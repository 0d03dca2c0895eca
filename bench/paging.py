"""Escalations in a large organisation: 10,000 people, 500 schedules, 2,000 open pages.

    python -m bench.paging [--quick]

The pages were opened over five minutes; over the next five nobody acknowledges, and each second's due
escalations are found and fired, with whatever else is due then. In turn the same rows are written bare. And a
page beside 1,000 other timers that are due in the same instant.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from bench._measure import beside, percentile, shown
from bot.core.escalation import Policy, Step, Target, TargetKind
from bot.core.incident import IncidentId
from bot.core.organisation import Organisation
from bot.core.people import Actor, Person, PersonId, Service, ServiceId
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.severity import Severity
from bot.incidents.lifecycle.service import Declare, declare
from bot.jobs.registry import JobContext
from bot.jobs.worker import Worker
from bot.organisation.schedules.parser import parse_schedule
from bot.wiring.clock import SystemClock
from bot.wiring.packages import BUS
from bot.wiring.tasks import all_tasks
from handlers.chat.console.gateway import ConsoleGateway
from storage.database.migrate import migrate
from storage.database.sqlite import SqliteMemory
from storage.unit_of_work import Installation
from tests.fakes.clock import FakeClock

URL = "http://bench.test"
SPREAD = timedelta(minutes=5)


def organisation(people: int, schedules: int) -> Organisation:
    """20 people in turn on each schedule, a policy for each: on call, then who is next."""
    known = {PersonId(f"p{n}"): Person(PersonId(f"p{n}"), f"Person {n}") for n in range(people)}
    plans, policies, services = {}, {}, {}
    for n in range(schedules):
        name = f"s{n}"
        order = [f"p{(n * 20 + each) % people}" for each in range(20)]
        turn = {"unit": "day", "start": "2025-01-01T09:00", "participants": order}
        plans[name] = parse_schedule({"timezone": "Europe/Berlin", "layers": [{"rotation": turn}]})
        now, then = Target(TargetKind.SCHEDULE, name), Target(TargetKind.NEXT, name)
        policies[name] = Policy(name, (Step((now,)), Step((then,), SPREAD)))
        services[ServiceId(name)] = Service(ServiceId(name), escalation=name)
    everybody = (Target(TargetKind.PERSON, "p0"),)
    return Organisation(
        "Bench", people=known, services=services, schedules=plans, policies=policies,
        catch_all=everybody,
    )  # fmt: skip


def _declare(uow: UnitOfWork, number: int) -> None:
    actor = Actor(PersonId("p0"), "Person 0", "console")
    services = (ServiceId(f"s{number % len(uow.org.services)}"),)
    declare(uow, actor, Declare(f"broken {number}", Severity.SEV2, services))


@dataclass
class Ticks:
    """Of each second in which something escalated: how much, and the seconds that it took, ours and bare."""

    fired: list[int] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    rows: int = 0


async def due_escalations(
    folder: str, pages: int, people: int, schedules: int, *, twice: bool
) -> Ticks:
    """Each second's due escalations, all found and fired; a copy of the database takes the same rows bare."""
    url, clock = f"sqlite+aiosqlite:///{folder}/due.db", FakeClock()
    installation = Installation(
        organisation(people, schedules), await migrate(url, "bench"), ("console",), URL, BUS
    )
    memory = SqliteMemory(url, clock, installation)
    await memory.start()
    try:
        context = JobContext(memory, clock, {"console": ConsoleGateway(memory, URL)}, URL)
        worker = Worker(context, all_tasks(), "bench")
        await opened(worker, memory, clock, pages)
        yardstick = Bare(f"{folder}/due.db", f"{folder}/bare.db")
        found = Ticks()
        for _ in range(int(SPREAD.total_seconds())):
            clock.move_to(clock.now() + _SECOND)
            begun = perf_counter()
            fired = await _all_due(worker)
            seconds = perf_counter() - begun
            while twice and perf_counter() - begun < 2 * seconds:
                pass
            seconds = perf_counter() - begun
            rows = yardstick.catch_up()
            if fired and rows:
                found.fired.append(fired)
                found.ours.append(seconds)
                found.bare.append(yardstick.write(rows))
                found.rows += len(rows)
        return found
    finally:
        await memory.stop()


async def opened(worker: Worker, memory: SqliteMemory, clock: FakeClock, pages: int) -> None:
    """As many incidents, spread evenly; whatever comes due meanwhile is done in its own second."""
    seconds = int(SPREAD.total_seconds())
    made = 0
    for second in range(1, seconds + 1):
        while made < pages * second / seconds:
            await memory.write(partial(_declare, number=made))
            made += 1
        await _all_due(worker)
        clock.move_to(clock.now() + _SECOND)


async def _all_due(worker: Worker) -> int:
    """Fire what is due, and what that makes due; returns how many timers it was."""
    total = 0
    while fired := await worker._run_due_timers():  # noqa: SLF001 - what a round costs, and nothing else
        total += fired
    return total


class Bare:
    """The yardstick: the rows that each second wrote, written again by plain sqlite3 into a copy of the same
    database, its indexes kept too, in one transaction; and the timers and pages marked as they were."""

    def __init__(self, path: str, copy: str) -> None:
        self._from = sqlite3.connect(path)
        self._from.row_factory = sqlite3.Row
        self._to = sqlite3.connect(copy, isolation_level=None)
        self._from.backup(self._to)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16000"):
            self._to.execute(f"PRAGMA {pragma}").close()
        self._seen = dict.fromkeys(_WRITTEN, 0)
        self.catch_up()

    def catch_up(self) -> list[tuple[str, tuple[object, ...]]]:
        """The rows written since the last call, with the statement that writes each again."""
        found: list[tuple[str, tuple[object, ...]]] = []
        for table, last in self._seen.items():
            rows = self._from.execute(f"SELECT rowid AS n, * FROM {table} WHERE rowid > ?", (last,))
            for row in rows:
                names = row.keys()[1:]
                marks = ", ".join("?" for _ in names)
                words = f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({marks})"
                found.append((words, tuple(row)[1:]))
                self._seen[table] = max(self._seen[table], row["n"])
                if (
                    table == "timeline"
                ):  # each was written by a timer that is done, and moved a page
                    found += [(words, (row["incident"],)) for words in _MARKED]
        return found

    def write(self, rows: list[tuple[str, tuple[object, ...]]]) -> float:
        """Seconds."""
        begun = perf_counter()
        self._to.execute("BEGIN IMMEDIATE")
        for words, values in rows:
            self._to.execute(words, values)
        self._to.execute("COMMIT")
        return perf_counter() - begun


_WRITTEN = ("timeline", "notices", "members", "jobs")
_MARKED = (
    "UPDATE jobs SET state = 'done' WHERE state = 'ready' AND task = 'escalate' AND incident = ?",
    "UPDATE pages SET level = level + 1 WHERE incident = ?",
)
_SECOND = timedelta(seconds=1)


async def page_beside(folder: str, others: int) -> float:
    """Seconds from a declare until its page has been delivered, that many timers due besides: every other
    one of those that wake people."""
    url, clock = f"sqlite+aiosqlite:///{folder}/page.db", SystemClock()
    installation = Installation(
        organisation(40, 2), await migrate(url, "bench"), ("console",), URL, BUS
    )
    memory = SqliteMemory(url, clock, installation)
    await memory.start()
    context = JobContext(memory, clock, {"console": ConsoleGateway(memory, URL)}, URL)
    worker = Worker(context, all_tasks(), "bench")
    await memory.write(lambda uow: _declare(uow, 0))
    running = asyncio.get_running_loop().create_task(worker.run())
    try:
        await _delivered(memory, clock, 1)
        stale = [
            JobSpec("escalate", queue, {"page": 1, "level": 99, "incident": 1})
            for queue in (Queue.TIMER, Queue.ALARM)
        ]
        await memory.write(lambda uow: uow.jobs.enqueue(*stale * (others // 2)))
        begun = perf_counter()
        await memory.write(lambda uow: _declare(uow, 1))
        await _delivered(memory, clock, 2)
        return perf_counter() - begun
    finally:
        await worker.stop(5)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await memory.stop()


async def _delivered(memory: SqliteMemory, clock: SystemClock, number: int) -> None:
    def sent(uow: UnitOfWork) -> bool:
        pages = uow.pages.of(IncidentId(number))
        return bool(pages) and any(n.state == "sent" for n in uow.pages.notices(pages[0].id))

    async with asyncio.timeout(30):
        while not await memory.read(sent):
            await clock.wait(asyncio.Event(), clock.now() + timedelta(milliseconds=5))


async def main(
    pages: int = 2000, people: int = 10_000, schedules: int = 500, *, twice: bool = False
) -> dict[str, float]:
    """Everything, printed; returned for the gates. ``twice``: each second's work takes as long again, to see that the
    gate would notice."""
    with TemporaryDirectory(dir=Path.cwd()) as folder:
        ticks = await due_escalations(folder, pages, people, schedules, twice=twice)
        seconds = await page_beside(folder, 1000)
    ratio = beside(ticks.ours, ticks.bare)
    worst = percentile(ticks.ours, 99) / percentile(ticks.bare, 99)
    found = {
        "due_p50": percentile(ticks.ours, 50),
        "due_p99": percentile(ticks.ours, 99),
        "due_ratio": ratio,
        "due_worst_ratio": worst,
        "page": seconds,
    }
    print(
        f"{people} people, {schedules} schedules, {pages} open pages; each second {median(ticks.fired):.0f} "
        f"timers are due (most: {max(ticks.fired)}) and write {ticks.rows / len(ticks.ours):.0f} rows"
    )
    print(shown("found and fired", ticks.ours))
    print(shown("the same rows bare", ticks.bare))
    print(
        f"median of the seconds: {ratio:.1f} times bare; the hundredth of the seconds that was worst: {worst:.1f} times"
    )
    print(f"declare to page delivered, 1,000 other timers due: {seconds * 1000:.0f} ms")
    return found


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    asyncio.run(main(200, 1000, 50) if quick else main())
