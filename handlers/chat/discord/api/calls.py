"""Calls to Discord through discord.py's own HTTP client, with errors as the core words them.

discord.py repeats a call that was answered by 500, 502, 504 or 524 by itself, which may do it twice. A trace
that it lets us hang in ends the call there, so that the effect decides: it looks first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import discord
from discord.http import Route

from handlers.chat.discord.api.refusals import ERRORS, AccessLost, Coded, Trouble, gone, worded

JSON = Any

# discord.py waits inside a call for a bucket that opens soon; for a longer wait it raises RateLimited.
LONGEST_WAIT = 30.0
_REPEATED = frozenset({500, 502, 503, 504, 524})


def tracing() -> aiohttp.TraceConfig:
    """What ends a call at its first 5xx."""

    async def ended(_: object, __: object, params: aiohttp.TraceRequestEndParams) -> None:
        if params.response.status in _REPEATED:
            params.response.close()
            raise Trouble(params.response.status)

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(ended)
    return trace


class Api:
    """One logged-in HTTP client. ``client`` may be replaced; calls log in first when need be."""

    def __init__(self, client: discord.Client, token: str) -> None:
        self.client = client
        self._token = token
        self._logging_in = asyncio.Lock()

    @property
    def me(self) -> str:
        """Our own id; empty before the first login."""
        return str(self.client.user.id) if self.client.user else ""

    async def login(self) -> None:
        """Idempotent. Raises what ``call`` raises."""
        async with self._logging_in:
            if self.client.user is None:
                try:
                    await self.client.login(self._token)
                except discord.LoginFailure as error:
                    raise AccessLost from error
                except ERRORS as error:
                    raise worded(error) from error

    async def call(
        self,
        method: str,
        path: str,
        json: JSON = None,
        params: Mapping[str, str | int] | None = None,
        needs: Sequence[str] = (),
        **ids: str,
    ) -> JSON:
        """One call. ``needs`` names permissions, to say which to grant. Raises ``Retry`` or ``Refused``."""
        await self.login()
        try:
            return await self.raw(method, path, json, params, **ids)
        except ERRORS as error:
            found = worded(error, needs)
            if isinstance(found, Coded):
                found = gone(found, ids.get("channel_id", ""))
            raise found from error

    async def raw(
        self,
        method: str,
        path: str,
        json: JSON = None,
        params: Mapping[str, str | int] | None = None,
        **ids: str,
    ) -> JSON:
        """One call, raising what discord.py raises, and ``Trouble``."""
        more: dict[str, Any] = {}
        if json is not None:
            more["json"] = json
        if params:
            more["params"] = dict(params)
        return await self.client.http.request(Route(method, path, **ids), **more)
