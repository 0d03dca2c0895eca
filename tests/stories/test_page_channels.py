"""By what a page reaches people, after how long, and what it says there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.chat import Refused
from bot.domain.escalation import PageId, Step
from bot.domain.links import Grant, Purpose, granted, signed
from bot.domain.people import Hours, PersonId
from tests.fakes.notifier import FakeNotifier
from tests.fakes.platform import FakePlatform, down
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
from tests.words import words
from tests.world import make_world


@pytest.fixture
def notifier() -> FakeNotifier:
    return FakeNotifier()


@pytest.fixture
async def scene(tmp_path: Path, notifier: FakeNotifier) -> AsyncIterator[Scene]:
    made = Scene(tmp_path, notifier)
    yield made
    await made.end()


async def test_personal_rules_say_which_channel_after_how_long(
    scene: Scene, notifier: FakeNotifier
) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA), ana=RULES))
    begun = world.clock.now()
    await world.passes(minutes=4)
    (sms,) = notifier.told
    assert (sms.channel, sms.person, sms.at - begun) == ("sms", "ana", 3 * MINUTE)
    assert len(sms.note.title) <= 100
    for part in ("SEV1", "checkout is down", "since 06:00", "lead nobody", "in inc-1-checkout"):
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
    tmp_path: Path, notifier: FakeNotifier
) -> None:
    fake = FakePlatform()
    org = with_policy(
        policy(FIRST_ANA, THEN_BO), ana={"phone": "+55 11 5550", "identities": {"fake": "U1"}}
    )
    fake.before = down("direct_room")

    def refuse(channel: str) -> None:
        raise Refused("no credit", "Top it up.")

    def no_direct(method: str) -> None:
        if method == "direct_room":
            raise Refused("cannot open", "Grant im:write.")

    notifier.before, fake.before = refuse, no_direct
    async with make_world(tmp_path, org, {"fake": fake}, notifier=notifier) as world:
        notifier.clock = world.clock
        world.platforms["console"].direct_room = _refused  # type: ignore[method-assign]
        await world.person("cy").says("/incident declare checkout is down sev1 #checkout")
        await world.passes(minutes=3)
        room = await world.room("INC-1")
        assert "The page could not be delivered: please telephone" in room
        assert "Ana Lima +55 11 5550" in room
        assert (await told(world))[:2] == ["ana 0", "bo 2"]


async def _refused(person: str) -> str:
    raise Refused("closed", "Open it.")


async def test_a_private_incidents_page_has_only_its_reference_and_a_link(
    scene: Scene, notifier: FakeNotifier
) -> None:
    world = await scene.begin(
        with_policy(policy(FIRST_ANA), ana=RULES), "secret leak sev1 --private"
    )
    await world.passes(minutes=4)
    note, card = notifier.told[0].note, words((await world.direct("ana")).by_bot[0])
    assert note.title == "INC-1 (private)"
    assert note.body.startswith("http://tocsin.test/incidents/INC-1\n")
    for shown in (note.title + note.body, card):
        assert "secret" not in shown
        assert "leak" not in shown
    assert "INC-1 (private)" in card


async def test_the_first_hundred_characters_say_what_since_when_who_and_where(scene: Scene) -> None:
    long = "the whole checkout of every shop in every country answers with errors"
    world = await scene.begin(with_policy(policy(FIRST_ANA)), f"{long} sev1 #checkout @bo")
    card = words((await world.direct("ana")).by_bot[0])
    assert long in card
    for part in ("INC-1", "SEV1", "the whole checkout", "Since", "Lead", "Room: "):
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
    assert "console sent at 06:00:00" in room
    assert "sms sent at 06:03:00" in room
    assert PageId(1) in [page.id for page in await pages(world)]
    assert len(await pages(world)) == 1
