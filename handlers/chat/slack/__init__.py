"""Slack as a chat platform: the one folder that knows slack_bolt and slack_sdk, and imports them only
when a bot token is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.ports.declarations import Identity, OrgSetting, PlatformModule
from bot.core.ports.platforms import Connector, Finding

VARIABLES = {
    "SLACK_BOT_TOKEN": "The bot's token, xoxb-…: turns Slack on. See docs/slack.md.",
    "SLACK_APP_TOKEN": "The app-level token, xapp-…, with connections:write: Socket Mode, which needs no "
    "public address.",
    "SLACK_SIGNING_SECRET": "Instead of SLACK_APP_TOKEN: Slack sends its requests to /slack/events on the "
    "public side.",
    "SLACK_API_URL": "Another base for every call, such as https://slack-gov.com/api/ or a proxy's.",
    "SLACK_ARCHIVE_AFTER": "How long after closing a war room is archived, such as 7d; unset: never.",
    "SLACK_PACE": "How many times Slack's documented rates this app is granted; unset: 1.",
}


def connector(environ: Mapping[str, str]) -> Connector | None:
    """Slack, when SLACK_BOT_TOKEN is set. Raises ``Fault`` when how to listen is not."""
    if not environ.get("SLACK_BOT_TOKEN", "").strip():
        return None
    from handlers.chat.slack.connector import connected

    return connected(environ)


def print_manifest(command: str = "", url: str = "") -> str:
    """The app's manifest, to be pasted into Slack (Create New App, From a manifest).

    --command is the command's name (else TOCSIN_COMMAND, else incident). --url is for HTTP mode: where
    Slack reaches the public side, such as https://status.example.com/slack/events.
    """
    import os

    from bot.language.dispatch import every_verb
    from handlers.chat.slack.manifest import hints, printed

    name = (command or os.environ.get("TOCSIN_COMMAND", "") or "incident").strip("/").lower()
    return printed(name, hints(every_verb()), url)


def scopes() -> str:
    """The permissions that the app asks for, each with its reason."""
    from handlers.chat.slack.manifest import explained

    return explained()


async def checks(environ: Mapping[str, str]) -> Sequence[Finding]:
    """What ``tocsin doctor`` says of Slack: nothing when it is not configured. At most about 10 s."""
    if not environ.get("SLACK_BOT_TOKEN", "").strip():
        return []
    from handlers.chat.slack.checking import findings

    return await findings(environ)


PLATFORM = PlatformModule(
    "slack",
    "Slack",
    connector,
    VARIABLES,
    checks,
    {"manifest": print_manifest, "scopes": scopes},
    notices=("pin_card", "set_topic", "invite"),
    identity=Identity("slack"),
    settings=(OrgSetting("guests", "deny", choices=("deny", "allow")),),
    rank=10,
)
