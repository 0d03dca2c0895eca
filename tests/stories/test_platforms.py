"""One incident on several platforms: rooms where the organisation says, in step, and one person everywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.chat.card import StepState
from bot.core.chat.vocabulary import Invocation, Reply, Speaker
from bot.core.organisation import Organisation
from bot.core.people import SYSTEM, PersonId, ServiceId
from bot.core.ports.platforms import ChatPlatform
from bot.core.severity import Severity
from bot.core.timeline import Kind
from bot.org import sample_org
from tests.fakes.platform import FakePlatform, down
from tests.words import words
from tests.world import World, make_world

pytestmark = pytest.mark.stage("console")


def platforms(*names: str) -> dict[str, FakePlatform]:
    return {name: FakePlatform(name) for name in names}


def given(platforms: Mapping[str, FakePlatform]) -> Mapping[str, ChatPlatform]:
    return dict(platforms)


def with_rooms(**services: tuple[str, ...]) -> Organisation:
    org = sample_org()
    known = {
        key: replace(service, rooms=services.get(key, ())) for key, service in org.services.items()
    }
    by_severity = {Severity.SEV1: ("slack", "discord", "console")}
    return replace(
        org,
        services=known,
        chat=replace(org.chat, rooms=("console",), rooms_by_severity=by_severity),
    )


async def where(world: World, number: int) -> set[str]:
    rooms = await world.read(lambda uow: uow.rooms.of(number))  # type: ignore[arg-type]
    return {room.platform for room in rooms}


async def test_rooms_open_where_the_organisation_file_says(tmp_path: Path) -> None:
    org = with_rooms(checkout=("discord", "console"))
    async with make_world(tmp_path, org, given(platforms("slack", "discord"))) as world:
        bo = world.person("bo")
        await bo.says("/incident declare usual")
        await bo.says("/incident declare bad sev1")
        await bo.says("/incident declare paying sev1 #checkout")

        assert await where(world, 1) == {"console"}
        assert await where(world, 2) == {"slack", "discord", "console"}
        assert await where(world, 3) == {"discord", "console"}


async def test_what_becomes_worse_gets_the_rooms_of_the_worse(tmp_path: Path) -> None:
    """And keeps them when it gets better; the late rooms begin with what happened."""
    org = with_rooms(checkout=("discord",))
    others = platforms("slack", "discord")
    async with make_world(tmp_path, org, given(others)) as world:
        bo = world.person("bo", room="INC-1")
        await bo.says("/incident declare something is slow sev3")
        assert await where(world, 1) == {"console"}
        await world.passes(minutes=5)
        await bo.says("/incident sev 1")
        await world.passes(seconds=5)

        assert await where(world, 1) == {"slack", "discord", "console"}
        for chat in others.values():
            [room] = chat.war_rooms()
            said = chat.said_in(room.name)
            assert len([m for m in said if m.pinned]) == 1
            assert any("This room opened late" in words(m.card) for m in said)
            assert len(chat.said_in("incidents")) == 1
        await bo.says("/incident sev 3")
        await world.passes(seconds=5)
        assert await where(world, 1) == {"slack", "discord", "console"}
        plan = await world.read(lambda uow: uow.plans.of(1))  # type: ignore[arg-type]
        assert {step.state for step in plan} == {StepState.DONE}


async def test_a_service_named_later_brings_its_rooms(tmp_path: Path) -> None:
    org = with_rooms(checkout=("discord",))
    async with make_world(tmp_path, org, given(platforms("slack", "discord"))) as world:
        bo = world.person("bo", room="INC-1")
        await bo.says("/incident declare something is slow")
        await bo.says("/incident services #checkout")
        assert await where(world, 1) == {"discord", "console"}


async def test_work_goes_on_while_a_platform_is_down_and_it_is_caught_up(tmp_path: Path) -> None:
    """Rooms on all three; Slack goes away in the middle; back again, all show the same, once."""
    others = platforms("slack", "discord")
    slack, discord = others["slack"], others["discord"]
    async with make_world(tmp_path, None, given(others)) as world:
        bo = world.person("bo", room="INC-1")
        await bo.says("/incident declare checkout is down sev2")
        await world.passes(seconds=5)
        slack.before = down()

        await bo.says("/incident sev 1")
        await bo.says("/incident lead @cy")
        await bo.says('/incident update identified "A bad deploy"')
        await bo.says("/incident resolved")
        await world.passes(minutes=20)
        seen = words((await world.room("INC-1")).card)
        assert "resolved" in seen
        assert words(discord.said_in(discord.war_rooms()[0].name)[0].card) == seen
        assert "resolved" not in words(slack.said_in(slack.war_rooms()[0].name)[0].card)

        slack.before = lambda _: None
        await world.passes(minutes=2)

        seen = words((await world.room("INC-1")).card)
        for chat in (slack, discord):
            [room] = chat.war_rooms()
            [card] = [m for m in chat.said_in(room.name) if m.pinned]
            [announcement] = chat.said_in("incidents")
            assert words(card.card) == seen
            assert "resolved" in words(announcement.card)
            assert room.topic.startswith("Resolved")
        said = [words(m.card) for m in slack.said_in(slack.war_rooms()[0].name)]
        assert said == [words(m.card) for m in discord.said_in(discord.war_rooms()[0].name)]
        assert [e.kind for e in await world.timeline("INC-1")].count(Kind.UPDATE) == 1


async def test_a_platform_that_was_down_at_declare_gets_its_room_once(tmp_path: Path) -> None:
    others = platforms("slack", "discord")
    slack = others["slack"]
    slack.after = down("open_room", "post")  # it did what was asked, and the answer was lost
    async with make_world(tmp_path, None, given(others)) as world:
        await world.person("bo").says("/incident declare checkout is down")
        await world.passes(minutes=3)
        slack.after = lambda _: None
        await world.passes(minutes=3)

        assert len(slack.war_rooms()) == 1
        assert len(slack.said_in("incidents")) == 1
        assert len([m for m in slack.said_in(slack.war_rooms()[0].name) if m.pinned]) == 1


# --- one person ---------------------------------------------------------------------------------


async def on_discord(world: World, text: str, who: str = "77") -> Reply:
    async def later(_: Reply) -> None:
        return None

    call = Invocation("discord", world.delivery(), Speaker(who, "bo on discord"), text)
    reply = await world.dispatcher.handle(call, later)
    await world.settle()
    return reply


async def test_a_code_typed_on_the_other_platform_makes_one_person(tmp_path: Path) -> None:
    async with make_world(tmp_path, None, given(platforms("discord"))) as world:
        await on_discord(world, "declare checkout is down")
        assert (await world.incident("INC-1")).reporter == "discord-77"
        bo = world.person("bo")
        asked = await on_discord(world, "identity")
        found = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", words(asked.card))
        assert found is not None

        question = await bo.says(f"/incident identity {found[0]}")
        assert "Are both of them you?" in question
        assert "Discord" in await question.press("Both are me")

        known = await world.read(lambda uow: uow.people.by_identity("discord", "77"))
        assert known is not None
        assert (known.id, known.identities["discord"]) == ("bo", "77")
        assert (await world.incident("INC-1")).reporter == "bo"
        members = await world.read(lambda uow: uow.incidents.members(1))  # type: ignore[arg-type]
        assert "bo" in members
        assert "discord-77" not in members
        await on_discord(world, "lead INC-1")
        assert (await world.incident("INC-1")).lead == "bo"


async def test_a_code_is_spent_once_and_lives_ten_minutes(tmp_path: Path) -> None:
    async with make_world(tmp_path, None, given(platforms("discord"))) as world:
        bo, cy = world.person("bo"), world.person("cy")
        code = re.search(
            r"[A-Z0-9]{4}-[A-Z0-9]{4}", words((await on_discord(world, "identity")).card)
        )
        assert code is not None
        await (await bo.says(f"/incident identity {code[0]}")).press("Both are me")
        assert "not known" in await cy.says(f"/incident identity {code[0]}")

        late = re.search(
            r"[A-Z0-9]{4}-[A-Z0-9]{4}", words((await on_discord(world, "identity", "88")).card)
        )
        assert late is not None
        await world.passes(minutes=11)
        assert "ten minutes" in await cy.says(f"/incident identity {late[0]}")


async def test_two_people_of_the_organisation_file_stay_two(tmp_path: Path) -> None:
    org = sample_org()
    bo = replace(org.people[PersonId("bo")], identities={"discord": "77"})
    both = replace(org, people={**org.people, bo.id: bo})
    async with make_world(tmp_path, both, given(platforms("discord"))) as world:
        code = re.search(
            r"[A-Z0-9]{4}-[A-Z0-9]{4}", words((await on_discord(world, "identity")).card)
        )
        assert code is not None
        question = await world.person("cy").says(f"/incident identity {code[0]}")

        assert "organisation file has both" in await question.press("Both are me")


async def test_an_e_mail_address_makes_one_person(tmp_path: Path) -> None:
    async with make_world(tmp_path, None, given(platforms("slack"))) as world:
        speaker = Speaker("U7", "Bo", email="BO@acme.example")

        async def later(_: Reply) -> None:
            return None

        call = Invocation("slack", "once", speaker, "declare checkout is down #checkout")
        await world.dispatcher.handle(call, later)

        incident = await world.incident("INC-1", SYSTEM)
        known = await world.read(lambda uow: uow.people.get(PersonId("bo")))
        assert (incident.reporter, incident.services) == ("bo", (ServiceId("checkout"),))
        assert known.identities["slack"] == "U7"
