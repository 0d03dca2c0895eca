"""Log-in links and sessions, as memory offers them. Tokens are kept as hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol

from bot.domain.people import PersonId

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


class Logins(Protocol):
    """Links are spent once; sessions end by themselves, by revocation, or with their person."""

    def add_link(self, digest: str, person: PersonId, ends_at: datetime) -> None: ...

    def link(self, digest: str) -> PersonId | None:
        """Whose unspent link it is, if it is not over yet."""
        ...

    def spend(self, digest: str) -> PersonId | None:
        """As ``link``, and it is spent: of two who try at once, one gets it."""
        ...

    def add(self, session: Session) -> None: ...

    def get(self, session: SessionId) -> Session | None:
        """None for one that is over."""
        ...

    def seen(self, session: SessionId) -> None: ...

    def of(self, person: PersonId) -> list[Session]:
        """Those that are not over, the last used first."""
        ...

    def end(self, session: SessionId, person: PersonId) -> bool:
        """End a session of that person. Returns whether there was one."""
        ...

    def prune(self, before: datetime) -> int: ...
