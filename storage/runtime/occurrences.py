"""Stored events: appended by an act, read by those who hear of it, forgotten after a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, tuple_

from bot.core.events.base import ActId
from bot.core.incident import IncidentId
from bot.core.people import PersonId
from bot.core.ports.occurrences import Cause, Occurrence
from storage import tables
from storage.sql.direct import Executor

_t = tables.events

_ADD = insert(_t)
_PIECE = 5000


class SqlOccurrences:
    def __init__(self, connection: Executor) -> None:
        self._c = connection

    def add(self, rows: Sequence[Occurrence]) -> None:
        """One statement, however many rows."""
        self._c.execute(
            _ADD,
            [
                {
                    "act": row.act,
                    "ordinal": row.ordinal,
                    "name": row.name,
                    "version": row.version,
                    "at": row.at,
                    "actor": row.actor,
                    "incident": row.incident,
                    "cause": row.cause.act,
                    "depth": row.cause.depth,
                    "data": dict(row.data),
                }
                for row in rows
            ],
        )

    def of(self, act: ActId) -> list[Occurrence]:
        """Those of an act, in the order in which they happened."""
        rows = self._c.execute(select(_t).where(_t.c.act == act).order_by(_t.c.ordinal))
        return [
            Occurrence(
                ActId(row["act"]),
                row["ordinal"],
                row["name"],
                row["version"],
                row["at"],
                PersonId(row["actor"]),
                None if row["incident"] is None else IncidentId(row["incident"]),
                Cause(ActId(row["cause"]), row["depth"]),
                row["data"],
            )
            for row in rows.mappings()
        ]

    def prune(self, before: datetime) -> int:
        """Forget a bounded piece of what is older. Returns how many rows."""
        old = select(_t.c.act, _t.c.ordinal).where(_t.c.at < before).limit(_PIECE)
        gone = delete(_t).where(tuple_(_t.c.act, _t.c.ordinal).in_(old))
        return self._c.execute(gone).rowcount
