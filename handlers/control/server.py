"""The socket's side in the bot: decodes a request of the table, asks, and encodes the answer. Only who may open
the file comes in (mode 0600); the kernel says which account that is."""

from __future__ import annotations

import os
import pwd
import socket
import struct
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from aiohttp import web

from bot.admin import codec
from bot.admin.context import AdminContext
from bot.admin.table import ask, verb_named
from bot.core.errors import TocsinError, UserError
from bot.core.ports.jobs import OutcomeUnknown, Unavailable
from handlers.control.client import answers

log = structlog.get_logger()

_CREDENTIALS = struct.Struct("3i")


@dataclass(frozen=True, slots=True)
class SocketAdapter:
    context: AdminContext

    async def answer(self, request: web.Request) -> web.Response:
        """200 with the answer; 409 for what is refused, 503 when the database is away."""
        try:
            verb = verb_named(request.match_info["verb"])
            body = await _body(request, verb.limit)
            asked = codec.decode_request(verb.request, body, verb.limit)
            answer = await ask(replace(self.context, operator=_account(request)), asked)
            return web.Response(body=codec.encode(answer), content_type="application/json")
        except UserError as error:
            return web.json_response({"error": str(error)}, status=409)
        except (Unavailable, OutcomeUnknown) as error:
            return web.json_response({"error": str(error)}, status=503)
        except TocsinError as error:
            return web.json_response({"error": str(error)}, status=500)


async def _body(request: web.Request, limit: int) -> bytes:
    """All of it, or the first part that is longer than ``limit``: the codec refuses that by its length."""
    found = bytearray()
    async for part in request.content.iter_any():
        found += part
        if len(found) > limit:
            break
    return bytes(found)


def _account(request: web.Request) -> str:
    """The account behind the other end (SO_PEERCRED, unix(7)); without it, the operator."""
    link = request.transport.get_extra_info("socket") if request.transport else None
    if link is None or not hasattr(socket, "SO_PEERCRED"):
        return "operator"
    given = link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return account(_CREDENTIALS.unpack(given)[1])


def account(uid: int) -> str:
    """The account's name, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid-{uid}"


async def listen(context: AdminContext, path: Path) -> web.AppRunner | None:
    """Serve at ``path``. None, with a warning, when another replica on this machine serves there."""
    if await answers(path):
        log.warning("control.taken", path=str(path))
        return None
    path.unlink(missing_ok=True)  # noqa: ASYNC240 - one call on a local file
    app = web.Application()
    app.router.add_post("/{verb}", SocketAdapter(context).answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    await web.SockSite(runner, _bound(path)).start()
    return runner


def _bound(path: Path) -> socket.socket:
    """A socket whose file nobody else could open for an instant: the mask is ours while it is made."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        made.bind(str(path))
    finally:
        os.umask(before)
    return made
