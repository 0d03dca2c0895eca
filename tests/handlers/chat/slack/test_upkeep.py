"""Slack's rates shared by replicas, kept before Slack refuses; rooms archived a while after the end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.chat.vocabulary import Busy
from handlers.chat.slack.api.pacing import Pace
from handlers.chat.slack.upkeep import Archive, Replicas
from tests.fakes.clock import FakeClock
from tests.world import make_world


def taken(pace: Pace, method: str, channel: str = "", *, informs: bool = False) -> int:
    """How many calls may be made at once."""
    for made in range(1000):
        try:
            pace.take(method, channel, informs=informs)
        except Busy:
            return made
    raise AssertionError("no limit")


def test_a_minute_holds_no_more_than_slacks_tier_and_what_informs_leaves_some() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    assert taken(pace, "chat.update", informs=True) == 35
    assert taken(pace, "chat.update") == 15
    clock.passes(seconds=59)
    assert taken(pace, "chat.update") == 0
    clock.passes(seconds=2)
    assert taken(pace, "chat.update") == 50


def test_who_must_wait_is_told_how_long_and_another_channel_is_free() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    assert taken(pace, "chat.postMessage", "C1") == 3
    with pytest.raises(Busy) as told:
        pace.take("chat.postMessage", "C1")
    assert told.value.after == timedelta(seconds=3)
    pace.take("chat.postMessage", "C2")


def test_after_a_429_nothing_of_that_method_is_sent_until_then() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    pace.closed("pins.add", timedelta(seconds=30))
    assert taken(pace, "pins.add") == 0
    clock.passes(seconds=30)
    assert taken(pace, "pins.add") == 20


async def test_replicas_share_the_rates_and_one_that_is_gone_gives_its_share_back(
    tmp_path: Path,
) -> None:
    async with make_world(tmp_path) as world:
        one = Replicas(world.memory, world.clock, "one")
        other = Replicas(world.memory, world.clock, "other")
        pace = Pace(world.clock, lambda: one.count)
        one.count = await world.memory.write(one.beat)
        assert one.count == 1
        await world.memory.write(other.beat)
        one.count = await world.memory.write(one.beat)
        assert taken(pace, "conversations.create") == 10
        world.clock.passes(minutes=2)
        one.count = await world.memory.write(one.beat)
        assert taken(pace, "conversations.create") == 20


async def test_a_room_is_archived_once_a_while_after_the_incident_was_closed(
    tmp_path: Path,
) -> None:
    async with make_world(tmp_path, on="slack") as world:
        bo = world.person("bo")
        await bo.says("/incident declare checkout is down sev3")
        room = await world.room_id("INC-1")
        for text in ("resolved INC-1", "confirm INC-1", "postmortem INC-1 skip", "close INC-1"):
            await bo.says(f"/incident {text}")
        slack = world.stage.slack  # type: ignore[attr-defined]
        archive = Archive(
            world.memory, world.clock, lambda: world.platforms["slack"], timedelta(days=7)
        )
        await archive.sweep()
        assert not slack.channels[room].archived
        world.clock.passes(days=8)
        await archive.sweep()
        await archive.sweep()
        assert slack.channels[room].archived
        assert len(slack.called("conversations.archive")) == 1


async def test_a_person_is_named_by_their_address_too(tmp_path: Path) -> None:
    async with make_world(tmp_path, on="slack") as world:
        ana = world.org.people["ana"]  # type: ignore[index]
        await world.person("bo").says(f"/incident declare checkout is down @{ana.email}")
        assert (await world.incident("INC-1")).lead == "ana"
