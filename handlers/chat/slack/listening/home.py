"""The App Home: what concerns whoever opens it, drawn anew each time and after each press in it."""

from __future__ import annotations

from bot.core.chat.vocabulary import Delivery, Refused, Reply, Retry
from handlers.chat.slack.listening.adapter import Adapter
from handlers.chat.slack.listening.inbound import Body, by_event
from handlers.chat.slack.rendering.forms import ViewContext
from handlers.chat.slack.rendering.render import VIEW_BLOCKS, Json, blocks


async def opened(adapter: Adapter, body: Body) -> None:
    """Somebody opened the home tab."""
    event = body["event"]
    if event.get("tab", "home") == "home":
        await show(adapter, event["user"], by_event(body))


async def show(adapter: Adapter, user: str, delivery: str) -> None:
    """Draw it for one person. Idempotent; when Slack will not, the tab stays as it was."""
    call = await adapter.invocation(user, delivery, "home", ViewContext(), Delivery.COMMAND)

    async def publish(reply: Reply) -> None:
        if reply.card is None:
            return
        view: Json = {
            "type": "home",
            "callback_id": "home",
            "blocks": blocks(reply.card, await adapter.directory.ids(reply.card), VIEW_BLOCKS),
        }
        try:
            await adapter.calls.call("views.publish", user_id=user, view=view)
        except (Retry, Refused) as error:
            adapter.replying.missed("views.publish", error)

    await publish(await adapter.handle(call, publish))
