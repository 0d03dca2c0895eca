"""Planned maintenance: one row each, with what customers were told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping, insert, select, update

from bot.core.errors import NotFound
from bot.statuspage.maintenance import Maintenance, MaintenanceId, Phase, Told
from storage import tables
from storage.sql.direct import Executor
from storage.sql.types import instant, ticks

_m = tables.maintenances


class SqlMaintenances:
    """Planned work. Customers read all of it, so it has no viewer."""

    def __init__(self, connection: Executor) -> None:
        self._c = connection

    def add(self, made: Maintenance) -> Maintenance:
        """Gives it its number."""
        query = insert(_m).values(_values(made)).returning(_m.c.number)
        return replace(made, number=MaintenanceId(self._c.execute(query).scalar_one()))

    def save(self, changed: Maintenance) -> None:
        query = update(_m).where(_m.c.number == changed.number)
        self._c.execute(query.values(_values(changed)))

    def lock(self, number: MaintenanceId) -> Maintenance:
        """For change, until the transaction ends. Raises ``NotFound``."""
        query = select(_m).where(_m.c.number == number).with_for_update()
        row = self._c.execute(query).mappings().first()
        if row is None:
            raise NotFound(f"There is no maintenance {number}. /incident maintenance lists them.")
        return _maintenance(row)

    def ahead(self) -> list[Maintenance]:
        """Planned or under way, the next first."""
        query = select(_m).where(_m.c.over_at.is_(None)).order_by(_m.c.begins, _m.c.number)
        return [_maintenance(row) for row in self._c.execute(query).mappings()]

    def past(self, limit: int) -> list[Maintenance]:
        """Done or cancelled, the latest first."""
        query = select(_m).where(_m.c.over_at.is_not(None))
        query = query.order_by(_m.c.over_at.desc(), _m.c.number.desc()).limit(limit)
        return [_maintenance(row) for row in self._c.execute(query).mappings()]


def _values(made: Maintenance) -> dict[str, Any]:
    return {
        "id": made.id,
        "title": made.title,
        "components": list(made.components),
        "begins": made.begins,
        "ends": made.ends,
        "made_by": made.made_by,
        "made_at": made.made_at,
        "phase": made.phase.value,
        "over_at": made.over_at,
        "changed_by": made.changed_by,
        "updates": [
            {"id": told.id, "status": told.status.value, "body": told.body, "at": ticks(told.at)}
            for told in made.updates
        ],
    }


def _maintenance(row: RowMapping) -> Maintenance:
    return Maintenance(
        MaintenanceId(row["number"]),
        row["id"],
        row["title"],
        tuple(row["components"]),
        row["begins"],
        row["ends"],
        row["made_by"],
        row["made_at"],
        Phase(row["phase"]),
        row["over_at"],
        row["changed_by"],
        tuple(_told(told) for told in row["updates"]),
    )


def _told(told: Mapping[str, Any]) -> Told:
    return Told(told["id"], Phase(told["status"]), told["body"], instant(told["at"]))
