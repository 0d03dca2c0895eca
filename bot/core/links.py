"""Signed links: what somebody may do who holds one. Pure: keys and time are arguments.

The signature covers what the link is about, one person, and an expiry. Opening a link changes nothing, since
mail scanners open links too; only pressing its button does.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from bot.core.people import PersonId

LASTS = timedelta(hours=24)
_LONGEST = 400


class Purpose(StrEnum):
    """What pressing does: answer a page, or say that a test page has arrived."""

    ACKNOWLEDGE = "ack"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Grant:
    """``number`` is the page's, or the test message's."""

    purpose: Purpose
    number: int
    person: PersonId
    expires: datetime


def signed(keys: Sequence[bytes], grant: Grant) -> str:
    """The part of an address that carries the grant; the first key signs."""
    words = f"{grant.purpose}:{grant.number}:{int(grant.expires.timestamp())}:{grant.person}"
    return f"{_text(words.encode())}.{_text(_signature(keys[0], words))}"


def granted(keys: Sequence[bytes], token: str, now: datetime) -> Grant | None:
    """The grant of a token that one of the keys has signed and that has not expired."""
    body, _, signature = token[:_LONGEST].partition(".")
    try:
        words, given = _bytes(body).decode(), _bytes(signature)
    except ValueError:
        return None
    if not any(hmac.compare_digest(_signature(key, words), given) for key in keys):
        return None
    purpose, number, expires, person = words.split(":", 3)
    found = Grant(
        Purpose(purpose), int(number), PersonId(person), datetime.fromtimestamp(int(expires), UTC)
    )
    return found if now < found.expires else None


def _signature(key: bytes, words: str) -> bytes:
    return hmac.digest(key, words.encode(), sha256)[:18]


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
