"""Plug-ins whose authors made a mistake: what comes of it is told to them, and to nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.core.chat.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Field,
    Fields,
    Link,
    Plain,
    Quote,
    Text,
    When,
    text,
)
from bot.core.chat.vocabulary import Invocation, Reply, Speaker
from bot.core.incident import IncidentId
from bot.core.people import SYSTEM
from bot.core.ports.jobs import Unavailable
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from bot.incidents.events import Declared
from bot.plugins import verbs
from bot.plugins.api import Answer, Plugin, Snapshot, Verb
from bot.plugins.bounds import CARD, InvalidAnswer, blocks, bounded
from bot.plugins.loading import Found, checked
from bot.wiring.packages import LISTENERS
from tests.world import BASE, World, make_world

T = Any
START = datetime(2026, 1, 6, 9, 0)  # noqa: DTZ001 - that is the mistake


def answers(snapshot: Snapshot) -> Answer:
    return Answer([text("Hello.")])


def verb(name: Any = "bother", run: Any = answers, **fields: Any) -> Verb:
    about = {"help": "Bothers.", "examples": ("bother",), "in_room": False}
    return Verb(name=name, run=run, **{**about, **fields})


def only(**parts: Any) -> Callable[[], Found]:
    plugin = Plugin("bad", **parts)
    return lambda: Found((plugin,))


# --- of the wrong shape ---


SHAPES: dict[str, Plugin] = {
    "hears names": Plugin("bad", hears=("declared",)),  # type: ignore[arg-type]
    "hears one": Plugin("bad", hears=Declared),  # type: ignore[arg-type]
    "hears no event": Plugin("bad", hears=(int,)),  # type: ignore[arg-type]
    "heard is text": Plugin("bad", hears=(Declared,), heard="x"),  # type: ignore[arg-type]
    "card is text": Plugin("bad", hears=(Declared,), card="x"),  # type: ignore[arg-type]
    "verbs is one": Plugin("bad", verbs=verb()),  # type: ignore[arg-type]
    "no verb": Plugin("bad", verbs=("bother",)),  # type: ignore[arg-type]
    "two words": Plugin("bad", verbs=(verb("run book"),)),
    "capitals": Plugin("bad", verbs=(verb("Bother"),)),
    "a severity": Plugin("bad", verbs=(verb("sev1"),)),
    "a number": Plugin("bad", verbs=(verb(7),)),
    "no function": Plugin("bad", verbs=(verb(run=None),)),
    "no help": Plugin("bad", verbs=(verb(help=""),)),
    "no examples": Plugin("bad", verbs=(verb(examples=()),)),
    "one example": Plugin("bad", verbs=(verb(examples="bother"),)),
    "no name": Plugin(7),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("shape", SHAPES)
async def test_one_of_a_wrong_shape_is_left_out_and_tocsin_starts(
    tmp_path: Path, shape: str
) -> None:
    found = checked([("bad", SHAPES[shape])])
    assert set(found.refused) == {"bad"}
    async with make_world(tmp_path, plugins=lambda: found) as world:
        assert "INC-1" in await world.person("bo").says("/incident declare checkout is down")


# --- what cannot be drawn ---


JUNK: dict[str, Any] = {
    "a text for a line": Text("x"),  # type: ignore[arg-type]
    "a number for a span": Text((5,)),  # type: ignore[arg-type]
    "nothing for a line": Text(None),  # type: ignore[arg-type]
    "nothing for a text": Text((Plain(None),)),  # type: ignore[arg-type]
    "a text for an instant": Text((When("x"),)),  # type: ignore[arg-type]
    "an instant of no zone": Text((When(START),)),
    "a script": Text((Link("x", "javascript:alert(1)"),)),
    "a script on a button": Buttons((Button("x", url="javascript:alert(1)"),)),
    "a long command": Buttons((Button("x", "note " + "y" * 1_500),)),
    "too many parts": Buttons(tuple(Button("", "") for _ in range(500))),
    "a class": Text,
    "a number": 5,
}


@pytest.mark.parametrize("junk", JUNK)
async def test_what_could_not_be_drawn_reaches_no_card(tmp_path: Path, junk: str) -> None:
    def card(snapshot: Snapshot) -> Sequence[Block]:
        return [JUNK[junk]]

    async with make_world(tmp_path, plugins=only(hears=(Declared,), card=card)) as world:
        bo = world.person("bo", room="INC-1")
        await bo.says("/incident declare checkout is down sev1")
        await bo.says("/incident sev 2")
        assert "SEV2" in (await world.room("INC-1")).card
        await world.passes(minutes=10)
        assert not await world.read(lambda uow: uow.jobs.dead())
        assert world.extensions.standing()[0][1], "and its operator is told"


@pytest.mark.parametrize("endless", ["blocks", "items"])
def test_what_never_ends_is_not_read_to_its_end(endless: str) -> None:
    def lines() -> Any:
        while True:
            yield (Plain(""),)

    with pytest.raises(InvalidAnswer):
        blocks((Text(each) for each in lines()) if endless == "blocks" else [Bullets(lines())])


def test_lists_and_what_is_read_once_are_as_good_as_tuples() -> None:
    made = blocks(Bullets([Plain("x")] for _ in range(2)) for _ in range(1))  # type: ignore[arg-type]
    assert made == (Bullets(((Plain("x"),), (Plain("x"),))),)
    answer = bounded(Answer([text("x")], "two\nlines", ["note x"]))
    assert (answer.title, answer.commands) == ("two lines", ("note x",))


LARGEST: dict[str, list[Block]] = {
    "one text": [text("x" * CARD)],
    "ten texts": [text("x" * (CARD // 10)) for _ in range(10)],
    "a quote": [Quote("x\n" * (CARD // 2))],
    "fields": [Fields(tuple(Field("x", (Plain("y"),)) for _ in range(50)))],
    "buttons": [Buttons(tuple(Button("x" * 60, "list") for _ in range(40)))],
    "a link": [Text((Link("x", "https://wiki.example/" + "y" * (CARD - 30)),))],
    "a label": [Buttons((Button("x" * 1_900, "note " + "y" * 990),))],
    "nothing": [text(""), Text(()), Fields(()), Bullets(()), Buttons(())],
}


@pytest.mark.stage("console", "slack", "discord")
@pytest.mark.parametrize("largest", LARGEST)
async def test_the_largest_that_is_allowed_is_drawn_everywhere(
    tmp_path: Path, on_stage: str, largest: str
) -> None:
    found = LARGEST[largest]
    parts = {"card": lambda s: found, "heard": lambda s: Answer(found)}
    asks = verb(run=lambda s: Answer(found))
    plugins = only(hears=(Declared,), verbs=(asks,), **parts)
    async with make_world(tmp_path, on=on_stage, plugins=plugins) as world:
        bo = world.person("bo", room="INC-1")
        await bo.says("/incident declare checkout is down sev1")
        await bo.says("/incident sev 2")
        assert "SEV2" in (await world.room("INC-1")).card
        await bo.says("/incident bother")
        await world.passes(minutes=10)
        assert not await world.read(lambda uow: uow.jobs.dead())
        assert world.extensions.standing() == [("bad", "")]


# --- commands ---


@pytest.mark.parametrize("commands", [[5], [None], None, 7, 'note "x"', [b"note x"]], ids=str)
async def test_what_is_no_list_of_texts_is_answered_calmly(tmp_path: Path, commands: Any) -> None:
    asks = verb(run=lambda s: Answer(commands=commands))
    async with make_world(tmp_path, plugins=only(verbs=(asks,))) as world:
        assert "Nothing was recorded" in await world.person("bo").says("/incident bother")


async def told(world: World, call: Invocation, dispatcher: Any = None) -> Reply:
    async def later(reply: Reply) -> None:
        return None

    reply: Reply = await (dispatcher or world.dispatcher).handle(call, later)
    return reply


async def test_whoever_says_their_first_word_to_a_plug_in_is_remembered(tmp_path: Path) -> None:
    asks = verb(run=lambda s: Answer(commands=['declare "of mine"']))
    async with make_world(tmp_path, plugins=only(verbs=(asks,))) as world:
        await told(world, Invocation("slack", "d1", Speaker("U9", "Newcomer"), "bother"))
        reporter = (await world.incident("INC-1")).reporter
        assert await world.read(lambda uow: uow.people.name(reporter)) == "Newcomer"


async def test_a_fault_of_ours_in_its_command_is_answered_as_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*about: object) -> list[str]:
        raise ZeroDivisionError

    monkeypatch.setattr(verbs, "carry_out", broken)
    asks = verb(run=lambda s: Answer(commands=["list"]))
    async with make_world(tmp_path, plugins=only(verbs=(asks,))) as world:
        reply = await told(world, Invocation("console", "d1", Speaker("bo", "Bo"), "bother"))
        assert reply.card is not None
        assert "bad" not in reply.card.title


@dataclass(frozen=True)
class _Full:
    """Memory that can be read and not written."""

    inner: Memory

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        raise Unavailable("The disk is full.")


async def test_a_full_disk_is_no_fault_of_the_plug_ins(tmp_path: Path) -> None:
    asks = verb(run=lambda s: Answer(commands=['declare "x"'] * 10))
    async with make_world(tmp_path, plugins=only(verbs=(asks,))) as world:
        answering = world.extensions.verbs(_Full(world.memory))
        dispatcher = type(world.dispatcher)(
            world.memory, world.clock, world.extensions.table, BASE, LISTENERS, answering
        )
        call = Invocation("console", "d1", Speaker("bo", "Bo"), "bother")
        asking = asyncio.ensure_future(told(world, call, dispatcher))
        while not asking.done():
            world.clock.passes(seconds=0.5)
            await asyncio.sleep(0.01)  # noqa: TID251 - threads, which no clock of ours moves
        assert world.extensions.standing() == [("bad", "")]
        assert not await world.read(lambda uow: uow.incidents.open_heads(SYSTEM, 5))


# --- removed ---


async def test_what_one_was_to_hear_that_has_been_removed_ends_quietly(tmp_path: Path) -> None:
    def heard(snapshot: Snapshot) -> Answer:
        raise LookupError

    async with make_world(tmp_path, plugins=only(hears=(Declared,), heard=heard)) as world:
        await world.person("bo").says("/incident declare checkout is down")
        await world.passes(minutes=10)
        (dead,) = await world.read(lambda uow: uow.jobs.dead())
        assert dead.job.incident == IncidentId(1), "tocsin jobs says of which incident"
        await world.memory.write(lambda uow: uow.jobs.replay([dead.job.id]))
    async with make_world(tmp_path) as world:
        await world.passes(minutes=10)
        assert not await world.read(lambda uow: uow.jobs.dead())
