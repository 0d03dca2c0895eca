"""The permissions that Tocsin asks for on Discord, the least that it works with, and why each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Permission:
    """``bit`` is its place in Discord's number; ``label`` what Discord's settings call it."""

    name: str
    bit: int
    label: str
    why: str


NEEDED: Mapping[str, Permission] = {
    found.name: found
    for found in (
        Permission("VIEW_CHANNEL", 10, "View Channels", "to see the rooms that it opens"),
        Permission("MANAGE_CHANNELS", 4, "Manage Channels", "to open war rooms and their category"),
        Permission(
            "MANAGE_ROLES",
            28,
            "Manage Permissions",
            "to let people into a private war room after it was opened",
        ),
        Permission("SEND_MESSAGES", 11, "Send Messages", "to post cards and announcements"),
        Permission(
            "ATTACH_FILES",
            15,
            "Attach Files",
            "to keep what was said when a full server needs place",
        ),
        Permission("EMBED_LINKS", 14, "Embed Links", "because cards are embeds"),
        Permission(
            "READ_MESSAGE_HISTORY",
            16,
            "Read Message History",
            "to find what it posted before posting again, and the message a reaction is on",
        ),
        Permission(
            "PIN_MESSAGES", 51, "Pin Messages", "to pin the card (apart since February 2026)"
        ),
        Permission(
            "CREATE_PUBLIC_THREADS", 35, "Create Public Threads", "when rooms are threads or posts"
        ),
        Permission("CREATE_PRIVATE_THREADS", 36, "Create Private Threads", "for private ones"),
        Permission(
            "SEND_MESSAGES_IN_THREADS", 38, "Send Messages in Threads", "to write in such rooms"
        ),
        Permission("MANAGE_THREADS", 34, "Manage Threads", "to close such rooms when all is over"),
    )
}


def number(names: Iterable[str] = tuple(NEEDED)) -> int:
    """Discord's number for these permissions."""
    return sum(1 << NEEDED[name].bit for name in names)


def missing(granted: int) -> list[Permission]:
    """What a number does not hold. An administrator (bit 3) holds everything."""
    if granted & 1 << 3:
        return []
    return [found for found in NEEDED.values() if not granted & 1 << found.bit]


def in_words(names: Sequence[str]) -> str:
    """How Discord's own settings call them."""
    return " and ".join(f"«{NEEDED[name].label}»" for name in names) or "what the link asks for"


def invite_url(application: str, guild: str = "") -> str:
    """The link that adds the bot, with these permissions and the commands."""
    query = {
        "client_id": application,
        "scope": "bot applications.commands",
        "permissions": str(number()),
        **({"guild_id": guild, "disable_guild_select": "true"} if guild else {}),
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"
