"""What the job table is asked. Built once, since making a statement costs as much as running it.

The literals in the conditions are deliberate: SQLite uses a partial index for nothing else.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, bindparam, select, text, update

from bot.ports import Queue
from storage import tables
from storage.types import Instant

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
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
LEASE = (
    update(_t)
    .where(_t.c.id.in_(_IDS), READY)
    .values(
        state="leased",
        attempts=_t.c.attempts + 1,
        owner=bindparam("whose"),
        lease_until=bindparam("till", type_=Instant),
    )
    .returning(_t)
)
DUE_TIMERS = select(_t).where(_t.c.id.in_(_IDS)).order_by(_t.c.run_at, _t.c.id)
FINISH_TIMERS = (
    update(_t)
    .where(_t.c.id.in_(_IDS), READY)
    .values(
        state="done",
        attempts=_t.c.attempts + 1,
        finished_at=bindparam("at", type_=Instant),
    )
)

_SKIPPING = " FOR UPDATE OF j SKIP LOCKED"
_HEAD = """
SELECT j.id FROM jobs j
WHERE j.state = 'ready' AND j.queue = :queue AND j.run_at <= :now
  AND (j.lane IS NULL OR NOT EXISTS (
    SELECT 1 FROM jobs b WHERE b.lane = j.lane AND b.id < j.id AND b.state IN ('ready','leased')))
  AND (j.destination IS NULL OR NOT EXISTS (
    SELECT 1 FROM parked p WHERE p.destination = j.destination AND p.until > :now))
ORDER BY {order} LIMIT :room
"""
OLDEST, LATEST = "j.run_at, j.id", "j.run_at DESC, j.id DESC"
# By order, and whether replicas share the table.
HEADS = {
    (order, shared): text(_HEAD.format(order=order) + (_SKIPPING if shared else "")).columns(
        _t.c.id
    )
    for order in (OLDEST, LATEST)
    for shared in (False, True)
}
# In one statement, because most rounds find nothing: which queues have something due, and what comes next.
_DUE = "(SELECT 1 FROM jobs WHERE state = 'ready' AND queue = 'QUEUE' AND run_at <= :now LIMIT 1)"
_NEXT = """
(SELECT min(run_at) FROM jobs WHERE state = 'ready' AND run_at > :now),
(SELECT min(until) FROM parked WHERE until > :now),
(SELECT min(lease_until) FROM jobs WHERE state = 'leased' AND lease_until > :now)
"""
GLANCE = text(
    "SELECT " + ",\n".join([*(_DUE.replace("QUEUE", queue.value) for queue in Queue), _NEXT])
)
