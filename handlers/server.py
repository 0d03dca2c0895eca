"""The two HTTP listeners: an internal one (console, incidents, metrics) and a public one (status page).

Who mounts what is decided by the composition root; a test lists every route and its listener.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.core.errors import Fault
from bot.core.ports.jobs import OutcomeUnknown, Unavailable
from handlers.forwarding import Network, way

log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
BODY_LIMIT = 1 << 20
# Asked by probes and scrapers, which know this machine by its address alone: a name could be another's
# that was made to point here, an address cannot. They say nothing about anybody.
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})


Route = web.AbstractRouteDef
Runner = web.AppRunner


class CannotListen(Fault):
    """The address is taken, or is none of this machine's; the text says which setting to change."""


@dataclass(frozen=True, slots=True)
class Binding:
    host: str
    port: int


def application(
    routes: Iterable[web.AbstractRouteDef],
    hosts: frozenset[str],
    origins: frozenset[str],
    proxies: Sequence[Network] = (),
) -> web.Application:
    """An application that answers only for ``hosts`` and takes unsafe requests only from ``origins``.

    Empty ``hosts`` answers for any: the public side may be cached and aliased. ``proxies`` are the
    networks whose forwarding headers are believed.
    """
    app = web.Application(
        middlewares=[_guard(hosts, origins, proxies), _away], client_max_size=BODY_LIMIT
    )
    app.on_response_prepare.append(_headers)
    app.add_routes(routes)
    return app


async def _headers(request: web.Request, response: web.StreamResponse) -> None:
    """Just before the first byte goes, also of an error or of a page that is sent in pieces."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)


def _guard(
    hosts: frozenset[str], origins: frozenset[str], proxies: Sequence[Network]
) -> Middleware:
    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = _name(way(request, proxies).host)
        probed = request.path in PROBES and _is_address(name)
        if hosts and name not in hosts and not probed:
            raise web.HTTPMisdirectedRequest(text="This address is not one of Tocsin's.")
        if (request.method in _UNSAFE or "Upgrade" in request.headers) and _crosses(
            request, origins
        ):
            raise web.HTTPForbidden(text="That came from another site.")
        return await handler(request)

    return guard


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _crosses(request: web.Request, origins: frozenset[str]) -> bool:
    """Browsers name the origin of whatever acts; what carries a cookie and names none is no browser's."""
    origin = request.headers.get("Origin")
    return bool(request.cookies) if origin is None else origin not in origins


@web.middleware
async def _away(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (Unavailable, OutcomeUnknown):
        raise web.HTTPServiceUnavailable(
            text="Tocsin's database is away. Reload in a minute.", headers={"Retry-After": "5"}
        ) from None


async def listen(app: web.Application, binding: Binding) -> tuple[web.AppRunner, int]:
    """Start serving. Returns the runner, to be cleaned up, and the port that was bound."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    site = web.TCPSite(runner, binding.host, binding.port)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        raise CannotListen(
            f"Nothing can listen on {binding.host}:{binding.port}: {error.strerror or error}. "
            "Stop what does, or set TOCSIN_BIND and TOCSIN_PUBLIC_BIND to other ports."
        ) from None
    port = int(runner.addresses[0][1])
    log.info("listening", host=binding.host, port=port)
    return runner, port
