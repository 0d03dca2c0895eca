"""The vendor's ``AsyncApp`` with our listeners: one for each kind of payload, whatever it carries."""

from __future__ import annotations

import logging
import re
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from handlers.chat.slack.listening import events, listeners
from handlers.chat.slack.listening.adapter import Adapter

_ANY = re.compile(r".*", re.DOTALL)
# Bolt would write whole payloads at its lower levels; incidents' texts are not for logs.
_log = logging.getLogger("tocsin.slack")
_log.setLevel(logging.ERROR)


def bolt(adapter: Adapter, token: str, signing_secret: str) -> AsyncApp:
    """Every payload reaches one of our listeners. HTTP requests are verified, their age too."""

    async def authorize(**known: Any) -> AuthorizeResult:
        """One workspace: nobody is asked, so that an acknowledgement waits for no call of ours."""
        me = adapter.directory.me
        return AuthorizeResult(
            enterprise_id=known.get("enterprise_id"),
            team_id=known.get("team_id"),
            bot_user_id=me.user if me else None,
            bot_id=me.bot if me else None,
            bot_token=token,
        )

    app = AsyncApp(
        name="tocsin",
        client=adapter.calls.web,
        signing_secret=signing_secret or "unused",
        authorize=authorize,
        logger=_log,
    )

    _listen(app, adapter)
    return app


def _listen(app: AsyncApp, adapter: Adapter) -> None:
    async def on_command(ack: Any, body: Any) -> None:
        await adapter.tracked(listeners.command(adapter, ack, body))

    async def on_press(ack: Any, body: Any) -> None:
        await adapter.tracked(listeners.press(adapter, ack, body))

    async def on_submit(ack: Any, body: Any) -> None:
        await adapter.tracked(listeners.submit(adapter, ack, body))

    async def on_shortcut(ack: Any, body: Any) -> None:
        await adapter.tracked(listeners.shortcut(adapter, ack, body))

    async def on_options(ack: Any, body: Any) -> None:
        await adapter.tracked(listeners.suggest(adapter, ack, body))

    async def on_event(body: Any) -> None:
        await adapter.tracked(events.heard(adapter, body))

    app.command(_ANY)(on_command)
    app.action(_ANY)(on_press)
    app.view(_ANY)(on_submit)
    app.shortcut(_ANY)(on_shortcut)
    app.options(_ANY)(on_options)
    app.event(_ANY)(on_event)
