"""What was erased, or became private, is neither shown by a plug-in afterwards nor kept for it; on both databases."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.chat.card import Block, text
from bot.core.incident import IncidentId, Visibility
from bot.core.people import SYSTEM, PersonId
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.slots import CARD
from bot.incidents.events import Declared, EntryWritten, MergedInto, StatusChanged, TookOver
from bot.plugins.api import Answer, Plugin, Snapshot, Verb
from bot.plugins.loading import Found
from storage import tables
from tests.databases import fresh_postgres, fresh_sqlite
from tests.process.bot_process import until
from tests.world import World, make_world

SECONDS = 10
ONE = IncidentId(1)


@dataclass
class Echo:
    """A plug-in that shows what it reads: the title and the notes. It comes back when ``go`` is set."""

    entered: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def card(self, snapshot: Snapshot) -> Sequence[Block]:
        assert snapshot.incident is not None
        notes = [entry.text for entry in snapshot.timeline if entry.kind == "note"]
        self.entered.set()
        self.go.wait(SECONDS)
        return [text(f"Echo {snapshot.incident.title}: {', '.join(notes)}")]

    def found(self) -> Found:
        return Found((Plugin("echo", hears=(Declared, EntryWritten), card=self.card),))


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return fresh_sqlite(tmp_path) if request.param == "sqlite" else fresh_postgres()


@pytest.fixture
def echo() -> Echo:
    made = Echo()
    made.go.set()
    return made


@pytest.fixture
async def world(tmp_path: Path, url: str, echo: Echo) -> AsyncIterator[World]:
    """Bo has declared; the plug-in shows something of it."""
    async with make_world(tmp_path, url=url, plugins=echo.found) as made:
        await made.person("bo").says("/incident declare checkout is down")
        assert "Echo checkout" in await shown(made)
        yield made


async def shown(world: World) -> str:
    """What plug-ins have on the card."""
    return await world.read(
        lambda uow: repr(uow.fill(CARD, uow.incidents.get(ONE, SYSTEM), SYSTEM))
    )


async def held(world: World, echo: Echo) -> asyncio.Future[None]:
    """Bo notes something; the plug-in has read it, and has not come back."""
    echo.go.clear()
    echo.entered.clear()
    await says(world, "bo", '/incident note "hunter2"')
    running = asyncio.ensure_future(world.settle())
    await until(echo.entered.is_set, SECONDS, "the plug-in has read the note")
    return running


async def says(world: World, person: str, words: str) -> str:
    """As ``Voice.says``, without waiting for what follows."""
    room = await world.room_id("INC-1")
    # Names of their own: another world on the same database counts from one again.
    seen = await world.stage.command(PersonId(person), words, room, secrets.token_hex(8))
    for button in seen.buttons[:1]:
        seen = await world.stage.press(PersonId(person), button, seen, secrets.token_hex(8))
    return seen.text


async def redacted(world: World) -> None:
    entries = await world.read(lambda uow: uow.timeline.of(ONE, SYSTEM))
    number = next(n for n, entry in enumerate(entries, 1) if entry.text == "hunter2")
    assert "Erased" in await says(world, "ana", f"/incident redact {number}")


def kept(uow: UnitOfWork) -> str:
    rows = uow.key_values._c.execute(select(tables.kept.c.key, tables.kept.c.text))
    return repr(rows.all())


async def test_what_it_read_before_a_redaction_is_not_shown_after_it(
    world: World, echo: Echo
) -> None:
    running = await held(world, echo)
    await redacted(world)
    echo.go.set()
    await running
    await world.passes(minutes=1)
    assert "hunter2" not in await shown(world)
    assert "hunter2" not in await world.read(kept)
    assert "Echo checkout" in await shown(world), "it was asked anew"


async def test_what_it_read_while_all_could_is_not_shown_once_it_is_private(
    world: World, echo: Echo
) -> None:
    running = await held(world, echo)
    await says(world, "bo", "/incident private")
    assert (await world.incident("INC-1")).visibility is Visibility.PRIVATE
    echo.go.set()
    await running
    await world.passes(minutes=1)
    assert await shown(world) == "()"
    assert "Echo" not in await world.read(kept)
    assert not await world.read(lambda uow: uow.jobs.dead())


async def test_what_it_showed_is_forgotten_where_it_has_been_removed(
    world: World, tmp_path: Path, url: str, echo: Echo
) -> None:
    await world.person("bo", room="INC-1").says('/incident note "hunter2"')
    assert "hunter2" in await world.read(kept)
    async with make_world(tmp_path, url=url) as without:
        assert await shown(without) == "()"
        await redacted(without)
        assert "hunter2" not in await without.read(kept)
    async with make_world(tmp_path, url=url, plugins=echo.found) as again:
        assert "hunter2" not in await shown(again)


async def test_two_that_fill_one_card_at_once_both_stand_on_it(tmp_path: Path, url: str) -> None:
    both = threading.Barrier(2, timeout=SECONDS)

    def plugin(name: str) -> Plugin:
        def card(snapshot: Snapshot) -> Sequence[Block]:
            both.wait()
            return [text(f"of {name}")]

        return Plugin(name, hears=(Declared,), card=card)

    found = Found((plugin("one"), plugin("two")))
    async with make_world(tmp_path, url=url, plugins=lambda: found) as world:
        await world.person("bo").says("/incident declare checkout is down")
        await world.passes(seconds=5)
        card = (await world.room("INC-1")).card
        assert "of one" in card
        assert "of two" in card


# --- private from the beginning ---


async def test_one_that_may_know_of_private_incidents_acts_in_them_but_not_out_of_public_ones(
    tmp_path: Path, url: str
) -> None:
    def heard(snapshot: Snapshot) -> Answer:
        assert snapshot.incident is not None
        there = f'task INC-1 "out of {snapshot.incident.reference}"'
        return Answer([text("Told.")], "", ['task "Here"', there])

    plugin = Plugin("named", hears=(Declared,), heard=heard)
    async with make_world(tmp_path, url=url, plugins=lambda: Found((plugin,))) as world:
        bo = world.person("bo")
        await bo.says("/incident declare payroll leaked --private")
        org = replace(world.memory.installation.org, sections={"plugins": frozenset({"named"})})
        world.memory.installation = replace(world.memory.installation, org=org)
        await bo.says("/incident declare keys leaked --private")
        await bo.says("/incident declare checkout is down")
        tasks = [
            await world.read(lambda uow, n=n: [t.text for t in uow.tasks.of(IncidentId(n))])  # type: ignore[misc]
            for n in (1, 2, 3)
        ]
        assert tasks == [["out of INC-2"], ["Here"], ["Here"]]
        assert "Told." in (await world.room("INC-2")).by_bot[-1]


async def test_what_is_typed_in_a_private_room_is_not_for_a_plug_in(
    tmp_path: Path, url: str
) -> None:
    called = threading.Event()

    def asked(snapshot: Snapshot) -> Answer:
        called.set()
        return Answer([text("Hello.")])

    plugin = Plugin("nosy", verbs=(Verb("nose", "x", ("nose",), asked, in_room=False),))
    async with make_world(tmp_path, url=url, plugins=lambda: Found((plugin,))) as world:
        bo = world.person("bo")
        assert "Hello." in await bo.says("/incident nose")
        called.clear()
        await bo.says("/incident declare payroll leaked --private")
        assert "may not read private" in await bo.says("/incident nose payroll", room="INC-1")
        assert not called.is_set()


async def test_what_a_merge_hides_is_hidden_from_plug_ins(tmp_path: Path, url: str) -> None:
    seen: list[Snapshot] = []

    def heard(snapshot: Snapshot) -> Answer:
        seen.append(snapshot)
        return Answer()

    plugin = Plugin("nosy", hears=(StatusChanged, MergedInto, TookOver), heard=heard)
    async with make_world(tmp_path, url=url, plugins=lambda: Found((plugin,))) as world:
        bo = world.person("bo")
        await bo.says("/incident declare payroll leaked --private")
        await bo.says("/incident declare checkout is down")
        await bo.says("/incident merge INC-2 INC-1")
        (only,) = seen
        assert only.incident is not None
        assert (only.incident.id, only.incident.merged_into) == (2, None)
        assert not [e for e in only.timeline if {"into", "undo"} & set(e.data)]
        told = [row for row in only.events if row.name == "merged_into"]
        assert not told, "the event would name it, so it is left out"


# --- many at once ---


async def test_a_third_waits_for_its_turn(tmp_path: Path, url: str) -> None:
    go, entered = threading.Event(), []

    def asked(snapshot: Snapshot) -> Answer:
        entered.append(snapshot.actor)
        go.wait(SECONDS)
        return Answer([text("Hello.")], commands=['note INC-1 "asked"'])

    plugin = Plugin("slow", verbs=(Verb("slow", "x", ("slow",), asked, in_room=False),))
    async with make_world(tmp_path, url=url, plugins=lambda: Found((plugin,))) as world:
        await world.person("bo").says("/incident declare checkout is down")
        people = ("bo", "cy", "ana", "mia")
        asking = [asyncio.ensure_future(world.person(who).says("/incident slow")) for who in people]
        await until(lambda: len(entered) == 2, SECONDS, "two are asked at once")
        go.set()
        for said in await asyncio.gather(*asking):
            assert "Hello." in said
        notes = [e.author for e in await world.timeline("INC-1") if e.text == "asked"]
        assert sorted(map(str, notes)) == sorted(people), "each as whoever typed it"
