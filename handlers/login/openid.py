"""Logging in through an OpenID Connect provider: the authorization code flow with PKCE.

The provider says who somebody is; the organisation file says whether they are one of us.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import structlog
from aiohttp import ClientError, web
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from bot.accounts.logins import open_session
from bot.accounts.model import Via
from bot.core.chat.text import render
from bot.core.errors import UserError
from bot.core.people import PersonId
from bot.core.ports.unit_of_work import UnitOfWork
from handlers.login.device import device
from handlers.login.gate import Gate, local_path
from handlers.login.notes import Notes
from handlers.login.provider import Provider, ProviderError

log = structlog.get_logger()

COOKIE = "tocsin_openid"
PATH = "/login/openid"
IDENTITY = "openid"
LASTS = timedelta(minutes=10)
_ALONE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class OpenId:
    """``notes`` keeps what the browser brings back; ``base`` is our own address."""

    gate: Gate
    provider: Provider
    notes: Notes
    base: str
    organisation: str

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.get(PATH, self.leave), web.get(f"{PATH}/back", self.back)]

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """To the provider, with a note of what must come back."""
        note = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        note["next"] = local_path(request.query.get("next", "/"))
        asked = {
            "response_type": "code",
            "client_id": self.provider.client,
            "redirect_uri": self._back_url(),
            "scope": "openid email profile",
            "state": note["state"],
            "nonce": note["nonce"],
            "code_challenge": create_s256_code_challenge(note["verifier"]),
            "code_challenge_method": "S256",
        }
        try:
            there = (await self.provider.metadata())["authorization_endpoint"]
        except (ProviderError, ClientError, TimeoutError, KeyError) as error:
            return self._failed(error)
        response = web.Response(status=303, headers={**_ALONE, "Location": _with(there, asked)})
        # Lax, since it has to come along when the provider sends the browser back.
        response.set_cookie(
            COOKIE,
            self.notes.signed(note, self.gate.clock.now() + LASTS),
            max_age=int(LASTS.total_seconds()),
            path=PATH,
            httponly=True,
            samesite="Lax",
            secure=self.gate.secure(request),
        )
        return response

    async def back(self, request: web.Request) -> web.StreamResponse:
        """From the provider: its code, for the state that this very browser was given."""
        note = self.notes.read(request.cookies.get(COOKIE, ""), self.gate.clock.now())
        given = request.query.get("state", "")
        if note is None or not secrets.compare_digest(note["state"].encode(), given.encode()):
            return self._refused("That log-in was not begun in this browser, or took too long.")
        if "code" not in request.query:
            return self._refused("The provider did not log you in. Try again, or ask an admin.")
        try:
            claims = await self.provider.claims(
                request.query["code"], note["verifier"], note["nonce"], self._back_url(),
                self.gate.clock.now(),
            )  # fmt: skip
        except (ProviderError, ClientError, TimeoutError, KeyError) as error:
            return self._failed(error)
        return await self._enter(request, claims, note["next"])

    async def _enter(
        self, request: web.Request, claims: Mapping[str, Any], back: str
    ) -> web.StreamResponse:
        def enter(uow: UnitOfWork) -> str:
            return open_session(uow, person_of(uow, claims), Via.OPENID, device(request))

        try:
            token = await self.gate.memory.write(enter)
        except UserError as error:
            return self._refused(str(error))
        # A page and not a redirect: our strict cookie is not sent along on the way from another site.
        response = web.Response(
            text=render("login/entered.html.j2", next=back),
            content_type="text/html",
            headers=_ALONE,
        )
        self.gate.remember(request, response, token)
        response.del_cookie(COOKIE, path=PATH)
        return response

    def _back_url(self) -> str:
        return f"{self.base}{PATH}/back"

    def _failed(self, error: Exception) -> web.Response:
        log.warning("openid.failed", error=f"{type(error).__name__}: {error}")
        return self._refused(
            f"{self.provider.name} could not be asked who you are. Try again in a minute; a log-in "
            "link works meanwhile."
        )

    def _refused(self, words: str) -> web.Response:
        body = render(
            "login/refused.html.j2",
            asset=self.gate.assets.url,
            organisation=self.organisation,
            words=words,
        )
        return web.Response(text=body, status=403, content_type="text/html", headers=_ALONE)


def person_of(uow: UnitOfWork, claims: Mapping[str, Any]) -> PersonId:
    """Whom the organisation file knows by the provider's ``sub``, else by an address it has verified."""
    subject, email = str(claims["sub"]), str(claims.get("email", "")).casefold()
    people = uow.org.people.values()
    found = [p for p in people if p.identities.get(IDENTITY) == subject]
    if not found and email and claims.get("email_verified") is True:
        found = [p for p in people if (p.email or "").casefold() == email]
    return found[0].id if len(found) == 1 else PersonId("")


def _with(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
