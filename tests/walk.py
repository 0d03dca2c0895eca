"""A walk through every verb on a full world, watched from both sides: which rows changed, and which events were recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine, select

from bot.core.bus import Bus, Package, on
from bot.core.chat.vocabulary import Filed, Group, Renamed
from bot.core.events.base import Event, name_of
from bot.core.incident import IncidentId
from bot.core.ports.unit_of_work import UnitOfWork
from bot.language.table import all_commands
from bot.retention.service import Retention, tidy
from bot.warrooms import plans, rooms
from bot.warrooms import platforms as news
from bot.wiring.packages import EVENTS, PACKAGES
from storage import tables
from tests.organisations import steady
from tests.walk_tables import COLUMNS, FORGOTTEN, NO_STORY, TOLD_BY
from tests.world import World, make_world

T = TypeVar("T")
# What is pressed where a command is asked about first.
SURE = ("Join and continue", "Cancel it anyway", "Make it private", "Announce it", "Announce")
Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]


@dataclass
class Step:
    """One thing that somebody did or that came due: what changed, and what was recorded."""

    told: str
    before: Rows
    after: Rows
    events: list[tuple[str, Event]]

    @property
    def names(self) -> set[str]:
        """Of all events of the step."""
        return {name_of(type(event)) for _, event in self.events}

    def changed(self) -> Iterator[tuple[str, tuple[Any, ...], set[str]]]:
        """Each row that is new, gone or otherwise: its table, its key, and the columns."""
        for table, rows in self.after.items():
            was = self.before[table]
            for key in rows.keys() | was.keys():
                old, new = was.get(key, {}), rows.get(key, {})
                columns = {c for c in old.keys() | new.keys() if old.get(c) != new.get(c)}
                if columns:
                    yield table, key, columns

    def complaints(self) -> Iterator[str]:
        """Rows that changed without an event that says so."""
        for table, key, columns in self.changed():
            if table == "incidents":
                yield from self._untold(key, columns)
            elif table not in NO_STORY and not (TOLD_BY[table] | FORGOTTEN) & self.names:
                yield f"{self.told}: {table} {key} changed ({sorted(columns)}), {self.names}"

    def _untold(self, key: tuple[Any, ...], columns: set[str]) -> Iterator[str]:
        if key not in self.before["incidents"] and "declared" in self.names:
            return
        for column in columns - {"revision"}:
            if not (COLUMNS.get(column, FORGOTTEN) | FORGOTTEN) & self.names:
                yield f"{self.told}: INC-{key[0]}.{column} changed, {self.names}"


@dataclass
class Walker:
    """The world, and what has been seen of it so far."""

    world: World
    path: Path
    heard: list[tuple[str, Event]]
    steps: list[Step] = field(default_factory=list)
    verbs: set[tuple[str, str]] = field(default_factory=set)
    answers: list[tuple[str, str]] = field(default_factory=list)

    async def says(self, who: str, text: str, room: str = "INC-1") -> str:
        """Type a command; a question back is answered by its first button."""
        group, _, rest = text.partition(" ")
        meant = all_commands().first(rest, Group(group.removeprefix("/")))
        assert meant is not None, text
        self.verbs.add((meant.group.value, meant.name))
        async with self.step(f"{who}: {text}"):
            said = await self.world.person(who).says(text, room=room)
            sure = [b.label for b in said.seen.buttons if b.label in SURE]
            if sure:
                said = await said.press(sure[0])
            self.answers.append((text, str(said)))
        return str(said)

    async def reacts(self, who: str, meaning: str, text: str) -> None:
        """Write a message in the room, react to it, take the reaction back."""
        message = await self.world.person(who).writes(text, room="INC-1")
        for each in (meaning, f"un{meaning}"):
            self.verbs.add(("incident", each))
            async with self.step(f"{who} reacts {each}"):
                await self.world.person(who).reacts(each, message)

    async def waits(self, **length: float) -> None:
        """Time passes; what came due is a step."""
        async with self.step(f"{length} pass"):
            await self.world.passes(**length)

    async def does(self, told: str, work: Callable[[UnitOfWork], T]) -> T:
        """Something that comes by no command: one transaction, and what follows."""
        async with self.step(told):
            result = await self.world.memory.write(work)
            await self.world.settle()
        return result

    @asynccontextmanager
    async def step(self, told: str) -> AsyncIterator[None]:
        before = rows(self.path)
        self.heard.clear()
        yield
        self.steps.append(Step(told, before, rows(self.path), list(self.heard)))


def rows(path: Path) -> Rows:
    """Every row of every table, by its key."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        found: Rows = {}
        for table in tables.metadata.sorted_tables:
            keys = [column.name for column in table.primary_key]
            all_of = connection.execute(select(table)).mappings()
            found[table.name] = {tuple(row[k] for k in keys): dict(row) for row in all_of}
    engine.dispose()
    return found


class _Undone(Exception):
    """A transaction that was rolled back, to be done again."""


@asynccontextmanager
async def walking(folder: Path, *, twice: bool = False) -> AsyncIterator[Walker]:
    """A world whose events are watched. ``twice``: each transaction is rolled back and done again, as after a failed group."""
    heard: list[tuple[str, Event]] = []

    def note(uow: UnitOfWork, event: Event) -> None:
        heard.append((uow.act, event))

    async with make_world(folder, steady()) as world:
        watching = Package("watching", (on(*EVENTS, run=note),))
        bus = Bus((*PACKAGES, watching))
        world.memory.installation = replace(world.memory.installation, bus=bus)
        with _doubled(world, heard) if twice else nullcontext():
            yield Walker(world, folder / "tocsin.db", heard)


@contextmanager
def _doubled(world: World, heard: list[tuple[str, Event]]) -> Iterator[None]:
    once = world.memory.write

    async def write(work: Callable[[UnitOfWork], T]) -> T:
        def undone(uow: UnitOfWork) -> None:
            work(uow)
            raise _Undone

        kept = len(heard)
        try:
            await once(undone)
        except _Undone:
            del heard[kept:]
        return await once(work)

    world.memory.write = write  # type: ignore[method-assign]
    try:
        yield
    finally:
        world.memory.write = once  # type: ignore[method-assign]


async def walk(walker: Walker) -> None:
    """Every verb that writes, at least once where it does something, and what comes due by itself."""
    await _declared_and_worked_on(walker)
    await _paged(walker)
    await _ended_and_back(walker)
    await _on_call(walker)
    await _reported_by_platforms(walker)
    await _over(walker)


async def _declared_and_worked_on(w: Walker) -> None:
    await w.says("bo", "/incident declare checkout is down #checkout", "")
    await w.waits(minutes=6)
    for text in (
        "sev 2", "lead @bo", "role communications @cy", "handoff scribe @mia", "status identified",
        'update monitoring sev1 "Errors are back to normal" next 20m', 'update "x" sev3', "undo",
        'title "Card payments fail"', 'summary "The disk is full"', 'impact "Nobody pays"',
        "services #database", "major", 'note "CPU went up"', 'decision "Roll back"',
        'link https://grafana.example/d/42 "Errors"', "undo", 'task "Fail over" @cy 30m', "done 1",
        "undo", 'task "One more"', "undo", 'followup "Alert earlier" @bo', "heartbeat",
        "snooze update", "subscribe", "unsubscribe", "subscribe", "invite @ana", 'pause "Vendor"',
        "resume", 'pause "Again"', "status identified", "leave", "join", "publish --now", "repair",
    ):  # fmt: skip
        await w.says("bo", f"/incident {text}")
    await w.says("cy", "/incident subscribe")
    await w.says("bo", '/incident update "Still on it" next 3m')
    await w.waits(minutes=5)
    await w.reacts("bo", "capture", "the queue is full")
    await w.reacts("bo", "totask", "look at the queue")
    await w.reacts("bo", "tofollowup", "an alert for the queue")
    message = await w.world.person("cy").writes("as I said", room="INC-1")
    await w.world.person("bo").reacts("capture", message)
    async with w.step("the message is edited"):
        await w.world.person("cy").edits(message, "as I meant")
    await w.says("bo", "/incident time investigating at 11:50")


async def _paged(w: Walker) -> None:
    for who, text in (
        ("bo", "/incident ack"), ("bo", "/incident ack 1"), ("bo", "/incident page person:cy"),
        ("cy", "/oncall snooze 5m"),
    ):  # fmt: skip
        await w.says(who, text)
    await w.waits(minutes=6)
    for who, text in (
        ("cy", "/oncall reassign person:ana"), ("bo", "/incident escalate"), ("bo", "/incident unpage"),
        ("bo", "/incident page person:mia"), ("mia", "/oncall ack"),
        ("bo", "/incident page person:cy"),
    ):  # fmt: skip
        await w.says(who, text)
    await w.waits(hours=26)


async def _ended_and_back(w: Walker) -> None:
    for text in ("resolved", "reopen", "cancel", "undo", "resolved", "undo", "cancel", "reopen"):
        await w.says("bo", f"/incident {text}")
    await w.says("bo", "/incident declare also checkout #checkout --triage", "")
    await w.says("bo", "/incident accept INC-2", "")
    await w.says("bo", "/incident publish INC-2 --now", "")
    await w.says("bo", "/incident merge INC-2 INC-1", "")
    await w.says("bo", "/incident undo INC-2", "")
    await w.says("bo", "/incident merge INC-2 INC-1", "")
    await w.says("bo", "/incident declare somebody coughed --triage", "")
    await w.says("bo", '/incident decline INC-3 "Nothing"', "")
    await w.says("bo", "/incident declare payroll leaked #checkout", "")
    await w.says("bo", "/incident private INC-4", "")
    await w.says("bo", "/incident leave INC-4", "")
    await w.says("bo", "/incident resolved")
    await w.says("bo", "/incident confirm")
    await w.says("bo", "/incident postmortem done")
    await w.says("bo", "/incident debrief fri 14:00")
    await w.says("bo", "/incident close")
    await w.says("ana", "/incident redact 1")


async def _on_call(w: Walker) -> None:
    name = next(iter(w.world.org.schedules))
    await w.says("ana", f"/oncall override @cy 2h {name}", "")
    await w.says("ana", "/oncall undo 1", "")
    await w.says("bo", f"/oncall cover 2h {name}", "")
    await w.says("ana", "/oncall take 1", "")
    await w.says("bo", "/oncall withdraw 1", "")
    await w.says("ana", f"/oncall join @mia {name}", "")
    await w.says("ana", f"/oncall leave @mia {name}", "")
    await w.says("bo", "/oncall feed", "")
    await w.says("bo", "/oncall feed --revoke", "")
    await w.says("bo", "/oncall test", "")
    await w.says("ana", "/oncall ack", "")
    hours = "tomorrow 22:00-23:00"
    await w.says("ana", f'/incident maintenance "Upgrade" #checkout {hours}', "")
    for text in ("start 1", "extend 1 30m", "end 1"):
        await w.says("ana", f"/incident maintenance {text}", "")
    await w.says("ana", f'/incident maintenance "Another" #checkout {hours}', "")
    await w.says("ana", "/incident maintenance cancel 2", "")
    await w.says("bo", "/incident login", "")
    await w.says("bo", "/incident identity", "")
    await w.waits(hours=1)


async def _reported_by_platforms(w: Walker) -> None:
    await w.says("bo", "/incident declare rooms come and go", "")
    number = IncidentId(5)
    room = await w.world.room_id("INC-5")
    await w.does("renamed", lambda u: news.heard(u, Renamed("console", room, "inc-5-other")))
    await w.does("deleted", lambda u: rooms.deleted(u, number, "console", "card"))
    await w.does("left out", lambda u: plans.left_out(u, number, "console", ["nobody"]))
    await w.does("gone", lambda u: rooms.gone(u, number, "console", room, "was archived"))
    room = await w.world.room_id("INC-5")
    await w.does("filed", lambda u: news.heard(u, Filed("console", room, "https://x.example/f")))


async def _over(w: Walker) -> None:
    await w.says("bo", "/incident cancel INC-5", "")
    await w.says("bo", "/incident drill checkout", "")
    w.world.clock.move_to(w.world.clock.now() + timedelta(days=40))
    await w.does("forgotten", lambda u: tidy(u, Retention(incidents=timedelta(days=30))))
