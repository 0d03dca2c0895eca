"""Deletes what is older than the settings say, in bounded steps, and logs how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.core.people import BOT, SYSTEM
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.events import WordsForgotten
from bot.retention.settings import KEEP_CONSOLE, KEEP_DONE, KEEP_EVENTS, KEEP_INCIDENTS

log = structlog.get_logger()

EVERY = timedelta(hours=1)
# How long a file that was dropped and not sent is kept.
UNPOSTED = timedelta(days=1)
# The next round comes sooner while there is more to delete.
SOON = timedelta(minutes=1)
FORGOTTEN = "Forgotten"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what is kept. ``done``: deliveries, which are not sent again after it, and done jobs, at
    which nobody looks. The others None: for ever.
    """

    done: timedelta = timedelta(days=14)
    console: timedelta | None = None
    incidents: timedelta | None = None
    events: timedelta = timedelta(days=90)


def as_set(uow: UnitOfWork) -> Retention:
    """What the settings say."""
    done, console = uow.setting(KEEP_DONE), uow.setting(KEEP_CONSOLE)
    return Retention(done, console, uow.setting(KEEP_INCIDENTS), uow.setting(KEEP_EVENTS))


def tidy_soon(uow: UnitOfWork) -> None:
    """Begin, once; the timer then keeps itself going."""
    uow.jobs.enqueue(JobSpec("tidy", Queue.TIMER, queueing_lock="tidy"))


def tidy(uow: UnitOfWork, keep: Retention) -> None:
    """Forget what is older than ``keep`` says, tell the log how much, and come again."""
    gone = {
        "jobs": uow.jobs.prune(uow.now - keep.done),
        "deliveries": uow.deliveries.prune(uow.now - keep.done),
        "events": uow.occurrences.prune(uow.now - keep.events),
        "messages": 0,
        "incidents": 0,
    }
    uow.key_values.prune(uow.now)
    uow.files.forget_unposted(uow.now - UNPOSTED)
    uow.logins.prune(uow.now - keep.done)
    if keep.console is not None:
        gone["messages"] = uow.retention.console_messages(uow.now - keep.console)
    if keep.incidents is not None:
        gone["incidents"] = _forget_incidents(uow, keep.incidents)
    if any(gone.values()):
        log.info("forgotten", **gone)
    more = gone["messages"] or gone["incidents"] or gone["events"]
    again = uow.now + (SOON if more else EVERY)
    uow.jobs.enqueue(JobSpec("tidy", Queue.TIMER, queueing_lock="tidy", run_at=again))


def _forget_incidents(uow: UnitOfWork, age: timedelta) -> int:
    """Words go; numbers, times and severities stay, and the timeline says so."""
    found = uow.retention.over_since(uow.now - age, FORGOTTEN)
    for number in found:
        uow.retention.erase_texts(number, FORGOTTEN)
        incident = uow.incidents.get(number, SYSTEM)
        uow.happened(WordsForgotten(uow.now, BOT, incident, age.days))
    return len(found)
