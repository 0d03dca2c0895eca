"""Who is behind a request. Every internal page asks here."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from bot.accounts.logins import SESSION_LASTS, session_of, session_with, stale
from bot.accounts.model import Session, SessionId, Via
from bot.core.chat.text import render
from bot.core.ports.clock import Clock
from bot.core.ports.jobs import Unavailable
from bot.core.ports.unit_of_work import Memory
from handlers.assets import Assets
from handlers.forwarding import Network, way

STATIC = Path(__file__).parent / "static"
COOKIE = "tocsin_session"
# Browsers take a cookie of such a name only over https, for this host, and from nobody else.
SECURE_COOKIE = "__Host-tocsin_session"
_NEVER_KEPT = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Gate:
    """``trial``: a person may simply be chosen, on the sample organisation on loopback."""

    memory: Memory
    clock: Clock
    proxies: Sequence[Network]
    trial: bool
    assets: Assets = field(default_factory=lambda: Assets(STATIC, "login"))

    def choosing(self, request: web.Request) -> bool:
        """Whether this very request may choose a person: from this machine, with nothing between."""
        found = way(request, self.proxies)
        return self.trial and not found.forwarded and _is_local(found.host)

    async def session(self, request: web.Request) -> Session | None:
        """Who is logged in; None for nobody. A chosen person is one only where choosing is possible."""
        token = request.cookies.get(self._name(request), "")
        if not token:
            return None
        found = await self.memory.read(lambda uow: session_of(uow, token))
        if found is None or (found.via is Via.CHOSEN and not self.choosing(request)):
            return None
        if stale(found, self.clock.now()):
            await self._seen(found.id)
        return found

    async def _seen(self, which: SessionId) -> None:
        try:
            await self.memory.write(lambda uow: uow.logins.seen(which))
        except Unavailable:
            return  # shown to its owner only: a locked database must not refuse anybody

    async def lives(self, which: SessionId) -> bool:
        """Whether a session of an open page is still good."""
        return await self.memory.read(lambda uow: session_with(uow, which)) is not None

    async def required(self, request: web.Request) -> Session:
        """The session, or a redirect to where one logs in and back."""
        found = await self.session(request)
        if found is None:
            raise self.turned_away(request)
        return found

    def turned_away(self, request: web.Request) -> web.HTTPException:
        """A link followed from another site comes without our strict cookie: such a one asks again itself."""
        if _from_elsewhere(request) and "from" not in request.query:
            return web.HTTPOk(
                text=render("login/again.html.j2", asset=self.assets.url),
                content_type="text/html",
                headers=_NEVER_KEPT,
            )
        back = _without_from(request)
        return web.HTTPSeeOther("/login" + (f"?{urlencode({'next': back})}" if back != "/" else ""))

    def remember(self, request: web.Request, response: web.StreamResponse, token: str) -> None:
        """Give the browser its token."""
        response.set_cookie(
            self._name(request),
            token,
            max_age=int(SESSION_LASTS.total_seconds()),
            httponly=True,
            samesite="Strict",
            secure=self.secure(request),
        )

    def forget(self, request: web.Request, response: web.StreamResponse) -> None:
        response.del_cookie(
            self._name(request), secure=self.secure(request), httponly=True, samesite="Strict"
        )

    def secure(self, request: web.Request) -> bool:
        return way(request, self.proxies).scheme == "https"

    def _name(self, request: web.Request) -> str:
        return SECURE_COOKIE if self.secure(request) else COOKIE


def local_path(text: str) -> str:
    """A page of ours to go to after logging in; "/" for whatever would lead elsewhere."""
    inside = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if inside and "\\" not in text else "/"


def _from_elsewhere(request: web.Request) -> bool:
    site, mode = (request.headers.get(f"Sec-Fetch-{name}") for name in ("Site", "Mode"))
    return request.method == "GET" and mode == "navigate" and site in {"cross-site", "same-site"}


def _without_from(request: web.Request) -> str:
    return str(request.rel_url.without_query_params("from"))


def _is_local(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
