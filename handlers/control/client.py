"""The command line's side of the socket."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp

from bot.admin.desk import Refusal
from bot.core.errors import Fault
from bot.core.ports.jobs import OutcomeUnknown, Unavailable

# A commit in doubt is tried for a minute before its answer comes (bot.language.dispatch).
_TIMEOUT = aiohttp.ClientTimeout(total=90, connect=2)


async def answers(path: Path) -> bool:
    """Whether a bot serves at ``path``."""
    if not path.is_socket():  # noqa: ASYNC240 - one stat of a local file
        return False
    try:
        await ask(path, "about", {})
    except Fault:
        return False
    return True


async def ask(path: Path, verb: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """Raises ``Refusal``, ``Unavailable`` (also when nobody serves there any more), ``OutcomeUnknown`` when the
    bot went away under the question, or ``Fault``."""
    try:
        async with (
            aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(str(path)), timeout=_TIMEOUT
            ) as session,
            session.post(f"http://tocsin/{verb}", json=dict(args)) as response,
        ):
            said: dict[str, Any] = await response.json()
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, ConnectionResetError):
        raise OutcomeUnknown(
            "The bot ended before it answered. What was asked may have been done: "
            "look with tocsin incidents before you ask again."
        ) from None
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Unavailable(f"The bot behind {path.name} does not answer: {error}") from None
    if response.status == 200:
        return said
    words = str(said.get("error", "The bot could not do that."))
    raise {409: Refusal, 503: Unavailable}.get(response.status, Fault)(words)
