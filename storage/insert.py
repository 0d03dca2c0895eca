"""Inserts that meet a row already there, in words that both databases understand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, TextClause
from sqlalchemy.dialects import postgresql, sqlite


def _insert(connection: Connection, table: Table) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def insert_ignoring(
    connection: Connection,
    table: Table,
    row: Mapping[str, Any],
    key: Sequence[Column[Any]],
    where: TextClause | None = None,
) -> bool:
    """Insert unless ``key`` (under the partial index's ``where``) is there. Returns whether it was new."""
    query = _insert(connection, table).values(row)
    query = query.on_conflict_do_nothing(index_elements=key, index_where=where)
    return bool(connection.execute(query).rowcount == 1)


def upsert(
    connection: Connection, table: Table, row: Mapping[str, Any], key: Sequence[Column[Any]]
) -> None:
    """Insert, or overwrite the row with the same ``key``."""
    query = _insert(connection, table).values(row)
    others = {name: value for name, value in row.items() if name not in {c.name for c in key}}
    connection.execute(query.on_conflict_do_update(index_elements=key, set_=others))
