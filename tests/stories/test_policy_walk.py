"""Every command, walked by every kind of actor: who may, who is asked once more, who is told whom to ask."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.chat.vocabulary import Admission, Group, Invocation, Reply, Speaker
from bot.core.errors import UserError
from bot.core.incident import IncidentId
from bot.core.people import SYSTEM
from bot.core.ports.unit_of_work import UnitOfWork
from bot.language.call import CONFIRMED
from bot.language.spec import Access, Command, Who
from bot.language.table import all_commands
from tests.words import words
from tests.world import World, make_world

# In the sample organisation ana is an admin. Of INC-1 bo is the reporter and has joined, cy is invited,
# mia is none of its people, nia is known to nobody yet, and a guest may nothing.
ACTORS = {
    "guest": Speaker("guest", "A guest", admission=Admission.REFUSED),
    "stranger": Speaker("U0NEW", "Nia New"),
    "member": Speaker("mia", "Mia"),
    "joined": Speaker("bo", "Bo"),
    "invited": Speaker("cy", "Cy"),
    "admin": Speaker("ana", "Ana"),
}
COMMANDS = [c for c in all_commands().commands if c.group is Group.INCIDENT]
ANSWERS = "You haven't joined INC-1"


class Rolled(Exception):
    """Takes a transaction back, with what was answered and how much was written in it."""

    def __init__(self, reply: Reply, entries: int) -> None:
        super().__init__("rolled back")
        self.reply, self.entries = reply, entries


@pytest.fixture
async def walked(tmp_path: Path) -> AsyncIterator[World]:
    async with make_world(tmp_path) as world:
        await world.person("bo").says("/incident declare checkout is down sev2 #checkout")
        await world.person("bo", room="INC-1").says("/incident invite @cy")
        yield world


async def answered(world: World, who: str, command: Command, sure: str = "") -> tuple[str, int]:
    """What the person is told, and how many entries it wrote; taken back at once."""
    room = await world.room_id("INC-1")
    text = sure + command.examples[0].replace("INC-42", "INC-1")
    call = Invocation("console", f"walk-{who}-{command.name}", ACTORS[who], text, room)

    def attempt(uow: UnitOfWork) -> None:
        before = len(uow.timeline.of(IncidentId(1), SYSTEM))
        reply = world.dispatcher._at_once(uow, call)
        raise Rolled(reply, len(uow.timeline.of(IncidentId(1), SYSTEM)) - before)

    try:
        await world.memory.write(attempt)
    except Rolled as rolled:
        return words(rolled.reply.card), rolled.entries
    except UserError as error:  # the sentence that the person would be told
        return str(error), 0
    raise AssertionError("nothing came back")


def writing(who: Who) -> list[Command]:
    return [c for c in COMMANDS if c.access is Access.WRITE and c.who is who]


async def test_a_guest_may_nothing_and_is_told_whom_to_ask(walked: World) -> None:
    for command in all_commands().commands:
        told, entries = await answered(walked, "guest", command)
        assert "Ask somebody in the team" in told, command.name
        assert entries == 0


@pytest.mark.parametrize("who", ["stranger", "member", "invited"])
async def test_who_has_not_joined_is_asked_once_more_and_then_may(walked: World, who: str) -> None:
    for command in writing(Who.RESPONDER):
        told, entries = await answered(walked, who, command)
        assert ANSWERS in told, command.name
        assert entries == 0, command.name
        sure, _ = await answered(walked, who, command, CONFIRMED)
        assert ANSWERS not in sure, command.name
        assert "Only admins" not in sure, command.name


@pytest.mark.parametrize("who", ["joined"])
async def test_who_has_joined_or_reported_it_is_not_asked(walked: World, who: str) -> None:
    for command in writing(Who.RESPONDER):
        told, _ = await answered(walked, who, command)
        assert ANSWERS not in told, command.name


@pytest.mark.parametrize("who", ["stranger", "member", "invited", "joined", "admin"])
async def test_anybody_allowed_may_the_rest(walked: World, who: str) -> None:
    for command in writing(Who.ANYONE):
        told, _ = await answered(walked, who, command)
        assert ANSWERS not in told, command.name
        assert "Only admins" not in told, command.name
        assert "Ask somebody in the team" not in told, command.name


@pytest.mark.parametrize("who", ["stranger", "member", "invited", "joined"])
async def test_what_is_for_admins_is_refused_with_their_names(walked: World, who: str) -> None:
    for command in writing(Who.ADMIN):
        told, entries = await answered(walked, who, command)
        assert "Only admins can" in told, command.name
        assert "Ana Lima" in told, command.name
        assert entries == 0


async def test_admins_may_what_is_for_admins(walked: World) -> None:
    for command in writing(Who.ADMIN):
        assert "Only admins" not in (await answered(walked, "admin", command))[0]


async def test_the_reporter_is_not_asked_even_after_leaving(walked: World) -> None:
    bo = walked.person("bo", room="INC-1")
    await bo.says("/incident leave")
    assert ANSWERS not in await bo.says("/incident resolved")


async def test_completion_tells_a_guest_nothing(walked: World) -> None:
    call = Invocation("console", "d", ACTORS["guest"], "page person:")
    assert await walked.dispatcher.complete(call, len(call.text)) == []
    call = Invocation("console", "d", ACTORS["member"], "page person:")
    assert await walked.dispatcher.complete(call, len(call.text)) != []
