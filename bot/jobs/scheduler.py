"""Timers that are due fire in one transaction; a fault of one does not stop the others."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.core import measures, tracing
from bot.core.errors import loggable
from bot.core.ports.jobs import Job, Unavailable
from bot.core.ports.occurrences import cause_of
from bot.core.ports.unit_of_work import UnitOfWork
from bot.jobs.registry import Timer
from bot.jobs.retry import GiveUp, RetryLater, decide

log = structlog.get_logger()

# At once. Timers share the writer with whoever declares meanwhile, so a backlog of them goes in pieces.
AT_ONCE = 60


def run_due(uow: UnitOfWork, timers: Mapping[str, Timer]) -> int:
    """Fire what is due: alarms alone when there are any, so that nobody's page waits for a nudge.

    Returns how many fired. There may be more when it is ``AT_ONCE``.
    """
    # Done before they run: one that sets itself again may have a queueing lock of its own.
    due = uow.jobs.take_due(AT_ONCE)
    for job in due:
        measures.TIMER_LATENESS.observe(max(0.0, (uow.now - job.run_at).total_seconds()))
        _one(uow, timers.get(job.task), job)
    return len(due)


def _one(uow: UnitOfWork, timer: Timer | None, job: Job) -> None:
    about = tracing.span(
        f"timer {job.task}", tracing.above(job.args), job=job.id, incident=job.incident
    )
    try:
        with about, uow.savepoint(), uow.acting(cause_of(job.args)):
            if timer is None:
                raise LookupError(f"no timer is called {job.task}")
            timer.run(uow, job)
    except Unavailable:  # not the timer's fault: all of it is done again
        raise
    except Exception as error:  # noqa: BLE001 - one timer's fault must not stop the others
        decision = decide(job, error, uow.now)
        note(job, decision, error)
        if isinstance(decision, GiveUp):
            uow.jobs.fail(job, str(error))
        else:
            uow.jobs.retry(job, decision.at, str(error))


def note(job: Job, decision: RetryLater | GiveUp, error: Exception) -> None:
    """Tell the operator that a job or a timer failed, and whether it comes again."""
    failed = isinstance(decision, GiveUp)
    if failed:
        measures.count_failed()
    else:
        measures.JOBS_RETRIED.inc()
    words = log.error if failed else log.warning
    words("job.failed" if failed else "job.retried", task=job.task, attempt=job.attempt,
          error=loggable(error)[:300])  # fmt: skip
