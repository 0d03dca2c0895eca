"""Pages in virtual time: who is told when, and what happens when nobody answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from bot.core.escalation import Choose, Step, Target, TargetKind
from bot.core.people import Hours
from bot.core.severity import Severity
from bot.core.timeline import Kind
from tests.paging import (
    FIRST_ANA,
    MINUTE,
    THEN_BO,
    Scene,
    adopt,
    pages,
    person,
    policy,
    told,
    with_policy,
)

# --- steps -------------------------------------------------------------------------------------


async def test_nobody_acknowledges(scene: Scene) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA, THEN_BO, repeat=2)))
    await world.passes(hours=2)
    assert await told(world) == ["ana 0", "bo 5", "ana 10", "bo 15", "mia 20"]
    assert "Nobody has acknowledged the page" in await world.room("INC-1")

    await world.passes(hours=24)
    (page,) = await pages(world)
    assert page.state == "expired"
    assert "Page 1 has expired" in await world.room("INC-1")


async def test_acknowledged_at_the_last_second(scene: Scene) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA, THEN_BO)))
    await world.passes(minutes=4, seconds=59)
    assert "You acknowledged INC-1." in await world.person("ana").says("/oncall ack")
    await world.passes(hours=1)
    assert await told(world) == ["ana 0"]


async def test_two_people_acknowledge_at_once(scene: Scene) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA)))
    assert "You acknowledged INC-" in await world.person("ana").says("/incident ack 1")
    assert "Ana Lima already acknowledged it." in await world.person("bo").says("/incident ack 1")
    acks = [e for e in await world.timeline("INC-1") if e.kind is Kind.ACKNOWLEDGED]
    assert [e.author for e in acks] == ["ana"]


async def test_a_policy_that_changes_does_not_change_a_page_under_way(scene: Scene) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA, THEN_BO)))
    adopt(world, with_policy(policy(Step((person("cy"),)))))
    await world.passes(minutes=6)
    assert await told(world) == ["ana 0", "bo 5"]


async def test_somebody_who_left_meanwhile_is_passed_over_and_said_so(scene: Scene) -> None:
    org = with_policy(policy(FIRST_ANA, THEN_BO, Step((person("cy"),), 5 * MINUTE)))
    world = await scene.begin(org)
    left = {who: known for who, known in org.people.items() if who != "bo"}
    adopt(world, replace(org, people=left))
    await world.passes(minutes=6)
    assert await told(world) == ["ana 0", "cy 5"]
    said = [e.text for e in await world.timeline("INC-1") if e.kind is Kind.ESCALATED]
    assert "person:bo reaches nobody" in said


async def test_a_step_may_be_for_some_severities_only(scene: Scene) -> None:
    only_sev1 = replace(FIRST_ANA, severities=(Severity.SEV1,))
    world = await scene.begin(with_policy(policy(only_sev1, THEN_BO)), "slow sev2 #checkout")
    assert await told(world) == ["bo 0"]


async def test_a_step_may_be_for_those_on_whose_clock_it_is_day(scene: Scene) -> None:
    """It is 09:00 in London, 06:00 in São Paulo and 10:00 in Berlin."""
    by_day = Step((person("ana"), person("bo")), hours=Hours(time(9), time(18)))
    world = await scene.begin(with_policy(policy(by_day)))
    assert await told(world) == ["bo 0"]


async def test_round_robin_takes_another_one_for_each_page(scene: Scene) -> None:
    team = Step((Target(TargetKind.TEAM, "payments"),), choose=Choose.ROUND_ROBIN)
    world = await scene.begin(with_policy(policy(team)))
    for number in (2, 3, 4):
        await world.person("cy").says(f"/incident declare again {number} sev1 #checkout")
    found = [
        next(e.data["person"] for e in await world.timeline(f"INC-{n}") if e.kind is Kind.PAGED)
        for n in (1, 2, 3, 4)
    ]
    assert found == ["ana", "bo", "cy", "ana"]


async def test_the_next_on_call_is_the_backup(scene: Scene) -> None:
    now = Step((Target(TargetKind.SCHEDULE, "payments-primary"),))
    after = Step((Target(TargetKind.NEXT, "payments-primary"),), 5 * MINUTE)
    world = await scene.begin(with_policy(policy(now, after)))
    await world.passes(minutes=6)
    assert await told(world) == ["ana 0", "bo 5"]


# --- answers -----------------------------------------------------------------------------------


async def test_without_a_second_sign_an_acknowledged_page_opens_again(scene: Scene) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA, THEN_BO, ack_timeout=30 * MINUTE)))
    said = await world.person("ana").says("/incident ack 1")
    assert "Acknowledge again within 30 min, or paging goes on." in said
    await world.passes(minutes=20)
    await world.person("ana").says("/incident ack 1")
    await world.passes(minutes=29)
    assert await told(world) == ["ana 0"]
    await world.passes(minutes=7)
    assert await told(world) == ["ana 0", "ana 50", "bo 55"]


async def test_a_snoozed_page_comes_back_by_itself(scene: Scene) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA, THEN_BO)))
    page = (await world.direct("ana")).by_bot[0]
    assert "snoozed until" in await world.person("ana").presses("Snooze 30 min", page)
    await world.passes(minutes=29)
    assert await told(world) == ["ana 0"]
    await world.passes(minutes=7)
    assert await told(world) == ["ana 0", "ana 30", "bo 35"]


async def test_a_page_is_handed_to_somebody_else_and_then_goes_on(scene: Scene) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA, THEN_BO)))
    await world.passes(minutes=1)
    assert "cy is being paged" in await world.person("ana").says("/oncall reassign 1 person:cy")
    await world.passes(minutes=12)
    assert await told(world) == ["ana 0", "cy 1", "ana 6", "bo 11"]


async def test_the_page_itself_is_reassigned_by_a_form_and_escalated_by_a_button(
    scene: Scene,
) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA, THEN_BO)))
    page = (await world.direct("ana")).by_bot[0]
    ana = world.person("ana")
    form = (await ana.presses("Reassign", page)).form
    assert "cy is being paged" in await ana.fills(form, who="person:cy")
    assert await told(world) == ["ana 0", "cy 0"]
    assert "Escalated" in await ana.presses("Escalate", page)


async def test_escalating_by_hand_and_stopping(scene: Scene) -> None:
    world = await scene.begin(with_policy(policy(FIRST_ANA, THEN_BO)))
    await world.passes(minutes=1)
    await world.person("ana").says("/incident escalate INC-1")
    assert await told(world) == ["ana 0", "bo 1"]
    await world.person("ana").says("/incident unpage INC-1")
    await world.passes(hours=1)
    assert await told(world) == ["ana 0", "bo 1"]
