"""A note that a browser keeps for us for some minutes: signed, so that it comes back as it was."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Notes:
    """``keys``: the first signs, every one verifies, so that secrets can be rotated."""

    keys: tuple[bytes, ...]

    def signed(self, note: Mapping[str, str], until: datetime) -> str:
        data = json.dumps({**note, "until": str(int(until.timestamp()))})
        body = base64.urlsafe_b64encode(data.encode()).decode()
        return f"{body}.{_sign(self.keys[0], body)}"

    def read(self, text: str, now: datetime) -> dict[str, str] | None:
        """None for a note that is forged, malformed or over."""
        body, _, signature = text.partition(".")
        given = signature.encode()
        if not any(hmac.compare_digest(_sign(key, body).encode(), given) for key in self.keys):
            return None
        try:
            note: dict[str, str] = json.loads(base64.urlsafe_b64decode(body))
            return note if int(note["until"]) > now.timestamp() else None
        except (ValueError, KeyError, binascii.Error):
            return None


def _sign(key: bytes, body: str) -> str:
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
