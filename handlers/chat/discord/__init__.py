"""Discord: war rooms, commands and cards in one server, through discord.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ports import ChatPlatform, Connector, Surroundings

VARIABLES = {
    "DISCORD_TOKEN": "The bot's token from the developer portal; with it Discord is on.",
    "DISCORD_GUILD_ID": "The server's number: Discord's menu Copy Server ID.",
    "DISCORD_API_URL": "Another base for every call, such as a proxy's: https://discord.com/api/v10.",
}


@dataclass(frozen=True, slots=True)
class DiscordConnector:
    name: str = "discord"

    def build(self, around: Surroundings) -> ChatPlatform:
        """Imports discord.py; raises ``Misset`` when a setting is missing or wrong."""
        from handlers.chat.discord.platform import build  # noqa: PLC0415 - only when it is configured

        return build(around)


def connector(environ: Mapping[str, str]) -> Connector | None:
    return DiscordConnector() if environ.get("DISCORD_TOKEN", "").strip() else None
