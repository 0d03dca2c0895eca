"""Escalations in a large organisation: 10,000 people, 500 schedules, 2,000 open pages.

    python -m bench.paging [--quick]

The pages were opened over five minutes, as fast as they came; then each second's due escalations are found
and fired in one go. And a page beside 1,000 other timers that are due in the same instant.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench._measure import percentile
from bot.clock import SystemClock
from bot.domain.escalation import Policy, Step, Target, TargetKind
from bot.domain.incident import IncidentId
from bot.domain.organisation import Organisation
from bot.domain.people import Actor, Person, PersonId, Service, ServiceId
from bot.domain.priority import Severity
from bot.jobs.registry import Desk
from bot.jobs.table import all_tasks
from bot.jobs.worker import Worker
from bot.org import parse_schedule
from bot.ports import JobSpec, Queue, UnitOfWork
from bot.services.incidents import Declare, declare
from handlers.chat.console.gateway import ConsoleGateway
from storage.migrate import migrate
from storage.sqlite import SqliteMemory
from storage.unit_of_work import House
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


async def due_escalations(folder: str, pages: int, people: int, schedules: int) -> list[float]:
    """Seconds for each second's due escalations, all found and fired; only ticks with work count."""
    url, clock = f"sqlite+aiosqlite:///{folder}/due.db", FakeClock()
    house = House(organisation(people, schedules), await migrate(url, "bench"), ("console",), URL)
    memory = SqliteMemory(url, clock, house)
    await memory.start()
    try:
        desk = Desk(memory, clock, {"console": ConsoleGateway(memory, URL)}, URL)
        worker = Worker(desk, all_tasks(URL, URL), "bench")
        for number in range(pages):
            await memory.write(partial(_declare, number=number))
            clock.move_to(clock.now() + SPREAD / pages)
            if number % 100 == 99:
                await worker._fire_timers()  # noqa: SLF001 - what one tick costs, and nothing else
        samples = []
        for _ in range(int(SPREAD.total_seconds()) + 10):
            clock.move_to(clock.now() + timedelta(seconds=1))
            begun = perf_counter()
            fired = await worker._fire_timers()  # noqa: SLF001 - as above
            if fired:
                samples.append(perf_counter() - begun)
        return samples
    finally:
        await memory.stop()


async def page_beside(folder: str, others: int) -> float:
    """Seconds from a declare's commit until its page has been delivered, that many timers due besides."""
    url, clock = f"sqlite+aiosqlite:///{folder}/page.db", SystemClock()
    house = House(organisation(40, 2), await migrate(url, "bench"), ("console",), URL)
    memory = SqliteMemory(url, clock, house)
    await memory.start()
    desk = Desk(memory, clock, {"console": ConsoleGateway(memory, URL)}, URL)
    worker = Worker(desk, all_tasks(URL, URL), "bench")
    await memory.write(lambda uow: _declare(uow, 0))
    running = asyncio.get_running_loop().create_task(worker.run())
    try:
        await _delivered(memory, clock, 1)
        stale = JobSpec("escalate", Queue.TIMER, {"page": 1, "level": 99, "incident": 1})
        await memory.write(lambda uow: uow.jobs.enqueue(*[stale] * others))
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


async def main(pages: int = 2000, people: int = 10_000, schedules: int = 500) -> dict[str, float]:
    with TemporaryDirectory(dir=Path.cwd()) as folder:
        samples = await due_escalations(folder, pages, people, schedules)
        seconds = await page_beside(folder, 1000)
    found = {
        "due_p50": percentile(samples, 50),
        "due_p99": percentile(samples, 99),
        "page": seconds,
    }
    print(
        f"{people} people, {schedules} schedules, {pages} open pages: a second's due escalations "
        f"p50 {found['due_p50'] * 1000:.1f} ms, p99 {found['due_p99'] * 1000:.1f} ms ({len(samples)} ticks)"
    )
    print(f"declare to page delivered, 1,000 other timers due: {seconds * 1000:.0f} ms")
    return found


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    asyncio.run(main(200, 1000, 50) if quick else main())
