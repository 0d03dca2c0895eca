"""Consequences that some verb once forgot: each follows now, whichever command, form or button made the change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.admin.context import About, AdminContext
from bot.admin.organisation import ApplyOrganisation
from bot.admin.table import ask
from bot.adopting import adopter
from bot.core.people import SYSTEM
from bot.org import parse_org, sample_org
from bot.statuspage.model import ComponentStatus, PublicStatus, Snapshot
from bot.statuspage.service import current
from tests.world import World, make_world


async def declared(world: World, text: str = "checkout is down sev1 #checkout") -> None:
    await world.person("bo").says(f"/incident declare {text}")


async def published(world: World) -> None:
    """Checkout is down, and customers know."""
    await declared(world)
    await world.person("bo", room="INC-1").says("/incident publish --now")


async def shown(world: World) -> Snapshot:
    """What customers read now."""
    await world.settle()
    return await world.read(current)


def colours(page: Snapshot) -> dict[str, ComponentStatus]:
    return {component.id: status for component, status in page.components}


# --- what the room is asked ---


async def test_an_update_that_says_how_bad_it_is_answers_the_question(world: World) -> None:
    await declared(world, "printers are on fire")
    await world.passes(minutes=8)
    asked = (await world.room("INC-1")).saying("How bad is it?")
    assert len(asked) == 1
    bo = world.person("bo", room="INC-1")
    await bo.says('/incident update "Still burning" sev2')
    room = await world.room("INC-1")
    assert not room.saying("How bad is it?")
    answered = room.saying("Severity: SEV2")
    assert [message.buttons for message in answered] == [()]


async def test_an_update_taken_back_asks_again(world: World) -> None:
    await declared(world, "printers are on fire")
    await world.passes(minutes=8)
    bo = world.person("bo", room="INC-1")
    await bo.says('/incident update "Still burning" sev2')
    await world.room("INC-1")
    await bo.says("/incident undo")
    assert (await world.room("INC-1")).saying("How bad is it?")


async def test_who_moves_on_a_paused_incident_is_asked_again_who_leads(world: World) -> None:
    await declared(world)
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident ack")
    await bo.says('/incident pause "Waiting for the vendor"')
    await world.passes(hours=3)
    before = len((await world.room("INC-1")).saying("Nobody leads yet"))
    await bo.says("/incident status identified")
    await world.passes(minutes=3)
    assert len((await world.room("INC-1")).saying("Nobody leads yet")) > before


async def test_what_is_not_major_any_more_asks_for_no_communications(world: World) -> None:
    await declared(world, "printers are on fire sev3")
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident lead")
    await bo.says('/incident update "Spreading" sev1')
    await world.passes(minutes=61)
    assert (await world.room("INC-1")).saying("nobody has communications")
    await bo.says("/incident sev 3")
    room = await world.room("INC-1")
    assert not room.saying("nobody has communications")
    assert room.saying("No longer a major incident")


async def test_the_card_says_at_once_that_nobody_answers(world: World) -> None:
    await declared(world)
    await world.passes(minutes=61)
    assert "Nobody acknowledged" in (await world.room("INC-1")).card


async def test_a_short_form_of_a_verb_is_recorded(world: World) -> None:
    await declared(world, "printers are on fire")
    assert "Severity: SEV2" in await world.person("bo", room="INC-1").says("/incident sev2")
    severity = (await world.incident("INC-1")).severity
    assert severity is not None
    assert severity.label == "SEV2"


async def test_what_happened_to_a_page_is_not_undone_in_words_alone(world: World) -> None:
    await declared(world)
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident unpage")
    assert "/incident page" in await bo.says("/incident undo")


async def test_an_act_that_was_taken_back_is_not_the_last_one(world: World) -> None:
    await published(world)
    await world.passes(minutes=2)
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident sev 3")
    await bo.says("/incident resolved")
    assert "Undone: status" in await bo.says("/incident undo")
    assert "Undone: severity" in await bo.says("/incident undo")


# --- what customers read ---


@pytest.mark.parametrize("way", ["cancel", "merge INC-2"])
async def test_what_ends_without_a_fix_ends_in_public(world: World, way: str) -> None:
    await published(world)
    await declared(world, "the other one")
    await world.person("bo", room="INC-1").says(f"/incident {way}")
    page = await shown(world)
    assert page.active == ()
    assert colours(page)["checkout"] is ComponentStatus.OPERATIONAL
    assert page.past[0].updates[-1].body == "This incident has ended."
    assert page.past[0].status is PublicStatus.RESOLVED


async def test_what_was_declined_ends_in_public(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await declared(world, "somebody coughed #checkout --triage")
    await bo.says("/incident publish --now")
    await bo.says('/incident decline "A cold"')
    page = await shown(world)
    assert page.active == ()
    assert page.past[0].updates[-1].body == "This incident has ended."


@pytest.mark.parametrize("end", ["resolved", "cancel"])
async def test_what_is_reopened_is_so_in_public(world: World, end: str) -> None:
    await published(world)
    bo = world.person("bo", room="INC-1")
    await bo.says(f"/incident {end}")
    assert (await shown(world)).active == ()
    await bo.says('/incident reopen "It came back"')
    page = await shown(world)
    assert [each.status for each in page.active] == [PublicStatus.INVESTIGATING]
    assert colours(page)["checkout"] is ComponentStatus.MAJOR
    assert "It came back" not in str(page), "why is said inside"


async def test_an_end_that_is_taken_back_is_so_in_public(world: World) -> None:
    await published(world)
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident resolved")
    assert "Undone" in await bo.says("/incident undo")
    page = await shown(world)
    assert len(page.active) == 1
    assert colours(page)["checkout"] is ComponentStatus.MAJOR
    assert "publish a correction" in await bo.says("/incident undo"), "what was published before"


async def test_what_became_private_is_resolved_and_says_nothing_in_public(world: World) -> None:
    await published(world)
    bo = world.person("bo", room="INC-1")
    await (await bo.says("/incident private")).press("Make it private")
    assert "Status: resolved" in await bo.says("/incident resolved")
    told = await world.read(lambda uow: uow.status.of((uow.incidents.get(1, SYSTEM)).id))  # type: ignore[arg-type]
    assert told is not None
    assert len(told.updates) == 1
    assert (await shown(world)).active == ()


@pytest.fixture
async def filed(tmp_path: Path, on_stage: str) -> AsyncIterator[World]:
    """A world whose organisation comes from a file, so that another can be applied."""
    async with make_world(tmp_path, replace(sample_org(), sample=False), on=on_stage) as world:
        yield world


def sample_text() -> str:
    from importlib.resources import files

    return files("bot").joinpath("sample_org.yaml").read_text(encoding="utf-8")


async def applied(world: World, text: str) -> None:
    about = About(version="1", process="1", replica="one", console="", public="")
    context = AdminContext(
        world.memory, world.dispatcher, world.clock, adopter(world.memory), parse_org, about
    )
    assert (await ask(context, ApplyOrganisation(text=text, name="org.yaml"))).applied
    await world.passes(seconds=5)


@pytest.mark.stage("console")  # applied at the command line, whatever the platforms
async def test_a_component_that_is_renamed_is_so_in_public(filed: World) -> None:
    await applied(filed, sample_text().replace("{name: Checkout,", "{name: Paying,"))
    rendered = await filed.read(lambda uow: uow.status.get(""))
    assert rendered is not None
    assert "Paying" in rendered.body
    assert "Checkout" not in rendered.body


@pytest.mark.stage("console")
async def test_a_schedule_that_is_added_tells_of_its_shifts(filed: World) -> None:
    late = """
  late:
    timezone: UTC
    layers:
      - name: daily
        rotation: {unit: day, turn_length: 1, start: 2026-01-05T16:00, participants: [bo, cy]}

escalations:"""
    await applied(filed, sample_text().replace("\nescalations:", late, 1))
    await filed.passes(hours=26)
    told = [*(await filed.direct("bo")).saying("late"), *(await filed.direct("cy")).saying("late")]
    assert told


# --- who listens ---


async def test_who_subscribed_hears_where_the_work_goes_on(world: World) -> None:
    await declared(world)
    await world.person("mia").says("/incident subscribe INC-1")
    await declared(world, "the same, found first")
    await world.person("bo", room="INC-1").says("/incident merge INC-2")
    assert (await world.direct("mia")).saying("Work goes on in INC-2")


async def test_who_was_to_stand_in_hears_that_it_is_undone(world: World) -> None:
    ana = world.person("ana")
    await ana.says("/oncall override @cy 2h payments-primary")
    assert (await world.direct("cy")).saying("is on call for payments-primary")
    await ana.says("/oncall undo 1")
    assert (await world.direct("cy")).saying("The override for payments-primary is undone")
