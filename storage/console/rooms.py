"""The console's rooms and messages. A room's counters order its messages and its changes; the room's
row is locked by whoever takes the next number, so number order is commit order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Integer,
    RowMapping,
    Select,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy import insert as plain_insert

from bot.core.chat.card import Card
from bot.core.chat.console import ConsoleFile, ConsoleMessage, ConsoleRoom, RoomKind
from bot.core.errors import NotFound
from bot.core.people import PersonId, Viewer
from storage import tables
from storage.console import rows
from storage.sql.direct import Executor
from storage.sql.insert import insert_ignoring

_r = tables.console_rooms
_p = tables.console_members
_m = tables.console_messages
_n = tables.console_mentions

# Built once: making a statement costs as much as running it.
_ROOM = select(_r).where(_r.c.id == bindparam("wanted"))
_ROOM_MARKED = select(_r).where(_r.c.marker == bindparam("wanted"))
_ROOM_NAMED = select(_r).where(_r.c.name == bindparam("wanted"))
_SAVE_ROOM = update(_r).where(_r.c.id == bindparam("wanted"))
_NEXT = (
    update(_r)
    .where(_r.c.id == bindparam("wanted"))
    .values(seq=_r.c.seq + bindparam("by", type_=Integer), changed=_r.c.changed + 1)
    .returning(_r.c.seq, _r.c.changed)
)
_INSIDE = (
    select(_p.c.room, _p.c.person)
    .where(_p.c.room.in_(bindparam("rooms", expanding=True)), _p.c.is_invited)
    .order_by(_p.c.person)
)
_INVITE = (
    update(_p)
    .where(_p.c.room == bindparam("where"), _p.c.person == bindparam("who"))
    .values(rows.flags(invited=True))
)
_ADD = plain_insert(_m)
_MESSAGE = select(_m).where(_m.c.id == bindparam("wanted"))
_MARKED = select(_m).where(_m.c.room == bindparam("where"), _m.c.marker == bindparam("wanted"))
_CHANGE = update(_m).where(_m.c.id == bindparam("wanted"))
_FORGET = delete(_n).where(_n.c.room == bindparam("where"), _n.c.seq == bindparam("nth"))
_CALL = plain_insert(_n)


class SqlConsole:
    """The console keeps its rooms and messages here; every change is in the caller's transaction."""

    def __init__(self, connection: Executor, now: datetime, touched: set[str]) -> None:
        self._c = connection
        self._now = now
        self._touched = touched

    # --- rooms ---

    def make_room(self, room: ConsoleRoom) -> ConsoleRoom:
        """Insert, or return the room with that marker. A taken name gets -2, -3 …"""
        made = self.room_marked(room.marker) if room.marker else None
        if made is not None:
            return made
        for attempt in range(1, 1000):
            name = room.name if attempt == 1 else f"{room.name[:110]}-{attempt}"
            row = {**rows.room_values(room), "id": room.id or rows.new_id(), "name": name}
            if insert_ignoring(self._c, _r, row, [_r.c.name]):
                self.invite(row["id"], room.members)
                self._touch(row["id"])
                return self.room(row["id"])
        raise NotFound(f"Every name like {room.name} is taken. Rename an old room.")

    def room(self, room: str) -> ConsoleRoom:
        """Raises ``NotFound``."""
        row = self._c.execute(_ROOM, {"wanted": room}).mappings().first()
        if row is None:
            raise NotFound("There is no such room, or you are not in it.")
        return self._room(row)

    def room_named(self, name: str) -> ConsoleRoom | None:
        return self._maybe(_ROOM_NAMED, name)

    def room_marked(self, marker: str) -> ConsoleRoom | None:
        return self._maybe(_ROOM_MARKED, marker)

    def _maybe(self, query: Select[Any], wanted: str) -> ConsoleRoom | None:
        row = self._c.execute(query, {"wanted": wanted}).mappings().first()
        return None if row is None else self._room(row)

    def save_room(self, room: ConsoleRoom) -> None:
        values = {
            "topic": room.topic,
            **rows.flags(private=room.private, archived=room.archived),
            "bookmarks": [list(mark) for mark in room.bookmarks],
        }
        self._c.execute(_SAVE_ROOM, {"wanted": room.id, **values})
        self._touch(room.id)

    def rooms_for(self, viewer: Viewer) -> list[ConsoleRoom]:
        query = select(*rows.ROOM).where(rows.visible(viewer)).order_by(_r.c.kind, _r.c.name)
        found = self._c.execute(query).all()
        members = self._members([row.id for row in found if row.is_private])
        return [rows.of_columns(row, members) for row in found]

    def direct(self, one: PersonId, other: PersonId) -> ConsoleRoom:
        pair = "+".join(sorted((one, other)))
        wanted = ConsoleRoom(
            "",
            f"@{pair}",
            RoomKind.DIRECT,
            private=True,
            marker=f"direct:{pair}",
            members=(one, other),
        )
        return self.make_room(wanted)

    def invite(self, room: str, people: Iterable[PersonId]) -> None:
        for person in people:
            row = {"room": room, "person": person, "read": 0, **rows.flags(invited=True)}
            if not insert_ignoring(self._c, _p, row, [_p.c.room, _p.c.person]):
                self._c.execute(_INVITE, {"where": room, "who": person})
        self._touch(room)

    def dismiss(self, room: str, person: PersonId) -> None:
        """They are not of the room any more, and see a private one no more. Idempotent."""
        away = update(_p).where(_p.c.room == room, _p.c.person == person)
        self._c.execute(away.values(rows.flags(invited=False)))
        self._touch(room)

    def may_see(self, room: str, viewer: Viewer) -> bool:
        query = select(_r.c.id).where(_r.c.id == room, rows.visible(viewer))
        return self._c.execute(query).first() is not None

    # --- messages ---

    def post(
        self,
        room: str,
        author: PersonId,
        content: str | Card,
        marker: str = "",
        thread: str = "",
        files: Sequence[ConsoleFile] = (),
    ) -> ConsoleMessage:
        """Idempotent by ``marker``: a second post with the same one returns the first message."""
        seq, changed = self._next(room, seq_by=1)
        known = self.marked(room, marker) if marker else None
        if known is not None:
            return known
        message = rows.new_message(room, seq, changed, author, self._now, content, thread, files)
        self._c.execute(_ADD, {**rows.message_values(message), "marker": marker or None})
        if thread:
            self._count_reply(room, thread)
        return message

    def _count_reply(self, room: str, thread: str) -> None:
        _, changed = self._next(room, seq_by=0)
        self._c.execute(
            update(_m)
            .where(_m.c.id == thread, _m.c.room == room)
            .values(replies=_m.c.replies + 1, changed=changed)
        )

    def _next(self, room: str, seq_by: int) -> tuple[int, int]:
        row = self._c.execute(_NEXT, {"wanted": room, "by": seq_by}).first()
        if row is None:
            raise NotFound("There is no such room, or you are not in it.")
        self._touch(room)
        return row[0], row[1]

    def marked(self, room: str, marker: str) -> ConsoleMessage | None:
        row = self._c.execute(_MARKED, {"where": room, "wanted": marker}).mappings().first()
        return None if row is None else rows.to_message(row)

    def message(self, message: str) -> ConsoleMessage:
        """Raises ``NotFound``."""
        row = self._c.execute(_MESSAGE, {"wanted": message}).mappings().first()
        if row is None:
            raise NotFound("That message is gone. Reload the page.")
        return rows.to_message(row)

    def change(self, message: ConsoleMessage) -> ConsoleMessage:
        """Store text, card, reactions, pin and deletion, as the room's next change."""
        _, changed = self._next(message.room, seq_by=0)
        values = {**rows.message_values(message), "changed": changed}
        del values["id"], values["seq"], values["replies"]
        self._c.execute(_CHANGE, {"wanted": message.id, **values})
        return self.message(message.id)

    def changes(self, room: str, since: int, limit: int) -> list[ConsoleMessage]:
        query = select(_m).where(_m.c.room == room, _m.c.changed > since)
        return self._messages(query.order_by(_m.c.changed).limit(limit))

    def history(self, room: str, before: int, limit: int) -> list[ConsoleMessage]:
        query = select(_m).where(_m.c.room == room)
        if before > 0:
            query = query.where(_m.c.seq < before)
        return self._messages(query.order_by(_m.c.seq.desc()).limit(limit))[::-1]

    def thread(self, parent: str, limit: int) -> list[ConsoleMessage]:
        """A message and what answers it, in order."""
        query = select(_m).where(or_(_m.c.id == parent, _m.c.thread == parent))
        return self._messages(query.order_by(_m.c.seq).limit(limit))

    def pinned(self, room: str, limit: int) -> list[ConsoleMessage]:
        """The latest pinned ones, newest first."""
        query = select(_m).where(_m.c.room == room, _m.c.is_pinned, ~_m.c.is_deleted)
        return self._messages(query.order_by(_m.c.seq.desc()).limit(limit))

    def search(
        self, words: str, viewer: Viewer, limit: int, room: str = "", before: datetime | None = None
    ) -> list[ConsoleMessage]:
        """Newest first; ``before`` an instant, and in one room when it is named."""
        conditions = [_m.c.text.icontains(word, autoescape=True) for word in words.split()[:6]]
        if room:
            conditions.append(_m.c.room == room)
        if before is not None:
            conditions.append(_m.c.at < before)
        query = select(_m).join(_r, _r.c.id == _m.c.room).where(rows.visible(viewer), *conditions)
        query = query.where(~_m.c.is_deleted, _m.c.text != "")
        return self._messages(query.order_by(_m.c.at.desc()).limit(limit))

    def _messages(self, query: Select[Any]) -> list[ConsoleMessage]:
        return [rows.to_message(row) for row in self._c.execute(query).mappings()]

    # --- who has read what ---

    def read_up_to(self, room: str, person: PersonId, seq: int) -> None:
        row = {"room": room, "person": person, "read": seq, **rows.flags(invited=False)}
        if not insert_ignoring(self._c, _p, row, [_p.c.room, _p.c.person]):
            key = and_(_p.c.room == room, _p.c.person == person, _p.c.read < seq)
            self._c.execute(update(_p).where(key).values(read=seq))

    def readers(self, room: str) -> dict[PersonId, int]:
        """How far each person has read in one room."""
        query = select(_p.c.person, _p.c.read).where(_p.c.room == room)
        return {PersonId(row[0]): row[1] for row in self._c.execute(query)}

    def reads(self, person: PersonId) -> dict[str, int]:
        query = select(_p.c.room, _p.c.read).where(_p.c.person == person)
        return {row[0]: row[1] for row in self._c.execute(query)}

    def mention(self, message: ConsoleMessage, people: Iterable[PersonId]) -> None:
        """Whom a message calls by name, in the place of whom it called before."""
        self._c.execute(_FORGET, {"where": message.room, "nth": message.seq})
        called = [who for who in dict.fromkeys(people) if who != message.author]
        if called:
            named = [{"person": p, "room": message.room, "seq": message.seq} for p in called]
            self._c.execute(_CALL, named)

    def mentions(self, person: PersonId) -> dict[str, int]:
        """How many unread messages call this person, by room."""
        mark = and_(_p.c.room == _n.c.room, _p.c.person == _n.c.person)
        query = select(_n.c.room, func.count()).select_from(_n).outerjoin(_p, mark)
        unread = _n.c.seq > func.coalesce(_p.c.read, 0)
        query = query.where(_n.c.person == person, unread).group_by(_n.c.room)
        return {row[0]: row[1] for row in self._c.execute(query)}

    def _members(self, rooms: list[str]) -> dict[str, tuple[PersonId, ...]]:
        found: dict[str, tuple[PersonId, ...]] = {}
        for room, person in self._c.execute(_INSIDE, {"rooms": rooms}):
            found[room] = (*found.get(room, ()), PersonId(person))
        return found

    def _room(self, row: RowMapping) -> ConsoleRoom:
        return rows.to_room(row, self._members([row["id"]]).get(row["id"], ()))

    def _touch(self, room: str) -> None:
        self._touched.add(f"console:{room}")
