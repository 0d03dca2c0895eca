"""Housekeeping: what was done long ago is forgotten, a bounded piece at a time."""

from __future__ import annotations

from datetime import timedelta

from bot.ports import JobSpec, Queue, UnitOfWork

# A delivery is not sent again after this long, and nobody looks at done jobs after it.
KEEP = timedelta(days=14)
EVERY = timedelta(hours=1)
# A file that was dropped and not said yet waits this long.
UNSAID = timedelta(days=1)


def tidy_soon(uow: UnitOfWork) -> None:
    """Begin, once; the timer then keeps itself going."""
    uow.jobs.enqueue(JobSpec("tidy", Queue.TIMER, dedupe="tidy"))


def tidy(uow: UnitOfWork) -> None:
    """Forget done jobs and deliveries older than two weeks, and come again in an hour."""
    uow.jobs.prune(uow.now - KEEP)
    uow.deliveries.prune(uow.now - KEEP)
    uow.kept.prune(uow.now)
    uow.logins.prune(uow.now - KEEP)
    uow.files.forget_unsaid(uow.now - UNSAID)
    uow.jobs.enqueue(JobSpec("tidy", Queue.TIMER, dedupe="tidy", run_at=uow.now + EVERY))
