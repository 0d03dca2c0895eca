"""What each delivery led to: a delivery that comes again is answered again and done once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from bot.core.incident import IncidentId
from bot.core.ports.jobs import Fenced
from bot.core.ports.unit_of_work import Done
from storage import tables
from storage.sql.direct import Executor
from storage.sql.insert import insert_ignoring

_t = tables.deliveries
_GET = select(_t.c.key, _t.c.reply, _t.c.incident).where(_t.c.key == bindparam("wanted"))


class SqlDeliveries:
    def __init__(self, connection: Executor, now: datetime) -> None:
        self._c = connection
        self._now = now

    def get(self, key: str) -> Done | None:
        row = self._c.execute(_GET, {"wanted": key}).mappings().first()
        if row is None:
            return None
        incident = None if row["incident"] is None else IncidentId(row["incident"])
        return Done(row["key"], row["reply"], incident)

    def add(self, done: Done) -> None:
        """Raises ``Fenced`` when the key is there already: the other one wins."""
        row = {
            "key": done.key,
            "at": self._now,
            "reply": done.reply,
            "incident": done.incident,
        }
        if not insert_ignoring(self._c, _t, row, [_t.c.key]):
            raise Fenced(f"delivery {done.key} was done meanwhile")

    def prune(self, before: datetime) -> int:
        return self._c.execute(delete(_t).where(_t.c.at < before)).rowcount
