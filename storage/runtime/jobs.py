"""The job table: claims under a lease and a fence, lanes in order, one waiting row a queueing lock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    RowMapping,
    Select,
    TextualSelect,
    func,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.core import tracing
from bot.core.incident import IncidentId
from bot.core.ports.jobs import (
    Args,
    DeadJob,
    Fenced,
    Job,
    JobId,
    JobsDue,
    JobSpec,
    Queue,
    QueueState,
    Unavailable,
)
from storage import tables
from storage.runtime.job_statements import (
    ADD,
    CALLS,
    FIRED,
    LEASE,
    LEASED,
    OURS,
    PEEK,
    READY,
    TAKE_DUE,
)
from storage.sql.direct import Executor
from storage.sql.insert import insert_all_ignoring, upsert
from storage.sql.types import instant, ticks

_t = tables.jobs


class SqlJobs:
    def __init__(
        self, connection: Executor, now: datetime, inherited: Callable[[], Args] = dict
    ) -> None:
        self._c = connection
        self._inherited = inherited
        self._now = now
        self._postgres = connection.dialect.name == "postgresql"
        self.enqueued = False

    def enqueue(self, *specs: JobSpec) -> None:
        """Add rows; one whose ``queueing_lock`` is already waiting is left out."""
        if not specs:
            return
        self.enqueued = True
        rows = [self._row(spec) for spec in specs]
        plain = [row for row in rows if row["dedupe"] is None]
        if plain:
            self._c.execute(ADD, plain)
        if len(plain) < len(rows):
            once = [row for row in rows if row["dedupe"] is not None]
            insert_all_ignoring(self._c, _t, once, [_t.c.dedupe], where=tables.READY)

    def suppress_wakeup(self) -> None:
        """What was enqueued so far in this transaction is leased already: nobody need be woken for it."""
        self.enqueued = False

    def _row(self, spec: JobSpec) -> dict[str, Any]:
        return {
            "task": spec.task,
            "queue": spec.queue.value,
            "lane": spec.lane,
            "args": tracing.carried({**spec.args, **self._inherited()}),
            "incident": spec.incident,
            "run_at": spec.run_at or self._now,
            "dedupe": spec.queueing_lock,
            "destination": spec.destination,
            "attempts": 0,
            "state": "ready",
            "created_at": self._now,
        }

    def claim(self, room: Mapping[Queue, int], owner: str, lease_until: datetime) -> list[Job]:
        """Lease up to ``room[queue]`` due heads of lanes, and count the attempt. Raises ``Unavailable`` when
        another replica leased one of them at the same moment: then the transaction is to be done again."""
        if not any(free > 0 for free in room.values()):
            return []
        most = {f"room_{queue.value}": max(0, room.get(queue, 0)) for queue in CALLS}
        lease = {"whose": owner, "till": ticks(lease_until), "now": ticks(self._now)}
        try:
            return self._taken(LEASE[self._postgres], {**most, **lease})
        except IntegrityError as error:
            # A savepoint would cost more, each time, than doing all of it again in the rare case.
            raise Unavailable("Another replica leased the same lane meanwhile.") from error

    def take_due(self, limit: int) -> list[Job]:
        """Due timers, marked done; ``retry`` and ``fail`` may take one of them back. Alarms alone when there are
        any, and of too many the latest, since a page that begins now must not wait for a backlog that is late
        already."""
        return self._due_of(Queue.ALARM, limit) or self._due_of(Queue.TIMER, limit)

    def _due_of(self, queue: Queue, limit: int) -> list[Job]:
        due = {"now": ticks(self._now), f"room_{queue.value}": limit}
        return self._taken(TAKE_DUE[queue, self._postgres], due)

    def _taken(self, taking: TextualSelect, given: dict[str, Any]) -> list[Job]:
        found = [to_job(row) for row in self._c.execute(taking, given).mappings()]
        return sorted(found, key=lambda job: (job.run_at, job.id))

    def peek(self) -> JobsDue:
        row = self._c.execute(PEEK[self._postgres], {"now": ticks(self._now)}).one()
        found, (row_due, parked, leased) = row[: len(Queue)], row[len(Queue) :]
        lost = leased is not None and leased < ticks(self._now)
        instants = [at for at in (row_due, parked, None if lost else leased) if at is not None]
        return JobsDue(
            frozenset(queue for queue, one in zip(Queue, found, strict=True) if one),
            instant(min(instants)) if instants else None,
            lost,
        )

    def finish(self, job: Job) -> None:
        """Mark done. Raises ``Fenced`` when the lease is no longer ours."""
        self._close(job, {"state": "done", "finished_at": self._now, "error": None})

    def retry(self, job: Job, at: datetime, error: str) -> None:
        self._supersede(job)
        self._close(job, {"state": "ready", "run_at": at, "error": error[:2000], "owner": None})

    def _supersede(self, job: Job) -> None:
        """A waiting twin, enqueued meanwhile, would break the queueing lock's index: it comes after us anyway."""
        twin = select(_t.c.dedupe).where(_t.c.id == job.id).scalar_subquery()
        self._c.execute(_t.delete().where(_t.c.dedupe == twin, _t.c.id != job.id, READY))

    def fail(self, job: Job, error: str) -> None:
        values = {"state": "dead", "finished_at": self._now, "error": error[:2000], "owner": None}
        self._close(job, values)

    def release(self, job: Job, at: datetime) -> None:
        """Give a claimed job back unstarted, for then; the attempt is not counted."""
        self._supersede(job)
        values = {"state": "ready", "attempts": job.attempt - 1, "run_at": at, "owner": None}
        self._close(job, values)

    def _close(self, job: Job, values: dict[str, Any]) -> None:
        """The fence: only the owner's own attempt may write the outcome."""
        which: dict[str, Any] = {"wanted": job.id}
        if job.owner:
            which |= {"whose": job.owner, "nth": job.attempt}
        query = OURS if job.owner else FIRED
        if self._c.execute(query, {**which, "lease_until": None, **values}).rowcount != 1:
            raise Fenced(f"job {job.id} ({job.task}) was taken over")

    def park(self, destination: str, until: datetime) -> None:
        table = tables.parked
        row = {"destination": destination, "until": until}
        upsert(self._c, table, row, [table.c.destination])

    def renew(self, owner: str, lease_until: datetime, held: Collection[JobId]) -> int:
        """Keep the leases of what ``owner`` holds; another of theirs runs out, and comes again."""
        which = (LEASED, _t.c.owner == owner, _t.c.id.in_(held))
        return self._c.execute(update(_t).where(*which).values(lease_until=lease_until)).rowcount

    def reap(self, *, everything: bool = False) -> int:
        """Return expired leases to ready, or ``everything`` that is leased. A waiting twin of one is folded into it."""
        query = select(_t).where(LEASED)
        if not everything:
            query = query.where(_t.c.lease_until < self._now)
        return self._unlease(query)

    def release_unheld(self, owner: str, held: Collection[JobId]) -> int:
        """What ``owner`` has leased and does not hold is ready again: a claim in doubt was written."""
        return self._unlease(select(_t).where(LEASED, _t.c.owner == owner, _t.c.id.not_in(held)))

    def _unlease(self, query: Select[Any]) -> int:
        if self._postgres:
            query = query.with_for_update(skip_locked=True)
        rows = self._c.execute(query).mappings().all()
        for row in rows:
            job = to_job(row)
            self._supersede(job)
            self._c.execute(
                update(_t)
                .where(_t.c.id == job.id)
                .values(state="ready", owner=None, lease_until=None)
            )
        self.enqueued = self.enqueued or bool(rows)
        return len(rows)

    def next_due(self) -> datetime | None:
        """The earliest instant after now at which a row, a parked destination or a lease runs out."""
        return self.peek().next_due

    def dead(self, incident: IncidentId | None = None) -> list[DeadJob]:
        query = select(_t).where(_t.c.state == "dead").order_by(_t.c.id)
        if incident is not None:
            query = query.where(_t.c.incident == incident)
        rows = self._c.execute(query.limit(500)).mappings()
        return [DeadJob(to_job(row), row["error"] or "", row["finished_at"]) for row in rows]

    def notifications(
        self, incident: IncidentId, tasks: Sequence[str], since: datetime
    ) -> list[tuple[str, str, datetime]]:
        """Platform, task and moment of each row of these tasks made since then, in order; those that a
        person asked for (argument ``asked``) left out."""
        query = select(_t.c.args, _t.c.task, _t.c.created_at).where(
            _t.c.incident == incident, _t.c.task.in_(tasks), _t.c.created_at > since
        )
        rows = self._c.execute(query.order_by(_t.c.created_at, _t.c.id))
        # Rows of older releases say "yes" for true.
        return [
            (str(a.get("platform", "")), task, at) for a, task, at in rows if not a.get("asked")
        ]

    def replay(self, ids: Iterable[JobId]) -> int:
        """Dead rows start again; the attempts stay, so that their effect is looked for first."""
        query = (
            update(_t)
            .where(_t.c.id.in_(list(ids)), _t.c.state == "dead")
            .values(state="ready", run_at=self._now, dedupe=None, finished_at=None)
        )
        changed = self._c.execute(query).rowcount
        self.enqueued = self.enqueued or changed > 0
        return changed

    def state(self) -> QueueState:
        due = select(_t.c.queue, func.count(), func.min(_t.c.run_at)).where(
            READY, _t.c.run_at <= self._now
        )
        rows = self._c.execute(due.group_by(_t.c.queue)).all()
        oldest = min((row[2] for row in rows), default=self._now)
        return QueueState(
            ready={row[0]: row[1] for row in rows},
            leased=self._count(LEASED),
            dead=self._count(text("jobs.state = 'dead'")),
            oldest_ready=(self._now - oldest).total_seconds(),
        )

    def _count(self, condition: Any) -> int:
        return int(
            self._c.execute(select(func.count()).select_from(_t).where(condition)).scalar_one()
        )

    def prune(self, before: datetime) -> int:
        old = select(_t.c.id).where(_t.c.state == "done", _t.c.finished_at < before).limit(5000)
        return self._c.execute(_t.delete().where(_t.c.id.in_(old))).rowcount


def to_job(row: RowMapping) -> Job:
    """A row of the job table as the port's value."""
    return Job(
        id=JobId(row["id"]),
        task=row["task"],
        queue=Queue(row["queue"]),
        args=row["args"],
        lane=row["lane"],
        attempt=row["attempts"],
        run_at=row["run_at"],
        created_at=row["created_at"],
        incident=row["incident"],
        owner=row["owner"] or "",
    )
