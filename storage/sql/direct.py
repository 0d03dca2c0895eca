"""A connection as the repositories use it: what comes again goes straight to the driver, the rest through
SQLAlchemy. Errors are SQLAlchemy's either way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol, cast

import asyncpg
from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, SQLAlchemyError
from sqlalchemy.util import await_only

from bot.core.ports.jobs import Unavailable
from storage.sql.faults import passes, why
from storage.sql.plan import Plan, Plans, Rows

Given = Mapping[str, Any] | list[dict[str, Any]] | None
_CLIENT = (asyncpg.InterfaceError, asyncpg.InternalClientError)
_POSTGRES = (asyncpg.PostgresError, *_CLIENT)


class Executor(Protocol):
    """What a repository needs of a connection."""

    @property
    def dialect(self) -> Dialect: ...

    def execute(self, statement: Executable, given: Given = None) -> Rows:
        """One row of parameters, or many for a statement that gives nothing back."""

    def savepoint(self) -> AbstractContextManager[object]:
        """A savepoint: what fails in it is undone, and raised; ``Unavailable`` for what passes by itself."""


class _Direct:
    """What both databases share."""

    def __init__(self, connection: Connection, plans: Plans) -> None:
        self._connection = connection
        self._plans = plans
        self.dialect = connection.dialect

    def execute(self, statement: Executable, given: Given = None) -> Rows:
        if isinstance(given, list):
            names, many = tuple(given[0]), True
        else:
            names, many = tuple(given or ()), False
        plan = self._plans.of(statement, names, self.dialect)
        if plan is None or (many and plan.gives_rows):
            return cast("Rows", self._connection.execute(statement, given))
        if isinstance(given, list):
            self._run_many(plan.sql, [plan.arguments(row) for row in given])
            return plan.rows((), -1)
        found, count = self._run(plan, plan.arguments(given or {}))
        return plan.rows(found, count)

    def _run(self, plan: Plan, arguments: list[Any]) -> tuple[Sequence[Sequence[Any]], int]:
        raise NotImplementedError

    def _run_many(self, sql: str, rows: list[list[Any]]) -> None:
        raise NotImplementedError


class OnSqlite(_Direct):
    """In whatever thread the connection is used by."""

    def __init__(self, connection: Connection, plans: Plans) -> None:
        super().__init__(connection, plans)
        self._driver = cast("sqlite3.Connection", connection.connection.driver_connection)

    def _run(self, plan: Plan, arguments: list[Any]) -> tuple[Sequence[Sequence[Any]], int]:
        try:
            cursor = self._driver.execute(plan.sql, arguments)
            return cursor.fetchall(), cursor.rowcount
        except sqlite3.Error as error:
            raise _ours(plan.sql, error) from error

    def _run_many(self, sql: str, rows: list[list[Any]]) -> None:
        try:
            self._driver.executemany(sql, rows)
        except sqlite3.Error as error:
            raise _ours(sql, error) from error

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        self._driver.execute("SAVEPOINT step")
        undo = True
        try:
            with _told():
                yield
            undo = False
        finally:
            if undo:
                self._driver.execute("ROLLBACK TO step")
            self._driver.execute("RELEASE step")


class OnPostgres(_Direct):
    """In the greenlet that SQLAlchemy runs synchronous work in (``AsyncConnection.run_sync``)."""

    def __init__(self, connection: Connection, plans: Plans) -> None:
        super().__init__(connection, plans)
        self._driver = cast("asyncpg.Connection", connection.connection.driver_connection)

    def _run(self, plan: Plan, arguments: list[Any]) -> tuple[Sequence[Sequence[Any]], int]:
        try:
            if plan.gives_rows:
                found = await_only(self._driver.fetch(plan.sql, *arguments))
                return found, len(found)
            status = await_only(self._driver.execute(plan.sql, *arguments))
        except _POSTGRES as error:
            raise _ours(plan.sql, error) from error
        return (), int(status.rpartition(" ")[2])  # INSERT 0 1, UPDATE 3

    def _run_many(self, sql: str, rows: list[list[Any]]) -> None:
        try:
            await_only(self._driver.executemany(sql, rows))
        except _POSTGRES as error:
            raise _ours(sql, error) from error

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        savepoint = self._driver.transaction()
        await_only(savepoint.start())
        undo = True
        try:
            with _told():
                yield
            undo = False
        finally:
            await_only(savepoint.rollback() if undo else savepoint.commit())


@contextmanager
def _told() -> Iterator[None]:
    """Whoever catches what fails in a piece must know a passing fault from a mistake."""
    try:
        yield
    except SQLAlchemyError as error:
        if passes(error):
            raise Unavailable(why(error)) from error
        raise


def _ours(sql: str, error: Exception) -> Exception:
    """A driver's error as SQLAlchemy would raise it, without the values, which are what people wrote."""
    if isinstance(error, sqlite3.Error):
        return DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True)
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return IntegrityError(sql, None, error, hide_parameters=True)
    kind = InterfaceError if isinstance(error, _CLIENT) else DBAPIError
    return kind(sql, None, error, hide_parameters=True)


def _conforms(one: OnSqlite, other: OnPostgres) -> tuple[Executor, Executor]:
    return one, other
