"""What happens by itself at a change of shift, and weekly: notices with a hand-over, gaps to admins.

Each schedule has one timer, which tells whoever begins and ends and sets itself again for the next change.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.core.events.base import Word
from bot.core.incident import Filter
from bot.core.people import BOT, SYSTEM
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.oncall.cards import Handover
from bot.oncall.duties import uncovered
from bot.oncall.engine.coverage import on_call
from bot.oncall.engine.upcoming import until
from bot.oncall.events import GapsFound, ShiftChanged
from bot.oncall.schedules import schedule_of

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
# A change made in chat moves the next one: it is looked for at least this often.
_LOOK = timedelta(hours=6)
_LATE = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


def shifts_soon(uow: UnitOfWork) -> None:
    """Set the timers of all schedules, and the weekly look at gaps. Idempotent."""
    for name in uow.org.schedules:
        _next(uow, name)
    _weekly(uow, uow.now + _DAY)


def _next(uow: UnitOfWork, name: str) -> None:
    change = until(schedule_of(uow, name), uow.now)
    at = min(change or uow.now + _LOOK, uow.now + _LOOK)
    _at(uow, name, at, f"shift:{name}")


def watch(uow: UnitOfWork, name: str, *moments: datetime) -> None:
    """A change made in chat begins or ends then: look at those moments too."""
    for at in moments:
        if at > uow.now:
            _at(uow, name, at, f"shift:{name}:{int(at.timestamp())}")


def _at(uow: UnitOfWork, name: str, at: datetime, once: str) -> None:
    args: dict[str, str | int] = {"schedule": name, "at": int(at.timestamp())}
    uow.jobs.enqueue(JobSpec("shift_change", Queue.TIMER, args, run_at=at, queueing_lock=once))


def shift_change(uow: UnitOfWork, name: str, due: int) -> None:
    """When due: tell those who begin and those who are done, if anybody changes; then set the next one.

    A schedule that is gone is forgotten; a change that is an hour past is told to nobody.
    """
    if name not in uow.org.schedules:
        return
    schedule = schedule_of(uow, name)
    at = datetime.fromtimestamp(due, UTC)
    late = uow.now.timestamp() - due > _LATE.total_seconds()
    before, now = on_call(schedule, at - _SECOND), on_call(schedule, at)
    if before != now and not late:
        began, ended = tuple(sorted(now - before)), tuple(sorted(before - now))
        uow.happened(ShiftChanged(uow.now, BOT, Word(name), began, ended, due))
    _next(uow, name)


def handover(uow: UnitOfWork) -> Handover:
    """Open incidents that anybody may know of, recent pages, tasks that are due within a day."""
    found = [
        incident
        for incident in uow.incidents.find(Filter(open_only=True, limit=10), SYSTEM)
        if incident.visibility == "public"
    ]
    tasks = [
        f"{incident.reference} task {task.number}: {task.text}"
        for incident in found
        for task in uow.tasks.of(incident.id)
        if task.done_at is None and task.due_at is not None and task.due_at < uow.now + _DAY
    ]
    lines = tuple(f"{i.reference} {i.title} ({i.status.value})" for i in found)
    return Handover(lines, uow.pages.since(uow.now - _DAY), tuple(tasks[:10]))


def gaps_weekly(uow: UnitOfWork) -> None:
    """When due: admins are told where nobody is on call in the next 60 days; nothing when all is well."""
    found = uncovered(uow)
    if found:
        uow.happened(GapsFound(uow.now, BOT, tuple(Word(name) for name in found)))
    _weekly(uow, uow.now + _WEEK)


def _weekly(uow: UnitOfWork, at: datetime) -> None:
    uow.jobs.enqueue(
        JobSpec("gaps_weekly", Queue.TIMER, {}, run_at=at, queueing_lock="gaps_weekly")
    )
