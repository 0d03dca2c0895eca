"""The bus: first in, first out, in the packages' order; one act; nothing undeclared, no circle, no handler called by a verb."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.bus import DEEPEST, TELL, After, Bus, Handler, Package, Undeclared, edges, on
from bot.core.events.base import Event
from bot.core.incident import IncidentId
from bot.core.people import BOT, SYSTEM, Actor, PersonId
from bot.core.ports.occurrences import Cause, Occurrence
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.severity import Severity
from bot.incidents.events import Declared, SeverityChanged
from bot.incidents.lifecycle.service import Declare, declare, set_severity
from bot.wiring.packages import BUS
from storage import tables
from tests.world import World

_ACTS = select(tables.events.c.act).distinct().order_by(tables.events.c.act)
_JOBS = select(tables.jobs.c.id).where(tables.jobs.c.task == TELL)
CORE = Path(__file__).resolve().parents[3] / "bot"


@dataclass(frozen=True, slots=True)
class First(Event):
    """Something."""


@dataclass(frozen=True, slots=True)
class Second(Event):
    """Something that follows from it."""


@dataclass(frozen=True, slots=True)
class Third(Event):
    """Something else."""


def noted(seen: list[str], name: str) -> Callable[[UnitOfWork, Any], None]:
    def run(uow: UnitOfWork, event: Event) -> None:
        seen.append(f"{name}:{type(event).__name__}")

    return run


def hears(world: World, *handlers: Handler, after: tuple[After, ...] = ()) -> None:
    """The world's bus is these handlers alone."""
    half = len(handlers) // 2
    packages = (Package("one", handlers[:half]), Package("two", handlers[half:]))
    world.memory.installation = replace(world.memory.installation, bus=Bus(packages, after))


def at(uow: UnitOfWork) -> tuple[datetime, Actor]:
    return uow.now, BOT


# --- order ---


async def test_events_come_in_turn_and_packages_in_their_order(world: World) -> None:
    seen: list[str] = []

    def first(uow: UnitOfWork, event: First) -> None:
        seen.append("a:First")
        uow.happened(Second(*at(uow)))
        seen.append("a:First done")

    hears(
        world,
        on(First, run=first, records=(Second,)), on(First, Second, run=noted(seen, "b")),
        on(First, Third, run=noted(seen, "c")), on(Second, run=noted(seen, "d")),
    )  # fmt: skip
    await world.memory.write(lambda uow: uow.happened(First(*at(uow)), Third(*at(uow))))
    assert seen == [
        "a:First", "a:First done", "b:First", "c:First", "c:Third", "b:Second", "d:Second",
    ]  # fmt: skip


async def test_what_a_handler_records_undeclared_undoes_the_verb(world: World) -> None:
    hears(world, on(First, run=lambda uow, _: uow.happened(Second(*at(uow)))))
    with pytest.raises(Undeclared, match="records second undeclared"):
        await world.memory.write(lambda uow: uow.happened(First(*at(uow))))


async def test_a_fault_of_a_handler_is_a_fault_of_the_verb(world: World) -> None:
    def broken(uow: UnitOfWork, event: Declared) -> None:
        raise LookupError("broken")

    hears(world, on(Declared, run=broken))
    bo = Actor(PersonId("bo"), "Bo", "console")
    with pytest.raises(LookupError):
        await world.memory.write(lambda uow: declare(uow, bo, Declare("checkout is down")))
    assert await world.read(lambda uow: uow.incidents.open_heads(SYSTEM, 5)) == []


def test_who_hears_what_has_no_circle() -> None:
    following: dict[str, set[str]] = {}
    for heard, _, recorded in edges(BUS):
        following.setdefault(heard, set()).add(recorded)

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way, name))
        for each in following.get(name, ()):
            walk(each, (*way, name))

    for name in following:
        walk(name, ())


def test_the_graph_is_not_empty_and_a_circle_would_be_seen() -> None:
    found = {(heard, recorded) for heard, _, recorded in edges(BUS)}
    assert ("status_changed", "page_ended") in found
    circle = Bus((Package("x", (on(First, run=print, records=(First,)),)),))
    assert list(edges(circle)) == [("first", "builtins.print", "first")]


# --- acts ---


async def test_all_of_a_transaction_is_one_act_and_a_timer_has_its_own(world: World) -> None:
    acts: list[str] = []
    hears(world, on(First, run=lambda uow, _: acts.append(uow.act)))

    def both(uow: UnitOfWork) -> None:
        uow.happened(First(*at(uow)))
        uow.happened(First(*at(uow)))
        with uow.acting():
            uow.happened(First(*at(uow)))
        uow.happened(First(*at(uow)))

    await world.memory.write(both)
    assert len(acts) == 4
    assert acts[0] == acts[1] == acts[3] != acts[2]
    await world.memory.write(both)
    assert acts[4] != acts[0], "the next command is another act"


# --- what is heard afterwards ---


async def stored(world: World) -> tuple[list[list[Occurrence]], int]:
    """What is stored, act by act, and how many jobs are to tell of it."""

    def read(uow: UnitOfWork) -> tuple[list[list[Occurrence]], int]:
        rows = uow.occurrences
        acts = rows._c.execute(_ACTS).scalars().all()
        jobs = rows._c.execute(_JOBS).scalars().all()
        return [rows.of(act) for act in acts], len(jobs)

    return await world.read(read)


async def test_where_nobody_listens_nothing_is_stored(world: World) -> None:
    await world.person("bo").says("/incident declare checkout is down sev1")
    assert await stored(world) == ([], 0)


async def test_an_act_is_stored_once_and_told_by_one_job(world: World) -> None:
    heard = frozenset({Declared, SeverityChanged})
    bus = replace(BUS, after=(After("search", heard), After("numbers", heard)))
    world.memory.installation = replace(world.memory.installation, bus=bus)
    bo = Actor(PersonId("bo"), "Bo", "console")

    def verbs(uow: UnitOfWork) -> None:
        made = declare(uow, bo, Declare("checkout is down", Severity.SEV2))
        set_severity(uow, bo, made.id, Severity.SEV1)

    await world.memory.write(verbs)
    acts, jobs = await stored(world)
    assert jobs == 1
    assert [(row.name, row.ordinal) for row in acts[0]] == [
        ("declared", 0),
        ("severity_changed", 1),
    ]
    assert acts[0][1].data == {"before": 2, "after": 1}
    assert acts[0][1].actor == "bo"
    assert acts[0][1].incident == IncidentId(1)
    assert "checkout is down" not in str(acts)
    told = acts[0][1].told
    assert (told["name"], told["version"], told["incident"]) == ("severity_changed", 1, 1)
    assert (told["before"], told["after"], told["actor"]) == (2, 1, "bo")


async def test_what_follows_from_acts_ends_somewhere(world: World) -> None:
    hears(world, after=(After("loud", frozenset({First})),))

    def follows(depth: int) -> Callable[[UnitOfWork], None]:
        def work(uow: UnitOfWork) -> None:
            with uow.acting(Cause(uow.act, depth)):
                uow.happened(First(*at(uow)))

        return work

    await world.memory.write(follows(DEEPEST - 1))
    await world.memory.write(follows(DEEPEST))
    acts, jobs = await stored(world)
    assert (len(acts), jobs) == (1, 1)


# --- handlers are called by the bus alone ---

# What follows from a verb: handlers and timers do it, and nobody calls it while an actor waits.
CONSEQUENCES = {
    "whisper", "say_in_rooms", "say_when_open", "tell", "withdraw_message", "refresh_on", "refresh_notice",
    "render_soon", "watch", "arm", "remind", "ended", "resumed", "bring_in", "consequences", "changed",
    "follow", "answered", "tell_subscribers", "settle_pages", "take_up", "widened", "refresh_notices",
}  # fmt: skip


def by_hand() -> Iterator[str]:
    for path in sorted(CORE.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and _is_verb(node):
                for call in ast.walk(node):
                    if (name := _called(call)) in CONSEQUENCES:
                        yield f"{path.relative_to(CORE)}: {node.name} calls {name}"


def _is_verb(node: ast.FunctionDef) -> bool:
    return any(arg.arg == "actor" for arg in node.args.args)


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def test_no_verb_calls_what_follows_from_it() -> None:
    assert list(by_hand()) == []
