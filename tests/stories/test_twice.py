"""What is delivered twice, at once or later, is done once: typed, filled in, pressed, reacted, said at the
command line. What is typed twice is done twice."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.incident import Filter
from bot.core.people import SYSTEM
from bot.core.timeline import Kind
from tests.world import World


@pytest.fixture
async def incident(world: World) -> World:
    await world.person("bo").says("/incident declare checkout is down sev2 #checkout")
    return world


async def count(world: World, kind: Kind) -> int:
    return len([entry for entry in await world.timeline("INC-1") if entry.kind is kind])


async def test_a_command(incident: World) -> None:
    bo = incident.person("bo", room="INC-1")
    said = '/incident note "the disk is full"'
    await asyncio.gather(*(bo.says(said, delivery="one") for _ in range(4)))
    await incident.passes(minutes=5)
    await bo.says(said, delivery="one")
    assert await count(incident, Kind.NOTE) == 1
    await bo.says(said)
    assert await count(incident, Kind.NOTE) == 2, "typed again, it is meant again"


async def test_a_form(incident: World) -> None:
    bo = incident.person("bo", room="INC-1")
    form = (await bo.says("/incident update")).form
    given = {"text": "Failing over", "next": "30m"}
    await asyncio.gather(*(bo.fills(form, delivery="sent", **given) for _ in range(3)))
    await incident.passes(minutes=5)
    await bo.fills(form, delivery="sent", **given)
    assert await count(incident, Kind.UPDATE) == 1


async def test_a_form_that_declares(world: World) -> None:
    bo = world.person("bo")
    form = (await bo.says("/incident declare")).form
    for _ in range(2):
        await bo.fills(form, delivery="sent", title='the "big" one')
    found = await world.read(lambda uow: uow.incidents.find(Filter(), SYSTEM))
    assert [made.title for made in found] == ['the "big" one']


async def test_a_button(incident: World) -> None:
    bo, cy = incident.person("bo"), incident.person("cy")
    await incident.passes(minutes=2, seconds=1)
    (asked,) = (await incident.room("INC-1")).saying("Nobody leads yet")
    await asyncio.gather(*(bo.presses("Take the lead", asked, delivery="press") for _ in range(3)))
    await incident.passes(minutes=1)
    await cy.says("/incident join INC-1")
    await cy.says("/incident lead INC-1")
    await bo.presses("Take the lead", asked, delivery="press")
    assert (await incident.incident("INC-1")).lead == "cy", "the late one changes nothing"


async def test_a_reaction(incident: World) -> None:
    bo, message = (
        incident.person("bo"),
        await incident.person("cy").writes("look at the replica", "INC-1"),
    )
    await asyncio.gather(*(bo.reacts("totask", message, delivery="seen") for _ in range(3)))
    await incident.passes(minutes=5)
    await bo.reacts("totask", message, delivery="seen")
    assert await count(incident, Kind.TASK) == 1


async def test_equal_declares_at_once_are_as_many_incidents(world: World) -> None:
    said = "/incident declare checkout is down"
    await asyncio.gather(world.person("bo").says(said), world.person("cy").says(said))
    assert len(await world.read(lambda uow: uow.incidents.find(Filter(), SYSTEM))) == 2
