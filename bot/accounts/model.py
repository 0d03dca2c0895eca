"""Sessions, and how their people logged in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.core.people import PersonId

SessionId = NewType("SessionId", str)


class Via(StrEnum):
    """How somebody logged in. CHOSEN exists in the sample organisation only, and is good only there."""

    LINK = "link"
    OPENID = "openid"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is logged in. ``id`` is the hash of its token; ``device`` is for people to read."""

    id: SessionId
    person: PersonId
    via: Via
    device: str
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
