"""An OpenID Connect provider: where it is asked, and whether what it answers holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

import aiohttp
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

TIMEOUT = aiohttp.ClientTimeout(total=10)
# Signatures by the provider's own key only: "none" and shared secrets are not among them.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
_LEEWAY = 60
_LARGEST = 1 << 20


class ProviderError(Exception):
    """What the provider answered does not hold."""


@dataclass(slots=True)
class Provider:
    """``name`` is for people. Metadata is asked for once, keys at every log-in: these are rotated."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    name: str
    _known: Mapping[str, Any] = field(default_factory=dict)

    async def metadata(self) -> Mapping[str, Any]:
        """Its discovery document, whose issuer must be the one that is set."""
        if not self._known:
            url = str(get_well_known_url(self.issuer, external=True))
            async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
                found = await _json(session, "GET", url)
            if str(found.get("issuer", "")).rstrip("/") != self.issuer.rstrip("/"):
                raise ProviderError("its discovery document is another issuer's")
            self._known = found
        return self._known

    async def claims(
        self, code: str, verifier: str, nonce: str, redirect: str, now: datetime
    ) -> Mapping[str, Any]:
        """What the ID token says of somebody, after every check of OpenID Connect Core 3.1.3.7."""
        known = await self.metadata()
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "client_id": self.client,
            "code_verifier": verifier,
        }
        headers = {"Authorization": self._basic()} if self.secret else {}
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            tokens = await _json(session, "POST", known["token_endpoint"], headers, asked)
            keys = await _json(session, "GET", known["jwks_uri"])
        return self._checked(tokens, keys, nonce, now)

    def _basic(self) -> str:
        """RFC 6749 2.3.1: both halves are encoded as in a form before they are joined."""
        return aiohttp.encode_basic_auth(quote_plus(self.client), quote_plus(self.secret))

    def _checked(
        self, tokens: Mapping[str, Any], keys: Mapping[str, Any], nonce: str, now: datetime
    ) -> Mapping[str, Any]:
        issuer = {"essential": True, "values": [self.issuer, self.issuer.rstrip("/"), f"{self.issuer}/"]}  # fmt: skip
        try:
            key_set = KeySet.import_key_set({"keys": list(keys["keys"])})
            token = jwt.decode(str(tokens["id_token"]), key_set, algorithms=ALGORITHMS)
            claims = CodeIDToken(
                token.claims,
                token.header,
                {"iss": issuer, "aud": {"essential": True, "value": self.client}},
                {
                    "nonce": nonce,
                    "client_id": self.client,
                    "access_token": tokens.get("access_token"),
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=_LEEWAY)
        except (JoseError, ValueError, TypeError) as error:
            raise ProviderError(f"its token does not hold: {type(error).__name__}") from error
        return dict(claims)


async def _json(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> Mapping[str, Any]:
    more = {"Accept": "application/json", **(headers or {})}
    async with session.request(
        method, url, allow_redirects=False, headers=more, data=form
    ) as answer:
        if answer.status != 200:
            raise ProviderError(f"{method} was answered with {answer.status}")
        if (answer.content_length or 0) > _LARGEST:
            raise ProviderError("it answered too much")
        found = await answer.json(content_type=None)
    if not isinstance(found, dict):
        raise ProviderError("it answered with something else than an object")
    return found
