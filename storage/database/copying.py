"""One database into another, row by row, and the proof that it arrived: counts and digests of every table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Integer, Table, func, insert, select, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.core.errors import Fault
from storage import tables
from storage.database.migrate import migrate
from storage.database.sqlite import sqlite_path, sync_sqlite

_PIECE = 500
Told = Callable[[str, int], None]


class NotCopied(Fault):
    """The copy was not made, or is not the same; the target is left as it was."""


@dataclass(frozen=True, slots=True)
class Digest:
    """``sha256`` is over every row of the table in the order of its key, so equal tables give equal ones."""

    table: str
    rows: int
    sha256: str


async def copy_database(source: str, target: str, told: Told) -> list[Digest]:
    """Copy the SQLite file at ``source`` into the empty PostgreSQL at ``target``, in one transaction.

    The caller holds the file's lock. ``told`` hears each table and its rows. Raises ``NotCopied`` when
    the target holds incidents already, or when a digest differs: then nothing is kept there.
    """
    await migrate(source, "copying")
    reading = sync_sqlite(sqlite_path(source), pool=NullPool)
    writing = create_async_engine(target, poolclass=NullPool, hide_parameters=True)
    try:
        await migrate(target, "copying")
        with reading.begin() as read:
            async with writing.begin() as link:
                return await link.run_sync(lambda write: _copied(read, write, told))
    finally:
        reading.dispose()
        await writing.dispose()


def _copied(read: Connection, write: Connection, told: Told) -> list[Digest]:
    _refuse_full(write)
    found = []
    for table in tables.metadata.sorted_tables:
        write.execute(table.delete())
        rows = read.execute(select(table)).mappings()
        while piece := list(islice(rows, _PIECE)):
            write.execute(insert(table), [dict(row) for row in piece])
        _renumber(write, table)
        here, there = digest(read, table), digest(write, table)
        if here != there:
            raise NotCopied(
                f"{table.name} differs after copying ({here.rows} rows here, {there.rows} there); "
                "nothing was kept. Please report it."
            )
        told(table.name, there.rows)
        found.append(there)
    return found


def _refuse_full(write: Connection) -> None:
    if write.execute(select(func.count()).select_from(tables.incidents)).scalar_one():
        raise NotCopied("The target holds incidents already; copy into an empty database.")


def _renumber(write: Connection, table: Table) -> None:
    """The next number is one after the last."""
    [*key] = table.primary_key.columns
    if len(key) != 1 or not isinstance(key[0].type, Integer) or not key[0].autoincrement:
        return
    if key[0].foreign_keys or write.dialect.name != "postgresql":
        return
    column = key[0].name
    write.execute(
        text(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column}'), "  # noqa: S608 - our names
            f"COALESCE((SELECT max({column}) FROM {table.name}), 0) + 1, false)"
        )
    )


def digest(connection: Connection, table: Table) -> Digest:
    """Of the values as Python sees them: the two databases store some of them differently."""
    total, count = hashlib.sha256(), 0
    for line in sorted(_lines(connection, table)):
        total.update(line)
        count += 1
    return Digest(table.name, count, total.hexdigest())


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """A digest for each row, so that sorting them needs little memory: collations differ."""
    for row in connection.execute(select(table)):
        values: list[Any] = [str(value) if value is not None else None for value in row]
        yield hashlib.sha256(json.dumps(values).encode()).digest()
