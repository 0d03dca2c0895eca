"""A Tocsin on a Slack workspace: the real platform, worker and dispatcher, on the system's clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.core.organisation import Organisation
from bot.core.ports.platforms import ChatPlatform, PlatformContext
from bot.jobs.registry import JobContext
from bot.jobs.worker import Worker
from bot.language.dispatch import Dispatcher
from bot.language.table import all_commands
from bot.wiring.clock import SystemClock
from bot.wiring.discovery import built_in, notices
from bot.wiring.packages import BUS, LISTENERS
from bot.wiring.tasks import all_tasks
from handlers.chat.console.gateway import ConsoleGateway
from handlers.chat.slack.connector import SlackPlatform, connected
from storage.database.leading import SoleLeadership
from storage.database.migrate import migrate
from storage.database.sqlite import SqliteMemory
from storage.unit_of_work import Installation
from tests.fakes.slack import FakeSlack, Person, Workspace
from tests.organisations import steady

BASE = "http://tocsin.test"


def linked(org: Organisation, slack: FakeSlack) -> Organisation:
    """The organisation with its people's Slack ids."""
    people = {}
    for who, person in org.people.items():
        user = slack.person(who, real_name=person.name, email=person.email or "").user
        people[who] = replace(person, identities={**person.identities, "slack": user.id})
    return replace(org, people=people)


@dataclass
class Tocsin:
    folder: Path
    workspace: Workspace
    platform: SlackPlatform
    memory: SqliteMemory
    dispatcher: Dispatcher
    worker: Worker
    org: Organisation

    @property
    def slack(self) -> FakeSlack:
        return self.workspace.slack

    def person(self, name: str, **more: bool) -> Person:
        return self.slack.person(name, **more)

    async def until(self, holds: Callable[[], object], what: str = "", seconds: float = 10) -> None:
        await self.slack.until(holds, seconds, what)


@asynccontextmanager
async def running(folder: Path, workspace: Workspace, **environ: str) -> AsyncIterator[Tocsin]:
    """A whole Tocsin on that workspace, until the block ends."""
    clock = SystemClock()
    org = linked(steady(), workspace.slack)
    database = f"sqlite+aiosqlite:///{folder}/tocsin.db"
    install = await migrate(database, "test")
    installation = Installation(org, install, ("console", "slack"), BASE, BUS, notices(built_in()))
    memory = SqliteMemory(database, clock, installation)
    await memory.start()
    env = {**workspace.environ, **environ}
    context = PlatformContext(
        env, lambda: memory.installation.org, install, "incident", clock, memory, BASE, BASE,
        SoleLeadership(),
    )  # fmt: skip
    platform = connected(env).build(context)
    assert isinstance(platform, SlackPlatform)
    platforms: dict[str, ChatPlatform] = {
        "console": ConsoleGateway(memory, BASE),
        "slack": platform,
    }
    worker = Worker(JobContext(memory, clock, platforms, BASE), all_tasks(), "test")
    dispatcher = Dispatcher(memory, clock, all_commands(), BASE, LISTENERS)
    loop = asyncio.get_running_loop()
    tasks = [loop.create_task(worker.run()), loop.create_task(platform.run(dispatcher))]
    made = Tocsin(folder, workspace, platform, memory, dispatcher, worker, org)
    try:
        yield made
    finally:
        await worker.stop(1)
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        await memory.stop()
        crashed = [end for end in ends if isinstance(end, Exception)]
        assert crashed == []  # a task that ended by itself broke the story
