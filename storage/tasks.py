"""Tasks and follow-ups, numbered within their incident."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, func, insert, select, update

from bot.core.errors import NotFound
from bot.core.incident import IncidentId
from bot.core.people import PersonId, Viewer
from bot.tasks.model import Horizon, Task, TaskId
from storage import tables
from storage.incidents import visible
from storage.sql.direct import Executor

_t = tables.tasks
_OF = select(_t).where(_t.c.incident == bindparam("of")).order_by(_t.c.number)


class SqlTasks:
    def __init__(self, connection: Executor) -> None:
        self._c = connection

    def add(self, task: Task) -> Task:
        """Numbers the task; the caller holds the incident's row, so numbers never collide."""
        highest = select(func.coalesce(func.max(_t.c.number), 0)).where(
            _t.c.incident == task.incident
        )
        number = self._c.execute(highest).scalar_one() + 1
        values = {**_values(task), "number": number}
        found = self._c.execute(insert(_t).values(values).returning(_t.c.id)).scalar_one()
        return replace(task, id=TaskId(found), number=number)

    def get(self, incident: IncidentId, number: int) -> Task:
        query = select(_t).where(_t.c.incident == incident, _t.c.number == number)
        row = self._c.execute(query).mappings().first()
        if row is None:
            raise NotFound(f"There is no task {number} here. /incident tasks lists them.")
        return to_task(row)

    def save(self, task: Task) -> None:
        self._c.execute(update(_t).where(_t.c.id == task.id).values(_values(task)))

    def reopen(self, incident: IncidentId, number: int) -> None:
        """It is not done after all. Raises ``NotFound``."""
        self.save(replace(self.get(incident, number), done_at=None, done_by=None))

    def remove(self, incident: IncidentId, number: int) -> None:
        """As if it had never been added; idempotent."""
        self._c.execute(delete(_t).where(_t.c.incident == incident, _t.c.number == number))

    def of(self, incident: IncidentId) -> list[Task]:
        return [to_task(row) for row in self._c.execute(_OF, {"of": incident}).mappings()]

    def owned_by(self, person: PersonId, viewer: Viewer) -> list[Task]:
        incident = tables.incidents
        query = (
            select(_t)
            .join(incident, incident.c.id == _t.c.incident)
            .where(_t.c.owner == person, _t.c.done_at.is_(None), visible(viewer))
            .order_by(_t.c.id.desc())
            .limit(100)
        )
        return [to_task(row) for row in self._c.execute(query).mappings()]

    def unfinished(
        self, viewer: Viewer, horizon: Horizon, owner: PersonId | None, limit: int
    ) -> list[Task]:
        """What is not done yet, of one owner or of everybody; the newest first."""
        incident = tables.incidents
        query = select(_t).join(incident, incident.c.id == _t.c.incident)
        query = query.where(_t.c.done_at.is_(None), _t.c.horizon == horizon.value, visible(viewer))
        if owner is not None:
            query = query.where(_t.c.owner == owner)
        found = self._c.execute(query.order_by(_t.c.id.desc()).limit(limit)).mappings()
        return [to_task(row) for row in found]


def _values(task: Task) -> dict[str, Any]:
    return {
        "incident": task.incident,
        "number": task.number,
        "horizon": task.horizon.value,
        "text": task.text,
        "created_by": task.created_by,
        "created_at": task.created_at,
        "owner": task.owner,
        "due_at": task.due_at,
        "priority": task.priority,
        "done_at": task.done_at,
        "done_by": task.done_by,
    }


def to_task(row: RowMapping) -> Task:
    """A row of the tasks table as the core's value."""
    return Task(
        TaskId(row["id"]),
        IncidentId(row["incident"]),
        row["number"],
        Horizon(row["horizon"]),
        row["text"],
        PersonId(row["created_by"]),
        row["created_at"],
        row["owner"],
        row["due_at"],
        row["priority"],
        row["done_at"],
        row["done_by"],
    )
