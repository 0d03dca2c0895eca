"""The status page is rendered by a job, once for each change, and never in a request."""

from __future__ import annotations

from bot.jobs.registry import Timer
from bot.ports import Job, UnitOfWork
from bot.ports.status import Rendered
from bot.services import status
from bot.views.statuspage import rendered

TOPIC = "statuspage"


def render_timer(public_url: str) -> Timer:
    """``public_url`` is how customers reach the page."""

    def run(uow: UnitOfWork, job: Job) -> None:
        files = rendered(status.current(uow), public_url)
        uow.status.put([Rendered(name, kind, body) for name, (kind, body) in files.items()])
        uow.signal(TOPIC)

    return Timer("render_status", run)
