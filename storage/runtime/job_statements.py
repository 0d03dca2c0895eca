"""What the job table is asked. Built once, since making a statement costs as much as running it.

The literals in the conditions are deliberate: SQLite uses a partial index for nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, TextualSelect, bindparam, column, text, update

from bot.core.ports.jobs import Queue
from storage import tables

_t = tables.jobs
ADD = _t.insert()
READY = text("jobs.state = 'ready'")
LEASED = text("jobs.state = 'leased'")
# The fence: only the owner's own attempt may write the outcome; a timer was finished earlier in the
# very transaction.
OURS = update(_t).where(
    _t.c.id == bindparam("wanted"),
    _t.c.owner == bindparam("whose"),
    _t.c.attempts == bindparam("nth"),
    LEASED,
)
FIRED = update(_t).where(_t.c.id == bindparam("wanted"), _t.c.state == "done")
_SKIPPING = " FOR UPDATE OF j SKIP LOCKED"
# Due heads of lanes: no row before them, and no row of their lane leased. A replayed row keeps its old number, so it
# may come before a leased one; and a later number may be leased before an earlier one is committed.
_HEAD = """
SELECT j.id FROM jobs j
WHERE j.state = 'ready' AND j.queue = 'QUEUE' AND j.run_at <= :now
  AND (j.lane IS NULL OR NOT EXISTS (
    SELECT 1 FROM jobs b WHERE b.lane = j.lane AND b.state IN ('ready','leased')
      AND (b.id < j.id OR b.state = 'leased')))
  AND (j.destination IS NULL OR NOT EXISTS (
    SELECT 1 FROM parked p WHERE p.destination = j.destination AND p.until > :now))
ORDER BY ORDER_BY LIMIT :room_QUEUE"""
_OLDEST, _LATEST = "j.run_at, j.id", "j.run_at DESC, j.id DESC"


def _head(queue: Queue, order: str, *, shared: bool) -> str:
    found = _HEAD.replace("QUEUE", queue.value).replace("ORDER_BY", order)
    return found + _SKIPPING if shared else found


_ID = "SELECT id FROM QUEUE"
_TAKING = """
WITH HEADS UPDATE jobs SET attempts = attempts + 1, CHANGE
WHERE id AMONG RETURNING COLUMNS"""


def _taking(heads: Sequence[tuple[Queue, str]], change: str, *, shared: bool) -> TextualSelect:
    """Change the heads of these queues, and give back the rows: found and taken in one statement. The array
    keeps PostgreSQL to the index, however little it knows of the table yet."""
    found = [f"{queue.value} AS ({_head(queue, order, shared=shared)})" for queue, order in heads]
    ids = " UNION ALL ".join(_ID.replace("QUEUE", queue.value) for queue, _ in heads)
    words = {
        "HEADS": ", ".join(found),
        "CHANGE": change,
        "AMONG": f"= ANY(ARRAY({ids})) AND state = 'ready'" if shared else f"IN ({ids})",
        "COLUMNS": ", ".join(f"jobs.{column.name}" for column in _t.c),
    }
    taking = _TAKING
    for word, meaning in words.items():
        taking = taking.replace(word, meaning)
    return text(taking).columns(*_t.c)


TIMED = (Queue.ALARM, Queue.TIMER)
CALLS = tuple(queue for queue in Queue if queue not in TIMED)
# By whether replicas share the table.
LEASE = {
    shared: _taking(
        [(queue, _OLDEST) for queue in CALLS],
        "state = 'leased', owner = :whose, lease_until = :till",
        shared=shared,
    )
    for shared in (False, True)
}
_DONE = "state = 'done', finished_at = :now"
TAKE_DUE = {
    (queue, shared): _taking([(queue, order)], _DONE, shared=shared)
    for queue, order in ((Queue.ALARM, _LATEST), (Queue.TIMER, _OLDEST))
    for shared in (False, True)
}
# In one statement, because most rounds find nothing: which queues have something due, and what comes next.
# SQLite takes the wrong index unless it is told: with 10,000 timers that wait it would look at each.
_DUE = "(SELECT 1 FROM jobs WHERE state = 'ready' AND queue = 'QUEUE' AND run_at <= :now LIMIT 1)"
_NEXT = """
(SELECT min(run_at) FROM jobs INDEXED_BY WHERE state = 'ready' AND run_at > :now),
(SELECT min(until) FROM parked WHERE until > :now),
(SELECT min(lease_until) FROM jobs WHERE state = 'leased')
"""
_PEEK = ",\n".join([*(_DUE.replace("QUEUE", queue.value) for queue in Queue), _NEXT])
PEEK = {
    shared: text("SELECT " + _PEEK.replace("INDEXED_BY", told)).columns(
        *(column(f"c{number}", BigInteger) for number in range(len(Queue) + 3))
    )
    for shared, told in ((False, "INDEXED BY ix_jobs_due"), (True, ""))
}
