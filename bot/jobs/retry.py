"""When a failed job runs again, or never: a pure decision, so that it can be read and tested; and what is
written of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.chat.vocabulary import Busy, Refused, Retry
from bot.core.ports.jobs import Job, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.jobs.registry import Effect

_FIRST = timedelta(seconds=1)
_LONGEST = timedelta(minutes=1)

# A page that cannot be sent for this long has been overtaken by its escalation; the rest waits out
# a long outage of its platform.
_TIMEOUT = {Queue.PAGE: timedelta(minutes=30)}
_USUAL_TIMEOUT = timedelta(hours=48)
# A fault that no platform declared is ours: it is not tried for days.
_FAULT_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class RetryLater:
    """``unsent`` says that nothing was sent, so the attempt does not count."""

    at: datetime
    parks: str = ""
    unsent: bool = False


@dataclass(frozen=True, slots=True)
class GiveUp:
    why: str
    fix: str = ""


def decide(job: Job, error: BaseException, now: datetime) -> RetryLater | GiveUp:
    """Refused is final; Retry waits as asked, else doubles from 1 s to 1 min; faults end after eight."""
    match error:
        case Refused():
            return GiveUp(str(error), error.fix)
        case Retry():
            return _retried(job, error, now)
        case _ if isinstance(error, TimeoutError) or job.attempt < _FAULT_ATTEMPTS:
            return RetryLater(now + backoff(job.attempt))
        case _:
            return GiveUp(f"{type(error).__name__}: {error}")


def _retried(job: Job, error: Retry, now: datetime) -> RetryLater | GiveUp:
    if now - job.created_at > _TIMEOUT.get(job.queue, _USUAL_TIMEOUT):
        return GiveUp(f"{error} (for too long)")
    wait = error.after if error.after is not None else backoff(job.attempt)
    return RetryLater(now + max(wait, timedelta(0)), error.parks, unsent=isinstance(error, Busy))


def backoff(attempt: int) -> timedelta:
    """1 s, 2 s, 4 s … up to 1 min. No jitter: a lane holds one, and destinations are paced."""
    return min(_FIRST * (1 << min(attempt - 1, 10)), _LONGEST)


def apply_decision(
    uow: UnitOfWork, effect: Effect | None, job: Job, decision: RetryLater | GiveUp, why: str
) -> None:
    """What a failed job comes to, and whoever is to be told of it."""
    match decision:
        case GiveUp():
            uow.jobs.fail(job, why)
        case RetryLater(unsent=True):  # no trouble to tell anybody of
            uow.jobs.release(job, decision.at)
            return
        case RetryLater():
            uow.jobs.retry(job, decision.at, why)
            if decision.parks:
                uow.jobs.park(decision.parks, decision.at)
    if effect is not None:
        fix = (decision.fix or "given up") if isinstance(decision, GiveUp) else ""
        effect.failed(uow, job, why, fix)
