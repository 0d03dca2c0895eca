"""What ``tocsin doctor`` says of Discord: the token, the server, the permissions, the intents, the room left."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.core.chat.vocabulary import Refused, Retry
from bot.core.ports.platforms import Finding, Level
from handlers.chat.discord.api.calls import Api
from handlers.chat.discord.api.permissions import missing
from handlers.chat.discord.config import GUILD, TOKEN
from handlers.chat.discord.listening.session import Client, EventRouter, intents
from handlers.chat.discord.rendering import limits

ABOUT = "discord"
_LIMIT = 10.0
# Whether the developer portal grants MESSAGE_CONTENT, to a large bot or to a small one.
_CONTENT = 1 << 18 | 1 << 19
_LINK = (
    "tocsin discord invite-url prints the link that grants it; whoever manages the server opens it."
)


async def findings(environ: Mapping[str, str]) -> Sequence[Finding]:
    """At most about 10 s."""
    guild = environ.get(GUILD, "").strip()
    if not guild.isdecimal():
        fix = "Set it to the server's number: Discord's menu Copy Server ID."
        return [Finding(Level.FAULT, ABOUT, f"{GUILD} is not set.", fix)]
    api = Api(Client(EventRouter(), intents(content=False)), environ[TOKEN].strip())
    try:
        async with asyncio.timeout(_LIMIT):
            return await _asked(api, guild)
    except TimeoutError:
        return [Finding(Level.FAULT, ABOUT, "Discord does not answer.", "Is the way out blocked?")]
    except (Retry, Refused) as error:
        fix = getattr(error, "fix", "") or "https://discordstatus.com says whether it is Discord."
        return [Finding(Level.FAULT, ABOUT, f"{error}.", fix)]
    finally:
        await api.client.close()


async def _asked(api: Api, guild: str) -> list[Finding]:
    await api.login()
    try:
        server = await api.call("GET", "/guilds/{guild_id}", guild_id=guild)
    except Refused:
        says = f"Tocsin is not in the server {guild}."
        return [Finding(Level.FAULT, ABOUT, says, _LINK)]
    path = "/guilds/{guild_id}/members/{user_id}"
    me = await api.call("GET", path, guild_id=guild, user_id=api.me)
    application = await api.call("GET", "/oauth2/applications/@me")
    channels = await api.call("GET", "/guilds/{guild_id}/channels", guild_id=guild)
    return [
        *_permissions(server, me),
        _content(int(application.get("flags") or 0)),
        _room_left(len(channels)),
    ]


def _permissions(server: Mapping[str, Any], me: Mapping[str, Any]) -> Iterator[Finding]:
    mine = {*me["roles"], server["id"]}
    granted = 0
    for role in server["roles"]:
        granted |= int(role["permissions"]) if role["id"] in mine else 0
    lacking = missing(granted)
    for each in lacking:
        yield Finding(Level.FAULT, ABOUT, f"«{each.label}» is missing: {each.why}.", _LINK)
    if not lacking:
        yield Finding(Level.FINE, ABOUT, f"In {server['name']}, with every permission it needs.")


def _content(flags: int) -> Finding:
    if flags & _CONTENT:
        return Finding(Level.FINE, ABOUT, "It may read what is written in war rooms.")
    says = "It may not read messages: 📌 keeps no quotes, and it does not hear that somebody wrote."
    return Finding(Level.NOTE, ABOUT, says, "Developer portal, Bot: Message Content Intent.")


def _room_left(channels: int) -> Finding:
    says = f"{channels} of {limits.IN_A_GUILD} channels."
    if channels < limits.IN_A_GUILD - limits.IN_A_CATEGORY:
        return Finding(Level.FINE, ABOUT, says)
    fix = "Delete old channels; in a full server rooms open as threads."
    return Finding(Level.WARNING, ABOUT, says, fix)
