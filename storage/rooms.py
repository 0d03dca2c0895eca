"""War rooms by platform, and the messages of ours that are edited later, by key."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from bot.chat import MessageRef, Room
from bot.domain.incident import IncidentId
from bot.ports import Remembered
from storage import tables
from storage.insert import upsert

_r = tables.rooms
_m = tables.remembered


class SqlRooms:
    def __init__(self, connection: Connection) -> None:
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

    def of(self, incident: IncidentId) -> list[Room]:
        query = select(_r).where(_r.c.incident == incident).order_by(_r.c.platform)
        return [
            Room(row["platform"], row["room"], row["name"], row["url"])
            for row in self._c.execute(query).mappings()
        ]

    def incident_in(self, platform: str, room: str) -> IncidentId | None:
        query = select(_r.c.incident).where(_r.c.platform == platform, _r.c.room == room)
        found = self._c.execute(query).scalar_one_or_none()
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
        row = self._c.execute(select(_m).where(_m.c.key == key)).mappings().first()
        if row is None:
            return None
        ref = MessageRef(row["platform"], row["room"], row["message"], row["url"])
        return Remembered(
            row["key"], ref, row["incident"], row["sent_at"], row["digest"], row["mark"]
        )

    def forget(self, key: str) -> None:
        self._c.execute(delete(_m).where(_m.c.key == key))
