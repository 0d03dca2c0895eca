"""Slack as a chat platform: the one folder that knows slack_bolt and slack_sdk, and imports them only
when a bot token is set."""

from __future__ import annotations

from collections.abc import Mapping

from bot.ports import Connector


def connector(environ: Mapping[str, str]) -> Connector | None:
    """Slack, when SLACK_BOT_TOKEN is set. Raises ``Fault`` when how to listen is not."""
    if not environ.get("SLACK_BOT_TOKEN", "").strip():
        return None
    from handlers.chat.slack.connector import connected  # noqa: PLC0415 - the vendor's library

    return connected(environ)
