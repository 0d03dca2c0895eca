"""By what a page reaches people, after how long, and what it says there."""

from __future__ import annotations

import re
from datetime import time, timedelta

from bot.core.chat.vocabulary import Refused
from bot.core.escalation import PageId, Step
from bot.core.links import Grant, Purpose, granted, signed
from bot.core.people import Hours, PersonId
from tests.fakes.notifier import FakeNotifier
from tests.paging import (
    FIRST_ANA,
    MINUTE,
    RULES,
    THEN_BO,
    Scene,
    pages,
    person,
    policy,
    told,
    with_policy,
)
from tests.world import World


async def test_personal_rules_say_which_channel_after_how_long(
    scene: Scene, notifier: FakeNotifier
) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA), ana=RULES))
    begun = world.clock.now()
    await world.passes(minutes=4)
    (sms,) = notifier.told
    assert (sms.channel, sms.person, sms.at - begun) == ("sms", "ana", 3 * MINUTE)
    assert len(sms.note.title) <= 100
    for part in (
        "checkout is down",
        " · SEV1 · INC-1 · ",
        "since Tue 06:00",
        "lead nobody",
    ):
        assert part in sms.note.title


async def test_who_has_acknowledged_is_spared_the_rest(
    scene: Scene, notifier: FakeNotifier
) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA), ana=RULES))
    await world.person("ana").says("/incident ack 1")
    await world.passes(minutes=10)
    assert notifier.told == []


async def test_low_urgency_waits_for_the_end_of_quiet_hours(scene: Scene) -> None:
    quiet = {"quiet": Hours(time(22), time(7))}
    org = with_policy(policy(FIRST_ANA, THEN_BO), ana=quiet)
    world = await scene.begin(org, "slow sev4 #checkout")
    assert [page.state for page in await pages(world)] == ["pending"]
    assert (await world.direct("ana")).by_bot == []
    await world.passes(minutes=61)
    assert [page.state for page in await pages(world)] == ["triggered"]
    assert len((await world.direct("ana")).by_bot) == 1
    await world.passes(minutes=5)
    assert await told(world) == ["ana 0", "bo 65"]


async def test_the_link_in_a_message_is_bound_to_page_person_and_time(
    scene: Scene, notifier: FakeNotifier
) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA), ana=RULES))
    await world.passes(minutes=4)
    found = re.search(r"/ack/(\S+)", notifier.told[0].note.body)
    assert found
    token, keys = found[1], (b"k" * 32,)
    assert granted(keys, token, world.clock.now()) is not None
    assert granted(keys, token, world.clock.now() + timedelta(hours=25)) is None
    assert granted((b"other" * 8,), token, world.clock.now()) is None
    grant = Grant(Purpose.ACKNOWLEDGE, 2, PersonId("ana"), world.clock.now() + MINUTE)
    other = signed(keys, grant)
    forged = other.partition(".")[0] + "." + token.partition(".")[2]
    assert granted(keys, forged, world.clock.now()) is None


async def test_when_nothing_gets_through_the_room_has_the_telephone_numbers(
    scene: Scene, notifier: FakeNotifier
) -> None:
    org = with_policy(policy(FIRST_ANA, THEN_BO), ana={"phone": "+55 11 5550"})

    def refuse(channel: str) -> None:
        raise Refused("no credit", "Top it up.")

    async def closed(person: str) -> str:
        raise Refused("closed", "Open it.")

    def nobody_is_reached(world: World) -> None:
        notifier.before = refuse
        for platform in world.platforms.values():
            platform.direct_room = closed  # type: ignore[method-assign]

    world = await scene.begin(org, before=nobody_is_reached)
    await world.passes(minutes=3)
    room = await world.room("INC-1")
    assert "The page could not be delivered: please telephone" in room
    assert "Ana Lima +55 11 5550" in room
    assert (await told(world))[:2] == ["ana 0", "bo 2"]


async def test_a_private_incidents_page_has_only_its_reference_and_a_link(
    scene: Scene, notifier: FakeNotifier
) -> None:
    world = await scene.begin(
        with_policy(policy(FIRST_ANA), ana=RULES), "secret leak sev1 --private"
    )
    await world.passes(minutes=4)
    note, card = notifier.told[0].note, (await world.direct("ana")).by_bot[0].text
    assert note.title == "INC-1 (private)"
    assert note.body.startswith("http://tocsin.test/incidents/INC-1\n")
    for shown in (note.title + note.body, card):
        for hidden in ("secret", "leak", "SEV", "Since", "since", "ead", "checkout"):
            assert hidden not in shown.replace("Acknowledge: ", "")
    assert "INC-1 (private)" in card
    assert "Room: INC-1 on " in card


async def test_the_first_hundred_characters_say_what_how_bad_since_when_and_who(
    scene: Scene,
) -> None:
    """On ana's clock; the whole title stands below."""
    long = "the whole checkout of every shop in every country answers with errors"
    world = await scene.begin(with_policy(policy(FIRST_ANA)), f"{long} sev1 #checkout @bo")
    card = (await world.direct("ana")).by_bot[0].text
    assert long in card
    for part in ("the whole checkout", " · SEV1 · INC-1 · ", "since Tue 06:00", "lead Bo Chen"):
        assert part in card[:100]


async def test_a_test_page_shows_what_arrived_and_when(
    scene: Scene, notifier: FakeNotifier
) -> None:
    world = await scene.begin(with_policy(policy(Step((person("bo"),))), ana=RULES))
    said = await world.person("ana").says("/oncall test")
    assert "sms will be sent at 06:03:00" in said
    await world.passes(minutes=4)
    room = await world.direct("ana")
    assert "Test page: nothing is broken" in room
    assert f"{scene.stage} sent at 06:00:00" in room
    assert "sms sent at 06:03:00" in room
    assert PageId(1) in [page.id for page in await pages(world)]
    assert len(await pages(world)) == 1
