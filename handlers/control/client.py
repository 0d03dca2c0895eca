"""The command line's side of the socket."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TypeVar

import aiohttp

from bot.admin import codec
from bot.admin.context import Refusal
from bot.admin.process import GetAbout
from bot.admin.request import Request
from bot.admin.table import verb_of
from bot.core.errors import Fault
from bot.core.ports.jobs import OutcomeUnknown, Unavailable

A = TypeVar("A")

# A commit in doubt is tried for a minute before its answer comes (bot.language.dispatch).
_TIMEOUT = aiohttp.ClientTimeout(total=90, connect=2)
_JSON = {"Content-Type": "application/json"}


async def answers(path: Path) -> bool:
    """Whether a bot serves at ``path``, of whichever version."""
    if not path.is_socket():  # noqa: ASYNC240 - one stat of a local file
        return False
    about = GetAbout()
    try:
        await _posted(path, verb_of(about).name, codec.encode(about))
    except Fault:
        return False
    return True


async def ask(path: Path, request: Request[A]) -> A:
    """Raises ``Refusal``, ``Unavailable`` (also when nobody serves there any more), ``OutcomeUnknown`` when the
    bot went away under the question, or ``Fault``."""
    verb = verb_of(request)
    body = codec.bounded(codec.encode(request), verb.limit)
    answer: A = codec.decode_answer(verb.answer, await _posted(path, verb.name, body))
    return answer


async def _posted(path: Path, verb: str, body: bytes) -> bytes:
    try:
        async with (
            aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(str(path)), timeout=_TIMEOUT
            ) as session,
            session.post(f"http://tocsin/{verb}", data=io.BytesIO(body), headers=_JSON) as response,
        ):
            said = await response.read()
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, ConnectionResetError):
        raise OutcomeUnknown(
            "The bot ended before it answered. What was asked may have been done: "
            "look with tocsin incidents before you ask again."
        ) from None
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Unavailable(f"The bot behind {path.name} does not answer: {error}") from None
    if response.status != 200:
        raise {409: Refusal, 503: Unavailable}.get(response.status, Fault)(_error(said))
    return said


def _error(said: bytes) -> str:
    """The sentence of a refusal."""
    try:
        return str(json.loads(said)["error"])
    except (ValueError, KeyError, TypeError):
        return "The bot could not do that."
