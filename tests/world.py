"""The story language: people say, press and react in rooms; time passes; rooms show what they show.

    ana = world.person("ana")
    reply = await ana.says("/incident declare checkout is down sev1")
    room = await world.room("INC-1")
    await ana.presses("Take the lead", room.card)
    await world.passes(minutes=5)
    assert "SEV1" in room.card

A story knows nothing of a platform's ways: the stage (the console's by default) brings what is said to
the dispatcher and shows what was posted, so the same story runs on every platform.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypeVar

from bot.core.incident import Incident, IncidentId
from bot.core.organisation import Organisation
from bot.core.people import SYSTEM, PersonId, Viewer
from bot.core.ports.clock import Clock
from bot.core.ports.notifier import Notifier
from bot.core.ports.platforms import ChatPlatform, PlatformContext
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Entry, fold
from bot.jobs.registry import JobContext, Links
from bot.jobs.worker import Worker
from bot.language.dispatch import Dispatcher
from bot.org import sample_org
from bot.plugins.loading import Found
from bot.wiring.discovery import built_in, notices
from bot.wiring.packages import LISTENERS
from bot.wiring.plugins import Extensions, plugged
from bot.wiring.tasks import all_tasks
from handlers.chat.console.gateway import ConsoleGateway
from storage.database.leading import SoleLeadership
from storage.database.migrate import migrate
from storage.database.postgres import PostgresMemory
from storage.database.sqlite import SqliteMemory
from storage.unit_of_work import Installation
from tests.fakes.clock import START, FakeClock
from tests.seen import Asked, Seen, Shown
from tests.stages import AnyMemory, Backstage, Stage, stage

BASE = "http://tocsin.test"
T = TypeVar("T")

__all__ = [
    "BASE",
    "AnyMemory",
    "Said",
    "Seen",
    "Shown",
    "Voice",
    "World",
    "make_world",
    "platform_context",
]


@dataclass(frozen=True)
class Said:
    """What somebody was answered, privately."""

    seen: Seen
    by: Voice

    @property
    def card(self) -> Seen:
        assert self.seen.text, f"no card, but the form {self.seen.form}"
        return self.seen

    @property
    def form(self) -> Asked:
        assert self.seen.form is not None, f"no form, but: {self}"
        return self.seen.form

    def __str__(self) -> str:
        return self.seen.text

    def __contains__(self, text: str) -> bool:
        return text in self.seen

    async def press(self, label: str) -> Said:
        return await self.by.presses(label, self.card)


@dataclass
class Voice:
    """One person, on the stage's platform. ``room``, an incident's reference, is where they usually are."""

    world: World
    id: PersonId
    room: str = ""

    async def says(self, text: str, room: str = "", delivery: str = "") -> Said:
        """Type a command; ``room`` is an incident's reference. Everything that follows runs."""
        usual = "" if text.startswith("/incident declare") else self.room
        where = await self.world.room_id(room or usual)
        key = delivery or self.world.delivery()
        return await self._answered(await self.world.stage.command(self.id, text, where, key))

    async def presses(self, label: str, on: Seen, delivery: str = "") -> Said:
        found = [button for button in on.buttons if button.label == label]
        assert found, f"no button {label!r} among {[b.label for b in on.buttons]}"
        key = delivery or self.world.delivery()
        return await self._answered(await self.world.stage.press(self.id, found[0], on, key))

    async def fills(self, form: Asked, delivery: str = "", **values: str) -> Said:
        unknown = set(values) - {question.name for question in form.questions}
        assert not unknown, f"the form has no {unknown}"
        answers = {q.name: values.get(q.name, q.value) for q in form.questions}
        key = delivery or self.world.delivery()
        return await self._answered(await self.world.stage.fill(self.id, form, answers, key))

    async def writes(self, text: str, room: str = "") -> Seen:
        """Say something that is not a command, in a war room."""
        where = await self.world.room_id(room or self.room)
        message = await self.world.stage.write(self.id, text, where)
        await self.world.settle()
        return message

    async def edits(self, message: Seen, text: str) -> None:
        """Edit one's own message; an empty text deletes it."""
        await self.world.stage.rewrite(message, text)
        await self.world.settle()

    async def reacts(self, meaning: str, message: Seen, delivery: str = "") -> Said:
        """React to a message; ``meaning`` is capture, uncapture, totask or tofollowup."""
        key = delivery or self.world.delivery()
        return await self._answered(await self.world.stage.react(self.id, meaning, message, key))

    async def _answered(self, seen: Seen) -> Said:
        await self.world.settle()
        return Said(seen, self)


@dataclass
class World:
    clock: FakeClock
    memory: AnyMemory
    worker: Worker
    dispatcher: Dispatcher
    org: Organisation
    platforms: dict[str, ChatPlatform]
    stage: Stage
    extensions: Extensions
    _deliveries: count[int] = field(default_factory=lambda: count(1))

    def person(self, name: str, room: str = "") -> Voice:
        return Voice(self, PersonId(name), room)

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.memory.read(work)

    def delivery(self) -> str:
        """A new name for something that arrives."""
        return f"story-{next(self._deliveries)}"

    # --- time ---

    async def settle(self) -> None:
        """Everything that is due runs, and what follows from it, up to the coalescing of edits."""
        await self.worker.drain()

    async def passes(self, **length: float) -> None:
        """Time passes; whatever comes due on the way happens at its own moment."""
        end = self.clock.now() + timedelta(**length)
        while True:
            await self.settle()
            due = await self.memory.read(lambda uow: uow.jobs.next_due())
            if due is None or due > end:
                break
            self.clock.move_to(due)
        self.clock.move_to(end)
        await self.settle()

    # --- what there is to see ---

    async def room_id(self, reference: str) -> str:
        """The id of the incident's room on the stage's platform; empty for an empty reference."""
        if not reference:
            return ""
        number = IncidentId(int(reference.removeprefix("INC-")))
        rooms = await self.memory.read(lambda uow: uow.rooms.of(number))
        found = [room.id for room in rooms if room.platform == self.stage.name]
        assert found, f"{reference} has no room"
        return found[0]

    async def room(self, reference: str) -> Shown:
        await self.passes(seconds=3)
        return await self.stage.room(await self.room_id(reference))

    async def reads(self, person: str, reference: str) -> bool:
        """Whether a person can read what is said in a private incident's room."""
        return await self.stage.reads(PersonId(person), await self.room_id(reference))

    async def announcements(self) -> Shown:
        await self.passes(seconds=3)
        return await self.stage.announcements()

    async def direct(self, person: str) -> Shown:
        """What the bot told one person."""
        await self.passes(seconds=3)
        return await self.stage.direct(PersonId(person))

    async def incident(self, reference: str, viewer: Viewer = SYSTEM) -> Incident:
        number = IncidentId(int(reference.removeprefix("INC-")))
        return await self.memory.read(lambda uow: uow.incidents.get(number, viewer))

    async def timeline(self, reference: str) -> list[Entry]:
        number = IncidentId(int(reference.removeprefix("INC-")))
        return await self.memory.read(lambda uow: fold(uow.timeline.of(number, SYSTEM)))


@asynccontextmanager
async def make_world(
    folder: Path,
    org: Organisation | None = None,
    extra: Mapping[str, ChatPlatform] | None = None,
    url: str = "",
    on: str = "console",
    notifier: Notifier | None = None,
    start: datetime = START,
    plugins: Callable[[], Found] = Found,
) -> AsyncIterator[World]:
    """A whole Tocsin with no adapter but the stage's: real database, real worker, a clock that the story moves.

    The stage is ``on``; the console is there besides, as it always is. ``plugins`` finds those that are at work.
    """
    clock, played = FakeClock(start), stage(on)
    extensions = plugged(clock, plugins)
    known = played.organisation(org or sample_org())
    database = url or f"sqlite+aiosqlite:///{folder}/tocsin.db"
    install = await migrate(database, "story")
    names = dict.fromkeys(("console", on, *(extra or {})))
    told = notices(built_in())
    installation = Installation(known, install, tuple(names), BASE, extensions.bus, told, {}, BASE)
    memory = _memory(database, clock, installation)
    await memory.start()
    context = platform_context({}, memory, clock)
    platforms: dict[str, ChatPlatform] = {"console": ConsoleGateway(memory, BASE)}
    platforms |= {on: played.platform(context), **(extra or {})}
    job_context = JobContext(memory, clock, platforms, BASE, notifier, Links((b"k" * 32,), BASE))
    tasks = all_tasks(extensions.bus, extensions.effects)
    worker = Worker(job_context, tasks, "story")
    dispatcher = Dispatcher(
        memory, clock, extensions.table, BASE, LISTENERS, extensions.verbs(memory)
    )
    await played.begin(Backstage(clock, memory, dispatcher, known))
    try:
        yield World(clock, memory, worker, dispatcher, known, platforms, played, extensions)
    finally:
        await played.end()
        await memory.stop()


def platform_context(
    environ: Mapping[str, str], memory: AnyMemory, clock: Clock
) -> PlatformContext:
    """What a platform is told of the installation that it is part of."""
    installation = memory.installation
    return PlatformContext(
        environ, lambda: memory.installation.org, installation.install, "incident", clock, memory, BASE, BASE,
        SoleLeadership(),
    )  # fmt: skip


def _memory(database: str, clock: FakeClock, installation: Installation) -> AnyMemory:
    if database.startswith("sqlite"):
        return SqliteMemory(database, clock, installation)
    return PostgresMemory(database, clock, installation, "story")
