"""Leaving a private incident while a platform fails: it is tried again, who came back stays, and what a person
has to do by hand is said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.chat.vocabulary import Refused
from bot.core.timeline import Kind
from bot.org import sample_org
from tests.fakes.platform import FakePlatform, down
from tests.world import World, make_world


@pytest.fixture
def fake() -> FakePlatform:
    return FakePlatform()


@pytest.fixture
async def hidden(tmp_path: Path, fake: FakePlatform) -> AsyncIterator[World]:
    """INC-1 is private, with rooms on the console and on a platform that can fail; mia is in it."""
    org = sample_org()
    people = {
        who: replace(person, identities={**person.identities, "fake": f"U-{who}"})
        for who, person in org.people.items()
    }
    org = replace(org, people=people, chat=replace(org.chat, rooms=()))
    async with make_world(tmp_path, org, {"fake": fake}) as world:
        await world.person("bo").says("/incident declare payroll leak --private")
        await world.passes(minutes=1)
        await world.person("bo").says("/incident invite INC-1 @mia")
        await world.passes(minutes=1)
        yield world


def inside(fake: FakePlatform) -> set[str]:
    (room,) = fake.war_rooms()
    return room.members


async def test_a_platform_that_is_down_takes_them_out_when_it_is_back(
    hidden: World, fake: FakePlatform
) -> None:
    assert "U-mia" in inside(fake)
    fake.before = down("remove")
    await hidden.person("mia").says("/incident leave INC-1")
    await hidden.passes(minutes=2)
    assert "U-mia" in inside(fake)
    fake.before = lambda method: None
    await hidden.passes(minutes=10)
    assert "U-mia" not in inside(fake)


async def test_who_comes_back_before_it_was_done_stays(hidden: World, fake: FakePlatform) -> None:
    fake.before = down("remove")
    await hidden.person("mia").says("/incident leave INC-1")
    await hidden.passes(minutes=1)
    await hidden.person("bo").says("/incident invite INC-1 @mia")
    fake.before = lambda method: None
    await hidden.passes(minutes=10)
    assert "U-mia" in inside(fake)


async def test_who_cannot_be_taken_out_is_named_to_whoever_leads(
    hidden: World, fake: FakePlatform
) -> None:
    def forbidden(method: str) -> None:
        if method == "remove":
            raise Refused("a setting of the workspace forbids it", "Change it in its settings.")

    fake.before = forbidden
    await hidden.person("mia").says("/incident leave INC-1")
    await hidden.passes(minutes=1)
    (told,) = (await hidden.direct("bo")).saying("Mia Keller left and still reads the room on fake")
    assert "Take them out by hand." in told
    assert "a setting of the workspace forbids it" in told
    troubles = [e for e in await hidden.timeline("INC-1") if e.kind is Kind.TROUBLE]
    assert len(troubles) == 1


async def test_whoever_leaves_an_open_incident_stays_in_its_open_room(
    hidden: World, fake: FakePlatform
) -> None:
    bo, mia = hidden.person("bo"), hidden.person("mia")
    await bo.says("/incident declare checkout is down")
    await hidden.passes(minutes=1)
    await mia.says("/incident join INC-2")
    await mia.says("/incident leave INC-2")
    await hidden.passes(minutes=1)
    assert "remove" not in fake.calls
