"""The end of an incident: who confirms it, what is written up, and what a close waits for."""

from __future__ import annotations

import pytest

from bot.core.incident import Status
from bot.core.timeline import Kind
from tests.world import World


@pytest.fixture
async def resolved(world: World) -> World:
    """Reported by bo, resolved by ana."""
    await world.person("bo").says("/incident declare checkout is down sev2 #checkout")
    await world.person("ana", room="INC-1").says("/incident join")
    await world.person("ana", room="INC-1").says("/incident resolved")
    return world


async def status(world: World) -> Status:
    return (await world.incident("INC-1")).status


async def test_a_close_waits_for_the_postmortem_and_for_the_requesters_word(
    resolved: World,
) -> None:
    world = resolved
    ana, bo = world.person("ana", room="INC-1"), world.person("bo")
    told = await ana.says("/incident close")
    assert "Not closed yet" in told
    assert "Bo Chen has not said that it is fixed" in told
    assert [b.label for b in told.card.buttons] == [
        "Fixed, for Bo Chen", "Postmortem done", "None needed",
    ]  # fmt: skip
    assert await status(world) is Status.RESOLVED

    asked = (await world.direct("bo")).saying("Is it fixed for you?")[0]
    assert "Thank you" in await bo.presses("Fixed", asked)
    closing = await told.press("None needed")
    assert "is not needed" in closing
    assert "tatus: closed" in await closing.press("Close")
    assert await status(world) is Status.CLOSED


async def test_no_other_way_round_leads_to_closed_or_merged(resolved: World) -> None:
    ana = resolved.person("ana", room="INC-1")
    assert "cannot be closed yet" in await ana.says("/incident status closed")
    assert "cannot be closed yet" in await ana.says('/incident update closed "Done"')
    assert "Nothing done yet" in await ana.says("/incident status merged")
    assert await status(resolved) is Status.RESOLVED


async def test_a_confirmation_counts_for_the_resolution_it_followed(resolved: World) -> None:
    ana, bo = resolved.person("ana", room="INC-1"), resolved.person("bo", room="INC-1")
    await bo.says("/incident confirm")
    await ana.says("/incident postmortem done")
    await bo.says("/incident reopen")
    assert "there is no fix to confirm" in await bo.says("/incident confirm")
    await ana.says("/incident resolved")
    assert "Bo Chen has not said" in await ana.says("/incident close")
    assert "Close" in [b.label for b in (await bo.says("/incident confirm")).card.buttons]


async def test_a_major_incident_names_who_led_and_who_spoke_before_it_is_closed(
    resolved: World,
) -> None:
    ana, bo = resolved.person("ana", room="INC-1"), resolved.person("bo", room="INC-1")
    told = await ana.says("/incident major")
    assert "It needs a lead (/incident lead) and communications" in told
    await bo.says("/incident confirm")
    await ana.says("/incident postmortem done")
    told = await ana.says("/incident close")
    assert "Name who led it" in told
    assert "Name who had communications" in told
    assert [b.label for b in told.card.buttons] == ["I led", "I had communications"]
    assert "cannot be closed yet" in await ana.says("/incident status closed")
    assert await status(resolved) is Status.RESOLVED

    await told.press("I led")
    told = await ana.says("/incident close")
    assert [b.label for b in told.card.buttons] == ["I had communications"]
    await bo.says("/incident role communications")
    assert "tatus: closed" in await ana.says("/incident close")


async def test_a_major_incident_is_resolved_at_once_whoever_is_named(world: World) -> None:
    """The truth does not wait for names: customers would read of an outage that is over."""
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare checkout is down sev1 #checkout")
    assert "nobody yet" in (await world.room("INC-1")).card
    assert "tatus: resolved" in await bo.says("/incident resolved")


async def test_a_major_incident_is_not_closed_without_its_postmortem(resolved: World) -> None:
    ana, bo = resolved.person("ana", room="INC-1"), resolved.person("bo", room="INC-1")
    await ana.says("/incident major")
    await ana.says("/incident lead")
    await bo.says("/incident role communications")
    await bo.says("/incident confirm")
    assert "Not needed" not in [
        b.label for b in (await ana.says("/incident postmortem")).card.buttons
    ]
    assert "needs a postmortem" in await ana.says('/incident postmortem skip "No time"')
    told = await ana.says("/incident close")
    assert "is done" in await told.press("Postmortem done")
    assert "tatus: closed" in await ana.says("/incident close")


async def test_a_test_is_closed_without_any(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare a drill sev4 --test")
    await bo.says("/incident resolved")
    assert "tatus: closed" in await bo.says("/incident close")


async def test_the_draft_says_what_it_lacks(resolved: World) -> None:
    told = await resolved.person("mia").says("/incident postmortem INC-1")
    assert "of 100" in told
    assert "Missing: a summary" in told
    await resolved.person("bo", room="INC-1").says("/incident undo")
    entries = [e.kind for e in await resolved.timeline("INC-1")]
    assert Kind.POSTMORTEM not in entries


async def test_a_merge_taken_back_is_named_nowhere(world: World) -> None:
    bo = world.person("bo", room="INC-2")
    await bo.says("/incident declare checkout is down sev2")
    await bo.says("/incident declare checkout fails sev2")
    await bo.says('/incident note INC-2 "seen in Berlin"')
    await bo.says("/incident merge INC-1")
    assert "seen in Berlin" in await bo.says("/incident timeline INC-1")
    await bo.says("/incident undo INC-2")
    told = await bo.says("/incident timeline INC-1")
    assert "merged INC-2" not in told
    assert "seen in Berlin" not in told
    assert (await world.incident("INC-2")).is_open


async def test_an_end_taken_back_goes_on_paging(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare checkout is down sev1 #checkout")
    await bo.says("/incident resolved")
    await bo.says("/incident undo")
    await world.passes(hours=3)
    assert Kind.UNREACHED in [e.kind for e in await world.timeline("INC-1")]
