"""The tasks that are one transaction: started pages, escalations, nudges, the end of an incident."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.escalation import PageId
from bot.domain.maintenance import MaintenanceId
from bot.domain.nudge import Cause
from bot.jobs.registry import Timer, incident_of
from bot.ports import Job, UnitOfWork
from bot.services import (
    answering,
    closing,
    drills,
    housekeeping,
    maintenances,
    nudges,
    paging,
    promises,
    shifts,
)
from bot.services.adopted import adopted
from bot.services.handlers.reacting import bring_in
from bot.services.housekeeping import Retention


def _page_on_call(uow: UnitOfWork, job: Job) -> None:
    paging.start(uow, incident_of(job))


def _escalate(uow: UnitOfWork, job: Job) -> None:
    paging.escalate(uow, PageId(int(job.args["page"])), int(job.args["level"]))


def _answering(
    work: Callable[[UnitOfWork, PageId, int], None],
) -> Callable[[UnitOfWork, Job], None]:
    def run(uow: UnitOfWork, job: Job) -> None:
        work(uow, PageId(int(job.args["page"])), int(job.args["level"]))

    return run


def _drill(uow: UnitOfWork, job: Job) -> None:
    drills.advance(uow, incident_of(job), str(job.args["scenario"]), int(job.args["told"]))


def _maintenance(uow: UnitOfWork, job: Job) -> None:
    maintenances.turn(uow, MaintenanceId(int(job.args["maintenance"])), int(job.args["at"]))


def _nudge(cause: Cause) -> Timer:
    def run(uow: UnitOfWork, job: Job) -> None:
        nudges.nudge(uow, incident_of(job), cause)

    return Timer(f"nudge_{cause}", run)


PAGE_TIMERS = (
    Timer("page_on_call", _page_on_call),
    Timer("escalate", _escalate),
    Timer("ack_timeout", _answering(answering.ack_timed_out)),
    Timer("wake_page", _answering(answering.wake)),
    Timer("expire_page", _answering(answering.expire)),
)

NUDGE_TIMERS = (
    _nudge(Cause.LEAD),
    _nudge(Cause.SEVERITY),
    _nudge(Cause.ROLE),
    Timer("nudge_quiet", lambda uow, job: nudges.nudge_quiet(uow, incident_of(job))),
    Timer(
        "update_due",
        lambda uow, job: promises.update_due(uow, incident_of(job), int(job.args["stamp"])),
    ),
    Timer(
        "update_overdue",
        lambda uow, job: promises.update_overdue(uow, incident_of(job), int(job.args["stamp"])),
    ),
)

CLOSING_TIMERS = (
    Timer("ask_reporter", lambda uow, job: closing.ask_reporter(uow, incident_of(job))),
    Timer("send_draft", lambda uow, job: closing.send_draft(uow, incident_of(job))),
)

ROOM_TIMERS = (Timer("bring_in", lambda uow, job: bring_in(uow, incident_of(job))),)

SHIFT_TIMERS = (
    Timer(
        "shift_change",
        lambda uow, job: shifts.shift_change(uow, str(job.args["schedule"]), int(job.args["at"])),
    ),
    Timer("gaps_weekly", lambda uow, job: shifts.gaps_weekly(uow)),
)

DRILL_TIMERS = (Timer("drill", _drill),)

ORGANISATION_TIMERS = (Timer("org_applied", lambda uow, job: adopted(uow)),)

MAINTENANCE_TIMERS = (Timer("maintenance", _maintenance),)


def retention_timer(keep: Retention) -> Timer:
    """Forgets what is older than ``keep`` says, and comes again."""
    return Timer("tidy", lambda uow, job: housekeeping.tidy(uow, keep))
