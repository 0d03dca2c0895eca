"""The status page is rendered by a job, once for each change, and never in a request."""

from __future__ import annotations

from bot.core.ports.jobs import Job
from bot.core.ports.unit_of_work import UnitOfWork
from bot.jobs.registry import Timer
from bot.statuspage import maintenances
from bot.statuspage import service as status
from bot.statuspage.maintenance import MaintenanceId
from bot.statuspage.model import Rendered
from bot.statuspage.pages import rendered

TOPIC = "statuspage"


def _render(uow: UnitOfWork, job: Job) -> None:
    files = rendered(status.current(uow), uow.public_url)
    uow.status.put([Rendered(name, kind, body) for name, (kind, body) in files.items()])
    uow.signal(TOPIC)


def _maintenance(uow: UnitOfWork, job: Job) -> None:
    maintenances.turn(uow, MaintenanceId(int(job.args["maintenance"])), int(job.args["at"]))


TIMERS = (Timer("render_status", _render), Timer("maintenance", _maintenance))
