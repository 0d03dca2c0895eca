"""The fake Slack refuses what Slack refuses, with Slack's own codes; asked by the vendor's own client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import APP_TOKEN, BOT_USER, FakeSlack, Kind, Workspace, serving
from tests.fakes.slack.blocks import problems
from tests.fakes_tests.bolt import client, refusal


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    async with serving() as made:
        yield made


@pytest.fixture
def slack(workspace: Workspace) -> FakeSlack:
    return workspace.slack


@pytest.fixture
def web(workspace: Workspace) -> AsyncWebClient:
    return client(workspace)


async def refused(call: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return refusal(caught.value)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("---", "invalid_name_punctuation"),
        ("Upper", "invalid_name_specials"),
        ("a b", "invalid_name_specials"),
        ("a.b", "invalid_name_specials"),
        ("taken", "name_taken"),
        ("old", "name_taken"),
        ("sre", "name_taken"),
    ],
)
async def test_a_name_that_cannot_be(
    name: str, code: str, slack: FakeSlack, web: AsyncWebClient
) -> None:
    slack.add_channel("taken")
    slack.add_channel("old").archived = True
    slack.add_group("sre")

    assert await refused(web.conversations_create(name=name)) == code


async def test_a_room_is_made_described_and_found(slack: FakeSlack, web: AsyncWebClient) -> None:
    room = (await web.conversations_create(name="inc-1-größe", is_private=True))["channel"]["id"]
    await web.conversations_setTopic(channel=room, topic="SEV1")
    await web.conversations_setPurpose(channel=room, purpose="mark")

    mine = await web.users_conversations(types="private_channel", exclude_archived=True)

    assert [(c["name"], c["purpose"]["value"]) for c in mine["channels"]] == [
        ("inc-1-größe", "mark")
    ]
    assert [line.subtype for line in slack.channels[room].messages.values()] == [
        "channel_join", "channel_topic", "channel_purpose",
    ]  # fmt: skip
    assert await refused(web.conversations_setTopic(channel=room, topic="x" * 251)) == "too_long"


async def test_what_the_app_is_not_in(slack: FakeSlack, web: AsyncWebClient) -> None:
    public, private = slack.add_channel("p"), slack.add_channel("q", kind=Kind.PRIVATE)
    slack.scopes -= {"chat:write.public"}

    assert await refused(web.chat_postMessage(channel=public.id, text="x")) == "not_in_channel"
    assert await refused(web.chat_postMessage(channel=private.id, text="x")) == "channel_not_found"
    assert await refused(web.conversations_info(channel=private.id)) == "channel_not_found"
    assert await refused(web.conversations_history(channel=public.id)) == "not_in_channel"

    await web.conversations_join(channel=public.id)
    await web.chat_postMessage(channel=public.id, text="x")
    await web.conversations_archive(channel=public.id)
    assert await refused(web.chat_postMessage(channel=public.id, text="x")) == "is_archived"
    assert await refused(web.conversations_archive(channel=public.id)) == "already_archived"
    assert await refused(web.conversations_unarchive(channel=public.id)) == "not_in_channel"


async def test_who_cannot_be_invited(slack: FakeSlack, web: AsyncWebClient) -> None:
    room = slack.add_channel("r", BOT_USER)
    ana = slack.add_user("ana").id
    guest = slack.add_user("guest", restricted=True).id
    single = slack.add_user("single", ultra_restricted=True).id
    stranger = slack.add_user("stranger", stranger=True).id

    everybody = f"{ana},{guest},{BOT_USER}"
    assert await refused(web.conversations_invite(channel=room.id, users=everybody)) == (
        "user_is_restricted"
    )
    assert ana not in room.members

    told = await web.conversations_invite(
        channel=room.id, users=[ana, guest, single, stranger, BOT_USER, "U404"], force=True
    )

    assert room.members == [BOT_USER, ana]
    assert {each["error"] for each in told["errors"]} == {
        "user_is_restricted", "ura_max_channels", "cant_invite", "cant_invite_self", "user_not_found",
    }  # fmt: skip
    assert await refused(web.conversations_invite(channel=room.id, users=ana)) == (
        "already_in_channel"
    )
    many = ",".join(f"U{number}" for number in range(101))
    assert await refused(web.conversations_invite(channel=room.id, users=many)) == "too_many_users"


async def test_tokens_and_scopes(workspace: Workspace, slack: FakeSlack) -> None:
    good = client(workspace)
    assert await refused(client(workspace, "xoxb-wrong").auth_test()) == "invalid_auth"
    assert await refused(client(workspace, APP_TOKEN).auth_test()) == "not_allowed_token_type"
    assert await refused(good.apps_connections_open(app_token="xapp-wrong")) == "invalid_auth"
    slack.scopes -= {"pins:write", "groups:write"}
    with pytest.raises(SlackApiError) as caught:
        await good.pins_add(channel="C1", timestamp="1.1")
    assert caught.value.response["needed"] == "pins:write"
    assert "chat:write" in caught.value.response["provided"]
    assert await refused(good.conversations_create(name="x", is_private=True)) == "missing_scope"
    slack.token_error = "token_revoked"
    assert await refused(good.auth_test()) == "token_revoked"


async def test_messages(slack: FakeSlack, web: AsyncWebClient) -> None:
    room = slack.add_channel("r", BOT_USER)
    mark = {"event_type": "tocsin", "event_payload": {"key": "inc1:card"}}
    posted = await web.chat_postMessage(channel=room.id, text="x" * 41_000, metadata=mark)
    ts = posted["ts"]

    assert len(room.messages[ts].text) == 40_000
    history = await web.conversations_history(channel=room.id, include_all_metadata=True)
    assert history["messages"][0]["metadata"] == mark
    assert (
        "event_payload"
        not in (await web.conversations_history(channel=room.id))["messages"][0]["metadata"]
    )
    assert await refused(web.chat_update(channel=room.id, ts=ts, text="x" * 4001)) == "msg_too_long"
    assert (
        await refused(web.chat_update(channel=room.id, ts="1.1", text="x")) == "message_not_found"
    )
    blank = web.api_call("chat.postMessage", json={"channel": room.id, "text": " "})
    assert await refused(blank) == "no_text"
    await web.pins_add(channel=room.id, timestamp=ts)
    assert await refused(web.pins_add(channel=room.id, timestamp=ts)) == "already_pinned"
    wrong = {"event_type": "tocsin"}
    assert await refused(web.chat_postMessage(channel=room.id, text="x", metadata=wrong)) == (
        "invalid_metadata_schema"
    )
    whisper = web.chat_postEphemeral(channel=room.id, user="U404", text="x")
    assert await refused(whisper) == "user_not_in_channel"


async def test_history_lags(slack: FakeSlack, web: AsyncWebClient) -> None:
    now = [1000.0]
    slack.clock = lambda: now[0]
    slack.history_lag = 2
    room = slack.add_channel("r", BOT_USER)
    await web.chat_postMessage(channel=room.id, text="x")

    assert (await web.conversations_history(channel=room.id))["messages"] == []
    now[0] += 2
    assert len((await web.conversations_history(channel=room.id))["messages"]) == 1


def _section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def _button(label: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, **more}


def _input(element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "input", "label": {"type": "plain_text", "text": "L"}, "element": element}


def _select(count: int, value: str = "v") -> dict[str, Any]:
    options = [
        {"text": {"type": "plain_text", "text": "o"}, "value": f"{value}{n}"} for n in range(count)
    ]
    return {"type": "static_select", "options": options}


BAD = {
    "51 blocks": [{"type": "divider"}] * 51,
    "long section": [_section("x" * 3001)],
    "empty section": [_section("")],
    "mrkdwn header": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    "long header": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
    "11 fields": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}],
    "long field": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}],
    "11 in context": [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}],
    "26 buttons": [{"type": "actions", "elements": [_button("x")] * 26}],
    "no buttons": [{"type": "actions", "elements": []}],
    "long label": [{"type": "actions", "elements": [_button("x" * 76)]}],
    "long value": [{"type": "actions", "elements": [_button("x", value="v" * 2001)]}],
    "strange style": [{"type": "actions", "elements": [_button("x", style="loud")]}],
    "long action_id": [{"type": "actions", "elements": [_button("x", action_id="a" * 256)]}],
    "same action_id": [{"type": "actions", "elements": [_button("x", action_id="a")] * 2}],
    "same block_id": [_section("x", block_id="b")] * 2,
    "101 options": [_input(_select(101))],
    "no options": [_input(_select(0))],
    "long option value": [_input(_select(1, "v" * 150))],
    "unknown block": [{"type": "carousel"}],
    "unknown key": [_section("x", colour="red")],
    "button as input": [_input(_button("x"))],
}


@pytest.mark.parametrize("what", BAD)
def test_blocks_that_are_refused(what: str) -> None:
    assert problems(BAD[what], 50)


async def test_the_answer_to_bad_blocks(slack: FakeSlack, web: AsyncWebClient) -> None:
    room = slack.add_channel("r", BOT_USER)
    with pytest.raises(SlackApiError) as caught:
        await web.chat_postMessage(channel=room.id, text="x", blocks=BAD["long section"])
    assert refusal(caught.value) == "invalid_blocks"
    assert "[json-pointer:/blocks/0/text/text]" in caught.value.response["errors"][0]

    many = [_section("x" * 2900)] * 5
    assert await refused(web.chat_postMessage(channel=room.id, text="x", blocks=many)) == (
        "msg_blocks_too_long"
    )


async def test_rates(slack: FakeSlack, web: AsyncWebClient) -> None:
    now = [1000.0]
    slack.clock = lambda: now[0]
    slack.rates.enforced = True
    for number in range(20):
        await web.conversations_create(name=f"r{number}")

    with pytest.raises(SlackApiError) as caught:
        await web.conversations_create(name="r20")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "60"

    now[0] += 60
    room = (await web.conversations_create(name="r20"))["channel"]["id"]
    for _ in range(4):
        await web.chat_postMessage(channel=room, text="x")
    assert await refused(web.chat_postMessage(channel=room, text="x")) == "ratelimited"
    other = slack.made_by_bot()[0].id
    await web.chat_postMessage(channel=other, text="x")
