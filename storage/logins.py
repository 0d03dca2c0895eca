"""Log-in links and sessions. Of a token only its hash is here, so a copy of the database lets nobody in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, delete, insert, select, update

from bot.accounts.model import Session, SessionId, Via
from bot.core.people import PersonId
from storage import tables
from storage.sql.direct import Executor

_l = tables.login_links
_s = tables.sessions


class SqlLogins:
    """Links are spent once; sessions end by themselves, by revocation, or with their person."""

    def __init__(self, connection: Executor, now: datetime) -> None:
        self._c = connection
        self._now = now

    def add_link(self, digest: str, person: PersonId, ends_at: datetime) -> None:
        self._c.execute(insert(_l).values(digest=digest, person=person, ends_at=ends_at))

    def link(self, digest: str) -> PersonId | None:
        """Whose unspent link it is, if it is not over yet."""
        query = select(_l.c.person).where(*self._good(digest))
        found = self._c.execute(query).scalar_one_or_none()
        return None if found is None else PersonId(found)

    def spend(self, digest: str) -> PersonId | None:
        """As ``link``, and it is spent: of two who try at once, one gets it."""
        spent = update(_l).where(*self._good(digest)).values(spent_at=self._now)
        found = self._c.execute(spent.returning(_l.c.person)).scalar_one_or_none()
        return None if found is None else PersonId(found)

    def _good(self, digest: str) -> tuple[ColumnElement[bool], ...]:
        return (_l.c.digest == digest, _l.c.spent_at.is_(None), _l.c.ends_at > self._now)

    def add(self, session: Session) -> None:
        self._c.execute(insert(_s).values(_values(session)))

    def get(self, session: SessionId) -> Session | None:
        """None for one that is over."""
        query = select(_s).where(_s.c.id == session, _s.c.ends_at > self._now)
        row = self._c.execute(query).mappings().first()
        return None if row is None else _session(row)

    def seen(self, session: SessionId) -> None:
        self._c.execute(update(_s).where(_s.c.id == session).values(seen_at=self._now))

    def of(self, person: PersonId) -> list[Session]:
        """Those that are not over, the last used first."""
        query = select(_s).where(_s.c.person == person, _s.c.ends_at > self._now)
        rows = self._c.execute(query.order_by(_s.c.seen_at.desc(), _s.c.id)).mappings()
        return [_session(row) for row in rows]

    def end(self, session: SessionId, person: PersonId) -> bool:
        """End a session of that person. Returns whether there was one."""
        gone = delete(_s).where(_s.c.id == session, _s.c.person == person)
        return self._c.execute(gone).rowcount == 1

    def prune(self, before: datetime) -> int:
        links = self._c.execute(delete(_l).where(_l.c.ends_at < before)).rowcount
        return links + self._c.execute(delete(_s).where(_s.c.ends_at < before)).rowcount


def _values(session: Session) -> dict[str, object]:
    return {
        "id": session.id,
        "person": session.person,
        "via": session.via.value,
        "device": session.device,
        "began_at": session.began_at,
        "seen_at": session.seen_at,
        "ends_at": session.ends_at,
    }


def _session(row: RowMapping) -> Session:
    return Session(
        SessionId(row["id"]),
        PersonId(row["person"]),
        Via(row["via"]),
        row["device"],
        row["began_at"],
        row["seen_at"],
        row["ends_at"],
    )
