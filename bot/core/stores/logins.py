"""Log-in links and sessions, as memory offers them. Tokens are kept as hashes only."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.core.people import PersonId

if TYPE_CHECKING:
    from bot.accounts.model import Session, SessionId


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
