"""The routes of logging in: which there are depends on whether there is a provider."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web

from handlers.login.gate import Gate
from handlers.login.notes import Notes
from handlers.login.openid import OpenId
from handlers.login.pages import Login
from handlers.login.provider import Provider


@dataclass(frozen=True, slots=True)
class OpenIdSettings:
    """No ``issuer``: no OpenID. ``keys`` sign what a browser keeps for us meanwhile."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    name: str
    keys: tuple[bytes, ...] = field(repr=False)


def login_routes(
    gate: Gate, organisation: str, base: str, openid: OpenIdSettings
) -> list[web.AbstractRouteDef]:
    """``base`` is the internal side's address."""
    named = openid.name if openid.issuer else ""
    login = Login(gate, organisation, named)
    if not named:
        return login.routes()
    provider = Provider(openid.issuer, openid.client, openid.secret, named)
    through = OpenId(gate, provider, Notes(openid.keys), base, organisation)
    return [*login.routes(), *through.routes()]
