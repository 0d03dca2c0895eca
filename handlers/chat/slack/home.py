"""The App Home: what concerns whoever opens it, drawn anew each time and after each press in it."""

from __future__ import annotations

from bot.core.chat.vocabulary import Delivery, Refused, Reply, Retry
from handlers.chat.slack.door import Door
from handlers.chat.slack.forms import Kept
from handlers.chat.slack.inbound import Body, by_event
from handlers.chat.slack.render import VIEW_BLOCKS, Json, blocks


async def opened(door: Door, body: Body) -> None:
    """Somebody opened the home tab."""
    event = body["event"]
    if event.get("tab", "home") == "home":
        await show(door, event["user"], by_event(body))


async def show(door: Door, user: str, delivery: str) -> None:
    """Draw it for one person. Idempotent; when Slack will not, the tab stays as it was."""
    call = await door.invocation(user, delivery, "home", Kept(), Delivery.COMMAND)

    async def publish(reply: Reply) -> None:
        if reply.card is None:
            return
        view: Json = {
            "type": "home",
            "callback_id": "home",
            "blocks": blocks(reply.card, await door.directory.ids(reply.card), VIEW_BLOCKS),
        }
        try:
            await door.calls.call("views.publish", user_id=user, view=view)
        except (Retry, Refused) as error:
            door.replying.missed("views.publish", error)

    await publish(await door.handle(call, publish))
