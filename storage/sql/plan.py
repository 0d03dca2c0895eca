"""A statement as the driver takes it. SQLAlchemy writes it and knows its types, once; what it does anew at
each execution costs more than the database (docs/decisions/0016-statements-compiled-once.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from weakref import WeakSet

from sqlalchemy import BindParameter, ClauseElement, Dialect, Executable, Insert, TextClause
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import ReturnsRows

_Process = Callable[[Any], Any]

# Statements that are built anew each time, and are run in a loop, must not be kept for ever.
MOST = 1000


class Rows(IteratorResult[*tuple[Any, ...]]):
    """What a statement gave: rows, or how many it touched."""

    def __init__(
        self, row: SimpleResultMetaData, found: Sequence[Sequence[Any]], rowcount: int
    ) -> None:
        super().__init__(row, iter(found))
        self.rowcount = rowcount


@dataclass(frozen=True, slots=True)
class Bind:
    """One parameter: its name, its value when none is given, and what makes it the driver's."""

    name: str
    default: Any
    process: _Process | None

    def value(self, given: Mapping[str, Any]) -> Any:
        value = given.get(self.name, self.default)
        return value if self.process is None else self.process(value)


@dataclass(frozen=True, slots=True)
class Plan:
    """One statement with one set of parameters."""

    sql: str
    binds: tuple[Bind, ...]
    row: SimpleResultMetaData
    columns: tuple[tuple[int, _Process], ...]
    gives_rows: bool

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        return [bind.value(given) for bind in self.binds]

    def rows(self, found: Sequence[Sequence[Any]], count: int) -> Rows:
        if not self.columns:
            return Rows(self.row, [tuple(row) for row in found], count)
        return Rows(self.row, [self._processed(row) for row in found], count)

    def _processed(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for at, process in self.columns:
            values[at] = process(values[at])
        return tuple(values)


class Plans:
    """The plans of one database. A statement that comes a second time was built once: it gets one."""

    def __init__(self) -> None:
        self._met: WeakSet[Executable] = WeakSet()
        self._made: dict[tuple[Executable, tuple[str, ...]], Plan | None] = {}

    def of(self, statement: Executable, names: tuple[str, ...], dialect: Dialect) -> Plan | None:
        """None for what is left to SQLAlchemy: the first time, and what is written anew by its values."""
        key = (statement, names)
        try:
            return self._made[key]
        except KeyError:
            return self._make(key, dialect)

    def _make(self, key: tuple[Executable, tuple[str, ...]], dialect: Dialect) -> Plan | None:
        statement, names = key
        if statement not in self._met:
            self._met.add(statement)
            return None
        if len(self._made) >= MOST:
            self._made.clear()
        self._made[key] = made = _plan(statement, names, dialect)
        return made


def _plan(statement: Executable, names: tuple[str, ...], dialect: Dialect) -> Plan | None:
    if isinstance(statement, TextClause):  # nobody has said what it gives
        return None
    exported = cast("ReturnsRows", statement).exported_columns
    columns = list(exported)
    if isinstance(statement, Insert) and not columns:
        statement = statement.inline()  # else SQLAlchemy asks for the key that was given
    element = cast("ClauseElement", statement)
    compiled = cast("SQLCompiler", element.compile(dialect=dialect, column_keys=list(names)))
    if _anew(compiled):
        return None
    found = [compiled.binds[name] for name in compiled.positiontup or ()]
    if any(bind.callable or (bind.required and bind.key not in names) for bind in found):
        return None
    return Plan(
        compiled.string,
        tuple(_bind(bind, dialect) for bind in found),
        SimpleResultMetaData(exported.keys()),
        tuple(
            (at, process)
            for at, column in enumerate(columns)
            if (process := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ),
        bool(columns),
    )


def _anew(compiled: SQLCompiler) -> bool:
    """Written anew for each set of values (a list in an IN), or with values that Python makes."""
    return bool(
        compiled.post_compile_params
        or compiled.literal_execute_params
        or compiled.insert_prefetch
        or compiled.update_prefetch
    )


def _bind(bind: BindParameter[Any], dialect: Dialect) -> Bind:
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return Bind(bind.key, bind.value, process)
