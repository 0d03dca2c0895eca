"""The bot spends little space: at most six top-level messages an hour in a room that no person asked for,
the platform's own notices of topics, pins and invites counted in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.incidents.nudge import BUDGET, BUDGET_WINDOW
from tests.seen import Seen
from tests.world import World


@dataclass
class Meter:
    """What was said in the room, by when; ``asked`` are the people whose coming in is not counted: a person
    asked for it, or a page went on to them and they are called in whatever was said before."""

    world: World
    reference: str
    asked: tuple[str, ...] = ("bo",)

    async def said(self) -> list[datetime]:
        room = await self.world.room(self.reference)
        lines = [seen for seen in (*room.by_bot, *room.notices) if not self._was_asked(seen)]
        return sorted(seen.at.replace(microsecond=0) for seen in lines if seen.at is not None)

    def _was_asked(self, seen: Seen) -> bool:
        """Where coming in leaves no notice, the bot calls people in."""
        called = seen.text.startswith("Come in") and seen.mentions <= set(self.asked)
        return called or seen.text in [f"joined: @{name}" for name in self.asked]

    async def busiest_hour(self) -> int:
        """The most that was said within an hour."""
        said = await self.said()
        return max(sum(at - BUDGET_WINDOW < t <= at for t in said) for at in said)


async def test_a_busy_two_hour_incident_stays_within_the_budget(world: World) -> None:
    bo, cy = world.person("bo", room="INC-1"), world.person("cy", room="INC-1")
    await bo.says("/incident declare checkout is down sev1 #checkout")
    meter = Meter(world, "INC-1")
    await world.passes(minutes=4)
    await world.person("ana", room="INC-1").says("/incident ack 1")
    await bo.says("/incident lead")
    await cy.says("/incident join")
    meter.asked += ("cy",)
    for step in range(8):
        if step % 3:  # every third update is late
            await bo.says(f'/incident update "Step {step}: still failing over" next 20m')
        await cy.writes(f"the replica lags by {step} s")
        await cy.says(f'/incident note "Step {step}"')
        await bo.says(f'/incident task "Try {step}" @cy 30m')
        await world.passes(minutes=16)
    await bo.says("/incident status identified")
    await bo.says("/incident sev 2")
    await bo.says('/incident update monitoring "Errors are back to normal"')
    await world.passes(minutes=8)
    await bo.says("/incident resolved")
    assert world.clock.now() - (await meter.said())[0] >= timedelta(hours=2)
    assert await meter.busiest_hour() <= BUDGET


async def test_an_incident_that_nobody_looks_after_is_no_louder(world: World) -> None:
    """Nobody acknowledges, leads or writes: escalations, nudges, broken promises, the catch-all."""
    await world.person("bo").says("/incident declare checkout is down sev1 #checkout")
    meter = Meter(world, "INC-1", ("bo", "cy", "mia"))
    await world.passes(minutes=160)
    room = await world.room("INC-1")
    assert room.saying("Nobody leads yet")
    assert room.saying("Update due now")
    assert room.saying("Nobody has acknowledged the page")
    assert await meter.busiest_hour() <= BUDGET


async def test_without_a_severity_the_questions_come_in_time(world: World) -> None:
    await world.person("bo").says("/incident declare printers are on fire")
    meter = Meter(world, "INC-1", ("bo", "cy", "mia"))
    await world.passes(minutes=8)
    room = await world.room("INC-1")
    assert room.saying("Nobody leads yet")
    assert room.saying("How bad is it?")
    await world.passes(minutes=112)
    assert await meter.busiest_hour() <= BUDGET


async def test_a_snoozed_promise_comes_back_and_the_cards_do_not_hide_it(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare checkout is down sev1 #checkout")
    await world.person("ana", room="INC-1").says("/incident ack 1")
    await bo.says("/incident lead")
    await world.passes(minutes=18, seconds=1)
    warned = (await world.direct("bo")).saying("an update is due")[-1]
    await bo.presses("Snooze 15m", warned)
    await world.passes(minutes=3)
    room = await world.room("INC-1")
    assert not room.saying(": update ")
    assert "overdue" in room.card
    assert "overdue" in (await world.announcements()).last
    await world.passes(minutes=15)
    assert (await world.room("INC-1")).saying("@Bo Chen: update overdue by 13 min")


async def test_a_promise_is_made_from_the_first_minute_and_anew_after_a_pause(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare checkout is down sev1 #checkout")
    now = world.clock.now()
    assert (await world.incident("INC-1")).next_update_at == now + timedelta(minutes=20)
    await bo.says("/incident pause")
    assert (await world.incident("INC-1")).next_update_at is None
    await world.passes(hours=3)
    await bo.says("/incident resume")
    due = (await world.incident("INC-1")).next_update_at
    assert due is not None
    assert timedelta(minutes=25) < due - world.clock.now() <= timedelta(minutes=30)
    await world.passes(minutes=3)
    assert len((await world.room("INC-1")).saying("Nobody leads yet")) >= 1


async def test_a_long_running_incident_is_asked_about_in_office_hours_only(world: World) -> None:
    """The sample's bo lives in Shanghai; the story begins on a Tuesday morning."""
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare mails arrive late sev3")
    await bo.says("/incident lead")
    await world.passes(hours=30)
    known = len((await world.room("INC-1")).by_bot)
    seen: list[datetime] = []
    for _ in range(40):
        await world.passes(hours=2)
        room = await world.room("INC-1")
        new = room.messages[-1].at
        if len(room.by_bot) > known and new is not None:
            known = len(room.by_bot)
            seen.append(new)
    zone = world.org.people[bo.id].timezone
    for at in seen:
        local = at.astimezone(ZoneInfo(zone))
        assert local.weekday() < 5
        assert 9 <= local.hour < 17
