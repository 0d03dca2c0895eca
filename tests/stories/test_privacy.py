"""Private means absent: to whoever is not in it, it answers exactly as a number that does not exist."""

from __future__ import annotations

import pytest

from bot.core.errors import NotFound
from bot.core.escalation import Notice
from bot.core.incident import Filter, IncidentId
from bot.core.people import PersonId, Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from bot.postmortems.service import draft_html
from tests.words import words
from tests.world import World

SECRET = "zebra payroll leak"
MISSING = "INC-999"


@pytest.fixture
async def hidden(world: World) -> World:
    """A private incident of bo's, full of marked words."""
    bo = world.person("bo", room="INC-1")
    await bo.says(f"/incident declare {SECRET} sev1 #checkout --private")
    await bo.says('/incident update "zebra update"')
    await bo.says('/incident note "zebra note"')
    await bo.says('/incident task "zebra task" @bo')
    return world


COMMANDS = [
    "show {}", "timeline {}", "tasks {}", "roles {}", "join {}", "lead {}", "sev {} 3", "close {}",
    "invite {} @cy", 'note {} "x"', 'update {} "x"', 'task {} "x"', "done {} 1", "undo {}",
    "publish {}", "repair {}", "confirm {}", "snooze {} lead", "page {} person:ana", "escalate {}",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
async def test_every_command_answers_as_for_a_number_that_does_not_exist(
    hidden: World, command: str
) -> None:
    mia = hidden.person("mia")
    paged = {n.person for n in await pages(hidden)}
    assert "mia" not in paged
    private = str(await mia.says("/incident " + command.format("INC-1")))
    missing = str(await mia.says("/incident " + command.format(MISSING)))
    assert private == missing.replace(MISSING, "INC-1")
    assert "zebra" not in private


async def pages(world: World) -> list[Notice]:
    found = await world.read(lambda uow: uow.pages.of(IncidentId(1)))
    return [n for p in found for n in await world.read(lambda uow, p=p: uow.pages.notices(p.id))]  # type: ignore[misc]


async def test_no_list_and_no_search_names_it(hidden: World) -> None:
    mia = hidden.person("mia")
    for command in ("list", "list --all", "list --mine", "search payroll", "help"):
        assert "zebra" not in await mia.says(f"/incident {command}")
        assert "INC-1" not in await mia.says(f"/incident {command}")


@pytest.mark.stage("console")
async def test_it_is_announced_to_nobody_and_its_room_is_seen_by_nobody_else(
    hidden: World,
) -> None:
    assert (await hidden.announcements()).by_bot == []
    mia = Viewer(PersonId("mia"))

    def seen(uow: UnitOfWork) -> str:
        rooms = uow.console.rooms_for(mia)
        said = [m for room in rooms for m in uow.console.history(room.id, 0, 100)]
        found = uow.console.search("zebra", mia, 50)
        return " ".join(
            [*(r.name + r.topic for r in rooms), *(words(m.card) for m in said), str(found)]
        )

    told = await hidden.read(seen)
    assert "zebra" not in told


async def test_no_read_of_memory_gives_it_to_an_outsider(hidden: World) -> None:
    viewer = Viewer(PersonId("mia"))

    def reads(uow: UnitOfWork) -> list[object]:
        number = IncidentId(1)
        return [
            uow.incidents.find(Filter(), viewer),
            uow.incidents.find(Filter(words="zebra"), viewer),
            uow.incidents.find(Filter(member=PersonId("bo")), viewer),
            uow.timeline.of(number, viewer),
            uow.timeline.recent(number, 50, viewer),
            uow.tasks.owned_by(PersonId("bo"), viewer),
        ]

    assert await hidden.read(reads) == [[], [], [], [], [], []]
    for read in (uow_get, uow_draft):
        with pytest.raises(NotFound):
            await hidden.read(lambda uow, read=read: read(uow, viewer))  # type: ignore[misc]


def uow_get(uow: UnitOfWork, viewer: Viewer) -> object:
    return uow.incidents.get(IncidentId(1), viewer)


def uow_draft(uow: UnitOfWork, viewer: Viewer) -> object:
    return draft_html(uow, IncidentId(1), viewer)


async def test_a_page_about_it_carries_its_reference_and_nothing_else(hidden: World) -> None:
    (paged,) = {n.person for n in await pages(hidden)}
    page = (await hidden.direct(paged)).by_bot[0]
    assert "INC-1 (private)" in words(page)
    assert "zebra" not in words(page).replace("inc-1-zebra-payroll-leak", "")


async def test_whoever_is_invited_sees_it_and_whoever_left_no_more(hidden: World) -> None:
    await hidden.person("bo", room="INC-1").says("/incident invite @mia")
    mia = hidden.person("mia")
    assert SECRET in await mia.says("/incident show INC-1")
    await mia.says("/incident leave INC-1")
    assert SECRET not in await mia.says("/incident show INC-1")


async def test_whoever_left_is_taken_out_of_its_room_and_comes_back_when_invited(
    hidden: World,
) -> None:
    bo, mia = hidden.person("bo", room="INC-1"), hidden.person("mia")
    await bo.says("/incident invite @mia")
    assert await hidden.reads("mia", "INC-1")
    assert "closed to you" in await mia.says("/incident leave INC-1")
    await hidden.passes(minutes=1)
    assert not await hidden.reads("mia", "INC-1")
    assert await hidden.reads("bo", "INC-1")
    await bo.says("/incident invite @mia")
    await hidden.passes(minutes=1)
    assert await hidden.reads("mia", "INC-1")
