"""Slots: a package adds to what an earlier one shows, in the packages' order, to whoever may see it, and never too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.core.bus import Bus, Package
from bot.core.chat.card import Block, Field, line, text
from bot.core.errors import IllegalMove, UserError
from bot.core.incident import Incident, Status
from bot.core.people import SYSTEM, Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.slots import CARD, DECLARED_ANSWER, DRAFT_SECTION, HOME, ROOM_HEADER, Filler, Slot
from bot.postmortems.model import Section
from bot.postmortems.service import draft_of
from bot.wiring.packages import PACKAGES
from tests.world import World


def fills(world: World, *fillers: Filler, checks: tuple[Any, ...] = ()) -> None:
    """Each filler is a package of its own, after Tocsin's."""
    added = [Package(f"later{n}", fillers=(f,)) for n, f in enumerate(fillers)]
    bus = Bus((*PACKAGES, *added, Package("checks", checks=checks)))
    world.memory.installation = replace(world.memory.installation, bus=bus)


def says(slot: Slot[Any], words: str) -> Filler:
    def build(uow: UnitOfWork, *about: object) -> Sequence[Block]:
        return [text(words)]

    return Filler(slot, build)


async def test_the_card_shows_them_in_the_order_of_the_packages(world: World) -> None:
    fills(world, says(CARD, "first of all"), says(CARD, "second of all"))
    await world.person("bo").says("/incident declare checkout is down")
    shown = str((await world.room("INC-1")).card)
    assert shown.index("first of all") < shown.index("second of all")


async def test_what_is_more_than_a_slot_holds_is_left_out(world: World) -> None:
    fills(world, Filler(CARD, lambda uow, *about: (text(f"line {n}") for n in range(1000))))
    await world.person("bo").says("/incident declare checkout is down")
    card = str((await world.room("INC-1")).card)
    assert [n for n in range(10) if f"line {n}" in card] == list(range(CARD.most))


async def test_a_builder_knows_who_reads(world: World) -> None:
    def build(uow: UnitOfWork, incident: Incident, viewer: Viewer) -> Sequence[Block]:
        return [text(f"read by {viewer.person or 'the room'}")]

    fills(world, Filler(CARD, build))
    bo = world.person("bo")
    await bo.says("/incident declare checkout is down")
    assert "read by the room" in (await world.room("INC-1")).card
    assert "read by bo" in await bo.says("/incident show INC-1")


async def test_the_header_the_answer_and_the_home_have_theirs(world: World) -> None:
    header = Filler(ROOM_HEADER, lambda uow, *about: [Field("Budget", line("12 % left"))])
    fills(world, header, says(DECLARED_ANSWER, "known error"), says(HOME, "your followups"))
    bo = world.person("bo")
    assert "known error" in await bo.says("/incident declare checkout is down")
    assert "12 % left" in (await world.room("INC-1")).card
    assert "your followups" in await bo.says("/incident home")


async def test_the_draft_has_their_sections(world: World) -> None:
    section = Section("What it cost", ())
    fills(world, Filler(DRAFT_SECTION, lambda uow, *about: [section]))
    await world.person("bo").says("/incident declare checkout is down")
    number = (await world.incident("INC-1")).id
    made = await world.read(lambda uow: draft_of(uow, number, SYSTEM))
    assert made.sections[-1] == section


async def test_a_check_refuses_a_move_whoever_asks(world: World) -> None:
    def frozen(uow: UnitOfWork, incident: Incident, status: Status) -> UserError | None:
        over = status in (Status.RESOLVED, Status.MERGED)
        return IllegalMove("Say first what the cause was.") if over else None

    fills(world, checks=(frozen,))
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare checkout is down")
    await bo.says("/incident declare the other one")
    for text_ in ("resolved", 'update resolved "Fixed"', "merge INC-2"):
        assert "what the cause was" in await bo.says(f"/incident {text_}")
    assert (await world.incident("INC-1")).status is Status.INVESTIGATING
    assert "tatus: cancelled" in await bo.says("/incident cancel")
