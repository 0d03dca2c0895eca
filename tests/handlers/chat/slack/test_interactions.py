"""What people do in Slack, through the unmodified Bolt app: over Socket Mode and over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.core.people import SYSTEM
from bot.core.timeline import fold
from handlers.server import Binding, application, listen
from tests.fakes.slack import SIGNING_SECRET, Channel, Http, View, Workspace
from tests.fakes.slack.post import signed
from tests.faults.slack_rooms import settled
from tests.handlers.chat.slack.running import Tocsin, running


@pytest.fixture(params=["socket", "http"])
async def either(
    request: pytest.FixtureRequest, tmp_path: Path, workspace: Workspace
) -> AsyncIterator[Tocsin]:
    """The same Tocsin over both transports."""
    slack = workspace.slack
    if request.param == "socket":
        async with running(tmp_path, workspace) as made:
            await made.until(lambda: slack.post.links and made.platform.directory.me)
            yield made
        return
    async with running(
        tmp_path, workspace, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=SIGNING_SECRET
    ) as made:
        await made.until(lambda: made.platform.directory.me)
        site = application(made.platform.routes(), frozenset(), frozenset())
        runner, port = await listen(site, Binding("127.0.0.1", 0))
        slack.post.http = Http(f"http://127.0.0.1:{port}/slack/events", SIGNING_SECRET)
        yield made
        await runner.cleanup()


async def war_room(tocsin: Tocsin, text: str = "checkout is down sev1 #checkout") -> Channel:
    """A war room of bo's, with its card pinned."""
    await tocsin.person("bo").types(f"/incident declare {text}")
    await tocsin.until(lambda: any(c.pinned for c in tocsin.slack.made_by_bot()), "a war room")
    return next(c for c in tocsin.slack.made_by_bot() if c.pinned)


async def form(tocsin: Tocsin, delivery: object) -> View:
    await tocsin.until(lambda: delivery.views, "a form")  # type: ignore[attr-defined]
    found: View = delivery.views[-1]  # type: ignore[attr-defined]
    return found


async def test_a_bare_declare_opens_the_form_and_its_answer_takes_the_forms_place(
    either: Tocsin,
) -> None:
    bo = either.person("bo")
    view = await form(either, await bo.types("/incident declare"))
    sent = await bo.submits(
        view, title="Search <!channel> is down", severity="sev2", services=["checkout"],
        lead=either.person("ana").id,
    )  # fmt: skip
    assert not sent.failed
    assert "INC-1" in view.words
    await either.until(either.slack.made_by_bot, "a room")
    incident = await either.memory.read(lambda uow: uow.incidents.get(1, SYSTEM))  # type: ignore[arg-type]
    assert incident.lead == "ana"


async def test_what_is_wrong_in_a_form_is_said_beside_the_question_and_nothing_is_lost(
    either: Tocsin,
) -> None:
    room = await war_room(either)
    bo = either.person("bo")
    view = await form(either, await bo.presses("Update", room.pinned[0]))
    await bo.submits(view, text="Failing over", next="25:99")
    assert view.open
    assert view.errors
    await bo.submits(view, text="Failing over", next="20m")
    assert "Updated" in view.words
    await either.until(lambda: "Failing over" in room.pinned[0].words, "the card follows")


async def test_a_form_sent_twice_and_a_button_pressed_twice_are_done_once(either: Tocsin) -> None:
    room = await war_room(either)
    bo = either.person("bo")
    either.slack.post.misdeliver(seed=3, duplicates=1.0, disorder=0.0)
    view = await form(either, await bo.presses("Task", room.pinned[0]))
    await bo.submits(view, text="Fail over")
    await either.until(lambda: "Open tasks" in room.pinned[0].words, "the card follows")
    tasks = await either.memory.read(lambda uow: uow.tasks.of(1))  # type: ignore[arg-type]
    assert [task.text for task in tasks] == ["Fail over"]


async def test_declaring_from_a_message_proposes_its_words_and_keeps_it(either: Tocsin) -> None:
    bo = either.person("bo")
    lobby = either.slack.add_channel("lobby", bo.id, "U0BOT")
    said = bo.says("Payments time out\nsince noon", lobby)
    view = await form(either, await bo.uses_shortcut("declare_from_message", said))
    element = next(b["element"] for b in view.blocks if b["block_id"] == "title")
    assert element["initial_value"] == "Payments time out"
    await bo.submits(view)
    await either.until(either.slack.made_by_bot, "a room")
    entries = await timeline(either)
    assert any("since noon" in entry.text and entry.url for entry in entries)


async def timeline(tocsin: Tocsin) -> list:  # type: ignore[type-arg]

    return await tocsin.memory.read(lambda uow: fold(uow.timeline.of(1, SYSTEM)))  # type: ignore[arg-type]


async def test_a_message_goes_on_the_timeline_from_outside_the_room_by_a_choice(
    either: Tocsin,
) -> None:
    await war_room(either)
    bo = either.person("bo")
    lobby = either.slack.add_channel("lobby", bo.id, "U0BOT")
    said = bo.says("CPU is at 100 %", lobby)
    shown = await form(either, await bo.uses_shortcut("add_to_timeline", said))
    assert "For which incident?" in shown.words
    await bo.presses("INC-1 checkout is down", shown)
    await either.until(lambda: "Added to the timeline" in shown.words, "kept")
    assert any(entry.text == "CPU is at 100 %" for entry in await timeline(either))


async def test_a_task_is_made_of_a_message(either: Tocsin) -> None:
    room = await war_room(either)
    bo = either.person("bo")
    await bo.uses_shortcut("make_task", bo.says("somebody check the replica", room))

    async def texts() -> list[str]:
        return [task.text for task in await either.memory.read(lambda uow: uow.tasks.of(1))]  # type: ignore[arg-type]

    await eventually(either, texts, "somebody check the replica")


async def test_the_global_shortcut_declares_and_shows_what_is_alike_inside(either: Tocsin) -> None:
    bo = either.person("bo")
    await bo.types("/incident declare checkout is down #checkout")
    view = await form(either, await bo.uses_shortcut("declare"))
    asked = {block["block_id"] for block in view.blocks}
    assert {"title", "affected", "worsening", "services"} <= asked
    await bo.submits(view, title="checkout is down again", services=["checkout"])
    assert "INC-2" in view.words
    assert "INC-1" in view.words, "what is alike"


async def test_reactions_edits_and_deletions_are_followed(either: Tocsin) -> None:
    room = await war_room(either)
    bo = either.person("bo")
    said = bo.says("it began at noon", room)
    bo.reacts("pushpin", said)
    await either.until(lambda: either.slack.private_to(bo.id)[-1:], "answered")
    bo.edits(said, "it began at eleven")

    async def texts() -> list[str]:
        return [entry.text for entry in await timeline(either)]

    await eventually(either, texts, "it began at eleven")
    bo.deletes(said)
    await eventually(either, texts, "it began at eleven", there=False)


async def eventually(tocsin: Tocsin, texts, text: str, *, there: bool = True) -> None:  # type: ignore[no-untyped-def]
    for _ in range(200):
        if (text in await texts()) == there:
            return
        tocsin.slack.changed.clear()
        await tocsin.slack.until(lambda: True)
        from tests.fakes.slack.post import pause

        await pause(0.02)
    raise AssertionError(f"{text!r} {'never came' if there else 'never went'}: {await texts()}")


async def test_a_mention_is_a_command_answered_in_private(either: Tocsin) -> None:
    room = await war_room(either)
    bo = either.person("bo")
    bo.says("@tocsin note disk is full", room)
    await either.until(
        lambda: [e for e in either.slack.private_to(bo.id) if "Added to the timeline" in e.words]
    )
    direct = either.slack.direct(bo.id)
    bo.says("list", direct)
    await either.until(lambda: direct.said("checkout is down"), "answered in the conversation")


async def test_people_and_services_by_slacks_own_mentions(either: Tocsin) -> None:
    either.slack.add_channel("checkout", "U0BOT")
    bo = either.person("bo")
    told = await bo.types("/incident declare payments fail #checkout @ana")
    assert "INC-1" in told.words

    incident = await either.memory.read(lambda uow: uow.incidents.get(1, SYSTEM))  # type: ignore[arg-type]
    assert (incident.title, incident.lead, incident.services) == (
        "payments fail", "ana", ("checkout",),
    )  # fmt: skip


@pytest.mark.parametrize("who", [{"restricted": True}, {"stranger": True}, {"bot": True}])
async def test_guests_strangers_and_bots_are_nobody(tocsin: Tocsin, who: dict[str, bool]) -> None:
    told = await tocsin.person("eve", **who).types("/incident declare let me in")
    assert "outside the organisation" in told.words
    assert tocsin.slack.made_by_bot() == []


async def test_the_home_tab_shows_what_concerns_whoever_opens_it(either: Tocsin) -> None:
    room = await war_room(either)
    bo = either.person("bo")
    await bo.types('/incident task "Fail over" @bo', room)
    bo.opens_home()
    await either.until(lambda: bo.id in either.slack.homes, "a home tab")
    home = either.slack.homes[bo.id]
    assert "checkout is down" in home.words
    assert "Fail over" in home.words
    await bo.presses("Done: INC-1 1", home)
    await either.until(lambda: "Fail over" not in either.slack.homes[bo.id].words, "drawn anew")
    view = await form(either, await bo.presses("Declare an incident", either.slack.homes[bo.id]))
    assert view.body["title"]["text"] == "Declare an incident"


@pytest.mark.timeout(60)
async def test_slack_away_in_the_middle_costs_no_room_and_nothing_is_done_twice(
    either: Tocsin,
) -> None:
    """Over both transports: declared, then Slack is gone until much was tried in vain."""
    slack, bo = either.slack, either.person("bo")
    slack.faults.latency["*"] = 0.1
    told = await bo.types("/incident declare checkout is down sev1 #checkout")
    assert "INC-1" in told.words
    either.workspace.goes_away()
    tried = len(slack.calls)
    await either.until(lambda: len(slack.calls) > tried + 8, "tried in vain", 30)
    either.workspace.comes_back()
    slack.faults.latency.clear()

    await settled(either, [1], bo.id, 30)
    by_http = either.platform.socket is None
    await either.until(
        lambda: by_http or any(link.takes for link in slack.post.links), "heard again", 15
    )
    after = await bo.types("/incident list")
    assert "INC-1" in after.words
    assert "INC-2" not in after.words


@pytest.mark.timeout(60)
async def test_an_event_that_slack_sends_again_is_done_once(either: Tocsin) -> None:
    """Each comes twice, and out of order: a message, a mention, a reaction, a command."""
    room = await war_room(either)
    either.slack.post.misdeliver(7, duplicates=1.0, disorder=0.5)
    bo = either.person("bo")
    bo.reacts("pushpin", bo.says("disk is full", room))
    await bo.types('/incident task "Fail over"', room)
    bo.says("@tocsin note rolled back", room)

    async def texts() -> list[str]:
        return [entry.text for entry in await timeline(either)]

    for text in ("disk is full", "rolled back", "Fail over"):
        await eventually(either, texts, text)
    await either.until(lambda: not either.slack.post._busy, "all delivered")
    said = await texts()
    assert [said.count(text) for text in ("disk is full", "rolled back", "Fail over")] == [1, 1, 1]


async def test_a_forged_or_an_old_request_is_refused(tmp_path: Path, workspace: Workspace) -> None:
    async with running(
        tmp_path, workspace, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=SIGNING_SECRET
    ) as tocsin:
        await tocsin.until(lambda: tocsin.platform.directory.me)
        site = application(tocsin.platform.routes(), frozenset(), frozenset())
        runner, port = await listen(site, Binding("127.0.0.1", 0))
        body, now = "command=%2Fincident&text=list", tocsin.slack.clock()
        wrong = [signed("another", body, now), signed(SIGNING_SECRET, body, now - 301), {}]
        async with aiohttp.ClientSession() as session:
            for headers in wrong:
                form_ = {"Content-Type": "application/x-www-form-urlencoded", **headers}
                url = f"http://127.0.0.1:{port}/slack/events"
                async with session.post(url, data=body, headers=form_) as answer:
                    assert answer.status == 401
        await runner.cleanup()
