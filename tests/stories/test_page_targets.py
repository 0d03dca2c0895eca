"""Whom a step tells besides one person: a channel, the catch-all, whoever is there; and who left meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.core.escalation import Direction, Step, Target, TargetKind
from bot.core.people import PersonId
from bot.core.timeline import Kind
from tests.fakes.notifier import FakeNotifier
from tests.paging import (
    FIRST_ANA,
    MINUTE,
    RULES,
    THEN_BO,
    Scene,
    adopt,
    pages,
    person,
    policy,
    told,
    with_policy,
)
from tests.world import World


async def escalated(world: World, reference: str = "INC-1") -> list[str]:
    entries = await world.timeline(reference)
    return [entry.text for entry in entries if entry.kind is Kind.ESCALATED]


async def a_channel(world: World) -> Target:
    """The stage's announcement channel, as a target."""
    room = await world.platforms[world.stage.name].announce_room()
    return Target(TargetKind.CHANNEL, f"{world.stage.name}/{room}")


# --- channels ----------------------------------------------------------------------------------


async def test_a_step_may_tell_a_channel_where_anybody_can_take_it(scene: Scene) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA)))
    channel = await a_channel(world)
    adopt(world, with_policy(policy(Step((channel,)), THEN_BO)))
    await world.person("cy").says("/incident declare search is slow sev1 #checkout")
    (shown,) = (await world.announcements()).saying("📟 search is slow · SEV1 · INC-2")
    assert "since Tue 09:00 UTC" in shown

    assert "You acknowledged INC-2." in await world.person("bo").presses("Acknowledge", shown)
    await world.passes(hours=1)
    assert [e for e in await world.timeline("INC-2") if e.kind is Kind.PAGED] == []
    (shown,) = (await world.announcements()).saying("📟 search is slow · SEV1 · INC-2")
    assert "Acknowledged by @Bo Chen." in shown


async def test_when_nobody_in_the_channel_takes_it_the_next_step_is_paged(scene: Scene) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA)))
    adopt(world, with_policy(policy(Step((await a_channel(world),)), THEN_BO)))
    await world.person("cy").says("/incident declare search is slow sev1 #checkout")
    begun = (await world.timeline("INC-2"))[0].recorded_at
    await world.passes(minutes=6)
    (paged,) = [e for e in await world.timeline("INC-2") if e.kind is Kind.PAGED]
    assert (paged.data["person"], paged.recorded_at - begun) == ("bo", 5 * MINUTE)


async def test_a_channel_on_a_platform_that_is_not_connected_is_passed_over(scene: Scene) -> None:
    elsewhere = Step((Target(TargetKind.CHANNEL, "teams/war-room"),))
    world = await scene.begin(with_policy(policy(elsewhere, THEN_BO)))
    assert await told(world) == ["bo 0"]
    assert await escalated(world) == ["channel:teams/war-room reaches nobody"]


async def test_a_channel_that_is_gone_is_said_and_the_next_step_is_paged_at_once(
    scene: Scene,
) -> None:
    gone = Step((Target(TargetKind.CHANNEL, f"{scene.stage}/999999999999"),))
    world = await scene.begin(with_policy(policy(gone, THEN_BO)))
    await world.passes(minutes=4)
    assert [words.split()[0] for words in await told(world)] == ["bo"]
    assert "could not be delivered" in await world.room("INC-1")


async def test_a_channel_hears_nothing_of_a_private_incident(scene: Scene) -> None:
    """Who reads it nobody knows; whoever is next is paged at once, and nothing is dropped."""
    world = await scene.begin(with_policy(policy(FIRST_ANA)))
    adopt(world, with_policy(policy(Step((await a_channel(world),)), THEN_BO)))
    await world.person("cy").says("/incident declare secret leak sev1 --private #checkout")
    shown = await world.announcements()
    for hidden in ("INC-2", "secret", "private"):
        assert hidden not in shown
    paged = [e.data["person"] for e in await world.timeline("INC-2") if e.kind is Kind.PAGED]
    assert paged == ["bo"]


# --- the catch-all -----------------------------------------------------------------------------


async def test_the_catch_all_is_told_at_once_when_no_step_reaches_anybody(scene: Scene) -> None:
    world = await scene.begin(with_policy(policy(Step((person("nobody"),)))))
    assert await told(world) == ["mia 0"]
    assert "checkout is down" in await world.direct("mia")
    await world.passes(seconds=10)
    assert "Nobody has acknowledged the page" in await world.room("INC-1")


async def test_a_service_without_a_policy_goes_to_the_catch_all(scene: Scene) -> None:
    org = with_policy(policy(FIRST_ANA))
    services = {name: replace(known, escalation=None) for name, known in org.services.items()}
    policies = {**org.policies, "other": policy(THEN_BO)}
    world = await scene.begin(replace(org, services=services, policies=policies))
    assert await told(world) == ["mia 0"]


async def test_a_catch_all_that_reaches_nobody_is_said_loudly_and_can_still_be_taken(
    scene: Scene,
) -> None:
    org = with_policy(policy(Step((person("nobody"),))))
    world = await scene.begin(replace(org, catch_all=(person("nobody"),)))
    await world.passes(seconds=10)
    room = await world.room("INC-1")
    (loud,) = room.saying("Nobody has acknowledged the page")
    assert "You acknowledged INC-1." in await world.person("bo").presses("Acknowledge", loud)
    assert [page.state for page in await pages(world)] == ["acknowledged"]


async def test_whoever_the_catch_all_reaches_may_take_it_and_nobody_is_told_again(
    scene: Scene,
) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA)))
    await world.passes(minutes=6)
    (page,) = (await world.direct("mia")).saying("checkout is down")
    await world.person("mia").presses("Acknowledge", page)
    await world.passes(hours=30)
    assert await told(world) == ["ana 0", "mia 5"]
    assert [page.state for page in await pages(world)] == ["acknowledged"]


# --- what kind of escalation -------------------------------------------------------------------


async def test_more_authority_and_more_skill_are_recorded_as_such(scene: Scene) -> None:
    """ITIL's two ways to escalate."""
    boss = Step((person("mia"),), 5 * MINUTE, Direction.HIERARCHICAL)
    world = await scene.begin(with_policy(policy(FIRST_ANA, THEN_BO, boss)))
    await world.passes(minutes=11)
    found = [
        (entry.data["level"], entry.data["direction"])
        for entry in await world.timeline("INC-1")
        if entry.kind is Kind.ESCALATED
    ]
    assert found == [("1", "functional"), ("2", "hierarchical")]


# --- at the same moment ------------------------------------------------------------------------


async def test_of_two_who_acknowledge_in_the_same_instant_one_has_it(scene: Scene) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA)))
    command = world.stage.command
    answers = await asyncio.gather(
        command(PersonId("ana"), "/oncall ack 1", "", world.delivery()),
        command(PersonId("bo"), "/oncall ack 1", "", world.delivery()),
    )
    await world.settle()
    assert sum("You acknowledged INC-1." in answer for answer in answers) == 1
    assert sum("already acknowledged it." in answer for answer in answers) == 1
    acks = [e for e in await world.timeline("INC-1") if e.kind is Kind.ACKNOWLEDGED]
    assert len(acks) == 1


async def test_an_acknowledgement_in_the_very_second_of_the_next_step_stops_it_or_comes_after(
    scene: Scene,
) -> None:
    """The clock reads the second in which bo comes due; whichever is first, nobody is told twice."""
    world = await scene.begin(with_policy(policy(FIRST_ANA, THEN_BO)))
    start = (await world.timeline("INC-1"))[0].recorded_at
    await world.passes(minutes=4, seconds=59)
    world.clock.move_to(start + 5 * MINUTE)
    said = await world.stage.command(PersonId("ana"), "/oncall ack 1", "", world.delivery())
    assert "You acknowledged INC-1." in said
    await world.passes(hours=1)
    assert await told(world) == ["ana 0"]


# --- who left ----------------------------------------------------------------------------------


async def test_who_leaves_while_paged_is_told_nothing_more_and_the_page_goes_on(
    scene: Scene, notifier: FakeNotifier
) -> None:
    """Her SMS was due three minutes after the page."""
    org = with_policy(policy(FIRST_ANA, THEN_BO), ana=RULES)
    world = await scene.begin(org)
    await world.passes(minutes=1)
    adopt(world, replace(org, people={w: p for w, p in org.people.items() if w != "ana"}))
    await world.passes(minutes=5)
    assert notifier.told == []
    assert await told(world) == ["ana 0", "bo 5"]


async def test_a_page_whose_whole_policy_has_left_ends_at_the_catch_all(scene: Scene) -> None:
    org = with_policy(policy(FIRST_ANA, THEN_BO, repeat=3))
    world = await scene.begin(org)
    left = {who: known for who, known in org.people.items() if who not in ("ana", "bo")}
    adopt(world, replace(org, people=left))
    await world.passes(minutes=6)
    assert await told(world) == ["ana 0", "mia 5"]
    assert "person:bo reaches nobody" in await escalated(world)


# --- what is paged while it is over ------------------------------------------------------------


@pytest.mark.parametrize("end", ["resolved", "cancel"])
async def test_when_the_incident_is_over_nobody_more_is_told(scene: Scene, end: str) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA, THEN_BO)))
    await world.person("cy", room="INC-1").says(f"/incident {end}")
    await world.passes(hours=1)
    assert await told(world) == ["ana 0"]
    (page,) = (await world.direct("ana")).saying("checkout is down")
    assert "Acknowledge" not in [button.label for button in page.buttons]
