"""What retention deletes: the console's old messages, and the words of incidents long closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from bot.core.incident import OPEN, IncidentId
from storage import tables
from storage.console.rows import flags
from storage.sql.direct import Executor
from storage.upkeep.redaction import HARMLESS

_i, _m, _t = tables.incidents, tables.console_messages, tables.timeline
_f = tables.console_files
_GONE: dict[str, Any] = {"text": "", "card": None, "reactions": {}, "files": [], **flags(deleted=True, pinned=False)}  # fmt: skip
# At a time: the writer is never held for long.
_MESSAGES, _INCIDENTS = 1000, 20


class SqlRetention:
    """What retention may do, a bounded piece at a time."""

    def __init__(self, connection: Executor) -> None:
        self._c = connection

    def console_messages(self, before: datetime) -> int:
        """Of channels, direct messages and rooms of incidents that are over; their places stay."""
        going_on = select(_i.c.id).where(_i.c.status.in_([status.value for status in OPEN]))
        rooms = tables.rooms
        kept = select(rooms.c.room).where(
            rooms.c.platform == "console", rooms.c.incident.in_(going_on)
        )
        old = (
            select(_m.c.id)
            .where(_m.c.at < before, ~_m.c.is_deleted, _m.c.room.not_in(kept))
            .limit(_MESSAGES)
        )
        return self._empty(list(self._c.execute(old).scalars()))

    def _empty(self, messages: Sequence[str]) -> int:
        """Empties the messages and keeps their places. Their files are removed from the disk within an hour."""
        held = self._c.execute(select(_m.c.files).where(_m.c.id.in_(messages))).scalars()
        files = [file for each in held for file, *_ in each]
        self._c.execute(delete(_f).where(_f.c.id.in_(files)))
        return self._c.execute(update(_m).where(_m.c.id.in_(messages)).values(_GONE)).rowcount

    def over_since(self, before: datetime, mark: str) -> list[IncidentId]:
        """Incidents that are over, with nothing recorded since ``before``, and not yet called ``mark``."""
        last = select(func.max(_t.c.recorded_at)).where(_t.c.incident == _i.c.id).scalar_subquery()
        query = select(_i.c.id).where(
            _i.c.status.in_(["closed", "declined", "merged", "cancelled"]),
            _i.c.title != mark,
            last < before,
        )
        return [IncidentId(n) for n in self._c.execute(query.limit(_INCIDENTS)).scalars()]

    def erase_texts(self, incident: IncidentId, mark: str) -> None:
        """Erase every text of the incident; ``mark`` becomes its title. Numbers, times, statuses, severities and people
        stay."""
        words = {"title": mark, "summary": "", "impact": "", "pause_reason": "", "call_url": ""}
        self._c.execute(update(_i).where(_i.c.id == incident).values(words))
        query = select(_t.c.id, _t.c.data).where(_t.c.incident == incident)
        for number, data in self._c.execute(query).all():
            kept = {name: value for name, value in data.items() if name in HARMLESS}
            values = {"text": "", "url": "", "data": kept}
            self._c.execute(update(_t).where(_t.c.id == number).values(values))
        for table in (tables.tasks, tables.pages):
            self._c.execute(update(table).where(table.c.incident == incident).values(text=mark))
        self._c.execute(tables.deliveries.delete().where(tables.deliveries.c.incident == incident))
        here = select(tables.rooms.c.room).where(
            tables.rooms.c.platform == "console", tables.rooms.c.incident == incident
        )
        self._empty(list(self._c.execute(select(_m.c.id).where(_m.c.room.in_(here))).scalars()))
        rooms, name = tables.console_rooms, f"inc-{incident}-{mark.lower()}"
        self._c.execute(
            update(rooms).where(rooms.c.id.in_(here)).values(name=name, topic=mark, bookmarks=[])
        )
        self._c.execute(
            update(tables.rooms).where(tables.rooms.c.incident == incident).values(name=name)
        )
