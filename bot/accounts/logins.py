"""Who may come in, and for how long: log-in links, sessions, and their end.

Only people of the organisation file log in; a session ends with its person's place in it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.accounts.model import Session, SessionId, Via
from bot.core.errors import NotAllowed, NotFound
from bot.core.people import PersonId
from bot.core.ports.unit_of_work import UnitOfWork

LINK_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(days=7)
# How stale "last seen" may be: every look at a session would otherwise be a write.
SEEN_EVERY = timedelta(minutes=5)
_DEVICE = 80


@dataclass(frozen=True, slots=True)
class LoginLink:
    """``url`` lets its bearer in as ``person``, once, until ``ends_at`` (UTC)."""

    url: str
    person: PersonId
    ends_at: datetime


def make_link(uow: UnitOfWork, person: PersonId) -> LoginLink:
    """A new link; what was made before stays good. Raises ``NotFound`` for one not in the organisation.

    The caller answers for who may ask: somebody at the machine, or the person themselves.
    """
    if person not in uow.org.people:
        known = ", ".join(sorted(uow.org.people)[:10])
        raise NotFound(f"Nobody is called {person} in the organisation file. There are: {known}.")
    token = secrets.token_urlsafe(32)
    ends_at = uow.now + LINK_LASTS
    uow.logins.add_link(digest_of(token), person, ends_at)
    return LoginLink(f"{uow.internal_url}/login/link/{token}", person, ends_at)


def look_at_link(uow: UnitOfWork, token: str) -> PersonId:
    """Whose it is; nothing is spent. Raises ``NotAllowed``."""
    person = uow.logins.link(digest_of(token))
    if person is None or person not in uow.org.people:
        raise _over()
    return person


def spend_link(uow: UnitOfWork, token: str, device: str) -> str:
    """Spend a link for a session; returns its token. Raises ``NotAllowed``, also the second time."""
    person = uow.logins.spend(digest_of(token))
    if person is None:
        raise _over()
    return open_session(uow, person, Via.LINK, device)


def _over() -> NotAllowed:
    return NotAllowed("This link was already used, or its ten minutes are over. Ask for another.")


def open_session(uow: UnitOfWork, person: PersonId, via: Via, device: str) -> str:
    """A session of seven days; returns the token that only the browser keeps."""
    if person not in uow.org.people:
        raise NotAllowed("You are not in Tocsin's organisation file. Ask an admin to add you.")
    token = secrets.token_urlsafe(32)
    ends_at = uow.now + SESSION_LASTS
    made = Session(
        SessionId(digest_of(token)), person, via, device[:_DEVICE], uow.now, uow.now, ends_at
    )
    uow.logins.add(made)
    return token


def session_of(uow: UnitOfWork, token: str) -> Session | None:
    """The session of a token, unless it is over or its person has left the organisation."""
    return session_with(uow, SessionId(digest_of(token))) if token else None


def session_with(uow: UnitOfWork, which: SessionId) -> Session | None:
    """As ``session_of``, by the session's id. Reads only."""
    found = uow.logins.get(which)
    return found if found is not None and found.person in uow.org.people else None


def stale(session: Session, now: datetime) -> bool:
    """Whether "last seen" should be written again."""
    return now - session.seen_at > SEEN_EVERY


def end_session(uow: UnitOfWork, which: SessionId, person: PersonId) -> None:
    """End one of a person's own sessions; its open pages are cut off. Idempotent."""
    if uow.logins.end(which, person):
        uow.signal(f"session:{which}")


def end_others(uow: UnitOfWork, stays: SessionId, person: PersonId) -> int:
    """End all sessions of a person but one. Returns how many."""
    others = [each.id for each in uow.logins.of(person) if each.id != stays]
    for which in others:
        end_session(uow, which, person)
    return len(others)


def digest_of(token: str) -> str:
    """What is kept of a token. It has 256 random bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
