"""Afterwards: the debrief is set and its agenda read; the record is taken away."""

from __future__ import annotations

import pytest

from bot.core.incident import IncidentId
from bot.core.people import SYSTEM, PersonId, Viewer
from bot.postmortems.record_view import record_json
from bot.postmortems.records import record_of
from tests.world import World


@pytest.fixture
async def over(world: World) -> World:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare checkout is down sev2 #checkout")
    await bo.says("/incident resolved")
    return world


async def test_a_debrief_is_set_told_in_the_room_and_taken_back(over: World) -> None:
    bo = over.person("bo", room="INC-1")
    assert "No time is set" in await bo.says("/incident debrief")
    assert "The room is told" in await bo.says("/incident debrief fri 14:00")
    (said,) = (await over.room("INC-1")).saying("Debrief:")
    agenda = await bo.presses("Agenda", said)
    assert "It is at" in agenda
    assert "What happened, in two sentences?" in agenda
    await bo.says("/incident undo")
    assert "No time is set" in await bo.says("/incident debrief")


async def test_a_debrief_of_what_came_to_nothing_is_refused(over: World) -> None:
    bo = over.person("bo", room="INC-2")
    await bo.says("/incident declare a mistake")
    await bo.says("/incident cancel")
    assert "nothing to debrief" in await bo.says("/incident debrief fri 14:00")


async def test_the_record_is_offered_where_it_can_be_read(over: World) -> None:
    told = await over.person("mia").says("/incident export INC-1")
    assert "The record of INC-1" in told
    for written in ("Page", "Markdown", "JSON"):
        assert written in told


async def test_a_record_does_not_name_the_private_incident_that_work_went_on_in(
    over: World,
) -> None:
    bo = over.person("bo")
    await bo.says("/incident declare payroll leak --private")
    await bo.says("/incident declare odd mails")
    await bo.says("/incident merge INC-3 INC-2")

    async def written(viewer: Viewer) -> str:
        return await over.read(lambda uow: record_json(record_of(uow, IncidentId(3), viewer)))

    for insider in (Viewer(PersonId("bo")), SYSTEM):
        assert '"into": "2"' in await written(insider)
    outsider = await written(Viewer(PersonId("mia")))
    assert '"into"' not in outsider
    assert '"merged_into": null' in outsider
