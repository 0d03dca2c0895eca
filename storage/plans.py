"""The plan of an incident, step by step on every platform, and how often its people were nudged."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update

from bot.domain.incident import IncidentId
from bot.ports import Nudged, PlanStep
from bot.views.card import StepState
from storage import tables
from storage.insert import upsert

_t = tables.plan
_ADD = insert(_t)


class SqlPlans:
    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def write(self, steps: Sequence[PlanStep]) -> None:
        rows = [
            {
                "incident": step.incident,
                "platform": step.platform,
                "step": step.step,
                "position": position,
                "state": step.state.value,
                "error": step.error,
            }
            for position, step in enumerate(steps)
        ]
        if rows:
            self._c.execute(_ADD, rows)

    def mark(self, step: PlanStep) -> None:
        self._c.execute(
            update(_t)
            .where(
                _t.c.incident == step.incident,
                _t.c.platform == step.platform,
                _t.c.step == step.step,
            )
            .values(state=step.state.value, error=step.error[:500])
        )

    def of(self, incident: IncidentId) -> list[PlanStep]:
        query = select(_t).where(_t.c.incident == incident).order_by(_t.c.position)
        return [
            PlanStep(
                IncidentId(row["incident"]),
                row["platform"],
                row["step"],
                StepState(row["state"]),
                row["error"],
            )
            for row in self._c.execute(query).mappings()
        ]


class SqlNudges:
    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def get(self, incident: IncidentId, cause: str) -> Nudged:
        table = tables.nudges
        query = select(table.c.count, table.c.not_before).where(
            table.c.incident == incident, table.c.cause == cause
        )
        row = self._c.execute(query).first()
        return Nudged() if row is None else Nudged(row[0], row[1])

    def put(self, incident: IncidentId, cause: str, state: Nudged) -> None:
        table = tables.nudges
        row = {
            "incident": incident,
            "cause": cause,
            "count": state.count,
            "not_before": state.not_before,
        }
        upsert(self._c, table, row, [table.c.incident, table.c.cause])
