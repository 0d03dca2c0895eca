"""Discord: war rooms, commands and cards in one server, through discord.py."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.errors import Invalid
from bot.core.ports.declarations import Identity, OrgSetting, PlatformModule
from bot.core.ports.platforms import ChatPlatform, Connector, Finding, PlatformContext

VARIABLES = {
    "DISCORD_TOKEN": "The bot's token from the developer portal; with it Discord is on.",
    "DISCORD_GUILD_ID": "The server's number: Discord's menu Copy Server ID.",
    "DISCORD_API_URL": "Another base for every call, such as a proxy's: https://discord.com/api/v10.",
    "DISCORD_ARCHIVE_AFTER": "How long after closing a war room goes to the category of old ones, such as 7d; "
    "unset: never.",
    "DISCORD_WHEN_FULL": "What is done when a server nears Discord's 500 channels: archive (unset) writes the rooms "
    "closed longest ago into files and removes them; threads removes nothing, and new rooms are threads.",
}


@dataclass(frozen=True, slots=True)
class DiscordConnector:
    name: str = "discord"

    def build(self, context: PlatformContext) -> ChatPlatform:
        """Imports discord.py; raises ``ConfigError`` when a setting is missing or wrong."""
        from handlers.chat.discord.platform import build

        return build(context)


def connector(environ: Mapping[str, str]) -> Connector | None:
    return DiscordConnector() if environ.get("DISCORD_TOKEN", "").strip() else None


def invite_url(application: str = "", guild: str = "") -> str:
    """The link that adds Tocsin to a server, with the least permissions, each explained.

    --application is the application's number (else read from DISCORD_TOKEN); --guild the server's (else
    DISCORD_GUILD_ID).
    """
    from handlers.chat.discord.api import permissions

    number = application.strip() or application_of(os.environ.get("DISCORD_TOKEN", ""))
    if not number.isdecimal():
        raise Invalid(
            "Give --application: the Application ID on the developer portal's first page."
        )
    url = permissions.invite_url(number, guild or os.environ.get("DISCORD_GUILD_ID", "").strip())
    listed = "\n".join(f"  {p.label:26} {p.why}" for p in permissions.NEEDED.values())
    return f"{url}\n\nIt asks for:\n{listed}"


def application_of(token: str) -> str:
    """The application's number, which a bot's token begins with; empty when it does not."""
    head = token.strip().split(".")[0]
    try:
        return base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


async def checks(environ: Mapping[str, str]) -> Sequence[Finding]:
    """What ``tocsin doctor`` says of Discord: nothing when it is not configured. At most about 10 s."""
    if connector(environ) is None:
        return []
    from handlers.chat.discord.checks import findings

    api = environ.get("DISCORD_API_URL", "").strip().rstrip("/")
    if api:
        from discord.http import Route

        Route.BASE = api
    return await findings(environ)


# Everybody on a server could use the bot's commands; the organisation file says who may.
_ROLES = "is required with Discord: the roles that may use the bot, or [everyone]."

PLATFORM = PlatformModule(
    "discord",
    "Discord",
    connector,
    VARIABLES,
    checks,
    {"invite-url": invite_url},
    notices=("pin_card", "invite"),
    identity=Identity(
        "discord", "[0-9]{1,20}", "must be the number that Discord's menu Copy User ID gives."
    ),
    settings=(
        OrgSetting("allowed_roles", (), required=_ROLES),
        OrgSetting("category", "Incidents"),
        OrgSetting("rooms_as", "channels", choices=("channels", "threads", "forum")),
        OrgSetting("parent", "war-rooms"),
    ),
    rank=20,
)
