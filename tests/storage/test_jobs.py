"""The job table on both databases: lanes, leases, fences, queueing locks, parking, replay."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import TextualSelect, create_engine, text

from bot.core.incident import IncidentId
from bot.core.ports.jobs import Fenced, Job, JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from storage import tables
from storage.database.postgres import PostgresMemory
from storage.database.sqlite import SqliteMemory
from storage.runtime import job_statements
from tests.fakes.clock import FakeClock

AnyMemory = SqliteMemory | PostgresMemory

LEASE = timedelta(seconds=15)
ROOM = {Queue.CHAT: 10, Queue.PAGE: 10}


def spec(task: str = "say", lane: str | None = None, **more: object) -> JobSpec:
    return JobSpec(task, Queue.CHAT, {"n": 1}, lane, **more)  # type: ignore[arg-type]


async def enqueue(memory: AnyMemory, *specs: JobSpec) -> None:
    await memory.write(lambda uow: uow.jobs.enqueue(*specs))


async def claim(memory: AnyMemory, owner: str = "one", room: int = 10) -> list[Job]:
    wanted = {Queue.CHAT: room, Queue.PAGE: room}
    return await memory.write(lambda uow: uow.jobs.claim(wanted, owner, uow.now + LEASE))


async def finish(memory: AnyMemory, job: Job) -> None:
    await memory.write(lambda uow: uow.jobs.finish(job))


async def test_a_job_is_claimed_once_and_its_attempts_are_counted(memory: AnyMemory) -> None:
    await enqueue(memory, spec())

    (job,) = await claim(memory)

    assert job.attempt == 1
    assert await claim(memory) == []


async def test_a_lane_is_worked_in_order_one_at_a_time(memory: AnyMemory) -> None:
    await enqueue(memory, spec("first", "inc1:card"), spec("second", "inc1:card"), spec("other"))

    taken = await claim(memory)
    assert {job.task for job in taken} == {"first", "other"}

    await finish(memory, next(job for job in taken if job.task == "first"))
    assert [job.task for job in await claim(memory)] == ["second"]


async def test_a_row_waiting_for_its_retry_blocks_its_lane_and_a_dead_one_does_not(
    memory: AnyMemory, clock: FakeClock
) -> None:
    await enqueue(memory, spec("first", "lane"), spec("second", "lane"))
    (job,) = await claim(memory)

    later = clock.now() + timedelta(minutes=1)
    await memory.write(lambda uow: uow.jobs.retry(job, later, "429"))
    assert await claim(memory) == []

    clock.passes(minutes=1)
    (job,) = await claim(memory)
    assert (job.task, job.attempt) == ("first", 2)
    await memory.write(lambda uow: uow.jobs.fail(job, "no such channel"))
    assert [found.task for found in await claim(memory)] == ["second"]


async def test_a_waiting_row_with_the_same_dedupe_key_is_kept_alone(memory: AnyMemory) -> None:
    await enqueue(memory, spec(queueing_lock="card"), spec(queueing_lock="card"))
    (job,) = await claim(memory)

    await enqueue(memory, spec(queueing_lock="card"))
    assert len(await claim(memory)) == 1, "a change after the claim needs a run of its own"
    await finish(memory, job)


async def test_putting_a_job_back_beside_its_waiting_twin_keeps_one_of_the_two(
    memory: AnyMemory, clock: FakeClock
) -> None:
    await enqueue(memory, spec(queueing_lock="card"))
    (job,) = await claim(memory)
    await enqueue(memory, spec(queueing_lock="card"))

    await memory.write(lambda uow: uow.jobs.retry(job, uow.now, "500"))

    (again,) = await claim(memory)
    assert again.attempt == 2, "the one that may have had its effect must look first"


async def test_a_fenced_result_is_not_written(memory: AnyMemory, clock: FakeClock) -> None:
    await enqueue(memory, spec())
    (job,) = await claim(memory)
    clock.passes(seconds=16)
    assert await memory.write(lambda uow: uow.jobs.reap()) == 1
    (taken_over,) = await claim(memory, owner="two")

    with pytest.raises(Fenced):
        await finish(memory, job)
    await finish(memory, taken_over)


async def test_a_renewed_lease_is_not_reaped(memory: AnyMemory, clock: FakeClock) -> None:
    await enqueue(memory, spec())
    (job,) = await claim(memory)
    clock.passes(seconds=10)
    await memory.write(lambda uow: uow.jobs.renew("one", uow.now + LEASE, {job.id}))
    clock.passes(seconds=10)

    assert await memory.write(lambda uow: uow.jobs.reap()) == 0
    assert await memory.write(lambda uow: uow.jobs.reap(everything=True)) == 1


async def test_a_lease_that_nobody_holds_runs_out(memory: AnyMemory, clock: FakeClock) -> None:
    await enqueue(memory, spec("held"), spec("orphan"))
    held, _orphan = await claim(memory)
    clock.passes(seconds=10)
    await memory.write(lambda uow: uow.jobs.renew("one", uow.now + LEASE, {held.id}))
    clock.passes(seconds=10)

    assert await memory.write(lambda uow: uow.jobs.reap()) == 1
    assert [job.task for job in await claim(memory)] == ["orphan"]


async def test_a_replayed_row_waits_for_what_its_lane_has_in_hand(memory: AnyMemory) -> None:
    """It comes before it by its number; nobody else's claim may fail of that."""
    await enqueue(memory, spec("first", lane="x"), spec("second", lane="x"))
    (first,) = await claim(memory)
    await memory.write(lambda uow: uow.jobs.fail(first, "no such channel"))
    (second,) = await claim(memory)
    await memory.write(lambda uow: uow.jobs.replay([first.id]))
    await enqueue(memory, spec("other"))

    assert [job.task for job in await claim(memory)] == ["other"]
    await finish(memory, second)
    assert [job.task for job in await claim(memory)] == ["first"]


async def test_a_future_row_waits_and_says_when_it_is_due(
    memory: AnyMemory, clock: FakeClock
) -> None:
    due = clock.now() + timedelta(minutes=5)
    await enqueue(memory, spec(run_at=due))

    assert await claim(memory) == []
    assert await memory.read(lambda uow: uow.jobs.next_due()) == due


async def test_a_parked_destination_is_left_alone_and_others_go_on(
    memory: AnyMemory, clock: FakeClock
) -> None:
    until = clock.now() + timedelta(seconds=30)
    await memory.write(lambda uow: uow.jobs.park("slack:chat.postMessage", until))
    await enqueue(memory, spec("held", destination="slack:chat.postMessage"), spec("free"))

    (free,) = await claim(memory)
    assert free.task == "free"
    await finish(memory, free)
    assert await memory.read(lambda uow: uow.jobs.next_due()) == until
    clock.passes(seconds=30)
    assert [job.task for job in await claim(memory)] == ["held"]


async def test_dead_rows_stay_with_their_reason_and_can_be_replayed(memory: AnyMemory) -> None:
    await enqueue(memory, spec())
    (job,) = await claim(memory)
    await memory.write(lambda uow: uow.jobs.fail(job, "missing_scope"))

    (dead,) = await memory.read(lambda uow: uow.jobs.dead())
    assert dead.error == "missing_scope"

    assert await memory.write(lambda uow: uow.jobs.replay([dead.job.id])) == 1
    (again,) = await claim(memory)
    assert again.attempt == 2, "its effect may have happened, so it looks first"


async def test_a_transaction_that_fails_leaves_no_job(memory: AnyMemory) -> None:
    def breaks(uow: UnitOfWork) -> None:
        uow.jobs.enqueue(spec())
        raise ValueError("after the enqueue")

    with pytest.raises(ValueError, match="after the enqueue"):
        await memory.write(breaks)
    assert await claim(memory) == []


async def test_queues_have_room_of_their_own(memory: AnyMemory) -> None:
    await enqueue(memory, *(spec() for _ in range(20)))
    await enqueue(memory, JobSpec("notify", Queue.PAGE, {}))

    taken = await claim(memory, room=3)

    assert sorted(job.task for job in taken) == ["notify", "say", "say", "say"]


async def test_the_queue_is_counted_for_the_metrics(memory: AnyMemory, clock: FakeClock) -> None:
    await enqueue(memory, spec(), spec(lane="x"), spec(lane="x"))
    clock.passes(seconds=4)
    state = await memory.read(lambda uow: uow.jobs.state())

    assert (state.ready, state.dead, state.oldest_ready) == ({"chat": 3}, 0, 4.0)


def test_sqlite_takes_the_indexes_that_are_meant() -> None:
    """However many rows wait or are done, a round looks at those that are due."""

    def ways(statement: TextualSelect) -> list[str]:
        asked = dict.fromkeys(re.findall(r":(\w+)", str(statement)), 1)
        rows = connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"), asked).all()
        return [str(row[3]) for row in rows]

    with create_engine("sqlite://").begin() as connection:
        tables.metadata.create_all(connection)
        rings = [job_statements.TAKE_DUE[queue, False] for queue in job_statements.TIMED]
        for taking in (job_statements.LEASE[False], *rings):
            found = ways(taking)
            assert "SEARCH jobs USING INTEGER PRIMARY KEY (rowid=?)" in found
            assert "SEARCH j USING INDEX ix_jobs_ready (queue=? AND run_at<?)" in found
        assert "SEARCH jobs USING INDEX ix_jobs_due (run_at>?)" in ways(job_statements.PEEK[False])


async def test_what_a_person_asked_for_is_no_noise_whichever_release_wrote_it(
    memory: AnyMemory, clock: FakeClock
) -> None:
    """Up to 0.1.0 ``asked`` was the word yes."""
    args: list[dict[str, str | int]] = [
        {"platform": "slack", "asked": "yes"},
        {"platform": "discord", "asked": True},
        {"platform": "console"},
    ]
    specs = [JobSpec("invite", Queue.CHAT, each, incident=IncidentId(1)) for each in args]
    await enqueue(memory, *specs)

    since = clock.now() - timedelta(hours=1)
    found = await memory.read(lambda uow: uow.jobs.notifications(IncidentId(1), ["invite"], since))
    assert [platform for platform, _, _ in found] == ["console"]
