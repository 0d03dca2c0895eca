"""Rooms that people change by hand, people who cannot be invited, a Slack that refuses: said, and mended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.core.chat.card import StepState
from bot.core.chat.vocabulary import Invocation, Reply, Speaker
from bot.core.people import SYSTEM
from bot.org import sample_org
from tests.fakes.slack import BOT_USER, Channel
from tests.fakes.slack.model import Kind
from tests.stages.slack import SlackStage
from tests.world import World, make_world


def slack_of(world: World) -> SlackStage:
    assert isinstance(world.stage, SlackStage)
    return world.stage


async def declared(world: World) -> Channel:
    await world.person("bo").says("/incident declare checkout is down sev1 #checkout")
    return slack_of(world).slack.channels[await world.room_id("INC-1")]


async def texts(world: World) -> str:
    return "\n".join(entry.text for entry in await world.timeline("INC-1"))


async def test_the_next_action_opens_another_room_when_the_first_was_archived(
    tmp_path: Path,
) -> None:
    async with make_world(tmp_path, on="slack") as world:
        old = await declared(world)
        slack_of(world).person("mia").archives(old)
        await world.person("bo").says('/incident update INC-1 "Failing over"')
        await world.passes(seconds=30)
        room = await world.room("INC-1")
        assert room.name == "inc-1-checkout-is-down-2"
        assert "Failing over" in room.card
        assert "was archived. Another one is being opened" in await texts(world)
        assert any("a new room" in m for m in (await world.direct("bo")).by_bot)
        assert len((await world.announcements()).by_bot) == 1
        plan = await world.read(lambda uow: uow.plans.of(1))  # type: ignore[arg-type]
        assert {step.state for step in plan} == {StepState.DONE}


async def test_a_deleted_room_a_private_one_that_we_were_taken_out_of_and_a_public_one(
    tmp_path: Path,
) -> None:
    async with make_world(tmp_path, on="slack") as world:
        public = await declared(world)
        slack_of(world).person("mia").removes_the_app(public)
        await world.person("bo").says('/incident update INC-1 "one"')
        await world.passes(seconds=30)
        assert BOT_USER in public.members
        slack_of(world).person("mia").deletes_channel(public)
        await world.person("bo").says('/incident update INC-1 "two"')
        await world.passes(seconds=30)
        assert "two" in (await world.room("INC-1")).card
        assert await world.room_id("INC-1") != public.id


async def test_a_card_that_was_deleted_is_posted_again_and_a_new_name_is_followed(
    tmp_path: Path,
) -> None:
    async with make_world(tmp_path, on="slack") as world:
        channel = await declared(world)
        slack = slack_of(world).slack
        slack.removed(channel, channel.pinned[0])
        slack_of(world).person("mia").renames(channel, "inc-1-payments")
        await world.person("bo").says('/incident update INC-1 "Failing over"')
        await world.passes(seconds=30)
        assert "Failing over" in (await world.room("INC-1")).card
        rooms = await world.read(lambda uow: uow.rooms.of(1))  # type: ignore[arg-type]
        assert "inc-1-payments" in [room.name for room in rooms]
        assert "was deleted by hand" in await texts(world)


async def test_a_topic_that_somebody_else_wrote_is_left_alone(tmp_path: Path) -> None:
    async with make_world(tmp_path, on="slack") as world:
        channel = await declared(world)
        slack_of(world).person("mia").sets_topic(channel, "Call us: 555")
        await slack_of(world).platform_.set_topic(channel.id, "SEV1: checkout is down")
        assert channel.topic == "Call us: 555"


async def test_who_cannot_be_invited_is_named_and_the_others_come(tmp_path: Path) -> None:
    async with make_world(tmp_path, on="slack") as world:
        slack_of(world).slack.user_named("ana").restricted = True
        channel = await declared(world)
        slack = slack_of(world).slack
        assert slack.user_named("bo").id in channel.members
        assert "Could not be invited on slack: Ana Lima" in await texts(world)
        assert any("Ana Lima" in m for m in (await world.direct("bo")).by_bot)


async def test_a_private_incident_has_a_private_room(tmp_path: Path) -> None:
    async with make_world(tmp_path, on="slack") as world:
        await world.person("bo").says("/incident declare payroll leaked --private")
        channel = slack_of(world).slack.channels[await world.room_id("INC-1")]
        assert channel.kind is Kind.PRIVATE
        assert (await world.announcements()).by_bot == []


async def test_a_missing_scope_reaches_the_declarer_and_an_admin_with_what_to_do(
    tmp_path: Path,
) -> None:
    org = sample_org()
    both = replace(org, chat=replace(org.chat, rooms=()))
    async with make_world(tmp_path, both, on="slack") as world:
        slack = slack_of(world).slack
        slack.scopes = slack.scopes - {"pins:write"}
        await world.person("bo").says("/incident declare checkout is down sev1")
        await world.passes(seconds=5)
        incident = await world.incident("INC-1", SYSTEM)
        assert incident.is_open
        for who in ("bo", "ana"):
            told = [m.text for m in (await world.direct(who)).by_bot]
            assert any("An admin adds the scope pins:write" in text for text in told), who
        card = (await world.stage.room(await world.room_id("INC-1"))).by_bot[0]
        assert "[failed]" in card


async def test_a_room_that_comes_late_begins_with_what_happened(tmp_path: Path) -> None:
    async with make_world(tmp_path, on="slack") as world:
        slack = slack_of(world).slack
        slack.faults.gone = True

        async def later(_: Reply) -> None:
            return None

        say = Invocation("console", "d1", Speaker("bo", "Bo"), "declare checkout is down sev1")
        await world.dispatcher.handle(say, later)
        await world.passes(minutes=10)
        note = Invocation("console", "d2", Speaker("bo", "Bo"), 'note INC-1 "CPU went up"')
        await world.dispatcher.handle(note, later)
        slack.faults.gone = False
        await world.passes(minutes=3)
        room = await world.room("INC-1")
        (late,) = room.saying("This room opened late")
        assert "CPU went up" in late
