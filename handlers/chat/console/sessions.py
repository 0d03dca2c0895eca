"""Console sessions: a signed cookie that names a person and when it ends. Nothing is kept here."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

COOKIE = "tocsin_session"
LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Sessions:
    """``keys``: the first signs, every one verifies, so that secrets can be rotated."""

    keys: tuple[bytes, ...]

    def issue(self, person: str, now: datetime) -> str:
        """A token that is good for seven days."""
        ends = int((now + LASTS).timestamp())
        body = base64.urlsafe_b64encode(f"{ends}:{person}".encode()).decode()
        return f"{body}.{_sign(self.keys[0], body)}"

    def person(self, token: str, now: datetime) -> str | None:
        """Whose it is, or None for one that is forged, malformed or over."""
        body, _, signature = token.partition(".")
        if not any(hmac.compare_digest(_sign(key, body), signature) for key in self.keys):
            return None
        try:
            ends, _, person = base64.urlsafe_b64decode(body).decode().partition(":")
            return person if int(ends) > now.timestamp() else None
        except (ValueError, UnicodeDecodeError):
            return None


def _sign(key: bytes, body: str) -> str:
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
