"""Who speaks on Discord, and whether a role of theirs lets them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.core.chat.vocabulary import Admission, Refused, Retry, Speaker
from bot.core.ports.clock import Clock
from handlers.chat.discord.api.calls import Api
from handlers.chat.discord.config import EVERYONE, Config

# A role that was taken away counts for this long where Discord does not tell us of roles.
_TRUST = timedelta(minutes=1)


@dataclass(slots=True)
class People:
    """``allowed_roles`` decide. In a direct message Discord says nothing of roles: they are asked for."""

    api: Api
    settings: Callable[[], Config]
    clock: Clock
    _seen: dict[str, tuple[bool, datetime]] = field(default_factory=dict)

    async def speaker(self, user: discord.abc.User) -> Speaker:
        """Bots are never let in."""
        native = str(user.id)
        if user.bot:
            return Speaker(native, user.display_name, admission=Admission.REFUSED)
        if isinstance(user, discord.Member):
            self._note(native, allowed=self._let_in((str(r.id), r.name) for r in user.roles))
        return Speaker(native, user.display_name, admission=await self._admission(native))

    async def known_as(self, native: str, name: str = "") -> Speaker:
        """Somebody of whom only the number was told."""
        return Speaker(native, name or native, admission=await self._admission(native))

    def _note(self, native: str, *, allowed: bool) -> None:
        if len(self._seen) > 10_000:
            self._seen.clear()
        self._seen[native] = (allowed, self.clock.now())

    async def _admission(self, native: str) -> Admission:
        return Admission.ALLOWED if await self._allowed(native) else Admission.REFUSED

    async def _allowed(self, native: str) -> bool:
        found = self._seen.get(native)
        if found is None or self.clock.now() - found[1] > _TRUST:
            said = await self._ask(native)
            if said is None:
                return False
            self._note(native, allowed=said)
            return said
        return found[0]

    async def _ask(self, native: str) -> bool | None:
        """Whoever is not in the server has no roles in it. None when Discord cannot say: not now, but
        asked again the next time."""
        path = "/guilds/{guild_id}/members/{user_id}"
        try:
            member: Mapping[str, Any] = await self.api.call(
                "GET", path, guild_id=self.settings().guild, user_id=native
            )
            names = await self._names(member["roles"])
        except Refused:
            return False
        except Retry:
            return None
        return self._let_in(names)

    async def _names(self, roles: Sequence[str]) -> list[tuple[str, str]]:
        guild = self.api.client.get_guild(int(self.settings().guild))
        if guild is not None:
            return [(str(r.id), r.name) for r in guild.roles if str(r.id) in roles]
        path = "/guilds/{guild_id}/roles"
        listed = await self.api.call("GET", path, guild_id=self.settings().guild)
        return [(str(r["id"]), str(r["name"])) for r in listed if r["id"] in roles]

    def _let_in(self, roles: Iterable[tuple[str, str]]) -> bool:
        named = self.settings().roles
        if EVERYONE in named:
            return True
        wanted = {role.casefold().lstrip("@") for role in named}
        return any(number in wanted or name.casefold() in wanted for number, name in roles)
