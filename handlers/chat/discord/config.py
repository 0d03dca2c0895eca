"""What is set for Discord: from the environment, and from the organisation file's ``chat.discord``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

import structlog

from bot.core.errors import Fault
from bot.core.organisation import ChatRules
from bot.core.times.when import duration

log = structlog.get_logger()

TOKEN, GUILD, URL = "DISCORD_TOKEN", "DISCORD_GUILD_ID", "DISCORD_API_URL"
AFTER, FULL = "DISCORD_ARCHIVE_AFTER", "DISCORD_WHEN_FULL"
EVERYONE = "everyone"


class Style(StrEnum):
    """What a war room is."""

    CHANNELS = "channels"
    THREADS = "threads"
    FORUM = "forum"


class Full(StrEnum):
    """What is done about a server that is nearly full."""

    ARCHIVE = "archive"
    THREADS = "threads"


class ConfigError(Fault):
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
    archive_after: timedelta | None = None
    when_full: Full = Full.ARCHIVE


def config(environ: Mapping[str, str], rules: ChatRules) -> Config:
    """Raises ``ConfigError``."""
    guild = environ.get(GUILD, "").strip()
    if not guild.isdecimal():
        raise ConfigError(
            f"{GUILD} must be set to your server's number (Discord's menu: Copy Server ID)."
        )
    api = environ.get(URL, "").strip().rstrip("/")
    if api and not api.startswith(("http://", "https://")):
        raise ConfigError(f"{URL} must be an address such as https://discord.com/api/v10.")
    said = rules.allowed.get("discord", {})
    listed = said.get("allowed_roles")
    roles = tuple(str(role) for role in listed) if isinstance(listed, tuple | list) else ()
    if not roles:
        raise ConfigError(
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
        _archive_after(environ.get(AFTER, "").strip()),
        _when_full(environ.get(FULL, "").strip()),
    )


def _archive_after(text: str) -> timedelta | None:
    length = duration(text) if text else None
    if text and length is None:
        raise ConfigError(f"{AFTER} is {text!r}; write a duration such as 12h or 7d.")
    return length


def _when_full(text: str) -> Full:
    if text not in ("", *Full):
        raise ConfigError(f"{FULL} is {text!r}; write archive or threads.")
    return Full(text or Full.ARCHIVE)


@dataclass(slots=True)
class Current:
    """What is set now, whichever organisation file was applied last. One that cannot be used is logged,
    and what counted before goes on counting."""

    environ: Mapping[str, str]
    rules: Callable[[], ChatRules]
    found: Config = field(init=False)
    _of: ChatRules = field(init=False)

    def __post_init__(self) -> None:
        self._of = self.rules()
        self.found = config(self.environ, self._of)

    def __call__(self) -> Config:
        rules = self.rules()
        if rules is not self._of:
            self._of = rules
            try:
                self.found = config(self.environ, rules)
            except ConfigError as error:
                log.warning("discord.not_adopted", error=str(error))
        return self.found
