"""The story language: people say, press and react in rooms; time passes; rooms show what they show.

    ana = world.person("ana")
    reply = await ana.says("/incident declare checkout is down sev1")
    room = await world.room("INC-1")
    await ana.presses("Take the lead", room.card)
    await world.passes(minutes=5)
    assert "SEV1" in room.card

A story knows nothing of a platform's ways: the stage (the console's by default) brings what is said to
the one door and shows what was posted, so the same story runs on every platform.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TypeVar

from bot.chat import Delivery, Invocation, MessageRef, Reply, Speaker
from bot.commands.table import all_commands
from bot.dispatch import Dispatcher
from bot.domain.incident import Incident, IncidentId
from bot.domain.organisation import Organisation
from bot.domain.people import BOT, SYSTEM, PersonId, Viewer
from bot.domain.timeline import Entry, fold
from bot.jobs.registry import Desk
from bot.jobs.table import all_tasks
from bot.jobs.worker import Worker
from bot.org import sample_org
from bot.ports import ChatPlatform, ConsoleMessage, ConsoleRoom, UnitOfWork
from bot.views.card import Card, Form
from handlers.chat.console.gateway import ConsoleGateway, announcements
from storage.migrate import migrate
from storage.postgres import PostgresMemory
from storage.sqlite import SqliteMemory
from storage.unit_of_work import House
from tests.fakes.clock import FakeClock
from tests.words import buttons, words

BASE = "http://tocsin.test"
T = TypeVar("T")
AnyMemory = SqliteMemory | PostgresMemory


@dataclass(frozen=True)
class Said:
    """What somebody was answered, privately."""

    reply: Reply
    by: Voice

    @property
    def card(self) -> Card:
        assert self.reply.card is not None, f"no card, but the form {self.reply.form}"
        return self.reply.card

    @property
    def form(self) -> Form:
        assert self.reply.form is not None, f"no form, but: {self}"
        return self.reply.form

    def __str__(self) -> str:
        return words(self.reply.card)

    def __contains__(self, text: str) -> bool:
        return text in str(self)

    async def press(self, label: str) -> Said:
        return await self.by.presses(label, self.card)


@dataclass
class Voice:
    """One person, on the stage's platform."""

    world: World
    id: PersonId
    room: str = ""

    async def says(self, text: str, room: str = "", delivery: str = "") -> Said:
        """Type a command; ``room`` is an incident's reference. Everything that follows runs."""
        group, _, rest = text.removeprefix("/").partition(" ")
        usual = "" if rest.startswith("declare") else self.room
        invocation = await self.world.invocation(self.id, rest, room or usual, delivery)
        invocation = replace(invocation, group="oncall" if group == "oncall" else "incident")
        return await self.world.deliver(self, invocation)

    async def presses(self, label: str, card: Card, room: str = "", delivery: str = "") -> Said:
        found = [button for button in buttons(card) if button.label == label]
        assert found, f"no button {label!r} among {[b.label for b in buttons(card)]}"
        invocation = await self.world.invocation(
            self.id, found[0].command, room or self.room, delivery
        )
        return await self.world.deliver(self, replace(invocation, kind=Delivery.PRESS))

    async def fills(self, form: Form, room: str = "", **values: str) -> Said:
        unknown = set(values) - {question.name for question in form.inputs}
        assert not unknown, f"the form has no {unknown}"
        answers = {i.name: values.get(i.name, i.value) for i in form.inputs}
        invocation = await self.world.invocation(self.id, form.command, room or self.room, "")
        invocation = replace(invocation, kind=Delivery.SUBMIT, values=answers)
        return await self.world.deliver(self, invocation)

    async def writes(self, text: str, room: str = "") -> ConsoleMessage:
        """Say something that is not a command, in a war room."""
        return await self.world.written(self, text, room or self.room)

    async def reacts(self, meaning: str, message: ConsoleMessage) -> Said:
        """React to a message; ``meaning`` is capture, uncapture, totask or tofollowup."""
        invocation = await self.world.invocation(self.id, meaning, "", "")
        about = self.world.about(invocation, message, Delivery.REACTION)
        return await self.world.deliver(self, about)


@dataclass(frozen=True)
class Shown:
    """A room as it stands."""

    room: ConsoleRoom
    messages: tuple[ConsoleMessage, ...]

    @property
    def card(self) -> Card:
        """The pinned card."""
        pinned = [m.card for m in self.messages if m.pinned and m.card is not None]
        assert len(pinned) == 1, f"{len(pinned)} pinned cards in {self.room.name}"
        return pinned[0]

    @property
    def by_bot(self) -> list[Card]:
        return [m.card for m in self.messages if m.author == BOT.id and m.card is not None]

    def saying(self, text: str) -> list[Card]:
        """The bot's cards with that text, in order."""
        return [card for card in self.by_bot if text in words(card)]

    @property
    def last(self) -> Card:
        return self.by_bot[-1]

    def __contains__(self, text: str) -> bool:
        return any(text in words(m.card) or text in m.text for m in self.messages)


@dataclass
class World:
    clock: FakeClock
    memory: AnyMemory
    worker: Worker
    dispatcher: Dispatcher
    org: Organisation
    platforms: dict[str, ChatPlatform]
    later: list[tuple[PersonId, Reply]] = field(default_factory=list)
    _deliveries: count[int] = field(default_factory=lambda: count(1))

    def person(self, name: str, room: str = "") -> Voice:
        return Voice(self, PersonId(name), room)

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.memory.read(work)

    # --- what people do ---

    async def invocation(self, person: PersonId, text: str, room: str, delivery: str) -> Invocation:
        where = await self._room_id(room) if room else ""
        key = delivery or f"story-{next(self._deliveries)}"
        return Invocation("console", key, Speaker(person, person), text, where)

    async def deliver(self, voice: Voice, invocation: Invocation) -> Said:
        async def later(reply: Reply) -> None:
            self.later.append((voice.id, reply))

        reply = await self.dispatcher.handle(invocation, later)
        await self.settle()
        return Said(reply, voice)

    async def written(self, voice: Voice, text: str, room: str) -> ConsoleMessage:
        where = await self._room_id(room)
        message = await self.memory.write(lambda uow: uow.console.post(where, voice.id, text))
        invocation = await self.invocation(voice.id, "", room, "")
        await self.dispatcher.overheard(self.about(invocation, message, Delivery.SAID))
        return message

    @staticmethod
    def about(invocation: Invocation, message: ConsoleMessage, kind: Delivery) -> Invocation:
        return replace(
            invocation,
            kind=kind,
            room=message.room,
            source=MessageRef("console", message.room, message.id),
            quoted=message.text,
            quoted_by=message.author,
            quoted_at=message.at,
        )

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

    async def _room_id(self, reference: str) -> str:
        number = IncidentId(int(reference.removeprefix("INC-")))
        rooms = await self.memory.read(lambda uow: uow.rooms.of(number))
        found = [room.id for room in rooms if room.platform == "console"]
        assert found, f"{reference} has no room"
        return found[0]

    async def room(self, reference: str) -> Shown:
        await self.passes(seconds=3)
        return await self._shown(await self._room_id(reference))

    async def announcements(self) -> Shown:
        await self.passes(seconds=3)
        room = await self.memory.write(announcements)
        return await self._shown(room.id)

    async def direct(self, person: str) -> Shown:
        """What the bot told one person."""
        await self.passes(seconds=3)
        room = await self.memory.write(lambda uow: uow.console.direct(PersonId(person), BOT.id))
        return await self._shown(room.id)

    async def _shown(self, room: str) -> Shown:
        def read(uow: UnitOfWork) -> Shown:
            return Shown(uow.console.room(room), tuple(uow.console.history(room, 0, 100)))

        return await self.memory.read(read)

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
) -> AsyncIterator[World]:
    """A whole Tocsin without doors: real memory, real worker, a clock that the story moves."""
    clock = FakeClock()
    known = org or sample_org()
    database = url or f"sqlite+aiosqlite:///{folder}/tocsin.db"
    install = await migrate(database, "story")
    house = House(known, install, ("console", *(extra or {})), BASE)
    memory: AnyMemory
    if database.startswith("sqlite"):
        memory = SqliteMemory(database, clock, house)
    else:
        memory = PostgresMemory(database, clock, house, "story")
    await memory.start()
    platforms: dict[str, ChatPlatform] = {"console": ConsoleGateway(memory, BASE), **(extra or {})}
    worker = Worker(Desk(memory, clock, platforms, BASE), all_tasks(BASE, BASE), "story")
    dispatcher = Dispatcher(memory, clock, all_commands(), BASE)
    try:
        yield World(clock, memory, worker, dispatcher, known, platforms)
    finally:
        await memory.stop()
