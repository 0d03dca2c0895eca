"""Slack as a chat platform: the one folder that knows slack_bolt and slack_sdk, and imports them only
when a bot token is set."""

from __future__ import annotations

from collections.abc import Mapping

from bot.ports import Connector

VARIABLES = {
    "SLACK_BOT_TOKEN": "The bot's token, xoxb-…: turns Slack on. See docs/slack.md.",
    "SLACK_APP_TOKEN": "The app-level token, xapp-…, with connections:write: Socket Mode, which needs no "
    "public address.",
    "SLACK_SIGNING_SECRET": "Instead of SLACK_APP_TOKEN: Slack sends its requests to /slack/events on the "
    "public side.",
    "SLACK_API_URL": "Another base for every call, such as https://slack-gov.com/api/ or a proxy's.",
    "SLACK_PACE": "How many times Slack's documented rates this app is granted; unset: 1.",
}


def connector(environ: Mapping[str, str]) -> Connector | None:
    """Slack, when SLACK_BOT_TOKEN is set. Raises ``Fault`` when how to listen is not."""
    if not environ.get("SLACK_BOT_TOKEN", "").strip():
        return None
    from handlers.chat.slack.connector import connected  # noqa: PLC0415 - the vendor's library

    return connected(environ)
