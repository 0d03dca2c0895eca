"""Inserts that meet a row already there, in words that both databases understand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, Table, TextClause
from sqlalchemy.dialects import postgresql, sqlite

from storage.sql.direct import Executor


def _insert(dialect: str, table: Table) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


@cache
def _ignoring(
    dialect: str, table: Table, key: tuple[Column[Any], ...], where: TextClause | None
) -> Any:
    """Built once for each table and key: making a statement costs as much as running it."""
    query = _insert(dialect, table)
    return query.on_conflict_do_nothing(index_elements=list(key), index_where=where)


@cache
def _overwriting(
    dialect: str, table: Table, key: tuple[Column[Any], ...], names: tuple[str, ...]
) -> Any:
    query = _insert(dialect, table)
    others = {name: query.excluded[name] for name in names if name not in {c.name for c in key}}
    return query.on_conflict_do_update(index_elements=list(key), set_=others)


def insert_ignoring(
    connection: Executor,
    table: Table,
    row: Mapping[str, Any],
    key: Sequence[Column[Any]],
    where: TextClause | None = None,
) -> bool:
    """Insert unless ``key`` (under the partial index's ``where``) is there. Returns whether it was new."""
    query = _ignoring(connection.dialect.name, table, tuple(key), where)
    return connection.execute(query, dict(row)).rowcount == 1


def insert_all_ignoring(
    connection: Executor,
    table: Table,
    rows: list[dict[str, Any]],
    key: Sequence[Column[Any]],
    where: TextClause | None = None,
) -> None:
    """As ``insert_ignoring`` for each of ``rows``, which have the same columns."""
    connection.execute(_ignoring(connection.dialect.name, table, tuple(key), where), rows)


def upsert(
    connection: Executor, table: Table, row: Mapping[str, Any], key: Sequence[Column[Any]]
) -> None:
    """Insert, or overwrite the row with the same ``key``."""
    query = _overwriting(connection.dialect.name, table, tuple(key), tuple(row))
    connection.execute(query, dict(row))
