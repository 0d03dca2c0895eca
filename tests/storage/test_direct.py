"""A statement that comes again goes straight to the driver: it gives what it gave through SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Integer, bindparam, func, insert, literal, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from bot.core.ports.unit_of_work import UnitOfWork
from storage import tables
from storage.sql.direct import Executor
from storage.sql.insert import insert_ignoring, upsert
from storage.sql.plan import MOST, Plans
from tests.storage.conftest import AnyMemory

_t, _k = tables.jobs, tables.kept
_u = tables.jobs.alias()
NOON = datetime(2026, 11, 26, 12, 0, 0, 123456, UTC)
ROW = {
    "task": "say", "queue": "chat", "lane": "ü", "args": {"what": ["a", None, 1]}, "run_at": NOON,
    "attempts": 0, "state": "ready", "created_at": NOON,
}  # fmt: skip

ADD = insert(_t).returning(_t.c.id)
ADD_MANY = insert(_t)
ONE = select(_t).where(_t.c.id == bindparam("wanted"))
TWO_COLUMNS = select(
    _t.c.args, func.count().label("many"), literal("x").label("x"), _t.c.run_at
).group_by(_t.c.args, _t.c.run_at)
LATER = update(_t).where(_t.c.run_at == bindparam("was")).values(run_at=bindparam("to"))
MORE = update(_t).values(attempts=_t.c.attempts + 1).returning(_t.c.id, _t.c.attempts)
TWICE = select(_t.c.id, _t.c.lane, _u.c.id, _u.c.lane).join(_u, _u.c.id == _t.c.id)
KEEP = insert(_k)
LISTED = select(_t.c.id).where(_t.c.id.in_(bindparam("ids", expanding=True)))
SPELT = text("SELECT lane, run_at FROM jobs WHERE lane = :lane").columns(_t.c.lane, _t.c.run_at)
LIMITED = select(_t.c.id).order_by(_t.c.id).limit(bindparam("most", type_=Integer))


def connection(uow: UnitOfWork) -> Executor:
    found: Executor = uow._c
    return found


def plans(memory: AnyMemory) -> Plans:
    return memory._plans


async def thrice(memory: AnyMemory, run: Callable[[Executor], Any]) -> list[Any]:
    """What ``run`` gives through SQLAlchemy, when its plan is made, and by the plan; undone each time."""
    found = []
    for _ in range(3):

        def undone(uow: UnitOfWork) -> None:
            found.append(run(connection(uow)))
            raise KeyError

        with pytest.raises(KeyError):
            await memory.write(undone)
    return found


def _filled(runs: Executor, run: Callable[[Executor], Any]) -> Any:
    runs.execute(insert(_t), [{**ROW, "id": 7}, {**ROW, "id": 8, "lane": None}])
    return run(runs)


@pytest.mark.parametrize(
    ("statement", "given"),
    [
        (ONE, {"wanted": 7}),
        (ONE, {"wanted": 9}),
        (TWO_COLUMNS, {}),
        (TWICE, {}),
        (MORE, {}),
        (LISTED, {"ids": [7, 9]}),
        (SPELT, {"lane": "ü"}),
        (LIMITED, {"most": 1}),
    ],
)
async def test_the_rows_are_the_same(
    memory: AnyMemory, statement: Any, given: dict[str, Any]
) -> None:
    def run(runs: Executor) -> Any:
        return [dict(row) for row in runs.execute(statement, given).mappings()]

    first, second, third = await thrice(memory, lambda runs: _filled(runs, run))
    assert first == second == third


async def test_the_count_is_the_same(memory: AnyMemory) -> None:
    asked = {"was": NOON, "to": NOON.replace(hour=13)}
    found = await thrice(
        memory, lambda runs: _filled(runs, lambda r: r.execute(LATER, asked).rowcount)
    )
    assert found == [2, 2, 2]


async def test_what_is_inserted_comes_back(memory: AnyMemory) -> None:
    def run(runs: Executor) -> Any:
        number = runs.execute(ADD, ROW).scalar_one()
        runs.execute(ADD_MANY, [{**ROW, "lane": f"l{n}"} for n in range(3)])
        row = runs.execute(ONE, {"wanted": number}).mappings().one()
        lanes = runs.execute(select(_t.c.lane).order_by(_t.c.id)).scalars().all()
        return row["args"], row["run_at"], row["lane"], row["owner"], list(lanes)

    first, second, third = await thrice(memory, run)
    assert first == second == third
    assert first == (ROW["args"], NOON, "ü", None, ["ü", "l0", "l1", "l2"])


async def test_upserts_do_the_same(memory: AnyMemory) -> None:
    def run(runs: Executor) -> Any:
        key = [_k.c.key]
        new = [
            insert_ignoring(runs, _k, {"key": "a", "text": word, "until": NOON}, key)
            for word in ("x", "y")
        ]
        kept = runs.execute(select(_k.c.text)).scalar_one()
        upsert(runs, _k, {"key": "a", "text": "z", "until": NOON}, key)
        return new, kept, runs.execute(select(_k.c.text)).scalar_one()

    assert await thrice(memory, run) == [([True, False], "x", "z")] * 3


async def test_the_second_time_has_a_plan_unless_it_is_written_anew_by_its_values(
    memory: AnyMemory,
) -> None:
    for statement, given in ((ONE, {"wanted": 1}), (LISTED, {"ids": [1]})):
        for _ in range(2):
            await memory.read(lambda uow, s=statement, g=given: connection(uow).execute(s, g))  # type: ignore[misc]
    made = plans(memory)._made
    assert made[ONE, ("wanted",)] is not None
    assert made[LISTED, ("ids",)] is None


async def test_an_error_is_sqlalchemys_and_quotes_nobody(memory: AnyMemory) -> None:
    row = {"key": "same", "text": "a secret", "until": NOON}
    for _ in range(3):
        await memory.write(
            lambda uow: upsert(connection(uow), _k, {**row, "text": "x"}, [_k.c.key])
        )
        with pytest.raises(IntegrityError) as caught:
            await memory.write(lambda uow: connection(uow).execute(KEEP, row))
        assert isinstance(caught.value, DBAPIError)
        assert "secret" not in str(caught.value)


async def test_a_piece_that_fails_is_undone_alone(memory: AnyMemory) -> None:
    def work(uow: UnitOfWork) -> None:
        uow.key_values.put("before", "x")
        with suppress(LookupError), uow.savepoint():
            uow.key_values.put("within", "x")
            with uow.savepoint():
                uow.key_values.put("deeper", "x")
            raise LookupError
        with uow.savepoint():
            uow.key_values.put("after", "x")

    await memory.write(work)
    names = ("before", "within", "deeper", "after")
    kept = await memory.read(lambda uow: [uow.key_values.get(name) for name in names])
    assert kept == ["x", None, None, "x"]


async def test_statements_made_anew_are_not_kept_for_ever(memory: AnyMemory) -> None:
    def work(uow: UnitOfWork) -> None:
        for number in range(MOST + 50):
            made = select(_t.c.id).where(_t.c.id == number)
            for _ in range(2):
                connection(uow).execute(made)

    await memory.read(work)
    assert len(plans(memory)._made) <= MOST


async def test_a_missing_parameter_is_refused(memory: AnyMemory) -> None:
    for _ in range(3):
        with pytest.raises(StatementError, match="wanted"):
            await memory.read(lambda uow: connection(uow).execute(ONE, {"other": 1}))
