"""The fake Slack brings what people do to an unmodified Bolt app, over both transports, and misbehaves
as told.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from tests.fakes.slack import (
    BOT_USER,
    ERROR,
    LIMITED,
    LOST,
    RESET,
    FakeSlack,
    Fault,
    Workspace,
    Wrong,
    serving,
)
from tests.fakes_tests.bolt import app_for, client, over_http, over_sockets, refusal

MODAL = {
    "type": "modal",
    "callback_id": "declare",
    "title": {"type": "plain_text", "text": "Declare"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "title",
            "label": {"type": "plain_text", "text": "What is wrong?"},
            "element": {"type": "plain_text_input", "action_id": "answer", "max_length": 20},
        }
    ],
}
CARD = [
    {
        "type": "actions",
        "block_id": "acts",
        "elements": [
            {
                "type": "button",
                "action_id": "lead",
                "value": "take lead",
                "text": {"type": "plain_text", "text": "Take the lead"},
            }
        ],
    }
]


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    async with serving() as made:
        yield made


@pytest.fixture
def slack(workspace: Workspace) -> FakeSlack:
    return workspace.slack


def talkative(app: AsyncApp, seen: list[Any]) -> AsyncApp:
    """Answers commands, presses and submissions; remembers what it saw."""

    async def command(ack: Any, command: Any, respond: Any, client: Any) -> None:
        seen.append(command)
        await ack("heard")
        if command["text"] == "form":
            await client.views_open(trigger_id=command["trigger_id"], view=MODAL)
        else:
            await respond("later")

    async def pressed(ack: Any, body: Any, respond: Any) -> None:
        seen.append(body)
        await ack()
        await respond("pressed", replace_original=False)

    async def submitted(ack: Any, view: Any) -> None:
        seen.append(view)
        value = view["state"]["values"]["title"]["answer"]["value"]
        if value == "bad":
            await ack(response_action="errors", errors={"title": "say more"})
        else:
            await ack()

    async def event(event: Any) -> None:
        seen.append(event)

    app.command("/incident")(command)
    app.action("lead")(pressed)
    app.view("declare")(submitted)
    for name in ("message", "app_mention", "reaction_added", "app_home_opened", "pin_added"):
        app.event(name)(event)
    return app


def linked(kind: str, workspace: Workspace, app: AsyncApp) -> AbstractAsyncContextManager[Any]:
    return over_sockets(workspace, app) if kind == "sockets" else over_http(workspace, app)


@pytest.mark.parametrize("kind", ["sockets", "http"])
async def test_a_command_a_form_a_press(kind: str, workspace: Workspace, slack: FakeSlack) -> None:
    seen: list[Any] = []
    ana, bo = slack.person("ana"), slack.person("bo")
    room = slack.add_channel("ops", BOT_USER, ana.id)
    async with linked(kind, workspace, talkative(app_for(workspace), seen)):
        told = await ana.types("/incident page @bo about #ops <now>", room)
        await slack.until(lambda: len(told.shown) == 2)
        assert seen[0]["text"] == f"page <@{bo.id}|bo> about <#{room.id}|ops> &lt;now&gt;"
        assert sorted((each.via, each.text) for each in told.shown) == [
            ("ack", "heard"), ("response_url", "later"),
        ]  # fmt: skip
        assert told.ack_seconds < 1

        form = (await ana.answered(await ana.types("/incident form"))).views
        await slack.until(lambda: form)
        await ana.submits(form[0], {"What is wrong?": "bad"})
        assert form[0].open
        assert form[0].errors == {"title": "say more"}
        await ana.submits(form[0], title="checkout down")
        with pytest.raises(AssertionError, match="closed"):
            await ana.submits(form[0], title="again")

        posted = await client(workspace).chat_postMessage(channel=room.id, text="x", blocks=CARD)
        press = await ana.presses("Take the lead", room.messages[posted["ts"]])
        await ana.answered(press)
        assert press.words == "pressed"
        body = seen[-1]
        assert body["actions"][0]["value"] == "take lead"
        assert body["message"]["ts"] == posted["ts"]
        assert body["container"]["is_ephemeral"] is False


@pytest.mark.parametrize("kind", ["sockets", "http"])
async def test_events_come_and_come_again(
    kind: str, workspace: Workspace, slack: FakeSlack
) -> None:
    seen: list[Any] = []
    ana = slack.person("ana")
    room = slack.add_channel("ops", BOT_USER, ana.id)
    async with linked(kind, workspace, talkative(app_for(workspace), seen)):
        slack.post.misdeliver(1, duplicates=1.0, disorder=0)
        said = ana.says("hello @tocsin", room)
        ana.reacts("pushpin", said)
        await slack.until(lambda: len(seen) == 6)
        assert sorted(event["type"] for event in seen) == sorted(
            2 * ["message", "app_mention", "reaction_added"]
        )
        slack.scopes -= {"reactions:read"}
        ana.reacts("eyes", said)
        ana.opens_home()
        await slack.until(lambda: len(seen) == 8)
        assert {event["type"] for event in seen[6:]} == {"app_home_opened"}


async def test_a_trigger_is_good_once_and_for_three_seconds(
    workspace: Workspace, slack: FakeSlack
) -> None:
    now = [1000.0]
    slack.clock = lambda: now[0]
    web = client(workspace)
    seen: list[Any] = []
    ana = slack.person("ana")
    async with over_sockets(workspace, talkative(app_for(workspace), seen)):
        await ana.types("/incident x")
        with pytest.raises(SlackApiError) as caught:
            await web.views_open(trigger_id="1.2.3", view=MODAL)
        assert refusal(caught.value) == "invalid_trigger_id"
        trigger = seen[0]["trigger_id"]
        await web.views_open(trigger_id=trigger, view=MODAL)
        with pytest.raises(SlackApiError) as caught:
            await web.views_open(trigger_id=trigger, view=MODAL)
        assert refusal(caught.value) == "exchanged_trigger_id"
        await ana.types("/incident y")
        now[0] += 3.1
        with pytest.raises(SlackApiError) as caught:
            await web.views_open(trigger_id=seen[1]["trigger_id"], view=MODAL)
        assert refusal(caught.value) == "expired_trigger_id"
        with pytest.raises(SlackApiError) as caught:
            await web.views_open(trigger_id=trigger, view={**MODAL, "blocks": []})
        assert refusal(caught.value) == "exchanged_trigger_id"


async def test_a_response_address_is_good_five_times(
    workspace: Workspace, slack: FakeSlack
) -> None:
    seen: list[Any] = []
    ana = slack.person("ana")
    async with over_sockets(workspace, talkative(app_for(workspace), seen)):
        told = await ana.answered(await ana.types("/incident x"))
        await slack.until(lambda: len(told.shown) == 2)
        async with aiohttp.ClientSession() as session:
            statuses = []
            for _ in range(5):
                async with session.post(seen[0]["response_url"], json={"text": "x"}) as answer:
                    statuses.append(answer.status)
    assert statuses == [200] * 4 + [404]
    assert len(told.shown) == 6


async def test_faults_before_and_after_the_write(workspace: Workspace, slack: FakeSlack) -> None:
    web = client(workspace)
    web.retry_handlers.clear()
    slack.faults.at(
        "conversations.create",
        RESET,
        LOST,
        LIMITED,
        ERROR,
        Fault(Wrong.REFUSED, code="fatal_error"),
    )
    outcomes = []
    for number in range(6):
        try:
            await web.conversations_create(name=f"r{number}")
            outcomes.append("ok")
        except aiohttp.ClientError:
            outcomes.append("cut")
        except SlackApiError as error:
            outcomes.append(str(error.response.status_code) + refusal(error))
    assert outcomes == [
        "cut", "cut", "429ratelimited", "500internal_error", "200fatal_error", "ok",
    ]  # fmt: skip
    assert [channel.name for channel in slack.made_by_bot()] == ["r1", "r5"]
    workspace.goes_away()
    with pytest.raises(aiohttp.ClientError):
        await web.auth_test()
    workspace.comes_back()
    await web.auth_test()


async def test_latency_and_hanging(workspace: Workspace, slack: FakeSlack) -> None:
    web = client(workspace)
    web.retry_handlers.clear()
    slack.faults.latency["auth.test"] = 0.05
    began = time.perf_counter()
    await web.auth_test()
    assert time.perf_counter() - began >= 0.05
    slack.faults.at("auth.test", Fault(Wrong.HANG, seconds=30))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await web.auth_test()


@pytest.mark.parametrize("how", ["reset", "close", "refresh"])
async def test_the_vendors_client_comes_back(
    how: str, workspace: Workspace, slack: FakeSlack
) -> None:
    seen: list[Any] = []
    ana = slack.person("ana")
    async with over_sockets(workspace, talkative(app_for(workspace), seen), ping=0.1):
        first = slack.post.links[0]
        if how == "reset":
            workspace.sockets.reset()
        elif how == "close":
            await workspace.sockets.close()
        else:
            await workspace.sockets.refresh()
        await slack.until(lambda: slack.post.links and first not in slack.post.links)
        told = await ana.types("/incident x")
        assert told.acked


async def test_a_stalled_socket_swallows_everything(workspace: Workspace, slack: FakeSlack) -> None:
    seen: list[Any] = []
    ana = slack.person("ana")
    slack.post.ack_within = 0.2
    async with over_sockets(workspace, talkative(app_for(workspace), seen), ping=0.1):
        workspace.sockets.stall()
        told = await ana.types("/incident x")
        assert told.failed == "operation_timeout"
        await slack.until(lambda: any(not link.stalled for link in slack.post.links))


async def test_without_a_socket_a_command_fails_at_once(slack: FakeSlack) -> None:
    told = await slack.person("ana").types("/incident x")
    assert told.failed == "dispatch_failed"


async def test_a_forged_request_is_not_taken(workspace: Workspace, slack: FakeSlack) -> None:
    seen: list[Any] = []
    async with over_http(workspace, talkative(app_for(workspace), seen)):
        slack.clock = lambda: time.time() - 301
        told = await slack.person("ana").types("/incident x")
    assert told.failed == "http_error 401"
    assert seen == []
