"""Declaring, as the engineer, the responder and whoever is on call see it."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.incident import Status
from bot.core.timeline import Kind
from tests.words import buttons, mentions, words
from tests.world import World


async def test_one_title_is_enough(world: World) -> None:
    reply = await world.person("bo").says("/incident declare checkout is down")

    assert "INC-1" in reply
    assert "Declared. " in reply
    incident = await world.incident("INC-1")
    assert (incident.title, incident.status) == ("checkout is down", Status.INVESTIGATING)


async def test_the_room_has_one_pinned_card_and_the_company_one_announcement(world: World) -> None:
    await world.person("bo").says("/incident declare checkout is down sev1 #checkout")

    room = await world.room("INC-1")
    assert room.name == "inc-1-checkout-is-down"
    assert "SEV1" in words(room.card)
    assert "checkout is down" in words(room.card)
    announced = await world.announcements()
    assert len(announced.by_bot) == 1
    assert "#inc-1-checkout-is-down" in words(announced.last)


async def test_on_call_is_paged_by_direct_message_and_acknowledges(world: World) -> None:
    await world.person("bo").says("/incident declare checkout is down sev1 #checkout")
    paged = [e.data["person"] for e in await world.timeline("INC-1") if e.kind is Kind.PAGED]
    assert paged

    page = (await world.direct(paged[0])).by_bot[0]
    assert "checkout is down · SEV1 · INC-1 · since" in words(page)
    answer = await world.person(paged[0]).presses("Acknowledge", page)

    assert "You acknowledged INC-" in answer
    assert "acknowledged by" in words((await world.room("INC-1")).card)
    page = (await world.direct(paged[0])).by_bot[0]
    assert [b.label for b in buttons(page)] == []


async def test_a_page_sent_before_the_room_existed_gets_its_link_by_an_edit(world: World) -> None:
    await world.person("bo").says("/incident declare checkout is down #checkout")
    paged = [e.data["person"] for e in await world.timeline("INC-1") if e.kind is Kind.PAGED]
    assert "#inc-1-checkout-is-down" in words((await world.direct(paged[0])).by_bot[0])


async def test_nobody_acknowledges_and_it_goes_up_to_the_catch_all_and_says_so(
    world: World,
) -> None:
    await world.person("bo").says("/incident declare checkout is down sev1 #checkout")
    await world.passes(hours=3)

    kinds = [entry.kind for entry in await world.timeline("INC-1")]
    assert Kind.ESCALATED in kinds
    assert kinds.count(Kind.UNREACHED) == 1
    assert "Nobody has acknowledged the page" in await world.room("INC-1")


async def test_a_delivery_that_comes_twice_is_done_once_and_answered_twice(world: World) -> None:
    bo = world.person("bo")
    first = await bo.says("/incident declare checkout is down", delivery="envelope-1")
    second = await bo.says("/incident declare checkout is down", delivery="envelope-1")

    assert str(first) == str(second)
    assert "INC-2" not in await bo.says("/incident list")


async def test_a_delivery_that_comes_twice_at_once_is_done_once(world: World) -> None:
    bo = world.person("bo")
    replies = await asyncio.gather(
        *(bo.says("/incident declare checkout is down", delivery="envelope-1") for _ in range(5))
    )

    assert {str(reply) for reply in replies} == {str(replies[0])}
    assert "INC-2" not in await bo.says("/incident list")


async def test_two_typed_equal_declares_are_two_incidents(world: World) -> None:
    bo = world.person("bo")
    await bo.says("/incident declare checkout is down")
    assert "INC-2" in await bo.says("/incident declare checkout is down")


TITLES = [
    "x" * 300,
    "🔥🔥🔥",
    "الدفع معطل",
    "<!channel> @everyone @here",
    "one\ntwo\r\nthree",
    "'; DROP TABLE incidents; --",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} {% for x in y %}",
    "...!!!???",
    "a" * 79 + "é",
    "\u202eevil",
    "&amp; <b> `code` *bold*",
    "@mia cannot log in, says <@mia>",
]


@pytest.mark.parametrize("title", TITLES)
async def test_any_title_gives_a_room_and_a_card_that_shows_it_and_mentions_nobody(
    world: World, title: str
) -> None:
    await world.person("bo").says(f'/incident declare "{title}"')

    incident = await world.incident("INC-1")
    room = await world.room("INC-1")
    assert incident.title in words(room.card)
    for card in [*room.by_bot, *(await world.announcements()).by_bot]:
        assert "mia" not in mentions(card)
        assert mentions(card) <= set(world.org.people)
    name = room.name
    assert name.startswith("inc-1")
    assert len(name) <= 80
    assert all(c.isascii() and (c.isalnum() or c == "-") for c in name)
    assert name == name.lower()
