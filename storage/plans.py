"""The plan of an incident, step by step on every platform, and how often its people were nudged."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select, update

from bot.core.chat.card import StepState
from bot.core.chat.remembered import Nudged
from bot.core.incident import IncidentId
from bot.incidents.plan import PlanStep
from storage import tables
from storage.sql.direct import Executor
from storage.sql.insert import upsert

_t = tables.plan
_n = tables.nudges

# Built once: making a statement costs as much as running it.
_ADD = insert(_t)
_STEP = (
    _t.c.incident == bindparam("of"),
    _t.c.platform == bindparam("on"),
    _t.c.step == bindparam("named"),
)
_MARK = update(_t).where(*_STEP).values(state=bindparam("now"), error=bindparam("why"))
# The error stays until it has been told of: what an UPDATE gives back is as the row is after it.
_DONE = update(_t).where(*_STEP).values(state=StepState.DONE.value).returning(_t.c.error)
_OF = select(_t).where(_t.c.incident == bindparam("of")).order_by(_t.c.position)
_NUDGED = select(_n.c.count, _n.c.not_before).where(
    _n.c.incident == bindparam("of"), _n.c.cause == bindparam("named")
)


class SqlPlans:
    def __init__(self, connection: Executor) -> None:
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
        values = {"now": step.state.value, "why": step.error[:500]}
        which = {"of": step.incident, "on": step.platform, "named": step.step}
        self._c.execute(_MARK, {**which, **values})

    def done(self, incident: IncidentId, platform: str, step: str) -> str:
        """Mark a step done. Returns the trouble that it was in, empty if none. Idempotent."""
        which = {"of": incident, "on": platform, "named": step}
        trouble = self._c.execute(_DONE, which).scalar_one_or_none() or ""
        if trouble:
            self.mark(PlanStep(incident, platform, step, StepState.DONE))
        return str(trouble)

    def of(self, incident: IncidentId) -> list[PlanStep]:
        return [
            PlanStep(
                IncidentId(row["incident"]),
                row["platform"],
                row["step"],
                StepState(row["state"]),
                row["error"],
            )
            for row in self._c.execute(_OF, {"of": incident}).mappings()
        ]


class SqlNudges:
    def __init__(self, connection: Executor) -> None:
        self._c = connection

    def get(self, incident: IncidentId, cause: str) -> Nudged:
        row = self._c.execute(_NUDGED, {"of": incident, "named": cause}).first()
        return Nudged() if row is None else Nudged(row[0], row[1])

    def put(self, incident: IncidentId, cause: str, state: Nudged) -> None:
        row = {
            "incident": incident,
            "cause": cause,
            "count": state.count,
            "not_before": state.not_before,
        }
        upsert(self._c, _n, row, [_n.c.incident, _n.c.cause])
