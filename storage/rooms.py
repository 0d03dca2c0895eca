"""War rooms by platform, and the messages of ours that are edited later, by key."""

from __future__ import annotations

from sqlalchemy import RowMapping, String, bindparam, delete, select

from bot.core.chat.remembered import Remembered
from bot.core.chat.vocabulary import MessageRef, Room
from bot.core.incident import IncidentId, Status
from storage import tables
from storage.sql.direct import Executor
from storage.sql.insert import upsert

_r = tables.rooms
_m = tables.remembered

# Built once: making a statement costs as much as running it.
_OF = (
    select(_r.c.platform, _r.c.room, _r.c.name, _r.c.url)
    .where(_r.c.incident == bindparam("wanted"))
    .order_by(_r.c.platform)
)
_INCIDENT_IN = select(_r.c.incident).where(
    _r.c.platform == bindparam("on"), _r.c.room == bindparam("wanted")
)
_OF_CLOSED = (
    select(_r.c.incident, _r.c.platform, _r.c.room, _r.c.name, _r.c.url)
    .join(tables.incidents, tables.incidents.c.id == _r.c.incident)
    .outerjoin(tables.kept, tables.kept.c.key == bindparam("unmarked", type_=String) + _r.c.room)
    .where(
        _r.c.platform == bindparam("on"),
        tables.incidents.c.status == Status.CLOSED.value,
        tables.kept.c.key.is_(None),
    )
    .order_by(_r.c.incident)
    .limit(bindparam("many"))
)
_RECALL = select(_m).where(_m.c.key == bindparam("wanted"))


class SqlRooms:
    def __init__(self, connection: Executor) -> None:
        self._c = connection

    def add(self, incident: IncidentId, room: Room) -> None:
        row = {
            "platform": room.platform,
            "room": room.id,
            "name": room.name,
            "url": room.url,
            "incident": incident,
        }
        upsert(self._c, _r, row, [_r.c.platform, _r.c.room])

    def remove(self, platform: str, room: str) -> None:
        """It is no war room any more. Idempotent."""
        self._c.execute(delete(_r).where(_r.c.platform == platform, _r.c.room == room))

    def of(self, incident: IncidentId) -> list[Room]:
        return [Room(*row) for row in self._c.execute(_OF, {"wanted": incident})]

    def of_closed(self, platform: str, unmarked: str, limit: int) -> list[tuple[IncidentId, Room]]:
        """Rooms of closed incidents of which nothing is kept under ``unmarked`` and the room's id;
        the oldest incidents first."""
        asked = {"on": platform, "unmarked": unmarked, "many": limit}
        found = self._c.execute(_OF_CLOSED, asked)
        return [(IncidentId(number), Room(*room)) for number, *room in found]

    def incident_in(self, platform: str, room: str) -> IncidentId | None:
        found = self._c.execute(_INCIDENT_IN, {"on": platform, "wanted": room}).scalar_one_or_none()
        return None if found is None else IncidentId(found)

    def remember(self, message: Remembered) -> None:
        row = {
            "key": message.key,
            "platform": message.ref.platform,
            "room": message.ref.room,
            "message": message.ref.message,
            "url": message.ref.url,
            "incident": message.incident,
            "sent_at": message.sent_at,
            "digest": message.digest,
            "mark": message.mark,
        }
        upsert(self._c, _m, row, [_m.c.key])

    def recall(self, key: str) -> Remembered | None:
        row = self._c.execute(_RECALL, {"wanted": key}).mappings().first()
        return None if row is None else _remembered(row)

    def messages(self, incident: IncidentId) -> list[Remembered]:
        """Everything remembered of one incident, by key."""
        rows = self._c.execute(select(_m).where(_m.c.incident == incident).order_by(_m.c.key))
        return [_remembered(row) for row in rows.mappings()]

    def forget(self, key: str) -> None:
        self._c.execute(delete(_m).where(_m.c.key == key))


def _remembered(row: RowMapping) -> Remembered:
    ref = MessageRef(row["platform"], row["room"], row["message"], row["url"])
    return Remembered(row["key"], ref, row["incident"], row["sent_at"], row["digest"], row["mark"])
