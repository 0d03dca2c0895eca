"""`/incident login`: somebody known by their identity is sent a way in, once, and it is kept nowhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.accounts.logins import make_link, spend_link
from bot.core.chat.vocabulary import Invocation, Reply, Speaker
from bot.core.errors import NotAllowed, NotFound
from bot.core.people import PersonId
from bot.org import sample_org
from tests.fakes.platform import FakePlatform
from tests.words import card_buttons, words
from tests.world import World, make_world

ANA = PersonId("ana")


@pytest.fixture
async def linked(tmp_path: Path) -> AsyncIterator[World]:
    """The sample organisation, whose ana is U1 on another platform."""
    org = sample_org()
    ana = replace(org.people[ANA], identities={"fake": "U1"})
    org = replace(org, people={**org.people, ANA: ana})
    async with make_world(tmp_path, org, {"fake": FakePlatform()}) as world:
        yield world


async def asked(world: World, speaker: str, delivery: str = "d1", platform: str = "fake") -> Reply:
    async def later(_: Reply) -> None:
        return None

    call = Invocation(platform, delivery, Speaker(speaker, "Somebody"), "login")
    return await world.dispatcher.handle(call, later)


def token(reply: Reply) -> str:
    assert reply.card is not None
    (button,) = card_buttons(reply.card)
    return button.url.rpartition("/")[2]


async def test_somebody_known_is_sent_a_link_that_is_good_once(linked: World) -> None:
    made = token(await asked(linked, "U1"))
    session = await linked.memory.write(lambda uow: spend_link(uow, made, "a browser"))
    assert session
    with pytest.raises(NotAllowed, match="already used"):
        await linked.memory.write(lambda uow: spend_link(uow, made, "another"))


async def test_a_link_is_over_after_ten_minutes(linked: World) -> None:
    made = token(await asked(linked, "U1"))
    linked.clock.passes(minutes=10)
    with pytest.raises(NotAllowed, match="ten minutes"):
        await linked.memory.write(lambda uow: spend_link(uow, made, "a browser"))


async def test_the_answer_is_kept_nowhere(linked: World) -> None:
    made = token(await asked(linked, "U1"))
    kept = await linked.read(lambda uow: uow.deliveries.get("d1"))
    assert kept is not None
    assert made not in kept.reply
    assert "not kept" in words((await asked(linked, "U1")).card)


async def test_somebody_else_is_told_what_an_admin_has_to_write(linked: World) -> None:
    reply = await asked(linked, "U2")
    assert "fake: U2" in words(reply.card)
    assert not card_buttons(reply.card) if reply.card else True


async def test_in_the_console_one_is_there_already(linked: World) -> None:
    reply = await asked(linked, "ana", platform="console")
    assert "already logged in" in words(reply.card)


async def test_a_link_is_made_for_people_of_the_organisation_only(linked: World) -> None:
    with pytest.raises(NotFound, match="Nobody is called nobody"):
        await linked.memory.write(lambda uow: make_link(uow, PersonId("nobody")))
