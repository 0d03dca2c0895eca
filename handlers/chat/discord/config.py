"""What is set for Discord: from the environment, and from the organisation file's ``chat.discord``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import Fault
from bot.domain.organisation import ChatRules

TOKEN, GUILD, URL = "DISCORD_TOKEN", "DISCORD_GUILD_ID", "DISCORD_API_URL"
EVERYONE = "everyone"


class Style(StrEnum):
    """What a war room is."""

    CHANNELS = "channels"
    THREADS = "threads"
    FORUM = "forum"


class Misset(Fault):
    """What is set for Discord cannot be used; the text says what to set."""


@dataclass(frozen=True, slots=True)
class Config:
    """``roles`` are names or numbers of the roles whose members may use Tocsin; ``everyone`` is one."""

    token: str
    guild: str
    api: str = ""
    roles: tuple[str, ...] = ()
    announce: str = "incidents"
    category: str = "Incidents"
    rooms_as: Style = Style.CHANNELS
    parent: str = "war-rooms"


def config(environ: Mapping[str, str], rules: ChatRules) -> Config:
    """Raises ``Misset``."""
    guild = environ.get(GUILD, "").strip()
    if not guild.isdecimal():
        raise Misset(
            f"{GUILD} must be set to your server's number (Discord's menu: Copy Server ID)."
        )
    api = environ.get(URL, "").strip().rstrip("/")
    if api and not api.startswith(("http://", "https://")):
        raise Misset(f"{URL} must be an address such as https://discord.com/api/v10.")
    said = rules.allowed.get("discord", {})
    listed = said.get("allowed_roles")
    roles = tuple(str(role) for role in listed) if isinstance(listed, tuple | list) else ()
    if not roles:
        raise Misset(
            "chat.discord.allowed_roles in the organisation file names nobody: list the roles whose "
            "members may use Tocsin, or write everyone."
        )
    return Config(
        environ[TOKEN].strip(),
        guild,
        api,
        roles,
        rules.announce.get("discord", "incidents"),
        str(said.get("category") or "Incidents"),
        Style(str(said.get("rooms_as") or Style.CHANNELS)),
        str(said.get("parent") or "war-rooms"),
    )
