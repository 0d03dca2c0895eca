"""The console's files: which there are, whose, and whether they were said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, insert, select, update

from bot.core.chat.console import ConsoleFile
from bot.core.errors import NotFound
from bot.core.people import PersonId
from storage import tables
from storage.console.rows import flags
from storage.sql.direct import Executor

_f = tables.console_files


class SqlConsoleFiles:
    """Which files there are, and in whose message; what is in them lies on the disk."""

    def __init__(self, connection: Executor, now: datetime) -> None:
        self._c = connection
        self._now = now

    def add(self, file: ConsoleFile, room: str, person: PersonId) -> None:
        row = {
            "id": file.id,
            "room": room,
            "person": person,
            "name": file.name,
            "type": file.type,
            "size": file.size,
            "width": file.width,
            "height": file.height,
            "brought_at": self._now,
            **flags(said=False),
        }
        self._c.execute(insert(_f).values(row))

    def get(self, file: str) -> tuple[ConsoleFile, str]:
        """The file and its room. Raises ``NotFound``."""
        row = self._c.execute(select(_f).where(_f.c.id == file)).mappings().first()
        if row is None:
            raise NotFound("There is no such file, or it was taken away. Ask who dropped it.")
        return _file(row), row["room"]

    def claim(self, files: Sequence[str], room: str, person: PersonId) -> tuple[ConsoleFile, ...]:
        """Files that this person put into this room and has not said yet. Raises ``NotFound``."""
        mine = (_f.c.id.in_(files), _f.c.room == room, _f.c.person == person, ~_f.c.is_said)
        rows = {row["id"]: row for row in self._c.execute(select(_f).where(*mine)).mappings()}
        if set(rows) != set(files):
            raise NotFound("A file did not arrive, or was taken away. Drop it again.")
        self._c.execute(update(_f).where(*mine).values(flags(said=True)))
        return tuple(_file(rows[each]) for each in files)

    def forget(self, files: Iterable[str]) -> None:
        self._c.execute(delete(_f).where(_f.c.id.in_(list(files))))

    def forget_unposted(self, before: datetime) -> int:
        """Forget those that were brought before then and never said."""
        gone = delete(_f).where(~_f.c.is_said, _f.c.brought_at < before)
        return self._c.execute(gone).rowcount

    def known(self) -> set[str]:
        return set(self._c.execute(select(_f.c.id)).scalars())


def _file(row: RowMapping) -> ConsoleFile:
    return ConsoleFile(
        row["id"], row["name"], row["type"], row["size"], row["width"], row["height"]
    )
