"""The timer of drills."""

from __future__ import annotations

from bot.core.ports.jobs import Job
from bot.core.ports.unit_of_work import UnitOfWork
from bot.drills import service as drills
from bot.jobs.registry import Timer, incident_of


def _drill(uow: UnitOfWork, job: Job) -> None:
    drills.advance(uow, incident_of(job), str(job.args["scenario"]), int(job.args["told"]))


DRILL_TIMERS = (Timer("drill", _drill),)
