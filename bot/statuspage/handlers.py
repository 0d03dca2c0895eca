"""What the status page does when an incident changes: its publication ends with it and opens again with it, and the
page is rendered when customers would see a difference."""

from __future__ import annotations

from datetime import timedelta

from bot.core.bus import Handler, on
from bot.core.events.base import Event
from bot.core.events.people import OrganisationApplied
from bot.core.incident import ENDED, OPEN, Status
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.events import EntryRedacted, StatusChanged, VisibilityChanged, WordsForgotten
from bot.statuspage.events import IncidentPublished, MaintenanceChanged
from bot.statuspage.service import ended, render_soon, resumed

# When every replica has adopted an organisation that was applied: as a rule, and where a signal was lost.
ADOPTED = (timedelta(seconds=2), timedelta(seconds=70))


def follow_the_incident(uow: UnitOfWork, event: StatusChanged) -> None:
    """Where customers were told of it."""
    if event.after is Status.RESOLVED or event.after in ENDED:
        ended(uow, event.actor, event.incident)
    elif event.after in OPEN and event.before not in OPEN:
        resumed(uow, event.actor, event.incident)


def render(uow: UnitOfWork, event: Event) -> None:
    """Once, after this transaction."""
    if uow.once("render"):
        render_soon(uow)


def render_when_adopted(uow: UnitOfWork, event: OrganisationApplied) -> None:
    """Names of components may have changed, and schedules: see ``bot.organisation.adopted``."""
    for wait in ADOPTED:
        key = f"org_applied:{event.digest[:12]}:{wait.total_seconds():.0f}"
        uow.jobs.enqueue(
            JobSpec("org_applied", Queue.TIMER, {}, queueing_lock=key, run_at=uow.now + wait)
        )


HANDLERS: tuple[Handler, ...] = (
    on(StatusChanged, run=follow_the_incident, records=(IncidentPublished,)),
    on(
        IncidentPublished, VisibilityChanged, EntryRedacted, WordsForgotten, MaintenanceChanged,
        run=render,
    ),
    on(OrganisationApplied, run=render_when_adopted),
)  # fmt: skip
