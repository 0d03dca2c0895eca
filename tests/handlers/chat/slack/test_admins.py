"""What only an admin can mend, without any incident; what doctor says of a token; what an applied
organisation changes at once; whom a user group brings in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.organisation import Organisation
from bot.core.people import BOT, PersonId
from bot.core.ports.platforms import Finding, Level
from bot.core.ports.unit_of_work import UnitOfWork
from bot.wiring.clock import SystemClock
from handlers.chat.slack import checks
from tests.fakes.slack import Workspace, serving
from tests.handlers.chat.slack.running import Tocsin
from tests.stages.slack import SlackStage
from tests.world import World, make_world


def direct_of(who: str) -> Callable[[UnitOfWork], list[str]]:
    """What the console told one person."""

    def read(uow: UnitOfWork) -> list[str]:
        room = uow.console.direct(PersonId(who), BOT.id)
        return [str(message.card) for message in uow.console.history(room.id, 0, 50)]

    return read


async def console_says(tocsin: Tocsin, who: str, what: str) -> list[str]:
    """All that the console tells one person, once that is among it."""
    clock, found = SystemClock(), list[str]()
    async with asyncio.timeout(20):
        while not any(what in text for text in found):
            found = await tocsin.memory.write(direct_of(who))
            await clock.wait(asyncio.Event(), clock.now() + timedelta(seconds=0.05))
    return found


@pytest.mark.parametrize("noticed", ["by the event", "by the next call"])
async def test_a_revoked_token_reaches_an_admin_on_the_console(
    noticed: str, tocsin: Tocsin
) -> None:
    await tocsin.until(lambda: tocsin.platform.directory.me, "known")
    tocsin.slack.token_error = "token_revoked"
    if noticed == "by the event":
        tocsin.slack.emit("tokens_revoked", None, {"tokens": {"bot": ["U1"]}})
    else:
        await tocsin.person("bo").types("/incident declare checkout is down sev1")
    told = await console_says(tocsin, "ana", "Slack needs you")
    notices = [text for text in told if "Slack needs you" in text]
    assert len(notices) == 1
    assert "token was revoked" in notices[0]
    assert "installs the app again and sets the new SLACK_BOT_TOKEN" in notices[0]


async def test_the_declarer_is_told_elsewhere_what_slack_refuses(tocsin: Tocsin) -> None:
    await tocsin.until(lambda: tocsin.platform.directory.me, "known")
    tocsin.slack.token_error = "account_inactive"
    delivery = await tocsin.person("bo").types("/incident declare checkout is down sev1")
    assert "INC-1" in delivery.words  # recorded and acknowledged all the same
    await console_says(tocsin, "bo", "War room on slack failed: the app was removed")


async def test_a_socket_that_slack_does_not_open_any_more_reaches_an_admin(tocsin: Tocsin) -> None:
    tocsin.slack.app_scopes = frozenset()
    tocsin.workspace.sockets.reset()
    told = await console_says(tocsin, "ana", "lets nobody be heard")
    assert any("SLACK_APP_TOKEN" in text for text in told)
    ana = tocsin.person("ana").id
    await tocsin.until(lambda: tocsin.slack.direct(ana).said("lets nobody be heard"), "there too")


# --- doctor ------------------------------------------------------------------------------------


async def said(workspace: Workspace, **environ: str) -> list[Finding]:
    return list(await checks({**workspace.environ, **environ}))


async def test_doctor_finds_a_whole_app_fine() -> None:
    async with serving() as workspace:
        assert {each.level for each in await said(workspace)} == {Level.FINE}


async def test_doctor_names_the_scope_that_is_missing_and_what_does_not_work() -> None:
    async with serving() as workspace:
        workspace.slack.scopes = workspace.slack.scopes - {"pins:write", "usergroups:read"}
        lost = {each.about: each for each in await said(workspace) if each.level is Level.WARNING}
        assert set(lost) == {"Slack scope pins:write", "Slack scope usergroups:read"}
        assert "the card is not pinned" in lost["Slack scope pins:write"].says
        assert "install the app again" in lost["Slack scope pins:write"].fix


async def test_doctor_says_what_to_do_about_a_dead_token_and_one_that_opens_no_socket() -> None:
    async with serving() as workspace:
        workspace.slack.token_error = "token_revoked"
        workspace.slack.app_scopes = frozenset()
        bot, socket = await said(workspace)
        assert (bot.level, socket.level) == (Level.FAULT, Level.FAULT)
        assert "SLACK_BOT_TOKEN" in bot.fix
        assert "connections:write" in socket.fix


async def test_doctor_is_silent_without_slack_and_says_how_to_listen() -> None:
    assert await checks({}) == []
    [fault] = await checks({"SLACK_BOT_TOKEN": "xoxb-1"})
    assert (fault.level, "SLACK_APP_TOKEN" in fault.says) == (Level.FAULT, True)


# --- what is applied counts at once --------------------------------------------------------------


def slack_of(world: World) -> SlackStage:
    assert isinstance(world.stage, SlackStage)
    return world.stage


def applied(world: World, org: Organisation) -> None:
    """As ``tocsin org apply`` does in every replica."""
    world.memory.installation = replace(world.memory.installation, org=org)


async def test_announcements_go_where_the_applied_organisation_says(tmp_path: Path) -> None:
    async with make_world(tmp_path, on="slack") as world:
        bo = world.person("bo")
        await bo.says("/incident declare checkout is down")
        org = world.memory.installation.org
        elsewhere = replace(org.chat, announce={"slack": "#outages"})
        applied(world, replace(org, chat=elsewhere))
        await bo.says("/incident declare search is slow")
        await world.passes(seconds=3)
        for name, reference in (("incidents", "INC-1"), ("outages", "INC-2")):
            [message] = slack_of(world).slack.channel_named(name).said()
            assert reference in message.words


async def test_guests_are_let_in_as_soon_as_that_is_applied(tmp_path: Path) -> None:
    async with make_world(tmp_path, on="slack") as world:
        guest = slack_of(world).slack.person("gus", restricted=True)
        refused = await guest.types("/incident declare let me in")
        assert "INC-1" not in refused.words
        org = world.memory.installation.org
        chat = replace(org.chat, allowed={**org.chat.allowed, "slack": {"guests": "allow"}})
        applied(world, replace(org, chat=chat))
        assert "INC-1" in (await guest.types("/incident declare let me in")).words


# --- user groups ---------------------------------------------------------------------------------


async def test_a_user_group_is_invited_in_chunks_and_who_may_not_is_left_out(
    tmp_path: Path,
) -> None:
    async with make_world(tmp_path, on="slack") as world:
        slack = slack_of(world).slack
        many = [slack.add_user(f"sre{n}", real_name=f"Sre {n}").id for n in range(130)]
        guest = slack.add_user("gus", restricted=True).id
        slack.add_group("sre", *many, guest)
        bo = world.person("bo", room="INC-1")
        await bo.says("/incident declare checkout is down")
        told = await bo.says("/incident invite @sre")
        await world.passes(seconds=5)
        channel = slack.channels[await world.room_id("INC-1")]
        assert set(many) <= set(channel.members), told
        assert guest not in channel.members
        chunks = [len(c.args["users"].split(",")) for c in slack.called("conversations.invite")]
        assert max(chunks) <= 100
        assert sum(chunks) >= 130


@pytest.mark.timeout(60)
async def test_what_takes_long_is_acknowledged_in_time_and_answered_then(tocsin: Tocsin) -> None:
    slack, bo = tocsin.slack, tocsin.person("bo")
    await bo.types("/incident declare checkout is down")
    await tocsin.until(slack.made_by_bot, "a room")
    slack.add_group("sre", *(slack.add_user(f"sre{n}").id for n in range(3)))
    slack.faults.latency.update({"usergroups.users.list": 1.3, "users.info": 5.0})
    told = await bo.types("/incident invite @sre", slack.made_by_bot()[0])
    assert told.ack_seconds < 3
    assert "Under way" in told.words
    await tocsin.until(
        lambda: [e for e in slack.private_to(bo.id) if "Invited" in e.words], "told then"
    )


async def test_a_title_that_names_a_user_group_stays_a_title(tmp_path: Path) -> None:
    async with make_world(tmp_path, on="slack") as world:
        slack_of(world).slack.add_group("sre", slack_of(world).slack.user_named("cy").id)
        await world.person("bo").says("/incident declare @sre cannot log in")
        assert (await world.incident("INC-1")).title == "@sre cannot log in"
        assert slack_of(world).slack.called("usergroups.users.list") == []
