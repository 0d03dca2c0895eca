"""An incident made private later: what was shown is withdrawn, what was seen is said, nobody else sees it."""

from __future__ import annotations

import pytest

from bot.core.incident import Visibility
from tests.world import World


@pytest.fixture
async def shown(world: World) -> World:
    """Public, announced, published, paged, with a subscriber and something merged into it."""
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare zebra payroll leak sev1 #checkout")
    await bo.says("/incident publish --now")
    await world.person("mia").says("/incident subscribe INC-1")
    await bo.says("/incident declare another one")
    await bo.says("/incident merge INC-2 INC-1")
    return world


async def made_private(world: World) -> str:
    asked = await world.person("bo", room="INC-1").says("/incident private")
    assert "cannot be undone" in asked
    told = str(await asked.press("Make it private"))
    await world.passes(seconds=5)
    return told


async def test_it_says_what_had_been_seen(shown: World) -> None:
    told = await made_private(shown)
    for seen in (
        "its room on", "the announcement on", "the status page: 1 update for customers", "pages to", "Mia Keller",
    ):  # fmt: skip
        assert seen in told
    assert (await shown.incident("INC-1")).visibility is Visibility.PRIVATE
    assert "already private" in await shown.person("bo", room="INC-1").says("/incident private")


async def test_what_was_shown_is_withdrawn(shown: World) -> None:
    world = shown
    await made_private(world)
    announced = [str(card) for card in (await world.announcements()).by_bot]
    assert "This message was withdrawn." in announced[0]
    assert not any("zebra" in card for card in announced)
    other = await world.room("INC-2")
    assert not any("INC-1" in str(card) or "zebra" in str(card) for card in other.by_bot)
    page = await world.read(lambda uow: uow.status.get(""))
    assert page is not None
    assert "Problem with" not in page.body


async def test_to_whoever_is_not_in_it_it_does_not_exist(shown: World) -> None:
    world = shown
    await made_private(world)
    mia = world.person("mia")
    private = str(await mia.says("/incident show INC-1"))
    assert private == str(await mia.says("/incident show INC-999")).replace("INC-999", "INC-1")
    assert "zebra" not in await mia.says("/incident search payroll")
    before = len((await world.direct("mia")).by_bot)
    await world.person("bo", room="INC-1").says('/incident update "Looking"')
    assert len((await world.direct("mia")).by_bot) == before, "no news to who is not in it"
    assert "zebra payroll leak" in await world.person("bo").says("/incident show INC-1")


async def test_it_cannot_be_taken_back(shown: World) -> None:
    await made_private(shown)
    assert "stays private" in await shown.person("bo", room="INC-1").says("/incident undo")
