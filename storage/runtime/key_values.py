"""Texts that platforms keep for themselves, by key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from storage import tables
from storage.sql.direct import Executor
from storage.sql.insert import upsert

_t = tables.kept
_GET = select(_t.c.text).where(_t.c.key == bindparam("wanted"))


class SqlKeyValues:
    """Texts by key (at most 120 characters), for what a platform's own messages cannot carry."""

    def __init__(self, connection: Executor) -> None:
        self._c = connection

    def put(self, key: str, text: str, until: datetime | None = None) -> None:
        """Keep, or replace; without ``until`` for ever. Idempotent."""
        upsert(self._c, _t, {"key": key, "text": text, "until": until}, [_t.c.key])

    def get(self, key: str) -> str | None:
        found: str | None = self._c.execute(_GET, {"wanted": key}).scalar_one_or_none()
        return found

    def prune(self, now: datetime) -> int:
        """Forget what was kept until before ``now``. Returns how many."""
        return self._c.execute(delete(_t).where(_t.c.until < now)).rowcount
