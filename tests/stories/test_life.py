"""The life of an incident as people live it: triage, merging, pauses, coming back, taking back."""

from __future__ import annotations

import pytest

from bot.core.incident import Mode, Status
from bot.core.timeline import Kind
from tests.words import buttons, words
from tests.world import World


@pytest.fixture
async def incident(world: World) -> World:
    await world.person("bo").says("/incident declare checkout is down sev2 #checkout")
    return world


async def status(world: World, reference: str = "INC-1") -> Status:
    return (await world.incident(reference)).status


# --- triage ---


async def test_what_is_reported_is_accepted(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare mails arrive late --triage")
    assert await status(world) is Status.TRIAGE

    card = (await world.room("INC-1")).card
    assert [b.label for b in buttons(card)] == ["Accept", "Decline", "Similar"]
    assert "INC-1 accepted" in await bo.presses("Accept", card)
    assert await status(world) is Status.INVESTIGATING
    assert "Take the lead" in words((await world.room("INC-1")).card)


async def test_what_is_reported_is_declined_with_a_reason(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare mails arrive late --triage")
    form = (await bo.presses("Decline", (await world.room("INC-1")).card)).form
    assert "INC-1 declined" in await bo.fills(form, why="A planned test")

    assert await status(world) is Status.DECLINED
    entry = (await world.timeline("INC-1"))[-1]
    assert (entry.kind, entry.text) == (Kind.STATUS, "A planned test")
    assert "not in triage" in await bo.says("/incident accept")


# --- merging ---


async def test_a_merged_incident_sends_its_people_and_its_room_on(incident: World) -> None:
    world = incident
    reply = await world.person("cy").says("/incident declare checkout fails sev2 #checkout")
    assert "Similar incidents" in reply
    assert "merged into INC-1. Work goes on there" in await reply.press("Merge into INC-1")

    assert await status(world, "INC-2") is Status.MERGED
    room = await world.room("INC-2")
    assert "Merged into INC-1" in words(room.last)
    assert "merged into INC-1" in words(room.card)
    assert "merged INC-2 into this" in await world.person("bo").says("/incident timeline INC-1")
    assert "Cy Okafor" in await world.person("bo").says("/incident roles INC-1")


async def test_what_is_said_in_the_merged_room_is_about_where_work_goes_on(incident: World) -> None:
    world = incident
    cy = world.person("cy", room="INC-2")
    await cy.says("/incident declare checkout fails sev2 #checkout")
    await cy.says("/incident merge INC-1")
    await cy.says("/incident note the queue is full")
    assert "the queue is full" in [entry.text for entry in await world.timeline("INC-1")]


async def test_merging_never_widens_who_may_see(incident: World) -> None:
    world = incident
    bo = world.person("bo")
    await bo.says("/incident declare zebra payroll --private")
    await bo.says("/incident merge INC-1 INC-2")
    shown = await world.person("mia").says("/incident show INC-1")
    assert "INC-2" not in shown
    assert "zebra" not in str(shown)

    await bo.says("/incident declare zebra two --private")
    await bo.says("/incident declare zebra three")
    await bo.says("/incident merge INC-3 INC-4")
    assert "INC-3" not in await world.person("mia").says("/incident timeline INC-4")


async def test_nothing_is_merged_into_itself_or_into_what_is_over(incident: World) -> None:
    bo = incident.person("bo", room="INC-1")
    assert "into itself" in await bo.says("/incident merge INC-1 INC-1")
    await bo.says("/incident declare second")
    await bo.says("/incident resolved INC-2")
    assert "merge into an open one" in await bo.says("/incident merge INC-2")


# --- pauses, coming back ---


async def test_a_paused_incident_is_left_alone_until_it_goes_on(incident: World) -> None:
    world = incident
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident unpage")
    await bo.says('/incident update "Waiting" next 20m')
    assert "INC-1 paused" in await bo.says('/incident pause "Waiting for the vendor"')
    before = len((await world.room("INC-1")).by_bot)
    await world.passes(hours=5)
    room = await world.room("INC-1")
    assert len(room.by_bot) == before
    assert "paused: Waiting for the vendor" in words(room.card)

    assert "INC-1 resumed" in await bo.presses("Resume", room.card)
    await world.passes(hours=2, minutes=1)
    assert "Still happening?" in await world.room("INC-1")


async def test_the_reason_of_a_change_stands_on_the_timeline(incident: World) -> None:
    bo = incident.person("bo", room="INC-1")
    await bo.says('/incident resolved "Rolled back"')
    await bo.says('/incident reopen "It came back"')
    await bo.says('/incident cancel "Not ours"')
    reasons = [e.text for e in await incident.timeline("INC-1") if e.kind is Kind.STATUS]
    assert reasons == ["Rolled back", "It came back", "Not ours"]


async def test_a_time_is_corrected_by_hand(incident: World) -> None:
    bo = incident.person("bo", room="INC-1")
    await incident.passes(minutes=30)
    await bo.says("/incident resolved")
    assert "was resolved at" in await bo.says("/incident time resolved at 5m")
    assert "out of order" in await bo.says("/incident time resolved at 3h")


async def test_what_is_written_down_afterwards_wakes_nobody(world: World) -> None:
    bo = world.person("bo")
    reply = await bo.says("/incident declare it was slow sev1 #checkout --retrospective")
    assert "nobody is paged" in reply
    await world.passes(hours=3)
    assert (await world.incident("INC-1")).mode is Mode.RETROSPECTIVE
    assert Kind.PAGED not in [entry.kind for entry in await world.timeline("INC-1")]
    assert (await world.announcements()).by_bot == []
    assert len((await world.room("INC-1")).by_bot) == 1, "the card alone"


# --- major ---


async def test_a_major_incident_asks_for_communications(incident: World) -> None:
    world = incident
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident lead")
    assert "is major" in await bo.says("/incident major")
    assert "investigating, major" in words((await world.room("INC-1")).card)
    await world.passes(minutes=16)
    if not (await world.room("INC-1")).saying("nobody has communications"):
        await world.passes(
            minutes=45
        )  # where topic, pin and people coming in used up the first hour
    asked = (await world.room("INC-1")).saying("nobody has communications")
    assert len(asked) == 1
    await bo.presses("Take communications", asked[0])
    assert "Communications: @Bo Chen" in words((await world.room("INC-1")).card)
    assert "is not major" in await bo.says("/incident major off")


async def test_handing_over_tells_where_it_stands(incident: World) -> None:
    world = incident
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident lead")
    await bo.says('/incident update "Failing over"')
    await bo.says("/incident handoff lead @cy")
    told = (await world.direct("cy")).saying("handed you the lead")
    assert len(told) == 1
    assert "Failing over" in words(told[0])
    assert (await world.incident("INC-1")).lead == "cy"


# --- briefs ---


async def test_catching_up_tells_what_happened_since(incident: World) -> None:
    world = incident
    mia, bo = world.person("mia", room="INC-1"), world.person("bo", room="INC-1")
    await mia.says('/incident note "Looked at the graphs"')
    await world.passes(minutes=10)
    await bo.says('/incident update identified "The disk is full"')
    told = await mia.says("/incident catchup")
    assert "The disk is full" in told
    assert "Looked at the graphs" not in told
    assert "Nothing new" in await bo.says("/incident catchup")


async def test_a_brief_for_each_audience(incident: World) -> None:
    bo = incident.person("bo", room="INC-1")
    await bo.says("/incident lead")
    await bo.says('/incident impact "Nobody can pay by card"')
    await bo.says('/incident decision "Roll back"')
    await bo.says('/incident task "Free some space" @cy')
    told = str(await bo.says("/incident brief exec"))
    assert "Nobody can pay by card" in told
    assert "Free some space — @Cy Okafor" in told
    tactical = await bo.says("/incident brief tactical")
    assert "Roll back" in tactical
    customer = str(await bo.says("/incident brief customer"))
    assert "UTC" in customer
    for inside in ("INC-1", "Bo Chen", "Roll back", "Nobody can pay", "checkout is down", "SEV"):
        assert inside not in customer


async def test_a_subscriber_is_told_privately_and_can_stop(incident: World) -> None:
    world = incident
    mia = world.person("mia")
    await mia.presses("Subscribe", (await world.announcements()).last)
    await world.person("bo", room="INC-1").says('/incident update "Failing over"')
    told = (await world.direct("mia")).saying("Failing over")
    assert len(told) == 1
    await mia.presses("Unsubscribe", told[0])
    await world.person("bo", room="INC-1").says("/incident resolved")
    assert len((await world.direct("mia")).saying("Resolved")) == 0


# --- asking before, and the two questions ---


async def test_the_fifth_page_in_ten_minutes_is_asked_about(incident: World) -> None:
    world = incident
    bo = world.person("bo", room="INC-1")
    for _ in range(4):
        assert "Paging" in await bo.says("/incident page person:cy")
    asked = await bo.says("/incident page person:cy")
    assert "You have paged 4 times in ten minutes" in asked
    assert "Paging Cy Okafor" in await asked.press("Page")
    await world.passes(minutes=11)
    assert "Paging" in await bo.says("/incident page person:cy")


@pytest.mark.parametrize(
    ("affected", "worsening", "severity"),
    [("1", "1", 1), ("1", "2", 2), ("3", "1", 3), ("2", "3", 4), ("3", "3", 5)],
)
async def test_two_plain_questions_give_the_severity(
    world: World, affected: str, worsening: str, severity: int
) -> None:
    bo = world.person("bo")
    form = (await bo.says("/incident declare")).form
    await bo.fills(form, title="checkout is down", affected=affected, worsening=worsening)
    assert (await world.incident("INC-1")).severity == severity


async def test_a_severity_that_was_chosen_beats_the_questions(world: World) -> None:
    bo = world.person("bo")
    form = (await bo.says("/incident")).form
    await bo.fills(form, title="x", affected="1", worsening="1", severity="sev4")
    assert (await world.incident("INC-1")).severity == 4


async def test_a_question_that_was_not_answered_leaves_the_severity_open(world: World) -> None:
    bo = world.person("bo")
    form = (await bo.says("/incident")).form
    await bo.fills(form, title="x", affected="1")
    assert (await world.incident("INC-1")).severity is None
