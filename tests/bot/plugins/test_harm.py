"""A plug-in that raises, waits or floods harms nobody else's command; doctor says what became of it."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.admin.process import PluginState
from bot.cli.verbs._examining import plugin_findings
from bot.core.chat.card import Block, text
from bot.core.chat.vocabulary import Admission, Invocation, Speaker
from bot.core.escalation import NoticeState
from bot.core.events.base import Event
from bot.core.incident import IncidentId
from bot.core.people import PersonId
from bot.core.ports.platforms import Level
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.events import Declared
from bot.incidents.events import EntryWritten as Written
from bot.plugins.api import Answer, Plugin, Snapshot, Verb
from bot.plugins.host import LIMIT
from bot.plugins.loading import Found, checked
from tests.process.bot_process import until
from tests.world import World, make_world

SECONDS = 10


@asynccontextmanager
async def beside(
    folder: Path,
    heard: Callable[[Snapshot], Answer] | None = None,
    *,
    hears: tuple[type[Event], ...] = (Declared,),
    asked: Callable[[Snapshot], Answer] | None = None,
    card: Callable[[Snapshot], Sequence[Block]] | None = None,
) -> AsyncIterator[World]:
    verbs = (
        () if asked is None else (Verb("bother", "Bothers.", ("bother",), asked, in_room=False),)
    )
    plugin = Plugin("bad", hears=hears, heard=heard, card=card, verbs=verbs)
    async with make_world(folder, plugins=lambda: Found((plugin,))) as world:
        yield world


def why(world: World) -> str:
    """Why the plug-in is switched off; empty while it is not."""
    (standing,) = world.extensions.standing()
    return standing[1]


def paged(number: int) -> Callable[[UnitOfWork], bool]:
    def read(uow: UnitOfWork) -> bool:
        pages = uow.pages.of(IncidentId(number))
        notices = [notice for page in pages for notice in uow.pages.notices(page.id)]
        return any(notice.state is NoticeState.SENT for notice in notices)

    return read


async def all_is_well(world: World, number: int) -> None:
    """Somebody else declares, is answered, and somebody is paged: and no time passes."""
    before = world.clock.now()
    said = await world.stage.command(
        PersonId("cy"), "/incident declare search is down sev1", "", world.delivery()
    )
    assert f"INC-{number}" in said.text
    draining = asyncio.ensure_future(world.settle())
    for _ in range(500):
        if await world.read(paged(number)):
            break
        await asyncio.sleep(0.01)  # noqa: TID251 - threads, which no clock of ours moves
    assert await world.read(paged(number)), "nobody was paged"
    assert world.clock.now() == before
    if not draining.done():
        world.clock.move_to(before + LIMIT)
    await draining


# --- raising ---


@pytest.mark.parametrize("error", [LookupError("x"), SystemExit(3), KeyboardInterrupt()])
async def test_one_that_raises_is_tried_again_and_given_up(
    tmp_path: Path, error: BaseException
) -> None:
    def heard(snapshot: Snapshot) -> Answer:
        raise error

    async with beside(tmp_path, heard) as world:
        await world.person("bo").says("/incident declare checkout is down sev1")
        await all_is_well(world, 2)
        await world.passes(minutes=10)
        assert why(world) == "", "a fault is no reason to stop hearing it"
        dead = await world.read(
            lambda uow: [d for d in uow.jobs.dead() if d.job.task == "plugin_hears"]
        )
        assert len(dead) == 2, "shown by tocsin jobs and doctor"
        assert "The plug-in bad failed" in dead[0].error


async def test_a_command_of_one_that_raises_says_so_calmly(tmp_path: Path) -> None:
    def asked(snapshot: Snapshot) -> Answer:
        raise LookupError("a secret")

    async with beside(tmp_path, asked=asked) as world:
        said = await world.person("bo").says("/incident bother")
        assert "The plug-in bad failed. Nothing was recorded" in said
        assert "secret" not in said
        await all_is_well(world, 1)


# --- waiting ---


async def test_one_that_waits_is_abandoned_and_switched_off(tmp_path: Path) -> None:
    entered, stuck = threading.Event(), threading.Event()

    def heard(snapshot: Snapshot) -> Answer:
        entered.set()
        stuck.wait(30)
        return Answer()

    async with beside(tmp_path, heard) as world:
        first = asyncio.ensure_future(world.person("bo").says("/incident declare one sev1"))
        await until(entered.is_set, SECONDS, "the plug-in is called")
        await all_is_well(world, 2)
        await first
        assert "did not answer within 2 seconds" in why(world)
        stuck.set()
        await all_is_well(world, 3)


async def test_a_command_of_one_that_waits_is_answered_all_the_same(tmp_path: Path) -> None:
    entered, stuck = threading.Event(), threading.Event()

    def asked(snapshot: Snapshot) -> Answer:
        entered.set()
        stuck.wait(30)
        return Answer(commands=['declare "of its own"'])

    async with beside(tmp_path, asked=asked) as world:
        first = asyncio.ensure_future(world.person("bo").says("/incident bother"))
        await until(entered.is_set, SECONDS, "the plug-in is called")
        await all_is_well(world, 1)
        world.clock.move_to(world.clock.now() + LIMIT)
        await first
        assert "did not answer" in why(world)
        assert "switched off" in await world.person("bo").says("/incident bother")
        stuck.set()
        assert "INC-2" in await world.person("bo").says("/incident declare two")


# --- flooding ---


def endless() -> Any:
    return (text(str(n)) for n in itertools.count())


FLOODS: dict[str, Callable[[Snapshot], Any]] = {
    "a thousand commands": lambda s: Answer(commands=['note "x"'] * 1000),
    "endless blocks": lambda s: Answer(endless()),
    "a book": lambda s: Answer([text("x" * 100_000)]),
    "no block": lambda s: Answer(["x"]),  # type: ignore[list-item]
    "no answer": lambda s: "x",
    "a long command": lambda s: Answer(commands=["note " + "x" * 10_000]),
}


@pytest.mark.parametrize("flood", FLOODS)
async def test_one_that_floods_is_switched_off_and_nothing_of_it_is_done(
    tmp_path: Path, flood: str
) -> None:
    async with beside(tmp_path, FLOODS[flood]) as world:
        await world.person("bo").says("/incident declare checkout is down sev1")
        assert why(world), flood
        entries = await world.timeline("INC-1")
        assert not [e for e in entries if e.platform == "plugin"]
        await all_is_well(world, 2)


async def test_a_card_that_floods_does_not_reach_the_card(tmp_path: Path) -> None:
    async with beside(tmp_path, card=lambda s: endless()) as world:
        await world.person("bo").says("/incident declare checkout is down sev1")
        assert "more than 10 blocks" in why(world)
        assert "Lead" in (await world.room("INC-1")).card


async def test_one_that_hears_what_it_causes_comes_to_an_end(tmp_path: Path) -> None:
    def heard(snapshot: Snapshot) -> Answer:
        return Answer(commands=['note "again"'])

    async with beside(tmp_path, heard, hears=(Declared, Written)) as world:
        await world.person("bo").says("/incident declare checkout is down sev1")
        notes = [e for e in await world.timeline("INC-1") if e.text == "again"]
        assert len(notes) == 8, "as deep as acts follow from acts"
        await all_is_well(world, 2)


async def test_one_that_asks_for_too_much_within_a_minute_is_switched_off(tmp_path: Path) -> None:
    def heard(snapshot: Snapshot) -> Answer:
        return Answer(commands=[f'note "{n}"' for n in range(10)])

    async with beside(tmp_path, heard, hears=(Declared, Written)) as world:
        await world.person("bo").says("/incident declare checkout is down sev1")
        assert "more than 60 commands within a minute" in why(world)
        notes = [e for e in await world.timeline("INC-1") if e.platform == "plugin"]
        assert len(notes) <= 60
        await all_is_well(world, 2)


# --- what it may do ---


async def test_what_it_may_not_do_is_left_out_and_the_rest_is_done(tmp_path: Path) -> None:
    def heard(snapshot: Snapshot) -> Answer:
        return Answer(commands=["close", "zzz", 'note "well"', "list", 'note INC-7 "there"'])

    async with beside(tmp_path, heard) as world:
        await world.person("bo").says("/incident declare checkout is down sev1")
        done = [e.text for e in await world.timeline("INC-1") if e.platform == "plugin"]
        assert done == ["well"]
        assert why(world) == ""


async def test_a_command_that_comes_twice_is_done_once_and_answered_twice(tmp_path: Path) -> None:
    def asked(snapshot: Snapshot) -> Answer:
        return Answer([text("Noted.")], "Bother", ['note INC-1 "once"'])

    async with beside(tmp_path, asked=asked) as world:
        bo = world.person("bo")
        await bo.says("/incident declare checkout is down sev1")
        for _ in range(2):
            assert "Noted." in await bo.says("/incident bother", delivery="same")
        notes = [e for e in await world.timeline("INC-1") if e.text == "once"]
        assert [note.author for note in notes] == ["bo"], "with the rights of who typed it"


async def test_a_guest_does_not_reach_a_plug_in(tmp_path: Path) -> None:
    called = threading.Event()

    def asked(snapshot: Snapshot) -> Answer:
        called.set()
        return Answer([text("Hello.")])

    async with beside(tmp_path, asked=asked) as world:

        async def later(reply: object) -> None:
            return None

        guest = Invocation(
            "console", "g1", Speaker("guest", "Guest", admission=Admission.REFUSED), "bother"
        )
        reply = await world.dispatcher.handle(guest, later)
        assert reply.refused
        assert not called.is_set()


# --- what is found ---


def test_one_that_cannot_be_used_is_left_out_with_its_reason() -> None:
    def verb(name: str) -> Verb:
        return Verb(name, "x", (name,), lambda s: Answer())

    good = Plugin("good", verbs=(verb("fine"),))
    found = checked(
        [
            ("good", good),
            ("twice", Plugin("good")),
            ("word", Plugin("word", verbs=(verb("declare"),))),
            ("taken", Plugin("taken", verbs=(verb("fine"),))),
            ("name", Plugin("No Name")),
            ("other", 7),
            ("broken", "it cannot be loaded: ImportError"),
        ],
        taken=("declare",),
    )
    assert found.plugins == (good,)
    assert set(found.refused) == {"twice", "word", "taken", "name", "other", "broken"}
    assert "declare is there already" in found.refused["word"]


def test_doctor_says_which_are_at_work_and_why_others_are_not() -> None:
    states = PluginState(name="good", off=""), PluginState(name="bad", off="it floods")
    found = [*plugin_findings(states)]
    assert [f.level for f in found] == [Level.FINE, Level.WARNING]
    assert found[1].says == "bad is switched off: it floods."
    assert "restart" in found[1].fix
