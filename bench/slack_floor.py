"""The yardstick for Slack: a bare Bolt app that opens a war room by the same calls, with no database.

    SLACK_BOT_TOKEN=… SLACK_APP_TOKEN=… SLACK_API_URL=… ON_CALL=U… ANNOUNCE=C… python -m bench.slack_floor

It acknowledges, makes the channel, and then does side by side whatever does not need the rest.
"""

from __future__ import annotations

import asyncio
import os
from itertools import count
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

NUMBERS = count(1)
TEXT = {"type": "mrkdwn", "text": "*Severity* SEV1\n*Lead* nobody yet\n*Services* checkout"}
CARD: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "INC: checkout is down"}},
    *[{"type": "section", "text": TEXT}] * 4,
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": label}
            for label in ("Take the lead", "Update", "Resolve")
        ],
    },
]


async def declare(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
    await ack("Recorded; the room is being opened.")
    made = await client.conversations_create(name=f"inc-{next(NUMBERS)}-checkout-is-down")
    room = made["channel"]["id"]

    async def card() -> None:
        posted = await client.chat_postMessage(channel=room, text="checkout is down", blocks=CARD)
        await client.pins_add(channel=room, timestamp=posted["ts"])

    async def bookmarks() -> None:
        for title in ("Timeline", "Status page"):
            await client.bookmarks_add(
                channel_id=room, title=title, type="link", link="http://tocsin.test"
            )

    await asyncio.gather(
        client.conversations_invite(channel=room, users=[body["user_id"], os.environ["ON_CALL"]]),
        client.conversations_setTopic(channel=room, topic="SEV1 · checkout is down"),
        card(),
        bookmarks(),
        client.chat_postMessage(channel=os.environ["ANNOUNCE"], text="checkout", blocks=CARD),
    )


async def main() -> None:
    async with aiohttp.ClientSession() as session:  # one pool of connections, as a good client has
        web = AsyncWebClient(
            os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"], session=session
        )
        app = AsyncApp(client=web)
        app.command("/incident")(declare)
        await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    asyncio.run(main())
