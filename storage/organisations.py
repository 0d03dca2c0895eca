"""The organisation files that were applied; the newest one counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from bot.organisation.model import Applied
from storage import tables
from storage.sql.direct import Executor

_t = tables.organisations


class SqlOrganisations:
    def __init__(self, connection: Executor, now: datetime) -> None:
        self._c = connection
        self._now = now

    def current(self) -> Applied | None:
        """The one applied last."""
        row = self._c.execute(select(_t).order_by(_t.c.id.desc()).limit(1)).mappings().first()
        if row is None:
            return None
        return Applied(row["text"], row["digest"], row["applied_at"], row["applied_by"])

    def superseded(self, digest: str) -> bool:
        """Whether this text was applied once and another one after it."""
        ids = self._c.execute(select(_t.c.id, _t.c.digest).order_by(_t.c.id)).all()
        return bool(ids) and ids[-1].digest != digest and any(row.digest == digest for row in ids)

    def apply(self, text: str, digest: str, by: str) -> None:
        row = {"text": text, "digest": digest, "applied_at": self._now, "applied_by": by}
        self._c.execute(insert(_t).values(row))
