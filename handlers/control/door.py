"""The socket's side in the bot: one POST a verb, answered by the office. Only who may open the file comes
in (mode 0600); the kernel says which account that is."""

from __future__ import annotations

import os
import pwd
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web

from bot.admin.desk import Office
from bot.admin.table import ask
from bot.core.errors import Invalid, TocsinError, UserError
from bot.core.ports.jobs import OutcomeUnknown, Unavailable
from handlers.control.client import answers

log = structlog.get_logger()

BODY_LIMIT = 16 << 20  # an organisation file of thousands of people fits
_CREDENTIALS = struct.Struct("3i")


@dataclass(frozen=True, slots=True)
class Control:
    office: Office

    async def answer(self, request: web.Request) -> web.Response:
        """200 with the answer; 409 for what is refused, 503 when the database is away."""
        try:
            args = await _args(request)
            office = replace(self.office, operator=_account(request))
            return web.json_response(await ask(office, request.match_info["verb"], args))
        except UserError as error:
            return web.json_response({"error": str(error)}, status=409)
        except (Unavailable, OutcomeUnknown) as error:
            return web.json_response({"error": str(error)}, status=503)
        except TocsinError as error:
            return web.json_response({"error": str(error)}, status=500)


async def _args(request: web.Request) -> Mapping[str, Any]:
    try:
        found = await request.json()
    except ValueError:
        raise Invalid("The body is no JSON.") from None
    if not isinstance(found, dict):
        raise Invalid("The body is no JSON object.")
    return found


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


async def listen(office: Office, path: Path) -> web.AppRunner | None:
    """Serve at ``path``. None, with a warning, when another replica on this machine serves there."""
    if await answers(path):
        log.warning("control.taken", path=str(path))
        return None
    path.unlink(missing_ok=True)  # noqa: ASYNC240 - one call on a local file
    app = web.Application(client_max_size=BODY_LIMIT)
    app.router.add_post("/{verb}", Control(office).answer)
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
