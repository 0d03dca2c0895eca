"""The timers of nudges and of promised updates."""

from __future__ import annotations

from bot.core.ports.jobs import Job
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.nudge import Cause
from bot.incidents.nudges import promises
from bot.incidents.nudges import service as nudges
from bot.jobs.registry import Timer, incident_of


def _nudge(cause: Cause) -> Timer:
    def run(uow: UnitOfWork, job: Job) -> None:
        nudges.nudge(uow, incident_of(job), cause)

    return Timer(f"nudge_{cause}", run)


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
