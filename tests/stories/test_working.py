"""Working an incident: roles, updates and their promise, notes, tasks, captured messages, the end."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.core.incident import Status
from bot.core.timeline import Kind
from bot.jobs.worker import Worker
from bot.wiring.tasks import all_tasks
from tests.words import buttons, words
from tests.world import World


@pytest.fixture
async def open_incident(world: World) -> World:
    await world.person("bo").says("/incident declare checkout is down sev1 #checkout")
    return world


async def test_taking_and_handing_over_the_lead(open_incident: World) -> None:
    world = open_incident
    bo = world.person("bo", room="INC-1")
    assert "Bo Chen leads" in await bo.presses("Take the lead", (await world.room("INC-1")).card)
    assert "Lead: @Bo Chen" in words((await world.room("INC-1")).card)

    assert "Cy Okafor leads" in await bo.says("/incident lead @cy")
    entries = [e for e in await world.timeline("INC-1") if e.kind is Kind.ROLE]
    assert [(e.data["from"], e.data["person"]) for e in entries] == [("", "bo"), ("bo", "cy")]

    await bo.says("/incident role communications")
    await bo.says("/incident role scribe @ana")
    said = await bo.says("/incident timeline")
    for line in (
        "Bo Chen took the lead",
        "Bo Chen gave Cy Okafor the lead",
        "Bo Chen took communications",
        "Bo Chen made Ana Lima scribe",
    ):
        assert line in said


async def test_an_update_changes_everything_at_once_and_promises_the_next(
    open_incident: World,
) -> None:
    world = open_incident
    bo = world.person("bo", room="INC-1")
    await bo.says('/incident update identified "The database is full" next 20m')

    incident = await world.incident("INC-1")
    assert incident.status is Status.IDENTIFIED
    assert incident.next_update_at == world.clock.now() + timedelta(minutes=20)
    assert "The database is full" in words((await world.room("INC-1")).card)
    assert "The database is full" in words((await world.announcements()).last)


async def test_the_promise_is_kept_in_mind(open_incident: World) -> None:
    world = open_incident
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident lead")
    await bo.says('/incident update "Looking" next 20m')

    await world.passes(minutes=18, seconds=1)
    assert "an update is due" in await world.direct("bo")
    assert "update due now" not in await world.room("INC-1")

    await world.passes(minutes=2)
    assert "@Bo Chen: update due now" in await world.room("INC-1")
    assert "overdue" in words((await world.announcements()).last)

    await bo.presses("No change", (await world.room("INC-1")).saying("update due now")[0])
    assert "overdue" not in words((await world.announcements()).last)


async def test_a_promise_kept_early_is_not_nagged_about(open_incident: World) -> None:
    world = open_incident
    bo = world.person("bo", room="INC-1")
    await bo.says('/incident update "Looking" next 20m')
    await world.passes(minutes=10)
    await bo.says('/incident update "Still looking" next 30m')
    await world.passes(minutes=15)

    assert "update due now" not in await world.room("INC-1")


async def test_nobody_leads_and_the_room_is_asked_with_a_button(world: World) -> None:
    await world.person("bo").says("/incident declare printers are on fire")
    await world.passes(minutes=2, seconds=1)
    card = (await world.room("INC-1")).last
    assert "Nobody leads yet" in words(card)
    assert buttons(card)[0].label == "Take the lead"


async def test_a_nudge_never_comes_more_than_five_times(world: World) -> None:
    await world.person("bo").says("/incident declare printers are on fire sev5")
    await world.passes(hours=20)
    assert len((await world.room("INC-1")).saying("Nobody leads yet")) == 5


async def test_a_nudge_stops_when_its_cause_is_gone_and_waits_when_snoozed(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await world.person("bo").says("/incident declare printers are on fire sev5")
    await world.passes(minutes=3)
    (nudge,) = (await world.room("INC-1")).saying("Nobody leads yet")
    await bo.presses("Snooze 15m", nudge)
    await world.passes(minutes=12)
    assert len((await world.room("INC-1")).saying("Nobody leads yet")) == 1

    await world.passes(minutes=5)
    if len((await world.room("INC-1")).saying("Nobody leads yet")) == 1:
        await world.passes(
            minutes=45
        )  # where topic, pin and people coming in used up the first hour
    again = len((await world.room("INC-1")).saying("Nobody leads yet"))
    assert again > 1

    await bo.says("/incident lead")
    await world.passes(seconds=10)
    assert (await world.room("INC-1")).saying("Nobody leads yet") == []
    await bo.says("/incident undo")
    await world.passes(seconds=10)
    assert len((await world.room("INC-1")).saying("Nobody leads yet")) == again

    await bo.says("/incident lead")
    await world.passes(hours=1)
    room = await world.room("INC-1")
    assert room.saying("Nobody leads yet") == []
    answered = room.saying("Bo Chen leads.")
    assert len(answered) == again
    assert not any(buttons(card) for card in answered)


async def test_a_nudge_survives_a_restart_and_comes_once(world: World) -> None:
    """One process dies before it is due; two that start afterwards both look."""
    await world.person("bo").says("/incident declare printers are on fire sev5")
    await world.passes(minutes=1)
    first, tasks = world.worker, all_tasks()
    world.clock.passes(minutes=2)
    one, two = (Worker(first._context, tasks, f"after-{n}") for n in (1, 2))
    await asyncio.gather(one.drain(), two.drain())
    world.worker = two
    assert len((await world.room("INC-1")).saying("Nobody leads yet")) == 1


async def test_notes_and_decisions_have_the_time_they_happened(open_incident: World) -> None:
    world = open_incident
    bo = world.person("bo", room="INC-1")
    await world.passes(minutes=30)
    await bo.says('/incident note "CPU went up" at 10:10')
    await bo.says('/incident decision "Roll back"')

    found = {e.kind: e for e in await world.timeline("INC-1") if e.author == "bo"}
    assert (world.clock.now() - found[Kind.NOTE].happened_at) > timedelta(minutes=15)
    assert found[Kind.DECISION].text == "Roll back"


async def test_tasks_are_numbered_shown_and_finished(open_incident: World) -> None:
    world = open_incident
    bo = world.person("bo", room="INC-1")
    assert "Task 1 for Cy Okafor" in await bo.says('/incident task "Fail over" @cy 30m')
    assert "Follow-up 2" in await bo.says('/incident followup "Alert on disk space" @bo')
    assert "Open tasks: 1" in words((await world.room("INC-1")).card)

    listed = await bo.says("/incident tasks")
    assert "Done: 1 Fail over" in await listed.press("Done 1")
    assert "Open tasks" not in words((await world.room("INC-1")).card)


async def test_a_pinned_message_goes_on_the_timeline_and_off_it_again(
    open_incident: World,
) -> None:
    world = open_incident
    cy, bo = world.person("cy"), world.person("bo")
    message = await cy.writes("the disk is full", room="INC-1")
    await world.passes(minutes=1)
    assert "Added to the timeline" in await bo.reacts("capture", message)
    assert "already" in await bo.reacts("capture", message)

    (entry,) = [e for e in await world.timeline("INC-1") if e.kind is Kind.MESSAGE]
    assert (entry.author, entry.text, entry.happened_at) == ("cy", "the disk is full", message.at)

    await bo.reacts("uncapture", message)
    assert not [e for e in await world.timeline("INC-1") if e.kind is Kind.MESSAGE]


async def test_a_reaction_makes_a_task_once(open_incident: World) -> None:
    world = open_incident
    message = await world.person("cy").writes("somebody check the replica", room="INC-1")
    bo = world.person("bo", room="INC-1")
    assert "Task 1 made" in await bo.reacts("totask", message)
    assert "already" in await bo.reacts("totask", message)
    assert "somebody check the replica" in await bo.says("/incident tasks")


async def test_the_reaction_taken_back_takes_the_task_back_unless_it_is_done(
    open_incident: World,
) -> None:
    world = open_incident
    message = await world.person("cy").writes("somebody check the replica", room="INC-1")
    bo = world.person("bo", room="INC-1")
    await bo.reacts("totask", message)
    assert "Taken back" in await bo.reacts("untotask", message, delivery="gone")
    once = await world.timeline("INC-1")
    await bo.reacts("untotask", message, delivery="gone")
    assert await world.timeline("INC-1") == once, "told again, it changes nothing"
    assert "None yet" in await bo.says("/incident tasks")

    assert "Task 1 made" in await bo.reacts("totask", message)
    await bo.says("/incident done 1")
    assert "is done, so it stays" in await bo.reacts("untotask", message)


async def test_a_form_that_cannot_be_read_says_what_is_accepted_and_keeps_the_words(
    open_incident: World,
) -> None:
    bo = open_incident.person("bo", room="INC-1")
    before = len(await open_incident.timeline("INC-1"))
    form = (await bo.says("/incident update")).form
    told = await bo.fills(form, text='They said "wait"', next="soonish")
    assert "“soonish” is not a time, such as 20m, 14:32 or fri 17:00" in told
    assert len(await open_incident.timeline("INC-1")) == before
    if told.seen.buttons:  # where the form closed, the words are shown, and another one opens
        assert 'They said "wait"' in told
        form = (await told.press("Ask again")).form
    await bo.fills(form, text='They said "wait"', next="20m")
    assert (await open_incident.timeline("INC-1"))[-1].text == 'They said "wait"'


async def test_what_was_searched_can_be_declared_instead(open_incident: World) -> None:
    told = await open_incident.person("bo").says("/incident search slow again")
    assert "INC-2" in await told.press('Declare "search slow again"')
    assert (await open_incident.incident("INC-2")).title == "search slow again"


async def test_undo_takes_back_the_last_entry_within_a_minute(open_incident: World) -> None:
    world = open_incident
    bo = world.person("bo", room="INC-1")
    await bo.says('/incident note "wrong room"')
    assert "wrong room" in await bo.says("/incident undo")
    assert "wrong room" not in [e.text for e in await world.timeline("INC-1")]

    await bo.says('/incident note "right room"')
    await world.passes(minutes=2)
    assert "Nothing of yours" in await bo.says("/incident undo")


async def test_resolved_asks_who_reported_it_and_still_broken_reopens(
    open_incident: World,
) -> None:
    world = open_incident
    await world.person("ana", room="INC-1").says("/incident join")
    await world.person("ana", room="INC-1").says("/incident resolved")
    asked = (await world.direct("bo")).last
    assert "Is it fixed for you?" in words(asked)

    await world.person("bo").presses("Still broken", asked)
    assert (await world.incident("INC-1")).status is Status.INVESTIGATING


async def test_the_managers_of_the_owning_team_get_the_draft(open_incident: World) -> None:
    world = open_incident
    await world.person("bo", room="INC-1").says("/incident resolved")
    assert "Postmortem draft of INC-1" in await world.direct("mia")


async def test_somebody_who_has_not_joined_is_asked_once_more(open_incident: World) -> None:
    world = open_incident
    mia = world.person("mia", room="INC-1")
    asked = await mia.says("/incident sev 3")
    assert "You haven't joined INC-1" in asked
    assert (await world.incident("INC-1")).severity == 1

    pressed = await mia.presses("Resolve", (await world.room("INC-1")).card)
    assert "You haven't joined INC-1" in pressed
    assert (await world.incident("INC-1")).is_open

    await asked.press("Join and continue")
    assert (await world.incident("INC-1")).severity == 3
    assert "Mia Keller joined" in await mia.says("/incident timeline")
    assert "Updated" in await mia.says('/incident update "Still down"'), "nothing is asked twice"


async def test_a_command_that_needs_a_room_offers_the_open_incidents(open_incident: World) -> None:
    asked = await open_incident.person("bo").says("/incident timeline")
    assert "For which incident?" in asked
    assert "declared: checkout is down" in await asked.press("INC-1 checkout is down")


async def test_a_missing_argument_opens_the_form(open_incident: World) -> None:
    world = open_incident
    bo = world.person("bo", room="INC-1")
    form = (await bo.says("/incident update")).form
    await bo.fills(form, text="Failing over", status="monitoring", next="30m")

    incident = await world.incident("INC-1")
    assert incident.status is Status.MONITORING
    assert incident.next_update_at == world.clock.now() + timedelta(minutes=30)
