"""A chat platform that fails: the page goes out, the plan waits, and everything is done once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Never

import pytest

from bot.core.chat.card import StepState
from bot.core.chat.vocabulary import Refused, Retry
from bot.core.ports.jobs import Job
from bot.incidents.plan import STEPS
from bot.jobs.registry import JobContext, Settle, Tasks
from bot.jobs.worker import Worker
from bot.org import sample_org
from bot.wiring.tasks import all_tasks
from tests.fakes.platform import FakeMessage, FakePlatform, down
from tests.words import words
from tests.world import World, make_world

METHODS = ["open_room", "invite", "post", "pin", "set_topic", "bookmark"]


@pytest.fixture
def fake() -> FakePlatform:
    return FakePlatform()


@pytest.fixture
async def both(tmp_path: Path, fake: FakePlatform) -> AsyncIterator[World]:
    """The console, and a platform that can be told to fail; rooms open on both."""
    org = sample_org()
    org = replace(org, chat=replace(org.chat, rooms=()))
    async with make_world(tmp_path, org, {"fake": fake}) as made:
        yield made


async def declare(world: World) -> None:
    await world.person("bo").says("/incident declare checkout is down sev1 #checkout")


def whole(fake: FakePlatform) -> None:
    """Exactly one room with one pinned card, a topic and its bookmarks; and one announcement."""
    (room,) = fake.war_rooms()
    cards = fake.said_in(room.name)
    assert len([card for card in cards if card.pinned]) == 1
    assert len(cards) == len({card.marker for card in cards})
    assert room.topic
    assert room.bookmarks
    assert len(fake.said_in("incidents")) == 1


def pages(fake: FakePlatform) -> list[FakeMessage]:
    return [message for message in fake.messages.values() if ":page" in message.marker]


async def test_with_every_room_call_failing_for_an_hour_the_page_starts_at_once(
    both: World, fake: FakePlatform
) -> None:
    fake.before = down(*METHODS)
    began = both.clock.now()
    await declare(both)
    notices = await both.read(lambda uow: uow.pages.notices(uow.pages.of(1)[0].id))  # type: ignore[arg-type]
    assert notices
    assert all(notice.state == "sent" for notice in notices)
    assert both.clock.now() - began < timedelta(seconds=1)

    await both.passes(hours=1)
    assert fake.war_rooms() == []
    fake.before = lambda method: None
    await both.passes(minutes=3)

    whole(fake)
    plan = await both.read(lambda uow: uow.plans.of(1))  # type: ignore[arg-type]
    assert {step.state for step in plan} == {StepState.DONE}


async def test_while_a_step_fails_the_card_shows_the_checklist_and_then_no_more(
    both: World, fake: FakePlatform
) -> None:
    fake.before = down("open_room")
    await declare(both)
    assert "[retrying] War room (fake) open_room failed" in words((await both.room("INC-1")).card)

    fake.before = lambda method: None
    await both.passes(minutes=3)
    assert "War room (fake)" not in words((await both.room("INC-1")).card)


@pytest.mark.parametrize("method", METHODS)
async def test_an_answer_lost_after_the_write_doubles_nothing(
    both: World, fake: FakePlatform, method: str
) -> None:
    lost: list[str] = []

    def lose_once(called: str) -> None:
        if called == method and not lost:
            lost.append(called)
            raise Retry("the answer was lost")

    fake.after = lose_once
    await declare(both)
    await both.passes(minutes=5)

    assert lost
    whole(fake)


async def test_a_page_whose_answer_was_lost_shows_that_it_is_over_all_the_same(
    tmp_path: Path, fake: FakePlatform
) -> None:
    """Its message stands though nobody knows: resolved before the second try, it asks for nothing more."""

    def lose(called: str) -> None:
        if called == "post" and pages(fake):
            raise Retry("the answer was lost", timedelta(seconds=30))

    org = sample_org()
    people = {p.id: replace(p, identities={"fake": p.id}) for p in org.people.values()}
    fake.after = lose
    async with make_world(tmp_path, replace(org, people=people), {"fake": fake}) as world:
        await declare(world)
        await world.person("bo", room="INC-1").says("/incident resolved")
        fake.after = lambda method: None
        await world.passes(minutes=5)
        [page] = pages(fake)
        assert "Acknowledge" not in words(page.card)
        paged = await world.read(lambda uow: uow.pages.notices(uow.pages.of(1)[0].id))  # type: ignore[arg-type]
        assert "sent" in {notice.state for notice in paged if notice.platform == "fake"}


async def test_a_platform_that_cannot_look_repeats_and_says_so(
    both: World, fake: FakePlatform
) -> None:
    lost: list[str] = []

    def lose_once(called: str) -> None:
        if called == "post" and not lost:
            lost.append(called)
            raise Retry("the answer was lost")

    fake.blind, fake.after = True, lose_once
    await declare(both)
    await both.passes(minutes=5)

    by_marker: dict[str, list[str]] = {}
    for message in fake.messages.values():
        by_marker.setdefault(message.marker, []).append(words(message.card))
    twice = [texts for texts in by_marker.values() if len(texts) > 1]
    assert len(twice) == 1
    assert "(repeat)" not in twice[0][0]
    assert "(repeat)" in twice[0][1]


async def test_what_is_refused_reaches_a_person_and_is_repaired_by_hand(
    both: World, fake: FakePlatform
) -> None:
    def refuse(method: str) -> None:
        if method == "pin":
            raise Refused("missing_scope", "Add the scope pins:write.")

    fake.before = refuse
    await declare(both)
    card = (await both.room("INC-1")).card
    assert "[failed] Pin (fake) missing_scope" in words(card)
    told = await both.direct("bo")
    assert "Add the scope pins:write." in told

    fake.before = lambda method: None
    bo = both.person("bo")
    assert "1 step starts again" in await bo.presses("Repair", card)
    await both.passes(minutes=1)
    whole(fake)


async def test_a_platform_that_asks_to_wait_is_left_alone_for_that_long(
    both: World, fake: FakePlatform
) -> None:
    calls_at: list[object] = []

    def busy(method: str) -> None:
        if method == "open_room":
            calls_at.append(both.clock.now())
            if len(calls_at) == 1:
                raise Retry("ratelimited", timedelta(seconds=30))

    fake.before = busy
    await declare(both)
    await both.passes(minutes=1)

    assert [(at - calls_at[0]).total_seconds() for at in calls_at] == [0, 30]  # type: ignore[operator]


@pytest.mark.parametrize("seed", range(3))
async def test_faults_before_and_after_any_call_lose_nothing_and_double_nothing(
    both: World, fake: FakePlatform, seed: int
) -> None:
    chance = random.Random(seed)

    def sometimes(method: str) -> None:
        if chance.random() < 0.2:
            after = timedelta(seconds=chance.choice([0, 1, 30]))
            raise chance.choice([Retry("busy", after), TimeoutError(), ConnectionResetError()])

    fake.before = fake.after = sometimes
    for _ in range(15):
        await declare(both)
        await both.passes(seconds=chance.randint(0, 20))
    await both.passes(minutes=10)
    fake.before = fake.after = lambda method: None
    for number in range(1, 16):
        await both.person("bo").says(f"/incident repair INC-{number}")
    await both.passes(minutes=10)

    assert len(fake.war_rooms()) == 15
    for room in fake.war_rooms():
        cards = fake.said_in(room.name)
        assert len([card for card in cards if card.pinned]) == 1
        assert len(cards) == len({card.marker for card in cards})
    announced = [message.marker for message in fake.said_in("incidents")]
    assert len(announced) == len(set(announced)) == 15


@pytest.mark.parametrize("step", STEPS)
async def test_every_step_has_a_name_that_people_read(step: str) -> None:
    assert STEPS[step][0].isupper()


async def test_a_failure_that_cannot_be_told_of_is_tried_again_all_the_same(world: World) -> None:
    """Whatever breaks while a failure is written down, no job stays leased with nobody to run it."""
    tasks, tried = all_tasks(), Counter[str]()
    pin = tasks.effects["pin_card"]

    async def falters(context: JobContext, job: Job) -> Settle | None:
        tried[str(job.args["platform"])] += 1
        return await pin.run(context, job) if job.attempt > 1 else _raise("the pin broke")

    broken = replace(pin, run=falters, failed=lambda *_: _raise("so did the telling"))
    effects = {**tasks.effects, "pin_card": broken}
    world.worker = Worker(world.worker._context, Tasks(effects, tasks.timers), "test")
    await world.person("bo").says("/incident declare checkout is down sev1 #checkout")
    await world.passes(seconds=2)
    assert set(tried.values()) == {2}
    assert (await world.room("INC-1")).card.pinned


def _raise(why: str) -> Never:
    raise RuntimeError(why)
